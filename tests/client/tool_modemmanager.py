# ModemManager and mmcli, with the port as a udev device (device.py). Its Wavecom plugin accepts only
# Wavecom's own USB devices (114f), and accepts AT+CPIN? without OK. Any other serial port gets the generic
# plugin, which waits for that OK and gives up the modem, so it is tested with that quirk off. polkitd runs
# too: ModemManager asks it before each change.
import device
from clienttest import *  # noqa: F403

ALL = [R663, R74, M1306B, FXT]
FRIEND, CALLER = '+33612345678', '+33698765432'
ANSWERED = ['every_firmware.quirks.cpin-no-ok=false']


class Manager(device.Device):
    """ModemManager; with the modem enabled and registered if `ready`."""

    def __init__(self, m, where=device.usb, ready=True):
        self.ready = ready
        super().__init__(m, where(ID_MM_CANDIDATE='1', ID_MM_DEVICE_PROCESS='1',
                                  ID_MM_PLATFORM_DRIVER_PROBE='1'),
                         ['ModemManager', '--debug'],
                         before=[['/usr/lib/polkit-1/polkitd', '--no-debug']])

    def __enter__(self):
        super().__enter__()
        try:
            until('the modem', lambda: 'Modem/' in self.mmcli('-L', good=False), LONG)
            if self.ready:
                self.gets('modem.generic.state', 'disabled')
                self.modem('--enable')
                self.gets('modem.generic.state', 'registered')
        except BaseException as e:
            self.__exit__(type(e), e, None)
            raise
        return self

    def mmcli(self, *words, good=True):
        done = self.tool('mmcli', f'--timeout={int(LONG)}', *words, seconds=2 * LONG)
        return done.good(' '.join(words)).out if good else done.out

    def modem(self, *words):
        return self.mmcli('-m', 'any', *words)

    def get(self, name, *of, good=True):
        """A value of `mmcli -K`, which prints bytes above ASCII as octal escapes."""
        found = re.search(rf'^{re.escape(name)} *: (.*)$',
                          self.mmcli(*(of or ('-m', 'any')), '-K', good=good), re.M)
        return found and re.sub(rb'\\(\d{3})', lambda b: bytes([int(b.group(1), 8)]),
                                found.group(1).strip().encode()).decode()

    def gets(self, name, want, *of):
        until(f'{name} to be {want}', lambda: self.get(name, *of, good=False) == want, LONG)

    def made(self, *words):
        """Runs a command that creates an object; returns its number."""
        return holds(r'/(\d+)$', self.modem(*words).strip(), words[0]).group(1)


def answers(m, command, value):
    holds(rf'< (AT{re.escape(command)}\\r)?\\r\\n{re.escape(value)}\\r\\n', m.trace(), command)


@case('modemmanager', ALL, [], user=None)
def registers_and_scans(m):
    there = m.state()
    with Manager(m) as o:
        equal(o.get('modem.generic.plugin'), 'wavecom', 'plugin')
        equal(o.get('modem.generic.revision'), there['firmware']['revision'], 'revision')
        answers(m, '+CGSN', o.get('modem.3gpp.imei'))
        at = there['registration']
        equal((o.get('modem.3gpp.registration-state'), o.get('modem.3gpp.operator-code')),
              ('home', at['plmn']), 'registration')
        out = o.modem('--3gpp-scan')
        found = re.findall(r'(\d{5,6}) - .*\((?:\w+, )*(\w+)\)', out)
        equal(dict(found).get(at['plmn']), 'current', f'scan: {out}')
        assert len(found) > 1, f'scan: {out}'
        bands = set(re.findall(r'supported-bands.value\[\d+\] *: ([\w-]+)', o.modem('-K')))
        assert {'egsm', 'dcs'} <= bands or {'g850', 'pcs'} <= bands, f'bands: {bands}'
    m.did('its Wavecom plugin: identify, enable, register, scan, bands')


@case('modemmanager', ALL, [], user=None)
def messages(m):
    with Manager(m) as o:
        for number, (text, alphabet, parts) in enumerate(
                (('Hello {€}', 'gsm7', 1), ('Привет 😀', 'ucs2', 1), ('many words ' * 30, 'gsm7', 3)), 1):
            one = o.made(f"--messaging-create-sms=text='{text}',number='{FRIEND}'")
            o.mmcli('-s', one, '--send')
            got = m.has_sent(number)[-1]
            equal((got['text'], got['alphabet'], got['total']), (text, alphabet, parts), 'sent')
        for text in ('to you {€}', 'Привет'):
            m.sms(CALLER, text)

            def came():
                for one in re.findall(r'/SMS/(\d+) \(received\)', o.modem('--messaging-list-sms')):
                    if o.get('sms.content.text', '-s', one) == text:
                        return one
                return None
            one = until(f'{text} to be read', came, LONG)
            equal(o.get('sms.content.number', '-s', one), CALLER, 'sender')
            o.modem(f'--messaging-delete-sms={one}')
        equal(m.state()['messages']['SM']['used'] + m.state()['messages']['ME']['used'], 0, 'messages left')
    m.did('messages out and in, UCS2, three parts out, deleted')


@case('modemmanager', ALL, [], user=None)
def calls(m):
    with Manager(m) as o:
        one = o.made('--voice-create-call=number=0146290800')
        o.mmcli('-o', one, '--start')
        m.wait('in-call')
        o.gets('call.properties.state', 'active', '-o', one)
        o.mmcli('-o', one, '--hangup')
        m.wait('no-call')
        m.act('ring', **{'from': CALLER})
        two = until('an incoming call', lambda: re.search(
            r'/Call/(\d+) incoming', o.modem('--voice-list-calls'))).group(1)
        equal(o.get('call.properties.number', '-o', two), CALLER, 'who calls')
        o.mmcli('-o', two, '--accept')
        m.wait('in-call')
        o.mmcli('-o', two, '--hangup')
    m.wait('no-call')
    m.did('dial, hang up, be called, answer')


@case('modemmanager', [R74], [], user=None, sets=ANSWERED)
def generic_on_a_serial_port(m):
    with Manager(m, device.serial) as o:
        equal(o.get('modem.generic.plugin'), 'generic', 'plugin')
        o.mmcli('-s', o.made(f"--messaging-create-sms=text='plain',number='{FRIEND}'"), '--send')
        equal(m.has_sent(1)[0]['text'], 'plain', 'sent')
    m.did('its generic plugin on an RS-232 port: enable, register, a message')


@case('modemmanager', [R74], [], user=None)
def waits_for_ok_of_cpin(m):
    """The generic plugin gives up a modem that answers AT+CPIN? without OK; the Wavecom plugin does not."""
    with Manager(m, device.serial, ready=False) as o:
        o.gets('modem.generic.state', 'failed')
        holds("Couldn't check unlock status: Serial command timed out", o.log(), 'why')
    m.did('the generic plugin and AT+CPIN? without OK: it gives the modem up')
