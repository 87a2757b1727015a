# ofonod with its driver for a Wavecom Q2XXX, which finds the port as a serial device of udev (device.py);
# dbus-send makes the D-Bus calls of a client. oFono reads the signal from +CIND and +CIEV, and has no
# network without them; it accepts +CPIN? without OK. It also asks for features of later telephones
# (AT+CDIP, AT+CNAP, AT+CPINR ...), where a refusal does no harm. Its limits: it reads an operator name only
# in quotes, so it shows none; it loses received emoji, and refuses to send them; it has no phonebook
# without "UCS2" in +CSCS.
import device
from clienttest import *  # noqa: F403

ALL = [R663, R74, M1306B, FXT]
FRIEND, MODEM = '+33612345678', '/wavecom_0'


class Ofono(device.Device):
    """oFono with the modem powered; online too if `online`."""

    def __init__(self, m, online=True):
        self.online = online
        super().__init__(m, device.serial(OFONO_DRIVER='wavecom', OFONO_WAVECOM_MODEL='Q2XXX'),
                         ['ofonod', '--nodetach', '--debug'], OFONO_AT_DEBUG='1')

    def __enter__(self):
        super().__enter__()
        try:
            until('ofonod to find the modem', lambda: MODEM in self.call(
                'Manager', 'GetModems', path='/', good=False))
            self.set('Modem', 'Powered', 'boolean:true')
            if self.online:
                self.set('Modem', 'Online', 'boolean:true')
                self.gets('NetworkRegistration', 'Status', 'registered')
        except BaseException as e:
            self.__exit__(type(e), e, None)
            raise
        return self

    def call(self, interface, method, *words, path=MODEM, good=True):
        """Calls a method of an oFono interface; returns the answer as dbus-send prints it."""
        done = self.tool('dbus-send', '--system', '--print-reply',
                         f'--reply-timeout={int(DEADLINE * 1000)}', '--dest=org.ofono', path,
                         f'org.ofono.{interface}.{method}', *words, seconds=2 * DEADLINE)
        return done.good(method).out if good else done.out

    def set(self, interface, name, value):
        self.call(interface, 'SetProperty', f'string:{name}', f'variant:{value}')

    def get(self, interface, name, path=MODEM):
        """A property as text; None while the interface does not exist."""
        found = re.search(rf'string "{name}"\s+variant\s+\w+ "?(.*?)"?$',
                          self.call(interface, 'GetProperties', path=path, good=False), re.M)
        return found and found.group(1)

    def gets(self, interface, name, want):
        until(f'{name} to be {want}', lambda: self.get(interface, name) == str(want))

    def calls(self):
        """{path: state} of the current calls."""
        out = self.call('VoiceCallManager', 'GetCalls')
        return dict(re.findall(r'object path "(.*?)".*?string "State"\s+variant\s+string "(.*?)"',
                               out, re.S))

    def said(self, pattern):
        """Waits for a D-Bus signal; returns the match."""
        return until(f'the signal {pattern}', lambda: re.search(pattern, self.signals(), re.S))


@case('ofono', ALL, [], user=None)
def ofono_registers_and_scans(m):
    there = m.state()
    with Ofono(m) as o:
        equal(o.get('Modem', 'Revision'), there['firmware']['revision'], 'revision')
        for command, value in (('GSN', o.get('Modem', 'Serial')),
                               ('IMI', o.get('SimManager', 'SubscriberIdentity'))):
            holds(rf'< (AT\+C{command}\\r)?\\r\\n{value}\\r\\n', m.trace(), 'AT+C' + command)
        at = there['registration']
        equal((o.get('NetworkRegistration', 'LocationAreaCode'), o.get('NetworkRegistration', 'CellId')),
              (str(at['lac']), str(at['ci'])), 'cell')
        out = o.call('NetworkRegistration', 'Scan')
        found = re.findall(r'/operator/(\d+)"', out)
        assert at['plmn'] in found and len(found) > 1, f'scan: {out}'
        holds(rf'(?s)/operator/{at["plmn"]}".*?string "current"', out, 'scan')
        # the signal bars of +CIND, and of +CIEV when they change
        for rssi, bars in ((31, 5), (4, 1), (15, 3)):
            m.act('signal', rssi=rssi)
            o.gets('NetworkRegistration', 'Strength', bars * 20)
        m.act('signal', to='none')
        o.gets('NetworkRegistration', 'Status', 'searching')
        m.act('signal', to='usual')
        o.gets('NetworkRegistration', 'Status', 'registered')
    m.did('powers up, registers, scans', 'signal by +CIEV', 'coverage lost and found')


@case('ofono', ALL, [], user=None)
def ofono_messages(m):
    """It has messages routed to it (+CMT) and acknowledges them with +CNMA: nothing stays on the SIM."""
    with Ofono(m) as o:
        for text, alphabet, parts in (('Hello {€}', 'gsm7', 1), ('Привет', 'ucs2', 1),
                                      ('many words ' * 30, 'gsm7', 3)):
            sent = len(m.outbox())
            until('messages to be ready', lambda: o.get('MessageManager', 'ServiceCenterAddress'))
            path = re.search('object path "(.*)"', o.call(
                'MessageManager', 'SendMessage', f'string:{FRIEND}', f'string:{text}')).group(1)
            until('a message sent', lambda: len(m.outbox()) > sent, LONG)
            got = m.has_sent(sent + 1)[-1]
            equal((got['text'], got['alphabet'], got['total']), (text, alphabet, parts), 'sent')
            o.said(rf'path={path}; interface=org.ofono.Message; member=PropertyChanged\s+'
                   r'string "State"\s+variant\s+string "sent"')
        m.sms(FRIEND, 'to you {€}')
        o.said(rf'member=IncomingMessage\s+string "to you {{€}}".*?"Sender"\s+variant\s+string "\{FRIEND}"')
        text = TEN_PARTS.replace('😀', '!?')
        m.sms(FRIEND, text)
        o.said(rf'member=IncomingMessage\s+string "{re.escape(text)}"')
        m.sms(FRIEND, 'at once', **{'class': 0})
        o.said(r'member=ImmediateMessage\s+string "at once"')
        equal(m.state()['messages']['SM']['used'], 0, 'messages left')
    m.did('messages out and in, UCS2, ten parts, +CNMA')


@case('ofono', ALL, [], user=None)
def ofono_calls(m):
    with Ofono(m) as o:
        path = re.search('object path "(.*)"', o.call(
            'VoiceCallManager', 'Dial', 'string:0146290800', 'string:')).group(1)
        until('an active call', lambda: o.calls().get(path) == 'active')
        m.wait('in-call')
        o.call('VoiceCall', 'Hangup', path=path)
        m.wait('no-call')
        until('the call is no longer listed', lambda: not o.calls())
        m.act('ring', **{'from': FRIEND})
        path = until('an incoming call', lambda: o.calls() and list(o.calls())[0])
        equal(o.calls()[path], 'incoming', 'state')
        equal(o.get('VoiceCall', 'LineIdentification', path=path), FRIEND, 'who calls')
        o.call('VoiceCall', 'Answer', path=path)
        m.wait('in-call')
        o.call('VoiceCall', 'Hangup', path=path)
        until('no call', lambda: not o.calls())
    m.wait('no-call')
    m.did('dial, hang up, be called, answer')


@case('ofono', [R74 + '-pin'], [], user=None)
def ofono_enters_the_pin(m):
    """Its driver does not notice that the SIM is ready after that; it works after another power-up."""
    with Ofono(m, online=False) as o:
        o.gets('SimManager', 'PinRequired', 'pin')
        o.call('SimManager', 'EnterPin', 'string:pin', 'string:1234')
        m.wait('sim.state=ready')
        o.set('Modem', 'Powered', 'boolean:false')
        o.set('Modem', 'Powered', 'boolean:true')
        o.gets('SimManager', 'PinRequired', 'none')
        o.set('Modem', 'Online', 'boolean:true')
        o.gets('NetworkRegistration', 'Status', 'registered')
    m.did('PIN, though AT+CPIN? is without OK (powered anew after that)')
