#!/usr/bin/python3
# Small comforts: doctor, JUnit and TAP, colours for a terminal only, the log as JSON, the time
# of this machine in traces.
import json
import os
import re
import subprocess
import tempfile
import time
import xml.etree.ElementTree as xml

from clitest import ENV, PROGRAM, at_a_terminal, fauxtrack, main

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEADLINE = 120
GOOD = '''name: it answers <&"> {}
profile: fastrack-supreme-20-r74
steps:
  - talk: |
      > AT+CSQ
      < +CSQ: {}
      < OK
'''


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
    return path


def doctor_says_what_there_is():
    done = fauxtrack('doctor')
    assert done.returncode == 0 and done.stderr == '', done
    assert re.search('\n(Everything is there|Modems can run. What is missing .*)\\.\n$', done.stdout), done
    rows = json.loads(fauxtrack('doctor', '--json').stdout)
    names = [r['name'] for r in rows]
    for name in ('versions', 'pseudo-terminals', 'open files', 'control socket', 'seccomp', 'profiles'):
        assert name in names and name in done.stdout, names
    assert all(r['status'] in ('ok', 'missing', 'bad') for r in rows), rows
    assert all(r['remedy'] for r in rows if r['status'] != 'ok'), rows
    # every part that is built as a module is looked for
    with open(os.path.join(ROOT, 'pty', 'meson.build'), encoding='utf-8') as f:
        built = set(re.findall(r"shared_module\('([\w-]+)'", f.read()))
    assert built and built <= set(names), built - set(names)


def doctor_says_what_is_missing():
    with tempfile.TemporaryDirectory() as d:
        no_dir = os.path.join(d, 'none')
        done = fauxtrack('doctor', '--json', env={'XDG_RUNTIME_DIR': no_dir})
        rows = {r['name']: r for r in json.loads(done.stdout)}
        assert done.returncode == 1 and rows['control socket']['status'] == 'bad', done
        assert no_dir in rows['control socket']['text'] and 'XDG_RUNTIME_DIR' in rows['control socket']['remedy'], rows
        text = fauxtrack('doctor', env={'XDG_RUNTIME_DIR': no_dir})
        assert text.returncode == 1 and re.search('^bad +control socket', text.stdout, re.M) and '->' in text.stdout, text
        assert 'No modem can run: first do what ->' in text.stdout.splitlines()[-1], text
        # a copy of the program without its parts
        alone = os.path.join(d, 'fauxtrack')
        os.link(PROGRAM, alone) if os.stat(PROGRAM).st_dev == os.stat(d).st_dev else subprocess.run(
            ['cp', PROGRAM, alone], check=True)
        done = subprocess.run([alone, 'doctor', '--json'], env=dict(ENV, FAUXTRACK_PROFILES=os.path.join(ROOT, 'profiles')), capture_output=True, text=True, timeout=DEADLINE,
                              check=False)
        rows = {r['name']: r for r in json.loads(done.stdout)}
        assert done.returncode == 0 and rows['fauxtrack-slirp']['status'] == 'missing', rows
        assert '--forward' in rows['fauxtrack-slirp']['remedy'], rows['fauxtrack-slirp']


def play_writes_junit():
    with tempfile.TemporaryDirectory() as d:
        write(d, 'a.yaml', GOOD.format('a', '22,0'))
        write(d, 'b.yaml', GOOD.format('b', '23,0'))
        write(d, 'c.yaml', 'name: [\n')
        path = os.path.join(d, 'results.xml')
        done = fauxtrack('play', '--junit', path, d)
        assert done.returncode == 2, done
        top = xml.parse(path).getroot()
        cases = {c.get('classname')[-6:]: c for c in top.iter('testcase')}
        assert set(cases) == {'a.yaml', 'b.yaml', 'c.yaml'}, cases
        assert cases['a.yaml'].get('name').startswith('it answers <&"> a [fastrack-supreme-20-r74, '), cases
        assert len(cases['a.yaml']) == 0 and float(cases['a.yaml'].get('time')) >= 0
        failure = cases['b.yaml'].find('failure')
        assert 'b.yaml:6' in failure.get('message') and '+CSQ: 22,0' in failure.text, failure.text
        assert 'c.yaml:' in cases['c.yaml'].find('error').text
        for element in (top, top.find('testsuite')):
            assert [element.get(k) for k in ('tests', 'failures', 'errors', 'skipped')] == ['3', '1', '1', '0'], element.attrib
        done = fauxtrack('play', '--junit', '/nowhere/x.xml', d)
        assert done.returncode == 2 and '/nowhere/x.xml' in done.stderr and ';' in done.stderr, done
        # bytes that XML cannot hold
        write(d, 'b.yaml', GOOD.format('b', '22,0<03>'))
        assert fauxtrack('play', '--junit', path, os.path.join(d, 'b.yaml')).returncode == 1
        assert xml.parse(path).getroot().find('.//failure') is not None


def sweeps_write_junit_and_tap():
    with tempfile.TemporaryDirectory() as d:
        path, tap = os.path.join(d, 'r.xml'), os.path.join(d, 'r.tap')
        name = write(d, 'a.yaml', GOOD.format('a', '22,0'))
        assert fauxtrack('play', '--sweep', 'urc', '--junit', path, name).returncode == 0
        case = xml.parse(path).getroot().find('.//testcase')
        assert 'urc, gaps: ' in case.get('name'), case.attrib
        assert fauxtrack('play', '--sweep', 'urc', '--at', '999', '--junit', path, name).returncode == 5
        assert xml.parse(path).getroot().find('.//skipped') is not None
        # a tool that takes the second line for its answer
        tool = write(d, 'tool', '''#!/bin/bash
exec 3<>"$1"; stty -F "$1" raw -echo; printf 'ATE0\\r' >&3
while read -r -t 5 x <&3; do case $x in OK*) break ;; esac; done
printf 'AT+CGMM\\r' >&3; read -r x <&3; read -r x <&3; case $x in *CREG*) exit 3 ;; esac
while read -r -t 5 x <&3; do case $x in OK*) exit 0 ;; esac; done; exit 4
''')
        os.chmod(tool, 0o755)
        done = fauxtrack('exec', '--control', 'none', '--wait', 'registered', '--sweep', 'urc', '--junit', path, '--tap', tap,
                         '--', tool, '{}')
        assert done.returncode == 1, done
        broken = set(re.findall(r'gap (\d+), ', done.stderr))
        cases = list(xml.parse(path).getroot().iter('testcase'))
        assert cases[0].get('name') == 'without a gap' and len(cases) > 3, cases
        failed = {re.match(r'gap (\d+)', c.get('name')).group(1) for c in cases if len(c)}
        assert broken and failed == broken, (failed, broken)
        assert 'exit status 3' in [c for c in cases if len(c)][0][0].get('message')
        with open(tap, encoding='utf-8') as f:
            lines = f.read().splitlines()
        assert lines[-1] == f'1..{len(cases)}', lines
        assert sum(line.startswith('not ok ') for line in lines) == len(broken), lines
        done = fauxtrack('exec', '--control', 'none', '--junit', path, '--', 'false')
        assert done.returncode == 1 and xml.parse(path).getroot().find('.//failure').get('message') == 'exit status 1'
        done = fauxtrack('exec', '--control', 'none', '--junit', '/nowhere/x', '--', 'true')
        assert done.returncode == 125 and '/nowhere/x' in done.stderr, done


def colours_are_for_terminals_only():
    with tempfile.TemporaryDirectory() as d:
        bad = write(d, 'b.yaml', GOOD.format('b', '23,0'))
        broken = write(d, 'c.yaml', 'name: [\n')
        for words in (['list', 'profiles'], ['play', bad], ['check', broken], ['doctor']):
            plain = fauxtrack(*words)
            assert '\033' not in plain.stdout + plain.stderr, plain
            _, said = at_a_terminal(*words)
            assert '\033[' in said, (words, said)
            for env in ({'NO_COLOR': '1'}, {'TERM': 'dumb'}, {'NO_COLOR': '1', 'CLICOLOR_FORCE': '1'}):
                _, said = at_a_terminal(*words, env=env)
                assert '\033[' not in said, (words, env, said)
            forced = fauxtrack(*words, env={'CLICOLOR_FORCE': '1'})
            assert '\033[' in forced.stdout + forced.stderr, (words, forced)
            assert re.sub('\033\\[\\d*m', '', forced.stdout) == plain.stdout or words == ['doctor'], words
            assert '\033' not in fauxtrack(*words, env={'CLICOLOR_FORCE': '0'}).stdout, words


def the_log_can_be_json():
    for words, lines in ((['--log', 'debug,json'], True), (['--log', 'json'], None), (['--log', 'modem:debug,json'], True)):
        before = time.time()
        done = fauxtrack('exec', '--control', 'none', *words, '--', 'sh', '-c',
                         'exec 3<>"$FAUXTRACK_TTY"; printf "AT+CSQ\\r" >&3; read -r x <&3; read -r x <&3')
        assert done.returncode == 0, done
        rows = [json.loads(line) for line in done.stderr.splitlines()]
        assert bool(rows) or not lines, (words, done)
        for row in rows:
            assert set(row) == {'time', 'at', 'modem', 'part', 'level', 'text'} and row['modem'] == 1, row
            assert before - 1 <= row['time'] <= time.time() + 1, row


def a_trace_can_have_the_time_of_this_machine():
    with tempfile.TemporaryDirectory() as d:
        path = os.path.join(d, 't.txt')
        talk = ['--', 'sh', '-c', 'exec 3<>"$FAUXTRACK_TTY"; printf "AT\\r" >&3; read -r x <&3; read -r x <&3']
        before = time.time()
        assert fauxtrack('exec', '--control', 'none', '--trace', path, '--trace-clock', *talk).returncode == 0
        with open(path, encoding='utf-8') as f:
            text = f.read()
        walls = re.findall(r'# wall: (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d{6}Z$', text, re.M)
        moments = {line.split()[0] for line in text.splitlines() if not line.startswith('#')}
        assert walls and len(walls) == len(moments), text
        from calendar import timegm
        for wall in walls:
            assert before - 2 <= timegm(time.strptime(wall, '%Y-%m-%dT%H:%M:%S')) <= time.time() + 1, (wall, before)
        # all formats have it, and it survives conversion
        for other in ('x.json', 'x.pcapng'):
            other = os.path.join(d, other)
            assert fauxtrack('trace', 'convert', path, other).returncode == 0
            assert fauxtrack('trace', 'convert', other).stdout == text, other
        assert fauxtrack('exec', '--control', 'none', '--trace', path, *talk).returncode == 0
        with open(path, encoding='utf-8') as f:
            assert 'wall' not in f.read()
    done = fauxtrack('run', '--trace-clock')
    assert done.returncode == 2 and '--trace FILE' in done.stderr, done


def lists_beside_list_have_json_too():
    rows = json.loads(fauxtrack('ctl', 'actions', '--json').stdout)
    assert rows == json.loads(fauxtrack('list', 'actions', '--json').stdout)
    rows = json.loads(fauxtrack('compare', '--list', '--json').stdout)
    assert {'ask', 'more', 'why'} == set(rows[0]) and len(rows) > 50, rows[:2]
    text = fauxtrack('compare', '--list').stdout
    assert all(row['ask'] in text for row in rows)
    done = fauxtrack('compare', '--json', '/dev/null', 'x')
    assert done.returncode == 2 and '--list' in done.stderr, done


main([doctor_says_what_there_is, doctor_says_what_is_missing, play_writes_junit, sweeps_write_junit_and_tap,
      colours_are_for_terminals_only, the_log_can_be_json,
      a_trace_can_have_the_time_of_this_machine, lists_beside_list_have_json_too])
