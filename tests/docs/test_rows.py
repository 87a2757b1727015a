#!/usr/bin/python3
"""test_rows.py BUILD SOURCE-ROOT: the READMEs say that a setting is one row, an action one row and a
field bug one file. This test adds one of each, compiles the two changed files, links them before
the libraries of the build folder, and checks every place where the new ones must appear without
further changes. TAP."""
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

SETTING = '''	{ .name = "+XROW",
		.see = "made up",
		.forms = AT_SRT,
		.param = { { "mode", AT_INT, "(0-5)", 2, AT_SLOT, AT_WF } } },
'''
ACTION = '''	{ "xrow", &reset_schema, sizeof(struct reset_args), reset },
'''
CONVERSATION = '''name: The added rows are a setting and an action
profile: fastrack-supreme-20-r74
steps:
  - talk: |
      > AT+XROW=?
      < +XROW: (0-5)
      < OK
      > AT+XROW?
      < +XROW: 2
      < OK
      > AT+XROW=6
      < ERROR
      > AT+XROW=4
      < OK
      > AT&W
      < OK
  - xrow: {}
  - wait: 20s
  - talk: |
      > AT+XROW?
      < +XROW: 4
      < OK
'''
failed = number = 0


def result(ok, name, why=''):
    global failed, number
    number += 1
    failed += not ok
    print('%sok %d - %s' % ('' if ok else 'not ', number, name))
    for line in str(why).splitlines()[:30] if not ok else ():
        print('# ' + line)
    sys.stdout.flush()


def run(command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **more)


def insert(text, table, row):
    """Returns the text with the row added to the end of a table."""
    begin = text.index(table)
    end = text.index('\t{ NULL },\n', begin) if '\t{ NULL },\n' in text[begin:] else text.index('\t{ 0 },\n', begin)
    return text[:end] + row + text[end:]


def compiled(build, root, source, table, row, folder):
    """Compiles a source with one more row; returns the path of the object."""
    with open(os.path.join(root, source), encoding='utf-8') as f:
        text = insert(f.read(), table, row)
    path = os.path.join(folder, os.path.basename(source))
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
    with open(os.path.join(build, 'compile_commands.json'), encoding='utf-8') as f:
        one = next(c for c in json.load(f) if c['file'].endswith(source) and 'libmodem' in c['output'])
    words = shlex.split(one['command'])
    words[words.index('-o') + 1] = path + '.o'
    words[words.index('-MF') + 1] = path + '.d'
    words[words.index('-c') + 1] = path
    p = run(words, cwd=build)
    result(p.returncode == 0, '%s compiles with one more row' % source, p.stdout)
    return path + '.o'


def linked(build, objects, folder):
    program = os.path.join(folder, 'fauxtrack')
    lines = run(['ninja', '-C', build, '-t', 'commands', 'fauxtrack']).stdout.splitlines()
    words = shlex.split(lines[-1])
    at = words.index('-o')
    words[at + 1:at + 2] = [program, *objects]
    p = run(words, cwd=build)
    result(p.returncode == 0, 'the program links', p.stdout)
    return program


def bug_sample(root):
    with open(os.path.join(root, 'profiles/bugs/README.md'), encoding='utf-8') as f:
        return re.search(r'```yaml\n(.*?)```', f.read(), re.S).group(1)


def main():
    build, root = (os.path.abspath(a) for a in sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        objects = [
            compiled(build, root, 'emulator/chapters/device/cmd_device.c', 'at_cmds_device[] = {', SETTING, folder),
            compiled(build, root, 'emulator/actions/power.c', 'actions_power[] = {', ACTION, folder)]
        program = linked(build, objects, folder)
        own = os.path.join(folder, 'own')
        os.makedirs(os.path.join(own, 'bugs', 'net'))
        with open(os.path.join(own, 'bugs', 'net', 'net-x-row.yaml'), 'w', encoding='utf-8') as f:
            f.write(bug_sample(root))
        env = dict(os.environ, FAUXTRACK_PROFILES=own + ':' + os.path.join(root, 'profiles'), XDG_RUNTIME_DIR=own)
        scenario = os.path.join(folder, 'scenario.yaml')
        with open(scenario, 'w', encoding='utf-8') as f:
            f.write(CONVERSATION)

        for what, command, said in (
                ('the setting is listed', ['list', 'commands'], '+XROW'),
                ('the setting is read, checked and saved, and the action is played',
                 ['play', '--mode', 'all', scenario], '4 passed'),
                ('the action is listed', ['list', 'actions'], 'xrow'),
                ('the action has a help text', ['list', 'actions', 'xrow'], ''),
                ('the action is in the schema of scenarios', ['schema', 'scenario'], '"xrow":{'),
                ('the action is in the help of ctl', ['ctl', '--help'], 'xrow'),
                ('the control interface accepts the action', ['exec', '--', program, 'ctl', 'xrow'], ''),
                ('the field bug is listed', ['list', 'bugs'], 'net-x-row'),
                ('the field bug is described', ['list', 'bug', 'net-x-row'], 'host'),
                ('a tool runs with the field bug', ['exec', '--bug', 'net-x-row', '--', 'true'], '')):
            p = run([program, *command], env=env)
            result(p.returncode == 0 and said in p.stdout, what, '%d\n%s' % (p.returncode, p.stdout))
    print('1..%d' % number)
    sys.exit(failed != 0)


main()
