# kannel: bearerbox uses the modem, smsbox talks to bearerbox. Both run during a case.
import urllib.parse
import urllib.request

from clienttest import *  # noqa: F403

ALL = [R663, R74, M1306B, FXT]
FRIEND, CALLER = '+33612345678', '+33698765432'

CONFIG = '''group = core
admin-port = ADMIN
admin-interface = 127.0.0.1
admin-password = secret
smsbox-port = BOX
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
log-file = FOLDER/bearerbox.log
log-level = 0
store-type = file
store-location = FOLDER/store
dlr-storage = internal

group = smsc
smsc = at
modemtype = wavecom
device = PORT
speed = 115200
my-number = 1234

group = modems
id = wavecom
name = Wavecom
detect-string = WAVECOM
init-string = "AT+CNMI=1,2,0,1,0;+CMEE=1"

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = HTTP
sendsms-interface = 127.0.0.1
global-sender = 1234
log-file = FOLDER/smsbox.log
log-level = 0

group = sendsms-user
username = tester
password = secret
max-messages = 10
concatenation = true

group = sms-service
keyword = default
accept-x-kannel-headers = true
text = "%a: got it"
'''


def free_ports(count):
    held = [socket.create_server(('127.0.0.1', 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports


class Kannel:
    def __init__(self, m):
        self.m, self.boxes = m, []
        self.admin, box, self.http = free_ports(3)
        text = CONFIG.replace('ADMIN', str(self.admin)).replace('BOX', str(box))
        text = text.replace('HTTP', str(self.http)).replace('PORT', m.path)
        self.config = m.file('kannel.conf', text.replace('FOLDER', m.folder))

    def __enter__(self):
        self.start('bearerbox')
        until('the modem to be online', lambda: 'Status: running' in self.ask(
            self.admin, '/status.txt?password=secret') and '(online' in self.ask(
            self.admin, '/status.txt?password=secret'))
        self.start('smsbox')
        until('smsbox', lambda: 'smsbox:' in self.ask(self.admin, '/status.txt?password=secret'))
        return self

    def __exit__(self, kind, *_):
        for box in reversed(self.boxes):
            self.m.end_tool(box)

    def start(self, name):
        self.boxes.append(self.m.start_tool([name, self.config], stdout=subprocess.DEVNULL,
                                            stderr=subprocess.DEVNULL))

    @staticmethod
    def ask(port, path):
        try:
            with urllib.request.urlopen(f'http://127.0.0.1:{port}{path}', timeout=DEADLINE) as f:
                return f.read().decode(errors='replace')
        except OSError as e:
            return str(e)

    def send(self, to, text, **more):
        query = urllib.parse.urlencode({'username': 'tester', 'password': 'secret', 'to': to,
                                        'text': text, 'charset': 'UTF-8', **more})
        return self.ask(self.http, '/cgi-bin/sendsms?' + query)


@case('kannel', ALL, user=NOBODY)
def kannel_both_ways(m):
    with Kannel(m) as k:
        # its service answers an incoming message
        m.sms(CALLER, 'are you there {€}')
        got = m.has_sent(1)[0]
        equal((urllib.parse.unquote_plus(got['text']), got['to']),
              ('are you there {€}: got it', CALLER), 'answer')
        # by HTTP: a plain message, one in UCS2, and one in parts
        holds('Accepted for delivery', k.send(FRIEND, 'hello from kannel'), 'sendsms')
        got = m.has_sent(2)[-1]
        equal((got['text'], got['to'], got['alphabet']), ('hello from kannel', FRIEND, 'gsm7'),
              'plain')
        holds('Accepted for delivery', k.send(FRIEND, 'Привет 😀', coding='2'), 'sendsms')
        got = m.has_sent(3)[-1]
        equal((got['text'], got['alphabet']), ('Привет 😀', 'ucs2'), 'UCS2')
        long = 'many words ' * 30
        holds('Accepted for delivery', k.send(FRIEND, long), 'sendsms')
        got = m.has_sent(4)[-1]
        equal((got['text'], got['total']), (long, 3), 'three parts')
    m.wait('closed')
    # it acknowledges each message it receives: nothing is left on the SIM or in the network
    equal(m.state()['messages']['SM']['used'], 0, 'messages left')
    m.did('messages in and out, +CNMA, UCS2, three parts')
