#!/usr/bin/python3
"""test_neighbours.py FAUXTRACK: modems of one process send each other messages."""
import os
import re
import select
import time

from ptytest import DEADLINE, FOLDER, FULL, Client, Run, fauxtrack, main

MODEMS = 3
MESSAGES = 50 if FULL else 10
OK = b'\r\nOK\r\n'


class Host:
    """A host at one modem; messages and reports come at any time."""

    def __init__(self, path):
        self.client = Client(path)
        self.log = b''
        self.said = 0
        self.say('ATE0;+CMGF=1;+CNMI=2,2,0,1,0;+CSMP=49,167,0,0')
        self.say('AT+CNUM')
        self.number = re.search(rb'\+CNUM: "[^"]*","([^"]+)"', self.log).group(1).decode()

    def wait(self, others, pattern, begin=None, times=1):
        """Until this host has got that so often since its last line; all are read."""
        end = time.monotonic() + DEADLINE
        while len(re.findall(pattern, self.log[self.said if begin is None else begin:])) < times:
            left = end - time.monotonic()
            assert left > 0, f'{pattern!r} expected, got {self.log[-500:]!r}'
            ready = select.select([h.client.fd for h in others], [], [], left)[0]
            for host in others:
                if host.client.fd in ready:
                    host.log += host.client.get()

    def say(self, line, pattern=OK, others=None, end='\r'):
        self.said = len(self.log)
        self.client.send((line + end).encode())
        self.wait(others or [self], pattern)

    def message(self, others, number, text):
        self.say(f'AT+CMGS="{number}"', b'\r\n> ', others)
        self.say(text, rb'\+CMGS: \d+\r\n(?s:.*)\r\nOK\r\n', others, '\x1a')

    def texts(self):
        return re.findall(rb'\+CMT: "([^"]+)"[^\r]*\r\n([^\r]*)\r\n', self.log)

    def reports(self):
        """Reference and status of each."""
        return re.findall(rb'\+CDS: \d+,(\d+),[^\r]*,(\d+)\r\n', self.log)


def messages_go_round_a_ring_with_reports_none_lost_none_twice():
    with Run('--count', str(MODEMS), '--speed', 'max', count=MODEMS) as run:
        hosts = [Host(path) for path in run.paths]
        assert len({h.number for h in hosts}) == MODEMS
        for k in range(MESSAGES):
            for i, host in enumerate(hosts):
                host.message(hosts, hosts[(i + 1) % MODEMS].number, f'{i} sends {k}')
        for i, host in enumerate(hosts):
            host.wait(hosts, rb'\+CMT: [^\r]*\r\n[^\r]*\r\n', 0, MESSAGES)
            host.wait(hosts, rb'\+CDS: [^\r]*\r\n', 0, MESSAGES)
        for i, host in enumerate(hosts):
            sender = hosts[i - 1]
            want = [(sender.number.encode(), f'{(i - 1) % MODEMS} sends {k}'.encode()) for k in range(MESSAGES)]
            assert host.texts() == want, host.texts()
            accepted = re.findall(rb'\+CMGS: (\d+)', host.log)
            assert [r[0] for r in host.reports()] == accepted, (host.reports(), accepted)
            assert {r[1] for r in host.reports()} == {b'0'}, host.reports()


def a_message_waits_for_a_modem_that_is_off_and_comes_once():
    with Run('--count', '2', '--speed', 'max', count=2) as run:
        a, b = [Host(path) for path in run.paths]
        ctl = ('ctl', '--control', run.socket, '--modem', '2')
        assert fauxtrack(*ctl, 'power', 'off').returncode == 0
        assert fauxtrack(*ctl, 'state', 'power').stdout == 'off\n'
        a.message([a, b], b.number, 'later')
        assert not a.reports()
        assert fauxtrack(*ctl, 'power', 'on').returncode == 0
        a.wait([a, b], rb'\+CDS: [^\r]*,0\r\n', 0)
        b.said = len(b.log)
        b.say('AT+CMGF=1;+CMGL="ALL"', rb'later\r\n\r\nOK\r\n', [a, b])
        assert len(a.reports()) == 1 and b.log.count(b'later\r\n') == 1, (a.log, b.log)


def two_modems_with_one_number_are_refused_by_name():
    done = fauxtrack('run', '--count', '3', '--set', '1:sim.number=+33612345678', '--set', '3:sim.number=0612345678')
    assert done.returncode == 1 and done.stdout == '', done
    assert done.stderr == ('fauxtrack: modem 1 has the number +33612345678, and modem 3 has 0612345678: messages could '
                           'not tell them apart; give one another number: --set 3:sim.number=NUMBER\n'), done.stderr


def in_a_fleet_the_groups_are_named():
    path = os.path.join(FOLDER.name, 'fleet.yaml')
    with open(path, 'w', encoding='utf-8') as f:
        f.write('groups:\n  - { name: north, count: 3, numbers: "+33612340000" }\n'
                '  - { name: south, count: 2, numbers: "+33612340001" }\n')
    done = fauxtrack('run', '--fleet', path)
    assert done.returncode == 1 and done.stdout == '', done
    assert re.search(r'modem 2 \(2 of north\) has the number \+33612340001, and modem 4 \(1 of south\)', done.stderr), done
    assert 'set: ["1:sim.number=NUMBER"] in its group' in done.stderr, done


if __name__ == '__main__':
    main([
        messages_go_round_a_ring_with_reports_none_lost_none_twice,
        a_message_waits_for_a_modem_that_is_off_and_comes_once,
        two_modems_with_one_number_are_refused_by_name,
        in_a_fleet_the_groups_are_named,
    ])
