#!/usr/bin/python3
"""test_dwl_bugs.py FAUXTRACK [BUG...]: the field bugs of upgrades with real senders, and the kinds
of files that none of them sends. The demo of each file of profiles/bugs/dwl is played live at the
port of `fauxtrack run --bug`, and the steps of some scenarios without --bug. Files are sent by sx
or sx -k; all other bytes are compared as `fauxtrack play` does. Virtual time runs only while a file
is sent, and is stepped where the demo waits."""

import glob
import json
import os
import re
import signal
import subprocess
import sys
import termios
import tty

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import clienttest  # noqa: E402
from clienttest import PROGRAM, Case, equal, until  # noqa: E402
from senders import PATIENCE, port_of  # noqa: E402

SETS = os.path.join(HERE, '..', '..', 'profiles', 'sets')
BUGS = os.path.join(HERE, '..', '..', 'profiles', 'bugs', 'dwl')
NAK = b'\x15'
SLOW = ('dwl-xmodem1k-without-flow-control',)  # eleven NAKs, one second each
SCENARIOS = os.path.join(HERE, '..', 'scenario')
KINDS = (  # files that no bug sends
    'download/a-package-for-dwlwin', 'download/a-checksum-that-is-wrong',
    'download/a-file-that-is-truncated', 'download/an-application-that-is-damaged',
    'download/an-e2p-that-is-damaged', 'metal/an-e2p-of-655-brings-the-dota-area')
STEP, STEPS = '100ms', 600  # steps of virtual time until an answer comes


def unescaped(text):
    """The bytes of a trace or a scenario, which has escapes: <15>, \r, \n."""
    named = {'\\r': b'\r', '\\n': b'\n', '\\\\': b'\\'}
    return b''.join(named.get(part) or (bytes([int(part[1:3], 16)]) if part[0] == '<'
                                        and len(part) == 4 else part.encode())
                    for part in re.findall(r'<[0-9A-F]{2}>|\\[rn\\]|.', text, re.S))


def word(value):
    """YAML reads on and off as booleans."""
    return ('off', 'on')[value] if isinstance(value, bool) else value


class Live:
    """The host's side of a demo: a method for each kind of step."""

    def __init__(self, m, bug):
        self.m, self.profile = m, bug['profile']
        self.rate = bug.get('memory', {}).get('+IPR', 115200)
        self.fd = os.open(m.path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self.heard = b''
        self.sent = None  # when the last file began, in microseconds
        self.files = 0
        self.clock('freeze')
        self.set_line()

    def set_line(self):
        tty.setraw(self.fd)
        line = termios.tcgetattr(self.fd)
        line[4] = line[5] = getattr(termios, f'B{self.rate}')
        termios.tcsetattr(self.fd, termios.TCSANOW, line)

    def clock(self, do, **more):
        return self.m.ask('POST', '/clock', {'do': do, **more})

    def read(self):
        """All that the modem has said: it writes its output before it answers the state request."""
        self.m.state()
        try:
            while True:
                self.heard += os.read(self.fd, 65536)
        except BlockingIOError:
            return self.heard

    def hear(self, pattern, what, naks=False):
        """The pattern must come next; start characters are ignored unless `naks`."""
        for _ in range(STEPS):
            self.heard = self.read() if naks else self.read().replace(NAK, b'')
            found = re.match(pattern, self.heard, re.S)
            if found:
                self.heard = self.heard[found.end():]
                return
            self.clock('step', by=STEP)
        raise AssertionError(f'{what}: heard {self.heard!r}')

    def traffic(self, direction, since):
        """All bytes of one direction since a time, no matter which program has read them."""
        c = clienttest.Control(self.m.socket)
        c.request('GET', '/v1/modems/1/trace')
        rows = c.getresponse().read().decode().split('\n')
        c.close()
        return b''.join(unescaped(row[15:]) for row in rows if row[13:14] == direction
                        and round(float(row[:12]) * 1e6) >= since)

    def write(self, data):
        """Types bytes; returns when the modem has them, with virtual time frozen."""
        since = self.clock('freeze')['at']
        os.write(self.fd, data)
        until('the typed bytes at the modem', lambda: self.traffic('>', since).endswith(data))

    # ---- steps

    def talk(self, text):
        for line in text.splitlines():
            kind, line = line.split(' ', 1)
            if kind == '>':
                self.write(line.encode() + b'\r')
                self.hear(re.escape(line.encode() + b'\r'), f'echo of {line}')
                continue
            assert re.match('<(@|$)', kind), f'{kind} {line}: cannot be played live'
            pattern = re.escape(line).replace('<32\\ hex>', '[0-9A-F]{32}')
            self.hear(b'\r\n' + pattern.encode() + b'\r\n', line)

    def raw(self, text):
        wanted = unescaped(text)
        if self.sent is not None:
            said = self.traffic('<', self.sent)
            assert wanted in said, f'no {wanted!r} in {said!r}'
            self.read()
            self.heard = b''
        else:
            self.hear(b'%b*%b' % (NAK, re.escape(wanted)), 'raw bytes', naks=True)

    def type(self, text):
        self.write(unescaped(text))

    def wait(self, time):
        self.clock('step', by=time)

    def silence(self, time):
        equal(self.read(), b'', 'before the silence')
        self.clock('step', by=time)
        equal(self.read(), b'', 'in the silence')

    def state(self, wanted):
        for path, value in wanted.items():
            got = self.m.state()
            for name in path.split('.'):
                got = got[name]
            if isinstance(got, dict):
                got = got['state']
            equal(json.dumps(got).strip('"'), str(value), path)

    def send(self, what):
        what = dict(what)
        name = os.path.join(self.m.folder, f'{self.files}.dwl')
        self.files += 1
        subprocess.run([PROGRAM, 'dwl', 'make', '--profile', self.profile, '-o', name,
                        '--firmware', what.pop('firmware'), '--kind', what.pop('kind', 'firmware'),
                        '--size', str(what.pop('size', 4096)), '--bad', what.pop('bad', 'none')],
                       check=True)
        large = what.pop('block', 1024) == 1024
        blocks = what.pop('blocks', None)
        fails = any([what.pop(key, False) for key in ('refused', 'refused_at', 'cancel')])
        what.pop('naks', None)
        assert not what, f'send {what}: cannot be played live'
        if blocks:
            # the sender is cancelled after this block, which gets no answer
            self.m.act('fault', {'when': {'at': 'block', 'number': blocks}, 'xmodem': 'silent'})
        self.sent = self.clock('scale', to=1)['at']
        # a second open: sx cannot work with O_NONBLOCK
        with port_of(self.m) as line, self.m.start_tool(
                ['sx', *(['-k'] if large else []), name], stdin=line, stdout=line,
                stderr=subprocess.PIPE) as sx:
            if blocks:
                until(f'{blocks} blocks', lambda: self.m.state()['download']['bytes'] ==
                      blocks * (1024 if large else 128))
                sx.send_signal(signal.SIGINT)
            said = sx.communicate(timeout=PATIENCE)[1].decode(errors='replace')
        if blocks:
            # the last bytes of sx, which it has flushed out of the pseudo-terminal itself
            self.write(10 * b'\x18' + 10 * b'\b')
        self.clock('freeze')
        if blocks:
            self.m.act('unfault')
        self.set_line()
        assert (sx.returncode != 0) == fails, f'sx: exit status {sx.returncode}, output:\n{said}'

    def act(self, name, value):
        self.m.act(name, value)

    def play(self, demo):
        for i, step in enumerate(demo):
            step = {k: word(v) for k, v in step.items() if k not in ('note', 'within')}
            (name, value), = step.items()
            try:
                getattr(self, name, lambda v, name=name: self.act(name, v))(value)
            except AssertionError as e:
                raise AssertionError(f'step {i + 1}, {name}: {e}') from None
            if name not in ('send', 'wait', 'raw', 'state'):
                self.sent = None


def first_profile(told):
    """The first profile that a file names, or that is in the set it names."""
    named = told['profiles']
    first = named if isinstance(named, str) else named[0]
    whole = os.path.join(SETS, first + '.yaml')
    if not os.path.exists(whole):
        return first
    with open(whole, encoding='utf-8') as f:
        return yaml.safe_load(f)['profiles'][0]


def add(path, demo, args, core=True):
    slug = os.path.basename(path)[:-len('.yaml')]
    with open(path, encoding='utf-8') as f:
        told = yaml.safe_load(f)
    if 'profile' not in told:
        told['profile'] = first_profile(told)

    def work(m):
        live = Live(m, told)
        try:
            live.play(told[demo])
        finally:
            os.close(live.fd)
        m.did(told['name'])
    work.__name__ = slug
    options = {'args': [*args, slug] if args else [], 'speed': '1'}
    clienttest.CASES.append(Case('lrzsz', work, (told['profile'],),
                                 (told['profile'],) if core else (), options, judged=False))


for one in sorted(glob.glob(os.path.join(BUGS, '*.yaml'))):
    add(one, 'demo', ['--bug'], os.path.basename(one)[:-len('.yaml')] not in SLOW)
for one in KINDS:
    add(os.path.join(SCENARIOS, one + '.yaml'), 'steps', [])
clienttest.main()
