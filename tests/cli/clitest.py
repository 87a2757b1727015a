# Shared by the tests of the command line: running the program, TAP (main).
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lib'))
from tap import main  # noqa: E402,F401

PROGRAM = sys.argv[1]
DEADLINE = 60
ENV = dict(os.environ, ASAN_OPTIONS='quarantine_size_mb=0:thread_local_quarantine_size_kb=0')


def fauxtrack(*args, **more):
    """Runs the program; the result has returncode, stdout and stderr."""
    more.setdefault('stdin', subprocess.DEVNULL)
    if 'stdout' not in more:
        more['stdout'] = subprocess.PIPE
    env = dict(ENV, **more.pop('env', {}))
    return subprocess.run([PROGRAM, *args], stderr=subprocess.PIPE, text=True, timeout=DEADLINE, errors='replace',
                          env=env, check=False, **more)


def usage_status(words):
    """The exit status of a usage error: 125 for exec, whose command may exit with 2."""
    return 125 if words[0] == 'exec' else 2
