# smsd of smstools, as its manual says: one configuration file, spool folders, and how it handles
# messages, status reports, the PIN, a mute modem, and a port that goes away and comes back.
import glob

from clienttest import *  # noqa: F403

FRIEND = '33612345678'
COUNT = 100 if FULL else 6


def written(pattern):
    """[(name, contents)] of the existing files; smsd renames a file when it is complete."""
    got = []
    for name in sorted(glob.glob(pattern)):
        try:
            with open(name, 'rb') as f:
                got.append((name, f.read()))
        except FileNotFoundError:
            continue
    return got


class Smsd(Daemon):
    """smsd compares the time stamp of a first part, which is the modem's virtual time, with the host's clock. By default
    (24 hours) it files the part as an incomplete message if it checks before the next part has come; it checks after
    each start, and then every half an hour."""

    def __init__(self, m, modem='', network=0):
        """`modem`: more lines for the section of the modem; `network`: its check_network."""
        for box in ('outgoing', 'checked', 'failed', 'incoming', 'sent', 'report', 'stats'):
            os.makedirs(f'{m.folder}/{box}', exist_ok=True)
            os.chmod(f'{m.folder}/{box}', 0o777)
        config = m.file('smsd.conf', f'''devices = GSM1
logfile = {m.folder}/log
infofile = {m.folder}/smsd.working
pidfile = {m.folder}/smsd.pid
loglevel = 7
outgoing = {m.folder}/outgoing
checked = {m.folder}/checked
failed = {m.folder}/failed
incoming = {m.folder}/incoming
sent = {m.folder}/sent
report = {m.folder}/report
stats = {m.folder}/stats
delaytime = 1
errorsleeptime = 1
blocktime = 1
receive_before_send = no
autosplit = 3
incoming_utf8 = yes
decode_unicode_text = yes
internal_combine = yes
trust_outgoing = yes
ic_purge_hours = 500000

[GSM1]
device = {m.path}
baudrate = 115200
incoming = yes
report = yes
rtscts = no
check_network = {network}
device_open_retries = -1
device_open_errorsleeptime = 1
{modem}
''')
        super().__init__(m, 'smsd', '-c', config, '-t')

    def put(self, name, text, head=''):
        """Puts a message into the folder of messages to send."""
        where = self.m.file('tmp.' + name, f'To: {FRIEND}\n{head}\n' .encode() + text
                            if isinstance(text, bytes) else f'To: {FRIEND}\n{head}\n{text}')
        os.rename(where, f'{self.m.folder}/outgoing/{name}')

    def reports(self):
        """Returns the status reports that it has written, and removes the files."""
        got = []
        for name, data in written(self.m.folder + '/report/*'):
            if b'Status:' in data:
                got.append(data.decode())
                os.unlink(name)
        return got

    def incoming(self):
        """[(header lines, text)] of the received messages."""
        got = []
        for _, data in written(self.m.folder + '/incoming/*'):
            head, end, text = data.partition(b'\n\n')
            if end:
                got.append((head.decode(), text))
        return got

    def read(self):
        """The texts of the received messages."""
        return sorted(t.decode() for _, t in self.incoming() if t.startswith(b'in '))


@case('smstools', [R663, R74, M1306B, FXT], [R74], speed='10')
def out_and_in(m):
    with Smsd(m) as smsd:
        texts = [f'message {i}' for i in range(COUNT)]
        for i, text in enumerate(texts):
            smsd.put(f'm{i:03d}', text, 'Report: yes\n')
        until('all messages sent', lambda: len(m.outbox()) >= COUNT, LONG)
        equal(sorted(o['text'] for o in m.outbox()), sorted(texts), 'outbox')
        for i in range(COUNT):
            m.sms('+' + FRIEND, f'in {i}')
            until('the tool to read messages', lambda: m.state()['messages']['SM']['used'] < 15, LONG)
        until('all messages read', lambda: len(smsd.read()) >= COUNT, LONG)
        equal(smsd.read(), sorted(f'in {i}' for i in range(COUNT)), 'incoming')
        equal(os.listdir(m.folder + '/failed'), [], 'failed')
    m.did('100 out, 100 in')


@case('smstools', [R663, R74, M1306B, FXT], [R74], speed='10')
def long_messages(m):
    """Compares bytes, since its UTF-8 output drops emoji and has the euro for the currency sign."""
    alphabet = ALPHABET.replace('¤', '€')
    with Smsd(m, 'decode_unicode_text = no') as smsd:
        smsd.put('alphabet', ALPHABET.replace('¤', ''), 'Alphabet: UTF-8\n')
        got = m.has_sent(1)[0]
        equal((got['text'], got['alphabet']), (ALPHABET.replace('¤', ''), 'gsm7'), 'alphabet')
        smsd.put('ten', TEN_PARTS.encode('utf-16-be'), 'Alphabet: UCS2\n')
        got = m.has_sent(2)[-1]
        equal((got['text'], got['alphabet']), (TEN_PARTS, 'ucs2'), 'ten parts')
        m.act('sms', pdu=alphabet_deliver())
        m.sms('+' + FRIEND, TEN_PARTS)
        until('both messages in files', lambda: {alphabet.encode(), TEN_PARTS.encode('utf-16-be')} <=
              {t for _, t in smsd.incoming()})
    m.did('the whole alphabet, ten parts with emoji, both ways (¤ is € there)')


@case('smstools', [R663, R74, M1306B, FXT], [], speed='10')
def binary_to_a_port(m):
    with Smsd(m, 'report = no') as smsd:
        smsd.put('port', PORT_DATA, 'Alphabet: binary\nUDH-DATA: '
                 f'{PORT_HEADER.hex(" ").upper()}\n')
        equal(m.has_sent(1)[0]['pdus'], [PORT_SUBMIT], 'outbox')
        m.act('sms', pdu=PORT_DELIVER)
        head, data = until('the received message', smsd.incoming)[0]
        equal(data, PORT_DATA, 'data')
        holds(f'^UDH-DATA: {PORT_HEADER.hex(" ").upper()} ?$', head, 'header')
    m.did('port 2948, every byte above 127, both ways')


@case('smstools', [R663, R74, M1306B, FXT], [], speed='10')
def status_reports(m):
    """Both ways in its manual: read from the report storage, and routed as they come."""
    for name, ways in (('stored', 'init = AT+CNMI=2,0,0,2,0\nprimary_memory = SM\n'
                        'secondary_memory = SR\n'),
                       ('routed', 'init = AT+CNMI=2,0,0,1,0\nusing_routed_status_report = yes\n'
                        'routed_status_report_cnma = no')):
        with Smsd(m, ways) as smsd:
            smsd.put(name, 'with a report', 'Report: yes\n')
            report = until(f'a status report, {name}', smsd.reports, LONG)[0]
            equal([o['text'] for o in m.outbox()], ['with a report'] * len(m.outbox()), 'outbox')
            holds('^Status: 0,Ok', report, 'report')
            holds(f'^From: {FRIEND}', report, 'report')
            with open(f'{m.folder}/sent/{name}', encoding='utf-8') as f:
                sent = holds(r'^Message_id: (\d+)', f.read(), 'what it has sent').group(1)
            equal(holds(r'^Message_id: (\d+)', report, 'report').group(1), sent, 'its message')
    m.did('status reports, stored and routed')


@case('smstools', [R74 + '-pin'], [], speed='10')
def enters_the_pin(m):
    with Smsd(m, 'pin = 1234') as smsd:
        m.wait('sim.state=ready', seconds=300)
        smsd.put('one', 'open')
        equal(m.has_sent(1)[0]['text'], 'open', 'outbox')
    m.did('PIN')


@case('smstools', [R663, R74, M1306B, FXT], [], speed='10')
def mute_modem(m):
    with Smsd(m) as smsd:
        smsd.put('one', 'before')
        until('the first message sent', lambda: os.path.exists(m.folder + '/sent/one'))
        m.act('fault', mute='lost')
        smsd.put('two', 'after')
        until('smsd to notice', lambda: 'timeout occurred. 3' in smsd.log(), LONG)
        m.act('unfault', 0)
        until('the second message sent', lambda: [o['text'] for o in m.outbox()] == ['before', 'after'], LONG)
    m.did('mute for three of its time-outs, then it sends')


@case('smstools', [R74], [], speed='10')
def port_away_and_back(m):
    with Smsd(m) as smsd:
        smsd.put('one', 'before')
        until('the first message sent', lambda: os.path.exists(m.folder + '/sent/one'))
        m.stop()
        m.sent.clear()
        smsd.put('two', 'after')
        until('smsd to notice', lambda: "Couldn't open" in smsd.log(), LONG)
        m.start()
        equal(until('the second message sent', m.outbox, LONG)[0]['text'], 'after', 'outbox')
    m.did('the port goes and comes back')
