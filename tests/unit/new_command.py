#!/usr/bin/python3
"""new_command.py FAUXTRACK PROFILES-README TEST-PROGRAM...: adding commands as data takes one YAML
file; this test adds the one that profiles/README.md shows. It passes its check, its commands are
listed with their place, and it has the conversation that stands there, in each mode of play; the
test programs pass with the file in $FAUXTRACK_PROFILES."""
import os
import re
import subprocess
import sys
import tempfile

SCENARIO = '''name: A command as data answers as its file says
see: "made up"
profile: meter
steps:
  - talk: |
%s
  - say: alarm
  - talk: |
      < +XALARM: 1
      > AT+XBYE
  - raw: "BYE\\\\r\\\\n"
'''

FAULT = '''name: A fault acts on a command as data
see: "made up"
profile: meter
faults:
  - once: true
    when: { at: command, command: +XREAD }
    answer: { result: "+CME ERROR: 515" }
steps:
  - talk: |
      > AT+CMEE=1
      < OK
      > AT+XREAD
      < +CME ERROR: 515
      > AT+XREAD
      < +XREAD: 10442,kWh
      < OK
'''


def run(env, *command):
    p = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if p.returncode:
        sys.exit(f'{" ".join(command)}: {p.returncode}, it said:\n{p.stdout}')
    return p.stdout


def shown(path):
    """The file and the conversation in the section "Commands as data"."""
    with open(path, encoding='utf-8') as f:
        section = f.read().split('## Commands as data\n')[1].split('\n## ')[0]
    talk = [line for line in section.splitlines() if re.match(r'    [<>]\|? ', line)]
    return re.search(r'```yaml\n(.*?)```', section, re.S).group(1), '\n'.join('  ' + line for line in talk)


def expect(what, ok):
    if not ok:
        sys.exit(f'new_command.py: {what}')


def main():
    fauxtrack, readme = sys.argv[1:3]
    text, talk = shown(readme)
    expect('the README has no conversation', talk.count('>') > 5)
    with tempfile.TemporaryDirectory() as folder:
        env = dict(os.environ, FAUXTRACK_PROFILES=folder)
        env.pop('ACCEPT', None)
        path = os.path.join(folder, 'meter.yaml')
        with open(path, 'w', encoding='utf-8') as f:
            f.write(text)
        run(env, fauxtrack, 'check', path)
        listed = run(env, fauxtrack, 'list', 'commands', '--profile', 'meter')
        for name, line in (('+XREAD', 6), ('+XSERVER', 12), ('+XBYE', 18)):
            row = next((r for r in listed.splitlines() if r.split() and r.split()[0] == name), '')
            expect(f'{name} is not listed with its place: {row}', f'meter.yaml:{line}' in row)
        for scenario in (SCENARIO % talk, FAULT):
            path = os.path.join(folder, 'scenario')
            os.makedirs(path, exist_ok=True)
            with open(os.path.join(path, 'one.yaml'), 'w', encoding='utf-8') as f:
                f.write(scenario)
            run(env, fauxtrack, 'play', '--mode', 'all', path)
        for program in sys.argv[3:]:
            run(env, program)


if __name__ == '__main__':
    main()
