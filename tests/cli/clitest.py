# What the tests of the command line share: running the program, TAP.
import os
import subprocess
import sys
import traceback

PROGRAM = sys.argv[1]
DEADLINE = 60
ENV = dict(os.environ, ASAN_OPTIONS='quarantine_size_mb=0:thread_local_quarantine_size_kb=0')


def fauxtrack(*args, **more):
    """Runs it; the result has returncode, stdout, stderr."""
    more.setdefault('stdin', subprocess.DEVNULL)
    if 'stdout' not in more:
        more['stdout'] = subprocess.PIPE
    env = dict(ENV, **more.pop('env', {}))
    return subprocess.run([PROGRAM, *args], stderr=subprocess.PIPE, text=True, timeout=DEADLINE, errors='replace',
                          env=env, check=False, **more)


def usage_status(words):
    """What a usage error is: 125 of exec, whose command may end with 2."""
    return 125 if words[0] == 'exec' else 2


def main(tests):
    wanted = sys.argv[2:]
    tests = [t for t in tests if not wanted or t.__name__ in wanted]
    print(f'1..{len(tests)}', flush=True)
    bad = 0
    for i, test in enumerate(tests, 1):
        name = test.__name__.replace('_', ' ')
        try:
            test()
            print(f'ok {i} - {name}', flush=True)
        except Exception:  # a failure is told and the next one runs
            bad += 1
            print('# ' + traceback.format_exc().replace('\n', '\n# '))
            print(f'not ok {i} - {name}', flush=True)
    sys.exit(bad > 0)
