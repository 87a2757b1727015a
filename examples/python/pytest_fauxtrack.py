"""A Wavecom Fastrack for pytest: the fixture `fauxtrack`. Needs only Python's standard library.

    pytest_plugins = ['pytest_fauxtrack']          # in conftest.py; PYTHONPATH must have this folder

    def test_a_message_is_read(fauxtrack):
        modem = fauxtrack(profile='fastrack-supreme-20-r663')   # options of `fauxtrack run`
        my_tool(modem.port)
        modem.ctl('sms', **{'from': '+1555', 'text': 'hi'})
        modem.wait('event=urc:+CMTI')       # until the modem reports it; counts from that ctl()
        assert modem.state('registration.state') == 'home'

wait() also counts what has happened since the last ctl(), so a test cannot come too late for it.
`fauxtrack list events` explains each event: event=sms is a message that the modem has sent.

The report of a failed test shows the bytes at the port. The emulator ends when pytest ends, even
if pytest is killed. $FAUXTRACK names the program; without it `fauxtrack` from PATH runs.
"""
import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile

import pytest

PROGRAM = os.environ.get('FAUXTRACK', 'fauxtrack')
TRACE_LINES = 60  # in the report of a failure


class Refused(Exception):
    """The emulator has refused a request: its message, and the remedy."""

    def __init__(self, status, error):
        super().__init__(f'{error.get("message", error)}; {error.get("remedy", "")}')
        self.status = status


class _Connection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__('localhost', timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Fauxtrack:
    """One emulator with one modem; `port` is the path of the modem's port."""

    def __init__(self, *args, **options):
        """`args` are arguments of `fauxtrack run`, `options` its long options: speed='max', sync=True;
        a list for an option that may be repeated: set=['sim.pin=1234']."""
        self.since = -1  # id of the last event before the last ctl()
        self.folder = tempfile.mkdtemp(prefix='fauxtrack-')
        self.socket = os.path.join(self.folder, 'control')
        self.errors = open(os.path.join(self.folder, 'stderr'), 'w+', encoding='utf-8')
        self.process = subprocess.Popen(
            [PROGRAM, 'run', '--control', self.socket, '--exit-with-parent',
             '--parent', str(os.getpid()), *args, *self._words(options)],
            stdout=subprocess.PIPE, stderr=self.errors, text=True)
        self.port = self.process.stdout.readline().rstrip('\n')
        if not self.port:
            self.process.wait()
            said = self._said()
            self.close()
            raise RuntimeError(f'{PROGRAM} run has not started:\n{said}')

    @staticmethod
    def _words(options):
        for name, value in options.items():
            for one in value if isinstance(value, (list, tuple)) else [value]:
                yield f'--{name}'
                if one is not True:
                    yield str(one)

    def _said(self):
        self.errors.seek(0)
        return self.errors.read()

    def ask(self, method, path, body=None, timeout=60):
        """Sends a request to the control interface, below /v1/modems/1; returns the answer."""
        connection = _Connection(self.socket, timeout)
        connection.request(method, '/v1/modems/1' + path, body and json.dumps(body),
                           {'Content-Type': 'application/json'})
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        is_json = reply.getheader('Content-Type') == 'application/json'
        answer = json.loads(text) if is_json else text
        if reply.status != 200:
            raise Refused(reply.status, answer['error'] if is_json else {'message': text})
        return answer

    def ctl(self, action, **arguments):
        """Acts on the modem: ctl('ring', **{'from': '+1555'}), ctl('sim', to='removed').
        `fauxtrack list actions` lists all actions. The next wait() counts from here. Returns the id
        of the last event before the action, for wait(since=...) and events(since=...)."""
        self.since = self.ask('POST', f'/actions/{action}', arguments or {})['events_from']
        return self.since

    def state(self, path=None):
        """The modem's state: all of it, or one value by its path: registration.state."""
        found = self.ask('GET', '')['state']
        for key in path.split('.') if path else []:
            found = found[int(key) if isinstance(found, list) else key]
        return found

    def wait(self, *conditions, timeout='10s', since=None):
        """Waits until all conditions hold: 'registered', 'sim.state=ready', 'event=sms', 'at=+CMTI'.
        Events and bytes count if they came after the last ctl() or clock(), or after the event with
        the id `since`; since=-1: from now on. `timeout` is in real time."""
        body = {'for': conditions, 'timeout': timeout, 'since': self.since if since is None else since}
        if since is None:
            body['skip_forgotten'] = True
        self.ask('POST', '/wait', body, 86400)

    def clock(self, do, **more):
        """Changes virtual time: clock('step', by='1h'), clock('scale', to=10), clock('freeze')."""
        self.since = self.ask('POST', '/clock', {'do': do, **more})['events_from']

    def events(self, since=0, timeout=1):
        """Yields the events after the id `since` as they happen: dicts with id, at, event, text,
        value. Ends when no event has come for `timeout` seconds."""
        connection = _Connection(self.socket, timeout)
        connection.request('GET', f'/v1/modems/1/events?since={since}')
        try:
            for line in connection.getresponse():
                if line.startswith(b'data: '):
                    yield json.loads(line[6:])
        except TimeoutError:
            pass
        finally:
            connection.close()

    def outbox(self):
        """The messages that the modem has sent, oldest first."""
        return self.ask('GET', '/outbox')['messages']

    def trace(self, lines=TRACE_LINES):
        """The last lines of the trace: the bytes at the port, and the events."""
        return self.ask('GET', f'/trace?last={lines}')

    def report(self):
        """For the report of a failure: the end of the trace, or how the emulator has ended."""
        if self.process.poll() is None:
            return self.trace() + self._said()
        return f'the emulator has ended with status {self.process.returncode}\n' + self._said()

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
        self.process.stdout.close()
        self.errors.close()
        shutil.rmtree(self.folder)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.when == 'call' and report.failed:
        for number, modem in enumerate(getattr(item, 'fauxtracks', []), 1):
            report.sections.append((f'fauxtrack {number}: {modem.port}', modem.report()))


@pytest.fixture
def fauxtrack(request):
    """A factory: each call starts an emulator, which is stopped at the end of the test."""
    request.node.fauxtracks = started = []

    def start(*args, **options):
        started.append(Fauxtrack(*args, **options))
        return started[-1]

    yield start
    for modem in started:
        modem.close()
