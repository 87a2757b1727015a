#!/usr/bin/python3
# Whatever takes more than two seconds shows its progress, at a terminal only. Two seconds pass sooner here: a
# preloaded library makes the clock of the program run fast (quick_clock.c).
import os
import re
import stat
import subprocess
import tempfile

from clitest import ENV, PROGRAM, at_a_terminal, fauxtrack, main

QUICK = os.environ['QUICK_CLOCK']
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCENARIO = 'name: it answers\nprofile: fastrack-supreme-20-r74\nsteps:\n  - talk: |\n' + 10 * '''      > AT+CSQ
      < +CSQ: 22,0
      < OK
'''
FAST = {'LD_PRELOAD': os.path.basename(QUICK), 'LD_LIBRARY_PATH': os.path.dirname(QUICK),
        'ASAN_OPTIONS': ENV['ASAN_OPTIONS'] + ':verify_asan_link_order=0:detect_leaks=0'}
TOOL = '''#!/bin/bash
exec 3<>"$1"; stty -F "$1" raw -echo
for i in 1 2 3; do printf 'AT\\r' >&3; while read -r x <&3; do case $x in OK*) break ;; esac; done; done
'''


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
    return path


def slow_commands(folder):
    """Commands, with what their progress says."""
    tool = write(folder, 'tool', TOOL)
    os.chmod(tool, stat.S_IRWXU)
    image, trace = os.path.join(folder, 'x.dwl'), os.path.join(folder, 'x.txt')
    assert fauxtrack('dwl', 'make', '--firmware', 'r74', '--kind', 'firmware', '-o', image).returncode == 0
    lines = ''.join(f'{i:6}.000000 > AT\\r\n{i:6}.000100 < \\r\\nOK\\r\\n\n' for i in range(1, 20001))
    write(folder, 'x.txt', '# fauxtrack trace 1\n' + lines)
    log = os.path.join(ROOT, 'tests', 'field', 'gammu-wavecom.log')
    return (
        (['check', os.path.join(ROOT, 'tests', 'scenario', 'sim')], r'\d+ files checked'),
        (['dwl', 'info'] + [image] * 20, r'\d+ of 20 files \(\d+ %\)'),
        (['exec', '--control', 'none', '--sweep', 'urc', '--', tool, '{}'], r'\d+ gaps'),
        (['import', log, '-o', os.path.join(folder, 'bug.yaml')], r'\d+ of \d+ exchanges played \(\d+ %\)'),
        (['play', os.path.join(ROOT, 'tests', 'scenario', 'sim')], r'\d+ scenarios played'),
        (['play', '--sweep', 'cut', write(folder, 'x.yaml', SCENARIO)], r'\d+ of \d+ gaps of this scenario \(\d+ %\)'),
        (['trace', 'convert', trace, os.path.join(folder, 'x.json')], r'\d+ items converted'))


def long_work_shows_its_progress_at_a_terminal():
    with tempfile.TemporaryDirectory() as d:
        for words, shows in slow_commands(d):
            status, said = at_a_terminal(*words, env=FAST)
            assert status == 0, (words, said)
            found = re.findall(r'\r' + shows + '\033\\[K', said)
            assert found, (words, said[-300:])
            # it is gone when something else is printed, and at the end
            lines = [line for line in said.split('\r\n') if re.search(shows, line)]
            assert all('\r\033[K' in line for line in lines), (words, lines)
            assert not re.search(shows + '\033\\[K$', said), (words, said[-300:])


def short_work_shows_none():
    with tempfile.TemporaryDirectory() as d:
        path = write(d, 'x.txt', '# fauxtrack trace 1\n    0.000001 > AT\\r\n')
        for words in (['trace', 'convert', path, path + '.json'], ['check', write(d, 'x.yaml', SCENARIO)]):
            status, said = at_a_terminal(*words)
            assert status == 0 and said == '', (words, said)


def progress_is_for_terminals_only():
    with tempfile.TemporaryDirectory() as d:
        for words, _ in slow_commands(d):
            done = fauxtrack(*words, env=FAST)
            assert done.returncode == 0, (words, done)
            assert '\r' not in done.stderr and '\033' not in done.stderr, (words, done)
        # text that goes to the terminal is progress enough
        status, said = at_a_terminal('trace', 'convert', os.path.join(d, 'x.txt'), env=FAST)
        assert status == 0 and 'converted' not in said, said[-300:]


def the_test_knows_every_command_that_shows_progress():
    """Whoever calls console_begin() is run above."""
    files = subprocess.run(['grep', '-rl', 'console_begin(&', os.path.join(ROOT, 'emulator', 'host')], text=True,
                           stdout=subprocess.PIPE, check=True).stdout.splitlines()
    known = {'check_main.c', 'dwl_tool.c', 'exec_sweep.c', 'import_main.c', 'play_main.c', 'trace_main.c'}
    assert {os.path.basename(f) for f in files} == known, files


main([long_work_shows_its_progress_at_a_terminal, short_work_shows_none, progress_is_for_terminals_only,
      the_test_knows_every_command_that_shows_progress])
