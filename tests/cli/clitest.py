# Shared by the tests of the command line: running the program, TAP (main).
import os
import pty
import select
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lib'))
from tap import main  # noqa: E402,F401

PROGRAM = os.path.abspath(sys.argv[1])
DEADLINE = 60
ENV = dict(os.environ, ASAN_OPTIONS='quarantine_size_mb=0:thread_local_quarantine_size_kb=0')

for name in ('NO_COLOR', 'CLICOLOR_FORCE'):
    ENV.pop(name, None)


def fauxtrack(*args, **more):
    """Runs the program; the result has returncode, stdout and stderr."""
    more.setdefault('stdin', subprocess.DEVNULL)
    if 'stdout' not in more:
        more['stdout'] = subprocess.PIPE
    env = dict(ENV, **more.pop('env', {}))
    return subprocess.run([PROGRAM, *args], stderr=subprocess.PIPE, text=True, timeout=DEADLINE, errors='replace',
                          env=env, check=False, **more)


def at_a_terminal(*words, env=None, cwd=None):
    """What the program writes to a terminal, which is its standard output and error."""
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(cwd or '/')
        os.execve(PROGRAM, [PROGRAM, *words], dict(ENV, TERM='xterm', **env or {}))
    said, end = b'', time.monotonic() + 2 * DEADLINE
    while time.monotonic() < end and select.select([fd], [], [], end - time.monotonic())[0]:
        try:
            more = os.read(fd, 65536)
        except OSError:  # EIO: it has ended
            break
        if not more:
            break
        said += more
    _, status = os.waitpid(pid, 0)
    os.close(fd)
    return os.waitstatus_to_exitcode(status), said.decode(errors='replace')


def usage_status(words):
    """The exit status of a usage error: 125 for exec, whose command may exit with 2."""
    return 125 if words[0] == 'exec' else 2
