# smsd of smstools, as its manual says: one file with the modem, spool folders, and what it
# makes of messages, reports, the PIN, a mute modem, and a port that goes and comes back.
import glob

from clienttest import *  # noqa: F403

FRIEND = '33612345678'
COUNT = 100 if FULL else 6


class Smsd:
    def __init__(self, m, modem=''):
        self.m = m
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
receive_before_send = no
autosplit = 3
incoming_utf8 = yes
decode_unicode_text = yes
internal_combine = yes

[GSM1]
device = {m.path}
baudrate = 115200
incoming = yes
report = yes
rtscts = no
check_network = 0
{modem}
''')
        self.process = m.start_tool(['smsd', '-c', config, '-t'], stdin=subprocess.DEVNULL,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        self.m.end_tool(self.process)
        if kind:
            print('# its log:\n# ' + self.log()[-3000:].replace('\n', '\n# '))

    def log(self):
        try:
            with open(self.m.folder + '/log', encoding='utf-8', errors='replace') as f:
                return f.read()
        except FileNotFoundError:
            return ''

    def put(self, name, text, head=''):
        where = self.m.file('tmp.' + name, f'To: {FRIEND}\n{head}\n' .encode() + text
                            if isinstance(text, bytes) else f'To: {FRIEND}\n{head}\n{text}')
        os.rename(where, f'{self.m.folder}/outgoing/{name}')

    def incoming(self):
        got = []
        for name in sorted(glob.glob(self.m.folder + '/incoming/*')):
            with open(name, encoding='utf-8', errors='replace', newline='') as f:
                head, _, text = f.read().partition('\n\n')
            got.append((head, text))
        return got


@case('smstools', [R663, R74, M1306B, FXT], [R74], speed='max', user=NOBODY)
def out_and_in(m):
    with Smsd(m) as smsd:
        texts = [f'message {i}' for i in range(COUNT)]
        for i, text in enumerate(texts):
            smsd.put(f'm{i:03d}', text, 'Report: yes\n')
        until('all sent', lambda: len(m.outbox()) >= COUNT, 600)
        equal(sorted(o['text'] for o in m.outbox()), sorted(texts), 'outbox')
        for i in range(COUNT):
            m.sms('+' + FRIEND, f'in {i}')
            until('its reading', lambda: m.state()['messages']['SM']['used'] < 15, 300)
        until('all read', lambda: len([1 for _, t in smsd.incoming() if t.startswith('in ')])
              >= COUNT, 600)
        equal(sorted(t for _, t in smsd.incoming() if t.startswith('in ')),
              sorted(f'in {i}' for i in range(COUNT)), 'incoming')
        equal(os.listdir(m.folder + '/failed'), [], 'failed')
    m.did(f'{COUNT} out, {COUNT} in')


@case('smstools', [R663, R74, M1306B, FXT], [R74], speed='max')
def long_messages(m):
    # It takes the currency sign for the euro sign, as in ISO 8859-15.
    alphabet = (GSM7 + EXTENSION).replace('\r', '').replace('\n', ' ').replace('¤', '')
    with Smsd(m) as smsd:
        smsd.put('alphabet', alphabet, 'Alphabet: UTF-8\n')
        got = m.has_sent(1)[0]
        equal((got['text'], got['alphabet']), (alphabet, 'gsm7'), 'alphabet')
        smsd.put('ten', TEN_PARTS.encode('utf-16-be'), 'Alphabet: UCS2\n')
        got = m.has_sent(2)[-1]
        equal((got['text'], got['alphabet']), (TEN_PARTS, 'ucs2'), 'ten parts')
        m.sms('+' + FRIEND, alphabet)
        m.sms('+' + FRIEND, TEN_PARTS)
        # Its UTF-8 leaves emoji out.
        until('both in the files', lambda: {alphabet, TEN_PARTS.replace('😀', '')} <=
              {t for _, t in smsd.incoming()}, 40)
    m.did('the whole alphabet, ten parts with emoji, both ways (its UTF-8 files leave emoji out)')


@case('smstools', [R74], [], speed='10')
def status_reports(m):
    with Smsd(m) as smsd:
        smsd.put('one', 'with a report', 'Report: yes\n')
        m.has_sent(1)
        until('a report', lambda: os.listdir(m.folder + '/report'), 300)
    m.did('status reports')


@case('smstools', [R74 + '-pin'], [], speed='10')
def enters_the_pin(m):
    with Smsd(m, 'pin = 1234') as smsd:
        m.wait('sim.state=ready', seconds=300)
        smsd.put('one', 'open')
        equal(m.has_sent(1)[0]['text'], 'open', 'outbox')
    m.did('PIN')


@case('smstools', [R74], [], speed='10')
def port_away_and_back(m):
    with Smsd(m) as smsd:
        smsd.put('one', 'before')
        until('it knows that', lambda: os.path.exists(m.folder + '/sent/one'))
        m.stop()
        m.sent.clear()
        smsd.put('two', 'after')
        until('it notices', lambda: "Couldn't open" in smsd.log(), 300)
        m.start()
        equal(until('the second', m.outbox, 600)[0]['text'], 'after', 'outbox')
    m.did('the port goes and comes back')
