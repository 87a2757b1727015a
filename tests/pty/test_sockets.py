#!/usr/bin/python3
"""test_sockets.py FAUXTRACK: WIPsoft's sockets from a host at the port to real programs on loopback: the dialogues of
profiles/reference/wip.md, octets whole in both directions, who may be reached, and what ends a socket. The rules are
tested by tests/unit/test_sockets.c and test_sockets_rules.c."""
import contextlib
import hashlib
import http.server
import json
import os
import re
import resource
import select
import socket
import struct
import subprocess
import threading
import time

import ptytest
from ptytest import DEADLINE, FOLDER, FULL, Client, Run, fauxtrack, main, until
from wip_host import OK, WIP, Host, escaped, modem, plain

CONNECT = b'\r\nCONNECT\r\n'
LOCAL = '127.0.0.1'
PATTERN = bytes(range(256)) + b'+++\rAT+CPOF=1\r+++\x03\x10\x03\x10\x10'


def pattern(size, start=0):
    return (PATTERN * (size // len(PATTERN) + 2))[start:start + size]


def digest(data):
    return len(data), hashlib.sha256(data).hexdigest()


class Peer:
    """A server on loopback."""

    def __init__(self, kind=socket.SOCK_STREAM):
        self.listener = socket.socket(socket.AF_INET, kind)
        self.listener.settimeout(DEADLINE)
        self.listener.bind((LOCAL, 0))
        if kind == socket.SOCK_STREAM:
            self.listener.listen(16)
        self.port = self.listener.getsockname()[1]
        self.clients = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for s in self.clients + [self.listener]:
            s.close()

    def accept(self):
        s, _ = self.listener.accept()
        s.settimeout(DEADLINE)
        self.clients.append(s)
        return s


def read_all(s, size):
    got = bytearray()
    while len(got) < size:
        more = s.recv(65536)
        assert more, f'closed after {len(got)} of {size} octets'
        got += more
    return bytes(got)


def is_closed(s):
    """No more octets come, then the end."""
    assert s.recv(100) == b''


def reset(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    s.close()


@contextlib.contextmanager
def connected(*options, mode=1, speed='max'):
    """A modem with socket 2,1 to a server, in data mode."""
    with Peer() as peer, modem('--forward', f'tcp:www.example:80={LOCAL}:{peer.port}', *options, speed=speed) as (r, host):
        host.create('2,1,"www.example",80')
        host.data(f'2,1,{mode}')
        yield r, host, peer.accept()


def listens(r, how, protocol):
    """Where its --forward listen: of port 80 listens, as it says."""
    line = r.process.stderr.readline().decode()
    return int(re.fullmatch(rf'fauxtrack: who {how} 127.0.0.1:(\d+) reaches {protocol} port 80 of modem 1\n', line).group(1))


def in_background(work):
    t = threading.Thread(target=work)
    t.start()
    return t


# ---- dialogues of hosts ------------------------------------------------------------------------------

PAGE = bytes(i * 7 % 251 for i in range(20000))


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_):
        pass


def d1_d2_a_page_by_http_and_the_server_closes():
    server = http.server.ThreadingHTTPServer((LOCAL, 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with modem('--forward', f'tcp:www.example.org:80={LOCAL}:{server.server_port}') as (_, host):
        host.create('2,1,"www.example.org",80')
        host.data()
        host.client.send(b'GET /path HTTP/1.1\r\nHost: www.example.org\r\nConnection: close\r\n\r\n')
        got = host.until_text(b'\r\nSHUTDOWN\r\n')
        assert plain(got).endswith(b'\r\n\r\n' + PAGE + b'\r\nSHUTDOWN\r\n'), (len(got), got[:100])
        host.pluses('+WIPPEERCLOSE: 2,1', 'OK')
        host.ok('AT+WIPCLOSE=2,1', 'AT+WIPCFG=0')
    server.shutdown()
    server.server_close()


def d4_a_terminal_closes_by_etx():
    with connected() as (_, host, s):
        host.client.send(b'AB\x10\x03\x10\x10')
        assert read_all(s, 4) == b'AB\x03\x10'
        s.sendall(b'\x03')
        assert host.read(2) == b'\x10\x03'
        host.client.send(b'\x03')
        is_closed(s)
        s.close()
        assert host.until_text(b'SHUTDOWN\r\n') == b'\r\nSHUTDOWN\r\n'
        select.select([], [], [], 1.1)
        host.client.send(b'+++')
        assert host.until_text(OK) in (OK, b'\r\n+WIPPEERCLOSE: 2,1\r\n' + OK)
        host.ok('AT+WIPCLOSE=2,1')


def d5_a_reset_by_the_peer():
    with connected() as (_, host, s):
        s.sendall(b'last')
        assert host.read(4) == b'last'
        reset(s)
        assert host.read(1) == b'\x03'
        host.hear('+CME ERROR: 843')
        host.ok('AT', 'AT+WIPCLOSE=2,1')


def d6_udp_of_an_autopilot_with_restarts():
    with Peer(socket.SOCK_DGRAM) as peer, modem('--forward', f'udp:192.0.2.10:14550={LOCAL}:{peer.port}') as (_, host):
        for _ in range(3):
            host.say('AT+WIPCFG=1', '+CME ERROR: 844')
            host.client.send(b'AT+WIPCLOSE=1,1\r')
            assert host.line() in ('OK', '+CME ERROR: 830', '+CME ERROR: 831')
            host.ok('AT+WIPBR=0,6', 'AT+WIPBR=1,6', 'AT+WIPBR=2,6,11,"apn"', 'AT+WIPBR=4,6,0')
            host.create('1,1,14555,"192.0.2.10",14550', '1,1')
            host.data('1,1,1')
            host.client.send(b'beat\x03')
            host.hear('OK')
            data, where = peer.listener.recvfrom(2000)
            assert data == b'beat'
            peer.listener.sendto(b'go left', where)
            host.hear('+WIPDATA: 1,1,7,"192.0.2.10",14550')
            host.data('1,1,1')
            assert host.read(7) == b'go left'
            host.pluses()


def d7_a_udp_listener():
    with modem('--forward', f'listen:udp:80={LOCAL}:0') as (r, host):
        port = listens(r, 'sends to', 'UDP')
        host.create('1,1,80', '1,1')
        mine = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        mine.settimeout(DEADLINE)
        mine.bind((LOCAL, 0))
        mine.sendto(b'status, now?', (LOCAL, port))
        at = mine.getsockname()[1]
        host.hear(f'+WIPDATA: 1,1,12,"10.0.2.2",{at}')
        host.data('1,1,1')
        assert host.read(12) == b'status, now?'
        host.pluses()
        # to answer, a second socket has the peer's address
        host.create(f'1,2,,"10.0.2.2",{at}', '1,2')
        host.data('1,2,1')
        host.client.send(b'good\x03')
        host.hear('OK')
        assert mine.recv(100) == b'good'
        mine.close()


def is_reset(port):
    """A connection there is reset, perhaps before connect() has returned."""
    try:
        with socket.create_connection((LOCAL, port), DEADLINE) as s:
            got = s.recv(1)
    except ConnectionResetError:
        return
    raise AssertionError(f'not reset: {got}')


def d11_a_tcp_server():
    with modem('--forward', f'listen:tcp:80={LOCAL}:0') as (r, host):
        port = listens(r, 'connects to', 'TCP')
        host.ok('AT+WIPCREATE=3,1,80,5,8')
        client = socket.create_connection((LOCAL, port), DEADLINE)
        host.hear('+WIPACCEPT: 1,5')
        host.say('AT+WIPCREATE=2,6,"192.0.2.10",80', '+CME ERROR: 845')
        client.sendall(b'GET')
        host.hear('+WIPDATA: 2,5,3')
        host.data('2,5,1')
        assert host.read(3) == b'GET'
        host.client.send(b'page')
        assert read_all(client, 4) == b'page'
        host.pluses()
        more = [socket.create_connection((LOCAL, port), DEADLINE) for _ in range(3)]
        host.hear('+WIPACCEPT: 1,6', '+WIPACCEPT: 1,7', '+WIPACCEPT: 1,8')
        is_reset(port)  # the range is full
        host.ok('AT+WIPCLOSE=2,5')
        is_closed(client)
        host.ok('AT+WIPCLOSE=2,6', 'AT+WIPCLOSE=2,7', 'AT+WIPCLOSE=2,8', 'AT+WIPCLOSE=3,1')
        for s in more + [client]:
            s.close()
        is_reset(port)  # nobody serves it now
        host.ok('AT+WIPCREATE=3,1,80,5,8')


def d12_the_server_is_dead_at_first():
    with Peer() as peer, modem('--forward', f'tcp:192.0.2.10:5000={LOCAL}:{peer.port}') as (_, host):
        peer.listener.close()
        host.say('AT+WIPCREATE=2,1,"192.0.2.10",5000', 'OK / +CME ERROR: 843')
        host.ok('AT+WIPCLOSE=2,1')
        again = socket.create_server((LOCAL, peer.port))
        for n in range(3):
            host.create('2,1,"192.0.2.10",5000')
            host.data()
            s, _ = again.accept()
            host.client.send(b'sale %d' % n)
            assert read_all(s, 6) == b'sale %d' % n
            host.pluses()
            # the bearer stays up for the next sale
            host.ok('AT+WIPCLOSE=2,1')
            is_closed(s)
            s.close()
        again.close()


def a_ping_finds_names_and_nothing_else():
    with modem('--forward', f'tcp:www.example:80={LOCAL}:9') as (_, host):
        for who in ('www.example', '10.0.2.100', '10.0.2.2'):
            host.ok(f'AT+WIPPING="{who}"')
            assert re.fullmatch(r'\+WIPPING: 0,0,\d+', host.line())
        host.ok('AT+WIPPING="127.0.0.1",1,100,100')
        assert host.line() == '+WIPPING: 1,0,0'


# ---- octets ------------------------------------------------------------------------------------------

SIZE = (2 << 20) if FULL else (192 << 10)


def octets_arrive_whole_in_both_directions_at_the_same_time():
    up, down = pattern(SIZE), pattern(SIZE, 100)
    for mode, in_line, as_line in ((1, escaped, plain), (2, bytes, bytes)):
        with connected(mode=mode) as (_, host, s):
            there = []
            work = [in_background(lambda: s.sendall(down)), in_background(lambda: host.client.send(in_line(up))),
                    in_background(lambda: there.append(read_all(s, SIZE)))]
            here = host.read(len(in_line(down)))
            for t in work:
                t.join()
            assert digest(as_line(here)) == digest(down), (mode, 'from the peer')
            assert digest(there[0]) == digest(up), (mode, 'to the peer')


def a_peer_that_reads_slowly_stops_the_host():
    with connected(mode=2) as (_, host, s):
        data = pattern(SIZE * 2 if FULL else 1 << 20)
        sent = [0]

        def send():
            for i in range(0, len(data), 4096):
                host.client.send(data[i:i + 4096])
                sent[0] = i + 4096
        work = in_background(send)
        last = -1
        while sent[0] != last:  # until it is stopped
            last = sent[0]
            select.select([], [], [], 0.5)
        held = sent[0]
        assert held < len(data), 'the host was not stopped'
        assert digest(read_all(s, len(data))) == digest(data)
        work.join()


def a_host_that_does_not_read_stops_the_peer():
    with connected(mode=2) as (_, host, s):
        data = pattern(1 << 20)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
        s.setblocking(False)
        sent = 0
        while select.select([], [s], [], 0.5)[1]:
            sent += s.send(data[sent:sent + 16384])
            assert sent < len(data), 'the peer was not stopped'
        s.setblocking(True)
        work = in_background(lambda: s.sendall(data[sent:]))
        assert digest(host.read(len(data))) == digest(data)
        work.join()


def at_the_speed_of_the_line_octets_arrive_whole():
    data = pattern(16 << 10)
    with connected('--line', 'real', mode=2, speed='1') as (_, host, s):
        there = []
        work = [in_background(lambda: s.sendall(data)), in_background(lambda: there.append(read_all(s, len(data))))]
        host.client.send(data[:8192])
        here = host.read(len(data))
        host.client.send(data[8192:])
        for t in work:
            t.join()
        assert digest(here) == digest(data) and digest(there[0]) == digest(data)


def eight_sockets_of_tcp_and_eight_of_udp_at_once():
    with Peer() as tcp, Peer(socket.SOCK_DGRAM) as udp, \
            modem('--forward', f'tcp:plc:502={LOCAL}:{tcp.port}', '--forward', f'udp:plc:503={LOCAL}:{udp.port}') as (r, host):
        peers = []
        for i in range(1, 9):
            host.create(f'2,{i},"plc",502', f'2,{i}')
            peers.append(tcp.accept())
        for i in range(1, 9):
            host.create(f'1,{i},{7000 + i},"plc",503', f'1,{i}')
        for i, s in enumerate(peers, 1):
            s.sendall(pattern(9000, i))
            assert host.line().startswith(f'+WIPDATA: 2,{i},')
        for i, s in enumerate(peers, 1):
            host.data(f'2,{i},2')
            assert digest(host.read(9000)) == digest(pattern(9000, i)), i
            host.client.send(b'from %d' % i)
            assert read_all(s, 6) == b'from %d' % i
            host.pluses()
        for i in range(1, 9):
            host.data(f'1,{i},1')
            host.client.send(b'udp %d\x03' % i)
            host.hear('OK')
            data, where = udp.listener.recvfrom(100)
            assert data == b'udp %d' % i
            udp.listener.sendto(data, where)
            host.hear(f'+WIPDATA: 1,{i},5,"plc",503'.replace('plc', '10.0.2.100'))
        got = json.loads(fauxtrack('ctl', '--control', r.socket, 'net', '--json').stdout)['sockets']
        assert got['tcp'] == got['udp'] == 8 and got['opened'] == 16 and got['to_peers_octets'] == 88, got
        # one command ends all
        host.ok('AT+WIPCFG=0')
        for s in peers:
            is_closed(s)
        got = json.loads(fauxtrack('ctl', '--control', r.socket, 'net', '--json').stdout)['sockets']
        assert got['tcp'] == got['udp'] == 0, got


def three_ports_in_data_mode_at_once():
    links = [os.path.join(FOLDER.name, name) for name in ('uart1', 'uart2', 'usb')]
    with Peer() as peer, Run('--speed', 'max', *WIP, '--port', 'uart2,usb', '--link', os.path.join(FOLDER.name, '{port}'),
                             '--forward', f'tcp:plc:502={LOCAL}:{peer.port}'), contextlib.ExitStack() as open_ports:
        hosts = [Host(open_ports.enter_context(Client(path))) for path in links]
        hosts[0].bearer()
        hosts[0].ok('AT+WMFM=0,1,2;+WMFM=0,1,3')
        for host in hosts[1:]:
            host.client.send(b'ATE0\r')
            host.client.read_until(OK)
        peers = []
        for i, host in enumerate(hosts, 1):
            hosts[0].create(f'2,{i},"plc",502', f'2,{i}')
            peers.append(peer.accept())
        for i, host in enumerate(hosts, 1):
            host.client.get()
            host.data(f'2,{i},2')
        size = SIZE // 4
        there = [b''] * 3

        def take(i):
            there[i] = read_all(peers[i], size)
        work = [in_background(lambda i=i: hosts[i].client.send(pattern(size, i))) for i in range(3)]
        work += [in_background(lambda i=i: peers[i].sendall(pattern(size, 10 + i))) for i in range(3)]
        work += [in_background(lambda i=i: take(i)) for i in range(3)]
        here = [host.read(size) for host in hosts]
        for t in work:
            t.join()
        for i in range(3):
            assert digest(here[i]) == digest(pattern(size, 10 + i)), i
            assert digest(there[i]) == digest(pattern(size, i)), i


# ---- what ends a socket ------------------------------------------------------------------------------

def a_server_that_is_killed_in_the_middle_is_the_end():
    with connected(mode=1) as (_, host, s):
        stop = threading.Event()

        def flood():
            with contextlib.suppress(OSError):
                while not stop.is_set():
                    s.sendall(b'x' * 1000)
        work = in_background(flood)
        assert host.read(100000) == b'x' * 100000
        stop.set()
        # what the peer has sent, then its end; then what the host sends is answered by a reset
        s.shutdown(socket.SHUT_RDWR)
        work.join()
        reset(s)
        got = b''
        end = time.monotonic() + DEADLINE
        while not got.endswith((b'\r\nSHUTDOWN\r\n', b'+CME ERROR: 843\r\n')) and time.monotonic() < end:
            select.select([host.client.fd], [], [], 0.1)
            got += host.client.get()
        assert got.lstrip(b'x') in (b'\r\nSHUTDOWN\r\n', b'\x03\r\n+CME ERROR: 843\r\n'), got[-100:]
        if got.endswith(b'SHUTDOWN\r\n'):
            host.pluses('+WIPPEERCLOSE: 2,1', 'OK')
        host.ok('AT+WIPCLOSE=2,1')


def a_reset_while_the_host_uploads():
    with connected(mode=2) as (_, host, s):
        work = in_background(lambda: host.client.send(bytes(64 << 10)))
        read_all(s, 1000)
        reset(s)
        assert host.until_text(b'+CME ERROR: 843\r\n') == b'\r\n+CME ERROR: 843\r\n'
        # what the host goes on to send is no command
        work.join()
        host.client.send(b'\r')
        select.select([], [], [], 0.2)
        host.client.get()
        host.ok('AT', 'AT+WIPCLOSE=2,1')


def everything_ends_with(how, *options):
    with connected(*options) as (r, host, s):
        host.client.send(b'all of it')
        assert read_all(s, 9) == b'all of it'
        how(r, host)
        try:
            is_closed(s)
        except ConnectionResetError:
            pass


def a_reset_of_the_modem_ends_all():
    everything_ends_with(lambda r, _: fauxtrack('ctl', '--control', r.socket, 'reset'))


def a_power_cut_ends_all():
    everything_ends_with(lambda r, _: fauxtrack('ctl', '--control', r.socket, 'power', 'off'))


def a_factory_reset_ends_all():
    def factory(r, _):
        done = fauxtrack('ctl', '--control', r.socket, 'factory')
        assert done.returncode == 0, done
    everything_ends_with(factory)


def the_programs_end_ends_all():
    def end(r, _):
        r.process.terminate()
        r.process.wait(DEADLINE)  # before the signal of `with`: a second one does not wait for it to clean up
    everything_ends_with(end)


def a_lost_context_ends_all():
    with connected() as (r, host, s):
        done = fauxtrack('ctl', '--control', r.socket, 'context', 'dropped')
        assert done.returncode == 0, done
        with contextlib.suppress(ConnectionResetError):
            is_closed(s)


# ---- who may be reached --------------------------------------------------------------------------------

def refused(*options):
    done = fauxtrack('exec', '--control', 'none', *options, '--', 'true')
    assert done.returncode == 125 and done.stderr.count('\n') == 1, done
    return done.stderr


def only_what_is_named_is_reached():
    with Peer() as peer, modem('--forward', f'tcp:plc:80={LOCAL}:{peer.port}') as (r, host):
        for place in (f'"{LOCAL}",{peer.port}', f'"10.0.2.2",{peer.port}', f'"plc",{peer.port}', '"nobody",80'):
            host.say(f'AT+WIPCREATE=2,1,{place}', 'OK / +CME ERROR: 842')
            host.ok('AT+WIPCLOSE=2,1')
        assert not select.select([peer.listener], [], [], 0.1)[0]
        said = fauxtrack('ctl', '--control', r.socket, 'net').stdout
        assert '4 failed, of which 4 refused' in said, said
    assert f'--forward tcp:127.0.0.1:{peer.port}=127.0.0.1:PORT, or --internet' in r.error, r.error
    assert '"nobody", which is not a name here' in r.error, r.error


def a_server_that_nobody_can_reach_is_logged():
    with modem() as (r, host):
        host.ok('AT+WIPCREATE=3,1,502,1,8')
        host.create('1,1,80', '1,1')
    assert '--forward listen:tcp:502=127.0.0.1:PORT' in r.error, r.error
    assert '--forward listen:udp:80=127.0.0.1:PORT' in r.error, r.error


def listeners_are_checked_at_the_start():
    for text, says in (('listen:80=127.0.0.1:8080', 'tcp: or udp: must follow listen:; write listen:tcp:PORT=ADDRESS:PORT'),
                       ('listen:tcp:80=0.0.0.0:8080', 'the address after = is wrong; write'),
                       ('listen:tcp:80=192.168.1.5:8080', 'reached from other machines; write the address 127.0.0.1'),
                       ('listen:tcp:80=127.0.0.1:99999', 'the port after = is wrong; write')):
        error = refused('--forward', text)
        assert f'--forward: "{text}": ' in error and says in error, error
    with Peer() as peer:
        error = refused('--forward', f'listen:tcp:80={LOCAL}:{peer.port}')
        assert f'--forward listen:tcp:80={LOCAL}:{peer.port}: 127.0.0.1 port {peer.port}: Address already in use; ' \
            'give another port' in error, error
    name = os.path.join(FOLDER.name, 'mine.yaml')
    with open(name, 'w', encoding='utf-8') as f:
        f.write('title: mine\ninherits: fastrack-supreme-20-r74\nnetwork:\n  inherits: europe\n  hosts:\n'
                '    - listen:tcp:80=127.0.0.1:8080\n')
    done = fauxtrack('exec', '--control', 'none', '--profile', name, '--', 'true')
    assert done.returncode == 125 and 'mine.yaml:6:7: "listen:tcp:80=127.0.0.1:8080": a file cannot let this machine ' \
        'listen; start with --forward' in done.stderr, done.stderr


def too_few_open_files_are_noticed_at_the_start():
    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (250, 250))
    for options, says in ((('--forward', f'tcp:plc:80={LOCAL}:80'), 'need 286 open files'), (('--internet',), 'need 286'),
                          (('--forward', f'listen:tcp:80={LOCAL}:0'), '')):
        done = subprocess.run([ptytest.PROGRAM, 'exec', '--control', 'none', '--count', '10', *options, '--', 'true'],
                              preexec_fn=few, capture_output=True, text=True, check=False)
        assert done.returncode == (125 if says else 0) and says in done.stderr, done
        assert not says or 'the hard limit of this process is 250 (ulimit -Hn); raise it' in done.stderr, done


def each_modem_of_a_count_has_a_port_of_its_own():
    def two_in_a_row():
        with socket.create_server((LOCAL, 0)) as s:
            port = s.getsockname()[1]
        try:
            with socket.create_server((LOCAL, port + 1)):
                return port
        except OSError:
            return 0
    port = 0
    while not port:
        port = two_in_a_row()
    with Run('--speed', 'max', *WIP, '--forward', f'listen:tcp:80={LOCAL}:{port}', '--count', '2', count=2) as r:
        paths = r.paths
        for n in (0, 1):
            with Client(paths[n]) as c:
                host = Host(c)
                host.bearer()
                host.ok('AT+WIPCREATE=3,1,80,1,8')
                with socket.create_connection((LOCAL, port + n), DEADLINE) as s:
                    host.hear('+WIPACCEPT: 1,1')
                    s.sendall(b'to %d' % n)
                    host.hear('+WIPDATA: 2,1,4')


# ---- what is seen --------------------------------------------------------------------------------------

def the_trace_has_what_entered_and_a_capture_has_nothing():
    trace, pcap = os.path.join(FOLDER.name, 'trace'), os.path.join(FOLDER.name, 'pcap')
    with connected('--trace', trace, '--pcap', pcap) as (_, host, s):
        s.sendall(b'one\r\n')
        assert host.read(5) == b'one\r\n'
        s.close()
        host.until_text(b'\r\nSHUTDOWN\r\n')
        host.pluses('+WIPPEERCLOSE: 2,1', 'OK')
        host.ok('AT+WIPPING="www.example"')
        host.line()
    with open(trace, encoding='ascii') as f:
        lines = [l.split(None, 1)[1].rstrip('\n') for l in f if not l.startswith('#')]
    entered = [l for l in lines if l.split()[0] in ('!', '8[')]
    assert re.fullmatch(r'! socket 8 there \d+ 10\.0\.2\.100:80', entered[0]), entered
    assert entered[1:] == ['8[ one\\r\\n', '! socket 8 shut', '! ping www.example 10.0.2.100'], entered
    assert os.path.getsize(pcap) == 24


def said(text):
    """What the modem has said, whole, and when its pieces ended."""
    whole, times = '', []
    for line in text.splitlines():
        at, what, *rest = line.split(None, 2)
        if what == '<':
            whole += (rest or [''])[0]
            times.append((len(whole), float(at)))
    return whole, times


def a_trace_replays_without_a_network():
    trace = os.path.join(FOLDER.name, 'trace')
    with Peer() as tcp, Peer(socket.SOCK_DGRAM) as udp, modem(
            '--trace', trace, '--forward', f'tcp:plc:502={LOCAL}:{tcp.port}', '--forward', f'listen:tcp:80={LOCAL}:0',
            '--forward', f'udp:plc:503={LOCAL}:{udp.port}', speed='1') as (r, host):
        port = listens(r, 'connects to', 'TCP')
        host.create('2,1,"plc",502')
        s = tcp.accept()
        s.sendall(pattern(300))
        assert host.line().startswith('+WIPDATA: 2,1,')
        host.data()
        got = host.read(len(escaped(pattern(300))))
        assert plain(got) == pattern(300), got
        host.client.send(b'answer')
        assert read_all(s, 6) == b'answer'
        host.pluses()
        host.ok('AT+WIPPING="plc"')
        assert re.fullmatch(r'\+WIPPING: 0,0,\d+', host.line())
        host.create('1,1,7000,"plc",503', '1,1')
        host.data('1,1,1')
        host.client.send(b'beat\x03')
        host.hear('OK')
        data, where = udp.listener.recvfrom(100)
        udp.listener.sendto(pattern(100), where)
        host.hear('+WIPDATA: 1,1,100,"10.0.2.100",503')
        host.data('1,1,2')
        assert host.read(100) == pattern(100)
        host.pluses()
        host.ok('AT+WIPCREATE=3,1,80,5,8')
        client = socket.create_connection((LOCAL, port), DEADLINE)
        host.hear('+WIPACCEPT: 1,5')
        client.close()
        host.hear('+WIPPEERCLOSE: 2,5')
        host.data()
        reset(s)
        assert host.read(1) == b'\x03'
        host.hear('+CME ERROR: 843')
        host.ok('AT+WIPCLOSE=2,1')
    done = subprocess.run([os.environ['REPLAY_SOCKETS'], 'fastrack-supreme-20-r74', trace], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done
    with open(trace, encoding='ascii') as f:
        want, live = said(f.read())
    got, again = said(done.stdout)
    assert got == want and len(want) > 1000, (got, want)
    # the loop of a program is late, never early
    ideal = dict(again)
    assert all(ideal[n] <= at for n, at in live if n in ideal), (live, again)


def without_sockets_nothing_is_loaded_and_idle_ones_cost_nothing():
    with Run(*WIP) as r:
        with open(f'/proc/{r.pid}/maps', encoding='utf-8') as f:
            assert not re.search('libslirp|libcurl|event_extra', f.read())
    with connected(mode=1, speed='1') as (r, host, s):
        # the peer has sent, and its host does not read
        s.sendall(b'x' * 40000)
        select.select([], [], [], 0.5)
        share, wakes = r.cost_over(1)
        assert share < 0.02 and wakes < 20, (share, wakes)


main([d1_d2_a_page_by_http_and_the_server_closes,
      d4_a_terminal_closes_by_etx,
      d5_a_reset_by_the_peer,
      d6_udp_of_an_autopilot_with_restarts,
      d7_a_udp_listener,
      d11_a_tcp_server,
      d12_the_server_is_dead_at_first,
      a_ping_finds_names_and_nothing_else,
      octets_arrive_whole_in_both_directions_at_the_same_time,
      a_peer_that_reads_slowly_stops_the_host,
      a_host_that_does_not_read_stops_the_peer,
      at_the_speed_of_the_line_octets_arrive_whole,
      eight_sockets_of_tcp_and_eight_of_udp_at_once,
      three_ports_in_data_mode_at_once,
      a_server_that_is_killed_in_the_middle_is_the_end,
      a_reset_while_the_host_uploads,
      a_reset_of_the_modem_ends_all,
      a_power_cut_ends_all,
      a_factory_reset_ends_all,
      the_programs_end_ends_all,
      a_lost_context_ends_all,
      only_what_is_named_is_reached,
      a_server_that_nobody_can_reach_is_logged,
      listeners_are_checked_at_the_start,
      too_few_open_files_are_noticed_at_the_start,
      each_modem_of_a_count_has_a_port_of_its_own,
      the_trace_has_what_entered_and_a_capture_has_nothing,
      a_trace_replays_without_a_network,
      without_sockets_nothing_is_loaded_and_idle_ones_cost_nothing])
