# What the tests of real tools share: a modem, the hand from outside, a tool that is run as its
# manual says, TAP, and lines for the table. Nothing here sleeps: what takes time is polled.
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
import threading
import time
import traceback

import golden

DEADLINE = 60.0  # seconds for any one thing: the machine may be busy
NOBODY = 65534
R663, R74 = 'fastrack-supreme-20-r663', 'fastrack-supreme-20-r74'
M1306B, FXT = 'm1306b-r657', 'fxt009-r7474'
HERE = os.path.dirname(os.path.abspath(__file__))
FULL = os.environ.get('FAUXTRACK_TESTS') == 'full'
PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else None

# Every character of the GSM alphabet and of its extension, but for the escape itself and the
# form feed, which no text file of a tool keeps.
GSM7 = ('@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?'
        '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà')
EXTENSION = '^{}\\[~]|€'
# Ten parts of 67 UTF-16 units each, an emoji across the end of each.
TEN_PARTS = ''.join(f'Часть {i} из десяти: ' + 'ж' * (66 - 19 - len(str(i)) + 1 - 1) + '😀'
                    for i in range(1, 11))


class Skip(Exception):
    pass


def until(what, condition, seconds=DEADLINE):
    """Polls until condition() gives something true; that is the result."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        got = condition()
        if got:
            return got
        select.select([], [], [], 0.02)
    raise AssertionError(f'{what}: not within {seconds:.0f} s')


def equal(got, want, what):
    assert got == want, f'{what}: {got!r} where {want!r} was expected'


def holds(pattern, text, what):
    """The pattern is in the text; gives the match."""
    found = re.search(pattern, text, re.M)
    assert found, f'{what}: no {pattern!r} in {text!r}'
    return found


def as_user(user):
    """Arguments of Popen."""
    if user is None or os.getuid() != 0:
        return {}
    return {'user': user, 'group': user, 'extra_groups': []}


class Control(http.client.HTTPConnection):
    """HTTP by a Unix socket."""

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
        assert self.status == 0, f'{what}: {self.status}, it said:\n{self.out}'
        return self


class Modem:
    """`fauxtrack run`, with a folder for what the tool needs, `folder`, its port, `path`."""

    def __init__(self, profile, speed='10', sets=(), user=None, args=()):
        self.profile, self.user = profile, user
        self.speed = os.environ.get('FAUXTRACK_SPEED') or speed
        if 'FAUXTRACK_GOLDEN' in os.environ and speed == '10':
            self.speed = '1'  # a scenario is played at the modem's own times
        self.sets, self.args = sets, args
        self.folder = tempfile.mkdtemp(prefix='fauxtrack-client.')
        os.chmod(self.folder, 0o777)
        # A path that stays the same when the modem goes and comes back.
        self.path = os.path.join(self.folder, 'modem')
        self.traces, self.told, self.sent, self.acts = [], [], {}, []
        self.meant = set()  # lines that the test itself wants to be refused
        self.process = None
        self.start()

    def start(self):
        """The modem is there, as it was left."""
        run = len(self.traces)
        self.traces.append(os.path.join(self.folder, f'trace.{run}'))
        self.socket = os.path.join(self.folder, f'control.{run}')
        command = [PROGRAM, 'run', '--profile', self.profile, '--speed', self.speed,
                   '--trace', self.traces[-1], '--control', self.socket, '--link', self.path,
                   '--state', os.path.join(self.folder, 'state'), '--mode', '0666']
        for pair in self.sets:
            command += ['--set', pair]
        self.errors = open(os.path.join(self.folder, 'errors'), 'ab')
        self.process = subprocess.Popen([*command, *self.args], stdout=subprocess.PIPE,
                                        stderr=self.errors)
        self.pts = self.process.stdout.readline().decode().strip()
        assert self.pts, 'no start: ' + self.complaints()

    def complaints(self):
        with open(os.path.join(self.folder, 'errors'), encoding='utf-8', errors='replace') as f:
            return f.read()

    def stop(self):
        """The modem is gone, and its port with it."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(DEADLINE)
        self.process.stdout.close()
        self.errors.close()
        assert status == 0, f'the emulator ended with {status}: {self.complaints()}'

    def close(self, keep):
        try:
            self.stop()
        finally:
            if keep:
                print(f'# kept: {self.folder}')
            else:
                shutil.rmtree(self.folder, ignore_errors=True)

    # ---- the hand from outside

    def ask(self, method, path, body=None):
        c = Control(self.socket)
        try:
            c.request(method, '/v1/modems/1' + path, json.dumps(body) if body is not None else None,
                      {'Content-Type': 'application/json'})
            reply = c.getresponse()
            got = json.loads(reply.read())
            assert reply.status < 300, f'{method} {path} {body}: {reply.status} {got}'
            return got
        finally:
            c.close()

    def state(self):
        return self.ask('GET', '')['state']

    def act(self, name, *value, **args):
        self.acts.append((name, value[0] if value else args))
        return self.ask('POST', f'/actions/{name}', value[0] if value else args)

    def sms(self, sender, text, **more):
        """Somebody sends the modem a message."""
        return self.act('sms', **{'from': sender, 'text': text}, **more)

    def wait(self, *conditions, since=None, seconds=DEADLINE):
        body = {'for': list(conditions), 'timeout': f'{int(seconds)}s'}
        if since is not None:
            body['since'] = since
        return self.ask('POST', '/wait', body)

    def outbox(self):
        """All messages that the modem has sent, also those that it has forgotten since."""
        for one in self.ask('GET', '/outbox')['messages']:
            self.sent[one['id']] = one
        return [self.sent[i] for i in sorted(self.sent)]

    def has_sent(self, count):
        """Waits until it has sent so many, and they have found their end."""
        def enough():
            got = self.outbox()
            return len(got) >= count and all(
                o['result'] != 'pending' and o['parts'] >= o['total'] for o in got) and got
        return until(f'{count} messages in the outbox', enough)

    # ---- the tool

    def file(self, name, text):
        """A file of the tool's."""
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb' if isinstance(text, bytes) else 'w', **(
                {} if isinstance(text, bytes) else {'encoding': 'utf-8', 'newline': ''})) as f:
            f.write(text)
        os.chmod(path, 0o666)
        return path

    def environment(self):
        # Sanitizers of the emulator do not matter to tools; HOME is where they look for files.
        env = {'PATH': '/usr/bin:/bin:/usr/sbin:/sbin', 'LC_ALL': 'C.UTF-8', 'LANG': 'C.UTF-8',
               'HOME': self.folder, 'TERM': 'dumb', 'PYTHONDONTWRITEBYTECODE': '1'}
        return env

    def start_tool(self, argv, **more):
        """A tool that runs in the background; the caller ends it with end_tool()."""
        return subprocess.Popen([str(a) for a in argv], cwd=self.folder, env=self.environment(),
                                **as_user(self.user), **more)

    @staticmethod
    def end_tool(process):
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError('the tool does not end when told') from None

    def run(self, *argv, data=None, seconds=3 * DEADLINE):
        """Runs a tool to its end."""
        with self.start_tool(argv, stdin=subprocess.PIPE if data is not None else
                             subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT) as process:
            try:
                out = process.communicate(data.encode() if isinstance(data, str) else data,
                                          seconds)[0]
            except subprocess.TimeoutExpired:
                process.kill()
                out = process.communicate()[0]
                raise AssertionError(f'{argv[0]} hangs; it said: '
                                     f'{out.decode(errors="replace")}') from None
            return Done(process.returncode, out.decode(errors='replace'))

    def did(self, *what):
        """What the table tells of this case."""
        self.told += what


def talk(m, *lines):
    """What somebody types before the tool comes: lines that are answered with OK."""
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


# ---- what was refused

def refused(traces):
    """[(line, result)] of the commands that were answered with an error."""
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
    """refused.txt: a pattern of lines, then why the metal refuses them too."""
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
    assert not unknown, 'refused, and refused.txt does not say why: ' + '; '.join(unknown)
    return seen


# ---- cases

CASES = []


class Case:
    """`judged`: what is refused must stand in refused.txt."""

    def __init__(self, tool, work, profiles, core, options, judged=True):
        self.tool, self.work, self.profiles, self.core = tool, work, profiles, core
        self.options, self.judged = options, judged
        self.name = work.__name__.replace('_', ' ')


def case(tool, profiles=(R74,), core=(), **options):
    """A case runs on each of its profiles, in `./check` only on those of `core`. Options are
    those of Modem."""
    def add(work):
        CASES.append(Case(tool, work, profiles, core, options))
        return work
    return add


# An option of cases: 0458783788, who says `login: ` in data calls, calls nobody back.
NO_CALL_BACK = ['network.calls.subscribers.19.calls_back=0s']
VERSIONS = {}  # functions for tools that are no Debian package


def version(tool):
    """Of the Debian package; nothing where it is not installed."""
    if tool in VERSIONS:
        return VERSIONS[tool]()
    got = subprocess.run(['dpkg-query', '-W', '-f', '${Version}', tool], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, check=False)
    return got.stdout.decode()


def one(what, profile):
    """Runs one case on one profile: (TAP words, notes, the line for the table)."""
    result, notes, modem = 'ok', [], None
    began = time.monotonic()
    try:
        if not version(what.tool):
            raise Skip(f'{what.tool} is not installed')
        modem = Modem(profile, **what.options)
        what.work(modem)
        if what.judged:
            notes += [f'{line}: {why}' for line, why in judge_refusals(modem).items()]
        if 'FAUXTRACK_GOLDEN' in os.environ:
            golden.keep(os.environ['FAUXTRACK_GOLDEN'], what, modem, version(what.tool))
    except Skip as e:
        result = f'skip {e}'
    except BaseException:
        result = 'failed'
        notes += traceback.format_exc().split('\n')
    if modem:
        try:
            modem.close(keep=result == 'failed' and 'FAUXTRACK_KEEP' in os.environ)
        except BaseException:
            result = 'failed'
            notes += traceback.format_exc().split('\n')
    row = {'tool': what.tool, 'version': version(what.tool), 'case': what.name,
           'profile': profile, 'did': modem.told if modem else [], 'result': result,
           'seconds': round(time.monotonic() - began, 1)}
    return result, notes, row


def main(at_once=12):
    wanted = sys.argv[2:]
    jobs = [(c, p) for c in CASES for p in (c.profiles if FULL or wanted else c.core)
            if not wanted or c.tool in wanted or c.work.__name__ in wanted]
    if wanted and any(w in p for w in wanted for p in (R663, R74, M1306B, FXT)):
        jobs = [(c, p) for c in CASES for p in c.profiles if p in wanted and
                (c.tool in wanted or c.work.__name__ in wanted)]
    print(f'1..{len(jobs)}', flush=True)
    bad, lock = 0, threading.Lock()
    table = os.environ.get('FAUXTRACK_CLIENTS')
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        todo = {pool.submit(one, *job): job for job in jobs}
        for i, future in enumerate(concurrent.futures.as_completed(todo), 1):
            what, profile = todo[future]
            result, notes, row = future.result()
            with lock:
                for note in notes:
                    print(f'# {note}')
                words = f'{what.tool}: {what.name}, {profile}, {row["seconds"]} s'
                if result.startswith('skip'):
                    print(f'ok {i} - {words} # SKIP {result[5:]}', flush=True)
                else:
                    bad += result != 'ok'
                    print(f'{"ok" if result == "ok" else "not ok"} {i} - {words}', flush=True)
                if table:
                    with open(table, 'a', encoding='utf-8') as f:
                        f.write(json.dumps(row, ensure_ascii=False) + '\n')
    sys.exit(bad > 0)
