#!/usr/bin/python3
"""installed.py PREFIX [TEST...]: what `meson install` has put under PREFIX works from there, far from the tree and
from the folder that it was built in, even after it was moved."""
import ctypes
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
sys.path.insert(0, os.path.join(TOP, 'tests', 'lib'))
import tap  # noqa: E402

SCRATCH = tempfile.TemporaryDirectory(prefix='fauxtrack-installed-')
PREFIX = os.path.join(SCRATCH.name, 'moved prefix')  # with a blank, and not where it was built for
LIBRARIES = {'fauxtrack-slirp': 'libslirp', 'fauxtrack-curl': 'libcurl', 'fauxtrack-seccomp': 'libseccomp',
             'fauxtrack-lines': ''}


def lib(pattern):
    """Where meson puts libraries depends on whether dpkg-dev is there: lib/TRIPLE or lib64."""
    found = glob.glob(os.path.join(glob.escape(PREFIX), 'lib*', '**', pattern), recursive=True)
    assert found, '%s is not installed' % pattern
    return found[0]


def share(*names):
    return os.path.join(PREFIX, 'share', *names)


def run(*command, **env):
    """Runs it outside of the tree without the environment of the test; returns what it prints."""
    env = {'PATH': PREFIX + '/bin:/usr/bin:/bin', 'HOME': SCRATCH.name, 'LC_ALL': 'C.UTF-8',
           'PYTHONDONTWRITEBYTECODE': '1', **env}
    done = subprocess.run(command, cwd=SCRATCH.name, env=env, capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL)
    assert done.returncode == 0, '%s: status %d\n%s%s' % (command, done.returncode, done.stdout, done.stderr)
    return done.stdout


def version():
    with open(os.path.join(TOP, 'meson.build'), encoding='utf-8') as f:
        return re.search(r"^\s*version: '(.*)'", f.read(), re.M).group(1)


def test_the_program_finds_its_profiles():
    assert version() in run('fauxtrack', '--version')
    assert 'fastrack-supreme-20-r663' in run('fauxtrack', 'list', 'profiles')
    assert 'dwl-band-reset-after-upgrade' in run('fauxtrack', 'list', 'bugs')
    talk = 'exec 3<>"$1"; printf "AT+CREG?\\r" >&3; while read -r line <&3; do case $line in "+CREG: 0,1"*) exit 0;; esac; done'
    run('timeout', '60', 'fauxtrack', 'exec', '--wait', 'registered', '--', 'sh', '-c', talk, 'sh', '{}')


def test_the_program_finds_its_modules():
    path = run('fauxtrack', 'lines', '--preload').strip() if ' ' not in PREFIX else lib('fauxtrack-lines.so')
    assert os.path.dirname(path).endswith('/fauxtrack') and os.path.exists(path), path
    for name in LIBRARIES:
        ctypes.CDLL(lib(name + '.so'))
    run('timeout', '60', 'fauxtrack', 'exec', '--forward', 'tcp:www.test:80=127.0.0.1:9', '--', 'true')


def test_schemas_and_documents():
    schemas = glob.glob(os.path.join(glob.escape(share('fauxtrack', 'schema')), '*.json'))
    assert len(schemas) >= 10, schemas
    for path in schemas:
        with open(path, encoding='utf-8') as f:
            assert json.load(f)['$schema'], path
    for name in ('README.md', 'CHANGELOG.md', 'LICENSE', 'examples/README.md', 'examples/library/test_sms.c'):
        assert os.path.getsize(share('doc', 'fauxtrack', name)), name
    assert os.path.getsize(share('fauxtrack', 'profiles', 'README.md'))
    assert not os.path.exists(share('doc', 'fauxtrack', 'examples', 'meson.build'))


def test_no_file_has_a_path_of_the_build():
    bad = []
    bare = os.path.join(SCRATCH.name, 'bare')
    for folder, _, files in os.walk(PREFIX):
        for name in files:
            path = os.path.join(folder, name)
            with open(path, 'rb') as f:
                data = f.read()
            if data.startswith(b'\x7fELF'):  # what debuggers read may name sources
                subprocess.run(['strip', '-o', bare, path], check=True)
                with open(bare, 'rb') as f:
                    data = f.read()
            if os.fsencode(TOP) in data:
                bad.append(name)
    assert not bad, bad


def pkg_config(*arguments):
    return run('pkg-config', '--define-variable=prefix=' + PREFIX.replace(' ', '\\ '), *arguments, 'fauxtrack',
               PKG_CONFIG_PATH=os.path.dirname(lib('fauxtrack.pc'))).strip()


def test_a_c_program_by_pkg_config():
    assert pkg_config('--modversion') == version()
    assert os.path.exists(pkg_config('--variable=profiles').replace('\\', '') + '/README.md')
    program = os.path.join(SCRATCH.name, 'a.out')
    subprocess.run('cc -o "%s" "%s" %s -lcmocka' % (program, share('doc/fauxtrack/examples/library/test_sms.c'),
                                                   pkg_config('--cflags', '--libs')), shell=True, check=True)
    run(program, LD_LIBRARY_PATH=os.path.dirname(lib('libfauxtrack.so')))


def test_a_python_program_by_ctypes():
    assert 'the SIM is absent' in run('/usr/bin/python3', share('doc/fauxtrack/examples/library/modem.py'),
                                      LIBFAUXTRACK=lib('libfauxtrack.so.1'))


def test_the_plugin_of_pytest():
    path = os.path.join(SCRATCH.name, 'test_it.py')
    with open(path, 'w', encoding='utf-8') as f:
        f.write('def test_it(fauxtrack_modem):\n    assert fauxtrack_modem.state("sim.state") == "ready"\n')
    said = run('/usr/bin/python3', '-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-p', 'pytest_fauxtrack', path,
               PYTHONPATH=share('fauxtrack'))
    assert '1 passed' in said, said


def test_the_unit_of_systemd():
    unit = lib('fauxtrack@.service')
    with open(unit, encoding='utf-8') as f:
        text = f.read()
    program = re.search(r'^ExecStart=(\S+)', text, re.M).group(1)
    assert program.endswith('/bin/fauxtrack'), program
    if not shutil.which('systemd-analyze'):
        raise tap.Skip('systemd-analyze is missing: apt-get install systemd')
    # it looks for the program: name the one that is there
    copy = os.path.join(SCRATCH.name, 'fauxtrack@one.service')
    link = os.path.join(SCRATCH.name, 'fauxtrack')
    os.symlink(PREFIX + '/bin/fauxtrack', link)
    with open(copy, 'w', encoding='utf-8') as f:
        f.write(text.replace(program, link))
    done = subprocess.run(['systemd-analyze', '--user', '--man=no', 'verify', copy], capture_output=True, text=True,
                          env={**os.environ, 'XDG_RUNTIME_DIR': SCRATCH.name}, check=False)
    said = [line for line in done.stderr.splitlines() if 'fauxtrack' in line]
    assert done.returncode == 0 and not said, done.stderr


def test_the_options_of_the_unit():
    """What the unit starts is understood by the program."""
    with open(lib('fauxtrack@.service'), encoding='utf-8') as f:
        words = re.search(r'^ExecStart=(.*)', f.read(), re.M).group(1).split()[2:]
    words = [w.replace('%i', 'fastrack-supreme-20-r663').replace('%S', SCRATCH.name).replace('%t', SCRATCH.name)
             for w in words]
    state = os.path.join(SCRATCH.name, 'fauxtrack-state')
    words[words.index('--state') + 1] = state
    words[words.index('--link') + 1] = os.path.join(SCRATCH.name, 'one.tty')
    run('timeout', '60', 'fauxtrack', 'exec', *words, '--', 'test', '-e', os.path.join(SCRATCH.name, 'one.tty'))
    assert os.listdir(state)


if __name__ == '__main__':
    shutil.copytree(sys.argv[1], PREFIX, symlinks=True)
    tap.main([test for name, test in list(globals().items()) if name.startswith('test_')])
