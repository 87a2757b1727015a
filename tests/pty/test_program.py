#!/usr/bin/python3
# fauxtrack run and exec: the program around the modem, as a script or a user sees it.
import fcntl
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

import ptytest
from ptytest import Client, Net, Run, fauxtrack, main, until

PERIOD = 1.5
OK = b'\r\nOK\r\n'


def command(client, line):
    """Sends a line; returns the answer without echo and OK."""
    client.send(line + b'\r')
    got = client.read_until(OK)
    assert got.startswith(line + b'\r'), got
    return got[len(line) + 1:-len(OK)]


def run_prints_the_path_and_nothing_else():
    for signo in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with Run() as r:
            assert re.fullmatch(r'/dev/pts/\d+', r.path), r.path
            with Client(r.path) as c:
                assert command(c, b'AT') == b''
                assert command(c, b'AT+CREG?') == b'\r\n+CREG: 0,1\r\n'
            r.process.send_signal(signo)
        assert r.rest == b'', r.rest
        assert re.fullmatch(r'control: /\S+/%d\.sock\n' % r.pid, r.error), r.error


def many_modems_are_one_process_with_a_path_and_a_link_each():
    with tempfile.TemporaryDirectory() as d:
        link, state = os.path.join(d, 'modem'), os.path.join(d, 'state')
        with Run('--count', '3', '--link', link, '--state', state, count=3) as r:
            names = [link, link + '-2', link + '-3']
            assert [os.readlink(n) for n in names] == r.paths
            for i, name in enumerate(names):
                with Client(name) as c:
                    command(c, b'ATS0=%d' % (i + 1))
            for i, name in enumerate(names):
                with Client(name) as c:
                    assert command(c, b'ATS0?') == b'\r\n%03d\r\n' % (i + 1)
        assert sorted(os.listdir(d)) == ['state', 'state-2', 'state-3']


def control(r, *words):
    """What `fauxtrack ctl` says of the running emulator."""
    socket = re.search(r'control: (\S+)', until('its address', lambda: heard_of(r))).group(1)
    done = fauxtrack('ctl', '--control', socket, *words)
    assert done.returncode == 0, done
    return done.stdout


def heard_of(r):
    """Its standard error so far."""
    r.heard = getattr(r, 'heard', b'')
    os.set_blocking(r.process.stderr.fileno(), False)
    r.heard += r.process.stderr.read() or b''
    return r.heard.decode()


def a_port_that_listens_is_a_url():
    with tempfile.TemporaryDirectory() as d:
        trace = os.path.join(d, 'trace')
        with Run('--listen', 'rfc2217:0', '--trace', trace) as r:
            assert re.fullmatch(r'rfc2217://127\.0\.0\.1:\d+', r.path), r.path
            with Net(r.path) as c:
                c.send(b'\xff\xfb\x2c\xff\xfa\x2c\5\x0c\xff\xf0\xff\xfa\x2c\5\5\xff\xf0'
                       b'\xff\xfa\x2c\5\x0b\xff\xf0AT\r')
                c.read_until(b'OK\r\n')
            assert r.path in control(r, 'list')
            control(r, 'cable', 'unplugged')
            assert r.path not in control(r, 'list')
            control(r, 'cable', 'plugged')
            assert r.path in control(r, 'list')
            with Net(r.path) as c:
                c.send(b'AT\r')
                c.read_until(b'OK\r\n')
        with open(trace, encoding='ascii') as f:
            told = [line[13:].strip() for line in f]
        assert told[-1] == '= CTS' and '= CTS DTR RTS' in told, told
        told = [line for line in told if not line.startswith('=')]
        at = told.index('# rts: on')
        assert told[at:at + 5] == ['# rts: on', '# dtr: on', '# rts: off', '# break: 0', '# rts: on'], told
        assert told.index('# dtr: off') > at


def each_modem_listens_at_the_next_port_or_path():
    for _ in range(20):
        with socket.create_server(('127.0.0.1', 0)) as held:
            first = held.getsockname()[1]
        try:
            with Run('--listen', f'tcp:{first}', '--count', '3', count=3) as r:
                assert r.paths == [f'socket://127.0.0.1:{first + i}' for i in range(3)], r.paths
                for path in r.paths:
                    with Net(path) as c:
                        c.send(b'AT\r')
                        c.read_until(b'OK\r\n')
            break
        except AssertionError as e:
            if 'Address already in use' not in str(e):
                raise
    with tempfile.TemporaryDirectory() as d:
        with Run('--listen', f'unix:{d}/m', '--count', '3', count=3) as r:
            assert r.paths == [f'{d}/m', f'{d}/m-2', f'{d}/m-3'], r.paths
            with Net(r.paths[2]) as c:
                c.send(b'AT\r')
                c.read_until(b'OK\r\n')
        assert not os.listdir(d)
    with Run('--listen', 'tcp:0', '--count', '3', count=3) as r:
        assert len(set(r.paths)) == 3


def a_link_keeps_the_pty_beside_a_port_that_listens():
    with tempfile.TemporaryDirectory() as d:
        link = os.path.join(d, 'modem')
        with Run('--listen', 'tcp:0', '--link', link) as r:
            assert r.path.startswith('socket://')
            with Client(link) as c:
                assert command(c, b'ATS0=3;S0?') == b'\r\n003\r\n'
                with Net(r.path) as other:
                    assert b'in use by a client of /dev/pts/' in other.rest()
            until('DTR off', lambda: 'off' in control(r, 'state', 'port.dtr') or
                  'false' in control(r, 'state', 'port.dtr'))
            with Net(r.path) as c:
                c.send(b'ATS0?\r')
                assert b'\r\n003\r\n' in c.read_until(b'OK\r\n')
        assert not os.listdir(d)


def exec_gives_its_command_the_url():
    done = fauxtrack('exec', '--listen', 'tcp:0', '--', 'sh', '-c', 'echo "$0 $FAUXTRACK_TTY"', '{}')
    assert re.fullmatch(r'(socket://127\.0\.0\.1:\d+) \1\n', done.stdout), done


def wrong_addresses_get_a_remedy():
    for words, remedy in ((['5000'], 'give rfc2217:PORT, tcp:PORT or unix:PATH'),
                          (['tcp:'], 'give 1 to 65535, or 0 for any free port'),
                          (['tcp:65536'], 'give 1 to 65535'),
                          (['tcp:localhost:5000'], '"localhost" is not a numeric address; give one such as'),
                          (['tcp:::1:5000'], 'is not a numeric address'),
                          (['tcp:[127.0.0.1]:5000'], 'is not a numeric address'),
                          (['unix:'], 'give one, such as /tmp/modem.sock'),
                          (['unix:' + 'x' * 200], 'give a shorter one'),
                          (['tcp:65534', '--count', '3'],
                           'modem 3 would need port 65536, above 65535; give a lower first port')):
        done = fauxtrack('run', '--listen', *words)
        assert done.returncode == 2 and remedy in done.stderr and done.stderr.count('\n') == 1, done
    done = fauxtrack('run', '--listen', 'tcp:192.0.2.1:0')
    assert done.returncode == 1 and 'give an address of this machine' in done.stderr, done


def a_hundred_modems_start_at_once():
    start = time.monotonic()
    with Run('--count', '100', count=100) as r:
        took = time.monotonic() - start
        with Client(r.paths[99]) as c:
            command(c, b'AT')
        return f'{took * 1000:.0f} ms to the hundredth path'


def exec_gives_the_status_of_its_command():
    with tempfile.TemporaryDirectory() as folder:
        # Another program may have the number of the pty by now, but not the link.
        link = folder + '/link'
        done = fauxtrack('exec', '--link', link, '--', 'sh', '-c',
                         'echo "$0 $1 $FAUXTRACK_TTY"; test -e "$2" && exit 7', '{}', 'x{}y', link)
        assert not os.path.lexists(link)
    path = done.stdout.split()[0]
    assert done.returncode == 7 and done.stderr == '', done
    assert done.stdout == f'{path} x{path}y {path}\n', done.stdout
    assert fauxtrack('exec', '--', 'sh', '-c', 'kill -KILL $$').returncode == 137
    assert fauxtrack('exec', 'true').returncode == 0


def exec_s_command_finds_a_modem():
    done = fauxtrack('exec', '--', 'sh', '-c',
                     'exec 3<>"$0"; printf "AT+CREG?\\r" >&3; head -c 29 <&3', '{}')
    assert done.stdout == 'AT+CREG?\n\n+CREG: 0,1\n\nOK\n', done


# Reads an answer with shell commands: sh has no program for a port.
ASK = ('exec 3<>"$0"; stty -F "$0" raw -echo; printf "%s\\r" "$1" >&3; '
       'while read -r line <&3; do case $line in OK*) exit 0;; *ERROR*) exit 1;; esac; done')


def exec_waits_before_it_starts():
    assert fauxtrack('exec', '--wait', 'registered', '--', 'true').returncode == 0
    done = fauxtrack('exec', '--wait', 'sim=absent', '--wait', 'timeout=1s', '--', 'true')
    assert done.returncode == 124 and 'sim is ready, not absent' in done.stderr, done
    assert fauxtrack('exec', '--wait', 'regstered', '--', 'true').returncode == 125


def exec_sweeps_and_names_what_breaks():
    bears = ['--', 'timeout', '20', 'sh', '-c', ASK, '{}', 'AT+CSQ']
    done = fauxtrack('exec', '--speed', 'max', '--sweep', 'urc', *bears)
    assert done.returncode == 0 and ' 0 broke the command' in done.stderr, done
    text = ['--sweep', 'urc', '--sweep-text', 'ERROR']
    done = fauxtrack('exec', '--speed', 'max', *text, *bears)
    # the number of each gap depends on how fast the tool is, since a silence is a gap too
    assert done.returncode == 1 and re.search(r'gap \d+, \w.* of AT\+CSQ: exit status 1', done.stderr), done
    gap = done.stderr.split('gap ')[1].split(',')[0]
    done = fauxtrack('exec', '--speed', 'max', *text, '--at', gap, *bears)
    assert done.returncode == 1 and f'gap {gap}, ' in done.stderr, done


def exec_reports_mistakes_of_its_command():
    for line, status in (('AT+CSQ', 0), ('AT+NONSENSE;+CSQ', 1)):
        with tempfile.NamedTemporaryFile('r') as f:
            done = fauxtrack('exec', '--on-exit', 'fail', '--report-json', f.name, '--', 'sh', '-c',
                             ASK.replace('exit 1', 'exit 0'), '{}', line)
            codes = [x['code'] for x in json.load(f)['findings']]
        assert done.returncode == status and codes == ['unknown'] * status, (done, codes)


BUG = """name: a field bug
bug: { evidence: description, source: here, models: any, symptom: none, host: waits }
profile: fastrack-supreme-20-r74
faults:
  - name: no signal
    once: true
    answer: { commands: [+CSQ], lines: "+CSQ: 99,99" }
  - answer: { commands: [+CPAS], result: ERROR }
"""


def exec_reports_rules_that_never_acted():
    with tempfile.TemporaryDirectory() as d:
        bug, report = os.path.join(d, 'bug.yaml'), os.path.join(d, 'r.json')
        with open(bug, 'w', encoding='ascii') as f:
            f.write(BUG)
        ask = ['--', 'sh', '-c', ASK.replace('exit 1', 'exit 0'), '{}']
        done = fauxtrack('exec', '--bug', bug, *ask, 'AT+CSQ;+CPAS')
        assert done.returncode == 0 and done.stderr == '', done
        done = fauxtrack('exec', '--bug', bug, *ask, 'AT+CSQ')
        idle = f'{bug}:8:5: this rule never acted: answer\n'
        assert done.returncode == 0 and idle in done.stderr and 'no signal' not in done.stderr, done
        done = fauxtrack('exec', '--bug', bug, '--on-exit', 'fail', '--report-json', report, *ask,
                         'AT+CSQ')
        assert done.returncode == 1 and idle in done.stderr, done
        with open(report, encoding='utf-8') as f:
            rules = json.load(f)['rules']
        assert [(r['number'], r['line'], r['acted']) for r in rules] == [(1, 5, 1), (2, 8, 0)], rules
        # the rule has no demo, and check says so
        done = fauxtrack('check', bug)
        assert done.returncode == 0 and f'{bug}: no demo' in done.stderr, done
        done = fauxtrack('play', bug)
        assert 'has no demo' in done.stderr, done


def once_is_kept_with_the_state():
    with tempfile.TemporaryDirectory() as d:
        bug, state = os.path.join(d, 'bug.yaml'), os.path.join(d, 'state')
        with open(bug, 'w', encoding='ascii') as f:
            f.write(BUG)
        answers = []
        for options in (('--state', state), ('--state', state), ()):
            with Run('--bug', bug, *options) as r, Client(r.path) as c:
                answers.append([command(c, b'AT+CSQ'), command(c, b'AT+CSQ')])
        lost, usual = b'\r\n+CSQ: 99,99\r\n', b'\r\n+CSQ: 22,0\r\n'
        assert answers == [[lost, usual], [usual, usual], [lost, usual]], answers


# A host that sets its line to $2 baud ('': leaves it alone), follows an AT+IPR that it
# has sent, and waits at most 2 s for each answer.
HOST = '''
import os, select, sys, termios
fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
def speed(name):
    t = termios.tcgetattr(fd)
    t[4] = t[5] = getattr(termios, "B" + name)
    t[6][termios.VTIME] = 1
    termios.tcsetattr(fd, termios.TCSANOW, t)
if sys.argv[2]:
    speed(sys.argv[2])
ok = True
for line in sys.argv[3:]:
    if line.isdigit():
        speed(line)
        continue
    os.write(fd, line.encode() + b"\\r")
    got = b""
    while not got.endswith(b"OK\\r\\n") and select.select([fd], [], [], 2)[0]:
        got += os.read(fd, 999)
    ok = ok and got.endswith(b"OK\\r\\n")
print("understood" if ok else "garbage")
'''


def exec_complains_of_a_host_at_another_speed():
    for options, words, complains, hears in (
            ((), ('9600', 'AT', 'AT'), 1, 'understood'),
            ((), ('', 'AT'), 0, 'understood'),
            ((), ('0', 'AT'), 0, 'understood'),
            ((), ('115200', 'AT+IPR=9600', '9600', 'AT'), 0, 'understood'),
            ((), ('115200', 'AT+IPR=9600', 'AT'), 1, 'understood'),
            ((), ('115200', 'AT+IPR=0', '19200', 'AT'), 0, 'understood'),
            (('--line', 'real'), ('9600', 'AT'), 1, 'garbage'),
            (('--line', 'real'), ('115200', 'AT+IPR=9600', '9600', 'AT'), 0, 'understood'),
            (('--line', 'real', '--set', 'device.line.garbles=false'), ('9600', 'AT'), 1, 'understood')):
        with tempfile.NamedTemporaryFile('r') as f:
            done = fauxtrack('exec', *options, '--on-exit', 'fail', '--report-json', f.name,
                             '--', sys.executable, '-c', HOST, '{}', *words)
            codes = [x['code'] for x in json.load(f)['findings']]
        what = (options, words, done)
        assert done.stdout == hears + '\n', what
        assert done.returncode == complains and codes == ['speed'] * complains, (what, codes)
        log = [x for x in done.stderr.splitlines() if ' speed: the host is at ' in x]
        assert len(log) == complains and all('AT+IPR=' in x for x in log), what


def a_line_that_is_real_takes_ten_bits_a_byte():
    with Run('--line', 'real') as r, Client(r.path) as c:
        c.set(speed=ptytest.termios.B115200, iflag=0, lflag=0)
        assert command(c, b'AT+IPR=1200') == b''
        c.set(speed=ptytest.termios.B1200)
        start = time.monotonic()
        sent = b'AT+CGMM'
        got = len(command(c, sent)) + 2 * (len(sent) + 1) + len(OK)
        took = time.monotonic() - start
    # the echo comes back while bytes are still sent: the time is that of one direction
    # without its first byte
    least = (got - len(sent) - 1) * 10 / 1200
    assert took >= least, (took, least)
    return f'{got} bytes took {took * 1000:.0f} ms, {least * 1000:.0f} at least'


def exec_passes_signals_on_and_waits():
    script = ('import os, signal, sys\n'
              'def on(n, f):\n'
              '    os.write(1, f"got {n} {os.path.exists(sys.argv[1])}\\n".encode())\n'
              '    sys.exit(40 + n)\n'
              'for n in (1, 2, 15): signal.signal(n, on)\n'
              'os.write(1, b"here\\n")\n'  # print() is not re-entrant: a signal can come within it
              'while True: signal.pause()\n')
    for signo in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        with subprocess.Popen([ptytest.PROGRAM, 'exec', '--', '/usr/bin/python3', '-c', script,
                               '{}'], stdout=subprocess.PIPE, start_new_session=True) as p:
            assert p.stdout.readline() == b'here\n'
            p.send_signal(signo)
            assert p.stdout.read() == b'got %d True\n' % signo
            assert p.wait(20) == 40 + signo


def a_command_that_cannot_be_started_is_127():
    done = fauxtrack('exec', '--', '/no/such/program')
    assert done.returncode == 127 and '/no/such/program' in done.stderr, done


def usage_errors_get_a_remedy():
    for args, words in (
            (['run', '--porfile', 'x'], ['--porfile', 'did you mean "profile"']),
            (['rum'], ['"rum"', 'did you mean "run"']),
            (['run', '--speed', 'fast'], ['--speed', 'fast', 'max']),
            (['run', '--boot', 'hot'], ['warm or cold']),
            (['run', '--clock', 'noon'], ['2010-01-01T12:00:00Z']),
            (['run', '--seed'], ['--seed', 'value']),
            (['run', '--image', 'nothing'], ['--image']),
            (['run', '--count', '2', '--bug', '2:my-bug'], ['ctl --modem 2 bug my-bug', 'fleet file']),
            (['run', 'minicom'], ['exec -- COMMAND']),
            (['exec'], ['which command'])):
        done = fauxtrack(*args)
        assert done.returncode == (125 if args[0] == 'exec' else 2) and done.stdout == '', (args, done)
        assert all(w in done.stderr for w in words), (args, done.stderr)
        assert done.stderr.count('\n') == 1, (args, done.stderr)
    for args, words in (
            (['run', '--profile', 'fastrack-supreme-20-r75'], ["did you mean"]),
            (['run', '--set', 'sim.pim=1'], ['sim.pim', 'pin'])):
        done = fauxtrack(*args)
        assert done.returncode == 1 and all(w in done.stderr for w in words), (args, done)


def a_kill_keeps_what_was_saved():
    with tempfile.TemporaryDirectory() as d:
        state = os.path.join(d, 'state')
        r = Run('--state', state)
        with Client(r.path) as c:
            command(c, b'ATS0=3')
            command(c, b'AT&W')
        r.process.kill()
        r.process.wait(20)
        r.process.stdout.close()
        r.process.stderr.close()
        with Run('--state', state) as r, Client(r.path) as c:
            assert command(c, b'ATS0?') == b'\r\n003\r\n'


def two_cannot_have_one_state():
    with tempfile.TemporaryDirectory() as d:
        with Run('--state', d) as r:
            done = fauxtrack('run', '--state', d)
            assert done.returncode == 1, done
            assert f'another emulator (pid {r.pid})' in done.stderr, done.stderr


def a_trace_has_all_that_went_over_the_port():
    with tempfile.TemporaryDirectory() as d:
        name = os.path.join(d, 'trace')
        with Run('--trace', name) as r, Client(r.path) as c:
            command(c, b'AT+CSQ')
            command(c, b'ATE0')
            c.send(b'AT\r')
            c.read_until(OK)
        with open(name) as f:
            lines = f.read().splitlines()
        assert lines[0] == '# fauxtrack trace 1' and '# profile fastrack-supreme-20-r74' in lines
        wire = [l.split(' ', 2) for l in (l.strip() for l in lines) if l[0] != '#']
        assert ''.join(w[2] for w in wire if w[1] == '>') == 'AT+CSQ\\rATE0\\rAT\\r'
        said = ''.join(w[2] for w in wire if w[1] == '<')
        assert re.fullmatch(r'AT\+CSQ\\r\\r\\n\+CSQ: \d+,\d\\r\\n\\r\\nOK\\r\\n'
                            r'ATE0\\r\\r\\nOK\\r\\n\\r\\nOK\\r\\n', said), said
        times = [float(w[0]) for w in wire]
        assert times == sorted(times), times
        notes = [w[2] for w in wire if w[1] == '#']
        assert 'dtr: on' in notes and 'net: home (1)' in notes, notes


def at_speed_max_nothing_takes_time():
    with tempfile.TemporaryDirectory() as d:
        name = os.path.join(d, 'trace')
        with Run('--speed', 'max', '--trace', name) as r, Client(r.path) as c:
            start = time.monotonic()
            assert b'+COPS: (' in command(c, b'AT+COPS=?')
            took = time.monotonic() - start
            c.send(b'AT+COPS?\rAT+CREG?\r')
            assert c.read_until(b'+CREG: 0,1\r\n' + OK).count(OK) == 2
        with open(name) as f:
            lines = [l.split(None, 2) for l in f if l[0] != '#']
        every = [float(l[0]) for l in lines]
        assert every == sorted(every), 'the trace goes back in time'
        said = [l[1] + l[2].strip() for l in lines if '+CREG' in l[2]]
        assert said[0] == r'>AT+CREG?\r' and said[1] == '#command: +CREG?', said
        at = [float(l[0]) for l in lines if '+COPS' in l[2]]
        assert at[-1] - at[0] > 5, 'no virtual time went by'
        assert took < at[-1] - at[0], f'{took} s'
        return f'{at[-1] - at[0]:.1f} virtual seconds in {took * 1000:.1f} ms'


def a_cold_modem_boots_when_the_first_client_comes():
    with tempfile.TemporaryDirectory() as d:
        name = os.path.join(d, 'trace')
        with Run('--boot', 'cold', '--speed', '20', '--trace', name) as r:
            cpu, wakes = r.cost_over(0.5)
            assert (cpu, wakes) == (0, 0), (cpu, wakes)
            with Client(r.path) as c:
                def answers():
                    c.send(b'AT\r')
                    return OK in c.get()
                until('it has booted', answers)
        with open(name) as f:
            text = f.read()
        assert text.index('dtr: on') < text.index('power: booting'), text


def a_modem_that_waits_costs_nothing():
    with Run('--count', '10', count=10) as r:
        cpu, wakes = r.cost_over(PERIOD)
        assert (cpu, wakes) == (0, 0), f'{cpu} of a CPU, {wakes} wake-ups'
        with Client(r.path) as c:
            command(c, b'AT')
        until('the poll has ended', lambda: r.cost_over(0.5)[1] == 0)


def the_list_of_commands_ends_with_counts():
    done = fauxtrack('list', 'commands', '--profile', 'm1306b-r640')
    rows, counts = done.stdout.split('\n\n')
    assert rows.splitlines()[0].split() == ['command', 'forms', 'stored', 'status', 'source']
    rows = [re.split(r' {2,}', line) for line in rows.splitlines()[1:]]
    assert ['+CREG', '-SRT', 'AT&W', 'works', 'network.md +CREG'] in rows, rows
    assert ['+WIND', '-SRT', 'at once', 'works', 'boot.md +WIND: no event above 12'] in rows, rows
    assert ['+WBM', '-S-T', '-', 'absent', 'wavecom.md +WBM: of 6.6x and later'] in rows, rows
    first, *others = counts.splitlines()
    n = {s: [row[3] for row in rows].count(s) for s in ('works', 'kept', 'refused', 'absent', 'wip')}
    assert first == 'Open AT firmware 6.40 (Q2406B): %d commands: %s of an application' % (
        len(rows), ', '.join('%d %s' % (n[s], s) for s in n).replace(' wip', '')), first
    assert n['wip'] == 8, n
    assert any(o.startswith('Open AT firmware 6.57 (Q2406B): ') for o in others), others


def nobody_reads_its_log_and_the_modem_goes_on():
    def come_and_go():  # writes two lines to the log
        with Client(r.path) as c:
            command(c, b'AT')

    with Run('--log', 'debug', '--speed', 'max') as r:
        fcntl.fcntl(r.process.stderr, fcntl.F_SETPIPE_SZ, 8192)
        for _ in range(200):
            come_and_go()
        said = b''
        while b' log lines were left out' not in said:
            got = os.read(r.process.stderr.fileno(), 65536)
            assert said or len(got) > 2048, got
            said += got
            come_and_go()
        lines = said.split(b'\n')[:-1]
        bad = [l for l in lines if not re.match(rb'\d+\.\d{3} \w+ \w+: .|control: |fauxtrack: \d+ log lines', l)]
        assert not bad, bad


main([run_prints_the_path_and_nothing_else,
      nobody_reads_its_log_and_the_modem_goes_on,
      many_modems_are_one_process_with_a_path_and_a_link_each,
      a_port_that_listens_is_a_url,
      each_modem_listens_at_the_next_port_or_path,
      a_link_keeps_the_pty_beside_a_port_that_listens,
      exec_gives_its_command_the_url,
      wrong_addresses_get_a_remedy,
      a_hundred_modems_start_at_once,
      exec_gives_the_status_of_its_command,
      exec_s_command_finds_a_modem,
      exec_waits_before_it_starts,
      exec_sweeps_and_names_what_breaks,
      exec_reports_mistakes_of_its_command,
      exec_reports_rules_that_never_acted,
      once_is_kept_with_the_state,
      exec_complains_of_a_host_at_another_speed,
      a_line_that_is_real_takes_ten_bits_a_byte,
      exec_passes_signals_on_and_waits,
      a_command_that_cannot_be_started_is_127,
      usage_errors_get_a_remedy,
      a_kill_keeps_what_was_saved,
      two_cannot_have_one_state,
      a_trace_has_all_that_went_over_the_port,
      at_speed_max_nothing_takes_time,
      a_cold_modem_boots_when_the_first_client_comes,
      a_modem_that_waits_costs_nothing,
      the_list_of_commands_ends_with_counts])
