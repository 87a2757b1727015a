#!/usr/bin/python3
"""test_names.py FAUXTRACK: the names of modems and of other programs' files: the units of --count,
links and sockets of other owners, and which processes end together."""
import contextlib
import os
import re
import select
import signal
import socket
import subprocess
import tempfile
import threading

import ptytest
import tap
from ptytest import FOLDER, NOBODY, Client, Skip, fauxtrack, main, until

OK = b'\r\nOK\r\n'


class Run(ptytest.Run):
    def __init__(self, *args, count=1):
        super().__init__('--speed', 'max', *args, count=count)


def sockets():
    return os.path.join(FOLDER.name, 'fauxtrack')


def command(client, line):
    client.send(line.encode() + b'\r')
    got = client.read_until(OK)
    return got[len(line) + 1:-len(OK)].strip().decode()


# --- the units of --count -----------------------------------------------------------------


def luhn(digits):
    total = 0
    for i, c in enumerate(reversed(digits)):
        n = int(c) * (2 if i % 2 else 1)
        total += n - 9 * (n > 9)
    return total % 10 == 0


def identity(path):
    with Client(path) as c:
        imei = command(c, 'AT+CGSN')
        imsi = command(c, 'AT+CIMI')
        iccid = re.search(r'"(\d+)"', command(c, 'AT+CCID')).group(1)
        number = re.search(r'"(\+?\d+)"', command(c, 'AT+CNUM')).group(1)
        serial = command(c, 'AT+WMSN')
    return imei, imsi, iccid, number, serial


def units_differ_in_every_identity():
    with Run('--count', '3', count=3) as r:
        found = [identity(p) for p in r.paths]
    for values in zip(*found):
        assert len(set(values)) == 3, values
        assert len({len(v) for v in values}) == 1, values
    for imei, imsi, iccid, _, _ in found:
        assert luhn(imei) and luhn(iccid), (imei, iccid)
        assert imsi[:5] == found[0][1][:5] and imei[:8] == found[0][0][:8]
    with Run('--count', '3', count=3) as r:
        assert [identity(p) for p in r.paths] == found
    with Run() as r:
        assert identity(r.path) == found[0]


def a_set_changes_one_unit():
    with Run('--count', '3', '--set', '2:sim.imsi=208019999999999', '--set', '3:sim.pin_enabled=true',
             '--set', '3:sim.pin=4711', '--set', '1:device.imei=490154203237518', count=3) as r:
        assert identity(r.paths[0])[0] == '490154203237518'
        second = identity(r.paths[1])
        assert second[1] == '208019999999999'
        with Client(r.paths[2]) as c:
            assert command(c, 'AT+CPIN="4711"') == ''
        assert identity(r.paths[2])[2] != second[2]
    done = fauxtrack('run', '--count', '2', '--set', '3:sim.pin=1111')
    assert done.returncode == 2 and 'raise --count' in done.stderr, done
    done = fauxtrack('run', '--set', '0:sim.pin=1111')
    assert done.returncode == 2 and '--count' in done.stderr, done


# --- who ends with whom -------------------------------------------------------------------


PARENT = """
import os, subprocess, sys, threading
def start():
    p = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
    print(p.pid, p.stdout.readline().decode().strip(), flush=True)
t = threading.Thread(target=start)
t.start()
t.join()
print('thread has ended', flush=True)
sys.stdin.read()
"""


def gone(pid):
    try:
        with open(f'/proc/{pid}/stat', encoding='ascii') as f:
            return f.read().rpartition(')')[2].split()[0] == 'Z'
    except (FileNotFoundError, ProcessLookupError):
        return True


@contextlib.contextmanager
def child_of_another(*args):
    with subprocess.Popen(['python3', '-c', PARENT, ptytest.PROGRAM, *args], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as parent:
        pid, port = parent.stdout.readline().split()
        assert parent.stdout.readline() == 'thread has ended\n'
        try:
            yield parent, int(pid), port
        finally:
            parent.kill()
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGTERM)
            until('the emulator ends', lambda: gone(int(pid)))


def it_ends_with_its_parent_and_not_with_a_thread():
    link = os.path.join(FOLDER.name, 'with-parent')
    with child_of_another('run', '--speed', 'max', '--exit-with-parent', '--link',
                          link) as (parent, pid, port):
        # the thread that started it has ended; the emulator must go on
        for _ in range(3):
            with Client(port) as c:
                command(c, 'AT')
        assert not gone(pid)
        parent.kill()
        until('the emulator ends with its parent', lambda: gone(pid))
    assert not os.path.lexists(link)
    assert not os.path.exists(os.path.join(sockets(), f'{pid}.sock'))


def without_the_option_it_keeps_running():
    with child_of_another('run', '--speed', 'max') as (parent, pid, port):
        parent.kill()
        parent.wait()
        with Client(port) as c:
            command(c, 'AT')
        assert not gone(pid)


def exec_ends_its_tool_with_itself():
    tool = "trap '' TERM; echo $$ > %s; echo started; while :; do sleep 1; done"
    note = os.path.join(FOLDER.name, 'tool')
    with child_of_another('exec', '--speed', 'max', '--exit-with-parent', '--', 'sh', '-c',
                          tool % note) as (parent, pid, _):
        with open(note, encoding='ascii') as f:
            tool_pid = int(f.read())
        parent.kill()
        until('exec ends', lambda: gone(pid))
        assert gone(tool_pid)


def a_parent_that_has_ended_before_is_seen():
    with subprocess.Popen(['true']) as dead:
        dead.wait()
    done = fauxtrack('run', '--control', 'none', '--parent', str(dead.pid))
    assert done.returncode == 0, done
    done = fauxtrack('run', '--parent', '0')
    assert done.returncode == 2 and 'not a process ID' in done.stderr, done


def every_signal_that_ends_it_leaves_nothing():
    link = os.path.join(FOLDER.name, 'signals')
    for signo in (signal.SIGQUIT, signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF, signal.SIGXCPU,
                  signal.SIGIO, signal.SIGPWR, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with Run('--link', link) as r:
            control = os.path.join(sockets(), f'{r.pid}.sock')
            until('the socket', lambda: os.path.exists(control))
            assert os.path.islink(link)
            r.process.send_signal(signo)
            r.process.wait(ptytest.DEADLINE)
        assert not os.path.lexists(link) and not os.path.exists(control), signo


def signals_that_mean_nothing_end_nothing():
    with Run() as r:
        for signo in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGXFSZ):
            r.process.send_signal(signo)
        with Client(r.path) as c:
            command(c, 'AT')


# --- sockets ------------------------------------------------------------------------------


def dead_socket(path):
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(path)
        s.listen(1)


def dead_sockets_are_swept_and_others_are_not():
    with Run() as living:
        alive = os.path.join(sockets(), f'{living.pid}.sock')
        until('the socket', lambda: os.path.exists(alive))
        dead = [os.path.join(sockets(), f'{n}.sock') for n in range(4000001, 4000501)]
        for path in dead:
            dead_socket(path)
        kept = [os.path.join(sockets(), n) for n in ('mine.txt', '4000999.sock.new', 'x.sock.old')]
        with open(kept[0], 'w', encoding='ascii') as f:
            f.write('mine')
        for path in kept[1:]:
            dead_socket(path)  # the first emulator may be about to listen
        if not os.getuid():
            kept.append(os.path.join(sockets(), '4000998.sock'))
            dead_socket(kept[-1])
            os.chown(kept[-1], NOBODY, NOBODY)
        with Run():
            left = [p for p in dead if os.path.exists(p)]
            assert not left, left
            for path in kept:
                assert os.path.exists(path), path
        assert os.path.exists(alive)
        assert fauxtrack('ctl', '--control', alive, 'state', 'power').stdout == 'on\n'
        for path in kept:
            os.remove(path)


def a_socket_that_is_found_is_served():
    """Its path never leads to a socket that refuses connections while its emulator runs."""
    name = os.path.join(FOLDER.name, 'control')
    stop, refused = threading.Event(), []

    def knock():
        while not stop.is_set():
            with socket.socket(socket.AF_UNIX) as s:
                try:
                    s.connect(name)
                except FileNotFoundError:
                    pass
                except ConnectionRefusedError as e:
                    refused.append(e)

    knocking = threading.Thread(target=knock)
    knocking.start()
    for _ in range(5):
        with Run('--control', name):
            until('the socket', lambda: os.path.exists(name))
            assert not refused
        refused.clear()  # while it ends, a refusal is allowed
    stop.set()
    knocking.join()


def at_the_end_only_our_own_socket_goes():
    name = os.path.join(FOLDER.name, 'control')
    with Run('--control', name) as first:
        os.remove(name)
        with Run('--control', name):
            first.process.terminate()
            first.process.wait(ptytest.DEADLINE)
            assert fauxtrack('ctl', '--control', name, 'state', 'power').stdout == 'on\n'
    assert not os.path.exists(name)


# --- links --------------------------------------------------------------------------------


def a_link_of_a_running_emulator_is_refused_with_its_pid():
    link = os.path.join(FOLDER.name, 'link')
    with Run('--link', link) as first:
        done = fauxtrack('run', '--control', 'none', '--link', link)
        assert done.returncode == 1 and f'pid {first.pid},' in done.stderr, done
        assert os.readlink(link) == first.path
        with Client(link) as c:
            command(c, 'AT')
    assert not os.path.lexists(link)


def links_that_are_not_ours_are_refused():
    link = os.path.join(FOLDER.name, 'link')
    main_end, terminal = os.openpty()
    targets = ['/dev/null', FOLDER.name, os.ttyname(terminal)]
    for target in targets:
        os.symlink(target, link)
        done = fauxtrack('run', '--control', 'none', '--link', link)
        assert done.returncode == 1 and f'points to {target}' in done.stderr, done
        if target == targets[-1]:
            assert f'pid {os.getpid()};' in done.stderr, done
        assert os.readlink(link) == target
        os.remove(link)
    os.close(main_end)
    os.close(terminal)


def holder_of_a_terminal(before=lambda: True):
    """A process that holds a terminal, and the terminal's name; the process first runs before()."""
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        name = os.ttyname(os.openpty()[1]) if before() else ''
        os.write(w, name.encode() + b'\n')
        signal.pause()
    os.close(w)
    with os.fdopen(r) as f:
        return pid, f.readline().strip()


def another_dev_pts_has_the_same_numbers():
    held = []
    try:
        held.append(holder_of_a_terminal(tap.own_terminals))
        if not held[0][1]:
            raise Skip('needs root to have another /dev/pts')
        while len(held) == 1 or held[-1][1] != held[0][1]:
            assert len(held) < 50, held
            held.append(holder_of_a_terminal())
        link = os.path.join(FOLDER.name, 'link')
        os.symlink(held[-1][1], link)
        done = fauxtrack('run', '--control', 'none', '--link', link)
        assert done.returncode == 1 and f'pid {held[-1][0]};' in done.stderr, (held, done)
    finally:
        for pid, _ in held:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def a_link_that_a_dead_emulator_left_is_replaced():
    link = os.path.join(FOLDER.name, 'link')

    def left():
        with Run('--link', link) as r:
            r.process.kill()
            r.process.wait()
            r.process.returncode = 0
        return os.readlink(link)

    left()
    with Run('--link', link) as r:  # the link is dangling, or points to this terminal
        assert os.readlink(link) == r.path
    assert not os.path.lexists(link)
    # another process has that terminal by now
    was = left()
    others = []
    while not os.path.exists(was) and len(others) < 50:
        others.append(os.openpty())
    try:
        assert os.path.exists(was)
        with Run('--link', link) as r:
            assert os.readlink(link) == r.path != was
    finally:
        for fd in (fd for pair in others for fd in pair):
            os.close(fd)


def at_the_end_only_our_own_link_goes():
    link = os.path.join(FOLDER.name, 'link')
    with Run('--link', link) as r:
        os.remove(link)
        os.symlink(r.path, link)  # the same target, but another link
    assert os.readlink(link) == r.path
    os.remove(link)


def a_link_of_nobody_is_refused_to_root_and_the_reverse():
    if os.getuid():
        raise Skip('needs root')
    with tempfile.TemporaryDirectory() as d:
        os.chmod(d, 0o777)
        link = os.path.join(d, 'link')
        with Run('--link', link):
            done = fauxtrack('run', '--control', 'none', '--link', link, user=NOBODY, group=NOBODY,
                             extra_groups=[])
            assert done.returncode == 1 and 'owned by user 0' in done.stderr, done
        with subprocess.Popen([ptytest.PROGRAM, 'run', '--control', 'none', '--link', link],
                              stdout=subprocess.PIPE, user=NOBODY, group=NOBODY,
                              extra_groups=[]) as other:
            select.select([other.stdout], [], [], ptytest.DEADLINE)
            path = other.stdout.readline().decode().strip()
            done = fauxtrack('run', '--control', 'none', '--link', link)
            assert done.returncode == 1 and f'pid {other.pid},' in done.stderr, done
            assert os.readlink(link) == path
            other.terminate()
        assert not os.path.lexists(link)


main([units_differ_in_every_identity,
      a_set_changes_one_unit,
      it_ends_with_its_parent_and_not_with_a_thread,
      without_the_option_it_keeps_running,
      exec_ends_its_tool_with_itself,
      a_parent_that_has_ended_before_is_seen,
      every_signal_that_ends_it_leaves_nothing,
      signals_that_mean_nothing_end_nothing,
      dead_sockets_are_swept_and_others_are_not,
      a_socket_that_is_found_is_served,
      at_the_end_only_our_own_socket_goes,
      a_link_of_a_running_emulator_is_refused_with_its_pid,
      links_that_are_not_ours_are_refused,
      another_dev_pts_has_the_same_numbers,
      a_link_that_a_dead_emulator_left_is_replaced,
      at_the_end_only_our_own_link_goes,
      a_link_of_nobody_is_refused_to_root_and_the_reverse])
