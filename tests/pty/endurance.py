#!/usr/bin/python3
"""endurance.py FAUXTRACK [SECONDS]: 200 modems at ports of all kinds for ten minutes (or SECONDS) while control is
busy, two readers of events never read, one client floods its port, one never reads what it is sent, and the others
are queried in turn, each second one by a client of its own. It fails when the emulator dies or stops answering, or
when its memory or the number of its descriptors grows.

Memory counts as constant when the median of the last third after the warm-up is at most 1 MiB and
1 % above that of the first third. The warm-up takes a minute (in runs below three minutes, a third
of the run): in it each modem gets enough traffic to fill its journal of the control interface
(journal.h, 48 KiB per modem, allocated as it fills). After that only the allocator varies: 1 MiB is
less than a byte per request of the busy clients, so a leak in anything they do is found."""

import json
import multiprocessing
import os
import select
import socket
import statistics
import sys
import tempfile
import time

import ptytest
from ptytest import Client, Server

KINDS = (('pty', 110, None), ('tcp', 30, 'tcp:0'), ('rfc', 30, 'rfc2217:0'), ('unix', 30, 'unix:{folder}/port-{}'))
MODEMS = sum(count for _, count, _ in KINDS)
CLIENTS = 8      # busy connections to control
FILL = 250       # lines that fill a modem's journal, each about 700 bytes of it
LONGEST = 60.0   # seconds to wait for an answer; the machine may be busy
ALLOWED = 1024   # kB, in addition to 1 %
REQUESTS = [('GET', f'/v1/modems/{i}', None) for i in (1, 77, 200)] + [
    ('GET', '/v1/openapi.json', None), ('GET', '/v1/modems', None),
    ('POST', '/v1/modems/1/actions/signal', 'weak'), ('POST', '/v1/modems/1/actions/signal', 'usual'),
    ('POST', '/v1/modems/1/actions/sms', {'from': '+33612345678', 'text': 'hello'}),
    ('POST', '/v1/modems/1/actions/rack', 'closed'), ('POST', '/v1/modems/1/actions/rack', 'open'),
    ('POST', '/v1/modems/2/wait', {'for': 'power=off', 'timeout': '1ms'}),
    ('GET', '/v1/modems/5/trace?last=20', None), ('GET', '/nowhere', None)]


def fleet(folder):
    """The path of a fleet file with all kinds of ports."""
    path = os.path.join(folder, 'fleet.yaml')
    with open(path, 'w', encoding='ascii') as f:
        f.write('kind: fleet\ngroups:\n')
        for name, count, listen in KINDS:
            f.write(f'  - name: {name}\n    count: {count}\n')
            if listen:
                f.write(f'    listen: "{listen.replace("{folder}", folder)}"\n')
    return path


class SocketClient(Client):
    """A client of a port that listens. What RFC 2217 says beside the bytes is passed over by its readers."""

    def __init__(self, url):
        if '://' in url:
            host, port = url.split('://')[1].rsplit(':', 1)
            self.socket = socket.create_connection((host, int(port)))
        else:
            self.socket = connect(url)
        self.socket.setblocking(False)
        self.fd = self.socket.fileno()

    def close(self):
        self.socket.close()
        self.fd = -1


def client(path):
    return Client(path) if path.startswith('/dev/') else SocketClient(path)


def request(method, path, body):
    data = b'' if body is None else json.dumps(body).encode()
    return (f'{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
            f'Content-Length: {len(data)}\r\n\r\n').encode() + data


def connect(path):
    s = socket.socket(socket.AF_UNIX)
    s.connect(path)
    return s


def answer(s):
    """The status of the next answer on a connection with one outstanding request."""
    got = b''
    while b'\r\n\r\n' not in got:
        more = s.recv(1 << 18)
        assert more, 'control has closed'
        got += more
    head, body = got.split(b'\r\n\r\n', 1)
    length = int(head.lower().split(b'content-length:')[1].split()[0])
    while len(body) < length:
        more = s.recv(1 << 18)
        assert more, 'control has closed'
        body += more
    return int(head.split()[1])


def keep_control_busy(path, first, count):
    """Makes requests without end on one connection; count.value is the number of answers."""
    asked = [request(*r) for r in REQUESTS]
    s, i = connect(path), first
    while True:
        s.sendall(asked[i % len(asked)])
        status = answer(s)
        assert status < 500, f'{REQUESTS[i % len(asked)]}: {status}'
        count.value += 1
        i += 1


def flood(path):
    """Sends as much as the port accepts, and reads now and then."""
    with client(path) as c:
        i = 0
        while True:
            select.select([], [c.fd], [], 0.1)
            try:
                os.write(c.fd, (b'AT', b'AT+CSQ;+CREG?', b'AT+NONE=' + b'9' * 300, b'\xff\x00')[i % 4] + b'\r')
            except BlockingIOError:
                for _ in range(8):
                    c.get()
            i += 1


def never_reads(path):
    """Has the modem send as much as the port takes, and reads nothing."""
    with client(path) as c:
        while True:
            select.select([], [], [], 0.1)
            try:
                os.write(c.fd, b'AT+CSQ;+CREG?;+CMGF?\r')
            except BlockingIOError:
                pass


def alone(work, *args):
    """Without the descriptors of the parent: a connection that a child holds too would not end. At the lowest
    priority: else processes share two processors, and p99 measures the scheduler."""
    os.closerange(3, 4096)
    os.nice(19)
    work(*args)


def helper(name, work, *args):
    return multiprocessing.Process(target=alone, args=(work, *args), name=name, daemon=True)


def stalled_reader(path):
    s = connect(path)
    s.sendall(request('GET', '/v1/modems/1/events', None))
    return s


def fill(clients):
    """Sends FILL commands to each of them, and reads the answers."""
    left = {c.fd: (b'AT+' + b'9' * 300 + b'\r') * FILL for c in clients}
    by_fd = {c.fd: c for c in clients}
    quiet = time.monotonic()
    while any(left.values()) or time.monotonic() - quiet < 2:
        assert time.monotonic() - quiet < 2 * LONGEST, 'the modems accept nothing'
        readable, writable, _ = select.select(list(by_fd), [fd for fd in left if left[fd]], [], 1)
        for fd in writable:
            left[fd] = left[fd][os.write(fd, left[fd][:900]):]
            quiet = time.monotonic()
        for fd in readable:
            by_fd[fd].get()
            quiet = time.monotonic()
        if writable and not readable:
            select.select(list(by_fd), [], [], 0.01)


def ask(c):
    """The time of a bare AT in seconds."""
    began = time.monotonic()
    c.send(b'AT\r')
    got = b''
    while b'\r\nOK\r\n' not in got:  # a line that nobody asked for may follow
        assert select.select([c.fd], [], [], LONGEST)[0], f'no answer from a modem after {got[-80:]!r}'
        more = c.get()
        assert more, f'the modem has closed its port after {got[-80:]!r}'
        got += more
    return time.monotonic() - began


class Run:
    """The measurements, taken each second."""

    def __init__(self, server, path, clients, helpers):
        self.server, self.path, self.clients, self.helpers = server, path, clients, helpers
        self.stalled = [stalled_reader(path) for _ in range(2)]
        self.dropped = 0
        self.rss, self.files, self.took = [], [], []

    def look(self):
        assert self.server.process.poll() is None, 'the emulator has died'
        for h in self.helpers:
            assert h.is_alive(), f'{h.name} has ended'
        self.rss.append(self.server.rss_kb())
        self.files.append(len(os.listdir(f'/proc/{self.server.pid}/fd')))
        for i, s in enumerate(self.stalled):
            p = select.poll()
            p.register(s, select.POLLHUP)
            if p.poll(0):
                s.close()
                self.dropped += 1
                self.stalled[i] = stalled_reader(self.path)

    def until(self, end):
        """Queries the modems in turn, 100 times a second."""
        i, looked = 0, 0.0
        while time.monotonic() < end:
            at = i % len(self.clients)
            if i % 50 == 0:
                self.clients[at].close()
                self.clients[at] = client(self.server.paths[at])
            self.took.append(ask(self.clients[at]))
            i += 1
            if time.monotonic() - looked >= 1:
                looked = time.monotonic()
                self.look()
            select.select([], [], [], 0.01)

    def p99(self):
        return sorted(self.took)[len(self.took) * 99 // 100] * 1e3


def measure(seconds, folder):
    path = os.path.join(folder, 'control')
    warm = min(60.0, seconds / 3)
    Server.ready = None
    with Server('run', '--fleet', fleet(folder), '--control', path, count=MODEMS) as server:
        # the last one, at a Unix socket, is flooded; the one before is not read
        clients = [client(p) for p in server.paths[:-2]]
        quiet = Run(server, path, clients, [])
        quiet.until(time.monotonic() + 5)
        fill(clients)
        began = time.monotonic()
        counts = [multiprocessing.Value('Q', 0, lock=False) for _ in range(CLIENTS)]
        helpers = [helper(f'busy client {i}', keep_control_busy, path, i, count) for i, count in enumerate(counts)]
        helpers.append(helper('the flooding client', flood, server.paths[-1]))
        helpers.append(helper('the client that never reads', never_reads, server.paths[-2]))
        for h in helpers:
            h.start()
        try:
            busy = Run(server, path, clients, helpers)
            busy.until(began + warm)
            busy.rss.clear()
            busy.files.clear()
            busy.took.clear()
            asked = sum(count.value for count in counts)
            start = time.monotonic()
            busy.until(began + seconds)
            asked = sum(count.value for count in counts) - asked
            seconds = time.monotonic() - start
        finally:
            for h in helpers:
                h.terminate()
                h.join()
        for c in clients:
            c.close()
    third = len(busy.rss) // 3
    first, last = statistics.median(busy.rss[:third]), statistics.median(busy.rss[-third:])
    print(f'# {MODEMS} modems, {warm:.0f} s of warm-up, {seconds:.0f} s measured: {asked} requests '
          f'({asked / seconds:.0f} a second), {busy.dropped} stalled readers dropped')
    print(f'# a bare AT of the other modems: p99 {busy.p99():.2f} ms, {quiet.p99():.2f} ms before')
    print(f'# memory: {first:.0f} kB in the first third, {last:.0f} in the last, at most {max(busy.rss)}')
    print(f'# descriptors: {min(busy.files)} to {max(busy.files)}, at the end {busy.files[-1]}')
    assert asked, 'control was not busy'
    assert max(busy.files[-third:]) <= max(busy.files[:third]) + 2, 'descriptors have grown'
    assert last <= first * 1.01 + ALLOWED, f'memory has grown from {first:.0f} to {last:.0f} kB'


def memory_stays_as_it_is_under_load():
    with tempfile.TemporaryDirectory(prefix='fauxtrack-test-') as folder:
        measure(SECONDS, folder)


ptytest.DEADLINE = 120.0  # seconds to start so many on a busy machine
SECONDS = float(sys.argv.pop(2)) if len(sys.argv) > 2 else 600.0
ptytest.main([memory_stays_as_it_is_under_load])
