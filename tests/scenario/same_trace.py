#!/usr/bin/python3
"""Plays every field bug again and again: the same file, seed and input give the same trace,
to the byte and the microsecond. 2 times, 20 with FAUXTRACK_TESTS=full, 100 with =soak."""
import glob
import os
import subprocess
import sys

PROGRAM = sys.argv[1]
BUGS = sorted(glob.glob(os.path.join(sys.argv[2], '*', '*.yaml')))
TIMES = {'full': 20, 'soak': 100}.get(os.environ.get('FAUXTRACK_TESTS'), 2)


def trace(seed):
    return subprocess.run([PROGRAM, 'play', '-v', '--seed', str(seed)] + BUGS,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False).stdout


first = trace(7)
assert first.count(b'\n') > 500, 'no trace: %s' % first[-300:]
# what a test that cannot fail would not see
assert trace(8) != first, 'the seed changes nothing'
for i in range(1, TIMES):
    if trace(7) != first:
        sys.exit('run %d of %d has another trace' % (i + 1, TIMES))
print('%d runs, %d bytes each' % (TIMES, len(first)))
