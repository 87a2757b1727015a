#!/usr/bin/python3
"""xmodem.py [-r ROUNDS] [-s SIZE] BARE FAUXTRACK: how fast `sx -k` can send a firmware
image to fauxtrack, compared with the minimum that a receiver at a pty can do. Both keep running and
are measured in turn, each with its own clock from the first block to the end of the image."""

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import tempfile
import termios

PATIENCE = 60


class Control(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path):
        super().__init__('localhost', timeout=PATIENCE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self.path)

    def ask(self, method, path, body=None):
        self.request(method, '/v1/modems/1' + path, body and json.dumps(body),
                     {'Content-Type': 'application/json'})
        reply = self.getresponse()
        got = json.loads(reply.read())
        assert reply.status < 300, got
        return got


def on_cpu(cpu):
    """One processor for the receivers, the other for the sender."""
    if os.cpu_count() > 1:
        os.sched_setaffinity(0, {cpu})


class Server:
    def __init__(self, argv):
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True,
                                        preexec_fn=lambda: on_cpu(1))
        self.path = self.process.stdout.readline().strip()
        assert self.path, f'{argv[0]} does not start'

    def cpu(self):
        """Its CPU time in microseconds."""
        with open(f'/proc/{self.process.pid}/schedstat', encoding='ascii') as f:
            return int(f.read().split()[0]) / 1e3

    def send(self, name):
        with open(self.path, 'r+b', buffering=0) as line:
            termios.tcflush(line, termios.TCIFLUSH)
            subprocess.run(['sx', '-k', '-q', name], stdin=line, stdout=line, check=True,
                           stderr=subprocess.DEVNULL, timeout=PATIENCE)

    def close(self):
        self.process.terminate()
        self.process.wait()


class Bare(Server):
    def __init__(self, bare):
        super().__init__([bare, 'xmodem'])

    def measure(self, name):
        self.send(name)
        return int(self.process.stdout.readline())


class Fauxtrack(Server):
    def __init__(self, fauxtrack, folder):
        control = os.path.join(folder, 'control')
        super().__init__([fauxtrack, 'run', '--control', control])
        self.control = Control(control)
        with open(self.path, 'r+b', buffering=0) as line:
            line.write(b'AT+WDWL\r')
            self.control.ask('POST', '/wait', {'for': ['download.state=start']})

    def measure(self, name):
        since = self.control.ask('POST', '/wait', {'for': ['download.state=start']})['event']
        self.send(name)
        stream, at = Control(self.control.path), {}
        stream.request('GET', f'/v1/modems/1/events?since={since}')
        for line in stream.getresponse():
            event = line.startswith(b'data: ') and json.loads(line[6:])
            if event and event['event'] == 'download':
                at[event['text']] = event['at']
            if 'done' in at:
                break
        stream.close()
        return at['done'] - at['receiving']


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('-r', dest='rounds', type=int, default=9)
    options.add_argument('-s', dest='size', default='2M')
    options.add_argument('bare')
    options.add_argument('fauxtrack')
    o = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, 'image')
        subprocess.run([o.fauxtrack, 'dwl', 'make', '--firmware', 'r74', '--kind', 'firmware',
                        '--size', o.size, '-o', name], check=True)
        size = os.path.getsize(name)
        servers = [Bare(o.bare), Fauxtrack(o.fauxtrack, folder)]
        on_cpu(0)
        took, cpu = ([], []), ([], [])
        try:
            for _ in range(o.rounds):
                for i, server in enumerate(servers):
                    before = server.cpu()
                    took[i].append(server.measure(name))
                    cpu[i].append(server.cpu() - before)
        finally:
            for server in servers:
                server.close()
    rate = [size / statistics.median(t) for t in took]
    each = [statistics.median(c) / (size / 1024) for c in cpu]
    print(f'sx -k of {size} bytes, medians of {o.rounds} rounds')
    print(f'{"":10} {"MB/s":>8} {"CPU us/block":>15}')
    for name, r, c in zip(('bare', 'fauxtrack'), rate, each):
        print(f'{name:10} {r:8.2f} {c:15.2f}')
    print(f'{"ratio":10} {rate[1] / rate[0]:8.2f} {each[1] / each[0]:15.2f}')


main()
