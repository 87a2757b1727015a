# gammu-smsd, with files and with SQLite, as its manual says: messages out and in, reports, and
# a modem that restarts in the middle.
import glob
import sqlite3

from clienttest import *  # noqa: F403

FRIEND = '+33612345678'
COUNT = 100 if FULL else 8


def configuration(m, service, report='sms'):
    for box in ('inbox', 'outbox', 'sent', 'error'):
        os.makedirs(os.path.join(m.folder, box), exist_ok=True)
        os.chmod(os.path.join(m.folder, box), 0o777)
    return m.file('smsdrc', f'''[gammu]
device = {m.path}
connection = at115200
synchronizetime = no

[smsd]
{service}
checksecurity = 0
hangupcalls = 0
commtimeout = 1
sendtimeout = 60
loopsleep = 1
statusfrequency = 0
deliveryreport = {report}
logfile = {m.folder}/log
debuglevel = 255
''')


def files(m):
    return configuration(m, f'''service = files
inboxpath = {m.folder}/inbox/
outboxpath = {m.folder}/outbox/
sentsmspath = {m.folder}/sent/
errorsmspath = {m.folder}/error/
inboxformat = unicode
outboxformat = unicode
transmitformat = auto''')


def inbox(m):
    got = []
    for name in sorted(glob.glob(m.folder + '/inbox/*.txt')):
        with open(name, 'rb') as f:
            raw = f.read()
        got.append(raw.decode('utf-16' if raw[:2] in (b'\xff\xfe', b'\xfe\xff') else 'utf-8')
                   .rstrip('\0'))
    return got


def log(m):
    try:
        with open(m.folder + '/log', encoding='utf-8', errors='replace') as f:
            return f.read()[-3000:]
    except FileNotFoundError:
        return 'no log'


def put(m, number, text):
    """Under another name first: it looks into the folder all the time."""
    name = m.file(f'tmp{number}', text.encode('utf-16'))
    os.rename(name, f'{m.folder}/outbox/OUTC20100101_{number:06d}_00_{FRIEND}_note.txtd')


@case('gammu-smsd', [R663, R74, M1306B, FXT], [R74], speed='max', user=NOBODY)
def files_out_and_in(m):
    talk(m, 'AT+CMEE=1', 'AT+CSCS="HEX"', 'AT&W')
    daemon = m.start_tool(['gammu-smsd', '-c', files(m)], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL)
    try:
        texts = [f'Nachricht {i} mit ü' for i in range(COUNT)]
        for i, text in enumerate(texts):
            put(m, i, text)
        for i in range(COUNT // 2):
            m.sms(FRIEND, f'in {i} €')
            until('its reading', lambda: m.state()['messages']['SM']['used'] < 15)
            m.outbox()
        got = until(f'all sent ({log(m)})', lambda: len(m.outbox()) >= COUNT and m.outbox(), 600)
        equal(sorted(o['text'] for o in got), sorted(texts), 'outbox')
        assert all(o['report_asked'] for o in got), 'reports'
        for i in range(COUNT // 2, COUNT):
            m.sms(FRIEND, f'in {i} €')
            until('its reading', lambda: m.state()['messages']['SM']['used'] < 15)
        until('all read', lambda: sum('in ' in t for t in inbox(m)) >= COUNT, 600)
        equal(sorted(t for t in inbox(m) if t.startswith('in ')),
              sorted(f'in {i} €' for i in range(COUNT)), 'inbox')
        equal(os.listdir(m.folder + '/error'), [], 'errors')
    except AssertionError as e:
        raise AssertionError(f'{e}\n{log(m)}') from None
    finally:
        m.end_tool(daemon)
    m.did(f'files: {COUNT} out, {COUNT} in, reports asked')


@case('gammu-smsd', [R74], [], speed='10')
def restart_in_the_middle(m):
    talk(m, 'AT+CMEE=1', 'AT+CSCS="HEX"', 'AT&W')
    daemon = m.start_tool(['gammu-smsd', '-c', files(m)], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL)
    try:
        for i in range(10):
            put(m, i, f'number {i}')
            if i == 4:
                until('three messages', lambda: len(m.outbox()) >= 3, 300)
                m.act('reset')
        until('all sent', lambda: len({o['text'] for o in m.outbox()}) >= 10, 600)
        equal(sorted({o['text'] for o in m.outbox()}), [f'number {i}' for i in range(10)], 'sent')
    except AssertionError as e:
        raise AssertionError(f'{e}\n{log(m)}') from None
    finally:
        m.end_tool(daemon)
    m.did('a reset in the middle: all messages are sent')


@case('gammu-smsd', [R74], [], speed='max')
def sqlite(m):
    """Without reports: with libdbi it looks for the messages of reports for ever."""
    talk(m, 'AT+CMEE=1', 'AT+CSCS="HEX"', 'AT&W')
    name = m.folder + '/smsd.db'
    db = sqlite3.connect(name, timeout=DEADLINE)
    with open('/usr/share/doc/gammu-smsd/examples/sqlite.sql', encoding='utf-8') as f:
        db.executescript(f.read())
    config = configuration(m, 'service = sql\ndriver = sqlite3\n'
                           f'dbdir = {m.folder}/\ndatabase = smsd.db', report='no')
    for i in range(5):
        m.run('gammu-smsd-inject', '-c', config, 'TEXT', FRIEND, '-text', f'row {i}').good()
    daemon = m.start_tool(['gammu-smsd', '-c', config], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL)
    try:
        m.sms(FRIEND, 'to the table')
        until('all sent', lambda: len(m.outbox()) >= 5, 600)
        equal(sorted(o['text'] for o in m.outbox()), [f'row {i}' for i in range(5)], 'outbox')
        until('a row of inbox', lambda: db.execute(
            "select count(*) from inbox where TextDecoded = 'to the table'").fetchone()[0] == 1, 300)
    except AssertionError as e:
        raise AssertionError(f'{e}\n{log(m)}') from None
    finally:
        m.end_tool(daemon)
        db.close()
    m.did('SQLite: out, in')
