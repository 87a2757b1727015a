#!/usr/bin/python3
"""test_documents.py FAUXTRACK: what the documents say about control works when followed to the
letter: README "Controlling it" and "Beyond CONNECT", the docstring of the pytest plugin, the GitHub workflow."""
import os
import re
import subprocess
import sys
import tempfile

import yaml

DEADLINE = 120
HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.path.abspath(sys.argv[1])
TOOL = f'''#!/bin/sh
test "$1" = --port && exec '{TOP}/examples/bats/ask' "$2" AT+CGMM
'''


def read(name):
    with open(os.path.join(TOP, name), encoding='utf-8') as f:
        return f.read()


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
    os.chmod(path, mode)


def bash(folder, script, **env):
    """Runs a script; its `./run` and `fauxtrack` are the program under test."""
    for name in ('run', 'bin/fauxtrack'):
        write(os.path.join(folder, name), f"""#!/bin/sh\nexec '{PROGRAM}' "$@"\n""", 0o755)
    env = {**os.environ, 'XDG_RUNTIME_DIR': folder, 'PYTHONDONTWRITEBYTECODE': '1',
           'PATH': f'{folder}/bin:{os.environ["PATH"]}', **env}
    env.pop('FAUXTRACK_CONTROL', None)
    done = subprocess.run(['bash', '-c', script], cwd=folder, env=env, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=DEADLINE, check=False)
    return done.returncode, done.stdout


def readme_controlling_it(folder):
    text = read('README.md').split('## Controlling it')[1].split('\n## ')[0]
    lines = [re.sub(r'  +.*', '', line[6:]) for line in text.splitlines()
             if line.startswith('    $ ')]
    assert len(lines) > 7 and sum('curl' in line for line in lines) == 2, lines
    follow = [line for line in lines if '/events' in line]
    assert len(follow) == 1 and ' -' in follow[0] and 'N' in follow[0].split()[1], follow
    script = 'set -eu\n'
    for line in lines:
        if line in follow:  # it runs until it is stopped, and prints at once that it has begun
            script += f'line=$(timeout 5 {line} | head -n 1)\ncase $line in ": events"*) ;; *) exit 9 ;; esac\n'
        else:
            # 1: the emulator refuses, for instance because there is no call
            script += line + (' >out || [ $? = 1 ]\n' if 'SOCKET=' not in line else '\n')
    script += 'grep -q \'"openapi":"3.1.0"\' out\n'
    status, said = bash(folder, f'''
        fauxtrack run >port 2>err &
        trap "kill $!" EXIT
        until [ -s err ]; do read -r -t 0.1 _ <>pause || :; done
        {script}''' if os.mkfifo(folder + '/pause') is None else '')
    assert status == 0, (status, said, script)


def readme_beyond_connect(folder):
    text = read('README.md').split('## Beyond CONNECT')[1].split('\n## ')[0]
    server, fetch = [line[6:] for line in text.splitlines() if line.startswith('    $ ')]
    assert server.endswith(' 8080 &') and ':8080 ' in fetch and 'examples/ppp/fetch' in fetch, text
    write(folder + '/index.html', 'a page of this folder')
    server = server[:-len('8080 &')].replace('python3', '/usr/bin/python3 -u')
    fetch = fetch.replace(':8080 ', ':$port ').replace('examples/ppp/fetch', f"'{TOP}/examples/ppp/fetch'")
    status, said = bash(folder, f"""set -eu
{server} 0 >served 2>&1 & server=$!
trap 'kill $server' EXIT
for i in $(seq 1000); do
	port=$(sed -n 's/.* port \\([0-9]*\\) .*/\\1/p' served)
	[ -z "$port" ] || break
	timeout 0.02 tail -f /dev/null || :
done
{fetch}""")
    assert status == 0 and said.endswith('a page of this folder') and 'address 10.' in said, said


def the_example_of_the_plugin(folder):
    text = read('packaging/python/pytest_fauxtrack/__init__.py').split('"""')[1]
    example = re.search(r'    def test.*?(?=\n\n\S)', text, re.S).group(0)
    conftest = re.search(r"pytest_plugins = \[[^\n]*?\]", text).group(0)
    assert conftest in text and 'wait(' in example
    write(folder + '/conftest.py', conftest + '\n')
    write(folder + '/test_it.py', f'''import sys
sys.path.insert(0, {TOP + '/examples/python'!r})
import at
import pytest


def my_tool(path, pin=None):
    with at.Port(path) as port:
        port.command(f'AT+CPIN="{{pin}}"' if pin else 'ATE0')


''' + re.sub('^    ', '', example, flags=re.M) + '\n')
    status, said = bash(folder, 'pytest-3 -q -p no:cacheprovider test_it.py',
                        PYTHONPATH=TOP + '/packaging/python', FAUXTRACK=PROGRAM)
    assert status == 0 and '2 passed' in said, said


def the_workflow_for_github(folder):
    steps = yaml.safe_load(read('examples/github/modem.yml'))['jobs']['test']['steps']
    install, use = [s for s in steps if 'run' in s]
    status, said = bash(folder, 'set -e\n' + install['run'], FAUXTRACK_GIT='')
    assert status != 0 and 'set the repository variable FAUXTRACK_GIT' in said, said
    assert 'apt' not in said, said
    write(folder + '/my-tool', TOOL, 0o755)
    write(folder + '/tests/test_it.py', '''def test_it(fauxtrack):
    assert fauxtrack(speed='max').state('registration.state') == 'home'
''')
    os.symlink(TOP + '/packaging/python', folder + '/share')  # its own path may have a space
    script = use['run'].replace('/usr/share/fauxtrack', folder + '/share')
    assert script != use['run']
    status, said = bash(folder, 'set -e\n' + script.replace('python3 -m', '/usr/bin/python3 -m'))
    assert status == 0 and '1 passed' in said, said
    assert os.path.getsize(folder + '/trace.txt'), 'the trace is empty'


TESTS = [readme_controlling_it, readme_beyond_connect, the_example_of_the_plugin, the_workflow_for_github]


def main():
    print(f'1..{len(TESTS)}', flush=True)
    bad = 0
    for i, test in enumerate(TESTS, 1):
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(folder)
                print(f'ok {i} - {test.__name__.replace("_", " ")}', flush=True)
            except Exception as wrong:
                bad += 1
                print('# ' + f'{type(wrong).__name__}: {wrong}'.replace('\n', '\n# '))
                print(f'not ok {i} - {test.__name__.replace("_", " ")}', flush=True)
    sys.exit(bad > 0)


if __name__ == '__main__':
    main()
