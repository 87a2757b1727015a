# A host at the port of a modem with WIPsoft: its lines, and the octets of its data phases.
import contextlib
import re
import select
import time

from ptytest import DEADLINE, Client, Run

WIP = '--set', 'application=wipsoft', '--set', 'memory.+WOPEN=1'
OK = b'\r\nOK\r\n'


def escaped(data):
    return data.replace(b'\x10', b'\x10\x10').replace(b'\x03', b'\x10\x03')


def plain(data):
    return re.sub(b'\x10(.)', lambda m: m.group(1), data, flags=re.S)


class Host:
    """A host at the port, with the bearer up and +CMEE=1."""

    def __init__(self, client):
        self.client = client

    def say(self, text, answer):
        """Types a line; its answer is exactly this, without the frame of CR LF."""
        self.client.send(text.encode() + b'\r')
        self.hear(*answer.split(' / '))

    def hear(self, *lines):
        for line in lines:
            want = b'\r\n' + line.encode() + b'\r\n'
            got = self.read(len(want))
            assert got == want, (got, want)

    def ok(self, *texts):
        for text in texts:
            self.say(text, 'OK')

    def read(self, size):
        """Exactly so many bytes, or fewer if no more come."""
        got = b''
        end = time.monotonic() + DEADLINE
        while len(got) < size and time.monotonic() < end:
            select.select([self.client.fd], [], [], 0.1)
            got += self.client.get(size - len(got))
        return got

    def until_text(self, end):
        return self.client.read_until(end)

    def line(self):
        """The next line that is not empty."""
        got = b''
        while not got.endswith(b'\r\n') or got == b'\r\n':
            got = b'' if got == b'\r\n' else got
            more = self.read(1)
            assert more, got
            got += more
        return got[:-2].decode()

    def is_silent(self, seconds=0.2):
        return not select.select([self.client.fd], [], [], seconds)[0]

    def bearer(self):
        self.client.send(b'ATE0\r')
        self.client.read_until(OK)
        self.ok('AT+CMEE=1', 'AT+WIPCFG=1', 'AT+WIPBR=1,6', 'AT+WIPBR=2,6,11,"internet"', 'AT+WIPBR=2,6,0,"user"',
                'AT+WIPBR=2,6,1,"pass"', 'AT+WIPBR=4,6,0')

    def create(self, order, index='2,1'):
        self.say(f'AT+WIPCREATE={order}', f'OK / +WIPREADY: {index}')

    def data(self, which='2,1,1'):
        self.say(f'AT+WIPDATA={which}', 'CONNECT')

    def pluses(self, *answer):
        select.select([], [], [], 1.1)
        self.client.send(b'+++')
        self.hear(*(answer or ('OK',)))


@contextlib.contextmanager
def modem(*options, speed='max', ready=True):
    with Run('--speed', speed, *WIP, *options) as r, Client(r.path) as c:
        host = Host(c)
        if ready:
            host.bearer()
        yield r, host
