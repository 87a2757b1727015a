#!/usr/bin/python3
"""test_reproducible.py FAUXTRACK [TEST...]: two builds of the tree, in folders with different names and at different
times, install the same bytes; a prefix of one's own works."""
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
sys.path.insert(0, os.path.join(TOP, 'tests', 'lib'))
import tap  # noqa: E402

SCRATCH = tempfile.TemporaryDirectory(prefix='fauxtrack-twice-')
PREFIX = os.path.join(SCRATCH.name, 'prefix')


def quiet(*command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **more)
    assert done.returncode == 0, done.stdout[-4000:]


def copied(name):
    """A copy of the tree."""
    folder = os.path.join(SCRATCH.name, name)
    files = subprocess.run(['git', '-c', 'safe.directory=*', 'ls-files', '-z'], cwd=TOP, capture_output=True, text=True,
                           check=False)
    if files.returncode:  # a tarball
        shutil.copytree(TOP, folder, ignore=shutil.ignore_patterns('build*', 'release'))
    for path in files.stdout.split('\0') if not files.returncode else []:
        if path and os.path.lexists(os.path.join(TOP, path)):
            os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
            shutil.copy2(os.path.join(TOP, path), os.path.join(folder, path), follow_symlinks=False)
    return folder


def built(folder):
    """Builds and installs the tree; returns the folder of what it has installed."""
    env = {**os.environ, 'SOURCE_DATE_EPOCH': '1700000000', 'CCACHE_DISABLE': '1'}
    quiet('meson', 'setup', 'build', '.', '--prefix', PREFIX, '-Dbuildtype=release', '-Dtests=false', cwd=folder, env=env)
    quiet('meson', 'install', '-C', 'build', '--destdir', folder + '/installed', cwd=folder, env=env)
    return folder + '/installed' + PREFIX


def everything(folder):
    return sorted(os.path.relpath(os.path.join(at, name), folder) for at, _, names in os.walk(folder) for name in names)


def test_two_builds_are_the_same():
    one, two = map(built, [copied('one'), copied('a longer name')])
    names = everything(one)
    assert len(names) > 200 and names == everything(two)
    _, differ, errors = filecmp.cmpfiles(one, two, names, shallow=False)
    assert not differ and not errors, (differ, errors)


def test_a_prefix_of_ones_own_works():
    installed = os.path.join(SCRATCH.name, 'one', 'installed')
    shutil.copytree(installed + PREFIX, PREFIX, symlinks=True)
    quiet(os.path.join(TOP, 'tests', 'install', 'installed.py'), PREFIX)


if __name__ == '__main__':
    tap.main([test_two_builds_are_the_same, test_a_prefix_of_ones_own_works])
