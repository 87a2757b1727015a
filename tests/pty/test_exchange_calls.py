#!/usr/bin/python3
"""test_exchange_calls.py FAUXTRACK: modems of two processes call each other, over a broker."""
import hashlib
import select
import signal
import threading
import time

from broker import Broker, Listener
from ptytest import DEADLINE, Client, main, until
from test_exchange import OK, PATIENT, A, B, known, modem


def dial(number, *clients):
    """Until the first one is connected to the second, each of which is a client."""
    a, b, data = clients
    a.send(f'ATD{number}{"" if data else ";"}\r'.encode())
    b.read_until(b'RING\r\n\r\n+CLIP: "' + A.encode() + b'",145\r\n')
    b.send(b'ATA\r')
    end = b'CONNECT 9600\r\n' if data else OK
    b.read_until(end)
    a.read_until(end)


class Far:
    """Two processes, and a client at the modem of each."""

    def __init__(self, broker, *more):
        self.runs = [modem(broker, A, *more), modem(broker, B, *more)]
        until('they know each other', lambda: known(self.runs[0], 2) and known(self.runs[1], 2))
        self.clients = [Client(run.path) for run in self.runs]
        for c in self.clients:
            self.line(c, 'ATE0;+CLIP=1')

    def line(self, c, text, end=OK):
        c.send(text.encode() + b'\r')
        return c.read_until(end)

    def kill(self):
        """The second one, as a power cut does."""
        run = self.runs.pop()
        run.process.kill()
        run.process.wait(DEADLINE)
        run.process.stdout.close()
        run.process.stderr.close()

    def __enter__(self):
        return self, *self.clients

    def __exit__(self, *what):
        for c in self.clients:
            c.close()
        for run in self.runs:
            run.__exit__(*what)


def a_voice_call_between_two_processes():
    with Broker() as broker, Far(broker) as (far, a, b):
        for _ in range(2):
            dial(B, a, b, False)
            assert f'+CLCC: 1,0,0,0,0,"{B}",145'.encode() in far.line(a, 'AT+CLCC')
            assert f'+CLCC: 1,1,0,0,0,"{A}",145'.encode() in far.line(b, 'AT+CLCC')
            far.line(b, 'ATH')
            a.read_until(b'\r\nNO CARRIER\r\n')
            for c in a, b:
                assert b'+CEER: Error 16' in far.line(c, 'AT+CEER')
        # one that gives up; one that is in a call; one that has ended
        a.send(f'ATD{B};\r'.encode())
        b.read_until(b'+CLIP: "' + A.encode() + b'",145\r\n')
        far.line(a, 'ATH', OK + b'\r\nNO CARRIER\r\n')
        b.read_until(b'NO CARRIER\r\n')
        with modem(broker, '+33612340003') as third:
            until('it is known', lambda: known(third, 3))
            c = Client(third.path)
            far.line(c, 'ATE0')
            dial(B, a, b, False)
            far.line(b, 'AT+CCWA=1,0')
            far.line(c, f'ATD{B};', b'\r\nBUSY\r\n')
            c.close()
            far.line(a, 'ATH')
            b.read_until(b'NO CARRIER\r\n')
        far.kill()
        until('it is away', lambda: len(broker.kept('fauxtrack/1/process/+')) == 1)
        far.line(a, f'ATD{B};', b'\r\nNO ANSWER\r\n')
        assert b'+CEER: Error 18' in far.line(a, 'AT+CEER')


SIZE = 64 << 10
# every byte, the escape, and lines that a modem in command mode would carry out
DATA = ((bytes(range(256)) + b'+++\rAT+CPOF=1\r+++ATH\r') * (SIZE // 256 + 1))[:SIZE]


def digest(data):
    return len(data), hashlib.sha256(data).hexdigest()


def all_of(c, size):
    got = b''
    end = time.monotonic() + PATIENT
    while len(got) < size:
        assert time.monotonic() < end, f'{len(got)} of {size} bytes'
        if select.select([c.fd], [], [], 1)[0]:
            got += c.get()
    return got


def background(work):
    t = threading.Thread(target=work)
    t.start()
    return t


def a_data_call_carries_64_kib_each_way():
    with Broker() as broker, Far(broker) as (far, a, b):
        dial(B, a, b, True)
        there = []
        work = [background(lambda: a.send(DATA)), background(lambda: b.send(DATA[::-1])),
                background(lambda: there.append(all_of(b, SIZE)))]
        begin = time.monotonic()
        here = all_of(a, SIZE)
        for t in work:
            t.join()
        took = time.monotonic() - begin
        assert digest(here) == digest(DATA[::-1])
        assert digest(there[0]) == digest(DATA)
        return f'{took:.1f} s'


def a_broker_that_is_killed_and_back_costs_no_byte():
    with Broker() as broker, Far(broker) as (far, a, b):
        dial(B, a, b, True)
        work = background(lambda: a.send(DATA))
        got = all_of(b, SIZE // 4)
        broker.end(signal.SIGKILL)
        broker.start()
        got += all_of(b, SIZE - len(got))
        work.join()
        assert digest(got) == digest(DATA)


def ends(c, got):
    if select.select([c.fd], [], [], 0)[0]:
        got.append(c.get())
    return b''.join(got) == b'\r\nNO CARRIER\r\n'


def a_process_that_is_killed_ends_the_others_call():
    with Broker() as broker, Far(broker) as (far, a, b):
        dial(B, a, b, False)
        far.kill()
        begin, got = time.monotonic(), []
        until('the call ends', lambda: ends(a, got), 9)  # before the modem's own enquiry, which takes 10 s
        took = time.monotonic() - begin
        assert took > 4, took
        assert b'+CEER: Error 27' in far.line(a, 'AT+CEER')
        return f'{took:.1f} s'


def a_connection_that_is_lost_and_back_ends_no_call():
    with Broker() as broker, Far(broker) as (far, a, b):
        dial(B, a, b, False)
        process = broker.kept(f'fauxtrack/1/{B.lstrip("+")}/state')[0]['process']
        topic = f'fauxtrack/1/process/{process}'
        session = broker.kept(topic)[0]['session']
        with Listener(broker, topic) as listener:
            # the broker ends the older connection of two with one name, and publishes its last will
            broker.publish('other', 'x', '-i', f'fauxtrack-{process}')
            until('its last will', lambda: f'{topic} (null)' in listener.read())
        until('it is back', lambda: [s for s in broker.kept(topic) if s['session'] != session])
        got = select.select([a.fd, b.fd], [], [], 7)[0]
        assert not got, [c.get() for c in (a, b)]
        assert f'"{B}",145'.encode() in far.line(a, 'AT+CLCC')
        far.line(b, 'ATH')
        a.read_until(b'\r\nNO CARRIER\r\n')


if __name__ == '__main__':
    main([
        a_voice_call_between_two_processes,
        a_data_call_carries_64_kib_each_way,
        a_broker_that_is_killed_and_back_costs_no_byte,
        a_process_that_is_killed_ends_the_others_call,
        a_connection_that_is_lost_and_back_ends_no_call,
    ])
