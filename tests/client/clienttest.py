# Shared by the tests of real tools: a modem, its control interface, a tool run as its manual
# says, TAP, and rows for the table. Nothing here sleeps: waiting is polling.
import concurrent.futures
import http.client
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

import golden
import table

DEADLINE = 60.0  # seconds for any single thing: the machine may be busy
NOBODY, GROUP = 65534, 'dialout'
# Virtual seconds per real second: the speed of a case on all profiles unless it says otherwise, and
# the speeds at which each case is also tried.
USUAL, SPEEDS = '10', table.SPEEDS
R663, R74 = 'fastrack-supreme-20-r663', 'fastrack-supreme-20-r74'
M1306B, FXT = 'm1306b-r657', 'fxt009-r7474'
HERE = os.path.dirname(os.path.abspath(__file__))
FULL = os.environ.get('FAUXTRACK_TESTS') == 'full'
# For work that takes minutes; in real time gammu waits two minutes for answers lost to AT+CFUN=1.
LONG = DEADLINE * (25 if FULL or 'FAUXTRACK_SPEED' in os.environ else 3)
STARTED = []  # all processes that were started
PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else None

# Every character of the GSM alphabet in order, except the escape, and of its extension.
GSM7 = ('@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?'
        '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà')
EXTENSION = dict(zip('\f^{}\\[~]|€', b'\x0a\x14\x28\x29\x2f\x3c\x3d\x3e\x40\x65'))
ALPHABET = GSM7 + ''.join(EXTENSION)
# Ten parts of 67 UTF-16 units each; an emoji crosses the end of each part.
TEN_PARTS = ''.join(f'Часть {i} из десяти: ' + 'ж' * (66 - 19 - len(str(i)) + 1 - 1) + '😀'
                    for i in range(1, 11))
# A binary message to a port, as for WAP push (23.040, 9.2.3.24.4): every byte above 127, some below.
PORT_HEADER = bytes.fromhex('0605040b8423f0')
PORT_DATA = bytes(range(128, 256)) + b'\0\1\r\n\x1a'


def deliver(first, scheme, length, data):
    """The hex digits of a message from +33612345678, with its service centre (23.040, 9.2.2.1)."""
    return (f'07913306091093F0{first}0B913316325476F800{scheme}01101021000000{length:02X}' +
            data.hex().upper())


def alphabet_deliver():
    """All of ALPHABET in one message, packed (23.038, 6.1.2.1)."""
    septets = []
    for c in ALPHABET:
        if c in EXTENSION:
            septets += [0x1b, EXTENSION[c]]
        else:
            septets.append(GSM7.index(c) + (GSM7.index(c) >= 0x1b))
    bits = sum(s << 7 * i for i, s in enumerate(septets))
    return deliver('04', '00', len(septets), bits.to_bytes((7 * len(septets) + 7) // 8, 'little'))


# As hosts send it: with the longest validity period and without a status report.
PORT_SUBMIT = '51000B913316325476F80004FF8C' + (PORT_HEADER + PORT_DATA).hex().upper()
PORT_DELIVER = deliver('44', '04', 140, PORT_HEADER + PORT_DATA)


class Skip(Exception):
    pass


def until(what, condition, seconds=DEADLINE):
    """Polls until condition() returns something true, and returns that. Long waits poll less often:
    many cases wait at once, and most conditions ask the modem over HTTP."""
    end = time.monotonic() + seconds
    pause = 0.02
    while time.monotonic() < end:
        got = condition()
        if got:
            return got
        select.select([], [], [], pause)
        pause = min(pause * 1.2, 0.5)
    raise AssertionError(f'{what}: not within {seconds:.0f} s')


def equal(got, want, what):
    assert got == want, f'{what}: {got!r}, expected {want!r}'


def holds(pattern, text, what):
    """Asserts that the pattern is in the text; returns the match."""
    found = re.search(pattern, text, re.M)
    assert found, f'{what}: no {pattern!r} in {text!r}'
    return found


def as_user(user):
    """Arguments of Popen that run a tool as this user, in the group that may use the ports."""
    if user is None or os.getuid() != 0:
        return {}
    return {'user': user, 'group': user, 'extra_groups': [GROUP, 'dip']}


class Control(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path):
        super().__init__('localhost', timeout=2 * DEADLINE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(2 * DEADLINE)
        self.sock.connect(self.path)


class Done:
    def __init__(self, status, out):
        self.status, self.out = status, out

    def good(self, what='exit status'):
        assert self.status == 0, f'{what}: {self.status}, output:\n{self.out}'
        return self


class Modem:
    """`fauxtrack run`; `path` is its port, `folder` a folder for the tool's files."""

    how = 'run'
    number = 1  # among those of its process

    def __init__(self, profile, speed=USUAL, sets=(), user=NOBODY, args=(), bug=None, tried=False):
        """`tried`: this is an extra run at another speed than the case's usual one."""
        self.profile, self.user, self.outcome, self.tried = profile, user, None, tried
        self.speed = speed
        if speed == USUAL and not tried:
            self.speed = os.environ.get('FAUXTRACK_SPEED') or speed
        if 'FAUXTRACK_GOLDEN' in os.environ and speed == USUAL:
            self.speed = '1'  # a scenario is played at the modem's own speed
        self.sets, self.args = sets, [*args]
        if bug:
            self.args += ['--bug', bug]
        self.folder = tempfile.mkdtemp(prefix='fauxtrack-client.')
        os.chmod(self.folder, 0o777)
        self.args = [a.replace('{folder}', self.folder) for a in self.args]
        # This path stays the same when the modem stops and starts again.
        self.path = os.path.join(self.folder, 'modem')
        self.traces, self.told, self.sent, self.acts, self.help = [], [], {}, [], []
        self.meant = set()  # lines whose refusal the test expects
        self.process = None
        self.start()

    def start(self):
        """Starts the modem with the state in which it was stopped."""
        run = len(self.traces)
        self.traces.append(os.path.join(self.folder, f'trace.{run}'))
        self.socket = os.path.join(self.folder, f'control.{run}')
        command = [PROGRAM, self.how, '--profile', self.profile, '--speed', self.speed,
                   '--trace', self.traces[-1], '--control', self.socket, '--link', self.path,
                   '--state', os.path.join(self.folder, 'state')]
        if self.user is not None and os.getuid() == 0 and self.how == 'run':
            command += ['--mode', '0660', '--group', GROUP]
        for pair in self.sets:
            command += ['--set', pair]
        self.errors = open(os.path.join(self.folder, 'errors'), 'ab')
        self.process = self.begin([*command, *self.args])
        STARTED.append(self.process)
        self.pts = self.process.stdout.readline().decode().strip()
        assert self.pts, 'the emulator has not started: ' + self.complaints()
        self.unlock()

    def begin(self, command):
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.errors)

    def unlock(self):
        """Removes the lock file that a tool of root has left for a terminal of this name; others cannot."""
        lock = '/var/lock/LCK..' + self.pts.removeprefix('/dev/').replace('/', '_')
        if os.getuid() == 0 and os.path.exists(lock):
            os.unlink(lock)

    def complaints(self):
        with open(os.path.join(self.folder, 'errors'), encoding='utf-8', errors='replace') as f:
            return f.read()

    def stop(self):
        """Stops the modem; its port goes away too."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(DEADLINE)
        self.process.stdout.close()
        self.errors.close()
        assert status == 0, f'the emulator ended with status {status}: {self.complaints()}'

    def close(self, keep):
        try:
            self.stop()
        finally:
            if keep:
                print(f'# kept: {self.folder}')
            else:
                shutil.rmtree(self.folder, ignore_errors=True)

    # ---- the control interface

    def ask(self, method, path, body=None):
        c = Control(self.socket)
        try:
            c.request(method, f'/v1/modems/{self.number}{path}', json.dumps(body) if body is not None else None,
                      {'Content-Type': 'application/json'})
            reply = c.getresponse()
            got = json.loads(reply.read())
            assert reply.status < 300, f'{method} {path} {body}: {reply.status} {got}'
            return got
        finally:
            c.close()

    @property
    def maker(self):
        """What AT+CGMI answers; the FXT models were built after Sierra Wireless bought Wavecom."""
        return 'Sierra Wireless' if self.profile.startswith('fxt009') else ' WAVECOM MODEM'

    def state(self):
        return self.ask('GET', '')['state']

    def act(self, name, *value, **args):
        self.acts.append((name, value[0] if value else args))
        return self.ask('POST', f'/actions/{name}', value[0] if value else args)

    def clock(self, do, **more):
        """Changes virtual time: clock('scale', to=10), clock('step', by='1h'), clock('freeze')."""
        return self.ask('POST', '/clock', {'do': do, **more})

    def trace(self):
        """The trace since the modem's last start."""
        with open(self.traces[-1], encoding='utf-8', errors='replace') as f:
            return f.read()

    def sms(self, sender, text, **more):
        """Somebody sends the modem a message."""
        return self.act('sms', **{'from': sender, 'text': text}, **more)

    def wait(self, *conditions, since=None, seconds=DEADLINE):
        body = {'for': list(conditions), 'timeout': f'{int(seconds)}s'}
        if since is not None:
            body['since'] = since
        return self.ask('POST', '/wait', body)

    def outbox(self):
        """All messages that the modem has sent, including those it has forgotten since."""
        for one in self.ask('GET', '/outbox')['messages']:
            self.sent[one['id']] = one
        return [self.sent[i] for i in sorted(self.sent)]

    def has_sent(self, count):
        """Waits until the modem has sent so many messages completely, and each has a result."""
        def enough():
            got = self.outbox()
            return len(got) >= count and all(
                o['result'] != 'pending' and o['parts'] >= o['total'] for o in got) and got
        return until(f'{count} messages in the outbox', enough)

    # ---- the tool

    def file(self, name, text):
        """Writes a file for the tool; returns its path."""
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb' if isinstance(text, bytes) else 'w', **(
                {} if isinstance(text, bytes) else {'encoding': 'utf-8', 'newline': ''})) as f:
            f.write(text)
        os.chmod(path, 0o666)
        return path

    def environment(self):
        # The sanitizer options of the emulator are not for tools; HOME is where tools look for files.
        env = {'PATH': '/usr/bin:/bin:/usr/sbin:/sbin', 'LC_ALL': 'C.UTF-8', 'LANG': 'C.UTF-8',
               'HOME': self.folder, 'TERM': 'dumb', 'PYTHONDONTWRITEBYTECODE': '1'}
        return env

    def start_tool(self, argv, **more):
        """Starts a tool in the background; the caller stops it with end_tool()."""
        process = subprocess.Popen([str(a) for a in argv], cwd=self.folder,
                                   env=self.environment(), **as_user(self.user), **more)
        STARTED.append(process)
        return process

    @staticmethod
    def end_tool(process):
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError('the tool does not end on SIGTERM') from None

    def run(self, *argv, data=None, seconds=LONG):
        """Runs a tool until it ends."""
        with self.start_tool(argv, stdin=subprocess.PIPE if data is not None else
                             subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT) as process:
            try:
                out = process.communicate(data.encode() if isinstance(data, str) else data,
                                          seconds)[0]
            except subprocess.TimeoutExpired:
                process.kill()
                out = process.communicate()[0]
                raise AssertionError(f'{argv[0]} hangs; output: '
                                     f'{out.decode(errors="replace")}') from None
            return Done(process.returncode, out.decode(errors='replace'))

    def did(self, *what):
        """Adds to "what it did" in the table."""
        self.told += what

    def helped(self, *what):
        """Adds to the table what the case needs to pass at the modem's own speed."""
        self.help += [one for one in what if one not in self.help]

    def ends(self, how):
        """Sets the result in the table, if it is not just "passes"."""
        self.outcome = how


class Supervised(Modem):
    """`fauxtrack exec --lines`, all of it as the tool's user: its tools find modem lines."""

    how = 'exec'

    def begin(self, command):
        words = [*command, '--lines', '--', sys.executable, os.path.join(HERE, 'supervised.py')]
        return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
                                **as_user(self.user))

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            pass  # a tool still runs
        super().stop()

    def begin_tool(self, *argv, data=''):
        """Starts a tool; end_of_tool() waits for it. One at a time."""
        self.out = os.path.join(self.folder, 'out')
        job = {'argv': [str(a) for a in argv], 'data': data, 'out': self.out, 'folder': self.folder,
               'env': self.environment()}
        self.process.stdin.write(json.dumps(job).encode() + b'\n')
        self.process.stdin.flush()
        self.tool = int(self.process.stdout.readline())

    def said(self):
        """What the tool has printed so far."""
        try:
            with open(self.out, encoding='utf-8', errors='replace') as f:
                return f.read()
        except FileNotFoundError:
            return ''

    def end_of_tool(self, seconds=LONG):
        if not select.select([self.process.stdout], [], [], seconds)[0]:
            raise AssertionError(f'the tool hangs; output: {self.said()}')
        return Done(int(self.process.stdout.readline()), self.said())

    def kill_tool(self):
        """Ends a tool that does not end by itself."""
        try:
            os.kill(self.tool, signal.SIGTERM)
        except ProcessLookupError:
            pass  # it has, nevertheless
        self.end_of_tool()

    def run(self, *argv, data=None, seconds=LONG):
        self.begin_tool(*argv, data=data or '')
        return self.end_of_tool(seconds)


class Preloaded(Modem):
    """`fauxtrack run --lines`, and the preload library for the tools."""

    def __init__(self, *args, **options):
        super().__init__(*args, **{**options, 'args': ['--lines', *options.get('args', ())]})

    def environment(self):
        # not from the build folder, whose path may have a blank
        built = os.path.join(os.path.dirname(PROGRAM), 'pty', 'fauxtrack-lines.so')
        return {**super().environment(), 'LD_PRELOAD': shutil.copy(built, self.folder)}


class Daemon:
    """A tool that runs during the `with`; it logs to the file `log`, whose end is printed on a
    failure."""

    def __init__(self, m, *argv):
        self.m = m
        self.process = m.start_tool(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL)

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


def talk(m, *lines):
    """Types lines before the tool starts; each must be answered with OK."""
    fd = os.open(m.path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        for line in lines:
            os.write(fd, line.encode() + b'\r')
            heard = b''

            def answered():
                nonlocal heard
                try:
                    heard += os.read(fd, 4096)
                except BlockingIOError:
                    pass
                return heard.endswith((b'\r\nOK\r\n', b'ERROR\r\n'))
            until(f'answer to {line}', answered)
            assert heard.endswith(b'\r\nOK\r\n'), f'{line}: {heard!r}'
    finally:
        os.close(fd)
    m.wait('closed')


# ---- refused commands

def refused(traces):
    """[(line, result)] of the commands that the modem answered with an error."""
    found = []
    for name in traces:
        typed, lines, results = '', [(-1.0, '')], []
        with open(name, encoding='utf-8', errors='replace') as f:
            for row in f:
                kind, text = row[13:14], row[15:].rstrip('\n')
                if kind == '>':
                    parts = (typed + text).split('\\r')
                    typed = parts.pop()
                    lines += [(float(row[:12]), part) for part in parts]
                elif kind == '#' and text.startswith('result: ') and 'ERROR' in text:
                    results.append((float(row[:12]), text[8:]))
        for at, result in results:
            line = [t for when, t in lines if when <= at and t.strip()]
            found.append((line[-1] if line else '', result))
    return found


def allowed_refusals():
    """refused.txt: a pattern of lines, and why a real modem refuses them too."""
    with open(os.path.join(HERE, 'refused.txt'), encoding='utf-8') as f:
        rows = [line.rstrip('\n').split('\t') for line in f
                if line.strip() and not line.startswith('#')]
    return [(re.compile(row[0]), row[-1]) for row in rows]


def judge_refusals(modem):
    known = allowed_refusals()
    seen = {}
    for line, result in refused(modem.traces):
        line = re.sub('^.*<1[AB]>', '', line).strip()
        if line in modem.meant:
            continue
        why = [w for pattern, w in known if pattern.fullmatch(f'{line} -> {result}')]
        seen[f'{line} -> {result}'] = why[0] if why else None
    unknown = [line for line, why in seen.items() if not why]
    assert not unknown, 'refused, and not in refused.txt (add them with the reason): ' + '; '.join(unknown)
    return seen


# ---- cases

CASES = []


class Case:
    """`judged`: refused commands must be in refused.txt. `speeds`: the speeds it is also tried at."""

    def __init__(self, tool, work, profiles, core, options, judged=True):
        self.tool, self.work, self.profiles, self.core = tool, work, profiles, core
        self.options, self.bug = options, options.get('bug')
        self.speed = options.get('speed', USUAL)
        self.speeds = options.pop('speeds', () if self.bug else SPEEDS)
        self.judged = judged and not self.bug
        self.name = self.bug or work.__name__.replace('_', ' ')


    def tries(self):
        """[(profile, speed)] of the extra runs, at each speed that is not the usual one."""
        if 'FAUXTRACK_GOLDEN' in os.environ:
            return []
        on = R74 if R74 in self.profiles else self.profiles[0]
        return [(on, speed) for speed in self.speeds if speed != self.speed]


def case(tool, profiles=(R74,), core=(), **options):
    """A case runs on each of its profiles, in `./check` only on those of `core`; in full it is also
    tried at each of `speeds` on one profile. Other options go to Modem; a case with a field bug has
    the name of the bug."""
    def add(work):
        CASES.append(Case(tool, work, profiles, core, options))
        return work
    return add


def place_of(number):
    """The place of a number among the subscribers of networks/europe.yaml and americas.yaml."""
    with open(os.path.join(HERE, '..', '..', 'profiles', 'networks', 'europe.yaml'), encoding='utf-8') as f:
        subscribers = f.read().split('\ncalls:\n  subscribers:\n')[1]
    return re.findall(r'^    - .*number: "(\d+)"', subscribers, re.M).index(number)


# An option of cases: 0458783788, which sends `login: ` in data calls, does not call back.
NO_CALL_BACK = [f'network.calls.subscribers.{place_of("0458783788")}.calls_back=0s']
VERSIONS = {}  # functions for tools that are not Debian packages


def version(tool):
    """The version of the Debian package; '' if it is not installed."""
    if tool in VERSIONS:
        return VERSIONS[tool]()
    got = subprocess.run(['dpkg-query', '-W', '-f', '${db:Status-Status} ${Version}', tool],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    status, _, number = got.stdout.decode().partition(' ')
    return number if status == 'installed' else ''


def one(what, profile, speed=None):
    """Runs one case on one profile: (does it pass, notes, the row for the table). `speed`: an extra
    run at that speed."""
    result, notes, modem = table.PASSES, [], None
    began = time.monotonic()
    try:
        if not version(what.tool):
            raise Skip(f'{what.tool} is not installed')
        options = {**what.options, **({'speed': speed, 'tried': True} if speed else {})}
        modem = options.pop('kind', Modem)(profile, **options)
        what.work(modem)
        if what.judged:
            notes += [f'{line}: {why}' for line, why in judge_refusals(modem).items()]
        if 'FAUXTRACK_GOLDEN' in os.environ:
            golden.keep(os.environ['FAUXTRACK_GOLDEN'], what, modem, version(what.tool))
        result = modem.outcome or result
    except Skip as e:
        result = f'skip {e}'
    except BaseException:
        result = 'FAILS'
        notes += traceback.format_exc().split('\n')
    if modem:
        try:
            modem.close(keep=result == 'FAILS' and 'FAUXTRACK_KEEP' in os.environ)
        except BaseException:
            result = 'FAILS'
            notes += traceback.format_exc().split('\n')
    row = {'tool': what.tool, 'version': table.upstream(version(what.tool)), 'case': what.name,
           'profile': profile, 'did': modem.told if modem else [], 'result': result,
           'speed': speed or what.speed, 'tried': bool(speed), 'help': modem.help if modem else [],
           'seconds': round(time.monotonic() - began, 1)}
    return result != 'FAILS', notes, row


def choose(wanted):
    """[(case, profile, speed)] from the words of the command line: tools, cases, profiles, speeds.
    Speed is None for the usual one."""
    names = {p for c in CASES for p in c.profiles} & set(wanted)
    speeds = {*SPEEDS, USUAL} & set(wanted)
    words = [w for w in wanted if w not in names | speeds]
    for w in words:
        if not any(w in (c.tool, c.name, c.work.__name__) for c in CASES):
            sys.exit(f'test_tools.py: there is no tool, case, profile or speed "{w}"')
    jobs = []
    for c in CASES:
        if words and not any(w in (c.tool, c.name, c.work.__name__) for w in words):
            continue
        all_of_it = FULL or wanted
        jobs += [(c, p, None) for p in (c.profiles if all_of_it else c.core)
                 if not speeds or c.speed in speeds]
        jobs += [(c, *t) for t in c.tries() if all_of_it and (not speeds or t[1] in speeds)]
    return [job for job in jobs if not names or job[1] in names]


def judge_table(rows):
    """(do the committed tables agree with the results, notes)."""
    if os.environ.get('FAUXTRACK_CLIENTS') == 'write':
        table.write(CASES, rows)
    wrong = table.disagreements(CASES, rows)
    if wrong:
        wrong.append('the table of clients disagrees with this run: ./check clients writes it again')
    return not wrong, wrong + table.versions(rows)


def abandon(*_):
    """On a signal: kills all processes that the test has started, of a session of its own all."""
    for process in STARTED:
        if process.poll() is None:
            if os.getsid(process.pid) == process.pid:
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
    os._exit(1)


def main(at_once=12, tabled=False):
    """Runs the chosen cases. `tabled`: compares them with the table of clients."""
    wanted = sys.argv[2:]
    jobs = choose(wanted)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, abandon)
    print(f'1..{len(jobs) + tabled}', flush=True)
    bad, rows = 0, []

    def tell(number, good, words, notes, skip=''):
        nonlocal bad
        for note in notes:
            print(f'# {note}')
        bad += not good
        print(f'{"ok" if good else "not ok"} {number} - {words}' + skip, flush=True)

    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        todo = {pool.submit(one, *job): job for job in jobs}
        for number, future in enumerate(concurrent.futures.as_completed(todo), 1):
            good, notes, row = future.result()
            rows.append(row)
            at = f' at {row["speed"]}' if row['tried'] else ''
            words = f'{row["tool"]}: {row["case"]}, {row["profile"]}{at}, {row["seconds"]} s'
            if row['result'] not in (table.PASSES, 'FAILS'):
                words += ': ' + row['result']
            skip = row['result'][5:] if row['result'].startswith('skip') else ''
            tell(number, good, words, notes, skip and f' # SKIP {skip}')
    if tabled:
        good, notes = judge_table(rows)
        tell(len(jobs) + 1, good, 'the table of clients', notes)
    sys.exit(bad > 0)
