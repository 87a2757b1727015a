# Programs that send a file by XMODEM, each used as its manual says. Each starts when the modem
# already asks for a file; send() returns a Done of clienttest, with status 0 for success.
import functools
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import termios

from clienttest import DEADLINE, PROGRAM, R74, Done, equal, until
from screen import Screen

IMAGES = tempfile.TemporaryDirectory()
os.chmod(IMAGES.name, 0o755)
# Written before any thread starts a process: one that is being started would hold the file open
# for writing, and nobody could run it (ETXTBSY).
HASTY = os.path.join(IMAGES.name, 'sx-hasty')
with open(HASTY, 'w', encoding='ascii') as script:
    script.write('#!/bin/sh\nexec faketime -f "+0 x60" /usr/bin/sx "$@"\n')
os.chmod(HASTY, 0o755)

PATIENCE = 4 * DEADLINE  # for a whole file

PYTHON = '''
import logging, sys, serial, xmodem
logging.basicConfig(level=logging.ERROR)
port = serial.Serial(sys.argv[1], 115200, rtscts=True)
def getc(size, timeout=1):
    port.timeout = timeout
    return port.read(size) or None
def putc(data, timeout=1):
    return port.write(data)
with open(sys.argv[2], 'rb') as file:
    sys.exit(not xmodem.XMODEM(getc, putc, sys.argv[3]).send(file, timeout=int(sys.argv[4])))
'''


def port_of(m):
    """Opens the port without making it the controlling terminal."""
    return open(m.path, 'r+b', buffering=0, opener=lambda p, flags: os.open(p, flags | os.O_NOCTTY))


class Terminal(Screen):
    """A terminal whose text is read without the escape sequences for colours and positions."""

    def __init__(self, m, argv):
        super().__init__(m, argv, term='linux')

    def read(self):
        there = super().read()
        self.seen = re.sub('\x1b\\[[0-9;?]*[a-zA-Z]|[\x0e\x0f]', '', self.seen)
        return there

    def leave(self, keys):
        """Types the keys until the tool ends: keys typed while it returns from sx are lost."""
        def ended():
            self.type(keys)
            try:
                return self.process.wait(1) is not None
            except subprocess.TimeoutExpired:
                return False
        until('the tool to end', ended)


def blocks_of(size, large):
    """The number of blocks that sx sends: large ones while more than 896 bytes are left."""
    count = 0
    while size > 0:
        size -= 1024 if large and size > 896 else 128
        count += 1
    return count


class Sender:
    """`large`: sends blocks of 1024; `pads`: the last block has 1024 bytes too; `stubborn`: goes on
    after two CANs; `alone`: begins after a minute without a start character.
    With send(m, name, hasty=True) its waits of 60 seconds take one second, for faults after which
    the modem never answers."""

    def __init__(self, name, package, send, large=False, pads=False, stubborn=False,
                 alone=True):
        self.name, self.package, self.send = name, package, send
        self.large, self.pads, self.stubborn, self.alone = large, pads, stubborn, alone

    def blocks(self, size):
        return -(-size // 1024) if self.pads else blocks_of(size, self.large)


def sx_command(hasty):
    """The path of sx; if `hasty`, of a script that runs sx under libfaketime."""
    if not hasty:
        return '/usr/bin/sx'
    return HASTY


def sx(*options):
    def send(m, name, hasty):
        with port_of(m) as line:
            with m.start_tool([sx_command(hasty), *options, name], stdin=line, stdout=line,
                              stderr=subprocess.PIPE) as process:
                try:
                    said = process.communicate(timeout=PATIENCE)[1]
                finally:
                    process.kill()
        return Done(process.returncode, said.decode(errors='replace'))
    return send


def kermit(m, name, hasty):
    script = m.file('send.ksc', '\n'.join([
        f'set line {m.path}', 'set carrier-watch off', 'set flow rts/cts', 'set file type binary',
        f'set protocol xmodem {{}} {{}} {{{sx_command(hasty)} %s}} {{sx -a %s}}',
        f'send {name}', 'exit \\v(xferstatus)', '']))
    return m.run('kermit', script, '-Y', '-q', seconds=PATIENCE)


def picocom(m, name, hasty):
    with Terminal(m, ['picocom', '-b', '115200', '--send-cmd', sx_command(hasty) + ' -k',
                      m.path]) as t:
        t.see('Terminal ready')
        t.type('\x01\x13')
        t.see(r'\*\*\* file: ')
        t.type(name + '\r')
        status = int(t.see(r'\*\*\* exit status: (\d+)', PATIENCE).group(1))
        t.leave('\x01\x18')
        return Done(status, t.all)


def minicom(m, name, hasty):
    m.file('.minirc.dfl', ''.join(f'pu {line}\n' for line in (
        f'port {m.path}', f'lock {m.folder}', 'minit', 'mreset', 'fselw No',
        f'pprog3 {sx_command(hasty)} -vv')))
    with Terminal(m, ['minicom']) as t:
        t.see('for help on special keys')
        t.type('\x01s')
        t.see('zmodem.*ymodem.*xmodem.*ascii')
        t.type('\x1b[B\x1b[B\r')
        t.see('enter file names.*> ')
        t.type(name + '\r')
        # minicom does not pass on the exit status of sx
        word = t.see('Transfer (complete|incomplete).*READY: press any key', PATIENCE).group(1)
        t.type('\r')
        t.leave('\x01q\r')
        return Done(0 if word == 'complete' else 1, t.all)


def python(mode):
    def send(m, name, hasty):
        return m.run(sys.executable, '-c', PYTHON, m.path, name, mode, 1 if hasty else 60,
                     seconds=PATIENCE)
    return send


SENDERS = [
    Sender('sx', 'lrzsz', sx()),
    Sender('sx -k', 'lrzsz', sx('-k'), large=True),
    Sender('kermit', 'ckermit', kermit),
    Sender('picocom', 'picocom', picocom, large=True),
    Sender('minicom', 'minicom', minicom),
    Sender('xmodem', 'python3-xmodem', python('xmodem'), stubborn=True, alone=False),
    Sender('xmodem1k', 'python3-xmodem', python('xmodem1k'), large=True, pads=True,
           stubborn=True, alone=False),
]


@functools.lru_cache(maxsize=None)
def image(firmware, kind, size, profile=R74):
    """Returns path and SHA-256 of a .dwl file that the profile's modem accepts."""
    path = os.path.join(IMAGES.name, f'{profile}.{firmware}.{kind}.{size}')
    subprocess.run([PROGRAM, 'dwl', 'make', '--profile', profile, '--firmware', firmware,
                    '--kind', kind, '--size', str(size), '-o', path], check=True)
    os.chmod(path, 0o644)
    with open(path, 'rb') as f:
        return path, hashlib.sha256(f.read()).hexdigest()


def wait_for_file(m):
    """Waits until the modem asks for a file, and drops everything it has said before."""
    with port_of(m) as line:
        if m.state()['port']['mode'] != 'download':
            line.write(b'AT+WDWL\r')
        until('the modem to ask for a file', lambda: m.state()['download']['state'] == 'start')
        termios.tcflush(line, termios.TCIFLUSH)


def holds_file(m, kind, sha256):
    got = m.state()['file']
    equal((got['kind'], got['complete'], got['sha256']), (kind, True, sha256), 'the received file')
