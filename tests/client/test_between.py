#!/usr/bin/python3
"""test_between.py FAUXTRACK: sz at one modem sends a file to rz at another, over a data call between
them."""

import hashlib
import os
import random
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
import tty

DEADLINE = 120
SIZE = 100_000


def skip(why):
    print(f'1..0 # SKIP {why}')
    sys.exit(0)


def until(fd, mark):
    got = b''
    end = time.monotonic() + DEADLINE
    while mark not in got:
        left = end - time.monotonic()
        assert left > 0 and select.select([fd], [], [], left)[0], f'{mark!r} expected, got {got!r}'
        got += os.read(fd, 1)
    return got


def port(path):
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(fd)
    return fd


def say(fd, line, mark=b'\r\nOK\r\n'):
    os.write(fd, line + b'\r')
    return until(fd, mark)


def number(fd):
    return re.search(rb'\+CNUM: [^,]*,"([^"]+)"', say(fd, b'AT+CNUM')).group(1)


def transfer(a, b, folder):
    data = random.Random(19).randbytes(SIZE)
    there = os.path.join(folder, 'there')
    os.mkdir(there)
    with open(os.path.join(folder, 'file.bin'), 'wb') as f:
        f.write(data)
    # sz flushes its terminal at once after the last two bytes, which on a pty are lost with that: rz
    # waits for them three times, by default 10 s each
    rz = subprocess.Popen(['rz', '-b', '-t', '20'], stdin=b, stdout=b, stderr=subprocess.PIPE, cwd=there)
    sz = subprocess.Popen(['sz', '-b', 'file.bin'], stdin=a, stdout=a, stderr=subprocess.PIPE, cwd=folder)
    try:
        for tool in (sz, rz):
            tool.wait(DEADLINE)
            assert tool.returncode == 0, tool.stderr.read()
    finally:
        for tool in (sz, rz):
            if tool.poll() is None:
                tool.kill()
    with open(os.path.join(there, 'file.bin'), 'rb') as f:
        got = f.read()
    assert hashlib.sha256(got).digest() == hashlib.sha256(data).digest(), len(got)


def main():
    if not shutil.which('sz') or not shutil.which('rz'):
        skip('lrzsz is not installed')
    run = subprocess.Popen([sys.argv[1], 'run', '--count', '2', '--speed', 'max'], stdout=subprocess.PIPE, text=True)
    try:
        a, b = [port(run.stdout.readline().strip()) for _ in range(2)]
        for fd in (a, b):
            say(fd, b'ATE0&D2')
        to = number(b)
        os.write(a, b'ATD' + to + b'\r')
        until(b, b'RING')
        os.write(b, b'ATA\r')
        until(b, b'CONNECT 9600\r\n')
        until(a, b'CONNECT 9600\r\n')
        with tempfile.TemporaryDirectory() as folder:
            transfer(a, b, folder)
        os.close(a)  # DTR drops
        until(b, b'NO CARRIER')
    finally:
        run.terminate()
        run.wait()
    print('ok 1 - a file goes from sz to rz over two modems\n1..1')


main()
