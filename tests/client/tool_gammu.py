# gammu, as its manual says: a file with device and connection, `batch` for several commands in
# one session. It begins with AT+CFUN=1, which restarts a Wavecom modem. Settings made before that
# (+CMEE, +CSCS) return to their saved values, so these are saved first, by hand; and its next
# command is lost in the boot. At --speed max the boot takes no time.
import re

from clienttest import *  # noqa: F403

MODELS = {R663: 'MULTIBAND  G850  1900', R74: 'MULTIBAND  900E  1800',
          M1306B: 'MULTIBAND  900E  1800', FXT: 'MULTIBAND  900E  1800'}
FRIEND = '+33612345678'


SAVED = ('AT+CMEE=1', 'AT+CSCS="HEX"', 'AT&W')


def gammu(m, *command, data=None, good=True, restarts=True):
    """`restarts`: gammu sends AT+CFUN=1 before this command; it does not for phonebook commands."""
    if restarts and m.speed == '1' and command[0] != 'batch':
        return batch(m, command, good=good)
    m.file('gammurc', '[gammu]\n'
           f'device = {m.path}\nconnection = at115200\nsynchronizetime = no\n')
    done = m.run('gammu', '-c', m.folder + '/gammurc', *command, data=data)
    m.wait('closed')  # the port is exclusive (TIOCEXCL) until the modem sees that gammu has closed it
    return done.good(' '.join(command)).out if good else done.out


def batch(m, *commands, good=True, restarts=True):
    """Several commands in one session. At the modem's own speed gammu's first command is lost in the
    boot, and it waits 40 s for the answer: so the first one must be a command that survives that."""
    late = restarts and m.speed == '1'
    if late:
        prepare(m)
        m.helped('a batch that begins with identify')
        commands = [['identify'], *commands]
    lines = (' '.join(f'"{w}"' if ' ' in w else w for w in c) + '\n' for c in commands)
    out = gammu(m, 'batch', m.file('batch', ''.join(lines)), good=good)
    return out.split('command 2:', 1)[1] if late else out


def value(out, name):
    return holds(r'^' + re.escape(name) + r' *: "?(.*?)"?$', out, name).group(1)


def prepare(m, *more):
    """Saves its settings by hand, and those of `more`."""
    saved = (*SAVED[:-1], *more, SAVED[-1])
    if m.state()['sim']['state'] == 'PIN':
        talk(m, 'AT+CPIN=1234')  # +CSCS needs it; the SIM asks for it again after the restart
        m.wait('ready')
    talk(m, *saved)
    m.helped(';'.join(saved).replace(';AT', ';') + ' saved')


@case('gammu', [R663, R74, M1306B, FXT], [R663, R74], speed='max')
def identify_and_network(m):
    out = batch(m, ['identify'], ['getsmsc'], ['networkinfo'])
    told = m.state()
    equal(value(out, 'Firmware'), told['firmware']['revision'], 'firmware')
    holds(re.escape('(' + MODELS[m.profile]), out, 'model')
    equal(value(out, 'Network state'), 'home network', 'network state')
    network = value(out, 'Network')
    equal(re.sub(r'\D', '', network[:7]), told['registration']['plmn'], 'PLMN')
    holds('LAC %04X, CID %04X' % (told['registration']['lac'], told['registration']['ci']),
          network, 'cell')
    equal(value(out, 'Name in phone'), told['registration']['operator'], 'operator')
    equal(value(out, 'Number'), '+13123149810' if m.profile == R663 else '+33609001390',
          'service centre')
    m.did('identify', 'network', 'service centre')


@case('gammu', [R663, R74, M1306B, FXT], [], speed='max')
def signal_and_counts(m):
    out = gammu(m, 'monitor', '1')
    rssi = m.state()['registration']['rssi']
    equal(value(out, 'Signal strength'), f'{2 * rssi - 113} dBm', 'signal')
    books = m.state()['phonebooks']
    for name, book in (('SIM phonebook', 'SM'), ('Phone phonebook', 'ME'), ('Own numbers', 'ON')):
        used, free = re.findall(r'\d+', value(out, name))
        equal((int(used), int(used) + int(free)), (books[book]['used'], books[book]['capacity']),
              name)
    store = m.state()['messages']['SM']
    equal(value(out, 'SIM SMS status'),
          f'{store["used"]} used, 0 unread, {store["capacity"]} locations', 'messages')
    m.did('signal')


@case('gammu', [R663, R74, M1306B, FXT], [R74], speed='max')
def phonebook(m):
    prepare(m)
    out = batch(m, ['getallmemory', 'SM'], ['searchmemory', 'Bob'], restarts=False)
    equal(re.findall(r'Name +: "(\w+)"', out),
          ['Alice', 'Bob', 'Office'] + (['Jacky'] if m.profile != R663 else []) + ['Bob'],
          'names')
    m.file('new.vcf', 'BEGIN:VCARD\nVERSION:2.1\nN:Zoe\nTEL:+33611223344\nEND:VCARD\n')
    # Then it sets the clock with a time zone, which these firmwares refuse.
    out = gammu(m, 'addnew', m.folder + '/new.vcf', '-yes', '-memory', 'SM', good=False,
                restarts=False)
    holds('Writing: 100 percent', out, 'addnew')
    used = m.state()['phonebooks']['SM']['used']
    equal(used, 5 if m.profile != R663 else 4, 'entries')
    out = gammu(m, 'getmemory', 'SM', '4', restarts=False)
    equal((value(out, 'General number'), value(out, 'Name')), ('+33611223344', 'Zoe'), 'new entry')
    gammu(m, 'deletememory', 'SM', '4', restarts=False)
    equal(m.state()['phonebooks']['SM']['used'], used - 1, 'entries without it')
    m.did('phonebook: list, search, write, delete')


@case('gammu', [R663, R74, M1306B, FXT], [R74], speed='max')
def send(m):
    """Every character of the alphabet, UCS2 in ten parts, a delivery report."""
    # the words of a batch cannot have line breaks, quotes or backslashes
    text = re.sub(r'[\r\n\f"\\\\]', ' ', ALPHABET) if m.speed == '1' else ALPHABET
    gammu(m, 'sendsms', 'TEXT', FRIEND, '-textutf8', text, '-report', '-autolen', '500')
    got = m.has_sent(1)[0]
    equal((got['text'], got['alphabet'], got['report_asked']), (text, 'gsm7', True), 'GSM')
    gammu(m, 'sendsms', 'TEXT', FRIEND, '-unicode', '-textutf8', TEN_PARTS, '-autolen', '2000')
    got = m.has_sent(2)[-1]
    equal((got['text'], got['alphabet']), (TEN_PARTS, 'ucs2'), 'UCS2')
    m.did('the whole alphabet, ten parts with emoji, a report asked for')


@case('gammu', [R663, R74, M1306B, FXT], [R74], speed='max')
def receive(m):
    m.act('sms', pdu=alphabet_deliver())
    m.sms(FRIEND, TEN_PARTS)
    until('11 messages stored', lambda: m.state()['messages']['SM']['used'] == 11)
    prepare(m)
    out = gammu(m, 'geteachsms')
    assert ALPHABET in out, f'the alphabet: {out}'
    assert TEN_PARTS in out, f'ten parts: {out}'
    holds('11 SMS parts in 2 SMS sequences', out, 'sequences')
    gammu(m, 'deleteallsms', '1')
    equal(m.state()['messages']['SM']['used'], 0, 'messages left')
    m.did('the whole alphabet, ten parts with emoji, joined and deleted')


@case('gammu', [R663, R74, M1306B, FXT], [], speed='max')
def binary_to_a_port(m):
    """A ring tone is the only message to a port that gammu sends; the received one has every byte
    above 127."""
    gammu(m, 'sendsms', 'RINGTONE', FRIEND,
          m.file('tone.rttl', 'Test:d=4,o=5,b=120:c,d,e,f,g,a,b,c6'))
    got = m.has_sent(1)[0]
    equal(got['alphabet'], 'data', 'alphabet')
    # 23.040, 9.2.3.24.4: port 5505 (1581), 8-bit data with a class.
    holds('^51000B913316325476F800F5FF2006050415810000024A3A51', got['pdus'][0], 'PDU')
    m.act('sms', pdu=PORT_DELIVER)
    prepare(m)
    gammu(m, 'backupsms', m.folder + '/kept.smsbackup', '-yes')
    with open(m.folder + '/kept.smsbackup', encoding='utf-8') as f:
        kept = f.read()
    equal(holds('^UDH = (.*)$', kept, 'header').group(1), PORT_HEADER.hex().upper(), 'header')
    equal(''.join(re.findall(r'^Text\d\d = (.*)$', kept, re.M)), PORT_DATA.hex().upper(), 'data')
    m.did('ring tone to port 5505, back to port 2948 byte for byte')


@case('gammu', [R74, M1306B, FXT], [R74], speed='max')
def ussd(m):
    prepare(m)
    # In "HEX" it takes an answer for packed septets (DCS 15); in UCS2 it reads it correctly.
    out = gammu(m, 'getussd', '*102#')
    equal(value(out, 'Service reply'), 'Υπόλοιπο 12,50', 'reply')
    m.did('USSD in UCS2')


@case('gammu', [R663, R74, M1306B, FXT], [R74], speed='max')
def calls(m):
    batch(m, ['dialvoice', '0146290800'], ['cancelcall'])
    holds(r'(?s)> ATDT0146290800;.*# call: active.*> AT\+CHUP.*# call: free', m.trace(), 'a call')
    m.did('dial, hang up')


@case('gammu', [R74 + '-pin'], [], speed='max')
def enters_the_pin(m):
    """gammu enters the PIN after its AT+CFUN=1, so the SIM asks for it again each time."""
    m.meant.add('AT+CIMI')  # by identify, before the PIN
    out = batch(m, ['entersecuritycode', 'PIN', '1234'], ['getsecuritystatus'])
    holds('Nothing to enter', out, 'security status')
    m.wait('sim.state=ready')
    m.did('PIN, though AT+CPIN? is without OK')


@case('gammu', [R74, R663], [], speed='1', speeds=('1',))
def asks_on_amid_its_restart(m):
    """At the modem's own speed, without a batch: AT+CGMI is lost in the boot, then ATI3 is answered
    with the revision, which gammu takes for the manufacturer. A command without a second question
    fails."""
    prepare(m)
    out = gammu(m, 'identify', restarts=False)
    revision = m.state()['firmware']['revision']
    equal((value(out, 'Manufacturer'), value(out, 'Firmware')), (revision, revision), 'manufacturer')
    holds(r'(?s)> AT\+CFUN=1\\r.*> AT\+CGMI\\r\n.*# boot: .*> ATI3', m.trace(), 'the restart')
    holds('^No response in specified timeout', gammu(m, 'getsmsc', good=False, restarts=False),
          'getsmsc')
    m.did('at the default speed: identify takes an answer for another, getsmsc has none')
