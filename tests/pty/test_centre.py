#!/usr/bin/python3
"""test_centre.py FAUXTRACK: an outside program is the service centre, over HTTP."""
import http.client
import json
import os
import re
import select
import socket

from ptytest import DEADLINE, FOLDER, Client, Run, fauxtrack, main, until

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


class Host:
    """A host at one modem, in text mode; messages and reports come at any time."""

    def __init__(self, run, which):
        self.client, self.log = Client(run.paths[which]), b''
        self.say('ATE0;+CMGF=1;+CNMI=2,2,0,1,0;+CSMP=49,167,0,0\r', rb'\r\nOK\r\n')

    def wait(self, pattern, begin=0):
        def come():
            if select.select([self.client.fd], [], [], 0)[0]:
                self.log += self.client.get()
            return re.search(pattern, self.log[begin:])
        try:
            return until(f'{pattern!r}', come)
        except AssertionError as e:
            raise AssertionError(f'{e}, got {self.log[begin:]!r}') from e

    def say(self, text, pattern):
        begin = len(self.log)
        self.client.send(text.encode())
        return self.wait(pattern, begin)

    def submit(self, number, text):
        """Returns its reference."""
        self.say(f'AT+CMGS="{number}"\r', b'\r\n> ')
        return int(self.say(text + '\x1a', rb'\+CMGS: (\d+)\r\n\r\nOK\r\n').group(1))


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
        a, b = Host(run, 0), Host(run, 1)
        reference = a.submit('+4915112345', 'to the owner')
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
        b.wait(rb'\+CMT: "\+33600000017"[^\r]*\r\nto the owner\r\n')
        status, got = second.acknowledge(message=number)
        assert status == 200, got
        a.wait(rb'\+CDS: 6,%d,[^\r]*,0\r\n' % reference)
        assert second.waiting() == []
        status, got = second.acknowledge(message=number)
        assert status == 409 and 'has been acknowledged' in got['error']['message'] + got['error']['remedy'], got


def many_are_acknowledged_in_any_order_each_once():
    with Run(*OUTSIDE) as run:
        a = Host(run, 0)
        references = [a.submit('+33612345678', f'text {i}') for i in range(20)]
        control = Control(run, 1)
        waiting = until('all at the centre', lambda: len(control.waiting()) == 20 and control.waiting())
        by = {m['reference']: m['number'] for m in waiting}
        for i, reference in enumerate(reversed(references)):
            status, got = control.acknowledge(message=by[reference], status=0 if i % 2 else 65)
            assert status == 200, got
            a.wait(rb'\+CDS: 6,%d,[^\r]*,%d\r\n' % (reference, 0 if i % 2 else 65))
        assert control.waiting() == []


def nothing_that_was_accepted_is_lost_when_the_emulator_is_killed():
    state = ('--state', os.path.join(FOLDER.name, 'state'))
    run = Run(*OUTSIDE, *state)
    try:
        a = Host(run, 0)
        a.submit('+33612345678', 'one')
        a.submit('+33612345678', 'two')
        before = until('both at the centre', lambda: len(Control(run, 1).waiting()) == 2 and Control(run, 1).waiting())
        status, got = Control(run, 1).acknowledge(message=before[0]['number'])
        assert status == 200, got
        a.wait(rb'\+CDS: 6,0,[^\r]*,0\r\n')
    finally:
        run.process.kill()
        run.process.wait(DEADLINE)
        run.process.stdout.close()
        run.process.stderr.close()
    a.client.close()
    with Run(*OUTSIDE, *state) as run:
        a = Host(run, 0)
        after = Control(run, 1).waiting()
        assert [(m['number'], m['pdu'], m['to']) for m in after] == [
            (m['number'], m['pdu'], m['to']) for m in before[1:]], (before, after)
        # it was told while the modem booted; one that follows from the first event on is told too, at once
        assert next(centre_events(run, 1)) == (after[0]['number'], [after[0]['to'], after[0]['pdu']])
        status, got = Control(run, 1).acknowledge(message=after[0]['number'])
        assert status == 200, got
        a.wait(rb'\+CDS: 6,1,[^\r]*,0\r\n')
        third = a.submit('+33612345678', 'three')
        number = until('the third at the centre', lambda: Control(run, 1).waiting())[0]['number']
        assert number > before[1]['number'] and third != 1, (number, third)


def ctl_does_the_same_and_wrong_words_have_a_remedy():
    with Run(*OUTSIDE) as run:
        a = Host(run, 0)
        a.submit('+33612345678', 'hello')
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
        a.wait(rb'\+CMT: "\+33612345678"[^\r]*\r\nfine\r\n')
        a.wait(rb'\+CDS: 6,0,[^\r]*,0\r\n')


def without_the_setting_nothing_is_handed_out():
    with Run('--speed', 'max') as run:
        a = Host(run, 0)
        a.submit('+33612345678', 'hello')
        a.wait(rb'\+CDS: 6,0,[^\r]*,0\r\n')
        assert Control(run, 1).waiting() == []


if __name__ == '__main__':
    main([
        a_program_that_dies_gets_the_message_again_and_delivers_it_to_another_modem,
        many_are_acknowledged_in_any_order_each_once,
        nothing_that_was_accepted_is_lost_when_the_emulator_is_killed,
        ctl_does_the_same_and_wrong_words_have_a_remedy,
        without_the_setting_nothing_is_handed_out,
    ])
