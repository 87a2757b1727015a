#!/usr/bin/python3
"""test_state.py FAUXTRACK, with $READ_FAILS (a library) and $STATE_FOLDERS: --state as a user sees it. A record
that cannot be read does not count as absent: the start is refused, with its name and the remedy, and no byte
of the folder is changed. Intact records continue: the time, and the device to which they belong."""
import contextlib
import hashlib
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time

import ptytest
from ptytest import NOBODY, Client, Skip, main

FAULTY_DISK, FOLDERS = os.environ['READ_FAILS'], os.environ['STATE_FOLDERS']
OK = b'\r\nOK\r\n'
PIN = 'fastrack-supreme-20-r74-pin'
R74, R663 = 'fastrack-supreme-20-r74', 'fastrack-supreme-20-r663'


class Run(ptytest.Run):
    def __init__(self, *args, count=1):
        super().__init__('--speed', 'max', '--control', 'none', *args, count=count)


def refused(*args, **more):
    """The messages of a start that is refused."""
    done = subprocess.run([ptytest.PROGRAM, 'run', '--control', 'none', *args], timeout=60,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                          **more)
    assert done.returncode == 1 and done.stdout == '', done
    return done.stderr


def command(client, line):
    client.send(line.encode() + b'\r')
    got = client.read_until(OK)
    return got[len(line) + 1:-len(OK)].strip().decode()


def ask(*lines, state, args=()):
    """The answers of a modem with that state, which is ended properly."""
    with Run('--state', state, *args) as r, Client(r.path) as c:
        answers = [command(c, line) for line in lines]
    ask.said = r.error
    return answers if len(answers) > 1 else answers[0]


def contents(folder):
    """Every file: type, mode, owner, contents and time of change."""
    found = {}
    for name in sorted(os.listdir(folder)):
        if name == '.lock':
            continue  # it contains the process id
        path = os.path.join(folder, name)
        st = os.lstat(path)
        data = b''
        if stat.S_ISREG(st.st_mode):
            with open(path, 'rb') as f:
                data = f.read()
        found[name] = (st.st_mode, st.st_uid, st.st_size, st.st_mtime_ns, st.st_ino,
                       hashlib.sha256(data).digest())
    return found


@contextlib.contextmanager
def state_folder():
    """A folder with records, whose SIM has the PIN 4711."""
    with tempfile.TemporaryDirectory() as d:
        os.chmod(d, 0o777)
        path = os.path.join(d, 'state')
        ask('AT+CPIN="1234"', 'AT+CPWD="SC","1234","4711"', state=path, args=('--profile', PIN))
        yield path


def replace(path, make):
    os.remove(path)
    make(path)


def a_socket(path):
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(path)


def a_record_that_is_not_a_file_is_refused_and_left_alone():
    with state_folder() as state:
        target = os.path.join(os.path.dirname(state), 'target')
        shutil.copy(os.path.join(state, 'sim'), target)
        for what, make in (('FIFO', os.mkfifo), ('directory', os.mkdir), ('socket', a_socket),
                           ('symbolic link', lambda p: os.symlink(target, p)),
                           ('symbolic link', lambda p: os.symlink('/dev/zero', p))):
            path = os.path.join(state, 'sim')
            replace(path, make)
            before = contents(state)
            said = refused('--state', state, '--profile', PIN)
            assert f'{path}: ' in said and what in said and 'remove it' in said, said
            assert contents(state) == before, what
            shutil.rmtree(path) if what == 'directory' else os.remove(path)
            shutil.copy(target, path)
        ask('AT+CPIN="4711"', state=state, args=('--profile', PIN))


def damage_is_refused_and_set_aside_by_repair_only():
    with state_folder() as state:
        path = os.path.join(state, 'sim')
        with open(path, 'rb') as f:
            whole = f.read()
        cut = whole[:whole.rindex(b'\n', 0, len(whole) - 1) + 1]  # at the end of a line
        os.remove(os.path.join(state, '.lock'))  # a refused start leaves no lock file
        for data in (b'', cut, bytes(len(whole)), whole[:-3] + b'9' + whole[-2:],
                     whole + b'x' * 100000):
            with open(path, 'wb') as f:
                f.write(data)
            before = contents(state)
            said = refused('--state', state, '--profile', PIN)
            assert f'{path}: ' in said and '--state-repair' in said and 'PIN' in said, said
            assert contents(state) == before, data
            assert not os.path.exists(os.path.join(state, '.lock'))
        with open(path, 'wb') as f:
            f.write(cut)
        ask('AT+CPIN="1234"', state=state, args=('--profile', PIN, '--state-repair'))
        assert 'set aside as sim.aside-1' in ask.said, ask.said
        with open(path + '.aside-1', 'rb') as f:
            assert f.read() == cut
        # and from then on it is not a record, and needs no second repair
        ask('AT+CPIN="1234"', state=state, args=('--profile', PIN))
        assert ask.said == '', ask.said


def the_settings_and_books_are_checked_as_well():
    with tempfile.TemporaryDirectory() as d:
        state = os.path.join(d, 'state')
        ask('ATS0=3&W', 'AT+CPBS="SM"', 'AT+CPBW=1,"0612345678",129,"Alice"', state=state)
        for name in ('settings', 'book-SM-1', 'messages-sm', 'clock', 'device'):
            path = os.path.join(state, name)
            with open(path, 'rb') as f:
                whole = f.read()
            with open(path, 'wb') as f:
                f.write(whole[:-1])
            before = contents(state)
            said = refused('--state', state)
            assert f'{path}: this record is cut short' in said, said
            assert contents(state) == before, name
            with open(path, 'wb') as f:
                f.write(whole)
        assert ask('ATS0?', state=state) == '003'


def a_record_of_another_user_is_not_absent():
    if os.getuid():
        raise Skip('needs root')
    with state_folder() as state:
        os.chmod(state, 0o777)
        for name in os.listdir(state):
            os.chown(os.path.join(state, name), NOBODY, NOBODY)
        path = os.path.join(state, 'sim')
        os.chown(path, 0, 0)
        os.chmod(path, 0o600)
        before = contents(state)
        said = refused('--state', state, '--profile', PIN, '--state-repair', user=NOBODY,
                       group=NOBODY, extra_groups=[])
        assert f'{path}: ' in said and 'Permission denied' in said and 'readable' in said, said
        assert contents(state) == before


def an_error_of_the_disk_is_not_absent():
    with state_folder() as state:
        before = contents(state)
        # by its name: a space in LD_PRELOAD separates libraries
        env = dict(os.environ, LD_PRELOAD=os.path.basename(FAULTY_DISK),
                   LD_LIBRARY_PATH=os.path.dirname(FAULTY_DISK),
                   ASAN_OPTIONS='verify_asan_link_order=0:detect_leaks=0')
        said = refused('--state', state, '--profile', PIN, env=env)
        assert f'{state}/sim: ' in said and 'Input/output error' in said, said
        assert contents(state) == before


def the_lock_follows_no_link():
    with state_folder() as state:
        target = os.path.join(os.path.dirname(state), 'precious')
        with open(target, 'w', encoding='ascii') as f:
            f.write('precious')
        lock = os.path.join(state, '.lock')
        replace(lock, lambda p: os.symlink(target, p))
        assert '.lock' in refused('--state', state, '--profile', PIN)
        replace(lock, os.mkfifo)
        assert '.lock' in refused('--state', state, '--profile', PIN)
        with open(target, encoding='ascii') as f:
            assert f.read() == 'precious'


def what_waits_under_the_name_of_a_new_record_is_not_written_into():
    with state_folder() as state:
        target = os.path.join(os.path.dirname(state), 'precious')
        with open(target, 'w', encoding='ascii') as f:
            f.write('precious')
        with Run('--state', state, '--profile', PIN) as r, Client(r.path) as c:
            os.symlink(target, os.path.join(state, '.settings.tmp'))
            command(c, 'ATS0=2&W')
        with open(target, encoding='ascii') as f:
            assert f.read() == 'precious'


# --- whose memory it is -------------------------------------------------------------------


def another_device_is_refused_by_name():
    with state_folder() as state:
        before = contents(state)
        said = refused('--state', state, '--profile', 'm1306b-r657')
        assert 'fastrack-supreme-20' in said and 'm1306b' in said and f'--profile {PIN}' in said
        assert contents(state) == before


def another_firmware_is_used_and_reported():
    with tempfile.TemporaryDirectory() as d:
        state = os.path.join(d, 'state')
        old = ask('AT+CGMR', state=state, args=('--profile', R663))
        for _ in range(2):
            assert ask('AT+CGMR', state=state, args=('--profile', R74)) == old
            assert ask.said.count('\n') == 1 and R663 in ask.said and R74 in ask.said, ask.said
        assert ask('AT+CGMR', state=state, args=('--profile', R663)) == old
        assert ask.said == '', ask.said


def old_folders_load_and_are_reported_once():
    for name, profile in (('r74-used', R74), ('r663-used', R663)):
        with tempfile.TemporaryDirectory() as d:
            state = os.path.join(d, 'state')
            shutil.copytree(os.path.join(FOLDERS, '1de5a07', name), state)
            lines = ('AT+WIND=0', 'AT+CPIN="4711"', 'ATS0?', 'AT+CCLK?', 'AT+CCFC=0,2')
            answers = ask(*lines, state=state, args=('--profile', profile))
            assert answers[2] == '003', answers
            assert answers[3] >= '+CCLK: "12/03/04,05:05:59"', answers
            assert '+905321110000' in answers[4], answers
            assert ask.said.count('\n') == 1 and 'being rewritten' in ask.said, ask.said
            assert ask('ATS0?', state=state, args=('--profile', profile)) == '003'
            assert ask.said == '', ask.said
            assert ask('AT+CPIN="4711"', 'AT+CPBR=1', state=state,
                       args=('--profile', profile))[1].startswith('+CPBR: 1,"+905321112233"')


# --- time ---------------------------------------------------------------------------------


def clock(answer):
    return time.mktime(time.strptime(re.search('"(.{17})"', answer).group(1), '%y/%m/%d,%H:%M:%S'))


def the_clock_goes_on_from_where_it_stopped():
    with tempfile.TemporaryDirectory() as d:
        state = os.path.join(d, 'state')
        args = ('--speed', '1000')
        last = clock(ask('AT+CCLK="12/03/04,04:05:06"', 'AT+CCLK?', state=state, args=args)[1])
        for _ in range(3):
            now = clock(ask('AT+CCLK?', state=state))
            assert last <= now < last + 86400, (last, now)
            last = now


def a_kill_never_turns_the_clock_back():
    with tempfile.TemporaryDirectory() as d:
        state = os.path.join(d, 'state')
        last = 0
        for _ in range(4):
            with Run('--state', state, '--speed', '100') as r:
                with Client(r.path) as c:
                    now = clock(command(c, 'AT+CCLK?'))
                    assert now >= last, (last, now)
                    command(c, 'ATS0=1&W')
                    last = clock(command(c, 'AT+CCLK?'))
                r.process.send_signal(signal.SIGKILL)
                r.process.wait()
                r.process.returncode = 0


def the_clock_of_the_host_keeps_its_distance():
    with tempfile.TemporaryDirectory() as d:
        state = os.path.join(d, 'state')
        host = ('--clock', 'host', '--speed', '1')
        now = ask('AT+CCLK?', state=state, args=host)
        assert abs(clock(now) - time.mktime(time.gmtime())) < 200, now
        # set to another time: from then on it keeps that distance from the host's clock
        ask('AT+CCLK="40/01/01,00:00:00"', state=state, args=host)
        later = ask('AT+CCLK?', state=state, args=host)
        assert 0 <= clock(later) - time.mktime((2040, 1, 1, 0, 0, 0, 0, 0, 0)) < 400, later
        # without the option the clock stops while the program does not run, and never
        # goes back
        assert clock(ask('AT+CCLK?', state=state)) >= clock(later)


def an_asked_time_does_not_turn_it_back_either():
    with tempfile.TemporaryDirectory() as d:
        state = os.path.join(d, 'state')
        first = ask('AT+CCLK?', state=state, args=('--clock', '2020-01-01T00:00:00Z'))
        again = ask('AT+CCLK?', state=state, args=('--clock', '2015-01-01T00:00:00Z'))
        assert clock(again) >= clock(first)
        later = ask('AT+CCLK?', state=state, args=('--clock', '2025-01-01T00:00:00Z'))
        assert later.startswith('+CCLK: "25/01/01'), later


def a_trace_begins_with_the_clock_of_the_records():
    with tempfile.TemporaryDirectory() as d:
        state, trace = os.path.join(d, 'state'), os.path.join(d, 'trace')

        def head(*args):
            ask('AT', state=state, args=('--trace', trace, *args))
            with open(trace, encoding='ascii') as f:
                return int(re.search(r'^# clock (\d+)$', f.read(), re.M).group(1))

        first = head('--clock', '2020-01-01T00:00:00Z')
        assert first == 1577836800, first
        assert first < head() < first + 3600
        assert first < head('--clock', '2015-01-01T00:00:00Z') < first + 3600
        assert head('--clock', '2025-01-01T00:00:00Z') == 1735689600


main([a_record_that_is_not_a_file_is_refused_and_left_alone,
      damage_is_refused_and_set_aside_by_repair_only,
      the_settings_and_books_are_checked_as_well,
      a_record_of_another_user_is_not_absent,
      an_error_of_the_disk_is_not_absent,
      the_lock_follows_no_link,
      what_waits_under_the_name_of_a_new_record_is_not_written_into,
      another_device_is_refused_by_name,
      another_firmware_is_used_and_reported,
      old_folders_load_and_are_reported_once,
      the_clock_goes_on_from_where_it_stopped,
      a_kill_never_turns_the_clock_back,
      the_clock_of_the_host_keeps_its_distance,
      a_trace_begins_with_the_clock_of_the_records,
      an_asked_time_does_not_turn_it_back_either])
