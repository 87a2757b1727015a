#!/usr/bin/python3
"""record.py [-r ROUNDS] [-n COMMANDS] BARE FAUXTRACK: the time of a bare AT on the pty of the bare
responder, directly, through `record`, and through `record --check`; the last two less the first is
what they add to a conversation: two passings, there and back."""

import argparse
import os
import statistics
import subprocess
import tempfile
import time
import tty


class Server:
    def __init__(self, *argv):
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.path = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def measure(path, commands):
    """(p50, p99) in microseconds."""
    line = os.open(path, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(line)
    took = []
    for _ in range(commands):
        began = time.monotonic()
        os.write(line, b'AT\r')
        got = b''
        while not got.endswith(b'OK\r\n'):
            got += os.read(line, 4096)
        took.append(1e6 * (time.monotonic() - began))
    os.close(line)
    took.sort()
    return took[commands // 2], took[commands * 99 // 100]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('-r', '--rounds', type=int, default=5)
    parser.add_argument('-n', '--commands', type=int, default=3000)
    parser.add_argument('bare')
    parser.add_argument('fauxtrack')
    args = parser.parse_args()
    ways = {'direct': [], 'record': ['--trace', 'record.pcapng'],
            'checked': ['--trace', 'checked.pcapng', '--quiet', '--check', 'fastrack-supreme-20-r74']}
    found = {name: [] for name in ways}
    bare, fauxtrack = os.path.abspath(args.bare), os.path.abspath(args.fauxtrack)
    with tempfile.TemporaryDirectory(prefix='fauxtrack-bench-') as folder:
        os.chdir(folder)
        for _ in range(args.rounds):
            for name, options in ways.items():
                with Server(bare) as device:
                    if name == 'direct':
                        found[name].append(measure(device.path, args.commands))
                        continue
                    with Server(fauxtrack, 'record', device.path, *options) as record:
                        found[name].append(measure(record.path, args.commands))
        os.chdir('/')
    median = {name: [statistics.median(c) for c in zip(*rows)] for name, rows in found.items()}
    print(f'a bare AT past record, medians of {args.rounds} rounds')
    print('              p50 us    p99 us')
    for name, (p50, p99) in median.items():
        print(f'{name:12} {p50:7.1f} {p99:9.1f}')
    for name in ('record', 'checked'):
        print('+ ' + f'{name:10}' + ''.join(
            f' {a - b:{w}.1f}' for a, b, w in zip(median[name], median['direct'], (7, 9))))
    print('ratio       ' + ''.join(
        f' {a / b:{w}.2f}' for a, b, w in zip(median['checked'], median['direct'], (7, 9))))


if __name__ == '__main__':
    main()
