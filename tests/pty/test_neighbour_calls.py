#!/usr/bin/python3
"""test_neighbour_calls.py FAUXTRACK: modems of one process call each other; both hosts and both
event streams agree, and a data call carries every byte."""
import hashlib
import select
import subprocess
import threading
import time

from ptytest import DEADLINE, PROGRAM, Client, Run, fauxtrack, main, until

SIZE = 256 << 10
# every byte, the escape, and lines that a modem in command mode would carry out
DATA = ((bytes(range(256)) + b'+++\rAT+CPOF=1\r+++ATH\r') * (SIZE // 256 + 1))[:SIZE]
NUMBERS = ['+33600000017', '+33600000018', '+33600000019']


def digest(data):
    return len(data), hashlib.sha256(data).hexdigest()


class Calls:
    """Modems, and a client at each; --speed max."""

    def __init__(self, count=2, *args):
        sets = [f'--set={i + 1}:sim.number={n}' for i, n in enumerate(NUMBERS[:count])]
        self.run = Run('--count', str(count), '--speed', 'max', *sets, *args, count=count)
        self.clients = [Client(path) for path in self.run.paths]
        for c in self.clients:
            c.send(b'ATE0;+CLIP=1\r')
            c.read_until(b'\r\nOK\r\n')

    def __enter__(self):
        return self.run, *self.clients

    def __exit__(self, *what):
        for c in self.clients:
            c.close()
        self.run.__exit__(*what)


def ctl(run, modem, *words):
    return fauxtrack('ctl', '--control', run.socket, '--modem', str(modem), *words)


def event(run, modem, text):
    """Until that modem's event stream has this."""
    words = [PROGRAM, 'ctl', '--control', run.socket, '--modem', str(modem), 'events', 'since=0']
    with subprocess.Popen(words, stdout=subprocess.PIPE) as events:
        end = threading.Timer(DEADLINE, events.kill)
        end.start()
        assert any(text in one for one in events.stdout), text
        end.cancel()
        events.kill()


def line(c, text, end=b'\r\nOK\r\n'):
    c.send(text + b'\r')
    return c.read_until(end)


def online(a, b):
    a.send(b'ATD' + NUMBERS[1].encode() + b'\r')
    b.read_until(b'RING\r\n\r\n+CLIP: "' + NUMBERS[0].encode() + b'",145\r\n')
    b.send(b'ATA\r')
    b.read_until(b'CONNECT 9600\r\n')
    a.read_until(b'CONNECT 9600\r\n')


def read(c, size, each=65536, pause=0.0):
    got = b''
    end = time.monotonic() + 3 * DEADLINE
    while len(got) < size:
        assert time.monotonic() < end, f'{len(got)} of {size} bytes'
        select.select([c.fd], [], [], 1)
        got += c.get(each)
        select.select([], [], [], pause)
    return got


def background(work):
    t = threading.Thread(target=work)
    t.start()
    return t


def a_voice_call_by_hand():
    with Calls() as (run, a, b):
        a.send(b'ATD' + NUMBERS[1].encode() + b';\r')
        b.read_until(b'RING\r\n\r\n+CLIP: "' + NUMBERS[0].encode() + b'",145\r\n')
        assert b'+CLCC: 1,0,3,0,0,"' + NUMBERS[1].encode() + b'",145' in line(a, b'AT+CLCC')
        done = ctl(run, 1, 'answer')
        assert done.returncode == 1 and 'a modem beside this one rings' in done.stderr, done
        line(b, b'ATA')
        a.read_until(b'\r\nOK\r\n')
        assert b'+CLCC: 1,0,0,0,0,"' + NUMBERS[1].encode() + b'",145' in line(a, b'AT+CLCC')
        assert b'+CLCC: 1,1,0,0,0,"' + NUMBERS[0].encode() + b'",145' in line(b, b'AT+CLCC')
        line(a, b'AT+VTS=5')
        event(run, 1, b'tone 5')
        event(run, 2, b'hears tone 5')
        line(b, b'ATH')
        a.read_until(b'\r\nNO CARRIER\r\n')
        for c in (a, b):
            assert b'+CEER: Error 16' in line(c, b'AT+CEER')


def each_way_256_kib_arrive_whole_at_the_same_time():
    with Calls() as (_, a, b):
        online(a, b)
        there = []
        work = [background(lambda: a.send(DATA)), background(lambda: b.send(DATA[::-1])),
                background(lambda: there.append(read(b, SIZE)))]
        here = read(a, SIZE)
        for t in work:
            t.join()
        assert digest(here) == digest(DATA[::-1])
        assert digest(there[0]) == digest(DATA)


def a_host_that_reads_slowly_stops_the_other_and_gets_all():
    with Calls() as (_, a, b):
        online(a, b)
        sent = []

        def send():
            a.send(DATA)
            sent.append(True)

        t = background(send)
        select.select([], [], [], 0.5)
        assert not sent, 'the host was not stopped'
        got = read(b, SIZE, 4096, 0.002)
        t.join()
        assert digest(got) == digest(DATA)


def a_host_that_goes_ends_the_call_after_its_last_byte():
    with Calls() as (run, a, b):
        line(a, b'AT&D2&C1')
        online(a, b)
        a.send(DATA[:10000])
        a.close()
        got = b.read_until(b'\r\nNO CARRIER\r\n')
        assert digest(got[:-14]) == digest(DATA[:10000])
        until('no call', lambda: ctl(run, 1, 'state', 'calls').stdout.strip() in ('', '[]'))


def a_number_with_a_far_end_and_a_modem_is_refused():
    done = fauxtrack('run', '--count', '2', '--set', '2:sim.number=+33612345678', '--number', '0612345678=echo')
    assert done.returncode == 1 and done.stdout == '', done
    assert done.stderr == ('fauxtrack: modem 2 has the number 0612345678, and network.numbers (--number) has it too: '
                           'calls could not tell them apart; give one another number\n'), done.stderr


def a_factory_reset_ends_the_call():
    with Calls() as (run, a, b):
        online(a, b)
        assert ctl(run, 2, 'factory').returncode == 0
        a.read_until(b'\r\nNO CARRIER\r\n')
        line(a, b'AT')


if __name__ == '__main__':
    main([
        a_voice_call_by_hand,
        each_way_256_kib_arrive_whole_at_the_same_time,
        a_host_that_reads_slowly_stops_the_other_and_gets_all,
        a_host_that_goes_ends_the_call_after_its_last_byte,
        a_number_with_a_far_end_and_a_modem_is_refused,
        a_factory_reset_ends_the_call,
    ])
