#!/usr/bin/python3
# Ports that listen (--listen tcp, rfc2217, unix), with a simple responder: what clients that come, go
# and misbehave can rely on.
import os
import re
import select
import signal
import socket
import stat
import tempfile

from ptytest import NOBODY, Client, Net, Server, address, main, until

PATTERN = bytes((i * 7 + (i >> 8) * 13) & 255 for i in range(65536))
PERIOD = 1.5  # seconds over which an idle port must not cost anything
MEGABYTES = 4 << 20
IAC, DONT, DO, WONT, WILL, SB, SE, COM = 255, 254, 253, 252, 251, 250, 240, 44


def pattern(start, size):
    start %= 65536
    return (PATTERN * (size // 65536 + 2))[start:start + size]


def command(*values):
    data = bytes(values).replace(b'\xff', b'\xff\xff')
    return bytes([IAC, SB, COM]) + data + bytes([IAC, SE])


class Telnet(Net):
    """A client of RFC 2217 that has agreed to the option and to binary transmission."""

    def __init__(self, url):
        super().__init__(url)
        self.send(bytes([IAC, WILL, COM, IAC, WILL, 0, IAC, DO, 0]))
        self.told = []
        self.text = b''
        self.left = b''
        self.answer(107)

    def take(self, more):
        """Sorts what has come: text, and commands of the option as lists of values."""
        self.left += more
        while self.left:
            if self.left[0] != IAC:
                n = (self.left + b'\xff').index(IAC)
                self.text += self.left[:n]
                self.left = self.left[n:]
            elif self.left[1:2] == b'\xff':
                self.text += b'\xff'
                self.left = self.left[2:]
            elif self.left[1:2] == bytes([SB]):
                found = re.match(rb'\xff\xfa,((?:[^\xff]|\xff\xff)*)\xff\xf0', self.left, re.S)
                if not found:
                    return
                self.told.append(list(found.group(1).replace(b'\xff\xff', b'\xff')))
                self.left = self.left[found.end():]
            elif len(self.left) < 3:
                return
            else:
                self.left = self.left[3:]

    def until(self, what, condition):
        while not condition():
            more = self.socket.recv(65536)
            assert more, f'closed before {what}'
            self.take(more)

    def answer(self, code):
        """The next command with that code; those before it are forgotten."""
        self.until(f'command {code}', lambda: any(t[0] == code for t in self.told))
        while self.told[0][0] != code:
            self.told.pop(0)
        return self.told.pop(0)[1:]

    def set(self, *values):
        self.send(command(*values))
        return self.answer(values[0] + 100)

    def ask(self, word):
        self.send(word + b'\r')
        end = b'\r\n' + word + b'\r\n'
        self.until(word, lambda: self.text.endswith(end))
        got, self.text = self.text, b''
        return got


def tcp(*args):
    return Server('-v', '-s', 'tcp:0', *args)


def rfc2217(*args):
    return Server('-v', '-s', 'rfc2217:0', *args)


def refused(url):
    """The text that a client is refused with."""
    with Net(url) as c:
        return c.rest().decode()


# ---- bytes

def bytes_pass_as_they_are():
    for kind, scheme in (('tcp:0', 'socket'), ('tcp:[::1]:0', 'socket'), ('unix:modem', '')):
        with tempfile.TemporaryDirectory() as d:
            where = kind.replace('unix:', f'unix:{d}/')
            try:
                s = Server('-s', where)
            except AssertionError:
                if '::1' in kind and not os.path.exists('/proc/net/if_inet6'):
                    continue
                raise
            with s:
                assert s.path.startswith(f'{scheme}://' if scheme else d), s.path
                with Net(s.path) as c:
                    assert c.ask(b'AT') == b'\r\nAT\r\n'
                    c.send(b'FLOOD 65536\r')
                    assert c.read_until(pattern(65500, 36)) == pattern(0, 65536)
                    c.send(b'SINK 65536\r' + pattern(0, 65536))
                    assert c.read_until(b'65536\r\n') == b'\r\nSUNK 65536\r\n'


def megabytes_come_whole_to_a_slow_reader():
    with tcp() as s, Net(s.path) as c:
        c.send(b'FLOOD %d\r' % MEGABYTES)
        got = 0
        while got < MEGABYTES:
            more = c.socket.recv(3000 if got < 100000 else 65536)
            assert more == pattern(got, len(more)), f'at {got}'
            got += len(more)
        assert c.ask(b'on') == b'\r\non\r\n'


def megabytes_go_whole_to_a_slow_modem():
    for server, client in ((tcp, Net), (rfc2217, Telnet)):
        with server() as s, client(s.path) as c:
            data = pattern(0, 300000)
            c.send(b'SINK 300000\r' + (data.replace(b'\xff', b'\xff\xff') if client is Telnet else data))
            if client is Telnet:
                c.until('the end', lambda: c.text.endswith(b'SUNK 300000\r\n'))
            else:
                c.read_until(b'SUNK 300000\r\n')


def a_modem_that_takes_nothing_stops_the_client():
    with tcp() as s, Net(s.path) as c:
        c.send(b'STALL 600000\r')
        s.expect('dtr 1', 'line STALL 600000')
        c.socket.setblocking(False)
        sent = 0

        def full():
            nonlocal sent
            try:
                sent += c.socket.send(b'x' * 65536)
                return False
            except BlockingIOError:
                return not select.select([], [c.socket], [], 0.3)[1]
        until('the client is stopped', full)
        assert s.rss_kb() < 100000, s.rss_kb()  # 8 MB without a sanitizer; nothing is hoarded
        cpu, wakes = s.cost_over(PERIOD)
        assert cpu < 0.02 and wakes < 10, (cpu, wakes)


def what_is_said_while_nobody_is_there_is_lost():
    with tcp() as s:
        with Net(s.path) as c:
            c.send(b'LATER 300\r')
            s.expect('dtr 1', 'line LATER 300')
        s.expect('dtr 0')
        with Net(s.path) as c:
            assert c.ask(b'A') == b'\r\nA\r\n'


# ---- clients that come and go

def what_was_sent_before_a_close_reaches_the_modem_before_dtr_falls():
    for server in (tcp, rfc2217):
        with server() as s:
            for i in range(50):
                with Net(s.path) as c:
                    c.send(b'A%d\rB%d\r' % (i, i))
                if server is rfc2217:
                    s.expect('rts 1')
                s.expect('dtr 1', f'line A{i}', f'line B{i}', 'dtr 0')


def bytes_that_wait_for_the_modem_reach_it_before_the_next_client():
    with tcp() as s:
        with Net(s.path) as c:
            c.send(b'STALL 500\rfirst\r')
        with Net(s.path) as c:
            assert c.ask(b'second') == b'\r\nsecond\r\n'
        s.expect('dtr 1', 'line STALL 500', 'line first', 'dtr 0', 'dtr 1', 'line second', 'dtr 0')


def the_next_client_finds_the_port_at_once():
    with tcp() as s:
        for _ in range(100):
            with Net(s.path) as c:
                assert c.ask(b'A') == b'\r\nA\r\n'
        s.expect(*('dtr 1', 'line A', 'dtr 0') * 100)


def a_second_client_is_refused_and_told_why():
    with tcp() as s, Net(s.path) as first:
        name = '%s:%d' % first.socket.getsockname()
        assert first.ask(b'A') == b'\r\nA\r\n'
        for _ in range(30):
            assert refused(s.path) == f'fauxtrack: {s.path} is in use by {name}; one client at a time\r\n'
        assert first.ask(b'B') == b'\r\nB\r\n'
        s.expect('dtr 1', 'line A', 'line B')
        until('the refused are closed', lambda: len(os.listdir(f'/proc/{s.pid}/fd')) < 14)


def a_refused_client_reads_why_though_it_sends():
    with tcp() as s, Net(s.path):
        s.expect('dtr 1')
        for _ in range(30):
            with Net(s.path) as c:
                c.send(b'AT\r')
                assert 'in use by' in c.rest().decode()


def a_client_that_ends_its_sending_half_hears_the_answers():
    with tempfile.TemporaryDirectory() as d:
        for where in ('tcp:0', f'unix:{d}/modem'):
            with Server('-v', '-s', where) as s:
                with Net(s.path) as c:
                    c.send(b'LATER 400\r')
                    c.socket.shutdown(socket.SHUT_WR)
                    assert c.rest() == b'\r\nLATER\r\n'
                s.expect('dtr 1', 'line LATER 400', 'dtr 0')


def a_half_closed_client_gives_way_to_the_next():
    with tcp() as s, Net(s.path) as first:
        first.send(b'A\r')
        first.socket.shutdown(socket.SHUT_WR)
        s.expect('dtr 1', 'line A')
        with Net(s.path) as second:
            assert second.ask(b'B') == b'\r\nB\r\n'
        assert first.rest() == b'\r\nA\r\n'
        s.expect('dtr 0', 'dtr 1', 'line B', 'dtr 0')


def a_reset_is_an_end_too():
    with tcp() as s:
        with Net(s.path) as c:
            c.send(b'RING 20\r')
            s.expect('dtr 1', 'line RING 20')
            c.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\1\0\0\0\0\0\0\0')
        s.expect('dtr 0')
        with Net(s.path) as c:
            assert c.ask(b'A') == b'\r\nA\r\n'


def a_client_that_reads_nothing_and_closes_is_gone():
    with tcp() as s:
        with Net(s.path) as c:
            c.send(b'FLOOD 100000000\r')
            c.socket.recv(1)
        s.expect('dtr 1', 'line FLOOD 100000000', 'dtr 0')
        with Net(s.path) as c:
            assert c.ask(b'A') == b'\r\nA\r\n'


def a_peer_that_vanishes_is_watched_for():
    """The kernel's keepalive timer of the server's end runs (timer 2 in /proc/net/tcp)."""
    with tcp() as s, Net(s.path) as c:
        assert c.ask(b'A') == b'\r\nA\r\n'
        port = '%04X' % address(s.path)[1]

        def watched():
            with open('/proc/net/tcp', encoding='ascii') as f:
                rows = [line.split() for line in f]
            return [r for r in rows if r[1].endswith(':' + port) and r[3] == '01' and r[5].startswith('02:')]
        until('keepalive', watched)


def an_idle_port_costs_nothing():
    for server, client in ((tcp, Net), (rfc2217, Telnet)):
        with server() as s:
            cpu, wakes = s.cost_over(PERIOD)
            assert cpu < 0.01 and wakes < 4, ('nobody', cpu, wakes)
            with client(s.path) as c:
                assert c.ask(b'A') == b'\r\nA\r\n'
                cpu, wakes = s.cost_over(PERIOD)
                assert cpu < 0.01 and wakes < 4, ('a client', cpu, wakes)


def nothing_is_left_of_many_clients():
    with tcp() as s:
        before = None
        for i in range(300):
            with Net(s.path) as c:
                assert c.ask(b'A') == b'\r\nA\r\n'
            if i == 100:
                before = s.rss_kb()
        until('its descriptors are closed', lambda: len(os.listdir(f'/proc/{s.pid}/fd')) < 14)
        assert s.rss_kb() < before + 500, (before, s.rss_kb())


# ---- plugging

def an_unplugged_port_cuts_its_client_and_comes_back_at_its_address():
    with tempfile.TemporaryDirectory() as d:
        for where in ('tcp:0', 'rfc2217:0', f'unix:{d}/modem'):
            with Server('-s', where) as s:
                for _ in range(10):
                    with Net(s.path) as c:
                        c.send(b'UNPLUG\r')
                        c.rest()
                    try:
                        Net(s.path)
                        raise AssertionError('it listens although unplugged')
                    except (ConnectionRefusedError, FileNotFoundError):
                        pass
                    os.kill(s.pid, signal.SIGUSR1)

                    def back():
                        try:
                            return Net(s.path)
                        except (ConnectionRefusedError, FileNotFoundError):
                            return None
                    with until('it listens again', back) as c:
                        c.send(b'again\r')
                        c.read_until(b'again\r\n')
                    if s.path.startswith(d):
                        assert os.path.exists(s.path)
            assert not os.listdir(d)


# ---- paths

def fails(*args):
    """How the server ends that cannot start: its standard error."""
    try:
        with Server(*args):
            pass
    except AssertionError as e:
        return str(e)
    raise AssertionError('it has started')


def a_path_has_its_mode_and_group_and_is_removed():
    with tempfile.TemporaryDirectory() as d:
        path = d + '/modem'
        with Server('-s', f'unix:{path}'):
            assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
        assert not os.listdir(d)
        group = NOBODY if os.getuid() == 0 else os.getgid()
        with Server('-s', f'unix:{path}', '-m', '0660', '-g', str(group)):
            assert stat.S_IMODE(os.stat(path).st_mode) == 0o660
            assert os.stat(path).st_gid == group
        assert not os.listdir(d)


def what_is_in_the_way_of_a_path_is_kept_and_named():
    with tempfile.TemporaryDirectory() as d:
        path = d + '/modem'
        with Server('-v', '-s', f'unix:{path}') as s:
            error = fails('-s', f'unix:{path}')
            assert f'{path} is served by the process with pid {s.pid}; end it, or use another path' in error, error
            with Net(path) as c:
                assert c.ask(b'A') == b'\r\nA\r\n'
            # who looked was no client
            s.expect('dtr 1', 'line A', 'dtr 0')
            os.kill(s.pid, signal.SIGKILL)
            s.process.wait()
            assert os.path.exists(path)
            # a socket of a dead program is replaced
            with Server('-s', f'unix:{path}') as t, Net(t.path) as c:
                assert c.ask(b'B') == b'\r\nB\r\n'
            s.process.returncode = 0
        with open(path, 'w', encoding='ascii') as f:
            f.write('mine')
        assert 'is not a socket; use another path' in fails('-s', f'unix:{path}')
        assert os.path.exists(path)


def a_path_that_is_no_longer_ours_stays():
    with tempfile.TemporaryDirectory() as d:
        path = d + '/modem'
        with Server('-s', f'unix:{path}'), socket.socket(socket.AF_UNIX) as other:
            os.unlink(path)
            other.bind(path)
        assert os.path.exists(path)


def a_port_in_use_is_named():
    with tcp() as s:
        host, port = address(s.path)
        error = fails('-s', f'tcp:{port}')
        assert f'{host} port {port}: Address already in use; give another port, or 0' in error, error


def other_machines_are_warned_of():
    with Server('-s', 'tcp:0.0.0.0:0') as s:
        pass
    assert 'every machine that reaches this address can use the modem' in s.error, s.error
    with Server('-s', 'tcp:127.0.0.2:0') as s:
        pass
    assert 'every machine' not in s.error, s.error


# ---- RFC 2217

def the_client_s_settings_and_lines_reach_the_modem():
    with rfc2217() as s:
        for again in (True, False):
            with Telnet(s.path) as c:
                s.expect('rts 1', 'dtr 1')
                assert c.set(1, 0, 0, 0x25, 0x80) == [0, 0, 0x25, 0x80]
                assert c.set(2, 7) == [7] and c.set(3, 3) == [3] and c.set(4, 2) == [2]
                s.expect('speed 9600', 'speed 9600 7N1 flow 0', 'speed 9600 7E1 flow 0', 'speed 9600 7E2 flow 0')
                assert c.set(5, 3) == [3]
                s.expect('speed 9600 7E2 flow 2')
                assert c.set(5, 9) == [9] and c.set(5, 12) == [12] and c.set(5, 5) == [5] and c.set(5, 6) == [6]
                s.expect('dtr 0', 'rts 0', 'break')
                # a client without DTR is a client
                assert c.ask(b'A') == b'\r\nA\r\n'
                assert 'in use by' in refused(s.path)
                assert c.set(5, 8) == [8]
                s.expect('line A', 'dtr 1')
            s.expect('dtr 0')
            if again:
                with Telnet(s.path):
                    s.expect('speed 0', 'rts 1', 'dtr 1')
                s.expect('dtr 0')


def the_modem_s_lines_reach_the_client():
    with rfc2217() as s, Telnet(s.path) as c:
        c.send(b'LINES 1\r')
        assert c.answer(107) == [128 | 8]
        c.send(b'LINES 13\r')
        assert c.answer(107) == [128 | 64 | 16 | 1]
        c.send(b'LINES 0\r')
        assert c.answer(107) == [8 | 4 | 1]
        c.send(b'LINES 2\r')
        assert c.answer(107) == [32 | 2]
    # a client that comes later learns of what holds
    with rfc2217() as s:
        with Telnet(s.path) as c:
            c.send(b'LINES 10\r')
            c.answer(107)
        with Net(s.path) as c:
            c.send(bytes([IAC, WILL, COM]))
            c.read_until(command(107, 32 | 16))


def a_suspended_client_gets_nothing_until_it_resumes():
    with rfc2217() as s, Telnet(s.path) as c:
        c.send(command(8) + b'A\r' + command(5, 7))
        s.expect('rts 1', 'dtr 1', 'line A')
        assert not select.select([c.socket], [], [], 0.3)[0]
        cpu, wakes = s.cost_over(PERIOD)
        assert cpu < 0.01 and wakes < 4, (cpu, wakes)
        c.send(command(9))
        c.until('the answer', lambda: c.text == b'\r\nA\r\n')
        assert c.answer(105) == [8]


def a_suspended_client_that_asks_on_is_answered():
    with rfc2217() as s, Telnet(s.path) as c:
        c.send(command(8) + command(0) * 3000)
        c.until('all answers', lambda: len(c.told) == 3000)
        assert c.ask(b'A') == b'\r\nA\r\n'


def lines_are_heard_while_the_modem_takes_nothing():
    with rfc2217() as s, Telnet(s.path) as c:
        c.send(b'STALL 600000\r' + b'x' * 5000 + command(5, 12))
        s.expect('rts 1', 'dtr 1', 'line STALL 600000', 'rts 0')
        assert c.answer(105) == [12]
        # and what waits for the modem can be purged
        assert c.set(12, 2) == [2]


def purging_drops_what_waits_for_the_client():
    with rfc2217() as s, Telnet(s.path) as c:
        c.send(command(8) + b'FLOOD 5000\rA\r')
        s.expect('rts 1', 'dtr 1', 'line FLOOD 5000', 'line A')
        c.send(command(12, 1) + command(9) + b'B\r')
        c.until('the answer', lambda: c.text.endswith(b'\r\nB\r\n'))
        assert c.text == b'\r\nB\r\n', c.text
        assert c.answer(112) == [1]


def a_client_by_hand_needs_no_options():
    """As the program telnet with a person: it refuses what it does not know, CR is CR NUL."""
    with rfc2217() as s, Net(s.path) as c:
        c.read_until(bytes([IAC, DO, COM]))
        c.send(bytes([IAC, DO, 1, IAC, DO, 3, IAC, WILL, 3, IAC, DONT, 0, IAC, WONT, 0, IAC, WONT, COM]))
        c.send(b'AT\r\0')
        assert c.read_until(b'AT\r\n') == b'\r\nAT\r\n'
        c.send(bytes([IAC, 246]))
        c.read_until(b'[yes]\r\n')
        c.send(bytes([IAC, 243]))
        s.expect('rts 1', 'dtr 1', 'line AT', 'break')


# ---- beside a pty

def both(d):
    return Server('-v', '-s', 'rfc2217:0', '-l', d + '/modem')


def a_pty_beside_it_is_the_same_modem():
    with tempfile.TemporaryDirectory() as d, both(d) as s:
        with Client(d + '/modem') as c:
            assert c.ask(b'A') == b'\r\nA\r\n'
            s.expect('dtr 1', 'line A')
            assert f'in use by a client of {os.readlink(d + "/modem")}' in refused(s.path)
        s.expect('dtr 0')
        with Telnet(s.path) as c:
            assert c.ask(b'B') == b'\r\nB\r\n'
            s.expect('rts 1', 'dtr 1', 'line B')
            assert c.set(5, 12) == [12]
        s.expect('rts 0', 'dtr 0')
        # a pty has no RTS, so its client is not stopped by the last one's
        with Client(d + '/modem') as c:
            assert c.ask(b'C') == b'\r\nC\r\n'
        s.expect('rts 1', 'dtr 1', 'line C', 'dtr 0')


def a_client_of_the_pty_waits_for_the_other_one():
    with tempfile.TemporaryDirectory() as d, both(d) as s:
        with Telnet(s.path) as first, Client(d + '/modem') as second:
            assert first.ask(b'A') == b'\r\nA\r\n'
            second.send(b'B\r')
            assert first.set(5, 9) == [9]
            assert first.ask(b'C') == b'\r\nC\r\n'
            first.close()
            assert second.read_until(b'B\r\n') == b'\r\nB\r\n'
        s.expect('rts 1', 'dtr 1', 'line A', 'dtr 0', 'line C', 'rts 1', 'dtr 1', 'line B', 'dtr 0')


def both_are_unplugged():
    with tempfile.TemporaryDirectory() as d, both(d) as s:
        with Telnet(s.path) as c:
            c.send(b'UNPLUG\r')
            c.rest()
        until('the link is gone', lambda: not os.path.lexists(d + '/modem'))
        os.kill(s.pid, signal.SIGUSR1)
        until('the link is back', lambda: os.path.exists(d + '/modem'))
        with Client(d + '/modem') as c:
            assert c.ask(b'A') == b'\r\nA\r\n'
        s.expect('rts 1', 'dtr 1', 'line UNPLUG', 'dtr 0', 'rts 1', 'dtr 1', 'line A', 'dtr 0')
        with Telnet(s.path) as c:
            assert c.ask(b'B') == b'\r\nB\r\n'


if __name__ == '__main__':
    main([bytes_pass_as_they_are,
          megabytes_come_whole_to_a_slow_reader,
          megabytes_go_whole_to_a_slow_modem,
          a_modem_that_takes_nothing_stops_the_client,
          what_is_said_while_nobody_is_there_is_lost,
          what_was_sent_before_a_close_reaches_the_modem_before_dtr_falls,
          bytes_that_wait_for_the_modem_reach_it_before_the_next_client,
          the_next_client_finds_the_port_at_once,
          a_second_client_is_refused_and_told_why,
          a_refused_client_reads_why_though_it_sends,
          a_client_that_ends_its_sending_half_hears_the_answers,
          a_half_closed_client_gives_way_to_the_next,
          a_reset_is_an_end_too,
          a_client_that_reads_nothing_and_closes_is_gone,
          a_peer_that_vanishes_is_watched_for,
          an_idle_port_costs_nothing,
          nothing_is_left_of_many_clients,
          an_unplugged_port_cuts_its_client_and_comes_back_at_its_address,
          a_path_has_its_mode_and_group_and_is_removed,
          what_is_in_the_way_of_a_path_is_kept_and_named,
          a_path_that_is_no_longer_ours_stays,
          a_port_in_use_is_named,
          other_machines_are_warned_of,
          the_client_s_settings_and_lines_reach_the_modem,
          the_modem_s_lines_reach_the_client,
          a_suspended_client_gets_nothing_until_it_resumes,
          a_suspended_client_that_asks_on_is_answered,
          lines_are_heard_while_the_modem_takes_nothing,
          purging_drops_what_waits_for_the_client,
          a_client_by_hand_needs_no_options,
          a_pty_beside_it_is_the_same_modem,
          a_client_of_the_pty_waits_for_the_other_one,
          both_are_unplugged])
