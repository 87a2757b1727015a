# A program that takes part in calls by itself: all that it knows is the section "Topics and payloads" of
# emulator/host/exchange/README.md.
import base64
import json
import random
import time

from broker import Listener
from ptytest import until

REPEAT = 1.0


class Call:
    """One side of a call."""

    def __init__(self, name, peer, number):
        self.name, self.peer, self.number = name, peer, number
        self.said = []  # payloads that the other side has not acknowledged
        self.seq = 0
        self.due = 0.0
        self.got = 0  # seq of the newest that has come in its order
        self.signals, self.octets = [], b''
        self.gone = False
        self.sent = self.taken = 0  # octets of ours


class Phone:
    """A number of its own. It answers what has to be answered; tests decide all else."""

    def __init__(self, broker, number):
        self.broker, self.number = broker, number
        self.unit = f'{random.getrandbits(63) | 1 << 63:016x}'
        self.calls, self.made, self.read, self.twice = {}, 0, 0, False
        self.listener = Listener(broker, self.topic(number))
        broker.publish(self.topic(number, 'state'), {'v': 1, 'number': number, 'unit': '00000000000000aa'}, '-r')

    @staticmethod
    def topic(number, kind='call'):
        return f'fauxtrack/1/{number.lstrip("+")}/{kind}'

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.listener.__exit__(*what)

    # ---- saying

    def publish(self, call, what):
        payload = {'v': 1, 'call': call.name, 'unit': self.unit, 'from': self.number, **what}
        if call.peer:
            payload['to'] = call.peer
        for _ in range(2 if self.twice else 1):
            self.broker.publish(self.topic(call.number), payload)

    def say(self, call, **what):
        call.seq += 1
        what['seq'] = call.seq
        call.said.append(what)
        call.due = time.monotonic() + REPEAT
        self.publish(call, what)

    def dial(self, number, **more):
        self.made += 1
        call = Call(f'{self.unit}-{self.made}', None, number)
        self.calls[call.name] = call
        self.say(call, **{'signal': 'setup', 'called': number, 'expires': int(time.time()) + 30, 'caller': self.number,
                          'bearer': 'voice', **more})
        return call

    def send(self, call, data):
        """Not more than 4096 above what the modem has taken."""
        while data:
            self.until('there is room', lambda: call.sent - call.taken < 4096)
            part, data = data[:min(1024, 4096 - call.sent + call.taken)], data[min(1024, 4096 - call.sent + call.taken):]
            call.sent += len(part)
            self.say(call, octets=base64.b64encode(part).decode())

    # ---- hearing

    def ack(self, call):
        self.publish(call, {'got': call.got, 'taken': len(call.octets)})

    def hear(self, p):
        call = self.calls.get(p['call'])
        if not call and p.get('signal') == 'setup' and p['seq'] == 1:
            call = self.calls[p['call']] = Call(p['call'], p['unit'], p['from'])
        if not call or p.get('to', self.unit) != self.unit:
            if 'got' not in p and 'gone' not in p:
                self.publish(Call(p['call'], p['unit'], p['from']), {'gone': True})
            return
        call.peer = call.peer or p['unit']
        assert (p['unit'], p['from']) == (call.peer, call.number), (p, call.peer, call.number)
        if 'got' in p:
            call.said = [x for x in call.said if x['seq'] > p['got']]
            call.taken = p['taken']
        elif 'gone' in p:
            call.gone, call.said = True, []
        elif 'seq' in p and p['seq'] > call.got + 1:
            return
        else:
            if p.get('seq') == call.got + 1:
                self.take(call, p)
            self.ack(call)

    def take(self, call, p):
        call.got += 1
        if 'octets' in p:
            call.octets += base64.b64decode(p['octets'])
            return
        call.signals.append(p)
        if p['signal'] == 'enquiry':
            self.say(call, signal='there')

    def turn(self):
        lines = self.listener.read().split('\n')[:-1]
        for line in lines[self.read:]:
            topic, payload = line.split(' ', 1)
            if topic != 'sync':
                self.hear(json.loads(payload))
        self.read = len(lines)
        for call in self.calls.values():
            if call.said and time.monotonic() >= call.due:
                call.due = time.monotonic() + REPEAT
                for what in call.said:
                    self.publish(call, what)

    def until(self, what, condition):
        def met():
            self.turn()
            return condition()
        return until(what, met)

    def signal(self, call, kind):
        """Until the other side has said that, which is returned."""
        return self.until(f'{kind} from {call.number}', lambda: [s for s in call.signals if s['signal'] == kind])[0]

    def rings(self):
        """A call that somebody has set up and that has got no answer yet."""
        return self.until('a call', lambda: [c for c in self.calls.values() if c.signals and not c.seq])[0]

    def all_is_acknowledged(self):
        self.until('all acks', lambda: not any(c.said for c in self.calls.values()))
