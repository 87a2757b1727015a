#!/usr/bin/python3
"""test_kill_messages.py FAUXTRACK: two modems with --state send each other messages, and the program is killed in the
middle, again and again: no message that was accepted is lost, none comes twice, and so with the reports. KILLS in the
environment: how often."""
import os
import random
import re
import select
import signal
import tempfile
import threading
import time

from ptytest import DEADLINE, FULL, Client, Run, main

KILLS = int(os.environ.get('KILLS', 50 if FULL else 5))
BATCH = 6  # messages each way in a round; SIM and report store have room for them
OK = b'\r\nOK\r\n'
NUMBERS = ('+33600000017', '+33600000018')


class Gone(Exception):
    """The program was killed."""


class Host:
    def __init__(self, path):
        self.client = Client(path)

    def ask(self, line, end=rb'\r\n(?:OK|ERROR|\+CM[ES] ERROR: [^\r]*)\r\n'):
        """The modem's answer, with what came before it; Gone when there is no modem any more."""
        deadline = time.monotonic() + DEADLINE
        try:
            self.client.send(line.encode())
            got = b''
            while not re.search(end, got):
                left = deadline - time.monotonic()
                assert left > 0, f'{end!r} expected, got {got!r}'
                if not select.select([self.client.fd], [], [], left)[0]:
                    continue
                more = os.read(self.client.fd, 4096)
                if not more:
                    raise Gone
                got += more
            return got
        except OSError as e:
            raise Gone from e

    def set_up(self):
        self.ask('ATE0\r')
        assert OK in self.ask('AT+CMGF=1;+CNMI=2,1,0,2,0;+CSMP=49,167,0,0;+CSAS\r')

    def message(self, number, text):
        """Whether it was accepted; a full network or store says no."""
        got = self.ask(f'AT+CMGS="{number}"\r', rb'\r\n> |ERROR')
        if b'ERROR' in got:
            return False
        return bool(re.search(rb'\+CMGS: \d+\r\n', self.ask(f'{text}\x1a')))

    def take(self, store):
        """All texts, or lines of reports, of a store, each deleted when it was read."""
        self.ask(f'AT+CPMS="{store}"\r')
        taken = []
        for index, rest, text in re.findall(rb'\+CMGL: (\d+),([^\r]*)\r\n([^\r]*)', self.ask('AT+CMGL="ALL"\r')):
            self.ask(f'AT+CMGD={index.decode()}\r')
            taken.append((rest if store == 'SR' else text).decode())
        self.ask('AT+CPMS="SM"\r')
        return taken


class Count:
    """What became of each text, over all rounds."""

    def __init__(self):
        self.accepted, self.tried, self.came = set(), set(), []
        self.reports = 0

    def gather(self, hosts):
        for host in hosts:
            self.came += host.take('SM')
            self.reports += len(host.take('SR'))

    def check(self):
        twice = {t for t in self.came if self.came.count(t) > 1}
        assert not twice, f'came twice: {twice}'
        assert self.accepted <= set(self.came), f'lost: {self.accepted - set(self.came)}'
        assert set(self.came) <= self.tried, set(self.came) - self.tried


def start(state):
    return Run('--count', '2', '--speed', 'max', '--state', state,
               '--set', f'1:sim.number={NUMBERS[0]}', '--set', f'2:sim.number={NUMBERS[1]}', count=2)


def talk(hosts, count, name):
    """Messages both ways until the program is gone."""
    for k in range(BATCH):
        for i, host in enumerate(hosts):
            text = f'{name}.{k}.{i}'
            count.tried.add(text)
            if host.message(NUMBERS[1 - i], text):
                count.accepted.add(text)


def kill(run):
    run.process.send_signal(signal.SIGKILL)


def one_round(state, count, number, chance):
    """Returns whether it was killed while messages went to and fro."""
    with start(state) as run:
        hosts = [Host(path) for path in run.paths]
        for host in hosts:
            host.set_up()
        count.gather(hosts)
        timer = threading.Timer(10 ** chance.uniform(-3, -0.5), kill, [run])
        timer.start()
        try:
            talk(hosts, count, number)
            amid = False
        except Gone:
            amid = True
        timer.join()
        run.process.wait()
        run.process.returncode = 0
        for host in hosts:
            host.client.close()
        return amid


def nothing_is_lost_and_nothing_comes_twice():
    chance = random.Random(19)
    count = Count()
    with tempfile.TemporaryDirectory() as d:
        state = os.path.join(d, 'state')
        amid = sum(one_round(state, count, number, chance) for number in range(KILLS))
        with start(state) as run:
            hosts = [Host(path) for path in run.paths]
            for host in hosts:
                host.set_up()
            for _ in range(100):  # each asks the modems some times: virtual time passes
                count.gather(hosts)
                if count.accepted <= set(count.came) and count.reports >= len(count.came):
                    break
            count.gather(hosts)
            count.check()
            assert count.reports == len(count.came), (count.reports, len(count.came))
    print(f'# {KILLS} kills, {amid} of them amid messages: {len(count.accepted)} accepted, {len(count.came)} came')
    assert amid and len(count.accepted) >= KILLS, (amid, len(count.accepted))


if __name__ == '__main__':
    main([nothing_is_lost_and_nothing_comes_twice])
