#!/usr/bin/python3
"""test_ports.py FAUXTRACK: a modem with UART2 and USB (--port): several hosts at once, ports that AT+WMFM opens and
closes, unplugging one of them, what is kept."""
import json
import os
import re
import subprocess
import tempfile

import ptytest
from ptytest import FOLDER, Client, Net, Run, fauxtrack, main, until

OK = b'\r\nOK\r\n'
OPEN_ALL = b'AT+WMFM=0,1,2;+WMFM=0,1,3'


def command(client, line):
    client.send(line + b'\r')
    got = client.read_until(OK)
    return got[len(line) + 1:-len(OK)].strip()


def path_of(port):
    return os.path.join(FOLDER.name, port)


def run(*args, ports='uart2,usb'):
    return Run('--speed', 'max', '--port', ports, '--link', path_of('{port}'), *args)


def ctl(r, *words):
    done = fauxtrack('ctl', '--control', r.socket, *words)
    assert done.returncode == 0, done
    return done.stdout


def says_nothing(client, other):
    """What was sent before is lost: another port has answered since."""
    command(other, b'AT')
    return client.get() == b''


# --- several hosts ------------------------------------------------------------------------


def all_ports_talk_at_the_same_time():
    with run(), Client(path_of('uart1')) as a, Client(path_of('uart2')) as b, Client(path_of('usb')) as c:
        command(a, OPEN_ALL)
        for client in (a, b, c):
            command(client, b'ATE0')
        for client in (a, b, c):
            client.send(b'AT+CM')
        for client in (c, b, a):
            client.send(b'GF?\r')
        for client in (a, b, c):
            assert client.read_until(OK) == b'\r\n+CMGF: 1\r\n' + OK


def an_unsolicited_line_reaches_all_open_ports():
    with run() as r, Client(path_of('uart1')) as a, Client(path_of('uart2')) as b, Client(path_of('usb')) as c:
        command(a, b'AT+WMFM=0,1,3')
        command(a, b'AT+CNMI=2,1')
        ctl(r, 'sms', 'from=+33612345678', 'text=hi')
        assert a.read_until(b'",1\r\n') == c.read_until(b'",1\r\n') == b'\r\n+CMTI: "SM",1\r\n'
        assert says_nothing(b, a)


def a_host_that_does_not_read_stops_its_own_port_only():
    with run() as r, Client(path_of('uart1')) as a, Client(path_of('usb')) as c:
        command(a, OPEN_ALL)
        for _ in range(40):
            c.send(b'AT+COPN\r')
        until('output that waits', lambda: c.unread() > 3000)
        for _ in range(20):
            assert command(a, b'AT+CMGF?') == b'+CMGF: 1'
        ctl(r, 'state')
        got = b''
        while got.count(OK) < 40:
            got += c.read_until(OK, limit=1 << 24)
        assert got.count(b'AT+COPN\r') == 40


def a_modem_with_three_ports_costs_nothing_when_idle():
    with run() as r, Client(path_of('uart1')) as a, Client(path_of('usb')):
        command(a, OPEN_ALL)
        cpu, wakes = r.cost_over(1.5)
        # five looks a second at the settings of a port that is open, for all ports
        assert cpu < 0.01 and wakes < 15, (cpu, wakes)


# --- paths --------------------------------------------------------------------------------


def other_ports_are_printed_on_standard_error():
    with Run('--port', 'usb', '--control', 'none') as r:
        pass
    assert r.rest == b'' and re.fullmatch(r'usb: /dev/pts/\d+\n', r.error), (r.rest, r.error)
    with Run('--port', 'uart2', '--port', 'usb', '--count', '2', '--control', 'none', count=2) as r:
        pass
    printed = [line.rsplit(' ', 1)[0] for line in r.error.splitlines()]
    assert printed == ['modem 1 uart2:', 'modem 1 usb:', 'modem 2 uart2:', 'modem 2 usb:'], r.error


def links_are_named_by_the_port():
    folder = FOLDER.name
    with Run('--port', 'usb', '--count', '2', '--link', folder + '/m', count=2):
        assert sorted(f for f in os.listdir(folder) if f.startswith('m')) == ['m', 'm-2', 'm-2-usb', 'm-usb']
    with Run('--port', 'usb', '--count', '2', '--link', folder + '/{port}-{}', count=2):
        assert sorted(f for f in os.listdir(folder) if f.startswith('u')) == \
            ['uart1-1', 'uart1-2', 'usb-1', 'usb-2']
    with Run('--port', 'usb', '--count', '2', '--link', folder + '/{port}', count=2):
        assert sorted(f for f in os.listdir(folder) if f.startswith('u')) == ['uart1', 'uart1-2', 'usb', 'usb-2']
    assert not [f for f in os.listdir(folder) if f.startswith('u')]


def exec_has_their_paths():
    show = 'echo $0 $FAUXTRACK_TTY $FAUXTRACK_TTY_UART2 $FAUXTRACK_TTY_USB $FAUXTRACK_TTY_2 $FAUXTRACK_TTY_2_USB'
    done = fauxtrack('exec', '--port', 'usb', '--count', '2', '--', 'sh', '-c', show, '{}')
    words = done.stdout.split()
    assert done.returncode == 0 and done.stderr == '' and len(words) == 5, done
    assert words[0] == words[1] and len(set(words)) == 4, words


def the_control_interface_shows_them():
    with run() as r, Client(path_of('usb')):
        assert re.search(r' /dev/pts/\d+, uart2 /dev/pts/\d+, usb /dev/pts/\d+ ', ctl(r, 'list')), ctl(r, 'list')
        until('DTR', lambda: 'true' in ctl(r, 'state', 'ports.usb.dtr'))
        assert 'false' in ctl(r, 'state', 'port.dtr') and 'false' in ctl(r, 'state', 'ports.uart2.dtr')


def they_listen_at_the_next_addresses():
    folder = FOLDER.name
    with Run('--port', 'usb', '--listen', f'unix:{folder}/s', '--speed', 'max') as r:
        assert r.path == f'{folder}/s'
        with Net(r.path) as a, Net(f'{folder}/s-usb') as c:
            a.send(b'AT+WMFM=0,1,3\r')
            a.read_until(OK)
            c.send(b'AT+WMFM=0,2,3\r')
            assert b'+WMFM: 0,2,3,1' in c.read_until(OK)
    done = fauxtrack('run', '--port', 'usb', '--count', '2', '--listen', 'tcp:65533')
    assert done.returncode == 2 and 'would need port 65536' in done.stderr, done


def they_carry_modem_lines():
    script = 'import fcntl,os,sys,termios\n' \
        'f=os.open(os.environ["FAUXTRACK_TTY_USB"],os.O_RDWR|os.O_NOCTTY)\n' \
        'n=lambda: int.from_bytes(fcntl.ioctl(f,termios.TIOCMGET,bytes(4)),"little")\n' \
        'print(bool(n()&termios.TIOCM_CTS))\n' \
        'g=os.open(os.environ["FAUXTRACK_TTY"],os.O_RDWR|os.O_NOCTTY)\n' \
        'os.write(g,b"AT+WMFM=0,1,3\\r")\n' \
        'b=b""\n' \
        'while not b.endswith(b"OK\\r\\n"): b+=os.read(g,99)\n' \
        'while not n()&termios.TIOCM_CTS: pass\n' \
        'print(True)\n'
    done = fauxtrack('exec', '--lines', '--port', 'usb', '--', '/usr/bin/python3', '-c', script)
    if 'without modem lines' in done.stderr:
        raise ptytest.Skip(done.stderr.strip())
    assert done.returncode == 0 and done.stdout == 'False\nTrue\n', done


def a_port_that_is_not_there_is_an_error():
    for words, message in ((('--port', 'com3'), '"com3" is not a port; ports are uart1 uart2 usb'),
                           (('--port', ''), 'give uart2, usb or both'),
                           (('--port', 'usb', '--profile', 'm1306b-r657'), 'has no port usb')):
        done = fauxtrack('run', *words)
        assert done.returncode == 2 and message in done.stderr, done


# --- opening, closing, unplugging ---------------------------------------------------------


def a_port_is_closed_by_another_one():
    with run(), Client(path_of('uart1')) as a, Client(path_of('usb')) as c:
        c.send(b'AT\r')
        assert says_nothing(c, a)
        command(a, b'AT+WMFM=0,1,3')
        assert command(c, b'AT+WMFM=0,0,1') == b''
        a.send(b'AT\r')
        assert says_nothing(a, c)
        command(c, b'AT+WMFM=0,1,1')
        assert command(a, b'AT') == b''


def one_cable_is_unplugged():
    with run() as r, Client(path_of('uart1')) as a:
        command(a, OPEN_ALL)
        c = Client(path_of('usb'))
        command(c, b'AT')
        ctl(r, 'cable', 'to=unplugged', 'port=usb')
        until('end of file', c.is_cut)
        c.close()
        assert not os.path.lexists(path_of('usb')) and os.path.lexists(path_of('uart2'))
        assert command(a, b'AT') == b''
        assert 'usb unplugged' in ctl(r, 'list')
        ctl(r, 'cable', 'to=plugged', 'port=usb', 'path=new')
        with Client(path_of('usb'), patient=True) as c:
            command(c, b'AT')
        done = fauxtrack('ctl', '--control', r.socket, 'cable', 'to=unplugged', 'port=com3')
        assert done.returncode != 0 and 'uart1' in done.stderr, done
    with Run('--port', 'uart2') as r:
        done = fauxtrack('ctl', '--control', r.socket, 'cable', 'to=unplugged', 'port=usb')
        assert done.returncode != 0 and 'no such port; run it with --port' in done.stderr, done


def the_map_outlives_kill_9():
    with tempfile.TemporaryDirectory() as state:
        r = run('--state', state)
        with Client(path_of('uart1')) as a:
            command(a, b'AT+WMFM=0,1,3')
        r.process.kill()
        r.process.wait()
        r.process.stdout.close()
        r.process.stderr.close()
        for port in ('uart1', 'uart2', 'usb'):
            os.path.lexists(path_of(port)) and os.remove(path_of(port))
        with run('--state', state), Client(path_of('usb')) as c, Client(path_of('uart2')) as b:
            assert command(c, b'AT+WMFM=0,0,1') == b''
            b.send(b'AT\r')
            assert says_nothing(b, c)
        # without the port nobody can open UART1 again, and the log says what to do
        with Run('--state', state, '--control', 'none') as alone:
            pass
        assert 'AT+WMFM has closed all ports' in alone.error and '--port usb' in alone.error, alone.error


def a_restored_modem_has_the_map_of_the_factory():
    with run() as r, Client(path_of('uart1')) as a, Client(path_of('usb')) as c:
        command(a, b'AT+WMFM=0,1,3')
        command(c, b'AT')
        ctl(r, 'factory')
        c.send(b'AT\r')
        assert says_nothing(c, a)


def cold_power_comes_with_the_first_host_at_any_port():
    with run('--boot', 'cold') as r:
        assert 'off' in ctl(r, 'state', 'power')
        with Client(path_of('usb')):
            until('power', lambda: 'on' in ctl(r, 'state', 'power').split())


# --- what is seen -------------------------------------------------------------------------


def trace_and_events_name_the_port():
    trace = os.path.join(FOLDER.name, 'trace')
    with run('--trace', trace) as r, Client(path_of('uart1')) as a, Client(path_of('usb')) as c:
        command(a, b'AT+WMFM=0,1,3')
        command(c, b'ATI3')
        live = ctl(r, 'trace')
    with open(trace, encoding='ascii') as f:
        kept = f.read()
    for text in (kept, live):
        assert re.search(r'^ +\d+\.\d+ > AT\+WMFM=0,1,3\\r$', text, re.M), text
        assert re.search(r'^ +\d+\.\d+ usb> ATI3\\r$', text, re.M), text
        assert re.search(r'^ +\d+\.\d+ usb# command: I3$', text, re.M), text


def complaints_name_the_port():
    script = 'import os\n' \
        'def ask(fd, line):\n' \
        '    os.write(fd, line)\n' \
        '    got = b""\n' \
        '    while not got.endswith((b"OK\\r\\n", b"ERROR\\r\\n")): got += os.read(fd, 99)\n' \
        'a, b = (os.open(os.environ["FAUXTRACK_TTY" + n], os.O_RDWR | os.O_NOCTTY) for n in ("", "_USB"))\n' \
        'ask(a, b"AT+WMFM=0,1,3\\r"); ask(b, b"AT+NONSENSE\\r"); ask(a, b"AT+RUBBISH\\r")\n'
    path = os.path.join(FOLDER.name, 'report.json')
    done = fauxtrack('exec', '--port', 'usb', '--on-exit', 'report', '--report-json', path, '--', '/usr/bin/python3', '-c',
                     script)
    assert done.returncode == 0, done
    assert re.search(r'^fauxtrack exec: usb: unknown, .*\+NONSENSE', done.stderr, re.M), done.stderr
    assert re.search(r'^fauxtrack exec: unknown, .*\+RUBBISH', done.stderr, re.M), done.stderr
    with open(path, encoding='utf-8') as f:
        assert [found.get('port') for found in json.load(f)['findings']] == ['usb', None]


def events_are_followed_with_their_port():
    with run() as r, Client(path_of('uart1')) as a, Client(path_of('usb')) as c:
        words = [ptytest.PROGRAM, 'ctl', '--control', r.socket, 'events', 'since=0']
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as follower:
            command(a, b'AT+WMFM=0,1,3')
            command(c, b'ATI3')
            seen = []
            while not seen or not re.search(r'usb command: I3$', seen[-1]):
                seen.append(follower.stdout.readline().rstrip())
                assert seen[-1], seen
            follower.terminate()
        assert any(re.search(r'^ +\d+\.\d+ command: \+WMFM=0,1,3$', line) for line in seen), seen


def a_field_bug_brings_its_ports():
    with Run('--bug', 'serial-port-off-by-wmfm', '--link', path_of('{port}'), '--speed', 'max'):
        with Client(path_of('uart1')) as a, Client(path_of('usb')) as c:
            a.send(b'AT\r')
            assert says_nothing(a, c)
            command(c, b'AT+WMFM=0,1,1')
            command(a, b'AT')


if __name__ == '__main__':
    main([all_ports_talk_at_the_same_time, an_unsolicited_line_reaches_all_open_ports,
          a_host_that_does_not_read_stops_its_own_port_only, a_modem_with_three_ports_costs_nothing_when_idle,
          other_ports_are_printed_on_standard_error, links_are_named_by_the_port, exec_has_their_paths,
          the_control_interface_shows_them, they_listen_at_the_next_addresses, they_carry_modem_lines,
          a_port_that_is_not_there_is_an_error, a_port_is_closed_by_another_one, one_cable_is_unplugged,
          the_map_outlives_kill_9, a_restored_modem_has_the_map_of_the_factory,
          cold_power_comes_with_the_first_host_at_any_port, trace_and_events_name_the_port,
          events_are_followed_with_their_port, complaints_name_the_port, a_field_bug_brings_its_ports])
