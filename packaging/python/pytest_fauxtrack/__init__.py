"""A Wavecom Fastrack for pytest: the fixture `fauxtrack`. Needs only pytest.

    def test_a_message_is_read(fauxtrack):
        modem = fauxtrack(profile='fastrack-supreme-20-r663')   # options of `fauxtrack run`
        my_tool(modem.port)
        modem.ctl('sms', **{'from': '+1555', 'text': 'hi'})
        modem.wait('event=urc:+CMTI')       # until the modem reports it; counts from that ctl()
        assert modem.state('registration.state') == 'home'

    @pytest.mark.fauxtrack_profile('fastrack-supreme-20-r74-pin', speed='max')
    def test_it_enters_the_pin(fauxtrack_modem):                # one modem, ready
        my_tool(fauxtrack_modem.port, pin='1234')

| fixture | what |
| --- | --- |
| fauxtrack | a factory: each call starts a modem, which ends with the test |
| fauxtrack_module | the same; its modems end with the last test of the file |
| fauxtrack_session | the same; its modems end with pytest (with each worker of pytest-xdist) |
| fauxtrack_modem | a modem of this test, as the marker says |

The marker fauxtrack_profile(PROFILE, **OPTIONS) gives what a factory is not given: to `fauxtrack` and `fauxtrack_modem` that of the
test, its class or its file (pytestmark), to `fauxtrack_module` that of the file. Without a marker the default profile applies.

wait() also counts what has happened since the last ctl(), so a test cannot come too late for it.
`fauxtrack list events` explains each event: event=sms is a message that the modem has sent.

The report of a failed test shows the bytes at the port of each modem that the test has used. The emulator ends when pytest ends, even
if pytest is killed. Workers of pytest-xdist share nothing: each has modems of its own.

--fauxtrack PROGRAM or $FAUXTRACK names the program; without them `fauxtrack` from PATH runs. Installed (Debian's
python3-pytest-fauxtrack), pytest finds the plugin by itself; else PYTHONPATH must have its folder, and conftest.py

    pytest_plugins = ['pytest_fauxtrack']
"""
import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile
from typing import Any, Dict, Generator, Iterator, List, Optional, Tuple

import pytest

TRACE_LINES = 60  # in the report of a failure
MARKER = 'fauxtrack_profile'


class Refused(Exception):
    """The emulator has refused a request: its message, and the remedy."""

    def __init__(self, status: int, error: Dict[str, Any]) -> None:
        super().__init__(f'{error.get("message", error)}; {error.get("remedy", "")}')
        self.status = status


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float) -> None:
        super().__init__('localhost', timeout=timeout)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Fauxtrack:
    """One emulator with one modem; `port` is the path of the modem's port."""

    def __init__(self, *args: str, program: Optional[str] = None, **options: Any) -> None:
        """`args` are arguments of `fauxtrack run`, `options` its long options: speed='max', sync=True;
        a list for an option that may be repeated: set=['sim.pin=1234']. An underscore stands for a
        hyphen: on_exit is --on-exit."""
        self.program = program or os.environ.get('FAUXTRACK') or 'fauxtrack'
        if not shutil.which(self.program):
            raise RuntimeError(f'{self.program} is no program; install the Debian package fauxtrack, or name the '
                               'program with --fauxtrack PROGRAM or $FAUXTRACK')
        self.since = -1  # id of the last event before the last ctl()
        self.folder = tempfile.mkdtemp(prefix='fauxtrack-')
        self.socket = os.path.join(self.folder, 'control')
        self.errors = open(os.path.join(self.folder, 'stderr'), 'w+', encoding='utf-8')
        self.process = subprocess.Popen(
            [self.program, 'run', '--control', self.socket, '--exit-with-parent',
             '--parent', str(os.getpid()), *args, *self._words(options)],
            stdout=subprocess.PIPE, stderr=self.errors, text=True)
        self.port = self.process.stdout.readline().rstrip('\n')
        if not self.port:
            self.process.wait()
            said = self._said()
            self.close()
            raise RuntimeError(f'{self.program} run has not started:\n{said}')

    @staticmethod
    def _words(options: Dict[str, Any]) -> Iterator[str]:
        for name, value in options.items():
            for one in value if isinstance(value, (list, tuple)) else [value]:
                yield '--' + name.replace('_', '-')
                if one is not True:
                    yield str(one)

    def _said(self) -> str:
        self.errors.seek(0)
        return self.errors.read()

    def ask(self, method: str, path: str, body: Optional[Dict[str, Any]] = None, timeout: float = 60) -> Any:
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

    def ctl(self, action: str, **arguments: Any) -> int:
        """Acts on the modem: ctl('ring', **{'from': '+1555'}), ctl('sim', to='removed').
        `fauxtrack list actions` lists all actions. The next wait() counts from here. Returns the id
        of the last event before the action, for wait(since=...) and events(since=...)."""
        self.since = self.ask('POST', f'/actions/{action}', arguments or {})['events_from']
        return self.since

    def state(self, path: Optional[str] = None) -> Any:
        """The modem's state: all of it, or one value by its path: registration.state."""
        found = self.ask('GET', '')['state']
        for key in path.split('.') if path else []:
            found = found[int(key) if isinstance(found, list) else key]
        return found

    def wait(self, *conditions: str, timeout: str = '10s', since: Optional[int] = None) -> None:
        """Waits until all conditions hold: 'registered', 'sim.state=ready', 'event=sms', 'at=+CMTI'.
        Events and bytes count if they came after the last ctl() or clock(), or after the event with
        the id `since`; since=-1: from now on. `timeout` is in real time."""
        body: Dict[str, Any] = {'for': conditions, 'timeout': timeout, 'since': self.since if since is None else since}
        if since is None:
            body['skip_forgotten'] = True
        self.ask('POST', '/wait', body, 86400)

    def clock(self, do: str, **more: Any) -> None:
        """Changes virtual time: clock('step', by='1h'), clock('scale', to=10), clock('freeze')."""
        self.since = self.ask('POST', '/clock', {'do': do, **more})['events_from']

    def events(self, since: int = 0, timeout: float = 1) -> Iterator[Dict[str, Any]]:
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

    def outbox(self) -> List[Dict[str, Any]]:
        """The messages that the modem has sent, oldest first."""
        return self.ask('GET', '/outbox')['messages']

    def trace(self, lines: int = TRACE_LINES) -> str:
        """The last lines of the trace: the bytes at the port, and the events."""
        return self.ask('GET', f'/trace?last={lines}')

    def report(self) -> str:
        """For the report of a failure: the end of the trace, or how the emulator has ended."""
        if self.process.poll() is None:
            return self.trace() + self._said()
        return f'the emulator has ended with status {self.process.returncode}\n' + self._said()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
        self.process.stdout.close()
        self.errors.close()
        shutil.rmtree(self.folder)


class Factory:
    """Starts modems: fauxtrack(profile=..., speed='max'). What is not given comes from the marker."""

    def __init__(self, node: Any) -> None:
        mark = node.get_closest_marker(MARKER)
        self.program: Optional[str] = node.config.getoption('--fauxtrack')
        self.args: Tuple[str, ...] = ()
        self.options: Dict[str, Any] = dict(mark.kwargs) if mark else {}
        self.started: List[Fauxtrack] = []
        if mark and len(mark.args) > 1:
            raise pytest.UsageError(f'{MARKER}: one profile, then options by name: {MARKER}("NAME", speed="max")')
        if mark and mark.args:
            self.options['profile'] = mark.args[0]

    def __call__(self, *args: str, **options: Any) -> Fauxtrack:
        self.started.append(Fauxtrack(*args, program=self.program, **{**self.options, **options}))
        return self.started[-1]

    def close(self) -> None:
        while self.started:
            self.started.pop().close()


def _used(item: Any) -> List[Fauxtrack]:
    """The modems of the factories that a test has, each once."""
    factories = [value for value in getattr(item, 'funcargs', {}).values() if isinstance(value, Factory)]
    return [modem for number, factory in enumerate(factories) if factory not in factories[:number]
            for modem in factory.started]


def pytest_addoption(parser: Any) -> None:
    parser.getgroup('fauxtrack').addoption(
        '--fauxtrack', metavar='PROGRAM', help='the emulator (default: $FAUXTRACK, else fauxtrack from PATH)')


def pytest_configure(config: Any) -> None:
    config.addinivalue_line('markers', MARKER + '(profile, **options): the profile and the options of `fauxtrack run` of the '
                            'modems that the fixtures fauxtrack, fauxtrack_modem and fauxtrack_module start')


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: Any, call: Any) -> Generator[None, Any, None]:
    outcome = yield
    report = outcome.get_result()
    if report.when == 'call' and report.failed:
        for number, modem in enumerate(_used(item), 1):
            report.sections.append((f'fauxtrack {number}: {modem.port}', modem.report()))


def _factory(request: Any) -> Iterator[Factory]:
    factory = Factory(request.node)
    yield factory
    factory.close()


@pytest.fixture
def fauxtrack(request: Any) -> Iterator[Factory]:
    """A factory: each call starts an emulator, which ends with the test."""
    yield from _factory(request)


@pytest.fixture(scope='module')
def fauxtrack_module(request: Any) -> Iterator[Factory]:
    """A factory: each call starts an emulator, which ends with the last test of the file."""
    yield from _factory(request)


@pytest.fixture(scope='session')
def fauxtrack_session(request: Any) -> Iterator[Factory]:
    """A factory: each call starts an emulator, which ends with pytest."""
    yield from _factory(request)


@pytest.fixture
def fauxtrack_modem(fauxtrack: Factory) -> Fauxtrack:
    """A modem of this test, as the marker fauxtrack_profile says."""
    return fauxtrack()
