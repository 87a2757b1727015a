#!/usr/bin/python3
"""test_between.py FAUXTRACK: sz at one modem sends a file to rz at another, over a data call between
them."""

import hashlib
import os
import random
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tty

DEADLINE = 120
SIZE = 100_000
MOSQUITTO = shutil.which('mosquitto') or '/usr/sbin/mosquitto'


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
    rz = subprocess.Popen(['rz', '-b'], stdin=b, stdout=b, stderr=subprocess.PIPE, cwd=there)
    sz = subprocess.Popen(['sz', '-b', 'file.bin'], stdin=a, stdout=a, stderr=subprocess.PIPE, cwd=folder)
    try:
        sz.wait(DEADLINE)
        # it flushes its terminal after its last two bytes, which on a pty are lost with that; rz would
        # wait half a minute for them
        os.write(a, b'OO')
        rz.wait(DEADLINE)
        for tool in (sz, rz):
            assert tool.returncode == 0, tool.stderr.read()
    finally:
        for tool in (sz, rz):
            if tool.poll() is None:
                tool.kill()
    with open(os.path.join(there, 'file.bin'), 'rb') as f:
        got = f.read()
    assert hashlib.sha256(got).digest() == hashlib.sha256(data).digest(), len(got)


def begin(runs, *args, count=1):
    run = subprocess.Popen([sys.argv[1], 'run', '--speed', 'max', *args], stdout=subprocess.PIPE, text=True)
    runs.append(run)
    return [port(run.stdout.readline().strip()) for _ in range(count)]


def send_a_file(a, b):
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


def in_one_process(runs):
    send_a_file(*begin(runs, '--count', '2', count=2))


def listens(at):
    try:
        socket.create_connection(('127.0.0.1', at), 1).close()
        return True
    except OSError:
        return False


def in_two_processes(runs):
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        at = s.getsockname()[1]
    runs.append(subprocess.Popen([MOSQUITTO, '-p', str(at)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL))
    end = time.monotonic() + DEADLINE
    while not listens(at):
        assert time.monotonic() < end, 'the broker does not listen'
        select.select([], [], [], 0.02)
    exchange = ('--exchange', f'mqtt://127.0.0.1:{at}')
    b, = begin(runs, *exchange, '--set', 'sim.number=+33612340002')
    a, = begin(runs, *exchange, '--set', 'sim.number=+33612340001')  # which knows the other one
    send_a_file(a, b)


def main():
    if not shutil.which('sz') or not shutil.which('rz'):
        skip('lrzsz is not installed')
    tests = [in_one_process] + ([in_two_processes] if os.path.exists(MOSQUITTO) else [])
    for i, test in enumerate(tests, 1):
        runs = []
        try:
            test(runs)
        finally:
            for run in reversed(runs):
                run.terminate()
                run.wait()
        print(f'ok {i} - a file goes from sz to rz over two modems {test.__name__.replace("_", " ")}')
    print(f'1..{len(tests)}')


main()
