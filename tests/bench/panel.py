#!/usr/bin/python3
"""panel.py [-r ROUNDS] [-n COMMANDS] [-s SECONDS] FAUXTRACK: what the panel costs the emulator, in CPU time: while
nothing happens, and for each AT of a modem that a program uses; without a page, with one open and with ten. A page is
the stream that it follows, read as it comes by a process of its own."""

import argparse
import os
import re
import select
import selectors
import socket
import statistics
import subprocess
import sys
import termios
import tty

PAGES = (0, 1, 10)
STREAM = 'GET /v1/modems/1/events?since=0&bytes=1&state=1 HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer {}\r\n\r\n'
URL = r'panel: http://127\.0\.0\.1:(\d+)/#token=([0-9a-f]+)\n'


def follow(port, token, pages):
    """Never returns."""
    s = selectors.DefaultSelector()
    for _ in range(pages):
        c = socket.create_connection(('127.0.0.1', port))
        c.sendall(STREAM.format(port, token).encode())
        head = b''
        while b'event: state' not in head:
            got = c.recv(1 << 16)
            if not got:
                sys.exit(f'the stream has ended after {head!r}')
            head += got
        s.register(c, selectors.EVENT_READ)
    print('on', flush=True)
    while True:
        for key, _ in s.select():
            if not key.fileobj.recv(1 << 20):
                sys.exit('the stream has ended')


def cpu(pid):
    """In microseconds, so far."""
    with open(f'/proc/{pid}/schedstat', encoding='ascii') as f:
        return int(f.read().split()[0]) / 1e3


def talk(line, commands):
    for _ in range(commands):
        os.write(line, b'AT\r')
        got = b''
        while not got.endswith(b'\r\nOK\r\n'):
            got += os.read(line, 4096)


def measure(pid, line, args):
    """(microseconds in a second without work, microseconds an AT)"""
    talk(line, 100)
    select.select([], [], [], 0.5)  # what follows a talk ends
    before = cpu(pid)
    select.select([], [], [], args.seconds)
    rest = cpu(pid)
    talk(line, args.commands)
    return (rest - before) / args.seconds, (cpu(pid) - rest) / args.commands


def rounds(args):
    """For each number of pages, in each round: what measure() returns."""
    with subprocess.Popen([args.program, 'run', '--panel', '--speed', 'max', '--control', 'none'],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        line = os.open(server.stdout.readline().strip(), os.O_RDWR | os.O_NOCTTY)
        tty.setraw(line, termios.TCSANOW)
        port, token = re.fullmatch(URL, server.stderr.readline()).groups()
        for _ in range(args.rounds):
            told = []
            for pages in PAGES:
                with subprocess.Popen([sys.executable, __file__, '--follow', port, '--token', token, '-c', str(pages)],
                                      stdout=subprocess.PIPE) as follower:
                    if follower.stdout.readline() != b'on\n':
                        sys.exit('panel.py: the page does not get its stream')
                    told.append(measure(server.pid, line, args))
                    follower.kill()
            yield told
        os.close(line)
        server.terminate()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('-r', '--rounds', type=int, default=5)
    parser.add_argument('-n', '--commands', type=int, default=10000)
    parser.add_argument('-s', '--seconds', type=float, default=5)
    parser.add_argument('-c', '--pages', type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument('--follow', type=int, help=argparse.SUPPRESS)
    parser.add_argument('--token', help=argparse.SUPPRESS)
    parser.add_argument('program', nargs='?')
    args = parser.parse_args()
    if args.follow:
        follow(args.follow, args.token, args.pages)
    told = list(rounds(args))
    print(f'the panel, CPU time of the emulator, medians of {args.rounds} rounds:')
    for i, pages in enumerate(PAGES):
        idle, each = (statistics.median(r[i][k] for r in told) for k in (0, 1))
        print(f'{pages} pages open: idle {idle:.1f} us a second, {each:.2f} us an AT')


main()
