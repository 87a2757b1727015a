# python3-serial, as its manual shows: a program that opens the port, writes, and reads in_waiting
# bytes. It takes orders line by line, so that the test can check and act on the modem in between.
# One dialogue per chapter, compared byte for byte.
from clienttest import *  # noqa: F403

SUPREMES = [R663, R74]
ALL = [R663, R74, M1306B, FXT]
FRIEND = '+33612345678'

PROGRAM_TEXT = r'''
import json, re, sys, time
import serial
ports = {}
for order in sys.stdin:
    order = json.loads(order)
    what, name, args = order["do"], order["port"], order["args"]
    try:
        if what == "open":
            ports[name] = serial.serial_for_url(args.pop("port"), **args)
            told = None
        elif what == "close":
            told = ports.pop(name).close()
        elif what == "write":
            told = ports[name].write(args["text"].encode("latin-1"))
        elif what == "set":
            told = setattr(ports[name], args["name"], args["value"])
        elif what == "get":
            told = getattr(ports[name], args["name"])
        elif what == "call":
            told = getattr(ports[name], args["name"])(*[
                a.encode("latin-1") if isinstance(a, str) else a for a in args["args"]])
        elif what == "readline":
            told = ports[name].readline().decode("latin-1")
        elif what == "hear":
            told, end = "", time.monotonic() + args["seconds"]
            while time.monotonic() < end and not (
                    args["pattern"] and re.search(args["pattern"], told, re.S)):
                told += ports[name].read(ports[name].in_waiting or 1).decode("latin-1")
    except Exception as error:
        told = {"error": type(error).__name__, "text": str(error)}
    print(json.dumps({"told": told}), flush=True)
'''


class Serial:
    """A program that has the port open with python3-serial."""

    count = 0

    def __init__(self, m, **options):
        Serial.count += 1
        self.m, self.name = m, f'port{Serial.count}'
        self.process = m.start_tool(['/usr/bin/python3', m.file('program.py', PROGRAM_TEXT)],
                                    stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.opened = self.tell('open', **{'port': m.path, 'baudrate': 115200, 'timeout': 0.05,
                                           'exclusive': True, **options})

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if not kind and not self.opened:
            self.tell('close')
        self.process.stdin.close()
        self.m.end_tool(self.process)
        self.process.stdout.close()

    def tell(self, do, **args):
        order = {'do': do, 'port': self.name, 'args': args}
        self.process.stdin.write(json.dumps(order).encode() + b'\n')
        self.process.stdin.flush()
        reply = self.process.stdout.readline()
        assert reply, 'the program has ended'
        return json.loads(reply)['told']

    def refuses(self, do, error, **args):
        """python3-serial itself raises this error; returns its text."""
        told = self.tell(do, **args)
        assert isinstance(told, dict), f'{do} {args}: {told!r}, not {error}'
        equal(told['error'], error, told['text'])
        return told['text']

    def write(self, text):
        equal(self.tell('write', text=text), len(text), 'bytes written')

    def whole(self, what, want):
        """Exactly these bytes must come; returns them."""
        heard = self.tell('hear', pattern=f'^(?:{want})$', seconds=DEADLINE)
        assert isinstance(heard, str) and re.fullmatch(want, heard, re.S), \
            f'{what}: expected {want!r}, heard {heard!r}'
        return heard

    def quiet(self, seconds):
        """Nothing may come for so many seconds, as before and after +++."""
        equal(self.tell('hear', pattern=None, seconds=seconds), '', 'bytes in the silence')

    @staticmethod
    def blocks(blocks):
        return ''.join('\r\n' + (b[1:] if b[0] == '~' else re.escape(b)) + '\r\n' for b in blocks)

    def means(self, line, blocks):
        if any('ERROR' in b for b in blocks):
            self.m.meant.add(line)

    def ask(self, line, *blocks, echo=True):
        """Sends a line; its echo and these blocks must come. A block with ~ is a regular expression."""
        self.means(line, blocks)
        self.write(line + '\r')
        return self.whole(line, (re.escape(line) + '\r' if echo else '') + self.blocks(blocks))

    def come(self, *blocks):
        """These unsolicited blocks must come."""
        return self.whole(blocks[0], self.blocks(blocks))

    def prompted(self, line, text, *blocks):
        """Sends a line that gets a prompt, then the text and Ctrl-Z."""
        self.means(line, blocks)
        self.write(line + '\r')
        self.whole(line, re.escape(line) + '\r\r\n> ')
        self.write(text + '\x1a')
        return self.whole(line, re.escape(text) + self.blocks(blocks))

    def escape(self):
        """Sends +++ with the silence that it needs before it; the far end echoes what it receives."""
        self.quiet(1.2)
        self.write('+++')
        self.whole('+++', r'\+\+\+\r\nOK\r\n')


def imsi(m):
    return '310410000000024' if m.profile == R663 else '208010000000017'


@case('python3-serial', ALL, SUPREMES, user=NOBODY)
def general_commands(m):
    told = m.state()
    model = f' MULTIBAND  {"G850  1900" if m.profile == R663 else "900E  1800"} '
    revision = told['firmware']['revision']
    with Serial(m, rtscts=True) as s:
        s.ask('AT', 'OK')
        s.ask('AT+CGMI', m.maker, 'OK')
        s.ask('AT+CGMM', model, 'OK')
        s.ask('AT+CGMR', revision, 'OK')
        s.ask('ATI', m.maker, 'FXT009 Product' if m.profile.startswith('fxt009') else model, 'OK')
        s.ask('ATI3', revision, 'OK')
        number = s.ask('AT+CGSN', r'~\d{15}', 'OK')[10:25]
        s.ask('AT+WMSN', f'Serial Number {number}', 'OK')
        s.ask('AT+GCAP', '+GCAP: +CGSM, +FCLASS', 'OK')
        s.ask('AT+CIMI', imsi(m), 'OK')
        s.ask('AT+CCID', r'~\+CCID: "\d{19}"', 'OK')
        s.ask('AT+CSCS?', '+CSCS: "PCCP437"', 'OK')
        s.ask('AT+CSCS="GSM";+CSCS?', '+CSCS: "GSM"', 'OK')
        s.ask('AT+CMEE?;+CPAS', '+CMEE: 0', '+CPAS: 0', 'OK')
        s.ask('AT+CCLK="08/02/29,23:59:50"', 'OK')
        s.ask('AT+CCLK?', r'~\+CCLK: "08/0(2/29,23|3/01,00):\d\d:\d\d"', 'OK')
        s.ask('AT+NOSUCH', 'ERROR')
        # readline() returns lines with their ends
        s.tell('set', name='timeout', value=DEADLINE)
        s.write('AT+CSQ\r')
        equal([s.tell('readline') for _ in range(4)],
              ['AT+CSQ\r\r\n', f'+CSQ: {told["registration"]["rssi"]},0\r\n', '\r\n', 'OK\r\n'],
              'lines')
        s.tell('set', name='timeout', value=0.05)
        s.ask('ATE0', 'OK')
        s.ask('ATI3', revision, 'OK', echo=False)
        s.write('ATV0\r')
        s.whole('ATV0', '0\r')
        s.write('ATQ1\r')
        s.quiet(0.3)
        s.ask('ATZ', 'OK', echo=False)
        s.ask('AT', 'OK')
    holds('2008-0(2-29|3-01)', m.state()['clock']['time'], 'clock')
    m.did('general commands to the byte')


@case('python3-serial', ALL, [R74], user=NOBODY, sets=['sim.pin_enabled=true'])
def security(m):
    m.wait('pin')
    with Serial(m) as s:
        s.ask('AT+CMEE=1', 'OK')
        s.ask('AT+CPIN?', '+CPIN: SIM PIN')
        s.ask('AT+CIMI', '+CME ERROR: 11')
        s.ask('AT+CPIN=0000', '+CME ERROR: 16')
        s.ask('AT+CPINC', '+CPINC: 2,3,10,10', 'OK')
        equal(m.state()['sim']['pin_tries'], 2, 'tries')
        s.ask('AT+CPIN=1234', 'OK')
        m.wait('ready', 'booted')
        s.ask('AT+CPIN?', '+CPIN: READY')
        s.ask('AT+CIMI', imsi(m), 'OK')
        s.ask('AT+CLCK="SC",2', '+CLCK: 1', 'OK')
        s.ask('AT+CPWD="SC","1234","4321"', 'OK')
        s.ask('AT+CLCK="SC",0,"1234"', '+CME ERROR: 16')
        s.ask('AT+CLCK="SC",0,"4321"', 'OK')
        equal(m.state()['sim']['pin_enabled'], False, 'PIN asked for')
        # PIN2, for the phonebook of fixed numbers
        s.ask('AT+CPBS="FD"', 'OK')
        s.ask('AT+CPBW=5,"01290917",129,"Jacky"', '+CME ERROR: 17')
        s.ask('AT+CPIN?', '+CPIN: SIM PIN2')
        s.ask('AT+CPIN=5678', 'OK')
        s.ask('AT+CPBW=5,"01290917",129,"Jacky"', 'OK')
    equal(m.state()['phonebooks']['FD']['used'], 1, 'fixed numbers')
    m.did('PIN, wrong PIN, another PIN, PIN2')


@case('python3-serial', ALL, [R663], user=NOBODY)
def phonebook_commands(m):
    alice, bob = (('+12125550123', '+12125550145') if m.profile == R663 else
                  ('+33612345678', '+33698765432'))
    free = 4
    with Serial(m) as s:
        s.ask('AT+CMEE=1', 'OK')
        used = m.state()['phonebooks']['SM']['used']
        s.ask('AT+CPBS="SM";+CPBS?', f'+CPBS: "SM",{used},50', 'OK')
        s.ask('AT+CPBR=?', '+CPBR: (1-50),20,10', 'OK')
        s.ask('AT+CPBR=1,2', f'+CPBR: 1,"{alice}",145,"Alice"\r\n+CPBR: 2,"{bob}",145,"Bob"', 'OK')
        s.ask('AT+CPBF="B"', f'+CPBF: 2,"{bob}",145,"Bob"', 'OK')
        s.ask(f'AT+CPBP="{bob}"', f'+CPBP: 2,"{bob}",145,"Bob"', 'OK')
        s.ask('AT+CPBR=4', '+CME ERROR: 22')
        s.ask('AT+CPBR=51', '+CME ERROR: 21')
        s.ask('AT+CPBW=,"0611223344",129,"Zoe"', 'OK')
        s.ask('AT+CPBF="Zoe"', f'+CPBF: {free},"0611223344",129,"Zoe"', 'OK')
        equal(m.state()['phonebooks']['SM']['used'], used + 1, 'entries')
        s.ask(f'AT+CPBW={free}', 'OK')
        s.ask('AT+CPBS="ME"', 'OK')
        s.ask('AT+CPBW=7,"112",129,"In flash"', 'OK')
        s.ask('AT+CNUM', r'~\+CNUM: "Own","\+\d+",145', 'OK')
    equal((m.state()['phonebooks']['SM']['used'], m.state()['phonebooks']['ME']['used']),
          (used, 1), 'entries')
    m.did('phonebook commands')


@case('python3-serial', ALL, [R74], user=NOBODY)
def messages_as_text(m):
    with Serial(m) as s:
        s.ask('AT+CMGF=1', 'OK')
        s.ask('AT+CSCS="GSM"', 'OK')
        s.ask('AT+CNMI=2,1,0,1', 'OK')
        s.ask('AT+CSMP=49,167,0,0', 'OK')
        # the status report comes as an unsolicited line
        s.prompted(f'AT+CMGS="{FRIEND}"', 'see you at 6 \x00 sharp', '+CMGS: 0', 'OK',
                   r'~\+CDS: 6,0,"\+33612345678",145,"[^"]*","[^"]*",0')
        m.sms('+33698765432', 'at six, then')
        s.come('+CMTI: "SM",1')
        s.ask('AT+CMGR=1', r'~\+CMGR: "REC UNREAD","\+33698765432",[^,]*,"[^"]*"'
              '\r\nat six, then', 'OK')
        s.prompted('AT+CMGW="0612345678"', 'a draft', '+CMGW: 2', 'OK')
        s.ask('AT+CMGL="STO UNSENT"', '+CMGL: 2,"STO UNSENT","0612345678",\r\na draft', 'OK')
        s.ask('AT+CMSS=2', '+CMSS: 1', 'OK', r'~\+CDS: 6,1,"0612345678",129,"[^"]*","[^"]*",0')
        # Esc: nothing is sent
        s.write('AT+CMGS="0612345678"\r')
        s.whole('AT+CMGS', r'AT\+CMGS="0612345678"\r\r\n> ')
        s.write('oh no\x1b')
        s.whole('Esc', r'oh no\r\nOK\r\n')
        s.ask('AT+CPMS?', '+CPMS: "SM",2,20,"SM",2,20,"SM",2,20', 'OK')
        s.ask('AT+CMGD=1,4', 'OK')
        s.ask('AT+CMGR=1', 'OK')
    sent = m.has_sent(2)
    equal([(o['text'], o['to'], o['report_asked']) for o in sent],
          [('see you at 6 @ sharp', FRIEND, True), ('a draft', '0612345678', True)], 'outbox')
    equal(m.state()['messages']['SM']['used'], 0, 'messages left')
    m.did('messages as text: send, report, receive, store, send from store, Esc, delete')


@case('python3-serial', ALL, [R663], user=NOBODY)
def messages_as_pdu(m):
    # As in 3GPP 23.040: "hello" to +33612345678, by the SIM's service centre.
    pdu = '0011000B913316325476F80000A705E8329BFD06'
    with Serial(m) as s:
        s.ask('AT+CMEE=1;+CMGF=0;+CNMI=2,2', 'OK')
        s.prompted('AT+CMGS=19', pdu, '+CMGS: 0', 'OK')
        s.prompted('AT+CMGW=19', pdu, '+CMGW: 1', 'OK')
        s.ask('AT+CMGR=1', r'~\+CMGR: 2,,19\r\n(00|07[0-9A-F]{14})' + pdu[2:], 'OK')
        s.ask('AT+CMGL=4', r'~\+CMGL: 1,2,,19\r\n(00|07[0-9A-F]{14})' + pdu[2:], 'OK')
        m.sms('+33698765432', 'hello')
        s.come(r'~\+CMT: ,24\r\n07[0-9A-F]{14}040B913396785634F20000[0-9A-F]{14}05E8329BFD06')
        s.prompted('AT+CMGS=18', pdu, '+CMS ERROR: 304')
    equal([(o['text'], o['to'], o['alphabet']) for o in m.has_sent(1)],
          [('hello', FRIEND, 'gsm7')], 'outbox')
    equal(m.state()['messages']['SM']['used'], 1, 'messages')
    m.did('messages as PDU')


@case('python3-serial', ALL, [R74], user=NOBODY)
def voice_calls(m):
    with Serial(m) as s:
        s.ask('AT+CLIP=1;+WIND=50;+CRC=1', 'OK')
        s.ask('ATD0146290800;', '+WIND: 5,1', '+WIND: 2', 'OK')
        equal(m.state()['in_call'], True, 'in a call')
        s.ask('AT+CLCC', '+CLCC: 1,0,0,0,0,"0146290800",129', 'OK')
        s.ask('AT+VTS=1;+VTS="#"', 'OK')
        s.ask('ATH', 'OK', '+WIND: 6,1')
        m.wait('no-call')
        s.ask('ATD0146290801;', '+WIND: 5,1', 'BUSY', '+WIND: 6,1')
        s.ask('AT+CEER', '+CEER: Error 17', 'OK')
        m.act('ring', '0123456789')
        s.come('+WIND: 5,1', '+CRING: VOICE', '+CLIP: "0123456789",129')
        s.write('ATA\r')
        # the next ring may come before the answer does
        s.whole('ATA', r'(\r\n\+CRING: VOICE\r\n\r\n\+CLIP: "0123456789",129\r\n)*'
                'ATA\r\r\nOK\r\n')
        m.act('hangup')
        s.come('NO CARRIER', '+WIND: 6,1')
        s.ask('AT+CEER', '+CEER: Error 16', 'OK')
    m.did('voice calls out and in')


@case('python3-serial', ALL, SUPREMES, user=NOBODY)
def a_data_call(m):
    with Serial(m) as s:
        s.ask('AT+CBST=7,0,1', 'OK')
        s.ask('AT+CR=1', 'OK')
        s.ask('ATD0458783786', '+CR: REL ASYNC', 'CONNECT 9600')
        equal(m.state()['port']['dcd'], True, 'DCD')
        everything = ''.join(map(chr, range(256)))
        s.write(everything)
        s.whole('every byte', re.escape(everything))
        m.act('farend', 'and more')
        s.whole('what the far end says', 'and more')
        s.escape()
        s.ask('AT+CLCC', '+CLCC: 1,0,0,1,0,"0458783786",129', 'OK')
        s.ask('ATO', 'CONNECT 9600')
        s.write('back')
        s.whole('data', 'back')
        s.escape()
        s.ask('ATH', 'OK')
        equal((m.state()['port']['dcd'], m.state()['in_call']), (False, False), 'DCD, call')
        if m.speed != 'max':  # a call aborted by a key; at max dialling takes no time
            s.write('ATD0458783787\r')
            m.wait('in-call')
            s.write('x')
            s.whole('ATD', r'ATD0458783787\rx?\r\nNO CARRIER\r\n')
        # the far end hangs up
        s.ask('ATD0458783786', '+CR: REL ASYNC', 'CONNECT 9600')
        m.act('hangup')
        s.come('NO CARRIER')
        # closing the port while online drops DTR
        s.ask('ATD0458783786', '+CR: REL ASYNC', 'CONNECT 9600')
    m.wait('no-call', 'closed')
    m.did('data call: every byte, +++, ATO, ATH, abort, the far end\'s and DTR\'s end')


@case('python3-serial', ALL, [R663], user=NOBODY)
def gprs_to_connect(m):
    lcp = re.escape('~\xff}#\xc0!')
    with Serial(m) as s:
        s.ask('AT+CGDCONT=1,"IP","internet"', 'OK')
        s.ask('AT+CGATT=1', 'OK')
        m.wait('attached')
        s.ask('AT+CGACT=1,1', 'OK')
        s.ask('AT+CGPADDR=1', '+CGPADDR: 1,"10.128.3.4"', 'OK')
        s.ask('AT+CGACT=0,1', 'OK')
        s.write('ATD*99***1#\r')
        # an LCP Configure-Request after CONNECT, and another one every 3 s
        s.whole('ATD', re.escape('ATD*99***1#') + r'\r\r\nCONNECT 115200\r\n' + lcp + '[^~]*~')
        equal(m.state()['port']['mode'], 'ppp', 'the port')
        s.write('+++')
        heard = s.tell('hear', pattern=r'\r\nOK\r\n$', seconds=DEADLINE)
        holds(r'^(~\xff[^~]*~)*\r\nOK\r\n$', heard, 'escape')
        s.ask('ATH', 'OK')
        equal(m.state()['port']['dcd'], False, 'DCD')
        s.ask('ATD*99***3#', 'ERROR')
    m.did('GPRS: attach, activate, CONNECT with LCP, +++, ATH')


@case('python3-serial', ALL, [R663], user=NOBODY)
def network_commands(m):
    at = m.state()['registration']
    cell = f'"{at["lac"]:04X}","{at["ci"]:04X}"'
    with Serial(m) as s:
        s.ask('AT+CMEE=1', 'OK')
        s.ask('AT+COPS?', f'+COPS: 0,2,{at["plmn"]}', 'OK')
        s.ask('AT+COPS=3,0', 'OK')
        s.ask('AT+COPS?', f'+COPS: 0,0,"{at["operator"]}"', 'OK')
        s.ask('AT+COPS=?', r'~\+COPS: \(2,"[^"]*","[^"]*","' + at['plmn'] + r'"\),\(.*\)', 'OK')
        s.ask('AT+CREG=2', 'OK', f'+CREG: 1,{cell}')
        s.ask('AT+CREG?', f'+CREG: 2,1,{cell}', 'OK')
        m.act('signal', 'none')
        s.come('+CREG: 2')
        s.ask('AT+CSQ', '+CSQ: 99,99', 'OK')
        m.act('signal', rssi=17)
        s.come(f'+CREG: 1,{cell}')
        s.ask('AT+CSQ', '+CSQ: 17,0', 'OK')
        s.ask('AT+COPS=1,2,"99999"', '+CME ERROR: 529', '+CREG: 0')
    m.did('network: operators, registration lost and found')


@case('python3-serial', ALL, [R74], user=NOBODY)
def wavecom_commands(m):
    told = m.state()
    plmn, cell = told['registration']['plmn'], told['registration']
    band = told['band']
    with Serial(m) as s:
        s.ask('AT+WIND=22089', 'OK')
        s.ask('AT+WIND?', '+WIND: 22089', 'OK')
        s.ask('AT+WMBS?', f'+WMBS: {band},0', 'OK')
        s.ask('AT+CCED=0,1', f'~\\+CCED: {plmn[:3]},{plmn[3:]},{cell["lac"]:x},{cell["ci"]:x},'
              f'\\d+,{cell["arfcn"]},.*', 'OK')
        s.ask('AT+CCED=0,8', f'+CSQ: {cell["rssi"]},99', 'OK')
        s.ask('AT+WOPEN?', '+WOPEN: 0', 'OK')
        s.ask('AT+WDWL?', f'+WDWL: {told["downloader"]["version"]}', 'OK')
        rack = ['+WIND: 13', '+WIND: 1']
        s.ask('AT+CFUN=1', 'OK', *(rack if m.profile != M1306B else reversed(rack)), '+WIND: 7',
              '+WIND: 16', '+WIND: 4', r'~\+WIND: 10,"SM",\d[^\r]*',
              r'~\+WIND: 11,"[0-9A-F]{32}"[^\r]*')
        # another band, at once
        other = {5: 1, 4: 0}[band]
        s.ask(f'AT+WMBS={other},1', 'OK', '+WIND: 7')
    equal(m.state()['band'], other, 'band')
    m.did('+WIND and the boot, +WMBS, +CCED, +WOPEN, +WDWL?')


@case('python3-serial', ALL, [R74], user=NOBODY, sets=['device.line.garbles=true'])
def another_speed(m):
    with Serial(m) as s:
        s.ask('AT+IPR?', '+IPR: 115200', 'OK')
        # the OK still has the old speed, then the program changes too
        s.ask('AT+IPR=9600', 'OK')
        s.tell('set', name='baudrate', value=9600)
        s.ask('AT', 'OK')
        equal(m.state()['port']['baud'], 9600, 'speed')
        s.tell('set', name='baudrate', value=57600)
        s.write('AT\r')
        heard = s.tell('hear', pattern=None, seconds=0.3)
        assert 'OK' not in heard, f'at the wrong speed: {heard!r}'
        s.tell('set', name='baudrate', value=9600)
        s.write('AT\r')
        s.whole('AT', r'.*AT\r\r\nOK\r\n')
        s.ask('AT+IPR=115200;&W', 'OK')
    # the port opened again at the saved speed
    with Serial(m, baudrate=115200) as s:
        s.write('AT\r')
        s.whole('AT', r'.*AT\r\r\nOK\r\n')
    m.did('another speed, a wrong speed')


@case('python3-serial', ALL, [R74], user=NOBODY)
def modem_lines(m):
    """A pty has none: python3-serial opens it anyway, and raises an error when a program asks for them."""
    with Serial(m, rtscts=True, dsrdtr=True) as s:
        s.ask('AT', 'OK')
        equal(m.state()['port']['dtr'], True, 'DTR')
        for name in ('cts', 'dsr', 'ri', 'cd'):
            holds('Errno 25', s.refuses('get', 'OSError', name=name), name)
        for name in ('dtr', 'rts'):
            holds('Errno 25', s.refuses('set', 'OSError', name=name, value=False), name)
        s.ask('AT', 'OK')
    m.wait('closed')
    equal(m.state()['port']['dtr'], False, 'DTR')
    m.did('modem lines (none without --lines)')


UART = r'''import fcntl, os, serial, sys, termios, threading
s = serial.Serial(sys.argv[1], 115200, bytesize=7, parity='E', timeout=20)
s.bytesize, s.parity = 8, 'N'
print('cts', s.cts, 'cd', s.cd, 'ri', s.ri)
s.dtr = False
s.rts = False
print('sent', s.dtr, s.rts)
s.dtr = s.rts = True
s.send_break(0.3)
s.write(b'AT\r')
s.flush()
print(s.read_until(b'\r\nOK\r\n'))
print('waits', flush=True)
TIOCMIWAIT, TIOCM_RNG = 0x545C, 0x80
fcntl.ioctl(s.fd, TIOCMIWAIT, TIOCM_RNG)
print('ri', s.ri)
'''


@case('python3-serial', ALL, user=NOBODY, kind=Supervised)
def lines_as_on_a_uart(m):
    """Under exec --lines: lines, break, 7E1, and TIOCMIWAIT until it rings."""
    m.begin_tool(sys.executable, m.file('uart.py', UART), m.path)
    until('TIOCMIWAIT', lambda: 'waits' in m.said())
    m.act('ring', **{'from': '+33612345678'})
    out = m.end_of_tool().good().out
    holds('^cts True cd False ri False$', out, 'modem lines')
    holds('^ri True$', out, 'RI')
    holds(r'# dtr: off\n(.*\n)*.*# dtr: on\n', m.trace(), 'DTR')
    m.did('modem lines under exec --lines: CTS, DCD, RI by TIOCMIWAIT, DTR, RTS, break, 7E1')


@case('python3-serial', ALL, [R74], user=NOBODY)
def two_programs(m):
    """An exclusive port is refused to a second program until the first has closed it."""
    with Serial(m) as first:
        first.ask('AT', 'OK')
        with Serial(m) as second:
            assert second.opened, 'a second program has opened it'
            holds('exclusively lock port', second.opened['text'], 'the second program')
        first.ask('AT', 'OK')
    with Serial(m) as third:
        equal(third.opened, None, 'opened')
        third.ask('AT', 'OK')
    m.did('exclusive open by two programs')


@case('python3-serial', ALL, SUPREMES, user=NOBODY)
def killed_in_the_middle(m):
    """Killed in a list, in a message and online: the next program finds a working modem."""
    with Serial(m) as s:
        s.write('AT+COPN\r')
        s.tell('hear', pattern='COPN: ', seconds=DEADLINE)
        s.process.kill()
        s.opened = 'gone'
    m.wait('closed')
    with Serial(m, baudrate=9600) as s:
        s.tell('set', name='baudrate', value=115200)
        s.write('AT+CMGF=1\r')
        s.whole('AT+CMGF', r'.*AT\+CMGF=1\r\r\nOK\r\n')
        s.write(f'AT+CMGS="{FRIEND}"\r')
        s.whole('AT+CMGS', re.escape(f'AT+CMGS="{FRIEND}"') + r'\r\r\n> ')
        s.write('half a mess')
        s.whole('text', 'half a mess')
        s.process.kill()
        s.opened = 'gone'
    m.wait('closed')
    with Serial(m) as s:
        # Esc leaves the prompt, if there still is one
        s.write('\x1bAT\r')
        s.whole('AT', r'.*AT\r\r\nOK\r\n')
        s.ask('ATD0458783786', 'CONNECT 9600')
        s.write('data')
        s.whole('data', 'data')
        s.process.kill()
        s.opened = 'gone'
    m.wait('closed', 'no-call')
    with Serial(m) as s:
        s.ask('AT', 'OK')
        equal(m.state()['port']['mode'], 'command', 'the port')
    equal(m.outbox(), [], 'messages sent')
    m.did('killed in a list, in a message, online')
