#!/usr/bin/python3
# Help and the manual: `fauxtrack help`, topics, manual pages, all from the tables of --help.
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from clitest import fauxtrack, main
from tap import Skip

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SECTIONS = {'profile': 5, 'scenario': 5, 'fleet': 5, 'control': 7, 'testing': 7}


def subcommands():
    names = [row['name'] for row in json.loads(fauxtrack('list', 'subcommands', '--json').stdout)]
    assert 'complete' not in names, names  # it is for shells
    return [n for n in names if ' ' not in n]


def pages(folder):
    """Writes all pages; returns {name: path}."""
    done = fauxtrack('help', '--man-into', folder)
    assert done.returncode == 0 and done.stderr == '', done
    return {name: os.path.join(at, name) for at, _, names in os.walk(folder) for name in names}


def shown(path):
    """A page as man(1) shows it, in one line."""
    done = subprocess.run(['mandoc', '-T', 'utf8', '-O', 'width=78', path], capture_output=True, check=True, timeout=60)
    text = re.sub('.\b', '', done.stdout.decode())
    return ' '.join(text.translate({0x2010: '-', 0x2212: '-', 0xa0: ' '}).split())


def there_is_a_page_for_each_subcommand_and_topic():
    with tempfile.TemporaryDirectory() as d:
        have = set(pages(d))
        want = {f'fauxtrack-{n}.1' for n in subcommands()} | {f'fauxtrack-{n}.{s}' for n, s in SECTIONS.items()}
        assert have == want | {'fauxtrack.1'}, have ^ want
        for name in have:
            section = name[-1]
            assert os.path.exists(os.path.join(d, 'man' + section, name)), name
            topic = name[len('fauxtrack-'):-2]
            with open(os.path.join(d, 'man' + section, name), encoding='utf-8') as f:
                assert f.read() == fauxtrack('help', '--man', *([topic] if topic else [])).stdout, name


def every_page_is_clean_for_mandoc():
    if not shutil.which('mandoc'):
        raise Skip('mandoc is not installed')
    with tempfile.TemporaryDirectory() as d:
        for name, path in pages(d).items():
            # the pages refer to each other: they are looked up among these
            done = subprocess.run(['mandoc', '-T', 'lint', '-W', 'style', path], capture_output=True, text=True,
                                  timeout=60, check=False, env=dict(os.environ, MANPATH=d))
            said = [line for line in done.stdout.splitlines() if 'referenced manual not found' not in line]
            assert not said, (name, said[:10])


def every_line_of_a_page_can_end_where_the_terminal_does():
    """What lintian reports as groff-message, where man has groff 1.23 (Debian 13)."""
    if not shutil.which('groff'):
        raise Skip('groff is not installed: apt-get install groff-base')
    with tempfile.TemporaryDirectory() as d:
        for name, path in pages(d).items():
            for width in (60, 80, 120):
                done = subprocess.run(['groff', '-mandoc', f'-rLL={width}n', f'-rLT={width}n', '-wmac', '-wbreak', '-Tutf8',
                                       path], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=60,
                                      check=True)
                assert not done.stderr, (name, width, done.stderr[:500])


def every_reference_of_a_page_exists():
    with tempfile.TemporaryDirectory() as d:
        have, found = pages(d), 0
        for name, path in have.items():
            with open(path, encoding='utf-8') as f:
                for other, section in re.findall(r'^\.Xr (\S+) (\d)', f.read(), re.M):
                    found += 1
                    assert f'{other}.{section}' in have, (name, other, section)
        assert found > 20, found


def a_page_has_all_that_help_prints():
    if not shutil.which('mandoc'):
        raise Skip('mandoc is not installed')
    with tempfile.TemporaryDirectory() as d:
        have = pages(d)
        for name in subcommands():
            text = shown(have[f'fauxtrack-{name}.1'])
            for line in fauxtrack(name, '--help').stdout.splitlines():
                words = line.split()
                if not words or words[0] == 'usage:' or line.startswith('See also'):
                    continue
                for option in re.findall(r'--[a-z][a-z-]+', line):
                    assert option in text, (name, option)
                if not line.startswith(' '):
                    continue
                last = ' '.join(words[-2:])
                assert last in text, (name, last)


def pages_do_not_depend_on_the_day():
    with tempfile.TemporaryDirectory() as d, tempfile.TemporaryDirectory() as other:
        first = {n: open(p, encoding='utf-8').read() for n, p in pages(d).items()}
        if not shutil.which('faketime'):
            raise Skip('faketime is not installed')
        # it is preloaded, and ASan's run-time library wants to be the first
        subprocess.run(['faketime', '2031-05-06', sys.argv[1], 'help', '--man-into', other], check=True, timeout=60,
                       env={**os.environ, 'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '') + ':verify_asan_link_order=0'})
        for name, text in first.items():
            with open(os.path.join(other, 'man' + name[-1], name), encoding='utf-8') as f:
                assert f.read() == text, name
            assert re.search(r'^\.Dd [A-Z][a-z]+ \d+, \d{4}$', text, re.M), name


def the_topic_of_exit_statuses_says_whose_they_are():
    text = fauxtrack('help', 'exits').stdout
    parts = dict(re.findall(r'^After (.*):\n((?:  .*\n)+)', text, re.M))
    parts = {name: part for names, part in parts.items() for name in names.split()}
    assert set(parts) == set(subcommands()), set(parts) ^ set(subcommands())
    for name, part in parts.items():
        assert part.rstrip('\n') in fauxtrack(name, '--help').stdout, (name, part)


def a_word_of_a_command_is_found_by_help():
    for name in [row['name'] for row in json.loads(fauxtrack('list', 'subcommands', '--json').stdout)]:
        words = name.split()
        if len(words) == 2 and fauxtrack('help', words[1]).returncode:
            assert f'fauxtrack help {name}' in fauxtrack('help', words[1]).stderr, name


def the_tables_have_each_file_that_the_program_makes():
    """Those in /tmp, and those beside the control socket."""
    text, found = ' '.join(fauxtrack('help', 'environment').stdout.split()), 0
    for top in ('emulator', 'pty'):
        for at, _, names in os.walk(os.path.join(ROOT, top)):
            for name in [n for n in names if n.endswith('.c')]:
                with open(os.path.join(at, name), encoding='utf-8') as f:
                    source = f.read()
                made = re.findall(r'"(/tmp/fauxtrack-(?:[a-z]+-)?)', source)
                if name == 'control_addr.c':
                    made += re.findall(r'"(?:%s|%s/tcp-%u)(\.[a-z]+)"', source)
                    assert len(made) > 2, made
                for path in made:
                    found += 1
                    assert ('sock' if path[0] == '.' else '') + path in text, (name, path)
    assert found > 4, found


def a_topic_is_explained():
    for topic, words in (
            ('profile', ['sim.pin', 'device', 'default', 'inherits']),
            ('scenario', ['steps[].talk', 'faults', '> begins a line']),
            ('fleet', ['groups', 'count']),
            ('control', ['POST /v1/modems/{id}/actions/{name}', 'sms', 'registered', 'sim.pin_tries', 'event=NAME']),
            ('testing', ['exec --wait registered -- my-tool', 'modem.wait', 'python3-pytest-fauxtrack']),
            ('exits', ['128+N', 'timed out']),
            ('environment', ['FAUXTRACK_PROFILES', '.sock'])):
        done = fauxtrack('help', topic)
        assert done.returncode == 0 and done.stderr == '', (topic, done)
        assert all(w in done.stdout for w in words), (topic, [w for w in words if w not in done.stdout])
        assert topic in fauxtrack('help').stdout and topic in fauxtrack('--help').stdout, topic
    for action in json.loads(fauxtrack('list', 'actions', '--json').stdout):
        assert re.search('^  ' + re.escape(action['name']) + r'\b', fauxtrack('help', 'control').stdout, re.M), action


def a_wrong_topic_gets_the_nearest_name():
    for word, near in (('scenarios', 'scenario'), ('profil', 'profile'), ('contorl', 'control'), ('rnu', 'run'),
                       ('enviroment', 'environment')):
        done = fauxtrack('help', word)
        assert done.returncode == 2 and f'did you mean "{near}"' in done.stderr, done
        assert done.stderr.count('\n') == 1 and done.stdout == '', done
    done = fauxtrack('help', 'zzzzzz')
    assert done.returncode == 2 and 'fauxtrack help lists' in done.stderr, done
    done = fauxtrack('help', 'exits', 'surplus')
    assert done.returncode == 2 and 'surplus' in done.stderr, done
    done = fauxtrack('help', '--man', 'exits')
    assert done.returncode == 1 and 'fauxtrack(1)' in done.stderr, done
    done = fauxtrack('help', '--man-into', '/proc/none')
    assert done.returncode == 1 and '/proc/none' in done.stderr and ';' in done.stderr, done


def every_example_has_options_that_there_are():
    found = 0
    for name in subcommands():
        text = fauxtrack(name, '--help').stdout
        for example in re.findall('^    (.*fauxtrack .*)$', text, re.M):
            words = example.split(' -- ')[0].split()
            words = words[words.index('fauxtrack') + 1:] if 'fauxtrack' in words else []
            said = fauxtrack(words[0], '--help').stdout if words else text
            children = [w for w in words[1:2] if words[0] in ('dwl', 'list') and not w.startswith('-')]
            said += fauxtrack(words[0], *children, '--help').stdout if children else ''
            for option in re.findall(r'--[a-z][a-z-]+', ' '.join(words)):
                found += 1
                assert re.search(re.escape(option) + r'\b', said), (name, example, option)
    assert found > 10, found


def help_fits_a_terminal_of_80_columns():
    names = [row['name'].split() for row in json.loads(fauxtrack('list', 'subcommands', '--json').stdout)]
    for words in [*names, []]:
        for line in fauxtrack(*words, '--help').stdout.splitlines():
            # a term or a command to type may be longer: it is not broken
            assert len(line) <= 80 or line.startswith(('usage:', '  -', '    ')) or len(line.split('  ')) <= 2, (words, line)
    for topic in ('profile', 'control', 'exits'):
        long_ = [line for line in fauxtrack('help', topic).stdout.splitlines() if len(line) > 80]
        assert not long_, (topic, long_[:3])


def the_tables_have_each_variable_that_the_program_knows():
    said = fauxtrack('help', 'environment').stdout
    used = set()
    for folder, _, names in os.walk(os.path.join(ROOT, 'emulator')):
        for name in names:
            if name.endswith('.c'):
                with open(os.path.join(folder, name), encoding='utf-8') as f:
                    used |= set(re.findall(r'(?:getenv|setenv)\("(\w+)"', f.read()))
    assert len(used) >= 5, used
    for name in used:
        assert re.search(r'\b' + name + r'\b', said), name
    for name in re.findall(r'\bFAUXTRACK_[A-Z]+\b', said):
        assert name in used or name == 'FAUXTRACK_TTY', name


main([there_is_a_page_for_each_subcommand_and_topic, every_page_is_clean_for_mandoc,
      every_line_of_a_page_can_end_where_the_terminal_does, every_reference_of_a_page_exists,
      a_page_has_all_that_help_prints, pages_do_not_depend_on_the_day, the_topic_of_exit_statuses_says_whose_they_are, a_word_of_a_command_is_found_by_help,
      the_tables_have_each_file_that_the_program_makes,
      a_topic_is_explained,
      a_wrong_topic_gets_the_nearest_name, every_example_has_options_that_there_are, help_fits_a_terminal_of_80_columns,
      the_tables_have_each_variable_that_the_program_knows])
