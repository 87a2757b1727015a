#!/usr/bin/python3
"""control.py [-r ROUNDS] [-n COMMANDS] [-c CLIENTS] FAUXTRACK: the time of a bare AT, in turn alone
and while CLIENTS request the largest answer of the control interface as fast as they get it. The
clients run at the lowest priority, so that the result is how long the modem lets the line wait, not
how the scheduler shares two processors between three busy processes."""

import argparse
import os
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import termios
import time
import tty

REQUEST = b'GET /v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n'


def load(path, clients):
    """Never returns."""
    os.nice(19)
    s = selectors.DefaultSelector()
    for _ in range(clients):
        c = socket.socket(socket.AF_UNIX)
        c.connect(path)
        c.sendall(REQUEST)
        s.register(c, selectors.EVENT_READ)
    print('on', flush=True)
    while True:
        for key, _ in s.select():
            if key.fileobj.recv(1 << 20).endswith(b'}'):
                key.fileobj.send(REQUEST)


def measure(line, commands):
    """(p50, p99) in milliseconds."""
    took = []
    for _ in range(commands):
        began = time.monotonic()
        os.write(line, b'AT\r')
        got = b''
        while not got.endswith(b'\r\nOK\r\n'):
            got += os.read(line, 4096)
        took.append(1e3 * (time.monotonic() - began))
    took.sort()
    return took[commands // 2], took[commands * 99 // 100]


def rounds(program, args, folder):
    control = os.path.join(folder, 'control')
    with subprocess.Popen([program, 'run', '--speed', 'max', '--control', control],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        line = os.open(server.stdout.readline().strip(), os.O_RDWR | os.O_NOCTTY)
        tty.setraw(line, termios.TCSANOW)
        for _ in range(args.rounds):
            alone = measure(line, args.commands)
            with subprocess.Popen([sys.executable, __file__, '--load', control, '-c',
                                   str(args.clients)], stdout=subprocess.PIPE) as clients:
                clients.stdout.readline()
                beside = measure(line, args.commands)
                clients.kill()
            yield alone, beside
        os.close(line)
        server.terminate()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('-r', '--rounds', type=int, default=5)
    parser.add_argument('-n', '--commands', type=int, default=3000)
    parser.add_argument('-c', '--clients', type=int, default=250)
    parser.add_argument('--load', help=argparse.SUPPRESS)
    parser.add_argument('program', nargs='?')
    args = parser.parse_args()
    if args.load:
        load(args.load, args.clients)
    with tempfile.TemporaryDirectory() as folder:
        told = list(rounds(args.program, args, folder))
    print(f'a bare AT, medians of {args.rounds} rounds\n              p50 ms    p99 ms')
    median = [[statistics.median(r[which][i] for r in told) for i in (0, 1)] for which in (0, 1)]
    for name, (p50, p99) in zip(('alone', f'{args.clients} clients'), median):
        print(f'{name:12} {p50:8.3f}  {p99:8.3f}')
    print(f'{"ratio":12} {median[1][0] / median[0][0]:8.2f}  {median[1][1] / median[0][1]:8.2f}')


main()
