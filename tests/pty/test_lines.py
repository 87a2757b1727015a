#!/usr/bin/python3
# Modem lines: exec --lines for any program, and the preload library for one that was started elsewhere.
import ctypes
import errno
import os
import shlex
import shutil
import signal
import socket
import stat
import struct
import subprocess
import tempfile

import ptytest
from ptytest import DEADLINE, FOLDER, NOBODY, Server, Skip, as_user, fauxtrack, main, until

DYNAMIC, STATIC = os.environ['LINE_CLIENT'], os.environ['LINE_CLIENT_STATIC']
QUOTED = shlex.quote(STATIC)  # in a shell script
BUILT = os.environ['LINE_PRELOAD']
# LD_PRELOAD cannot name a path with a blank, and the build folder may have one
COPY = tempfile.TemporaryDirectory(prefix='fauxtrack-preload-')
os.chmod(COPY.name, 0o755)
PRELOAD = shutil.copy(BUILT, COPY.name)
SECCOMP = 317  # the number of seccomp() on x86-64
ON = 'dtr rts cts'  # of a modem that is idle, with AT&S1


def ctl(r, *args):
    done = fauxtrack('ctl', '--control', r.control, *args)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def exec_lines(client, *words, options=()):
    """The lines that the client prints."""
    done = fauxtrack('exec', '--lines', '--control', 'none', *options, '--', client, '{}', *words)
    assert done.returncode == 0 and not done.stderr, (done.returncode, done.stderr)
    return done.stdout.splitlines()


def both(test):
    """Runs the test with a dynamic and a static program, as this user and as nobody."""
    def run():
        for client in (DYNAMIC, STATIC):
            test(client)
        if os.getuid() == 0:
            as_user(NOBODY, lambda: test(STATIC))
    run.__name__ = test.__name__
    return run


@both
def exec_answers_every_request(client):
    got = exec_lines(client, 'get', 'bic:dtr', 'get', 'set:rts', 'get', 'bis:dtr', 'get', 'null', 'serial',
                     'sbrk', 'child')
    assert got == [f'get ok {ON}', 'bic ok', 'get ok rts cts', 'set ok', 'get ok rts cts', 'bis ok',
                   f'get ok {ON}', 'null EFAULT', 'serial ok type=4 base=115200 low=1', 'sbrk ok',
                   f'get ok {ON}'], got


@both
def a_break_takes_its_time(client):
    assert exec_lines(client, 'break', 'at:AT') == ['break ok slow', 'at OK']


@both
def a_format_that_a_pty_has_not_is_kept(client):
    got = exec_lines(client, '7e1')
    assert got == ['7e1 ok 7 e 9600'], got


@both
def bytes_are_counted_and_drained(client):
    got = exec_lines(client, 'at:AT', 'drain', 'count')
    assert got == ['at OK', 'drain ok', 'count ok rng=0 dsr=0 cts=1 dcd=0 rx=9 tx=3'], got


@both
def a_drain_waits_until_the_modem_has_taken_all(client):
    assert exec_lines(client, 'many:1', 'many:460', 'get') == ['many ok fast', 'many ok slow', f'get ok {ON}']


@both
def a_signal_ends_a_wait(client):
    assert exec_lines(client, 'interrupted', 'interrupted', 'get') == \
        ['interrupted EINTR'] * 2 + [f'get ok {ON}']


class Exec:
    """exec --lines with a client, and its control interface."""

    def __init__(self, *words, client=None, options=()):
        self.control = os.path.join(FOLDER.name, 'lines.sock')
        self.process = subprocess.Popen([ptytest.PROGRAM, 'exec', '--lines', '--control', self.control, *options,
                                         '--', client or STATIC, '{}', *words],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def line(self):
        return self.process.stdout.readline().strip()

    def end(self):
        """The client waits for a key."""
        self.process.communicate('\n', timeout=DEADLINE)
        assert self.process.returncode == 0, self.process.returncode


def a_ring_ends_a_wait_for_ri():
    e = Exec('get', 'wait:ri', 'count', 'enter')
    assert e.line() == f'get ok {ON}'
    ctl(e, 'ring', 'from=+33612345678')
    assert e.line() == 'wait ok'
    assert e.line().startswith('count ok rng=')
    e.end()


def one_thread_waits_while_another_works():
    e = Exec('threads', 'enter')
    assert [e.line(), e.line()] == ['at OK', f'get ok {ON}']
    ctl(e, 'ring', 'from=+33612345678')
    assert e.line() == 'thread ok'
    e.end()


def dtr_and_rts_reach_the_modem():
    e = Exec('bic:dtr', 'enter', 'bis:dtr', 'bic:rts', 'enter')
    assert e.line() == 'bic ok'
    assert ctl(e, 'state', 'port.dtr') == 'false' and ctl(e, 'state', 'port.rts') == 'true'
    e.process.stdin.write('\n')
    e.process.stdin.flush()
    assert [e.line(), e.line()] == ['bis ok', 'bic ok']
    assert ctl(e, 'state', 'port.dtr') == 'true' and ctl(e, 'state', 'port.rts') == 'false'
    e.end()


def the_format_reaches_the_modem():
    e = Exec('7e1', 'enter')
    assert e.line() == '7e1 ok 7 e 9600'
    assert ctl(e, 'state', 'port.baud') == '9600'
    e.end()


def without_hupcl_dtr_stays_on():
    link = os.path.join(FOLDER.name, 'link')
    script = f'{QUOTED} {{}} -hupcl; "$0" ctl state port.dtr; {QUOTED} {{}} get; "$0" ctl wait closed; ' \
             f'"$0" ctl state port.dtr'
    done = fauxtrack('exec', '--lines', '--control', os.path.join(FOLDER.name, 's'), '--link', link, '--', 'sh', '-c',
                     script, ptytest.PROGRAM)
    assert done.stdout.splitlines() == ['-hupcl ok', 'true', f'get ok {ON}', 'false'], (done.stdout, done.stderr)


def other_terminals_and_files_are_the_kernels():
    script = 'import os,termios,fcntl\n' \
             'm,s=os.openpty()\n' \
             't=termios.tcgetattr(s); termios.tcsetattr(s,termios.TCSADRAIN,t)\n' \
             'print(os.isatty(s),os.isatty(os.open("/dev/null",os.O_RDONLY)))\n' \
             'try: fcntl.ioctl(s,termios.TIOCMGET,b"1234")\n' \
             'except OSError as e: print(e.errno)\n'
    done = fauxtrack('exec', '--lines', '--control', 'none', '--', '/usr/bin/python3', '-c', script)
    assert done.stdout.split() == ['True', 'False', '25'], (done.stdout, done.stderr)


def setuid_programs_are_refused():
    work = lambda: fauxtrack('exec', '--lines', '--control', 'none', '--', '/bin/su', '-c', 'true')
    if not os.stat('/bin/su').st_mode & stat.S_ISUID:
        raise Skip('su is not setuid here')

    def as_nobody():
        done = work()
        assert done.returncode == 126 and 'setuid' in done.stderr and '--lines' in done.stderr, done.stderr
    as_user(NOBODY, as_nobody)


def within_another_supervisor_the_command_runs_without():
    done = fauxtrack('exec', '--lines', '--control', 'none', '--', ptytest.PROGRAM, 'exec', '--lines', '--control',
                     'none', '--', 'sh', '-c', f'exec {QUOTED} $FAUXTRACK_TTY get')
    assert done.returncode == 0 and done.stdout == 'get ENOTTY\n', done
    assert 'another exec --lines?' in done.stderr and 'without modem lines' in done.stderr, done.stderr


PROFILES = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'profiles')


def without_its_module_the_command_runs_without():
    with tempfile.TemporaryDirectory() as folder:
        alone = shutil.copy(ptytest.PROGRAM, folder)
        done = subprocess.run([alone, 'exec', '--lines', '--control', 'none', '--', 'true'],
                              env={**os.environ, 'FAUXTRACK_PROFILES': PROFILES}, capture_output=True, text=True,
                              check=False)
    assert done.returncode == 0, done
    assert 'fauxtrack-seccomp.so is not there' in done.stderr and 'libseccomp2-dev' not in done.stderr, done.stderr
    assert 'without modem lines' in done.stderr, done.stderr


def forbid_seccomp():
    """As a container may: seccomp() is EPERM from now on."""
    rows = ((0x20, 0, 0, 0), (0x15, 0, 1, SECCOMP), (0x06, 0, 0, 0x50000 | errno.EPERM), (0x06, 0, 0, 0x7fff0000))
    code = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *row) for row in rows))
    program = struct.pack('HxxxxxxP', len(rows), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, program, 0, 0) == 0, ctypes.get_errno()


def where_seccomp_is_forbidden_the_command_runs_without():
    if os.uname().machine != 'x86_64':
        raise Skip('the number of seccomp() is known for x86-64 only')
    done = fauxtrack('exec', '--lines', '--control', 'none', '--', STATIC, '{}', 'get', preexec_fn=forbid_seccomp)
    assert done.returncode == 0 and done.stdout == 'get ENOTTY\n', done
    assert 'seccomp is forbidden here' in done.stderr and 'without modem lines' in done.stderr, done.stderr


def a_command_that_is_killed_in_a_wait_is_forgotten():
    e = Exec('get', 'wait:ri', options=('--count', '2'))
    assert e.line() == f'get ok {ON}'
    child = until('the client', lambda: [int(p) for p in os.listdir('/proc') if p.isdigit() and
                                         is_client(int(p), e.process.pid)])
    os.kill(child[0], signal.SIGKILL)
    assert e.process.wait(DEADLINE) == 128 + 9


def is_client(pid, parent):
    try:
        with open(f'/proc/{pid}/stat') as f:
            return int(f.read().rsplit(')', 1)[1].split()[1]) == parent and \
                os.readlink(f'/proc/{pid}/exe') == os.path.realpath(STATIC)
    except OSError:
        return False


# ---- the preload library -----------------------------------------------------------------

class Run(ptytest.Run):
    def __init__(self, *args, count=1):
        super().__init__('--lines', '--control', os.path.join(FOLDER.name, 'c.sock'), *args, count=count)
        self.control = os.path.join(FOLDER.name, 'c.sock')


class Plain(Server):
    ready = None


def line_socket(path):
    tty = os.stat(path)
    return f'/tmp/fauxtrack-lines-{tty.st_uid}/{tty.st_dev:x}-{os.minor(tty.st_rdev)}'


def preloaded(path, *words, client=DYNAMIC, **more):
    done = subprocess.run([client, path, *words], env=dict(os.environ, LD_PRELOAD=PRELOAD), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False, **more)
    assert done.returncode == 0 and not done.stderr, (done.returncode, done.stderr)
    return done.stdout.splitlines()


def preload_prints_the_path_of_the_library():
    done = fauxtrack('lines', '--preload')
    if ' ' in BUILT:
        assert done.returncode == 1 and 'cannot name a path with a blank' in done.stderr, done
    else:
        assert done.returncode == 0 and os.path.realpath(done.stdout.strip()) == os.path.realpath(BUILT), done
    done = fauxtrack('lines')
    assert done.returncode == 2 and '--preload' in done.stderr, done


def preload_answers_every_request():
    with Run() as r:
        got = preloaded(r.path, 'get', 'bic:dtr', 'get', 'bis:dtr', 'get', 'serial', 'sbrk', 'child', '7e1')
        assert got == [f'get ok {ON}', 'bic ok', 'get ok rts cts', 'bis ok', f'get ok {ON}',
                       'serial ok type=4 base=115200 low=1', 'sbrk ok', f'get ok {ON}', '7e1 ok 7 e 9600'], got
        assert preloaded(r.path, 'break', 'interrupted', 'at:AT', 'drain') == \
            ['break ok slow', 'interrupted EINTR', 'at OK', 'drain ok']
        with subprocess.Popen([DYNAMIC, r.path, 'get', 'wait:ri'], env=dict(os.environ, LD_PRELOAD=PRELOAD),
                              stdout=subprocess.PIPE, text=True) as p:
            assert p.stdout.readline() == f'get ok {ON}\n'
            ctl(r, 'ring', 'from=+33612345678')
            assert p.stdout.readline() == 'wait ok\n'


def without_the_socket_preload_changes_nothing():
    with Plain('run', '--control', 'none') as r:
        assert preloaded(r.path, 'get', 'at:AT') == ['get ENOTTY', 'at OK']


def the_socket_has_the_mode_and_group_of_the_port():
    with Run('--mode', '0660', '--group', str(os.getgid())) as r:
        path = line_socket(r.path)
        tty, sock, folder = os.stat(r.path), os.stat(path), os.stat(os.path.dirname(path))
        assert stat.S_IMODE(sock.st_mode) == 0o660 and sock.st_gid == tty.st_gid
        assert stat.S_IMODE(folder.st_mode) == 0o711 and folder.st_uid == os.geteuid()
    assert not os.path.exists(path)


def a_socket_of_another_user_is_not_trusted():
    if os.getuid():
        raise Skip('needs root to become another user')

    with Run() as r, socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
        path = line_socket(r.path)
        os.unlink(path)
        s.bind(path)
        as_user(NOBODY, s.listen)  # the kernel shows clients who has called listen()
        assert preloaded(r.path, 'get') == ['get ENOTTY']
        assert s.accept()[0].recv(100) == b''  # it was found, and asked nothing
    assert os.path.exists(path)  # the emulator removes its own socket only
    os.unlink(path)


def those_that_have_closed_take_no_place():
    call = b'\1\0\0\0' + b'\xff' * 92

    def connected(r):
        s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        s.settimeout(DEADLINE)
        s.connect(line_socket(r.path))
        return s

    with Run() as r:
        many = [connected(r) for _ in range(200)]
        for s in many:
            s.send(call)
            assert len(s.recv(100)) == 96
        os.kill(r.pid, signal.SIGSTOP)
        try:
            many += [connected(r) for _ in range(100)]
            for s in many:
                s.close()
            last = connected(r)
            last.send(call)
        finally:
            os.kill(r.pid, signal.SIGCONT)
        assert len(last.recv(100)) == 96
        last.close()


def junk_on_the_socket_ends_the_connection():
    with Run() as r:
        for message in (b'', b'x', b'\0' * 95, b'\0' * 96, b'\xff' * 96, b'\1\0\0\0' + b'\xff' * 92, b'\0' * 97,
                        b'x' * 5000):
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
                s.connect(line_socket(r.path))
                s.settimeout(DEADLINE)
                if message:
                    s.send(message)
                if message.startswith(b'\1\0\0\0'):
                    assert s.recv(100)[8:12] == (-25).to_bytes(4, 'little', signed=True)
        many = [socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(300)]
        for s in many:
            s.connect(line_socket(r.path))
        for s in many:
            s.close()
        assert preloaded(r.path, 'get') == [f'get ok {ON}']


def the_socket_follows_the_device():
    with Run() as r:
        path = line_socket(r.path)
        with subprocess.Popen([DYNAMIC, r.path, 'get', 'wait:ri'], env=dict(os.environ, LD_PRELOAD=PRELOAD),
                              stdout=subprocess.PIPE, text=True) as p:
            assert p.stdout.readline() == f'get ok {ON}\n'
            ctl(r, 'cable', 'unplugged')
            assert p.stdout.readline() == 'wait EIO\n'
        until('no socket', lambda: not os.path.exists(path))
        ctl(r, 'cable', 'plugged')
        until('the device', lambda: os.path.exists(r.path))
        until('its socket', lambda: os.path.exists(path))
        assert preloaded(r.path, 'get') == [f'get ok {ON}']


# ---- record in between -------------------------------------------------------------------

class Record(Server):
    """The device is a port with lines too: record itself runs with the library."""
    ready = None

    def __init__(self, device, *args):
        super().__init__('record', device, '--lines', *args, LD_PRELOAD=PRELOAD,
                         asan=':verify_asan_link_order=0')  # else its run-time library wants to be the first


def record_passes_lines_and_a_break():
    trace = os.path.join(FOLDER.name, 'record.txt')
    with Run() as m, Record(m.path, '--trace', trace) as r:
        assert preloaded(r.path, 'get', 'at:AT') == [f'get ok {ON}', 'at OK']
        with subprocess.Popen([DYNAMIC, r.path, 'get', 'wait:ri'], env=dict(os.environ, LD_PRELOAD=PRELOAD),
                              stdout=subprocess.PIPE, text=True) as p:
            assert p.stdout.readline() == f'get ok {ON}\n'
            ctl(m, 'ring', 'from=+33612345678')
            assert p.stdout.readline() == 'wait ok\n'
        assert preloaded(r.path, 'bic:dtr', 'bis:dtr', 'break')[:2] == ['bic ok', 'bis ok']

        def written():
            with open(trace, encoding='utf-8') as f:
                text = f.read()
            return all(t in text for t in ('# dtr: off', '# dtr: on', '# break', '= RI CTS DTR RTS'))
        until('the lines in the trace', written)


main([exec_answers_every_request,
      a_break_takes_its_time,
      a_format_that_a_pty_has_not_is_kept,
      bytes_are_counted_and_drained,
      a_drain_waits_until_the_modem_has_taken_all,
      a_signal_ends_a_wait,
      a_ring_ends_a_wait_for_ri,
      one_thread_waits_while_another_works,
      dtr_and_rts_reach_the_modem,
      the_format_reaches_the_modem,
      without_hupcl_dtr_stays_on,
      other_terminals_and_files_are_the_kernels,
      setuid_programs_are_refused,
      within_another_supervisor_the_command_runs_without,
      without_its_module_the_command_runs_without,
      where_seccomp_is_forbidden_the_command_runs_without,
      a_command_that_is_killed_in_a_wait_is_forgotten,
      preload_prints_the_path_of_the_library,
      preload_answers_every_request,
      without_the_socket_preload_changes_nothing,
      the_socket_has_the_mode_and_group_of_the_port,
      a_socket_of_another_user_is_not_trusted,
      those_that_have_closed_take_no_place,
      junk_on_the_socket_ends_the_connection,
      the_socket_follows_the_device,
      record_passes_lines_and_a_break])
