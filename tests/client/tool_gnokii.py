# gnokii with its AT driver. It reads the modem's answers as those of a telephone: it cuts the revision
# to 20 characters (and the path of its port to 31). It may take the +CREG line after AT+CREG=2 for
# the answer to its AT+CREG?, and then each answer counts for the next command; at --speed max that
# line comes together with the OK, which does no harm.
from clienttest import *  # noqa: F403

ALL = [R663, R74, M1306B, FXT]
FRIEND = '+33612345678'


def gnokii(m, *words, data=None, good=True):
    m.file('config', '[global]\nconnection = serial\nmodel = AT\nserial_baudrate = 115200\n'
           f'port = {m.pts}\n[logging]\ndebug = off\nrlpdebug = off\n')
    done = m.run('gnokii', '--config', m.folder + '/config', *words, data=data)
    m.wait('closed')
    return done.good(' '.join(words)).out if good else done.out


@case('gnokii-cli', ALL, user=NOBODY, speed='max')
def gnokii_identify(m):
    told = m.state()
    out = gnokii(m, '--identify')
    holds(r'^IMEI +: \d{15}$', out, 'IMEI')
    holds(f'^Manufacturer +: {m.maker.strip()}', out, 'manufacturer')
    holds(r'^Model +: MULTIBAND  ' + ('G850  1900' if m.profile == R663 else '900E  1800'), out,
          'model')
    holds(r'^Revision +: ' + re.escape(told['firmware']['revision'][:15]), out, 'revision')
    out = gnokii(m, '--getsmsc', '1')
    holds('SMS center number is ' + re.escape('+13123149810' if m.profile == R663 else
                                              '+33609001390'), out, 'service centre')
    out = gnokii(m, '--setdatetime', '2011', '05', '06', '07', '08')
    holds('^Date: 2011/05/06\nTime: 07:0[89]', gnokii(m, '--getdatetime'), 'clock')
    holds('2011-05-06T07:0[89]', m.state()['clock']['time'], 'clock')
    m.did('identify', 'service centre', 'clock')


@case('gnokii-cli', ALL, user=NOBODY, args=['--speed', 'max'])
def gnokii_monitor(m):
    at, books = m.state()['registration'], m.state()['phonebooks']
    # its exit status is that of a query that the modem refuses
    out = gnokii(m, '--monitor', 'once', good=False)
    if len(at['plmn']) == 5:  # it takes the first of six digits for a quote
        holds(rf'Network: [^(]*\({at["plmn"][:3]} {at["plmn"][3:]}\)', out, 'network')
    holds(rf'LAC: {at["lac"]:04x} .*CellID: {at["ci"]:08x}', out, 'cell')
    holds(rf'^RFLevel: {at["rssi"]}$', out, 'signal')
    holds(rf'^SIM: Used {books["SM"]["used"]}, Free 4\d$', out, 'phonebook')
    m.did('network', 'signal')


@case('gnokii-cli', ALL, user=NOBODY, speed='max')
def gnokii_phonebook(m):
    used = m.state()['phonebooks']['SM']['used']
    out = gnokii(m, '--getphonebook', 'SM', '1', '5')
    equal(re.findall(r'Name: (\w+)', out), ['Alice', 'Bob', 'Office'] +
          (['Jacky'] if m.profile != R663 else []), 'names')
    # it expects another vCard after the last one, and so fails
    out = gnokii(m, '--writephonebook', '-m', 'SM', '-n', '7', '-v', good=False, data='BEGIN:VCARD\nVERSION:3.0\n'
           'FN:Zoe\nN:Zoe\nTEL;TYPE=PREF:+33611223344\nX-GSM-MEMORY:SM\nX-GSM-LOCATION:7\n'
           'END:VCARD\n')
    holds('Write Succeeded: memory type: SM, loc: 7, name: Zoe', out, 'written')
    # It writes names in HEX after AT+CSCS="HEX". That character set is only for short messages; the
    # phonebook stores the digits as they are (GDW-11 p. 63). So it reads digits back and does not decode them.
    holds('Name: 5A6F65.*Number: .33611223344', gnokii(m, '--getphonebook', 'SM', '7').replace(
        '\n', ' '), 'new entry')
    equal(m.state()['phonebooks']['SM']['used'], used + 1, 'entries')
    gnokii(m, '--deletephonebook', 'SM', '7')
    equal(m.state()['phonebooks']['SM']['used'], used, 'entries without it')
    m.did('phonebook: list, write, delete; a name that it writes in HEX stays digits')


@case('gnokii-cli', ALL, user=NOBODY, speed='max')
def gnokii_messages(m):
    alphabet = ALPHABET.replace('\f', '').replace('\r', '').replace('\n', '')
    text = alphabet[:140]
    gnokii(m, '--sendsms', FRIEND, '-r', data=text)
    gnokii(m, '--sendsms', FRIEND, data='Привет')
    sent = m.has_sent(2)
    equal([(o['text'], o['alphabet'], o['to']) for o in sent],
          [(text, 'gsm7', FRIEND), ('Привет', 'ucs2', FRIEND)], 'outbox')
    equal(sent[0]['report_asked'], True, 'report')
    m.sms('+33698765432', 'for gnokii {€}')
    until('a message stored', lambda: m.state()['messages']['SM']['used'] == 1)
    out = gnokii(m, '--getsms', 'SM', '1', '-d')
    holds(r'Sender: \+33698765432', out, 'sender')
    holds('for gnokii {€}', out, 'text')
    until('the message deleted', lambda: m.state()['messages']['SM']['used'] == 0)
    m.did('messages out and in')


@case('gnokii-cli', ALL, user=NOBODY, sets=['sim.pin_enabled=true'])
def gnokii_security(m):
    m.wait('pin')
    holds('Security code status: waiting for PIN', gnokii(m, '--getsecuritycodestatus'), 'status')
    gnokii(m, '--entersecuritycode', 'PIN', data='1234\n')
    m.wait('ready', 'booted')
    holds('Security code status: nothing to enter', gnokii(m, '--getsecuritycodestatus'), 'status')
    m.did('PIN')


@case('gnokii-cli', ALL, user=NOBODY)
def gnokii_calls(m):
    gnokii(m, '--dialvoice', '0146290800')
    gnokii(m, '--divert', '-o', 'register', '-t', 'busy', '-c', 'voice', '-n', '0123456789')
    out = gnokii(m, '--divert', '-o', 'query', '-t', 'busy', '-c', 'voice')
    # it does not read the answer's line +CCFC: 1,1,"0123456789",129
    holds('Divert type: Busy\nCall type: Voice\n', out, 'divert')
    m.did('call', 'divert')
