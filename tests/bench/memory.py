#!/usr/bin/python3
"""memory.py [-n MODEMS] [-u USED] [-m MESSAGES] FAUXTRACK: resident memory of `fauxtrack run`: of one modem, of
each further one that is idle, and of USED modems that have each sent and received MESSAGES; from
/proc/PID/smaps_rollup. Not times but pages are counted: another load on the machine changes nothing."""

import argparse
import os
import re
import select
import subprocess
import tempfile
import time
import tty

PEER = '+33612345678'


def resident(pid):
    """(Rss, Pss) in KiB."""
    with open(f'/proc/{pid}/smaps_rollup', encoding='ascii') as f:
        text = f.read()
    return tuple(int(re.search(rf'^{key}: +(\d+) kB', text, re.M)[1]) for key in ('Rss', 'Pss'))


class Server:
    """`fauxtrack run` that has printed all its paths."""

    def __init__(self, program, *options):
        self.folder = tempfile.TemporaryDirectory()
        self.control = os.path.join(self.folder.name, 'control')
        self.program = program
        self.count = int(options[options.index('--count') + 1]) if '--count' in options else 1
        self.process = subprocess.Popen(
            [program, 'run', '--control', self.control, *options],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def __enter__(self):
        self.paths = [self.process.stdout.readline().strip() for _ in range(self.count)]
        if not self.paths[-1]:
            raise SystemExit(f'{self.program} run --count {self.count} has ended early; run it by hand')
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()

    def resident(self):
        return resident(self.process.pid)

    def ctl(self, *words):
        subprocess.run([self.program, 'ctl', '--control', self.control, *words], check=True,
                       stdout=subprocess.DEVNULL)


class Line:
    """The port as a program uses it that sends and reads messages."""

    def __init__(self, path):
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.fd)
        self.heard = ''

    def until(self, pattern):
        end = time.monotonic() + 20
        while not (found := re.search(pattern, self.heard)):
            if not select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
                raise SystemExit(f'no {pattern!r} in {self.heard!r}')
            self.heard += os.read(self.fd, 4096).decode('latin-1')
        self.heard = self.heard[found.end():]
        return found

    def ask(self, command, pattern=r'\r\nOK\r\n'):
        os.write(self.fd, command.encode())
        return self.until(pattern)

    def send(self, text):
        self.ask(f'AT+CMGS="{PEER}"\r', '> ')
        self.ask(text + '\x1a')

    def receive(self):
        index = self.until(r'\+CMTI: "SM",(\d+)\r\n')[1]
        self.ask(f'AT+CMGR={index}\r')
        self.ask(f'AT+CMGD={index}\r')


def used(program, modems, messages):
    """What each modem takes more than an idle one, after the messages: in each turn one is sent, and one
    received, read and deleted. The first modem goes ahead: what the program takes once is not counted."""
    with Server(program, '--speed', 'max', '--count', str(modems + 1)) as server:
        for number, path in enumerate(server.paths, 1):
            line = Line(path)
            line.ask('AT+CMGF=1;+CNMI=2,1\r')
            for k in range(messages):
                line.send(f'message {k} out, as long as a short note')
                server.ctl('--modem', str(number), 'sms', f'from={PEER}',
                           f'text=message {k} in, as long as a short note')
                line.receive()
            if number == 1:
                before = server.resident()[0]
        return (server.resident()[0] - before) / modems


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('-n', '--modems', type=int, default=1000)
    parser.add_argument('-u', '--used', type=int, default=4)
    parser.add_argument('-m', '--messages', type=int, default=100)
    parser.add_argument('program')
    args = parser.parse_args()
    with Server(args.program) as server:
        one = server.resident()
    with Server(args.program, '--count', str(args.modems)) as server:
        many = server.resident()
    rss, pss = ((b - a) / (args.modems - 1) for a, b in zip(one, many))
    print(f'one modem: Rss {one[0]} KiB, Pss {one[1]} KiB')
    print(f'each further idle modem, of {args.modems}: Rss {rss:.1f} KiB, Pss {pss:.1f} KiB')
    more = used(args.program, args.used, args.messages)
    print(f'a modem that has sent and received {args.messages} messages: {rss + more:.1f} KiB, of {args.used}')


if __name__ == '__main__':
    main()
