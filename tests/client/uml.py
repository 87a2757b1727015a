# A Linux kernel as a user process, Debian's user-mode-linux, with the modem's port as its ttyS0: for tools
# that need a kernel with PPP (/dev/ppp) or with the line discipline n_gsm. It needs no root. Its root is
# in memory, with this machine's /usr read-only and the modem's folder as /out (uml_init.py). It ends when the
# test does, also by kill -9: the end of the socket to uml_init.py is the end of that Linux.
#
# Its serial driver has no modem lines (TIOCMGET is an error), passes no speed on, and keeps the modem's
# port open when the last program there closes it. unplug() closes it then, which the modem sees as DTR.
import json
import re
import signal
import socket
import struct
import threading

from clienttest import DEADLINE, HERE, LONG, Done, Skip, os, shutil, subprocess, time, until

KERNEL, NAME = 'linux.uml', 'linux'
MCONSOLE = '=III512s', 0xcafebabe, 2  # arch/um/drivers/mconsole.h: magic, version, length, command
BOOT = 3 * DEADLINE  # two seconds on an idle machine
PPP, MUX = ('ppp_async', 'ppp_deflate', 'bsd_comp'), ('n_gsm',)


class Job:
    """A program that runs in the Linux; its output is in a file of the modem's folder."""

    def __init__(self, linux, number, name):
        self.linux, self.number, self.path = linux, number, os.path.join(linux.m.folder, name)

    def said(self):
        try:
            with open(self.path, encoding='utf-8', errors='replace') as f:
                return f.read()
        except FileNotFoundError:
            return ''

    def ended(self):
        return self.number in self.linux.answers

    def end(self, seconds=LONG):
        """Waits for the end of the program."""
        try:
            answer = self.linux.answer(self.number, seconds)
        except AssertionError as e:
            raise AssertionError(f'{e}; its output: {self.said()}') from None
        return Done(answer['status'], answer.get('error', '') + self.said())

    def kill(self, number=signal.SIGTERM):
        self.linux.ask(do='kill', job=self.number, signal=int(number))

    def hears(self, pattern, what, seconds=DEADLINE):
        """Waits for the pattern in the output; returns the match."""
        def found():
            got = re.search(pattern, self.said(), re.M)
            assert got or not self.ended(), f'{what}: ended without {pattern!r}:\n{self.said()}'
            return got
        try:
            return until(what, found, seconds)
        except AssertionError as e:
            raise AssertionError(f'{e}; its output: {self.said()}') from None


class Linux:
    """The Linux during the `with`. `ports`: further ports of the modem, from ttyS2 on."""

    def __init__(self, m, modules=PPP, ports=()):
        self.m, self.wanted = m, modules
        self.ports = dict(zip((0, 2, 3), [m.pts, *ports]))  # ttyS1 is uml_init.py's
        self.answers, self.news, self.count = {}, threading.Condition(), 0
        if not shutil.which(KERNEL):
            raise Skip('user-mode-linux is not installed')

    def __enter__(self):
        ours, theirs = socket.socketpair()
        self.line = ours
        self.console = os.path.join(self.m.folder, 'console')
        lines = [f'ssl{n}=tty:{port}' for n, port in self.ports.items()]
        # a copy, since a blank in a path would end the word
        init = shutil.copy(os.path.join(HERE, 'uml_init.py'), self.m.folder)
        os.chmod(init, 0o755)
        with theirs, open(self.console, 'wb') as console:
            self.process = self.m.start_tool(
                [KERNEL, 'mem=96M', 'root=/dev/root', 'rootfstype=hostfs', 'rootflags=/', 'ro',
                 f'init={init}', 'quiet', 'panic=1', 'noreboot', f'uml_dir={self.m.folder}/', f'umid={NAME}',
                 'con=null', 'con0=null,fd:1', 'ssl=null', *lines, f'ssl1=fd:{theirs.fileno()}',
                 f'uml_folder={self.m.folder}', f'uml_modules={",".join(self.wanted)}'],
                stdin=subprocess.DEVNULL, stdout=console, stderr=subprocess.STDOUT,
                pass_fds=[theirs.fileno()], start_new_session=True)
        threading.Thread(target=self.listen, daemon=True).start()
        try:
            try:
                self.up = self.answer(0, BOOT)
            except AssertionError as why:
                if self.process.poll() is None:
                    raise
                # as where the system allows no ptrace()
                raise Skip(f'{" ".join(str(why).split())[-300:]}') from why
            bad = {name: why for name, why in self.up['modules'].items() if why}
            if bad:
                raise Skip(f'user-mode-linux {self.up["kernel"]}: ' +
                           ', '.join(f'{name}: {why}' for name, why in bad.items()))
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind, error, _):
        self.line.shutdown(socket.SHUT_RDWR)
        try:
            self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            pass
        finally:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()
            self.line.close()

    def listen(self):
        """Takes the answers, in a thread of its own."""
        with self.line.makefile('r', encoding='ascii') as heard:
            for row in heard:
                answer = json.loads(row)
                with self.news:
                    self.answers[answer['id']] = answer
                    self.news.notify_all()

    def answer(self, number, seconds):
        def gone():
            return self.process.poll() is not None
        end = time.monotonic() + seconds
        with self.news:
            while number not in self.answers and not gone() and time.monotonic() < end:
                self.news.wait(0.5)
            if number in self.answers:
                return self.answers[number]
        with open(self.console, encoding='utf-8', errors='replace') as f:
            raise AssertionError(f'user-mode-linux has {"ended" if gone() else "not answered"}; '
                                 f'its console: {f.read()[-3000:]}')

    def send(self, **what):
        self.count += 1
        self.line.sendall(json.dumps({'id': self.count, **what}).encode() + b'\n')
        return self.count

    def ask(self, seconds=DEADLINE, **what):
        answer = self.answer(self.send(**what), seconds)
        assert answer['status'] == 0, f'{what}: {answer}'

    def unplug(self, port=0):
        """Closes the modem's port, which no program may have open there; the next one opens it again."""
        own = os.path.join(self.m.folder, 'unplug')
        command = f'config ssl{port}=tty:{self.ports[port]}'.encode()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            s.settimeout(DEADLINE)
            s.bind(own)
            try:
                os.chmod(own, 0o777)
                s.sendto(struct.pack(*MCONSOLE, len(command), command),
                         os.path.join(self.m.folder, NAME, 'mconsole'))
                answer = s.recv(8192)
            finally:
                os.unlink(own)
        assert not struct.unpack_from('=I', answer)[0], f'{command}: {answer[12:]}'

    def file(self, path, text, mode=0o644):
        """Writes a file there."""
        name = os.path.basename(self.m.file(f'file.{self.count + 1}', text))
        self.ask(do='file', path=path, text='/out/' + name, mode=mode)

    def start(self, *argv, **env):
        """Starts a program there."""
        name = f'{os.path.basename(argv[0])}.{self.count + 1}'
        number = self.send(do='run', argv=[str(a) for a in argv], out='/out/' + name,
                           env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL': 'C.UTF-8', 'HOME': '/root', **env})
        return Job(self, number, name)

    def run(self, *argv, seconds=LONG, **env):
        """Runs a program there until it ends."""
        return self.start(*argv, **env).end(seconds)
