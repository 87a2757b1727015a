#!/usr/bin/python3
"""start.py [-n MODEMS] [-r ROUNDS] BARE FAUXTRACK: the time from the start of the program to its
paths and to the first OK of a modem. Each round starts both anew, one after the other."""

import argparse
import os
import select
import signal
import statistics
import subprocess
import sys
import termios
import time
import tty

PATIENCE = 60


def first_ok(argv, modems):
    """(ms to the last path, ms to OK of the modem that was opened last)."""
    began = time.monotonic()
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        path = None
        for _ in range(modems):
            path = server.stdout.readline().strip()
            if not path:
                sys.exit(f'start.py: {" ".join(argv)} printed fewer than {modems} paths')
        paths = time.monotonic()
        line = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(line, termios.TCSANOW)
        os.write(line, b'AT\r')
        got = b''
        while not got.endswith(b'OK\r\n'):
            if not select.select([line], [], [], PATIENCE)[0]:
                sys.exit(f'start.py: {" ".join(argv)}: no OK, only {got!r}')
            got += os.read(line, 4096)
        ok = time.monotonic()
        os.close(line)
        server.send_signal(signal.SIGTERM)
    return 1e3 * (paths - began), 1e3 * (ok - began)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('-n', dest='modems', type=int, default=1)
    options.add_argument('-r', dest='rounds', type=int, default=9)
    options.add_argument('bare')
    options.add_argument('fauxtrack')
    o = options.parse_args()
    servers = {'bare': [o.bare, str(o.modems)],
               'fauxtrack': [o.fauxtrack, 'run', '--count', str(o.modems)]}
    took = {name: [] for name in servers}
    for _ in range(o.rounds):
        for name, argv in servers.items():
            took[name].append(first_ok(argv, o.modems))
    median = {name: [statistics.median(t[i] for t in all_of) for i in (0, 1)]
              for name, all_of in took.items()}
    print(f'a start, {o.modems} modem{"s" * (o.modems > 1)}, medians of {o.rounds} rounds')
    print(f'{"":12} {"paths ms":>9} {"first OK ms":>12}')
    for name, (paths, ok) in median.items():
        print(f'{name:12} {paths:9.1f} {ok:12.1f}')
    bare, own = median['bare'], median['fauxtrack']
    print(f'{"ratio":12} {own[0] / bare[0]:9.2f} {own[1] / bare[1]:12.2f}')


main()
