#!/usr/bin/python3
"""new_firmware.py FAUXTRACK TEST-MIGRATIONS PROFILES-README TEST-PROGRAM...: adding a firmware
takes one YAML file in a folder of $FAUXTRACK_PROFILES; this test adds the one that profiles/README.md
shows. It passes its check, is listed, boots, is made into images, installed over AT+WDWL, and
gets its rows in the table of upgrades; the test programs pass with and without it."""
import os
import re
import subprocess
import sys
import tempfile

SCENARIO = '''name: A new firmware boots, and can be installed after the migration kit
see: "%s"
profile: %s
steps:
%s'''

BOOTS = '''  - talk: |
      > ATI3
      < R7.45.0.201011111111.Q2687H 2150000 111110 11:11
      < OK
      > AT+WDWL?
      < +WDWL: V08b11
      < OK
      > AT+WIND?
      < +WIND: 0
      < OK
'''

INSTALLED = '''  - talk: |
      > AT+WIND=8
      < OK
      > AT+WDWL
      < +WDWL: 0
  - send: { firmware: r745, refused: true }
  - raw: "\\r\\n*** ERROR IN HEADER ***\\r\\n<18><18>"
  - talk: |
      > AT+WDWL
      < +WDWL: 0
  - send: { firmware: r74, kind: downloader }
  - talk: |
      < *** END OF DOWNLOAD ***
      > AT+CFUN=1
      < OK
      < +WDWL
      > AT+WDWL
      < +WDWL: 0
    within: 20s
  - send: { firmware: r745 }
  - talk: |
      < *** END OF DOWNLOAD ***
  - send: { firmware: r745, kind: downloader }
  - talk: |
      < *** END OF DOWNLOAD ***
      > AT+CFUN=1
      < OK
  - wait: 20s
''' + BOOTS


def run(env, *command, fails=False):
    p = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                       text=True, check=False)
    if (p.returncode != 0) != fails:
        sys.exit(f'{" ".join(command)}: {p.returncode}, it said:\n{p.stdout}')
    return p.stdout


def shown(path):
    """The firmware in the section "How to add a firmware"."""
    with open(path, encoding='utf-8') as f:
        section = f.read().split('## How to add a firmware\n')[1].split('\n## ')[0]
    return re.search(r'```yaml\n(.*?)```', section, re.S).group(1)


def upgrades(path):
    """Each row of the table, once for each firmware in its first column."""
    with open(path, encoding='utf-8') as f:
        table = f.read().split('<!-- upgrades -->\n')[1].split('<!-- end of the upgrades')[0]
    rows = set()
    for line in table.splitlines()[2:]:
        cells = [cell.strip() for cell in line.strip('|').split('|')]
        for before in re.findall(r'`([^`]+)`', cells[0]):
            rows.add((before, *cells[1:]))
    return rows


def expect(what, ok):
    if not ok:
        sys.exit(f'new_firmware.py: {what}')


def main():
    fauxtrack, migrations, readme = sys.argv[1:4]
    with tempfile.TemporaryDirectory() as folder:
        env = dict(os.environ, FAUXTRACK_PROFILES=os.path.join(folder, 'profiles'))
        env.pop('ACCEPT', None)
        os.makedirs(os.path.join(folder, 'profiles', 'firmware'))
        path = os.path.join(folder, 'profiles', 'firmware', 'r745.yaml')
        with open(path, 'w', encoding='utf-8') as f:
            f.write(shown(readme))

        run(env, fauxtrack, 'check', path)
        expect('it is not listed', 'r745' in run(env, fauxtrack, 'list', 'firmware'))
        image = os.path.join(folder, 'r745.dwl')
        run(env, fauxtrack, 'dwl', 'make', '--firmware', 'r745', '--kind', 'firmware', '-o', image)
        expect('it has another size', os.path.getsize(image) == 2150000)
        expect('a 7.4 does not accept it', 'accepts it' in run(env, fauxtrack, 'dwl', 'info', image))

        for profile, more, steps in (
                ('fastrack-supreme-20-r74', 'set: { firmware: r745 }', BOOTS),
                ('fastrack-supreme-20-r663', 'memory: {}', INSTALLED)):
            scenario = os.path.join(folder, 'scenario.yaml')
            with open(scenario, 'w', encoding='utf-8') as f:
                f.write(SCENARIO % ('made up', profile + '\n' + more, steps))
            run(env, fauxtrack, 'play', '--mode', 'all', scenario)

        for program in sys.argv[4:]:
            run(env, program)

        copy = os.path.join(folder, 'README.md')
        with open(readme, encoding='utf-8') as f, open(copy, 'w', encoding='utf-8') as g:
            g.write(f.read())
        env['PROFILES_README'] = copy
        said = run(env, migrations, fails=True)
        expect(f'it does not report that the table is out of date:\n{said}', 'the tables are out of date' in said)
        run(dict(env, ACCEPT='1'), migrations)
        old, new = upgrades(readme), upgrades(copy)
        expect('rows of others have changed', old <= new and
               all('r745' in (row[0], row[1].strip('`')) for row in new - old))
        more = {(row[0], row[1].strip('`'), row[2]): row[3] for row in new - old}
        for before, route, result in (
                ('r73', 'the firmware alone', 'runs; lost: +WIND; the application is kept'),
                ('r663', 'the firmware alone', 'header error at the firmware; the old one runs'),
                ('r663', 'the downloader', 'header error at the downloader; the old one runs')):
            expect(f'from {before}, {route}: {more.get((before, "r745", route))}',
                   more.get((before, 'r745', route)) == result)
        expect('no upgrade starts from it', more.get(('r745', 'r747', 'the firmware alone')) ==
               'runs; the application is kept')


if __name__ == '__main__':
    main()
