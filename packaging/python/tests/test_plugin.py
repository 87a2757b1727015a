"""Each test runs pytest itself on a small test file, as a user does."""
import os
import re
import select
import signal
import subprocess
import sys

import pytest

CONFTEST = "pytest_plugins = ['pytest_fauxtrack']\n"


@pytest.fixture
def run(pytester, monkeypatch):
    """run(text, *arguments): pytest's result for a file with that text."""
    monkeypatch.setenv('PYTEST_DISABLE_PLUGIN_AUTOLOAD', '')
    pytester.makeconftest(CONFTEST)

    def go(text, *arguments):
        pytester.makepyfile(text)
        return pytester.runpytest_subprocess('-p', 'no:cacheprovider', *arguments)
    return go


def alive(pid):
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    return True


def test_a_factory_starts_modems_which_end_with_the_test(run, pytester):
    run('''
        def test_one(fauxtrack):
            a, b = fauxtrack(speed='max'), fauxtrack(profile='fastrack-supreme-20-r663')
            assert a.port != b.port and b.state('flash.firmware') == 'r663'
            open('pids', 'w').write(f'{a.process.pid} {b.process.pid}')

        def test_they_have_ended():
            import os
            assert not any(os.path.exists(f'/proc/{pid}') for pid in open('pids').read().split())
    ''').assert_outcomes(passed=2)


def test_a_modem_of_a_file_or_a_session_is_started_once(run):
    run('''
        import pytest

        @pytest.fixture(scope='module')
        def modem(fauxtrack_module):
            return fauxtrack_module(speed='max')

        @pytest.fixture(scope='session')
        def other(fauxtrack_session):
            return fauxtrack_session(speed='max')

        seen = []

        @pytest.mark.parametrize('turn', range(3))
        def test_it(modem, other, turn):
            seen.append((modem.process.pid, other.process.pid))
            assert len(set(seen)) == 1 and modem.process.poll() is None and other.process.poll() is None
    ''').assert_outcomes(passed=3)


def test_the_marker_names_profile_and_options(run):
    run('''
        import pytest
        pytestmark = pytest.mark.fauxtrack_profile('fastrack-supreme-20-r663', set=['sim.number=+33600000099'])

        def test_of_the_file(fauxtrack_modem, fauxtrack_module):
            assert fauxtrack_modem.state('flash.firmware') == 'r663'
            assert fauxtrack_module().state('flash.firmware') == 'r663'

        @pytest.mark.fauxtrack_profile('fastrack-supreme-20-r74-pin')
        def test_of_the_test(fauxtrack_modem):
            assert fauxtrack_modem.state('flash.firmware') == 'r74'
            assert fauxtrack_modem.state('sim.state') == 'PIN'

        def test_what_is_given_wins(fauxtrack):
            assert fauxtrack(profile='fastrack-supreme-20-r74').state('flash.firmware') == 'r74'

        @pytest.mark.fauxtrack_profile('a', 'b')
        def test_a_wrong_marker(fauxtrack_modem):
            pass
    ''', '--strict-markers').assert_outcomes(passed=3, errors=1)


def test_the_marker_is_listed_with_its_help(run):
    run('', '--markers').stdout.fnmatch_lines(['*fauxtrack_profile(profile, [*][*]options): the profile*'])


def test_a_failure_shows_the_traffic_of_each_modem(run):
    run('''
        import pytest

        @pytest.fixture(scope='module')
        def shared(fauxtrack_module):
            return fauxtrack_module(speed='max')

        def test_it(shared, fauxtrack_modem):
            import os
            for port in (shared.port, fauxtrack_modem.port):
                with open(port, 'r+b', buffering=0) as f:
                    f.write(b'AT+CSQ\\r')
            shared.wait('at=OK', since=0)
            fauxtrack_modem.wait('at=OK', since=0)
            assert False
    ''').stdout.fnmatch_lines(['*- fauxtrack 1: /dev/pts/*', '*AT+CSQ*', '*- fauxtrack 2: /dev/pts/*', '*AT+CSQ*'])


def test_workers_of_xdist_have_modems_of_their_own(run, pytester):
    pytest.importorskip('xdist')
    run('''
        import pytest

        @pytest.fixture(scope='session')
        def modem(fauxtrack_session):
            return fauxtrack_session(speed='max')

        @pytest.mark.parametrize('turn', range(8))
        def test_it(modem, worker_id, turn):
            for to, state in (('removed', 'absent'), ('inserted', 'ready')):
                modem.ctl('sim', to=to)
                modem.wait('sim.state=' + state)
            with open('seen', 'a') as f:
                f.write(f'{worker_id} {modem.port} {modem.process.pid}\\n')
    ''', '-n', '2').assert_outcomes(passed=8)
    rows = [line.split() for line in pytester.path.joinpath('seen').read_text().splitlines()]
    workers = {row[0] for row in rows}
    assert len(rows) == 8 and len({tuple(row) for row in rows}) == len(workers) == len({row[1] for row in rows}), rows
    assert not any(alive(row[2]) for row in rows)


def test_the_modem_ends_when_pytest_is_killed(run, pytester):
    pytester.makepyfile('''
        import os
        import signal

        def test_it(fauxtrack_modem):
            print(fauxtrack_modem.process.pid, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
    ''')
    done = subprocess.run([sys.executable, '-m', 'pytest', '-q', '-s', '-p', 'no:cacheprovider'], cwd=pytester.path,
                          stdout=subprocess.PIPE, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    pid = re.search(r'^\.?(\d+)$', done.stdout, re.M).group(1)
    try:
        fd = os.pidfd_open(int(pid))
    except ProcessLookupError:
        return
    ended = select.select([fd], [], [], 20)[0]
    os.close(fd)
    assert ended


def test_a_program_that_is_missing_is_named(run):
    result = run('def test_it(fauxtrack_modem):\n    pass\n', '--fauxtrack', '/nowhere/fauxtrack')
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(['*/nowhere/fauxtrack is no program; install the Debian package fauxtrack, or name*'])


def test_a_profile_that_does_not_exist_is_named(run):
    result = run('def test_it(fauxtrack):\n    fauxtrack(profile="fastrack")\n')
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(['*run has not started:*', '*there is no profile "fastrack"*'])
