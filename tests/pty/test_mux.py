#!/usr/bin/python3
"""test_mux.py FAUXTRACK: the multiplexer over a real port, as a program meets it that speaks 27.010: two channels at
once, the trace, a program that dies and its successor, a cable that is pulled out, a modem that is killed."""
import os
import select
import signal

import ptytest
from ptytest import Client, Run, fauxtrack, main, until

UIH, SABM, DISC, UA = 0xEF, 0x3F, 0x53, 0x73
OK = b'\r\nOK\r\n'


def fcs(octets):
    total = 0xFF
    for octet in octets:
        total ^= octet
        for _ in range(8):
            total = total >> 1 ^ 0xE0 if total & 1 else total >> 1
    return 0xFF - total


def frame(dlci, control, info=b'', command=True):
    head = bytes([dlci << 2 | command << 1 | 1, control, len(info) << 1 | 1])
    return b'\xF9' + head + info + bytes([fcs(head)]) + b'\xF9'


class Host:
    """Speaks 27.010; what channels say is in .said."""

    def __init__(self, client):
        self.client, self.rest = client, b''
        self.said = {n: b'' for n in range(64)}
        self.answered = set()

    def send(self, dlci, control, info=b''):
        self.client.send(frame(dlci, control, info))

    def text(self, dlci, text):
        for i in range(0, len(text), 31):
            self.send(dlci, UIH, text[i:i + 31])

    def take(self, dlci, control, info):
        if control in (UA, 0x1F):
            self.answered.add((dlci, control))
        elif dlci:
            self.said[dlci] += info
        elif info[:1] == b'\xE3':  # MSC
            self.send(0, UIH, b'\xE1' + info[1:])
        else:
            self.said[0] += info

    def listen(self):
        """Takes the frames that have come."""
        select.select([self.client.fd], [], [], 0.05)
        self.rest += self.client.get()
        while len(self.rest) > 1:
            if self.rest[0] != 0xF9 or self.rest[1] == 0xF9:
                self.rest = self.rest[1:]
                continue
            if len(self.rest) < 6 or len(self.rest) < 6 + (self.rest[3] >> 1):
                break
            end = 4 + (self.rest[3] >> 1)
            assert fcs(self.rest[1:4]) == self.rest[end], self.rest
            self.take(self.rest[1] >> 2, self.rest[2], self.rest[4:end])
            self.rest = self.rest[end + 1:]

    def until(self, what, condition):
        def heard():
            self.listen()
            return condition()
        until(what, heard)

    def open(self, *dlcis):
        for dlci in dlcis:
            self.send(dlci, SABM)
            self.until(f'UA of DLC {dlci}', lambda d=dlci: (d, UA) in self.answered)
            if dlci:
                self.send(0, UIH, bytes([0xE3, 5, dlci << 2 | 3, 0x0D]))

    def ask(self, dlci, line):
        self.said[dlci] = b''
        self.text(dlci, line + b'\r')
        self.until(f'the answer to {line!r}', lambda: self.said[dlci].endswith(OK))
        return self.said[dlci]

    def close(self):
        self.send(0, UIH, b'\xC3\x01')
        self.until('the answer to CLD', lambda: self.said[0].endswith(b'\xC1\x01'))


def multiplexed(client, *dlcis):
    client.send(b'ATE0\r')
    client.read_until(OK)
    client.send(b'AT+CMUX=0\r')
    client.read_until(OK)
    host = Host(client)
    host.open(0, *dlcis)
    return host


def talk(speed):
    with Run('--speed', speed) as r, Client(r.path) as c:
        host = multiplexed(c, 1, 2)
        host.text(1, b'ATD0458783786\r')
        assert b'+CMGF: 1' in host.ask(2, b'AT+CMGF?')
        host.until('the call', lambda: b'CONNECT' in host.said[1])
        host.said[1] = b''
        sent = bytes(range(32, 127)) * 100
        for i in range(0, len(sent), 310):
            host.text(1, sent[i:i + 310])
            host.listen()
        assert OK in host.ask(2, b'AT')
        host.until('the echo', lambda: len(host.said[1]) == len(sent))
        assert host.said[1] == sent
        host.close()
        c.send(b'AT\r')
        c.read_until(OK)


def two_channels_talk_at_once():
    talk('1')


def two_channels_talk_at_any_speed():
    talk('max')


def the_trace_shows_frames():
    with Run('--trace', os.path.join(ptytest.FOLDER.name, 'trace')) as r, Client(r.path) as c:
        multiplexed(c, 1).close()
    with open(os.path.join(ptytest.FOLDER.name, 'trace'), encoding='utf-8') as f:
        text = f.read()
    assert '> <F9><03>?<01><1C><F9>' in text, text
    assert '< <F9><03>s<01><D7><F9>' in text, text


def a_successor_ends_what_a_dead_program_has_left():
    with Run() as r:
        with Client(r.path) as c:
            multiplexed(c, 1, 2).text(1, b'AT+CMGS="0612345678"\r')
        with Client(r.path) as c:
            host = Host(c)
            c.send(b'AT\r')  # not heard
            host.close()
            c.send(b'AT\r')
            c.read_until(OK)
            assert OK in multiplexed(c, 1).ask(1, b'AT')


def it_survives_a_pulled_cable():
    with Run() as r:
        with Client(r.path) as c:
            multiplexed(c, 1)
            done = fauxtrack('ctl', 'cable', 'unplugged')
            assert done.returncode == 0, done
            until('the port is gone', c.is_cut)
        assert fauxtrack('ctl', 'cable', 'plugged').returncode == 0
        until('the port is back', lambda: os.path.exists(r.path))
        with Client(r.path, patient=True) as c:
            assert OK in Host(c).ask(1, b'AT')


def killed_in_a_call_it_starts_clean():
    state = os.path.join(ptytest.FOLDER.name, 'state')
    for _ in range(3):
        r = Run('--state', state, '--speed', 'max')
        with Client(r.path) as c:
            host = multiplexed(c, 1, 2)
            host.text(1, b'ATD0458783786\r')
            host.until('the call', lambda h=host: b'CONNECT' in h.said[1])
            r.process.send_signal(signal.SIGKILL)
            r.process.communicate(timeout=ptytest.DEADLINE)
        with Run('--state', state, '--speed', 'max') as r, Client(r.path) as c:
            c.send(b'AT\r')
            c.read_until(OK)


main([two_channels_talk_at_once,
      two_channels_talk_at_any_speed,
      the_trace_shows_frames,
      a_successor_ends_what_a_dead_program_has_left,
      it_survives_a_pulled_cable,
      killed_in_a_call_it_starts_clean])
