# Shared by the pty tests: a server under test, a client. Nothing here sleeps; where real
# time must pass, it polls with a deadline.
import array
import contextlib
import ctypes
import errno
import fcntl
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import time
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lib'))
import tap  # noqa: E402
from tap import Skip  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
AT_ONCE = 5  # tests at the same time: they mostly wait
NOBODY = 65534
FULL = os.environ.get('FAUXTRACK_TESTS') == 'full'  # the long form of a test
TIOCGEXCL = 0x80045440
TIOCVHANGUP = 0x5437
TIOCGPTN = 0x80045430
PIDFD_GETFD = 438  # the same on x86-64, arm64, riscv
# seconds for any single thing; ./check measures how much slower than usual the machine is
DEADLINE = 20.0 * int(os.environ.get('CHECK_SLOW', '1'))


class FOLDER:
    """The folder of the running test, also its XDG_RUNTIME_DIR."""

    name = ''


@contextlib.contextmanager
def own_folder():
    with tempfile.TemporaryDirectory(prefix='fauxtrack-test-') as FOLDER.name:
        os.environ['XDG_RUNTIME_DIR'] = FOLDER.name
        os.environ.pop('FAUXTRACK_CONTROL', None)
        yield


def until(what, condition, seconds=DEADLINE, every=0.001):
    """Polls until condition() returns a true value, and returns that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        got = condition()
        if got:
            return got
        select.select([], [], [], every)
    raise AssertionError(f'{what}: not within {seconds} s')


class Noise:
    """Detects other programs on this machine that open or close terminals."""

    def __enter__(self):
        libc = ctypes.CDLL(None)
        self.fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        assert libc.inotify_add_watch(self.fd, b'/dev/pts', 0x38) >= 0
        return self

    def __exit__(self, *_):
        os.close(self.fd)

    def heard(self):
        try:
            return len(os.read(self.fd, 1 << 20)) > 0
        except BlockingIOError:
            return False


def open_files(pid):
    """[(descriptor, path)] of a process, without those that it closes meanwhile."""
    found = []
    for fd in os.listdir(f'/proc/{pid}/fd'):
        with contextlib.suppress(FileNotFoundError):
            found.append((int(fd), os.readlink(f'/proc/{pid}/fd/{fd}')))
    return found


class Server:
    """A program that prints paths, then events."""

    ready = b'ready'  # what the responder prints after its paths

    def __init__(self, *args, count=1, **more):
        asan = 'quarantine_size_mb=0:thread_local_quarantine_size_kb=0:detect_leaks=1' + more.pop('asan', '')
        env = dict(os.environ, ASAN_OPTIONS=asan, **more)
        self.process = subprocess.Popen([PROGRAM, *args], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=env)
        self.pid = self.process.pid
        self.text = b''
        os.set_blocking(self.process.stdout.fileno(), False)
        try:
            self.paths = [self.line().decode() for _ in range(count)]
            assert not self.ready or self.line() == self.ready
        except AssertionError:
            self.process.kill()
            raise AssertionError('no start: ' + self.process.stderr.read().decode())
        self.path = self.paths[0]

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
        status = self.process.wait(DEADLINE)
        self.rest = self.text + (self.process.stdout.read() or b'')
        self.error = self.process.stderr.read().decode()
        if kind is None:
            assert status == 0, f'server ended with {status}: {self.error}'
        elif self.error:
            print('# server said: ' + self.error.replace('\n', '\n# '))
        self.process.stdout.close()
        self.process.stderr.close()

    def line(self):
        """The next line of its output."""
        end = time.monotonic() + DEADLINE
        while b'\n' not in self.text:
            left = end - time.monotonic()
            assert left > 0, f'the server says nothing (so far {self.text!r})'
            select.select([self.process.stdout], [], [], left)
            got = self.process.stdout.read()
            assert got != b'', 'the server has ended'
            self.text += got or b''
        line, self.text = self.text.split(b'\n', 1)
        return line

    def expect(self, *lines):
        for want in lines:
            got = self.line().decode()
            assert got == want, f'{got!r} where {want!r} was expected'

    def cost(self):
        """Its CPU time in seconds, and its number of wake-ups."""
        with open(f'/proc/{self.pid}/schedstat') as f:
            ns = int(f.read().split()[0])
        with open(f'/proc/{self.pid}/status') as f:
            wakes = [int(l.split()[1]) for l in f if l.startswith('voluntary_ctxt')]
        return ns / 1e9, wakes[0]

    def cost_over(self, seconds):
        """(CPU share, wake-ups) while it is left alone, also by other programs: ports watch
        /dev/pts, so any program that opens a terminal wakes them up. Before measuring, it waits
        until earlier work is completed, which may take long on a busy machine; a server that
        never comes to rest is measured as it is."""
        end = time.monotonic() + DEADLINE / 4
        before, rest = None, self.cost()
        while before != rest and time.monotonic() < end:
            select.select([], [], [], 0.15)
            before, rest = rest, self.cost()
        end = time.monotonic() + 3 * DEADLINE
        with Noise() as noise:
            while time.monotonic() < end:
                select.select([], [], [], 0.02)
                noise.heard()
                t0, (cpu0, wakes0) = time.monotonic(), self.cost()
                select.select([], [], [], seconds)
                t1, (cpu1, wakes1) = time.monotonic(), self.cost()
                if not noise.heard():
                    return (cpu1 - cpu0) / (t1 - t0), wakes1 - wakes0
        raise Skip('other programs open terminals all the time')

    def master(self, path):
        """The server's end of that terminal, as a file to poll."""
        pidfd = os.pidfd_open(self.pid)
        libc = ctypes.CDLL(None, use_errno=True)
        number = array.array('I', [0])
        try:
            for fd, opened in open_files(self.pid):
                if not opened.endswith('ptmx'):
                    continue
                mine = libc.syscall(PIDFD_GETFD, pidfd, fd, 0)
                assert mine >= 0, os.strerror(ctypes.get_errno())
                fcntl.ioctl(mine, TIOCGPTN, number)
                if path.endswith(f'/{number[0]}'):
                    return open(mine, 'rb', buffering=0)
                os.close(mine)
        finally:
            os.close(pidfd)
        raise AssertionError(f'{path} is not one of its terminals')

    def rss_kb(self):
        with open(f'/proc/{self.pid}/status') as f:
            return [int(l.split()[1]) for l in f if l.startswith('VmRSS')][0]


class Run(Server):
    """`fauxtrack run`; its control interface is at .socket unless the arguments say otherwise."""

    ready = None

    def __init__(self, *args, count=1):
        super().__init__('run', *args, count=count)
        self.socket = os.path.join(FOLDER.name, 'fauxtrack', f'{self.pid}.sock')


def fauxtrack(*args, **more):
    """The end of a command that ends."""
    return subprocess.run([PROGRAM, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60,
                          check=False, **more)


class Client:
    def __init__(self, path, flags=os.O_RDWR, patient=False):
        """patient: waits while another client has exclusive mode, or the device is being replaced."""
        self.busy = self.gone = 0
        end = time.monotonic() + DEADLINE
        while True:
            try:
                self.fd = os.open(path, flags | os.O_NOCTTY | os.O_NONBLOCK)
                return
            except OSError as e:
                if e.errno not in (errno.EBUSY, errno.ENOENT, errno.EIO) or not patient or time.monotonic() > end:
                    raise
                self.busy += e.errno == errno.EBUSY
                self.gone += e.errno != errno.EBUSY

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.fd >= 0:
            os.close(self.fd)
        self.fd = -1

    def send(self, data):
        while data:
            select.select([], [self.fd], [], DEADLINE)
            try:
                data = data[os.write(self.fd, data):]
            except BlockingIOError:
                pass

    def get(self, size=65536):
        """The bytes available now."""
        try:
            return os.read(self.fd, size)
        except BlockingIOError:
            return b''

    def read_until(self, end, limit=1 << 20):
        """Everything up to and with `end`."""
        got = b''
        deadline = time.monotonic() + DEADLINE
        while not got.endswith(end):
            left = deadline - time.monotonic()
            assert left > 0 and len(got) < limit, f'{end!r} expected, got {got[-200:]!r}'
            select.select([self.fd], [], [], left)
            got += self.get()
        return got

    def ask(self, word):
        """Sends a line; returns all that comes up to and with its answer."""
        self.send(word + b'\r')
        return self.read_until(b'\r\n' + word + b'\r\n')

    def unread(self):
        n = array.array('i', [0])
        fcntl.ioctl(self.fd, termios.FIONREAD, n)
        return n[0]

    def is_cut(self):
        """The device is gone: end of file."""
        return bool(select.select([self.fd], [], [], 0)[0]) and not os.read(self.fd, 4096)

    def settings(self):
        return termios.tcgetattr(self.fd)

    def set(self, speed=None, lflag=None, iflag=None, oflag=None):
        t = termios.tcgetattr(self.fd)
        t[0] = t[0] if iflag is None else iflag
        t[1] = t[1] if oflag is None else oflag
        t[3] = t[3] if lflag is None else lflag
        if speed is not None:
            t[4] = t[5] = speed
        termios.tcsetattr(self.fd, termios.TCSANOW, t)
        return termios.tcgetattr(self.fd)

    def exclusive(self):
        fcntl.ioctl(self.fd, termios.TIOCEXCL)

    def is_exclusive(self):
        n = array.array('i', [0])
        fcntl.ioctl(self.fd, TIOCGEXCL, n)
        return n[0] != 0


def address(url):
    """What to give to connect(): a path, or (host, port)."""
    found = re.fullmatch(r'\w+://\[?([^]]*?)\]?:(\d+)', url)
    return (found.group(1), int(found.group(2))) if found else url


class Net:
    """A client of a listening port."""

    def __init__(self, url):
        at = address(url)
        family = socket.AF_UNIX if isinstance(at, str) else socket.AF_INET6 if ':' in at[0] else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.settimeout(DEADLINE)
        self.socket.connect(at)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def read_until(self, end):
        got = b''
        while not got.endswith(end):
            more = self.socket.recv(65536)
            assert more, f'the port has closed after {got[-200:]!r}, {end!r} expected'
            got += more
        return got

    def ask(self, word):
        self.send(word + b'\r')
        return self.read_until(b'\r\n' + word + b'\r\n')

    def rest(self):
        """All that comes up to the end, which may be a reset."""
        got = b''
        try:
            while more := self.socket.recv(65536):
                got += more
        except ConnectionResetError:
            pass
        return got


def is_raw(t):
    return t[0] == 0 and t[1] == 0 and t[3] == 0 and t[4] == termios.B115200


def as_user(uid, work):
    """Runs work() in a child as uid; an exception there is raised here."""
    if uid and os.getuid():
        if os.getuid() != uid:
            raise Skip('needs root to become another user')
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            if uid and os.getuid() == 0:
                os.setgroups([])
                os.setgid(uid)
                os.setuid(uid)
            text = work() or ''
        except BaseException:
            text = '!' + traceback.format_exc()
        os.write(w, text.encode()[:60000])
        os._exit(0)
    os.close(w)
    with os.fdopen(r, 'rb') as f:
        text = f.read().decode()
    os.waitpid(pid, 0)
    assert not text.startswith('!'), 'in the child: ' + text[1:]
    return text


def main(tests):
    tap.main(tests, at_once=AT_ONCE, around=own_folder)
