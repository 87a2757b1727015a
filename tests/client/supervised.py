#!/usr/bin/python3
"""The COMMAND of `fauxtrack exec --lines` in tests of tools: prints the port, then starts what it reads, a JSON
object a line, and answers with its process ID and its exit status."""
import json
import os
import subprocess
import sys

print(os.environ['FAUXTRACK_TTY'], flush=True)
for line in sys.stdin:
    job = json.loads(line)
    with open(job['out'], 'wb') as out:
        tool = subprocess.Popen(job['argv'], stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT,
                                cwd=job['folder'], env=job['env'])
    print(tool.pid, flush=True)
    tool.communicate(job['data'].encode())
    print(tool.returncode, flush=True)
