# npm serialport with its parsers, at the version fixed by serialport/package-lock.json, with
# Debian's Node.js. Only in `./check full`: npm downloads many packages from its registry.
import tempfile
import threading

from clienttest import *  # noqa: F403
import clienttest

ALL = [R663, R74, M1306B, FXT]
SOURCE = os.path.join(HERE, 'serialport')


class Installed:
    """One `npm ci` for all cases of this run."""

    lock = threading.Lock()
    folder = None

    @classmethod
    def path(cls):
        with cls.lock:
            if not cls.folder:
                cls.folder = tempfile.TemporaryDirectory(prefix='fauxtrack-npm.')
                path = cls.folder.name
                for name in os.listdir(SOURCE):
                    shutil.copy(os.path.join(SOURCE, name), path)
                # The package has prebuilt binaries, so no install script has to run.
                done = subprocess.run(
                    ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], cwd=path,
                    env={'PATH': os.environ['PATH'], 'HOME': path}, stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT, check=False, timeout=600)
                subprocess.run(['chmod', '-R', 'a+rX', path], check=True)
                cls.result = Done(done.returncode, done.stdout.decode(errors='replace'))
        cls.result.good('npm ci')
        return cls.folder.name


def serialport_version():
    if not shutil.which('npm') or not shutil.which('node'):
        return ''
    with open(os.path.join(SOURCE, 'package.json'), encoding='utf-8') as f:
        return json.load(f)['dependencies']['serialport']


clienttest.VERSIONS['serialport'] = serialport_version


def start(m, name):
    return m.start_tool(['node', Installed.path() + '/dialogue.js', m.path, name],
                        stdout=subprocess.PIPE)


def dialogue(m, name):
    with start(m, name) as process:
        out = process.stdout.read()
    equal(process.returncode, 0, f'status of {name}')
    m.wait('closed')
    return json.loads(out)


@case('serialport', ALL, user=NOBODY)
def npm_lines(m):
    told = m.state()
    got = dialogue(m, 'lines')
    equal(got['echo'], ['ATE0\r', 'OK'], 'ATE0')
    equal(got['revision'], [told['firmware']['revision'], 'OK'], 'Readline')
    equal(got['creg'], ['OK', '+CREG: 1'], 'an unsolicited line')
    equal(got['csq'], [f'\r\n+CSQ: {told["registration"]["rssi"]},0'], 'Delimiter')
    equal(got['cops'], ['+COPS', '0', '2', told['registration']['plmn'], 'OK'], 'Regex')
    m.did('Readline, Delimiter and Regex parsers')


@case('serialport', ALL, user=NOBODY)
def npm_message(m):
    with start(m, 'message') as process:
        equal(process.stdout.readline(), b'ready\n', 'sent')
        m.sms('+33698765432', 'to node')
        got = json.loads(process.stdout.read())
    equal(process.returncode, 0, 'status')
    holds(r'^from node(\x1a)?$', got['sent'][0], 'echo')
    equal(got['sent'][1:], ['+CMGS: 0', 'OK'], 'sent')
    holds(r'\+CMGR: "REC UNREAD","\+33698765432",', got['read'][1], 'header')
    equal(got['read'][2:], ['to node', 'OK'], 'text')
    equal([(o['text'], o['to']) for o in m.has_sent(1)], [('from node', '+33612345678')], 'outbox')
    m.wait('closed')
    equal(m.state()['messages']['SM']['used'], 0, 'messages left')
    m.did('message out and in')


@case('serialport', ALL, user=NOBODY)
def npm_call(m):
    got = dialogue(m, 'call')
    equal(got['connect'][-1], 'CONNECT 9600', 'call')
    equal((got['bytes'], got['quiet']), (True, ['x']), 'data')
    equal(got['escaped'], ['+++\r\nOK\r\n'], 'escape')
    equal(got['hung'][-1], 'OK', 'ATH')
    equal((m.state()['in_call'], m.state()['boots']), (False, 2), 'call, boots')
    m.did('Ready, Byte Length and Inter Byte Timeout parsers; a data call')


@case('serialport', ALL, user=NOBODY, sets=['device.line.garbles=true'])
def npm_port(m):
    got = dialogue(m, 'port')
    holds('Cannot lock port', got['second'], 'a second one')
    # A pty does not have modem lines.
    holds('Inappropriate ioctl for device', got['get'], 'get')
    holds('Inappropriate ioctl for device', got['set'], 'set')
    equal([got[k] for k in ('drain', 'flush', 'update', 'close')], ['done'] * 4, 'port')
    equal(got['rate'][-2:], ['+IPR: 9600', 'OK'], 'speed')
    equal(got['again'][-1], 'OK', 'opened again')
    m.did('lock, update, drain, flush')
