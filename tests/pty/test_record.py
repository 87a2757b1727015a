#!/usr/bin/python3
# fauxtrack record and compare on a real tty: another fauxtrack is the modem at it.
import fcntl
import json
import os
import select
import signal
import struct
import subprocess
import termios
import threading

from ptytest import (DEADLINE, FOLDER, NOBODY, PROGRAM, Client, Net, Run, Server, Skip, as_user, fauxtrack,
                     main, until)

PROFILE = 'fastrack-supreme-20-r74'
NUMBER = '0612345678'
TCGETS2 = 0x802c542a  # as on x86-64, arm64
PATTERN = bytes((i * 7 + (i >> 8) * 13) & 255 for i in range(65536))
MEGABYTES = 2 << 20
IAC, WILL, DO, SB, SE, COM = 255, 251, 253, 250, 240, 44


def pattern(size):
    return (PATTERN.replace(b'+', b'-') * (size // 65536 + 1))[:size]


def inside(name):
    return os.path.join(FOLDER.name, name)


class Modem(Run):
    """The modem at the tty."""

    def __init__(self, *args):
        super().__init__('--profile', PROFILE, '--speed', 'max', *args)


class Record(Server):
    ready = None

    def __init__(self, device, *args):
        super().__init__('record', device, *args)

    def end(self):
        """Its status after Ctrl-C, and what it has said."""
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(DEADLINE)
        return status, self.process.stderr.read().decode()


def talk(c, *lines):
    said = b''
    for line in lines:
        c.send(line + b'\r')
        said += c.read_until(b'\r\nOK\r\n')
    return said


def answer(c):
    """All up to OK or ERROR."""
    got = b''
    while not got.endswith((b'OK\r\n', b'ERROR\r\n')):
        assert select.select([c.fd], [], [], DEADLINE)[0], got
        got += c.get()
    return got


# ---- bytes --------------------------------------------------------------------------------

def two_megabytes_pass_both_ways():
    with Modem(f'--number={NUMBER}=echo') as m, Record(m.path, '--trace', inside('t.pcapng')) as r, Client(r.path) as c:
        c.send(b'ATD' + NUMBER.encode() + b'\r')
        c.read_until(b'CONNECT 9600\r\n')
        sent = pattern(MEGABYTES)
        writer = threading.Thread(target=c.send, args=(sent,))
        writer.start()
        got = b''
        while len(got) < len(sent):
            assert select.select([c.fd], [], [], DEADLINE)[0], f'{len(got)} of {len(sent)} bytes came'
            got += c.get()
        writer.join()
        assert got == sent, 'other bytes came'


def a_host_that_does_not_read_loses_nothing():
    with Modem(f'--number={NUMBER}=echo') as m, Record(m.path, '--trace', inside('t.json')) as r, Client(r.path) as c:
        c.send(b'ATD' + NUMBER.encode() + b'\r')
        c.read_until(b'CONNECT 9600\r\n')
        sent, at = pattern(1 << 20), 0
        before = r.rss_kb()
        # until everything on the way is full
        while at < len(sent) and select.select([], [c.fd], [], 0.5)[1]:
            at += os.write(c.fd, sent[at:at + 4096])
        assert at < len(sent), 'nothing holds the host back'
        assert r.rss_kb() < before + 2048, (before, r.rss_kb())
        got = b''
        while len(got) < at:
            assert select.select([c.fd], [], [], DEADLINE)[0], f'{len(got)} of {at} bytes came'
            got += c.get()
        assert got == sent[:at]


# ---- speed, lines, break -------------------------------------------------------------------

def speed_of(fd):
    """Of its output; the kernel's struct has it for any speed."""
    t = bytearray(44)
    fcntl.ioctl(fd, TCGETS2, t)
    return struct.unpack_from('I', t, 40)[0]


def need_root():
    if os.getuid():
        raise Skip('only root can look at a tty that another program has for itself')


def the_speed_of_the_host_is_set_at_the_device():
    need_root()
    with Modem() as m, Record(m.path, '--trace', inside('t.txt')) as r, Client(r.path) as c:
        with Client(m.path) as holder:
            for constant, speed in ((termios.B9600, 9600), (termios.B57600, 57600)):
                c.set(speed=constant)
                talk(c, b'AT')
                until('the speed', lambda s=speed: speed_of(holder.fd) == s)


def the_device_has_its_settings_back_after_ctrl_c():
    need_root()
    with Modem() as m, Client(m.path) as holder:
        holder.set(speed=termios.B19200, lflag=termios.ICANON | termios.ECHO, iflag=termios.ICRNL)
        before = holder.settings()
        with Record(m.path, '--trace', inside('t.txt')) as r:
            with Client(r.path) as c:
                c.set(speed=termios.B9600)
                talk(c, b'AT')
                until('the speed', lambda: speed_of(holder.fd) == 9600)
            assert holder.is_exclusive()
            assert r.end() == (0, '')
        assert holder.settings() == before
        assert not holder.is_exclusive()


def option(*values):
    return bytes([IAC, SB, COM, *values, IAC, SE])


def rfc2217_passes_lines_and_a_break():
    trace = inside('t.txt')
    with Modem() as m, Record(m.path, '--listen', 'rfc2217:0', '--trace', trace) as r, Net(r.path) as c:
        c.send(bytes([IAC, WILL, COM, IAC, WILL, 0, IAC, DO, 0]))
        c.send(option(1, 0, 0, 0x4b, 0) + option(5, 9) + option(5, 8) + option(5, 5) + option(5, 6))
        c.send(b'AT\r')
        got = b''
        while b'OK\r\n' not in got:
            got += c.socket.recv(65536)

        def written():
            with open(trace, encoding='utf-8') as f:
                text = f.read()
            return all(t in text for t in ('dtr: off', 'dtr: on', 'break', '19200'))
        until('the lines in the trace', written)
        with open(trace, encoding='utf-8') as f:
            text = f.read()
        assert text.index('dtr: off') < text.index('dtr: on', text.index('dtr: off')), text


# ---- what is written -----------------------------------------------------------------------

PIN = '90817263'  # so long that no time in a trace has its digits by chance


def no_trace_has_a_pin():
    for name in ('t.txt', 't.json', 't.pcapng'):
        path = inside(name)
        with Modem('--set', 'sim=pin', '--set', f'sim.pin={PIN}') as m, Record(m.path, '--trace', path) as r, Client(r.path) as c:
            # one character at a time, as a person types: the echo comes between them
            for ch in f'AT+CPIN={PIN}'.encode():
                c.send(bytes([ch]))
                c.read_until(bytes([ch]))
            c.send(b'\r')
            c.read_until(b'OK\r\n')
            for line in (b'AT+CLCK="SC",2\r', f'AT+CLCK="SC",1,"{PIN}"\r'.encode()):
                c.send(line)
                answer(c)
            assert r.end()[0] == 0
        with open(path, 'rb') as f:
            text = f.read()
        shown = fauxtrack('trace', 'convert', path, inside('shown.txt'))
        assert shown.returncode == 0, shown
        with open(inside('shown.txt'), 'rb') as f:
            lines = f.read()
        typed = b''.join(l.split(b' > ')[1].strip() for l in lines.splitlines() if b' > ' in l)
        assert PIN.encode() not in text and PIN.encode() not in typed, (name, typed)
        assert b'AT+CPIN=00000000' in typed and b'"SC",2' in typed and b'"SC",1,"00000000"' in typed, (name, typed)


def nothing_shown_has_a_pin():
    with Modem('--set', 'sim=pin', '--set', f'sim.pin={PIN}') as m, Record(m.path) as r, Client(r.path) as c:
        talk(c, f'AT+CPIN={PIN}'.encode())
        status, said = r.end()
        assert status == 0 and '> AT+CPIN=00000000' in said and PIN not in said, said
    report = inside('r.json')
    with Modem('--set', 'firmware.commands.+CAMM=absent', '--set', 'firmware.defaults.+CMEE=1') as m, \
            Record(m.path, '--check', PROFILE, '--set', 'firmware.defaults.+CMEE=1', '--report-json', report) as r, \
            Client(r.path) as c:
        c.send(f'AT+CAMM="000001","{PIN}"\r'.encode())
        answer(c)
        status, said = r.end()
        assert status == 0 and 'AT+CAMM="000001","00000000": real: ' in said and PIN not in said, said
        with open(report, encoding='utf-8') as f:
            assert [d['command'] for d in json.load(f)['differences']] == ['AT+CAMM="000001","00000000"']


def a_trace_is_not_converted_onto_itself():
    path = inside('t.txt')
    with open(path, 'w', encoding='utf-8') as f:
        f.write('# fauxtrack trace 1\n    1.000000 > AT\\r\n')
    with open(path, 'rb') as f:
        before = f.read()
    done = fauxtrack('trace', 'convert', path, FOLDER.name + '/./t.txt')
    assert done.returncode == 1 and 'give OUT another name' in done.stderr, done
    with open(path, 'rb') as f:
        assert f.read() == before


# ---- what can go wrong ---------------------------------------------------------------------

def control(m, *words):
    done = fauxtrack('ctl', '--control', m.socket, *words)
    assert done.returncode == 0, done


def an_unplugged_device_ends_it():
    with Modem() as m:
        r = Record(m.path, '--trace', inside('t.txt'))
        with Client(r.path) as c:
            talk(c, b'AT')
            control(m, 'cable', 'unplugged')
            assert r.process.wait(DEADLINE) == 1
            said = r.process.stderr.read().decode()
            assert 'the device' in said and 'plug it in' in said and said.count('\n') == 1, said


def a_device_that_cannot_be_used_has_a_remedy():
    with open(inside('file'), 'w', encoding='utf-8') as f:
        f.write('x')
    for command in (['record'], ['compare']):
        more = [PROFILE] if command == ['compare'] else []
        for path, words in ((inside('nothing'), 'is the modem plugged in?'), (inside('file'), 'name the tty of a modem')):
            done = fauxtrack(*command, path, *more)
            assert done.returncode == 1 and done.stdout == '' and words in done.stderr, done
            assert path in done.stderr and done.stderr.count('\n') == 1, done


def a_device_of_others_has_a_remedy():
    with Modem() as m:
        os.chmod(m.path, 0o600)

        def work():
            done = subprocess.run([PROGRAM, 'record', m.path], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  text=True, timeout=DEADLINE, check=False)
            assert done.returncode == 1 and 'dialout' in done.stderr, done
        os.chmod(FOLDER.name, 0o755)
        as_user(NOBODY, work)


def a_busy_device_has_a_remedy():
    with Modem() as m, Client(m.path) as other:
        os.chmod(m.path, 0o666)
        other.exclusive()

        def work():
            done = subprocess.run([PROGRAM, 'record', m.path], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  text=True, timeout=DEADLINE, check=False)
            assert done.returncode == 1 and 'end that first' in done.stderr, done
        as_user(NOBODY, work)


# ---- the shadow ------------------------------------------------------------------------------

def the_shadow_shows_what_differs():
    report = inside('r.json')
    with Modem('--set', 'firmware.identity.revision.text=MADE UP', '--set', 'firmware.commands.+CMGF.test=(0-7)') as m, \
            Record(m.path, '--check', PROFILE, '--report-json', report) as r, Client(r.path) as c:
        talk(c, b'AT', b'AT+CGMR', b'AT+CSQ', b'AT+CMGF=?', b'AT+CGSN')
        status, said = r.end()
        lines = said.splitlines()
        assert status == 0 and len(lines) == 3, said
        assert 'AT+CGMR: real: MADE UP; ours: R74_00gg' in lines[0], said
        assert 'AT+CMGF=?: real: +CMGF: (0-7); ours: +CMGF: (0,1)' in lines[1], said
        assert '5 commands, 2 answered otherwise' in lines[2], said
        with open(report, encoding='utf-8') as f:
            j = json.load(f)
        assert [d['command'] for d in j['differences']] == ['AT+CGMR', 'AT+CMGF=?'], j
        assert (j['commands'], j['differ'], j['own'], j['profile']) == (5, 2, 2, PROFILE), j


def the_shadow_follows_a_message_and_a_call():
    with Modem(f'--number={NUMBER}=echo') as m, \
            Record(m.path, '--check', PROFILE, '--quiet') as r, Client(r.path) as c:
        talk(c, b'AT+CMGF=1')
        c.send(b'AT+CMGS="+33612345678"\r')
        c.read_until(b'> ')
        c.send(b'AT+CGMR is no command here\x1a')
        c.read_until(b'\r\nOK\r\n')
        c.send(b'ATD' + NUMBER.encode() + b'\r')
        c.read_until(b'CONNECT 9600\r\n')
        c.send(b'AT+CGMI\r and other data\r')
        c.read_until(b'other data\r')
        select.select([], [], [], 1.2)  # the guard time of +++
        c.send(b'+++')
        c.read_until(b'\r\nOK\r\n')
        c.send(b'ATH\r')
        c.read_until(b'\r\nOK\r\n')
        talk(c, b'AT+CGMR')
        status, said = r.end()
        assert status == 0 and ' 0 answered otherwise' in said and said.count('\n') == 1, said


def options_of_check_need_it():
    for more in (['--quiet'], ['--unsolicited'], ['--set', 'a=b'], ['--report-json', 'x']):
        done = fauxtrack('record', '/dev/null', *more)
        assert done.returncode == 2 and 'add --check PROFILE' in done.stderr, done


def what_cannot_be_written_is_said_at_once():
    report, patch = inside('no/r.json'), inside('no/patch.yaml')
    with Modem() as m:
        done = fauxtrack('record', m.path, '--check', PROFILE, '--report-json', report)
        assert done.returncode == 1 and done.stdout == '', done
        assert report in done.stderr and 'another --report-json' in done.stderr and done.stderr.count('\n') == 1, done
    done = fauxtrack('compare', inside('nothing'), PROFILE, '-o', patch)
    assert done.returncode == 1 and patch in done.stderr and 'another -o' in done.stderr, done
    # a failure leaves what was there, and nothing new
    kept = inside('kept.yaml')
    with open(kept, 'w', encoding='utf-8') as f:
        f.write('x')
    for path in (kept, inside('new.yaml')):
        assert fauxtrack('compare', inside('nothing'), PROFILE, '-o', path).returncode == 1
    with open(kept, encoding='utf-8') as f:
        assert f.read() == 'x'
    assert not os.path.exists(inside('new.yaml'))


# ---- compare ---------------------------------------------------------------------------------

def compare_writes_a_patch_that_loads():
    patch = inside('patch.yaml')
    with Modem('--set', 'firmware.identity.revision.text=MADE UP', '--set', 'firmware.commands.+CSQ=absent', '--set',
               'firmware.defaults.+CMEE=1', '--set', 'firmware.quirks.cpin-no-ok=false', '--set',
               'sim.imsi=208010000007777') as m:
        done = fauxtrack('compare', m.path, PROFILE, '-o', patch)
    assert (done.returncode, done.stdout, done.stderr) == (0, '', ''), done
    with open(patch, encoding='utf-8') as f:
        text = f.read()
    for want in ('inherits: ' + PROFILE, "MADE UP', provenance: field", 'absent: true', '"+CMEE": 1', '"cpin-no-ok": false',
                 'ours answers all of them as it has'):
        assert want in text, text
    assert '7777' not in text, text
    assert fauxtrack('check', patch).returncode == 0
    with Run('--profile', patch, '--speed', 'max') as r, Client(r.path) as c:
        assert b'MADE UP' in talk(c, b'AT+CGMR')


def compare_finds_nothing_where_nothing_is():
    with Modem() as m:
        done = fauxtrack('compare', m.path, PROFILE)
    assert done.returncode == 0 and ' 0 were answered otherwise' in done.stdout, done


def compare_list_needs_no_device():
    done = fauxtrack('compare', '--list')
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and len(lines) > 300, done
    for line in lines:
        command = line.split(' ')[0]
        assert len(line.split(None, 1)) == 2, line
        # nothing that acts: a setting only where it is one of the few that show
        assert '=' not in command.replace('=?', '') or command in ('AT+WOPEN=2', 'AT+WOPEN=6', 'AT+WOPEN=7', 'AT+X=N,'), line
        assert not command.startswith(('ATD', 'AT+CPIN=1', 'AT+CMGS=1', 'AT+WDWL=')), line


def compare_more_puts_settings_back():
    with Modem('--set', 'firmware.defaults.+CMEE=1') as m:
        done = fauxtrack('compare', '--more', m.path, PROFILE)
        assert done.returncode == 0 and '"+CMEE": 1' in done.stdout, done
        with Client(m.path) as c:
            assert b'+CMEE: 1' in talk(c, b'AT+CMEE?')
            assert b'+CMGF: 1' in talk(c, b'AT+CMGF?')


def compare_says_what_a_silent_device_needs():
    with Modem('--set', 'firmware.defaults.Q=1') as m:
        done = fauxtrack('compare', m.path, PROFILE)
    assert done.returncode == 1 and 'ATQ0V1' in done.stderr, done


main([
    two_megabytes_pass_both_ways,
    a_host_that_does_not_read_loses_nothing,
    the_speed_of_the_host_is_set_at_the_device,
    the_device_has_its_settings_back_after_ctrl_c,
    rfc2217_passes_lines_and_a_break,
    no_trace_has_a_pin,
    nothing_shown_has_a_pin,
    a_trace_is_not_converted_onto_itself,
    an_unplugged_device_ends_it,
    a_device_that_cannot_be_used_has_a_remedy,
    a_device_of_others_has_a_remedy,
    a_busy_device_has_a_remedy,
    the_shadow_shows_what_differs,
    the_shadow_follows_a_message_and_a_call,
    options_of_check_need_it,
    what_cannot_be_written_is_said_at_once,
    compare_writes_a_patch_that_loads,
    compare_finds_nothing_where_nothing_is,
    compare_list_needs_no_device,
    compare_more_puts_settings_back,
    compare_says_what_a_silent_device_needs,
])
