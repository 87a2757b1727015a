#!/usr/bin/python3
# What every subcommand must do, and some cases of single subcommands.
import functools
import json
import os
import re
import subprocess
import sys
import tempfile

from clitest import fauxtrack, main, usage_status

SCENARIO = '''name: it answers
profile: fastrack-supreme-20-r74
steps:
  - talk: |
      > AT+CSQ
      < +CSQ: 22,0
      < OK
'''

# Successful calls of subcommands that print only with arguments. None: it prints nothing.
EXAMPLES = {
    'check': None,
    'compare': ['--list'],
    'dwl': None,
    'dwl make': ['--firmware', 'r74', '--kind', 'firmware', '--size', '5k', '-o', '-'],
    'dwl info': ['{dwl}'],
    'exec': None,  # only its command prints
    'import': ['{trace}'],
    # in a folder with a blank there is no path to print
    'lines': None if ' ' in os.path.abspath(sys.argv[1]) else ['--preload'],
    'list': None,
    'list bug': ['dwl-band-reset-after-upgrade'],
    'play': ['--tap', '{scenario}'],
    'record': None,  # it needs a device
    'run': ['--control', 'none'],
    'trace': None,
    'trace convert': ['{trace}'],
}


@functools.cache
def every():
    """The words of every subcommand."""
    done = fauxtrack('list', 'subcommands', '--json')
    assert done.returncode == 0, done
    names = [row['name'].split() for row in json.loads(done.stdout)]
    assert ['exec'] in names and ['dwl', 'make'] in names and ['list', 'bugs'] in names, names
    assert len(names) > 40, names
    return names


@functools.cache
def families():
    """One of each kind: the words of ctl share one parser, so three of them are enough."""
    few = [w for w in every() if w[0] != 'ctl']
    ctl = [w for w in every() if w[0] == 'ctl']
    return few + ctl[:2] + ctl[-1:]


def help_is_printed_for_every_subcommand():
    for words in every():
        done = fauxtrack(*words, '--help')
        assert done.returncode == 0 and done.stderr == '', (words, done)
        assert done.stdout.startswith('usage: fauxtrack ' + words[0]), (words, done.stdout)
    for words in families():
        short, first = fauxtrack(*words, '-h'), fauxtrack('help', *words)
        assert short.stdout == fauxtrack(*words, '--help').stdout == first.stdout, words
        assert short.returncode == first.returncode == 0, words


def help_of_every_subcommand_has_its_exit_statuses():
    rows = json.loads(fauxtrack('list', 'exits', '--json').stdout)
    for words in [w for w in every() if w[0] != 'ctl'] + [['ctl']]:
        text = fauxtrack(*words, '--help').stdout.split('\nExit status:\n')[1].split('\n\n')[0]
        text = re.sub(r'\n {5,}', ' ', text)  # lines that go on
        said = [re.split(' +', line.strip(), maxsplit=1) for line in text.splitlines() if line]
        want = [[r['status'], r['help']] for r in rows if words[0] in r['commands'].split()]
        assert said == want and len(want) >= 3, (words, said, want)


def the_readme_has_the_same_exit_statuses():
    readme = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'README.md')
    with open(readme, encoding='utf-8') as f:
        table = f.read().split('<!-- exits: ')[1].split('<!-- /exits -->')[0]
    said = [[c.strip() for c in line.split('|')[1:-1]] for line in table.splitlines()[3:] if line]
    rows = json.loads(fauxtrack('list', 'exits', '--json').stdout)
    assert said == [list(r.values()) for r in rows
                    if set(r['commands'].split()) & {'exec', 'play'}], said


def the_version_is_printed_by_every_subcommand():
    version = fauxtrack('--version').stdout
    assert re.fullmatch(r'fauxtrack \d+\.\d+\.\d+\n', version), version
    for words in [w for w in every() if w[0] != 'ctl'] + [['ctl']]:
        done = fauxtrack(*words, '--version')
        assert (done.returncode, done.stdout) == (0, version), (words, done)


def a_wrong_option_is_a_usage_error_with_a_remedy():
    for words in families():
        done = fauxtrack(*words, '--no-such-option')
        assert done.returncode == usage_status(words), (words, done)
        assert done.stdout == '' and '--no-such-option' in done.stderr, (words, done)
        assert '--help' in done.stderr, (words, done)
        assert done.stderr.count('\n') == 1, (words, done)


def surplus_words_are_refused_by_every_subcommand():
    for words in families():
        surplus = ['surplus-1', 'surplus-2', 'surplus-3', 'surplus-4']
        done = fauxtrack(*words, *surplus, env={'FAUXTRACK_CONTROL': '/nowhere/sock'})
        assert done.returncode != 0 and done.stdout in ('', '0 passed, 0 failed\n'), (words, done)
        if words[0] != 'ctl':
            assert 'surplus-' in done.stderr, (words, done)


def surplus_words_of_the_program_itself_are_refused():
    for words in (['--version', 'x'], ['help', 'list', 'bugs', 'x'], ['nonsense'], []):
        done = fauxtrack(*words)
        assert done.returncode == 2 and done.stderr, (words, done)


def a_full_device_fails_every_subcommand():
    with tempfile.TemporaryDirectory() as d, open('/dev/full', 'w') as full:
        scenario, dwl = os.path.join(d, 'x.yaml'), os.path.join(d, 'x.dwl')
        with open(scenario, 'w') as f:
            f.write(SCENARIO)
        assert fauxtrack('dwl', 'make', '--firmware', 'r74', '--kind', 'firmware', '--size', '5k',
                         '-o', dwl).returncode == 0
        trace = os.path.join(d, 'x.trace')
        with open(trace, 'w') as f:
            f.write('# fauxtrack trace 1\n    0.000001 > AT\\r\n')
        calls = [w + ['--help'] for w in families()] + [['--help'], ['--version'], ['help']]
        for words in every():
            name = ' '.join(words)
            if words[0] == 'ctl':
                continue  # the tests of control have an emulator for it
            example = EXAMPLES.get(name, [])
            if example is not None:
                calls.append(words + [e.format(dwl=dwl, scenario=scenario, trace=trace) for e in example])
                if words[0] == 'list':
                    calls.append(calls[-1] + ['--json'])
        for call in calls:
            done = fauxtrack(*call, stdout=full)
            assert done.returncode != 0, (call, done)
            assert 'No space left' in done.stderr or 'error while writing' in done.stderr, (call, done)
            if call[0] != 'run':
                # the same call must succeed with a normal output; if not, it needs an example
                assert fauxtrack(*call).returncode == 0, f'{call}: add a call that succeeds to EXAMPLES'


def a_closed_standard_output_fails_too():
    for call in (['run', '--control', 'none'], ['list', 'profiles'], ['--help']):
        done = subprocess.run(['sh', '-c', '"$@" >&-', 'sh', os.path.abspath(os.sys.argv[1]), *call],
                              stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        assert done.returncode == 1 and 'Bad file descriptor' in done.stderr, (call, done)


def every_list_is_there_as_json():
    for words in every():
        if words[0] != 'list' or len(words) == 1:
            continue
        args = EXAMPLES.get(' '.join(words), [])
        done = fauxtrack(*words, *args, '--json')
        assert done.returncode == 0 and done.stderr == '', (words, done)
        rows = json.loads(done.stdout)
        assert rows, words
        text = fauxtrack(*words, *args).stdout
        if words[1] != 'bug':
            for row in rows:
                assert list(row.values())[0] in text, (words, row)


def nothing_to_test_is_no_success():
    with tempfile.TemporaryDirectory() as d:
        os.makedirs(os.path.join(d, 'a', 'b'))
        for words, status in ((['play'], 5), (['play', '--tap'], 5), (['play', '--sweep', 'urc'], 5),
                              (['check'], 5)):
            done = fauxtrack(*words, d)
            assert done.returncode == status and 'nothing to' in done.stderr, (words, done)
        for words in (['play'], ['check'], ['dwl', 'info'], ['list'], ['dwl']):
            assert fauxtrack(*words).returncode == 2, words
        empty = {'FAUXTRACK_PROFILES': d}
        for words in (['play', d + '/none'], ['check', d + '/none'], ['dwl', 'info', d + '/none']):
            done = fauxtrack(*words, env=empty)
            assert done.returncode != 0 and 'none' in done.stderr, (words, done)
        name = os.path.join(d, 'a', 'b', 'x.yaml')
        with open(name, 'w') as f:
            f.write(SCENARIO)
        done = fauxtrack('play', d)
        assert done.returncode == 0 and done.stdout == '1 passed, 0 failed\n', done
        assert fauxtrack('check', d).returncode == 0
        # a gap that does not exist; and a scenario without gaps
        done = fauxtrack('play', '--sweep', 'urc', '--at', '999', name)
        assert done.returncode == 5 and 'gap 999' in done.stderr, done
        done = fauxtrack('play', '--tap', '--sweep', 'urc', '--at', '999', name)
        assert done.returncode == 5 and '# SKIP' in done.stdout, done
        assert fauxtrack('play', '--sweep', 'urc', '--at', '2', name).returncode == 0
        with open(name, 'w') as f:
            f.write('name: silent\nprofile: fastrack-supreme-20-r74\n'
                    'boot: cold\nsteps:\n  - power: "off"\n')
        done = fauxtrack('play', '--sweep', 'urc', name)
        assert done.returncode == 5 and 'no scenario has a gap' in done.stderr, done
        # a scenario in which nothing happens
        with open(name, 'w') as f:
            f.write('name: empty\nprofile: fastrack-supreme-20-r74\nsteps: []\n')
        done = fauxtrack('play', name)
        assert done.returncode == 2 and 'steps' in done.stderr, done
        with open(name, 'w') as f:
            f.write('name: empty\nprofile: fastrack-supreme-20-r74\nsteps:\n  - talk: |\n'
                    '      # nothing is said\n')
        done = fauxtrack('play', name)
        assert done.returncode == 2 and 'talk' in done.stderr, done


def broken_files_in_folders_are_reported():
    with tempfile.TemporaryDirectory() as d:
        os.makedirs(os.path.join(d, 'a'))
        with open(os.path.join(d, 'a', 'x.yaml'), 'w') as f:
            f.write('name: [\n')
        assert fauxtrack('play', d).returncode == 2
        assert fauxtrack('check', d).returncode == 1
        os.symlink('..', os.path.join(d, 'a', 'up'))  # must not loop forever
        assert fauxtrack('check', d).stderr.count('x.yaml') == 1


# Wrong calls, and words that the one-line message must have.
WRONG = [
    (['run', '--control', 'tcp'], ['tcp:PORT', './tcp']),
    (['run', '--control', 'nnone'], ['none', './nnone']),
    (['run', '--control', 'tcp:x'], ['tcp:PORT']),
    (['run', '--trace', '-'], ['./-']),
    (['run', '--link', '-'], ['./-']),
    (['run', '--state', '-'], ['./-']),
    (['run', '--state', ''], ['empty', 'give']),
    (['run', '--link', ''], ['empty', 'give']),
    (['run', '--trace', ''], ['empty', 'give']),
    (['run', '--profile', ''], ['empty', 'give']),
    (['run', '--bug', ''], ['empty', 'give']),
    (['exec', '--report-json', '-', '--', 'true'], ['./-']),
    (['run', '--sync'], ['--state']),
    (['run', '--state-repair'], ['--state DIR', 'leave']),
    (['run', '--sync=yes', '--state', '/tmp/x'], ['no value']),
    (['exec', '--at', '3', '--', 'true'], ['--sweep']),
    (['exec', '--sweep-text', 'RING', '--', 'true'], ['--sweep urc']),
    (['exec', '--sweep', 'cut', '--sweep-text', 'RING', '--', 'true'], ['--sweep urc']),
    (['exec', '--sweep', 'urc', '--state', '/tmp/x', '--', 'true'], ['--state']),
    (['play', '--at', '3', '/dev/null'], ['--sweep']),
    (['play', '--sweep-text', 'RING', '/dev/null'], ['--sweep urc']),
    (['play', '--sweep', 'urc', '--accept', '/dev/null'], ['--accept']),
    (['run', '--seed', '0'], ['from 1']),
    (['run', '--log', ''], ['LEVEL']),
    (['run', '--log', 'at:loud'], ['loud', 'levels are error']),
    (['run', '--log', 'cellar:info'], ['cellar', 'parts are at']),
    (['run', '--wait', 'registered'], ['exec']),
    (['run', '--clock', '9999-01-01T00:00:00Z'], ['1998', '2097']),
    (['run', '--clock', '2098-01-01T00:00:00Z'], ['1998', '2097']),
    (['run', '--clock', '1997-12-31T23:59:59Z'], ['1998', '2097']),
    (['run', '--clock', '2010-02-30T12:00:00Z'], ['no such time']),
    (['run', '--clock', '2010-01-01T12:00:60Z'], ['no such time']),
    (['run', '--set', 'sim.pin'], ['KEY=VALUE']),
    (['list', 'profilse'], ['did you mean "profiles"']),
    (['list', 'prof'], ['did you mean "profiles"']),
    (['schema', 'scenarios'], ['scenario']),
    (['schema', '--markdown', 'scenario'], ['leave']),
    (['list', 'bugs', '--profile', 'x'], ['list commands']),
    (['dwl', 'info', '--kind', 'x', '/dev/null'], ['dwl make']),
    (['dwl', 'mak'], ['did you mean "make"']),
    (['--link', '/tmp/x'], ['option of `fauxtrack run`', 'fauxtrack run --link PATH']),
    (['--link=/tmp/x'], ['fauxtrack run --link=/tmp/x']),
    (['--lnik'], ['did you mean "link"']),
    (['--no-such-option'], ['after a command', '--help']),
    (['version'], ['fauxtrack --version']),
    (['lsit'], ['did you mean "list"']),
    (['fastrack-supreme-20-r664'], ['did you mean "fastrack-supreme-20-r663"']),
    (['/nowhere/x.yaml'], ['neither', 'path']),
    (['/dev/null'], ['fauxtrack record /dev/null']),
    (['/bin/sh'], ['fauxtrack exec -- /bin/sh {}']),
    (['mktemp'], ['fauxtrack exec -- mktemp {}']),
    (['run', 'fastrack-supreme-20-r663'], ['fauxtrack run --profile fastrack-supreme-20-r663']),
    (['run', 'anything'], ['fauxtrack exec -- COMMAND']),
]


def what_is_wrong_is_one_line_with_a_remedy():
    for call, words in WRONG:
        done = fauxtrack(*call)
        assert done.returncode == usage_status(call), (call, done)
        assert done.stdout == '' and done.stderr.count('\n') == 1, (call, done)
        assert all(w in done.stderr for w in words), (call, done.stderr)


def what_stands_where_a_command_should_is_explained():
    for words in every():
        # a word of a command without it
        if len(words) == 2 and [words[1]] not in every():
            said = fauxtrack(words[1]).stderr
            assert f'fauxtrack {words[0]} {words[1]}' in said and said.count('\n') == 1, (words, said)
        # an option before the command
        if len(words) == 1:
            for option in re.findall(r'^  (?:-\w, )?(--[\w-]+)', fauxtrack(*words, '--help').stdout, re.M):
                if option in ('--help', '--version'):
                    continue
                done = fauxtrack(option, 'x')
                assert done.returncode == 2 and done.stderr.count('\n') == 1, done
                other = re.search(f'fauxtrack ([a-z]+) {option}', done.stderr)
                assert other and re.search(f'^  (-., )?{option}', fauxtrack(other[1], '--help').stdout, re.M), done
    for kind, how in (('topics', 'help'), ('profiles', 'run --profile'), ('bugs', 'run --bug')):
        for row in json.loads(fauxtrack('list', kind, '--json').stdout):
            said = fauxtrack(row['name']).stderr
            assert f'fauxtrack {how} {row["name"]}' in said, said
    with tempfile.TemporaryDirectory() as d:
        for name, text, how in (('a.yaml', SCENARIO, 'play'), ('b.yaml', 'groups: []\n', 'run --fleet'),
                                ('c.yaml', 'inherits: fastrack-supreme-20-r74\n', 'run --profile'),
                                ('d.dwl', 'x', 'dwl info'), ('e.pcapng', 'x', 'trace convert'), ('f.log', 'x', 'import')):
            path = os.path.join(d, name)
            with open(path, 'w') as f:
                f.write(text)
            said = fauxtrack(path).stderr
            assert f'fauxtrack {how} {path}' in said, said


def advice_about_a_duration_can_be_followed():
    for value in ('0', '0ms', '0us', '5', '3600', '90000000', '999999h'):
        done = fauxtrack('exec', '--control', 'none', '--wait', 'registered', '--wait',
                         'timeout=' + value, '--', 'true')
        if done.returncode == 125:
            advised = re.findall(r'\b\d+(?:us|ms|s|m|h)\b', done.stderr.split(';')[1])
            assert advised, done
            for other in advised:
                again = fauxtrack('exec', '--control', 'none', '--wait', 'registered', '--wait',
                                  'timeout=' + other, '--', 'true')
                assert again.returncode == 0, (value, other, again)
        else:
            assert done.returncode == 0, (value, done)


def a_trace_of_each_format_becomes_each_other():
    with tempfile.TemporaryDirectory() as d:
        text, other = os.path.join(d, 'a.txt'), os.path.join(d, 'a.pcapng')
        done = fauxtrack('exec', '--control', 'none', '--trace', text, '--', 'sh', '-c',
                         'exec 3<>"$FAUXTRACK_TTY"; printf "AT\\r" >&3; read -r x <&3; read -r x <&3')
        assert done.returncode == 0, done
        with open(text) as f:
            first = f.read()
        assert '> AT\\r' in first and '= CTS' in first, first
        assert fauxtrack('trace', 'convert', text, other).returncode == 0
        json_file = os.path.join(d, 'a.json')
        assert fauxtrack('trace', 'convert', other, json_file).returncode == 0
        with open(json_file) as f:
            rows = [json.loads(line) for line in f]
        assert rows[0]['fauxtrack_trace'] == 1 and {'kind': 'host', 'data': 'AT\r'}.items() <= [
            r for r in rows if r.get('kind') == 'host'][0].items(), rows
        done = fauxtrack('trace', 'convert', json_file)
        assert done.returncode == 0 and done.stdout == first, done
        both = os.path.join(d, 'both.txt')
        for _ in range(2):
            with open(both, 'a', encoding='utf-8') as f:  # as with >>
                assert fauxtrack('trace', 'convert', json_file, stdout=f).returncode == 0
        with open(both, encoding='utf-8') as f:
            assert f.read() == 2 * first
        with open(other, 'r+b') as f:
            f.truncate(os.path.getsize(other) - 2)
        done = fauxtrack('trace', 'convert', other)
        assert done.returncode == 1 and 'cut off' in done.stderr and '> AT' in done.stdout, done
        for name in ('/tmp', '/dev/null', d + '/none'):
            done = fauxtrack('trace', 'convert', name)
            assert done.returncode == 1 and name in done.stderr and ';' in done.stderr, done


def names_that_begin_so_are_offered():
    done = fauxtrack('run', '--profile', 'fastrack-supreme-20')
    assert done.returncode == 1 and 'did you mean "fastrack-supreme-20-r' in done.stderr, done
    done = fauxtrack('list', 'bug', 'dwl-band')
    assert done.returncode == 1 and 'did you mean "dwl-band-reset-after-upgrade"' in done.stderr, done
    done = fauxtrack('list', 'actions', 'oper')
    assert done.returncode == 2 and 'did you mean "operator"' in done.stderr, done


def files_of_the_library_have_names():
    done = fauxtrack('play', 'dwl-band-reset-after-upgrade')
    assert (done.returncode, done.stdout) == (0, '1 passed, 0 failed\n'), done
    for name in 'dwl-band-reset-after-upgrade', 'fastrack-supreme-20-r74':
        done = fauxtrack('check', name)
        assert (done.returncode, done.stderr) == (0, ''), done
    for command in 'play', 'check':
        done = fauxtrack(command, 'fastrack-none')
        assert done.returncode != 0 and 'fastrack-none: cannot be read' in done.stderr, done


def an_application_is_checked_and_found_beside_its_combination():
    with tempfile.TemporaryDirectory() as d:
        def write(name, text):
            path = os.path.join(d, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w') as f:
                f.write(text)
            return path
        meter = write('applications/meter.yaml',
                      'title: Meter reader\nlibrary: { text: "AT  v06.30" }\n')
        mine = write('mine.yaml', 'inherits: fastrack-supreme-20-r74\ntitle: mine\n'
                     'application: meter\nmemory: { "+WOPEN": 1 }\n')
        assert fauxtrack('check', d).returncode == 0
        ask = ['--control', 'none', '--boot', 'cold', '--', 'sh', '-c', 'test -e {}']
        assert fauxtrack('exec', '--profile', mine, *ask).returncode == 0
        env = {'FAUXTRACK_PROFILES': d}
        assert 'meter ' in fauxtrack('list', 'applications', env=env).stdout
        for text, words in (
                ('title: x\n', ['meter.yaml:1', '"library"']),
                ('title: x\nlibrary: { text: nonsense }\n', ['meter.yaml:2', 'AT  v06.30']),
                ('title: x\nlibrary: { text: "AT v06.30" }\nprovides: [wip]\n',
                 ['meter.yaml:3', 'wip_version']),
                ('title: x\nlibrary: { text: "AT v06.30" }\nwip_version: "5.42"\n',
                 ['meter.yaml:3', 'provides: [wip]']),
                ('title: x\nlibrary: { text: "AT v06.30" }\nwip_version: "5"\nprovides: [wip]\n',
                 ['meter.yaml:3', '5.42']),
                ('title: x\nlibrary: { text: "AT v06.30" }\nprovides: [wipp]\n',
                 ['meter.yaml:3', 'wip']),
                ('title: x\nlibrary: { text: "AT v06.30" }\nsise: 4\n',
                 ['meter.yaml:3', 'did you mean "size"']),
                ('inherits: wipsof\n', ['meter.yaml:1', 'did you mean "wipsoft'])):
            write('applications/meter.yaml', text)
            done = fauxtrack('check', meter)
            assert done.returncode == 1 and all(w in done.stderr for w in words), (text, done)
            # the combination that names it cannot start; others can, and refuse its image
            done = fauxtrack('exec', '--profile', mine, *ask)
            assert done.returncode == 125 and words[0] in done.stderr, (text, done)
            assert fauxtrack('exec', *ask, env=env).returncode == 0, text
            done = fauxtrack('dwl', 'make', '--application', 'meter', '-o', d + '/x', env=env)
            assert done.returncode == 1 and words[0] in done.stderr, (text, done)
        # a combination may have it in itself, and change what it inherits
        os.remove(meter)
        write('inline.yaml', 'inherits: fastrack-supreme-20-r74\ntitle: mine\napplication:\n'
              '  title: x\n  library: { text: "AT  v06.30" }\n'
              '  commands: { "+METER": { forms: { exec: "+METER: 1" } } }\n')
        child = write('child.yaml', 'inherits: inline\ntitle: mine\napplication: { size: 70000 }\n')
        listed = fauxtrack('list', 'commands', '--profile', child).stdout
        assert 'inline.yaml:6' in listed and '+METER' in listed, listed
        image = os.path.join(d, 'x.dwl')
        assert fauxtrack('dwl', 'make', '--profile', child, '--application', 'child', '-o',
                         image).returncode == 0 and os.path.getsize(image) == 70000
        write('applications/meter.yaml', '')
        done = fauxtrack('exec', *ask, env=env)
        assert done.returncode == 0 and 'meter.yaml: cannot be read' in done.stderr, done
        write('applications/' + 'x' * 32 + '.yaml',
              'title: x\nlibrary: { text: "AT v06.30" }\n')
        done = fauxtrack('check', d + '/applications/' + 'x' * 32 + '.yaml')
        assert done.returncode == 1 and '31 characters' in done.stderr, done
        done = fauxtrack('exec', '--set', 'application=wipsoft-base', *ask)
        assert done.returncode == 125 and 'only a base' in done.stderr, done
        done = fauxtrack('exec', '--set', 'application=wipsof', *ask)
        assert done.returncode == 125 and 'did you mean "wipsoft"' in done.stderr, done
        done = fauxtrack('exec', '--set', 'memory.+WOPEN=5', *ask)
        assert done.returncode == 125 and '(0,1)' in done.stderr, done
        assert fauxtrack('exec', '--profile', 'fxt009-r7474', '--set', 'application=none',
                         *ask).returncode == 0


def folders_and_devices_are_no_files():
    for call in (['run', '--bug', '/tmp'], ['run', '--profile', '/tmp'], ['run', '--bug', '/dev/zero'],
                 ['dwl', 'info', '/tmp'], ['run', '--trace', '/tmp', '--control', 'none'],
                 ['run', '--image', '/tmp=r74:firmware'], ['run', '--state', '/dev/null'],
                 ['check', '/dev/null'], ['play', '/dev/null']):
        done = fauxtrack(*call)
        assert done.returncode in (1, 2), (call, done)
        assert ';' in done.stderr and ('is a directory' in done.stderr.lower() or call[-1] != '/tmp'
                                       ), (call, done)
    done = fauxtrack('run', '--bug', '/tmp')
    assert 'empty' not in done.stderr and 'directory' in done.stderr, done


def all_folders_of_profiles_are_looked_through():
    with tempfile.TemporaryDirectory() as d:
        folders = [os.path.join(d, str(i)) for i in range(40)]
        for i, folder in enumerate(folders):
            os.mkdir(folder)
            with open(os.path.join(folder, f'mine-{i}.yaml'), 'w') as f:
                f.write('inherits: fastrack-supreme-20-r74\ntitle: mine\n')
        env = {'FAUXTRACK_PROFILES': ':'.join(folders)}
        names = [r['name'] for r in json.loads(fauxtrack('list', 'profiles', '--json', env=env).stdout)]
        assert 'fastrack-supreme-20-r74' in names, names
        assert all(f'mine-{i}' in names for i in range(40)), names
        assert fauxtrack('exec', '--profile', 'mine-39', '--control', 'none', '--', 'true',
                         env=env).returncode in (0, 125)
        for i in range(600):
            with open(os.path.join(folders[0], f'many-{i}.yaml'), 'w') as f:
                f.write('inherits: fastrack-supreme-20-r74\n')
        done = fauxtrack('list', 'profiles', env=env)
        assert done.stdout.count('many-') == 600, done.stdout.count('many-')


main([help_is_printed_for_every_subcommand,
      help_of_every_subcommand_has_its_exit_statuses,
      the_readme_has_the_same_exit_statuses,
      the_version_is_printed_by_every_subcommand,
      a_wrong_option_is_a_usage_error_with_a_remedy,
      surplus_words_are_refused_by_every_subcommand,
      surplus_words_of_the_program_itself_are_refused,
      a_full_device_fails_every_subcommand,
      a_closed_standard_output_fails_too,
      every_list_is_there_as_json,
      nothing_to_test_is_no_success,
      broken_files_in_folders_are_reported,
      what_is_wrong_is_one_line_with_a_remedy,
      what_stands_where_a_command_should_is_explained,
      advice_about_a_duration_can_be_followed,
      a_trace_of_each_format_becomes_each_other,
      names_that_begin_so_are_offered,
      files_of_the_library_have_names,
      an_application_is_checked_and_found_beside_its_combination,
      folders_and_devices_are_no_files,
      all_folders_of_profiles_are_looked_through])
