#!/usr/bin/python3
"""Which clients have the port open when many come and go at the same moment. inotify merges two
equal notices in a row, so a count of them drifts. 2,000 openings per case, 20,000 with
FAUXTRACK_TESTS=full."""
import fcntl
import os
import select
import signal
import subprocess
import termios

from ptytest import (FULL, NOBODY, TIOCVHANGUP, Client, Server, Skip, as_user, is_raw, main, until)

PAIRS = 20000 if FULL else 600
PERIOD = 1.5
N_NULL = 27
TIOCSETD, TIOCGETD = 0x5423, 0x5424
USERS = ((), ('-u', str(NOBODY)))  # arguments of the server


def open_and_close(path, times, exclusive):
    for _ in range(times):
        try:
            fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:  # EBUSY: exclusive mode
            continue
        if exclusive:
            fcntl.ioctl(fd, termios.TIOCEXCL)
        os.close(fd)


def storm(path, processes, uid=0, exclusive=False):
    """Starts that many processes, which open and close the port from the same moment on."""
    gate, begin = os.pipe()
    pids = []
    for _ in range(processes):
        pid = os.fork()
        if pid == 0:
            os.close(begin)
            if uid and os.getuid() == 0:
                os.setuid(uid)
            os.read(gate, 1)
            open_and_close(path, PAIRS // processes, exclusive)
            os._exit(0)
        pids.append(pid)
    os.close(gate)
    os.close(begin)
    for pid in pids:
        os.waitpid(pid, 0)


def users():
    return USERS if os.getuid() == 0 else USERS[:1]


def settle(s):
    """Waits until no client is left, and the server's last report says so."""
    last = []

    def gone():
        select.select([s.process.stdout], [], [], 0.3)
        s.text += s.process.stdout.read() or b''
        lines = s.text.split(b'\n')
        s.text = lines[-1]
        quiet = len(lines) == 1
        last.extend(lines[:-1])
        return quiet and last and last[-1] == b'dtr 0'
    until('nobody is left', gone)


def next_one(s):
    """A client that sends nothing is noticed, and finds a clean line."""
    with Client(s.path, patient=True) as c:
        s.expect('dtr 1')
        until('clean', lambda: is_raw(c.settings()) and not c.is_exclusive())
    s.expect('dtr 0')
    until('the polls have ended', lambda: s.cost_over(0.5)[1] == 0)


def crowd(processes, exclusive=False):
    for server in users():
        for uid in {0, NOBODY} if os.getuid() == 0 else {0}:
            with Server('-v', '-m', '0666', *server) as s:
                storm(s.path, processes, uid, exclusive)
                settle(s)
                next_one(s)


def two_that_open_and_close_at_once_leave_nobody():
    crowd(2)


def three_that_open_and_close_at_once_leave_nobody():
    crowd(3)


def eight_that_open_and_close_at_once_leave_nobody():
    crowd(8)


def two_that_lock_at_once_leave_no_lock():
    crowd(2, exclusive=True)


def it_holds_while_others_keep_the_processors_busy():
    others = [subprocess.Popen(['sh', '-c', 'while :; do :; done']) for _ in range(2 * os.cpu_count())]
    try:
        crowd(2)
    finally:
        for other in others:
            other.kill()
            other.wait()


def a_silent_client_that_stays_is_never_lost():
    for server in users():
        with Server('-v', '-m', '0666', *server) as s, Client(s.path) as c:
            s.expect('dtr 1')
            storm(s.path, 3)
            select.select([s.process.stdout], [], [], PERIOD)
            said = (s.process.stdout.read() or b'').replace(b'speed 0\n', b'')
            assert said == b'', said
            c.close()
            s.expect('dtr 0')
            next_one(s)


def a_silent_client_that_comes_in_the_storm_is_found():
    def stay(path, w):
        fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        os.write(w, b'.')
        signal.pause()
        os.close(fd)

    for server in users():
        with Server('-v', '-m', '0666', *server) as s:
            for _ in range(5):
                r, w = os.pipe()
                pid = os.fork()
                if pid == 0:
                    stay(s.path, w)
                storm(s.path, 2)
                os.read(r, 1)
                os.close(r)
                os.close(w)

                def there():
                    select.select([s.process.stdout], [], [], 0.3)
                    s.text += s.process.stdout.read() or b''
                    return s.text.endswith(b'dtr 1\n')
                until('he is there', there)
                s.text = b''
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                settle(s)
            next_one(s)


def the_port_comes_back_after_many_hang_ups():
    if os.getuid():
        raise Skip('TIOCVHANGUP needs root')

    def hang_up(path):
        for _ in range(20):
            try:
                fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
                fcntl.ioctl(fd, TIOCVHANGUP)
                os.close(fd)
            except OSError:  # another process is hanging it up at this moment
                pass

    for server in USERS if FULL else USERS[:1]:
        for processes in (1, 4):
            with Server('-m', '0666', *server) as s:
                pids = []
                for _ in range(processes):
                    pid = os.fork()
                    if pid == 0:
                        hang_up(s.path)
                        os._exit(0)
                    pids.append(pid)
                for pid in pids:
                    os.waitpid(pid, 0)
                for _ in range(3):
                    with Client(s.path) as c:
                        until('raw', lambda: is_raw(c.settings()))
                        assert c.ask(b'y') == b'\r\ny\r\n'
                cpu, _ = s.cost_over(PERIOD)
                assert cpu < 0.01, cpu


def another_line_discipline_ends_with_its_client():
    for server in users():
        with Server('-v', '-m', '0666', *server) as s:
            with Client(s.path) as c:
                c.ask(b'a')
                fcntl.ioctl(c.fd, TIOCSETD, N_NULL.to_bytes(4, 'little'))
            s.expect('dtr 1', 'line a', 'dtr 0')
            with Client(s.path) as c:
                assert c.ask(b'b') == b'\r\nb\r\n'
                assert fcntl.ioctl(c.fd, TIOCGETD, b'xxxx') == bytes(4)


def a_slave_that_is_locked_for_good_is_replaced():
    """Our descriptor was hung up, and before we noticed, a client took exclusive mode: without root
    we cannot open the slave again, and no later client could."""
    if os.getuid():
        raise Skip('needs root to hang up, and a server that is not root')
    with Server('-v', '-m', '0666', '-u', str(NOBODY)) as s:
        os.kill(s.pid, signal.SIGSTOP)
        until('stopped', lambda: open(f'/proc/{s.pid}/stat').read().split()[2] == 'T')
        with Client(s.path) as c:
            fcntl.ioctl(c.fd, TIOCVHANGUP)
        with Client(s.path) as c:
            c.exclusive()
            os.kill(s.pid, signal.SIGCONT)
            s.expect('dtr 1')
            assert c.ask(b'a').endswith(b'\r\na\r\n')
        while s.line() != b'dtr 0':
            pass

        def after():
            def opened():
                try:
                    return Client(s.path)
                except OSError:
                    return None
            with until('it is back', opened) as c:
                assert c.ask(b'b') == b'\r\nb\r\n'
        as_user(NOBODY, after)


LONG = [three_that_open_and_close_at_once_leave_nobody,
        it_holds_while_others_keep_the_processors_busy]

main([two_that_open_and_close_at_once_leave_nobody,
      eight_that_open_and_close_at_once_leave_nobody,
      two_that_lock_at_once_leave_no_lock,
      a_silent_client_that_stays_is_never_lost,
      a_silent_client_that_comes_in_the_storm_is_found,
      the_port_comes_back_after_many_hang_ups,
      another_line_discipline_ends_with_its_client,
      a_slave_that_is_locked_for_good_is_replaced] + (LONG if FULL else []))
