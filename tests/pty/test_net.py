#!/usr/bin/python3
"""test_net.py FAUXTRACK: the options of the network beyond PPP, what is loaded for it, what is seen of
it from outside, and a host that fetches a page. What a host reaches is tested by
tests/unit/test_net.c and test_net_rules.c."""
import contextlib
import http.server
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import threading

import ptytest
from ptytest import FOLDER, Client, Run, fauxtrack, main, until

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
PROFILES = os.path.join(TOP, 'profiles')
sys.path.insert(0, os.path.join(TOP, 'examples', 'ppp'))
from ppp_host import Host, Lost  # noqa: E402

NAMED = '--forward', 'tcp:plc:502=127.0.0.1:5020'


def refused(*options):
    done = fauxtrack('exec', '--control', 'none', *options, '--', 'true')
    assert done.returncode == 125 and done.stderr.count('\n') == 1, done
    return done.stderr


def wrong_forwards_are_refused_with_the_remedy():
    for text, says in (('plc:80', 'begins with neither tcp: nor udp:; write tcp:NAME:PORT=ADDRESS:PORT'),
                       ('tcp:plc:80', 'the target is missing; write'),
                       ('tcp:plc=127.0.0.1:80', 'the name before = is wrong; write NAME:PORT'),
                       ('tcp:plc:99999=127.0.0.1:80', 'the port before = is wrong; write a number from 1 to 65535'),
                       ('tcp:plc:80=plc.example:80', 'the address after = is wrong; write an IPv4 address'),
                       ('udp:plc:80=127.0.0.1:0', 'the port after = is wrong; write ADDRESS:PORT')):
        error = refused('--forward', text)
        assert f'--forward: "{text}": ' in error and says in error, error
    many = [word for i in range(65) for word in ('--forward', f'tcp:plc:{i + 1}=127.0.0.1:80')]
    assert 'more than 64' in refused(*many)


def a_profile_opens_no_other_machine():
    name = os.path.join(FOLDER.name, 'mine.yaml')
    with open(name, 'w', encoding='utf-8') as f:
        f.write('title: mine\ninherits: fastrack-supreme-20-r74\nnetwork:\n  inherits: europe\n  hosts:\n'
                '    - tcp:plc:502=127.0.0.1:5020\n    - tcp:plc:80=192.168.1.5:80\n')
    done = fauxtrack('exec', '--control', 'none', '--profile', name, '--', 'true')
    assert done.returncode == 125, done
    assert 'mine.yaml:7:7: "tcp:plc:80=192.168.1.5:80": a file may only name this machine\'s loopback' in done.stderr
    assert 'start with --forward tcp:plc:80=192.168.1.5:80' in done.stderr, done.stderr


def internet_is_announced_once():
    for options, lines in ((('--internet', '--count', '3'), 1), (NAMED, 0), ((), 0)):
        done = fauxtrack('exec', '--control', 'none', *options, '--', 'true')
        assert done.returncode == 0 and done.stderr.count('--internet: hosts of this modem reach all') == lines, done
        assert done.stderr.count('\n') == lines, done


def has_libslirp(m):
    with open(f'/proc/{m.pid}/maps', encoding='utf-8') as f:
        return 'libslirp' in f.read()


def only_a_modem_with_a_network_loads_it():
    with Run() as m:
        assert not has_libslirp(m)
    with Run('--set', 'network.hosts=[tcp:plc:502=127.0.0.1:5020]') as m:
        assert not has_libslirp(m)
    # what was asked for is tried at the start
    with Run(*NAMED) as m:
        assert has_libslirp(m)


def a_missing_module_is_named_at_the_start():
    with tempfile.TemporaryDirectory() as folder:
        alone = shutil.copy(ptytest.PROGRAM, folder)
        for options, status in ((NAMED, 125), (('--internet',), 125), ((), 0)):
            done = subprocess.run([alone, 'exec', '--control', 'none', *options, '--', 'true'],
                                  env={**os.environ, 'FAUXTRACK_PROFILES': PROFILES}, capture_output=True, text=True,
                                  check=False)
            assert done.returncode == status, done
            if options:
                assert f'{options[0]}: the module fauxtrack-slirp.so is not there' in done.stderr, done.stderr


def a_capture_is_a_file_for_each_modem():
    name = os.path.join(FOLDER.name, 'ip.pcap')
    head = struct.pack('=IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101)
    with Run('--count', '2', '--pcap', name, count=2):
        for path in (name, name + '-2'):
            with open(path, 'rb') as f:
                assert f.read() == head, path
    error = fauxtrack('exec', '--control', 'none', '--pcap', '/nowhere/x', '--', 'true')
    assert error.returncode == 125 and '--pcap /nowhere/x: No such file' in error.stderr, error


def ctl_shows_what_the_host_reaches():
    with Run(*NAMED, '--forward', 'udp:192.0.2.7:123=127.0.0.1:1230', '--internet') as m:
        ctl = ['ctl', '--control', m.socket]
        until('the control interface', lambda: fauxtrack(*ctl, 'state').returncode == 0)
        done = fauxtrack(*ctl, 'net')
        assert done.returncode == 0, done
        assert done.stdout.splitlines() == [
            'from the host: 0 packets, 0 octets; to it: 0, 0',
            '--internet: all that this machine reaches, except its loopback',
            'tcp:plc:502 (10.0.2.100) leads to 127.0.0.1:5020',
            'udp:192.0.2.7:123 (192.0.2.7) leads to 127.0.0.1:1230'], done.stdout
        got = json.loads(fauxtrack(*ctl, 'net', '--json').stdout)
        assert got['internet'] and got['names'][0]['port'] == 502 and got['connecting'] == 0, got
        assert {r['why'] for r in got['refused']} >= {'unnamed', 'loopback', 'no-name'}, got
        done = fauxtrack(*ctl, 'packets', 'loss=20', 'delay=300ms')
        assert done.returncode == 0, done
        assert fauxtrack(*ctl, 'state', 'packets.loss').stdout.strip() == '20'


def a_fleet_names_hosts_for_each_group():
    name = os.path.join(FOLDER.name, 'fleet.yaml')
    with open(name, 'w', encoding='utf-8') as f:
        f.write('forward: tcp:all:80=127.0.0.1:8080\ngroups:\n  - name: north\n    forward: ["tcp:plc:502=127.0.0.1:5020"]\n'
                '  - name: south\n    internet: true\n')
    with Run('--fleet', name, count=2) as m:
        ctl = ['ctl', '--control', m.socket, '--modem']
        until('the control interface', lambda: fauxtrack(*ctl, 'all', 'state').returncode == 0)
        north = fauxtrack(*ctl, 'north', 'net').stdout
        south = fauxtrack(*ctl, 'south', 'net').stdout
        assert 'tcp:all:80' in north and 'tcp:plc:502' in north and '--internet' not in north, north
        assert 'tcp:all:80' in south and 'plc' not in south and '--internet' in south, south
    with open(name, 'w', encoding='utf-8') as f:
        f.write('groups:\n  - name: north\n    forward: nonsense\n')
    done = fauxtrack('run', '--fleet', name)
    assert done.returncode and 'fleet.yaml:3:14: forward: "nonsense": it begins with neither' in done.stderr, done


# ---- a host at the modem

PAGE = bytes(i * 7 % 251 for i in range(50000))


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def web():
    """A web server on loopback: its port."""
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def packets_of(pcap):
    with open(pcap, 'rb') as f:
        data = f.read()[24:]
    while data:
        length = struct.unpack('=I', data[8:12])[0]
        yield data[16:16 + length]
        data = data[16 + length:]


@contextlib.contextmanager
def dialled(*options):
    """A modem, and a host that has dialled and has an address."""
    with web() as port, Run('--speed', '10', '--forward', f'tcp:www.example:80=127.0.0.1:{port}', *options) as m:
        with Client(m.path) as c:
            c.send(b'AT+CGDCONT=1,"IP","internet"\r')
            c.read_until(b'\r\nOK\r\n')
            host = Host(c)
            host.dial()
            yield m, host, port


GET = b'GET / HTTP/1.0\r\n\r\n'


def a_host_dials_and_fetches_a_page():
    pcap, trace = os.path.join(FOLDER.name, 'ip.pcap'), os.path.join(FOLDER.name, 'trace')
    with dialled('--pcap', pcap, '--trace', trace) as (m, host, port):
        assert host.address == '10.128.3.4', host.address
        address = host.look_up('www.example')
        assert address == '10.0.2.100', address
        assert host.look_up('www.example.com') is None
        assert host.ping(address) and not host.ping('1.1.1.1', 0.3)
        page = host.fetch(address, 80, GET)
        assert page and page.endswith(b'\r\n\r\n' + PAGE), (len(page or b''), (page or b'')[:100])
        # nothing else, though it listens
        assert host.fetch('127.0.0.1', port, GET) is None
        assert host.fetch('10.0.2.2', port, GET) is None
        said = fauxtrack('ctl', '--control', m.socket, 'net').stdout
        assert 'refused: 2 unnamed' in said and 'refused: 1 no-name' in said, said
        host.hang_up()
        # and again
        host.client.send(b'AT\r')
        host.client.read_until(b'\r\nOK\r\n')
        again = Host(host.client)
        again.dial()
        assert again.look_up('www.example') == '10.0.2.100'
    seen = list(packets_of(pcap))
    assert all(p[0] == 0x45 and len(p) == p[2] << 8 | p[3] for p in seen) and len(seen) > 50, len(seen)
    with open(trace, encoding='utf-8') as f:
        lines = [line.split() for line in f if not line.startswith('#')]
    assert [bytes.fromhex(w[2]) for w in lines if w[1] in '{}'] == seen
    assert f'--forward tcp:127.0.0.1:{port}=' in m.error and 'www.example.com' in m.error, m.error


def trouble_on_the_way_is_what_ctl_says():
    with dialled() as (m, host, _):
        def ctl(*words):
            done = fauxtrack('ctl', '--control', m.socket, *words)
            assert done.returncode == 0, done
            return done.stdout
        ctl('packets', 'stalled')
        assert not host.ping('10.0.2.100', 0.3) and host.look_up('www.example', 0.3) == ''
        ctl('packets', 'no_dns=true')
        assert host.ping('10.0.2.100') and host.look_up('www.example', 0.3) == ''
        ctl('packets', 'resets')
        assert host.fetch('10.0.2.100', 80, GET) is None
        ctl('packets', 'delay=100ms')
        assert host.ping('10.0.2.100') and host.look_up('www.example') == '10.0.2.100'
        ctl('packets', 'usual')
        assert host.fetch('10.0.2.100', 80, GET).endswith(PAGE)
        assert int(ctl('state', 'packets.lost')) >= 4
        ctl('context', 'dropped')
        try:
            host.until('the end', lambda: False)
        except Lost:
            return
        raise AssertionError('the session goes on')


main([
    a_host_dials_and_fetches_a_page,
    trouble_on_the_way_is_what_ctl_says,
    wrong_forwards_are_refused_with_the_remedy,
    a_profile_opens_no_other_machine,
    internet_is_announced_once,
    only_a_modem_with_a_network_loads_it,
    a_missing_module_is_named_at_the_start,
    a_capture_is_a_file_for_each_modem,
    ctl_shows_what_the_host_reaches,
    a_fleet_names_hosts_for_each_group,
])
