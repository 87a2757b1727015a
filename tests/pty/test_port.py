#!/usr/bin/python3
# The pty port with a simple responder: what clients that come, go and misbehave can rely
# on.
import errno
import os
import select
import signal
import stat
import subprocess
import tempfile
import termios

from ptytest import (FULL, NOBODY, TIOCVHANGUP, Client, Server, Skip, as_user, is_raw, main, open_files, until)
import fcntl
import ptytest

PATTERN = bytes((i * 7 + (i >> 8) * 13) & 255 for i in range(65536))
PERIOD = 1.5  # seconds over which an idle port must not cost anything


def hung_up(fd):
    poll = select.poll()
    poll.register(fd, 0)
    return any(event & select.POLLHUP for _, event in poll.poll(0))


def pattern(start, size):
    start %= 65536
    return (PATTERN * (size // 65536 + 2))[start:start + size]


def a_client_finds_a_raw_line_without_setting_anything():
    with Server() as s, Client(s.path) as c:
        assert is_raw(c.settings()), c.settings()
        assert c.ask(b'AT') == b'\r\nAT\r\n'
        c.send(b'FLOOD 256\r')
        assert c.read_until(pattern(255, 1)) == pattern(0, 256)
        c.send(b'SINK 256\r' + pattern(0, 256))
        assert c.read_until(b'256\r\n') == b'\r\nSUNK 256\r\n'


def the_shell_can_talk_without_stty():
    with Server() as s:
        got = subprocess.run(['sh', '-c', 'exec 3<>"$1"; printf "hello\\r" >&3; head -c 9 <&3',
                              'sh', s.path], stdout=subprocess.PIPE, timeout=20).stdout
        assert got == b'\r\nhello\r\n', got
        with subprocess.Popen(['head', '-c', '9', s.path], stdout=subprocess.PIPE) as cat:
            try:
                until('cat has it open', lambda: s.path in [path for _, path in open_files(cat.pid)])
                subprocess.run(['sh', '-c', 'printf "again\\r" > "$1"', 'sh', s.path], check=True)
                assert cat.stdout.read() == b'\r\nagain\r\n'
            finally:
                cat.kill()


def what_was_written_before_a_close_reaches_the_modem_before_dtr_falls():
    with Server('-v') as s:
        for i in range(500 if FULL else 100):
            with Client(s.path) as c:
                c.send(b'A%d\rB%d\r' % (i, i))
            s.expect('dtr 1')
            s.expect(f'line A{i}', f'line B{i}', 'dtr 0')


def bytes_that_a_busy_modem_has_not_taken_still_reach_it_after_the_close():
    with Server('-v') as s:
        with Client(s.path) as c:
            c.send(b'SINK 10000\r' + pattern(0, 10000))
        s.expect('dtr 1', 'line SINK 10000', 'SUNK 10000', 'dtr 0')


def a_process_that_opens_twice_is_gone_when_both_are_closed():
    with Server('-v') as s:
        for _ in range(50):
            a = Client(s.path)
            b = Client(s.path)
            a.close()
            assert b.ask(b'still') == b'\r\nstill\r\n'
            b.close()
            s.expect('dtr 1')
            line = s.line()
            if line.startswith(b'speed'):
                line = s.line()
            assert line == b'line still', line
            s.expect('dtr 0')
            subprocess.run(['/usr/bin/python3', '-c', 'import os, sys\n'
                            'for i in range(4): os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)',
                            s.path], check=True)
            s.expect('dtr 1', 'dtr 0')


def unplug(s, link, client):
    """Unplugs the client's device; returns its path."""
    path = os.readlink(link)
    client.send(b'UNPLUG\r')
    until('the link is gone', lambda: not os.path.lexists(link))
    until('end of file', lambda: hung_up(client.fd))
    return path


def replug(s, link):
    os.kill(s.pid, signal.SIGUSR1)
    until('the link is back', lambda: os.path.exists(link))


def a_device_that_is_unplugged_is_gone_and_comes_back():
    for user in ((), ('-u', str(NOBODY))) if os.getuid() == 0 else ((),):
        with tempfile.TemporaryDirectory() as d:
            os.chmod(d, 0o777)
            link = os.path.join(d, 'modem')
            with Server('-v', '-l', link, *user) as s:
                for _ in range(20):
                    c = Client(link)
                    path = unplug(s, link, c)
                    assert os.read(c.fd, 1) == b''
                    try:
                        os.write(c.fd, b'x')
                        raise AssertionError('a dead device accepts bytes')
                    except OSError as e:
                        assert e.errno == errno.EIO, e
                    assert not os.path.exists(path)
                    c.close()
                    replug(s, link)
                    # no client held the dead path, so its number is free again
                    assert os.readlink(link) == path, os.readlink(link)
                    s.expect('dtr 1', 'line UNPLUG', 'dtr 0')
                with Client(link) as c:
                    assert c.ask(b'again') == b'\r\nagain\r\n'


def a_client_that_holds_a_dead_device_keeps_its_number():
    with tempfile.TemporaryDirectory() as d:
        link = os.path.join(d, 'modem')
        with Server('-l', link) as s, Client(link) as held:
            path = unplug(s, link, held)
            replug(s, link)
            assert os.readlink(link) != path
            with Client(link) as c:
                assert c.ask(b'new') == b'\r\nnew\r\n'


def speed_is_reported_and_b0_is_unknown():
    with Server('-v') as s:
        with Client(s.path) as c:
            c.set(speed=termios.B9600)
            c.ask(b'a')
            c.set(speed=termios.B0)
            c.ask(b'b')
            s.expect('dtr 1', 'speed 9600', 'line a', 'speed 0', 'line b')
        s.expect('dtr 0')


def b0_in_silence_is_a_hang_up_and_a_speed_ends_it():
    with Server('-v') as s:
        with Client(s.path) as c:
            c.ask(b'a')
            c.set(speed=termios.B0)
            s.expect('dtr 1', 'line a', 'dtr 0')
            c.set(speed=termios.B115200)
            s.expect('dtr 1', 'speed 115200')
            c.ask(b'b')
        s.expect('line b', 'dtr 0')


def b0_hangs_up_whatever_the_last_client_has_left_to_do():
    """The modem is still processing the last client's bytes when the next client comes."""
    for gap in (0, 0.1, 0.3, 1):
        with Server('-v') as s:
            with Client(s.path) as c:
                c.set(speed=termios.B9600)
                c.send(b'STALL 1500\r' + b'x\r' * 4000)
            select.select([], [], [], gap)
            with Client(s.path) as c:
                c.set(speed=termios.B19200)
                c.ask(b'mine')
                c.set(speed=termios.B0)
                line = b''
                while line != b'line mine':
                    line = s.line()
                s.expect('dtr 0')
                c.set(speed=termios.B19200)
                s.expect('dtr 1')
            s.expect('dtr 0')


def a_speed_that_was_not_set_is_unknown():
    with Server('-v') as s:
        with Client(s.path) as c:
            c.set(speed=termios.B9600)
            c.ask(b'a')
        s.expect('dtr 1', 'speed 9600', 'line a', 'dtr 0')
        # A client that comes within a millisecond still finds the settings of the last
        # one, and delays the cleaning: so the clients come less often.

        def clean():
            c = Client(s.path)
            if is_raw(c.settings()):
                return c
            c.close()
            return None
        with until('a clean line', clean, every=0.02) as c:
            c.ask(b'b')
            line = b''
            while line != b'line b':
                was, line = line, s.line()
            assert was == b'speed 0', was
            # the settings that it has changed stay its own, the speed too
            c.set(iflag=termios.IXON)
            c.ask(b'c')
            s.expect('speed 115200', 'line c')


def a_client_that_lives_at_b0_is_not_hung_up():
    with Server('-v') as s:
        with Client(s.path) as c:
            c.set(speed=termios.B0)
            c.ask(b'a')
            cpu, _ = s.cost_over(1)
            c.ask(b'b')
        s.expect('dtr 1', 'line a', 'line b', 'dtr 0')


def a_client_with_echo_on_does_not_bounce_for_ever():
    with Server('-e') as s, Client(s.path) as c:
        c.set(lflag=termios.ECHO)
        c.send(b'RING 5\r')
        got = b''
        for _ in range(40):
            got += c.read_until(b'RING\r\n')
        bounced = got.replace(b'\r\nRING\r\n', b'')
        assert len(bounced) < 64, f'{len(bounced)} bytes: {got!r}'
        assert not c.settings()[3] & termios.ECHO
    with Server() as s, Client(s.path) as c:
        c.set(lflag=termios.ECHO | termios.ICANON, oflag=termios.OPOST | termios.ONLCR)
        assert c.ask(b'cooked').endswith(b'cooked\r\n')


def the_next_client_finds_a_clean_line():
    """Not immediately after the close, but once the server has seen it."""
    with Server('-v') as s:
        with Client(s.path) as a:
            a.set(speed=termios.B9600, lflag=termios.ECHO | termios.ICANON,
                  iflag=termios.ICRNL | termios.IXON)
            a.exclusive()
            a.send(b'x\r')
            until('an answer', a.unread)
            termios.tcflow(a.fd, termios.TCOOFF)
        s.expect('dtr 1', 'speed 9600', 'line x', 'dtr 0')
        with Client(s.path) as b:
            until('clean', lambda: is_raw(b.settings()))
            assert b.get() == b''
            assert not b.is_exclusive()
            assert b.ask(b'mine') == b'\r\nmine\r\n'


def a_killed_client_leaves_nothing():
    def victim(path, w):
        c = Client(path)
        c.set(speed=termios.B9600, lflag=termios.ICANON)
        c.exclusive()
        c.send(b'x\r')
        until("an answer", c.unread)
        os.write(w, b'.')
        signal.pause()

    with Server('-v', '-m', '0666') as s:
        for _ in range(20):
            r, w = os.pipe()
            pid = os.fork()
            if pid == 0:
                victim(s.path, w)
            os.read(r, 1)
            os.close(r)
            os.close(w)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

            def after():
                with Client(s.path, patient=True) as c:
                    assert is_raw(c.settings()), c.settings()
                    assert c.get() == b''
                    assert c.ask(b'mine') == b'\r\nmine\r\n'
            while s.line() != b'dtr 0':
                pass
            as_user(NOBODY if os.getuid() == 0 else 0, after)
            while s.line() != b'dtr 0':
                pass


# --- one client after the other within microseconds ---------------------------------

TIMES = 10000 if FULL else 1000
RARE = 20  # how often the kernel's race may be hit: 0 to 3 of 10,000 when idle, 4 on a busy machine


def leave(c, i):
    """A client closes after spoiling all settings, with its answer received but unread."""
    c.set(speed=termios.B9600, lflag=termios.ICANON, iflag=termios.ICRNL)
    c.send(b'old%d\r' % i)
    until('an answer', c.unread)


def reopen_exclusive(path):
    busy = replaced = 0
    for i in range(TIMES // 2):
        with Client(path, patient=True) as a:
            a.exclusive()
            leave(a, i)
        with Client(path, patient=True) as b:
            busy += b.busy > 0
            replaced += a.gone + b.gone > 0
            assert is_raw(b.settings()), (i, b.settings())
            assert not b.is_exclusive(), i
            got = b.ask(b'new%d' % i)
            assert got == b'\r\nnew%d\r\n' % i, (i, got)
    # A client that locks in the microseconds in which a server without root checks for
    # other clients leaves a lock that only root can pass: the device is replaced.
    # How often depends on the machine: 146 and 155 of 500 were seen on an idle one, 65 on a busy one; why is open.
    assert replaced < TIMES // 4, replaced
    return f'{busy} of {TIMES // 2} opens had to wait for the lock to end, {replaced} for another device'


def a_client_that_left_in_exclusive_mode_leaves_nothing_to_nobody():
    """Exclusive mode ends last, so there is no race."""
    if os.getuid():
        raise Skip('needs root to become another user')
    notes = []
    for args in (('-m', '0666'), ('-m', '0660', '-g', str(NOBODY)), ('-u', str(NOBODY))):
        with tempfile.TemporaryDirectory() as d:
            os.chmod(d, 0o777)
            link = os.path.join(d, 'modem')
            with Server('-l', link, *args):
                notes.append(as_user(NOBODY, lambda: reopen_exclusive(link)))
    return '; '.join(notes)


def reopen_polite(path):
    inherited = lost = 0
    for i in range(TIMES):
        with Client(path) as a:
            speed = termios.B19200 if i % 2 else termios.B57600
            inherited += not is_raw(a.settings())
            mine = a.set(speed=speed, lflag=0, iflag=termios.IXON if i % 3 else 0)
            termios.tcflush(a.fd, termios.TCIFLUSH)
            got = a.ask(b'n%d' % i)
            assert got == b'\r\nn%d\r\n' % i, (i, got)
            if a.settings() != mine:
                assert is_raw(a.settings()), (i, a.settings(), mine)
                lost += 1
            if i % 4 == 0:
                a.send(b'old%d\r' % i)
                until('an answer', a.unread)
    return f'{inherited} of {TIMES} found the settings of the last client, {lost} lost their own'


def clients_that_set_and_flush_find_only_their_own():
    """As pyserial and most others do on opening: set the line, flush, talk. Settings may be
    lost in a race that the kernel allows, but never without a line in the log."""
    notes = []
    ways = [(('-m', '0666'), os.getuid())]
    if os.getuid() == 0:
        ways += [(('-m', '0666'), NOBODY), (('-u', str(NOBODY)), NOBODY)]
    for args, uid in ways:
        with Server(*args) as s:
            notes.append(as_user(uid, lambda: reopen_polite(s.path)))
        lost = int(notes[-1].split(', ')[1].split()[0])
        assert lost <= s.error.count('settings were being restored') <= RARE, (lost, s.error)
    return '; '.join(notes)


def reopen_read_up(path):
    for i in range(TIMES):
        with Client(path) as a:
            got = a.ask(b'n%d' % i)
            assert got == b'\r\nn%d\r\n' % i, (i, got)


def clients_that_read_their_answers_never_get_another_s():
    with Server('-m', '0666') as s:
        reopen_read_up(s.path)
        if os.getuid() == 0:
            as_user(NOBODY, lambda: reopen_read_up(s.path))


def at_once(works):
    """Runs each in a process of its own, all from the same moment on."""
    gate, begin = os.pipe()
    pids = []
    for work in works:
        pid = os.fork()
        if pid == 0:
            os.close(begin)
            os.read(gate, 1)
            try:
                work()
            except BaseException as e:
                print(f'# in a child: {e!r}', flush=True)
                os._exit(1)
            os._exit(0)
        pids.append(pid)
    os.close(gate)
    os.close(begin)
    failed = [os.waitpid(pid, 0)[1] for pid in pids]
    assert not any(failed), failed


def chat(path):
    with Client(path) as c:
        for i in range(TIMES):
            assert c.ask(b'c%d' % i) == b'\r\nc%d\r\n' % i


def clients_of_many_ports_never_get_another_s():
    """Ports that are readable in one turn of the loop share a look at the notices."""
    with Server('-m', '0666', '-n', '12', count=12) as s:
        at_once([lambda path=path: reopen_read_up(path) for path in s.paths[:6]] +
                [lambda path=path: chat(path) for path in s.paths[6:]])
        for path in s.paths:
            with Client(path) as c:
                until('clean', lambda: is_raw(c.settings()))


def a_lock_that_root_bypassed_ends_when_root_closes():
    """Root gets in while the lock is on, so root may still see it; no later client does."""
    if os.getuid():
        raise Skip('needs root')

    def after(path):
        with Client(path, patient=True) as c:
            assert not c.is_exclusive()
            assert c.ask(b'mine') == b'\r\nmine\r\n'

    with Server('-m', '0666') as s:
        for _ in range(200 if FULL else 40):
            with Client(s.path) as a:
                a.exclusive()
                a.ask(b'a')
            with Client(s.path) as b:
                b.ask(b'b')
            as_user(NOBODY, lambda: after(s.path))


# --- much, and nothing --------------------------------------------------------------

BULK = (20 if FULL else 4) * 1024 * 1024


def megabytes_come_out_whole_to_a_slow_reader():
    with Server() as s, Client(s.path) as c:
        c.ask(b'warm')
        before = s.rss_kb()
        c.send(b'FLOOD %d\r' % BULK)
        until('it has stopped for want of room', lambda: c.unread() >= 4095)
        cpu, wakes = s.cost_over(PERIOD)
        assert cpu < 0.01 and wakes < 50, f'stalled: {cpu:.4f} of a CPU, {wakes} wake-ups'
        at = 0
        while at < BULK:
            got = c.get(512 if at % 3 else 4096)
            if not got:
                ptytest.select.select([c.fd], [], [], 20)
                continue
            assert got == pattern(at, len(got)), f'at {at}'
            at += len(got)
        assert c.ask(b'after') == b'\r\nafter\r\n'
        assert s.rss_kb() - before < 512, f'{before} kB, then {s.rss_kb()}'
        return f'stalled: {cpu * 100:.3f} % CPU; RSS {before} kB, then {s.rss_kb()}'


def megabytes_go_in_whole_to_a_slow_modem():
    with Server() as s, Client(s.path) as c:
        c.ask(b'warm')
        before = s.rss_kb()
        c.send(b'SINK %d\r' % BULK)
        for at in range(0, BULK, 65536):
            c.send(pattern(at, min(65536, BULK - at)))
        got = c.read_until(b'%d\r\n' % BULK)
        assert got == b'\r\nSUNK %d\r\n' % BULK, got
        assert s.rss_kb() - before < 512, f'{before} kB, then {s.rss_kb()}'


def nobody_there_costs_nothing():
    with Server(*'-n 20'.split(), count=20) as s:
        cpu, wakes = s.cost_over(PERIOD)
        assert (cpu, wakes) == (0, 0), f'never opened: {cpu} of a CPU, {wakes} wake-ups'
        with Client(s.path) as c:
            c.set(lflag=termios.ICANON | termios.ECHO)
            c.send(b'FLOOD 100000\r')
            until('bytes', c.unread)
        until('the poll has ended', lambda: s.cost_over(0.5)[1] == 0)
        cpu, wakes = s.cost_over(PERIOD)
        assert (cpu, wakes) == (0, 0), f'closed: {cpu} of a CPU, {wakes} wake-ups'


def an_idle_client_costs_next_to_nothing():
    with Server() as s, Client(s.path) as c:
        c.ask(b'x')
        cpu, wakes = s.cost_over(PERIOD)
        assert wakes <= 5 * PERIOD + 3 and cpu < 0.005, f'{cpu} of a CPU, {wakes} wake-ups'
        return f'{cpu * 100:.4f} % of a CPU, {wakes} wake-ups in {PERIOD} s'


def the_port_survives_a_vhangup():
    if os.getuid():
        raise Skip('TIOCVHANGUP needs root')
    with Server('-v') as s:
        with Client(s.path) as c:
            c.ask(b'x')
            fcntl.ioctl(c.fd, TIOCVHANGUP)
            until('hung up', lambda: os.read(c.fd, 1) == b'')
        s.expect('dtr 1', 'line x', 'dtr 0')
        for i in range(3):
            with Client(s.path) as c:
                until('raw', lambda: is_raw(c.settings()))
                assert c.ask(b'y') == b'\r\ny\r\n'
            s.expect('dtr 1', 'line y', 'dtr 0')
        cpu, wakes = s.cost_over(PERIOD)
        assert cpu < 0.005, cpu


def lost_notices_are_made_up_for():
    with open('/proc/sys/fs/inotify/max_queued_events') as f:
        many = int(f.read())
    if many > 100000:
        raise Skip('the queue of notices is too long to fill')
    for stays in (False, True):
        with Server('-v') as s:
            a = Client(s.path)
            a.ask(b'a')
            s.expect('dtr 1', 'line a')
            os.kill(s.pid, signal.SIGSTOP)
            until('stopped', lambda: open(f'/proc/{s.pid}/stat').read().split()[2] == 'T')
            for _ in range(many // 4 + 100):
                os.close(os.open(s.path, os.O_RDWR | os.O_NOCTTY))
            if not stays:
                a.close()
            os.kill(s.pid, signal.SIGCONT)
            if stays:
                assert a.ask(b'here') == b'\r\nhere\r\n'
                s.expect('line here')
                a.close()
            s.expect('dtr 0')
            with Client(s.path) as c:
                assert c.ask(b'b') == b'\r\nb\r\n'
            s.expect('dtr 1', 'line b', 'dtr 0')


# --- names --------------------------------------------------------------------------


def the_link_is_made_replaced_and_removed():
    with tempfile.TemporaryDirectory() as d:
        link = os.path.join(d, 'modem')
        os.symlink('/nowhere', link)
        with Server('-l', link) as s:
            assert os.readlink(link) == s.path
            with Client(link) as c:
                c.ask(b'x')
            assert os.listdir(d) == ['modem']
        assert os.listdir(d) == []


def a_link_that_is_no_longer_ours_stays():
    with tempfile.TemporaryDirectory() as d:
        link = os.path.join(d, 'modem')
        with Server('-l', link) as first:
            os.unlink(link)
            os.symlink('/dev/null', link)
            first.process.terminate()
            first.process.wait(20)
            assert os.readlink(link) == '/dev/null'


def what_is_in_the_way_of_a_link_is_kept_and_named():
    with tempfile.TemporaryDirectory() as d:
        name = os.path.join(d, 'precious')
        with open(name, 'w') as f:
            f.write('x')
        for where, word in ((name, 'symbolic link'), (os.path.join(d, 'no/such'), 'directory')):
            try:
                with Server('-l', where):
                    raise RuntimeError('started in spite of it')
            except AssertionError as e:
                assert where in str(e) and word in str(e), e
        assert os.listdir(d) == ['precious'] and os.path.getsize(name) == 1


def signals_leave_no_files():
    for signo in (signal.SIGTERM, signal.SIGINT):
        with tempfile.TemporaryDirectory() as d:
            link = os.path.join(d, 'modem')
            with Server('-l', link) as s:
                with Client(link) as c:
                    c.ask(b'x')
                    s.process.send_signal(signo)
                    assert s.process.wait(20) == 0
                    until('hung up', lambda: not os.path.exists(s.path))
            assert os.listdir(d) == []


def mode_and_group_apply_to_the_path():
    if os.getuid():
        raise Skip('needs root to set a group')
    with Server('-m', '0660', '-g', str(NOBODY)) as s:
        st = os.stat(s.path)
        assert stat.S_IMODE(st.st_mode) == 0o660 and st.st_gid == NOBODY

        def work():
            with Client(s.path) as c:
                c.ask(b'x')
        as_user(NOBODY, work)


def a_thousand_ports_are_one_process():
    count = 1000 if FULL else 200
    with Server('-n', str(count), count=count) as s:
        for path in s.paths[::97]:
            with Client(path) as c:
                assert c.ask(b'x') == b'\r\nx\r\n'


main([a_client_finds_a_raw_line_without_setting_anything,
      the_shell_can_talk_without_stty,
      what_was_written_before_a_close_reaches_the_modem_before_dtr_falls,
      bytes_that_a_busy_modem_has_not_taken_still_reach_it_after_the_close,
      a_process_that_opens_twice_is_gone_when_both_are_closed,
      speed_is_reported_and_b0_is_unknown,
      b0_in_silence_is_a_hang_up_and_a_speed_ends_it,
      b0_hangs_up_whatever_the_last_client_has_left_to_do,
      a_speed_that_was_not_set_is_unknown,
      a_client_that_lives_at_b0_is_not_hung_up,
      a_client_with_echo_on_does_not_bounce_for_ever,
      the_next_client_finds_a_clean_line,
      a_killed_client_leaves_nothing,
      a_client_that_left_in_exclusive_mode_leaves_nothing_to_nobody,
      clients_that_set_and_flush_find_only_their_own,
      clients_that_read_their_answers_never_get_another_s,
      clients_of_many_ports_never_get_another_s,
      a_lock_that_root_bypassed_ends_when_root_closes,
      megabytes_come_out_whole_to_a_slow_reader,
      megabytes_go_in_whole_to_a_slow_modem,
      nobody_there_costs_nothing,
      an_idle_client_costs_next_to_nothing,
      the_port_survives_a_vhangup,
      lost_notices_are_made_up_for,
      the_link_is_made_replaced_and_removed,
      a_device_that_is_unplugged_is_gone_and_comes_back,
      a_client_that_holds_a_dead_device_keeps_its_number,
      a_link_that_is_no_longer_ours_stays,
      what_is_in_the_way_of_a_link_is_kept_and_named,
      signals_leave_no_files,
      mode_and_group_apply_to_the_path,
      a_thousand_ports_are_one_process])
