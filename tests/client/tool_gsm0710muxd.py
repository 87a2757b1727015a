# gsm0710muxd, a 27.010 multiplexer in user space. It is told by D-Bus, here on a private bus, when to start
# and to give out the pty of a channel. Its watchdog looks every few seconds only. It sends AT+CFUN=0 before
# AT+CMUX, so the host's next step is AT+CFUN=1 on a channel, after which a Wavecom opens the multiplexer again by
# itself. With its quirk SHORT_INIT (-a 16) it sends no AT+CFUN=0, but AT+CMUX=1, which these modems refuse.
# To close a channel it sends CLD on that channel, where it is data, five times in 15 s.
import device
import tty
from clienttest import *  # noqa: F403

ALL = [R663, R74, FXT]


class Muxd:
    """gsm0710muxd and its bus during the `with`."""

    def __init__(self, m, *options):
        self.m, self.options, self.lines = m, options, []
        self.socket, self.log = m.folder + '/bus', m.folder + '/log'
        self.env = f'DBUS_SYSTEM_BUS_ADDRESS=unix:path={self.socket}'

    def __enter__(self):
        config = self.m.file('bus.conf', device.BUS.replace('SOCKET', self.socket))
        quiet = {'stdin': subprocess.DEVNULL, 'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL}
        self.bus = self.m.start_tool(['dbus-daemon', '--nofork', '--nopidfile', '--nosyslog',
                                      f'--config-file={config}'], **quiet)
        until('the private bus', lambda: os.path.exists(self.socket))
        self.muxd = self.m.start_tool(['env', self.env, 'gsm0710muxd', '-v', '-v', '-l', self.log, '-s', self.m.pts,
                                       '-m', 'basic', *self.options], **quiet)
        until('its name on the bus', lambda: 'org.pyneo.mux' in self.send(
            'org.freedesktop.DBus', '/', 'org.freedesktop.DBus.ListNames').out)
        return self

    def __exit__(self, kind, error, _):
        for line in self.lines:
            line.close()
        try:
            self.m.end_tool(self.muxd)
        finally:
            self.m.end_tool(self.bus)
            if kind:
                with open(self.log, encoding='utf-8', errors='replace') as f:
                    print('# its log:\n# ' + f.read()[-6000:].replace('\n', '\n# '))

    def send(self, to, path, what, *args):
        return self.m.run('env', self.env, 'dbus-send', '--system', '--print-reply', '--reply-timeout=120000',
                          f'--dest={to}', path, what, *args)

    def powered(self, what, *args):
        return self.send('org.pyneo.mux', '/org/pyneo/Muxer', f'org.pyneo.Powered.{what}', 'string:test', *args).good().out

    def channel(self):
        """Waits until the multiplexer runs and gives out a channel; returns it."""
        line = Line(until('a channel', lambda: re.search('"file://(/dev/pts/[0-9]+)"', self.powered('GetDevice')))[1])
        self.lines.append(line)
        return line


class Line:
    """A channel's pty."""

    def __init__(self, path):
        self.fd, self.heard = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK), ''
        tty.setraw(self.fd)

    def close(self):
        os.close(self.fd)

    def hears(self, pattern):
        """Waits until the pattern is in what has come; takes it and what came before it away."""
        def found():
            try:
                self.heard += os.read(self.fd, 4096).decode('latin-1')
            except BlockingIOError:
                pass
            return re.search(pattern, self.heard)
        try:
            got = until(f'{pattern!r} on a channel', found)
        except AssertionError as e:
            raise AssertionError(f'{e}; heard {self.heard!r}') from None
        before, self.heard = self.heard[:got.end()], self.heard[got.end():]
        return before

    def ask(self, command, result='OK'):
        os.write(self.fd, command.encode() + b'\r')
        return self.hears(f'\r\n{result}\r\n')


@case('gsm0710muxd', ALL, user=NOBODY, sets=NO_CALL_BACK, speeds=['max'])
def channels_at_once(m):
    with Muxd(m, '-f', '31') as mux:
        mux.powered('SetPower', 'boolean:true')
        one, two = mux.channel(), mux.channel()
        equal(m.state()['port']['mode'], 'mux', 'the port')
        holds(re.escape(m.maker.strip()), one.ask('AT+CGMI'), 'channel 1')
        # longer than one frame
        holds(r'\r\n.{32,}\r\n\r\nOK', two.ask('AT+CGMR'), 'channel 2')
        one.ask('AT+CFUN=1')
        m.wait('registered')
        until('both channels again', lambda: m.trace().count('<F9><01><EF><09><E3>') >= 4)
        # a data call on one, commands on the other, an unsolicited line on both
        one.ask('AT+CBST=7,0,1')
        one.ask('ATD0458783786', 'CONNECT 9600')
        two.ask('AT+CLCC')
        os.write(one.fd, b'abcdefghijklmnopqrstuvwxyz' * 20)
        one.hears('(abcdefghijklmnopqrstuvwxyz){20}')
        m.act('hangup')
        one.hears('\r\nNO CARRIER\r\n')
        m.act('ring', **{'from': '+33612345678', 'as': 'voice'})
        one.hears('RING')
        two.hears('RING')
        m.act('hangup')
        mux.powered('SetPower', 'boolean:false')
        until('command mode', lambda: m.state()['port']['mode'] == 'command')
    m.did('AT+CMUX, two channels at once, a data call on one, RING on both, the end')
