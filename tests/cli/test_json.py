#!/usr/bin/python3
# Whatever prints a list has --json: its output is JSON, and --help explains each member. The program itself
# says what there is (list subcommands), so that a new list is found here.
import json
import os
import re
import sys
import tempfile

from clitest import PROGRAM, fauxtrack, main

# Subcommands without --json, and why. A new one must be here, or have --json.
NO_LIST = {
    'compare': None,  # its --list is one, see CALLS
    'ctl': 'its words are',
    'dwl': 'its words are',
    'dwl make': 'writes a file',
    'exec': '--report-json, --junit and --tap',
    'help': 'list topics and list subcommands',
    'import': 'writes a YAML file',
    'lines': 'one path',
    'list': 'its words are',
    'play': '--junit and --tap',
    'record': '--report-json, and --trace FILE.json',
    'run': 'ctl list',
    'schema': 'prints JSON',
    'trace': 'its words are',
    'trace convert': 'converts to FILE.json',
}
# The arguments with which a list is printed.
CALLS = {
    'check': ['{bad}'],
    'compare': ['--list'],
    'dwl info': ['{dwl}', '{bad}'],
    'list bug': ['dwl-band-reset-after-upgrade'],
}
STATUSES = {'check': 1}  # a file has errors
# Words of ctl, and what makes them print something.
CTL = {
    'list': [],
    'state': ['registration'],
    'wait': ['registered'],
    'events': ['since=0'],
    'outbox': [],
    'centre': [],
    'farend': [],
    'faults': [],
    'net': [],
    'trace': ['last=3'],
    'dwl': None,  # no file has come: test_control.py
    'factory': [],
    'clock': ['resume'],
    'type': ['AT+CSQ'],
    'bug': ['none', 'force=true'],
    'panel': [],
    'actions': [],
}
SENDS = '''exec 3<>"$FAUXTRACK_TTY"; stty -F "$FAUXTRACK_TTY" raw -echo; printf 'ATE0;+CMGF=1\\r' >&3
while read -r x <&3; do case $x in OK*) break ;; esac; done
printf 'AT+CMGS="+33612345678"\\r' >&3; read -r x <&3; printf 'hello\\032' >&3
while read -r x <&3; do case $x in OK*) break ;; esac; done
'''


def listed(kind):
    return [row['name'] for row in json.loads(fauxtrack('list', kind, '--json').stdout)]


def documented(*words):
    """The members that --help explains."""
    text = fauxtrack(*words, '--help').stdout
    part = re.split(r'^Members of the objects of --json:\n', text, flags=re.M)[1:]
    rows = re.findall(r'^  (\S+)(?:\n? +(\S.*))?$', part[0].split('\n\n')[0], re.M) if part else []
    assert all(help for _, help in rows), (words, [name for name, help in rows if not help])
    return {name for name, _ in rows}


def objects(value):
    return value if isinstance(value, list) else [value]


def has_json(*words):
    return re.search(r'^  --json ', fauxtrack(*words, '--help').stdout, re.M)


def every_list_has_json():
    for name in listed('subcommands'):
        words = name.split()
        if words[0] in ('ctl', 'schema'):
            continue
        assert has_json(*words) or NO_LIST.get(name), f'{name}: give it --json, or say why not in NO_LIST'
        assert not has_json(*words) or not NO_LIST.get(name), name
    # an option that lists something
    for name in listed('subcommands'):
        words = name.split()
        options = re.findall(r'^  (?:-\w, )?(--\S+).*?  +(?:prints|shows) (?:a|the) list|^  (?:-\w, )?(--list\b)',
                             fauxtrack(*words, '--help').stdout, re.M)
        assert not options or has_json(*words), (name, options)


def what_is_listed_is_json_with_members_that_help_explains():
    with tempfile.TemporaryDirectory() as d:
        files = {'bad': os.path.join(d, 'bad.yaml'), 'dwl': os.path.join(d, 'x.dwl')}
        with open(files['bad'], 'w', encoding='utf-8') as f:
            f.write('name: x\nprofile: nonsense\nstep: 1\n')
        assert fauxtrack('dwl', 'make', '--firmware', 'r74', '--kind', 'firmware', '--size', '5k', '-o', files['dwl']).returncode == 0
        n = 0
        for name in listed('subcommands'):
            words = name.split()
            if words[0] == 'ctl' or not has_json(*words):
                continue
            args = [a.format(**files) for a in CALLS.get(name, [])]
            done = fauxtrack(*words, *args, '--json')
            assert done.returncode == STATUSES.get(name, 0) and done.stderr == '', (name, done)
            rows = objects(json.loads(done.stdout))
            assert rows, name
            for row in rows:
                assert set(row) == documented(*words), (name, set(row) ^ documented(*words))
            n += 1
        assert n > 20, n


def words_of_ctl_print_json_with_members_that_help_explains():
    words = [name.split()[1] for name in listed('subcommands') if name.startswith('ctl ')]
    actions = listed('actions')
    own = words[:len(words) - len(actions)]
    assert set(own) == set(CTL), f'{set(own) ^ set(CTL)}: say in CTL how a word is called'
    calls = [[w, *CTL[w]] for w in own if CTL[w] is not None] + [['signal', 'rssi=20']]
    # a stream ends when nobody reads the next event
    first = ' | { for i in 1 2 3; do read -r x; printf "%s\\n" "$x"; done; exec <&-; "$0" ctl signal rssi=21; }'
    shell = SENDS + ''.join(f'echo "== {c[0]}"; "$0" ctl {" ".join(c)} --json{first if c[0] == "events" else ""}\n'
                            for c in calls)
    done = fauxtrack('exec', '--wait', 'registered', '--', 'sh', '-c', shell, PROGRAM)
    assert done.returncode == 0, done
    parts = dict(re.findall(r'^== (\S+)\n(.*?)(?=^== |\Z)', done.stdout, re.M | re.S))
    assert len(parts) == len(calls), done
    for word, text in parts.items():
        if word in ('events', 'trace'):  # an object a line
            rows = [json.loads(line) for line in text.splitlines()]
            assert len(rows) == 3, (word, text)
        else:
            assert text, (word, done.stderr)
            rows = objects(json.loads(text))
        known = documented('ctl', word)
        assert known or word == 'state', word
        for row in rows:
            assert set(row) <= known or word == 'state', (word, set(row) - known)
        assert rows or word in ('centre', 'faults'), word


def of_several_modems_too():
    reads = ('list', 'state', 'outbox', 'centre', 'farend', 'faults', 'net')
    shell = ''.join(f'echo "== {w}"; "$0" ctl --modem all --json {w}\n' for w in reads)
    done = fauxtrack('exec', '--count', '2', '--', 'sh', '-c', shell, PROGRAM)
    assert done.returncode == 0 and done.stderr == '', done
    parts = dict(re.findall(r'^== (\S+)\n(.*?)(?=^== |\Z)', done.stdout, re.M | re.S))
    assert set(parts) == set(reads), done
    for word, text in parts.items():
        value = json.loads(text)
        modems = value['modems'] if isinstance(value, dict) else value
        assert len(modems[0]['modems'] if word == 'list' else modems) == 2, (word, value)


main([every_list_has_json, what_is_listed_is_json_with_members_that_help_explains,
      words_of_ctl_print_json_with_members_that_help_explains, of_several_modems_too])
