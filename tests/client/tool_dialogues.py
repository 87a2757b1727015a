# Hosts that are not Debian packages, imitated: each test sends what such a library sends, in its order
# and with its line ends, and reads the answers as that library does (what it checks, what it skips,
# which refusals it ignores). It shows that the modem answers what the library waits for; it is not the
# library itself.
import termios
import tty

from clienttest import *  # noqa: F403

ALL = [R663, R74, M1306B, FXT]
FRIEND, CALLER = '+33612345678', '+33698765432'
VERSIONS['dialogues'] = lambda: '1'
HELLO = '0011000B913316325476F80000AA05E8329BFD06'  # a SUBMIT: "hello", valid for four days
WITH_REPORT = '0031000B913316325476F80000AA05E8329BFD06'


class Host:
    """A program that reads lines from the port and ends its own lines with `end`."""

    def __init__(self, m, end='\r', unasked=('+CMTI', '+CMT:', '+CDS', 'RING', '+CRING', '+CLIP', '+WIND',
                                            '+CREG', '+CUSD'), alone=True):
        """`alone`: the modem's port closes with the program's."""
        self.m, self.end, self.unasked, self.alone = m, end, unasked, alone
        self.fd = os.open(m.path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self.fd, termios.TCSANOW)
        self.bytes, self.told = b'', []

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        os.close(self.fd)
        if not kind and self.alone:
            self.m.wait('closed')

    def read(self):
        try:
            self.bytes += os.read(self.fd, 4096)
        except BlockingIOError:
            select.select([self.fd], [], [], 0.05)

    def line(self, seconds=DEADLINE):
        """The next line that is not empty; None if no line has come within so many seconds."""
        end = time.monotonic() + seconds
        while True:
            one, there, rest = self.bytes.partition(b'\r\n')
            if there:
                self.bytes = rest
                if one.strip():
                    return one.decode('latin-1').strip('\r\n')
            elif time.monotonic() > end:
                return None
            else:
                self.read()

    def write(self, text):
        os.write(self.fd, text.encode('latin-1'))

    def ask(self, line, bears=(), finals=('OK',), seconds=DEADLINE):
        """Sends a line; returns the lines up to the final result, without the echo and unsolicited
        lines. A refusal fails the test unless it is in `bears`: those that the library ignores."""
        self.write(line + self.end)
        return self.answer(line, bears, finals, seconds)

    def answer(self, line, bears=(), finals=('OK',), seconds=DEADLINE):
        lines = []
        while True:
            one = self.line(seconds)
            assert one is not None, f'{line}: no final result, only {lines}'
            if one.rstrip('\r') == line or not one.strip():
                continue
            if one.startswith(self.unasked) and not line.startswith(('AT' + one[:5], 'AT' + one[:4])):
                self.told.append(one)
            elif 'ERROR' in one:
                assert one in bears or 'ERROR' in bears, f'{line}: {one}'
                self.m.meant.add(line)
                return [*lines, one]
            elif one in finals:
                return [*lines, one]
            else:
                lines.append(one)

    def comes(self, pattern, seconds=DEADLINE):
        """Waits for an unsolicited line; returns the match."""
        def there():
            for i, one in enumerate(self.told):
                found = re.search(pattern, one)
                if found:
                    del self.told[:i + 1]
                    return found
            one = self.line(0.05)
            if one is not None:
                self.told.append(one)
            return None
        return until(f'an unsolicited {pattern}', there, seconds)

    def prompted(self, line, text):
        """Sends a message (prompt, text, Ctrl-Z); returns its reference."""
        self.write(line + self.end)

        def prompt():
            self.read()
            return self.bytes.endswith(b'> ')
        until(f'{line}: a prompt', prompt)
        self.bytes = b''
        self.write(text + '\x1a')
        lines = self.answer(text)
        return int(holds(r'^\+CMGS: (\d+)$', '\n'.join(lines), line).group(1))


@case('dialogues', ALL, [R74], user=NOBODY)
def like_python_gsmmodem(m):
    """Its connect(), a message with its status report (+CDSI, memory SR), an incoming one (+CMTI), calls by
    +WIND: 5 and 6. It accepts AT+CPIN? without OK, and needs neither AT+CLAC nor AT+CVHU."""
    with Host(m) as h:
        h.ask('ATZ')
        h.ask('ATE0')
        equal(h.ask('AT+CFUN?')[0], '+CFUN: 1', 'AT+CFUN?')
        h.ask('AT+CMEE=1')
        h.write('AT+CPIN?\r')
        equal(h.line(), '+CPIN: READY', 'AT+CPIN?')
        if h.ask('AT+CLAC', bears=['ERROR', '+CME ERROR: 3'])[-1] == 'OK':
            raise AssertionError('AT+CLAC is answered with OK: check what the library does then')
        holds(r'^\+WIND: \d+$', h.ask('AT+WIND?')[0], 'AT+WIND?')
        h.ask('AT+WIND=50')
        h.ask('AT+COPS=3,0')
        h.ask('AT+CMGF=0')
        centre = holds(r'^\+CSCA: "([^,]+)",(\d+)$', h.ask('AT+CSCA?')[0], 'AT+CSCA?').group(1)
        h.ask('AT+CSMP=49,167,0,0')
        holds(re.escape(centre), h.ask('AT+CSCA?')[0], 'AT+CSCA? after AT+CSMP')
        groups = h.ask('AT+CPMS=?')[0].split(' ', 1)[1].split('),(')
        memories = [next(w for w in ('"ME"', '"SM"', '"SR"') if w in g) for g in groups]
        h.ask('AT+CPMS=' + ','.join(memories))
        h.ask('AT+CNMI=2,1,0,2')
        h.ask('AT+CLIP=1')
        h.ask('AT+CRC=1')
        h.ask('AT+CVHU=0', bears=['ERROR', '+CME ERROR: 3'])
        # sendSms() with a report
        reference = h.prompted('AT+CMGS=%d' % (len(WITH_REPORT) // 2 - 1), WITH_REPORT)
        equal(m.has_sent(1)[0]['text'], 'hello', 'sent')
        place = h.comes(r'^\+CDSI:\s*"([^"]+)",(\d+)$')
        h.ask(f'AT+CPMS="{place.group(1)}"')
        report = h.ask(f'AT+CMGR={place.group(2)}')
        holds(r'^\+CMGR: (\d*),"{0,1}([^"]*)"{0,1},(\d+)$', report[0], 'report')
        equal(report[1][2 * (1 + int(report[1][:2], 16)):][2:4], f'{reference:02X}', 'its reference')
        h.ask(f'AT+CMGD={place.group(2)},0')
        # an incoming message
        m.sms(CALLER, 'to you')
        place = h.comes(r'^\+CMTI:\s*"([^"]+)",(\d+)$')
        h.ask(f'AT+CPMS="{place.group(1)}"')
        came = h.ask(f'AT+CMGR={place.group(2)}')
        holds(r'^\+CMGR: (\d*),"{0,1}([^"]*)"{0,1},(\d+)$', came[0], 'message')
        holds('F43728FFAE03$', came[1], 'its text')  # "to you" in 7-bit
        h.ask(f'AT+CMGD={place.group(2)},0')
        # networkName, signalStrength, text mode
        holds(r'^\+COPS: (\d),(\d),"(.+)",{0,1}\d*$', h.ask('AT+COPS?')[0], 'AT+COPS?')
        holds(r'^\+CSQ:\s*(\d+),', h.ask('AT+CSQ')[0], 'AT+CSQ')
        # dial(), hangup(): the final OK comes when the called party answers
        h.write('ATD0146290800;\r')
        holds(r'^\+WIND: 5,(\d)$', h.comes(r'^\+WIND: 5').string, 'call initiated')
        equal(h.answer('ATD0146290800;')[-1], 'OK', 'answered')
        h.ask('ATH')
        h.comes(r'^\+WIND: 6,(\d)$')
        # an incoming call
        m.act('ring', **{'from': CALLER})
        h.comes(r'^\+CRING: (\w+)$')
        equal(h.comes(r'^\+CLIP:\s*"(\+{0,1}\d+)",(\d+).*$').group(1), CALLER, 'who calls')
        h.ask('ATA')
        m.wait('in-call')
        h.ask('ATH')
    m.wait('no-call')
    m.did('as python-gsmmodem: connect, message with report, +CMTI, calls by +WIND')


@case('dialogues', [R74, M1306B, FXT], [], user=NOBODY)
def ussd_like_python_gsmmodem(m):
    with Host(m) as h:
        for line in ('ATZ', 'ATE0', 'AT+CMEE=1', 'AT+CMGF=0'):
            h.ask(line)
        h.write('AT+CUSD=1,"*102#",15\r')
        equal(h.answer('AT+CUSD=1,"*102#",15')[-1], 'OK', 'AT+CUSD')
        equal(h.comes(r'\+CUSD:\s*(\d),"(.*?)",(\d+)').group(1), '0', 'the network expects no answer')
    m.did('as python-gsmmodem: USSD')


def smslib(h, m):
    """SMSLib's handler for Wavecom: it lists and deletes in SM and SR, and ignores refusals."""
    for _ in range(4):
        h.ask('AT')
    h.ask('ATE0')
    h.ask('AT+WOPEN=0', bears=['ERROR', '+CME ERROR: 3'])
    h.write('AT+CPIN?\r')
    equal(h.line(), '+CPIN: READY', 'AT+CPIN?')
    h.ask('AT+CMEE=1')
    h.ask('AT+CMGF=0')
    h.ask('AT+CNMI=1,1,0,2,0')
    equal(h.ask('AT+CGMI')[0].strip(), m.maker.strip(), 'maker')
    for line in ('AT+CGMM', 'AT+CGMR', 'AT+CIMI', 'AT+CGATT?', 'AT+CSQ', 'AT+CREG?', 'AT+CGSN'):
        equal(h.ask(line)[-1], 'OK', line)
    h.ask('AT+CBC', bears=['ERROR', '+CME ERROR: 3'])
    h.ask('AT+CMMS=1', bears=['ERROR', '+CMS ERROR: 302', '+CME ERROR: 3'])
    reference = h.prompted('AT+CMGS=%d' % (len(WITH_REPORT) // 2 - 1), WITH_REPORT)
    m.sms(CALLER, 'to you')
    until('message and report stored', lambda: m.state()['messages']['SM']['used'] == 1 and
          m.state()['messages']['SR']['used'] == 1)
    for memory, sign in (('SM', 'F43728FFAE03$'), ('SR', f'06{reference:02X}')):
        h.ask(f'AT+CPMS="{memory}"')
        lines = h.ask('AT+CMGL=4')
        places = re.findall(r'^\+CMGL: (\d+),', '\n'.join(lines), re.M)
        equal(len(places), 1, f'messages in {memory}')
        holds(sign, lines[1], f'the message in {memory}')
        h.ask(f'AT+CPMS="{memory}"')
        equal(h.ask(f'AT+CMGD={places[0]}')[-1], 'OK', 'deleted')
    equal([m.state()['messages'][w]['used'] for w in ('SM', 'SR')], [0, 0], 'messages left')
    h.ask('AT+CNMI=0,0,0,2,0')


@case('dialogues', ALL, [], user=NOBODY)
def like_smslib(m):
    with Host(m) as h:
        smslib(h, m)
    m.did('as SMSLib: lists and deletes in SM and SR')


@case('dialogues', ALL, [], user=NOBODY)
def like_warthog618_modem(m):
    """It begins with Esc and empty lines, and looks for +CGSM in the answer to AT+GCAP. The PDU of a +CMT must
    have exactly the stated length. It sends AT+CNMA after each message and ignores the refusal (phase 2)."""
    with Host(m) as h:
        h.write('\x1b\r\n\r\n')
        h.ask('ATZ')
        h.ask('ATE0')
        capabilities = re.split('[ ,]+', h.ask('AT+GCAP')[0].partition(':')[2].strip())
        assert '+CGSM' in capabilities, f'AT+GCAP: {capabilities}'
        h.ask('AT+CMGF=0')
        h.ask('AT+CMEE=2', bears=['ERROR'])
        h.ask('AT+CNMI=1,2,0,0,0')
        m.sms(CALLER, 'to you')
        length = int(h.comes(r'^\+CMT: .*,(\d+)$').group(1))
        pdu = h.comes('^[0-9A-F]+$').string
        equal(len(pdu) // 2 - 1 - int(pdu[:2], 16), length, 'length of the PDU')
        h.ask('AT+CNMA', bears=['ERROR', '+CMS ERROR: 340', '+CME ERROR: 3', '+CMS ERROR: 302'])
        for text in ('one', 'two'):
            h.prompted('AT+CMGS=%d' % (len(HELLO) // 2 - 1), HELLO)
        equal([o['text'] for o in m.has_sent(2)], ['hello', 'hello'], 'sent')
        h.ask('AT+CNMI=0,0,0,0,0')
    m.did('as warthog618/modem: Esc, +CMT, messages')


@case('dialogues', ALL, [], user=NOBODY)
def like_tinygsm(m):
    """Its lines end with CR LF; it checks +CPIN: READY, registration and signal; it sends a message in text
    mode with the GSM alphabet."""
    with Host(m, end='\r\n') as h:
        h.ask('AT')
        h.ask('ATE0')
        h.ask('AT+CMEE=0')
        holds('MULTIBAND', h.ask('AT+GMM')[0], 'AT+GMM')
        h.write('AT+CPIN?\r\n')
        equal(h.line(), '+CPIN: READY', 'AT+CPIN?')
        holds(r'^\+CREG: \d,1$', h.ask('AT+CREG?')[0], 'AT+CREG?')
        rssi = m.state()['registration']['rssi']
        holds(rf'^\+CSQ: {rssi},', h.ask('AT+CSQ')[0], 'AT+CSQ')
        holds(r'^\+COPS: 0,2,\d{5,6}$', h.ask('AT+COPS?')[0], 'AT+COPS?')
        holds(r'^\d{15}$', h.ask('AT+CGSN')[0], 'AT+CGSN')
        holds(r'\d{18,}', h.ask('AT+CCID')[0], 'AT+CCID')
        h.ask('AT+CMGF=1')
        h.ask('AT+CSCS="GSM"')
        h.prompted(f'AT+CMGS="{FRIEND}"', 'sent by a small host')
        equal(m.has_sent(1)[0]['text'], 'sent by a small host', 'sent')
        equal(h.ask('ATD0146290800;')[-1], 'OK', 'a call')
        m.wait('in-call')
        h.ask('ATH')
    m.wait('no-call')
    m.did('as TinyGSM: lines with CR LF, text mode, a call')


class Toolkit(Host):
    """A host of a SIM toolkit: it reads everything up to the end that its library waits for."""

    def until(self, line, pattern, seconds=15):
        """Sends a line; returns what has come when the pattern is found in it."""
        self.bytes = b''
        self.write(line)

        def there():
            self.read()
            return re.search(pattern, self.bytes.decode('latin-1'))
        found = until(f'{line!r}: {pattern}', there, seconds)
        self.bytes = b''
        return found

    def asked(self, line, seconds=15):
        """The number of the +STIN that comes last."""
        return int(self.until(line + self.end, r'\+STIN: (\d+)\s*$', seconds).group(1))


def item(menu, label):
    """The number of an item, as SMSLib finds it: after white space, two numbers and a text in quotes."""
    return holds(r'\s\+STGI: (\d+),\d+,"%s"' % re.escape(label), menu, 'a menu').group(1)


@case('dialogues', [R74, FXT], [], user=NOBODY, sets=['sim=mpesa', 'memory.+STSF=1'], speed='1', speeds=('1',))
def toolkit_like_smslib(m):
    """Its handler for the toolkit: a spare AT+STGR=99, the menu, items by their labels; a prompt is five numbers
    and a text, a confirmation stands alone before its OK, and +STIN is the last that it reads."""
    ends, prompt = r'\s+OK\s*$', r'^\s*\+STGI: \d+,\d+,\d+,\d+,\d+,"([^"]+)"\s+OK\s*$'
    with Toolkit(m) as h:
        h.ask('ATE0')
        h.ask('AT+CMEE=1')
        h.ask('AT+STSF=1')
        until('the menu of the SIM', lambda: m.state()['toolkit']['menu'])
        h.ask('AT+STGR=99', bears=['+CME ERROR: 3'])
        menu = h.until('AT+STGI=0\r', ends).string
        equal(h.asked(f'AT+STGR=0,1,{item(menu, "M-PESA")}'), 6, 'after the menu')
        for label in ('Send money', 'Enter phone no.'):
            menu = h.until('AT+STGI=6\r', ends).string
            command = h.asked(f'AT+STGR=6,1,{item(menu, label)}')
        for text in ('+254700000000', '60', '1234'):
            equal(command, 3, 'the command before a text')
            h.until('AT+STGI=3\r', prompt)
            h.until('AT+STGR=3,1,1\r', '> $')
            command = int(h.until(text + '\x1a', r'\+STIN: (\d+)\s*$').group(1))
        equal(command, 1, 'the command before the confirmation')
        text = h.until('AT+STGI=1\r', r'^\s*\+STGI: \d,"([^"]*)",\d\s+OK\s*$').group(1)
        equal(text, 'Send money to +254700000000\nKsh60', 'the confirmation')
        equal(h.asked('AT+STGR=1,1,1'), 9, 'after the confirmation')
        equal(int(h.until('AT+STGI=9\r', r'"Sending\.\.\."\s+OK\s+\+STIN: (\d+)\s*$').group(1)), 1, 'after the sending')
        h.until('AT+STGI=1\r', r'"Sent\nWait for M-PESA to reply",0\s+OK\s+\+STIN: 99\s*$')
        until('the confirmation', lambda: m.state()['messages']['SM']['used'] == 1)
    m.did('as the toolkit handler of SMSLib: money is sent')


@case('dialogues', [R74, FXT], [], user=NOBODY, sets=['sim=top-up-indonesia', 'memory.+STSF=1'],
      speed='1', speeds=('1',))
def toolkit_like_a_gateway(m):
    """A gateway in C# for top-ups: its answers end at OK, at the prompt or at ERROR, and what it reads after
    AT+STGR ends at > or at STIN: with its number, in one piece."""
    ends = r'\r\n(OK\r\n|> |ERROR\r\n)$'
    with Toolkit(m) as h:
        h.ask('AT+STSF=2,"5FFFFFFF7F",6')
        until('the menu of the SIM', lambda: m.state()['toolkit']['menu'])
        h.until('AT+STGI=0\r', ends)
        h.asked('AT+STGR=0,1,1')
        for line in ('AT+STGR=3,1\r', 'AT+STGR=6,1,3', 'AT+STGR=6,1,1', 'AT+STGR=3,1\r'):
            h.until('AT+STGI=%s\r' % line[8], ends)
            if line.endswith('\r'):
                h.until(line, '> $')
                text = '123456' if m.state()['toolkit']['step'] == 'pin' else '08500000000'
                h.until(text + '\x1a', r'STIN: \d+\r\n$')
            else:
                h.asked(line)
        h.until('AT+STGI=1\r', r'sejumlah 10,000 pada REGULER",1\r\n\r\nOK\r\n$')
        equal(h.asked('AT+STGR=1,1,1'), 9, 'after the confirmation')
        until('the message', lambda: m.has_sent(1)[0]['text'] == 'ISI 08500000000 10,000 REGULER 123456')
    m.did('as a C# gateway for top-ups')
