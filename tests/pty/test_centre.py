#!/usr/bin/python3
"""test_centre.py FAUXTRACK: an outside program is the service centre, over HTTP."""
import http.client
import json
import re
import socket

from ptytest import DEADLINE, Client, Run, fauxtrack, main, until

OUTSIDE = ('--speed', 'max', '--set', 'network.sms.centre=outside')


class Control(http.client.HTTPConnection):
    """HTTP over the control socket, to one modem."""

    def __init__(self, run, modem):
        super().__init__('localhost', timeout=DEADLINE)
        self.way, self.modem = run.socket, modem

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(DEADLINE)
        self.sock.connect(self.way)

    def ask(self, method, path, body=None):
        self.request(method, f'/v1/modems/{self.modem}/{path}', json.dumps(body) if body is not None else None,
                     {'Content-Type': 'application/json'})
        answer = self.getresponse()
        return answer.status, json.loads(answer.read())

    def waiting(self):
        status, got = self.ask('GET', 'centre')
        assert status == 200, got
        return got['messages']

    def acknowledge(self, **what):
        return self.ask('POST', 'actions/acknowledge', what)


def host(run, which):
    client = Client(run.paths[which])
    client.send(b'ATE0;+CMGF=1;+CNMI=2,2,0,1,0;+CSMP=49,167,0,0\r')
    client.read_until(b'OK\r\n')
    return client


def submit(client, number, text):
    client.send(f'AT+CMGS="{number}"\r'.encode())
    client.read_until(b'> ')
    client.send(text.encode() + b'\x1a')
    return int(re.search(rb'\+CMGS: (\d+)', client.read_until(b'OK\r\n')).group(1))


def events_of(run, modem):
    """A client that follows the events: yields (kind, value, text)."""
    c = Control(run, modem)
    c.request('GET', f'/v1/modems/{modem}/events?since=0')
    stream, kind = c.getresponse(), None
    for line in stream:
        if line.startswith(b'event: '):
            kind = line[7:].decode().strip()
        elif line.startswith(b'data: '):
            data = json.loads(line[6:])
            yield kind, data.get('value'), data.get('text')


def centre_events(run, modem):
    for kind, value, text in events_of(run, modem):
        if kind == 'centre':
            yield value, text.split(' ')


def a_program_that_dies_gets_the_message_again_and_delivers_it_to_another_modem():
    with Run('--count', '2', *OUTSIDE, count=2) as run:
        a, b = host(run, 0), host(run, 1)
        reference = submit(a, '+4915112345', 'to whom it concerns')
        first = centre_events(run, 1)
        number, (to, pdu) = next(first)
        assert to == '+4915112345', to
        first.close()  # it dies before it has done anything
        second = Control(run, 1)
        waiting = second.waiting()
        assert [(m['number'], m['to'], m['pdu'], m['reference'], m['report_asked']) for m in waiting] == [
            (number, to, pdu, reference, True)], waiting
        status, got = Control(run, 2).ask('POST', 'actions/sms', {'pdu': pdu})
        assert status == 200, got
        got = b.read_until(b'concerns\r\n')
        assert re.search(rb'\+CMT: "\+33600000017"[^\r]*\r\nto whom it concerns\r\n', got), got
        status, got = second.acknowledge(message=number)
        assert status == 200, got
        assert re.search(rb'\+CDS: 6,%d,[^\r]*,0\r\n' % reference, a.read_until(b',0\r\n'))
        assert second.waiting() == []
        status, got = second.acknowledge(message=number)
        assert status == 409 and 'has been acknowledged' in got['error']['message'] + got['error']['remedy'], got


def many_are_acknowledged_in_any_order_each_once():
    with Run(*OUTSIDE) as run:
        a = host(run, 0)
        references = [submit(a, '+33612345678', f'text {i}') for i in range(20)]
        control = Control(run, 1)
        waiting = until('all at the centre', lambda: len(control.waiting()) == 20 and control.waiting())
        by = {m['reference']: m['number'] for m in waiting}
        for i, reference in enumerate(reversed(references)):
            status, got = control.acknowledge(message=by[reference], status=0 if i % 2 else 65)
            assert status == 200, got
            a.read_until(b'+CDS: 6,%d,' % reference)
            a.read_until(b',0\r\n' if i % 2 else b',65\r\n')
        assert control.waiting() == []


def ctl_does_the_same_and_wrong_words_have_a_remedy():
    with Run(*OUTSIDE) as run:
        a = host(run, 0)
        submit(a, '+33612345678', 'hello')
        ctl = ('ctl', '--control', run.socket)
        done = fauxtrack(*ctl, 'wait', 'event=centre', 'since=0')
        assert done.returncode == 0, done
        done = fauxtrack(*ctl, 'centre')
        assert re.fullmatch(r'1 to \+33612345678: [0-9A-F]+\n', done.stdout), done
        done = fauxtrack(*ctl, 'acknowledge', 'message=1', 'status=48')
        assert done.returncode != 0 and 'still on its way' in done.stderr, done
        done = fauxtrack(*ctl, 'acknowledge', 'message=2')
        assert done.returncode != 0 and 'ctl centre' in done.stderr, done
        done = fauxtrack(*ctl, 'acknowledge', 'message=1', 'reply=fine')
        assert done.returncode == 0, done
        got = a.read_until(b'fine\r\n') + a.read_until(b',0\r\n')
        assert b'+CMT: "+33612345678"' in got and b'+CDS: 6,0,' in got, got


def without_the_setting_nothing_is_handed_out():
    with Run('--speed', 'max') as run:
        a = host(run, 0)
        submit(a, '+33612345678', 'hello')
        a.read_until(b'+CDS: 6,0,')
        assert Control(run, 1).waiting() == []


if __name__ == '__main__':
    main([
        a_program_that_dies_gets_the_message_again_and_delivers_it_to_another_modem,
        many_are_acknowledged_in_any_order_each_once,
        ctl_does_the_same_and_wrong_words_have_a_remedy,
        without_the_setting_nothing_is_handed_out,
    ])
