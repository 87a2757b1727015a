#!/usr/bin/python3
"""test_exchange_program.py FAUXTRACK: calls between a modem and a program that takes part by itself, over a
broker."""
import json
import select

from broker import Broker
from phone import Call, Phone
from ptytest import Client, fauxtrack, main, until
from test_exchange import OK, A, B, known, modem
from test_neighbour_calls import event

NUMBER = '+4915112345'
LOST = b'\r\nNO CARRIER\r\n'
# every byte, the escape, and a line that a modem in command mode would carry out
DATA = (bytes(range(256)) + b'+++\rATH\r') * 40


class Both:
    """A modem with a client, and a program; each knows the other's number."""

    def __init__(self, number=A):
        self.broker = Broker()
        self.run = modem(self.broker, number)
        self.phone = Phone(self.broker, NUMBER)
        until('the modem knows the number', lambda: known(self.run, 2))
        self.client = Client(self.run.path)
        self.ask('ATE0;X4;+CLIP=1;+COLP=1;+CSSN=1,1;+CMEE=1')

    def ask(self, line, end=OK):
        self.client.send(line.encode() + b'\r')
        return self.client.read_until(end)

    def cause(self, number):
        assert f'+CEER: Error {number}\r\n'.encode() in self.ask('AT+CEER')

    def __enter__(self):
        return self.phone, self.client, self.ask, self

    def __exit__(self, *what):
        self.client.close()
        self.phone.__exit__(*what)
        self.run.__exit__(*what)
        self.broker.__exit__(*what)


def rings_at_the_phone(client, phone, data=False):
    client.send(f'ATD{NUMBER}{"" if data else ";"}\r'.encode())
    call = phone.rings()
    phone.say(call, signal='alerting')
    return call


def talks(client, phone):
    call = rings_at_the_phone(client, phone)
    phone.say(call, signal='answered', number=NUMBER)
    client.read_until(f'+COLP: "{NUMBER}",145\r\n'.encode() + OK)
    return call


def a_modem_calls_it():
    with Both() as (phone, client, ask, both):
        call = rings_at_the_phone(client, phone)
        setup = call.signals[0]
        assert setup['called'] == setup['caller'].replace(A, NUMBER) == NUMBER, setup
        assert (setup['bearer'], setup.get('hidden')) == ('voice', None), setup
        phone.all_is_acknowledged()
        assert f'+CLCC: 1,0,3,0,0,"{NUMBER}",145'.encode() in ask('AT+CLCC')
        phone.say(call, signal='answered', number=NUMBER)
        client.read_until(f'+COLP: "{NUMBER}",145\r\n'.encode() + OK)
        ask('AT+VTS=5')
        assert phone.signal(call, 'tone')['tone'] == '5'
        phone.say(call, signal='tone', tone='#')
        event(both.run, 1, b'hears tone #')
        ask('AT+CHLD=2')
        phone.signal(call, 'held')
        ask('AT+CHLD=2')
        phone.signal(call, 'retrieved')
        phone.say(call, signal='held')
        client.read_until(b'\r\n+CSSU: 2\r\n')
        phone.say(call, signal='retrieved')
        client.read_until(b'\r\n+CSSU: 3\r\n')
        phone.say(call, signal='conference')
        client.read_until(b'\r\n+CSSU: 4\r\n')
        phone.say(call, signal='enquiry')
        phone.signal(call, 'there')
        phone.signal(call, 'enquiry')  # after 10 s
        phone.all_is_acknowledged()
        phone.say(call, signal='released')
        client.read_until(LOST)
        both.cause(16)
        phone.all_is_acknowledged()


def it_ends_calls_of_a_modem():
    with Both() as (phone, client, ask, both):
        for cause, result in (17, b'BUSY'), (21, b'NO CARRIER'), (18, b'NO ANSWER'):
            client.send(f'ATD{NUMBER};\r'.encode())
            phone.say(phone.rings(), signal='released', cause=cause)
            client.read_until(b'\r\n' + result + b'\r\n')
            both.cause(cause)
        call = rings_at_the_phone(client, phone)
        phone.all_is_acknowledged()
        ask('ATH', OK + LOST)
        assert phone.signal(call, 'released')['cause'] == 16
        # it has begun anew
        call = talks(client, phone)
        phone.all_is_acknowledged()
        phone.publish(call, {'gone': True})
        client.read_until(LOST)
        both.cause(27)
        # a call that the modem does not have
        other = Call(f'{phone.unit}-77', call.peer, A)
        phone.calls[other.name] = other
        phone.say(other, signal='held')
        phone.signal(other, 'released')


def it_calls_a_modem():
    with Both() as (phone, client, ask, both):
        call = phone.dial(A)
        client.read_until(f'RING\r\n\r\n+CLIP: "{NUMBER}",145\r\n'.encode())
        phone.signal(call, 'alerting')
        ask('ATA')
        assert phone.signal(call, 'answered')['number'] == A
        assert f'+CLCC: 1,1,0,0,0,"{NUMBER}",145'.encode() in ask('AT+CLCC')
        ask('AT+CCWA=1,0')
        assert phone.signal(phone.dial(A), 'released')['cause'] == 17
        ask('AT+CCWA=1,1')
        waits = phone.dial(A)
        client.read_until(f'+CCWA: "{NUMBER}",145,1\r\n'.encode())
        assert phone.signal(waits, 'alerting')['waits']
        phone.say(waits, signal='released')
        phone.until('it waits no longer', lambda: b'+CLCC: 2' not in ask('AT+CLCC'))
        ask('ATH')
        assert phone.signal(call, 'released')['cause'] == 16
        # a set-up that has expired, and one without a number
        late = phone.dial(A, expires=1000000000)
        call = phone.dial(A, hidden=True)
        client.read_until(b'RING\r\n\r\n+CLIP: "",128\r\n')
        phone.signal(call, 'alerting')
        assert not late.signals
        ask('ATH')
        phone.signal(call, 'released')
        late.said = []
        both.ask('AT+CCFC=0,3,"+33612349999",145')
        to = phone.signal(phone.dial(A), 'forwarded')
        assert (to['number'], to['detour']) == ('+33612349999', 'forwarded'), to


def client_of(both, other, line):
    """A client of the other modem, which has said OK to the line, when all three know each other."""
    until('all know each other', lambda: known(both.run, 3) and known(other, 3))
    client = Client(other.path)
    client.send(line)
    client.read_until(OK)
    return client


def it_forwards_a_call_to_another_modem():
    with Both() as (phone, client, _, both), modem(both.broker, B) as other:
        b = client_of(both, other, b'ATE0;+CLIP=1;+CSSN=1,1\r')
        client.send(f'ATD{NUMBER};\r'.encode())
        phone.say(phone.rings(), signal='forwarded', number=B, detour='forwarded')
        client.read_until(b'\r\n+CSSI: 2\r\n')
        b.read_until(f'+CLIP: "{A}",145\r\n\r\n+CSSU: 0\r\n'.encode())
        b.send(b'ATA\r')
        b.read_until(OK)
        client.read_until(OK)
        b.close()


def it_connects_two_modems_that_it_talks_to():
    with Both() as (phone, client, ask, both), modem(both.broker, B) as other:
        b = client_of(both, other, b'ATE0;+CLIP=1\r')
        first = talks(client, phone)
        second = phone.dial(B)
        b.read_until(f'+CLIP: "{NUMBER}",145\r\n'.encode())
        b.send(b'ATA\r')
        b.read_until(OK)
        phone.signal(second, 'answered')
        for call, to in (first, second), (second, first):
            phone.say(call, signal='transferred', other={'call': to.name, 'unit': to.peer, 'number': to.number})
        phone.all_is_acknowledged()
        ask('AT+VTS=7')
        event(other, 1, b'hears tone 7')
        b.send(b'ATH\r')
        b.read_until(OK)
        client.read_until(LOST)
        b.close()


def all_of(phone, client, size):
    got = [b'']

    def more():
        if select.select([client.fd], [], [], 0)[0]:
            got[0] += client.get()
        return len(got[0]) >= size
    phone.until(f'{size} octets', more)
    return got[0]


def octets_go_both_ways():
    """Also if the program says everything twice."""
    with Both() as (phone, client, ask, both):
        for phone.twice in False, True:
            call = rings_at_the_phone(client, phone, True)
            assert (call.signals[0]['bearer'], call.signals[0]['element']) == ('data', 1), call.signals
            phone.say(call, signal='answered', number=NUMBER)
            client.read_until(b'CONNECT 9600\r\n')
            client.send(DATA[:3000])
            phone.send(call, DATA)
            assert all_of(phone, client, len(DATA)) == DATA
            phone.until('its octets', lambda: len(call.octets) == 3000)
            assert call.octets == DATA[:3000]
            phone.until('all are taken', lambda: call.taken == call.sent)
            phone.send(call, b'the end')
            phone.say(call, signal='released')
            client.read_until(b'the end' + LOST)
            call = phone.dial(A, bearer='data', speed=7)
            client.read_until(b'RING\r\n\r\n+CLIP: "' + NUMBER.encode() + b'",145\r\n')
            ask('ATA', b'CONNECT 9600\r\n')
            phone.signal(call, 'answered')
            phone.send(call, DATA[:100])
            assert all_of(phone, client, 100) == DATA[:100]
            phone.say(call, signal='released')
            client.read_until(LOST)
            phone.all_is_acknowledged()


def what_is_said_is_what_the_readme_lists():
    """All else is ignored, and counted."""
    with Both() as (phone, client, ask, both):
        good = {'v': 1, 'call': f'{phone.unit}-900', 'unit': phone.unit, 'from': NUMBER, 'seq': 1, 'signal': 'setup',
                'called': A, 'expires': 4000000000}
        for key, value in (('v', 2), ('call', 'x'), ('unit', '00000000000000aa'), ('from', 'me'), ('seq', 0),
                           ('signal', 'tone'), ('expires', 'soon'), ('bearer', 'smoke'), ('called', '')):
            both.broker.publish(phone.topic(A), {**good, key: value})
        for key in 'call', 'unit', 'from', 'seq', 'signal', 'expires':
            both.broker.publish(phone.topic(A), {k: v for k, v in good.items() if k != key})
        both.broker.publish(phone.topic(A), json.dumps(good) + 'x' * 20000)
        call = phone.dial(A)
        client.read_until(f'RING\r\n\r\n+CLIP: "{NUMBER}",145\r\n'.encode())
        phone.signal(call, 'alerting')
        ask('ATH')
        phone.signal(call, 'released')
        assert ' 16 of others ignored' in fauxtrack('ctl', '--control', both.run.socket, 'net').stdout
        both.broker.publish(phone.topic(A), good)  # it would have rung
        client.read_until(b'RING\r\n\r\n+CLIP: "",128\r\n')


if __name__ == '__main__':
    main([
        a_modem_calls_it,
        it_ends_calls_of_a_modem,
        it_calls_a_modem,
        it_forwards_a_call_to_another_modem,
        it_connects_two_modems_that_it_talks_to,
        octets_go_both_ways,
        what_is_said_is_what_the_readme_lists,
    ])
