# gammu, as its manual says: a file with device and connection, `batch` for several commands in
# one session. It sends AT+CFUN=1 when it begins, which restarts a Wavecom: what it has set before
# that (+CMEE, +CSCS) is the saved profile's again. So these are saved first, by hand.
import re

from clienttest import *  # noqa: F403

MODELS = {R663: 'MULTIBAND  G850  1900', R74: 'MULTIBAND  900E  1800',
          M1306B: 'MULTIBAND  900E  1800', FXT: 'MULTIBAND  900E  1800'}
FRIEND = '+33612345678'


def gammu(m, *command, security='0', data=None, good=True):
    m.file('gammurc', '[gammu]\n'
           f'device = {m.path}\nconnection = at115200\n'
           f'synchronizetime = no\nchecksecurity = {security}\n')
    done = m.run('gammu', '-c', m.folder + '/gammurc', *command, data=data)
    return done.good(' '.join(command)).out if good else done.out


def batch(m, *commands):
    """Several commands in one session."""
    return gammu(m, 'batch', m.file('batch', ''.join(' '.join(c) + '\n' for c in commands)))


def value(out, name):
    return holds(r'^' + re.escape(name) + r' *: "?(.*?)"?$', out, name).group(1)


def prepare(m):
    talk(m, 'AT+CMEE=1', 'AT+CSCS="HEX"', 'AT&W')


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


@case('gammu', [R663, R74, M1306B, FXT], [R74], speed='max', user=NOBODY)
def phonebook(m):
    prepare(m)
    out = batch(m, ['getallmemory', 'SM'], ['searchmemory', 'Bob'])
    equal(re.findall(r'Name +: "(\w+)"', out),
          ['Alice', 'Bob', 'Office'] + (['Jacky'] if m.profile != R663 else []) + ['Bob'],
          'names')
    m.file('new.vcf', 'BEGIN:VCARD\nVERSION:2.1\nN:Zoe\nTEL:+33611223344\nEND:VCARD\n')
    # It sets the clock with a time zone then, which these firmwares do not take.
    out = gammu(m, 'addnew', m.folder + '/new.vcf', '-yes', '-memory', 'SM', good=False)
    holds('Writing: 100 percent', out, 'addnew')
    used = m.state()['phonebooks']['SM']['used']
    equal(used, 5 if m.profile != R663 else 4, 'entries')
    out = gammu(m, 'getmemory', 'SM', '4')
    equal((value(out, 'General number'), value(out, 'Name')), ('+33611223344', 'Zoe'), 'new entry')
    gammu(m, 'deletememory', 'SM', '4')
    equal(m.state()['phonebooks']['SM']['used'], used - 1, 'entries without it')
    m.did('phonebook: list, search, write, delete')


@case('gammu', [R663, R74, M1306B, FXT], [R74], speed='max')
def send(m):
    """Every character of the alphabet, UCS2 in ten parts, a port, and a delivery report."""
    alphabet = (GSM7 + EXTENSION).replace('\r', '').replace('\n', '')
    gammu(m, 'sendsms', 'TEXT', FRIEND, '-textutf8', alphabet, '-report', '-autolen', '500')
    got = m.has_sent(1)[0]
    equal((got['text'], got['alphabet'], got['report_asked']), (alphabet, 'gsm7', True), 'GSM')
    gammu(m, 'sendsms', 'TEXT', FRIEND, '-unicode', '-textutf8', TEN_PARTS, '-autolen', '2000')
    got = m.has_sent(2)[-1]
    equal((got['text'], got['alphabet']), (TEN_PARTS, 'ucs2'), 'UCS2')
    m.did('send: whole alphabet, ten parts with emoji, report')


@case('gammu', [R663, R74, M1306B, FXT], [R74], speed='max')
def receive(m):
    alphabet = (GSM7 + EXTENSION).replace('\r', '').replace('\n', ' ')
    m.sms(FRIEND, alphabet)
    m.sms(FRIEND, TEN_PARTS)
    until('11 messages stored', lambda: m.state()['messages']['SM']['used'] == 11)
    prepare(m)
    out = gammu(m, 'geteachsms')
    assert alphabet in out, f'the alphabet: {out}'
    assert TEN_PARTS in out, f'ten parts: {out}'
    holds('11 SMS parts in 2 SMS sequences', out, 'sequences')
    gammu(m, 'deleteallsms', '1')
    equal(m.state()['messages']['SM']['used'], 0, 'messages left')
    m.did('receive, join, delete')


@case('gammu', [R74, M1306B, FXT], [R74], speed='max')
def ussd(m):
    prepare(m)
    # It takes an answer in "HEX" for packed septets (DCS 15); in UCS2 it reads what was sent.
    out = gammu(m, 'getussd', '*102#')
    equal(value(out, 'Service reply'), 'Υπόλοιπο 12,50', 'reply')
    m.did('USSD in UCS2')


@case('gammu', [R74, FXT], [], speed='max')
def calls(m):
    m.ask('GET', '')
    gammu(m, 'dialvoice', '0146290800')
    m.did('call')


@case('gammu', [R74], [], speed='max', sets=['every_firmware.quirks.cpin-no-ok=false'])
def security_check(m):
    """AT+CPIN? with its OK, which no Wavecom gives: only so gammu can check the PIN."""
    out = gammu(m, 'identify', security='1')
    equal(value(out, 'SIM IMSI'), '208010000000017', 'IMSI')
    m.did('security check (with cpin-no-ok off)')
