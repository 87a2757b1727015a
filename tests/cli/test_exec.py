#!/usr/bin/python3
# `fauxtrack exec`, on whose verdict CI relies: exit statuses, complaints, sweeps, the report.
import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

from clitest import DEADLINE, ENV, PROGRAM, fauxtrack, main

# A tool: sends each argument as a line and waits for the final result; =N is its exit status.
TOOL = r'''
import os, re, select, sys, tty
fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
tty.setraw(fd)
status = 0
for line in sys.argv[2:]:
    if line[0] == '=':
        status = int(line[1:])
        continue
    os.write(fd, line.encode() + b'\r')
    got = b''
    while not re.search(rb'\r\n(OK|[+ A-Z]*ERROR[: 0-9]*)\r\n', got):
        if not select.select([fd], [], [], 20)[0]:
            sys.exit(9)
        got += os.read(fd, 4096)
sys.exit(status)
'''


def tool(*lines):
    return ['--', '/usr/bin/python3', '-c', TOOL, '{}', *lines]


def run(*args, **more):
    return fauxtrack('exec', '--control', 'none', '--speed', 'max', *args, **more)


def reported(*args):
    """Runs exec with --report-json; returns the report and the finished process."""
    with tempfile.TemporaryDirectory() as d:
        name = os.path.join(d, 'r.json')
        done = run('--report-json', name, *args)
        with open(name, encoding='utf-8') as f:
            return json.load(f), done


def exit_statuses_match_the_table():
    with tempfile.TemporaryDirectory() as d:
        script = os.path.join(d, 'script')
        with open(script, 'w', encoding='utf-8') as f:
            f.write('no program\n')
        for args, status in (
                (tool('AT', '=0'), 0), (tool('AT', '=3'), 3),
                (['--', 'sh', '-c', 'kill -KILL $$'], 128 + 9),
                (['--on-exit', 'fail', *tool('ATE0', 'AT+NONSENSE')], 1),
                (['--on-exit', 'fail', *tool('AT+NONSENSE', '=7')], 7),
                (['--on-exit', 'report', *tool('AT+NONSENSE')], 0),
                (['--wait', 'sim=absent', '--wait', 'timeout=1s', '--', 'true'], 124),
                (['--wait', 'regstered', '--', 'true'], 125),
                (['--profile', 'none-such', '--', 'true'], 125),
                (['--no-such-option', '--', 'true'], 125),
                (['--state', '/dev/null', '--', 'true'], 125),
                (['--trace', '/no/such/folder/x', '--', 'true'], 125),
                (['--report-json', '/no/such/folder/x', '--', 'true'], 125),
                (['--report-json', '/dev/full', '--', 'true'], 125),
                (['--report-json', '/dev/full', '--', 'false'], 1),
                ([], 125),
                (['--', script], 126),
                (['--', d + '/none'], 127)):
            done = run(*args)
            assert done.returncode == status, (args, done)
            assert done.returncode == 0 or done.stderr or args[-2:-1] != ['--'], (args, done)


def polling_is_reported_in_plain_words():
    report, done = reported('--on-exit', 'fail', *tool('ATE0', *['AT+CREG?'] * 18))
    assert done.returncode == 1, done
    assert re.search(r'^fauxtrack exec: polling: AT\+CREG\? 18 times in \d+\.\d s$', done.stderr,
                     re.M), done.stderr
    assert [f['code'] for f in report['findings']] == ['polls'], report
    assert report['findings'][0]['last'] >= report['findings'][0]['first'], report


def complaints_are_those_of_the_list():
    rows = {r['name']: r['help'] for r in json.loads(fauxtrack('list', 'complaints', '--json').stdout)}
    assert {'early', 'polls', 'unknown'} <= set(rows) and all(rows.values()), rows
    report, done = reported('--on-exit', 'report', *tool('AT+NONSENSE'))
    assert [f['code'] for f in report['findings']] == ['unknown'], report
    assert f'fauxtrack exec: unknown, {rows["unknown"]}: ' in done.stderr, done.stderr
    assert (report['exit'], report['status'], report['signal']) == (0, 0, None), report


def a_sound_tool_passes_a_sweep_each_time():
    # one command per run: added up over all runs they would be a poll, though time starts at 0 in each
    for _ in range(3):
        report, done = reported('--speed', '1', '--on-exit', 'fail', '--sweep', 'urc', *tool('ATE0', 'AT+CSQ', 'AT+CREG?'))
        assert done.returncode == 0, done
        assert 'complaints' in done.stderr and 'polling' not in done.stderr, done
        assert report['sweep']['gaps'] >= 10 and report['sweep']['broken'] == [], report


def what_a_sweep_broke_is_in_the_report():
    # an unexpected ERROR makes this tool fail
    shell = ('exec 3<>"$0"; stty -F "$0" raw -echo; printf "AT+CSQ\\r" >&3; while read -r l <&3; do '
             'case $l in OK*) exit 0;; ERROR*) exit 4;; esac; done')
    command = ['--', 'timeout', '20', 'sh', '-c', shell, '{}']
    report, done = reported('--seed', '5', '--sweep', 'urc', '--sweep-text', 'ERROR', *command)
    assert done.returncode == 1 and report['exit'] == 1 and report['status'] == 0, (done, report)
    assert report['version'] == fauxtrack('--version').stdout.split()[1], report
    assert (report['profile'], report['seed']) == ('fastrack-supreme-20-r74', 5), report
    assert report['command'] == command[1:], report
    sweep = report['sweep']
    assert sweep['kind'] == 'urc' and sweep['text'] == 'ERROR', sweep
    assert 0 < len(sweep['broken']) <= sweep['gaps'], sweep
    # the silence of a slow start is a gap too, so on a busy machine the numbers may shift
    same = 0
    for gap in sweep['broken']:
        assert (gap['status'], gap['signal'], gap['findings']) == (4, None, []), gap
        line = (f"gap {gap['at']}, {gap['gap']}: exit status 4; to repeat: --sweep urc "
                f"--sweep-text 'ERROR' --at {gap['at']}\n")
        assert line in done.stderr, (line, done.stderr)
        again, one = reported('--seed', '5', '--sweep', 'urc', '--sweep-text', 'ERROR', '--at',
                              str(gap['at']), *command)
        same += one.returncode == 4 and [g['at'] for g in again['sweep']['broken']] == [gap['at']]
    assert same, report


def complaints_in_a_gap_fail_it():
    # a tool that answers each RING with nonsense
    script = TOOL.replace('sys.exit(status)', "b'RING' in got and os.write(fd, b'AT+NONSENSE\\r') "
                          "and select.select([fd], [], [], 20) and os.read(fd, 99); sys.exit(0)")
    command = ['--sweep', 'urc', '--sweep-text', 'RING', '--', '/usr/bin/python3', '-c', script, '{}',
               'AT+CSQ']
    report, done = reported('--on-exit', 'fail', *command)
    assert done.returncode == 1 and report['findings'] == [], (done, report)
    broken = report['sweep']['broken']
    assert broken and all(g['status'] == 0 for g in broken), broken
    assert [f['code'] for f in broken[0]['findings']] == ['unknown'], broken
    report, done = reported('--on-exit', 'report', *command)
    assert done.returncode == 0 and report['sweep']['broken'] == [], (done, report)


def nothing_swept_is_no_success():
    for args, words in ((['--sweep', 'urc', '--at', '999', *tool('AT')], 'did not reach gap 999'),
                        (['--sweep', 'cut', '--at', '999', *tool('AT')], 'did not reach gap 999'),
                        (['--sweep', 'urc', '--', 'true'], 'no gap'),
                        (['--sweep', 'cut', '--', 'true'], 'no gap')):
        report, done = reported(*args)
        assert done.returncode == 125 and 'nothing was tested' in done.stderr, (args, done)
        assert words in done.stderr, (args, done)
        assert report['exit'] == 125 and report['sweep']['gaps'] == 0, report


def a_sweep_does_not_begin_with_a_tool_that_fails():
    report, done = reported('--sweep', 'urc', *tool('AT', '=6'))
    assert done.returncode == 6 and 'without a sweep too' in done.stderr, done
    assert report['sweep']['gaps'] == 0 and report['status'] == 6, report
    done = run('--sweep', 'urc', '--wait', 'sim=absent', '--wait', 'timeout=1s', '--', 'true')
    assert done.returncode == 124 and 'without a sweep' not in done.stderr, done


def every_modem_is_watched():
    # mistakes at the second port count as well
    at_2 = ['--', 'sh', '-c', 'exec /usr/bin/python3 -c "$0" "$FAUXTRACK_TTY_2" AT+NONSENSE', TOOL]
    report, done = reported('--count', '2', '--on-exit', 'fail', *at_2)
    assert done.returncode == 1 and 'modem 2: unknown' in done.stderr, done
    assert [f['modem'] for f in report['findings']] == [2], report


def gone(pid):
    try:
        with open(f'/proc/{pid}/stat', encoding='utf-8') as f:
            return f.read().rsplit(')', 1)[1].split()[0] == 'Z'
    except FileNotFoundError:
        return True


def until(what, condition):
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, what
        select.select([], [], [], 0.01)


def the_tool_ends_with_exec():
    # exec is killed with -9, so the guard must end the tool; a tool that ignores SIGTERM gets SIGKILL
    for ignore, signo in ((False, signal.SIGKILL), (True, signal.SIGKILL)):
        script = ('import os, signal\n' + ('signal.signal(15, signal.SIG_IGN)\n' if ignore else '') +
                  'print(os.getpid(), flush=True)\nwhile True: signal.pause()\n')
        with subprocess.Popen([PROGRAM, 'exec', '--control', 'none', '--', '/usr/bin/python3', '-c',
                               script], stdout=subprocess.PIPE, env=ENV) as p:
            pid = int(p.stdout.readline())
            p.send_signal(signo)
            assert p.wait(DEADLINE) == -signo
            until('the tool has ended', lambda pid=pid: gone(pid))
            assert p.stdout.read() == b''  # nobody holds exec's output


def nothing_is_left_after_exec():
    with tempfile.TemporaryDirectory() as d:
        name = os.path.join(d, 'pid')
        done = run('--', 'sh', '-c', 'echo $PPID >"$0"; cat /proc/$PPID/task/*/children', name)
        assert done.returncode == 0, done
        children = done.stdout.split()
        assert len(children) == 2, children  # the command and its guard
        until('all have ended', lambda: all(gone(c) for c in children))


def at_a_terminal_run_says_how_to_go_on():
    main_fd, side = os.openpty()
    try:
        with subprocess.Popen([PROGRAM, 'run'], stdout=subprocess.PIPE, stderr=side, env=ENV) as p:
            path = p.stdout.readline().decode().strip()
            said = b''
            while b'Ctrl-C' not in said:
                assert select.select([main_fd], [], [], DEADLINE)[0], said
                said += os.read(main_fd, 4096)
            p.send_signal(signal.SIGINT)
            assert p.wait(DEADLINE) == 0
        line = said.decode().splitlines()[1]
        for word in ('Fastrack Supreme 20', 'registration home', 'SIM ready', path, 'fauxtrack ctl', 'Ctrl-C'):
            assert word in line, (word, line)
    finally:
        os.close(main_fd)
        os.close(side)
    # not at a terminal it prints nothing
    with subprocess.Popen([PROGRAM, 'run', '--control', 'none'], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=ENV) as p:
        p.stdout.readline()
        p.terminate()
        assert p.stderr.read() == b'' and p.wait(DEADLINE) == 0


if __name__ == '__main__':
    sys.dont_write_bytecode = True
    main([exit_statuses_match_the_table,
          polling_is_reported_in_plain_words,
          complaints_are_those_of_the_list,
          a_sound_tool_passes_a_sweep_each_time,
          what_a_sweep_broke_is_in_the_report,
          complaints_in_a_gap_fail_it,
          nothing_swept_is_no_success,
          a_sweep_does_not_begin_with_a_tool_that_fails,
          every_modem_is_watched,
          the_tool_ends_with_exec,
          nothing_is_left_after_exec,
          at_a_terminal_run_says_how_to_go_on])
