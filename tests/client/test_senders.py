#!/usr/bin/python3
"""test_senders.py FAUXTRACK [TOOL|CASE...]: every XMODEM sender meets every download fault, at
the first, a middle and the last block and at the end of the file, with checksums and with CRC.
Either the SHA-256 of the received file is right, or the sender reports a failure and can then
send the file again. Without names: the core cases; all of them with FAUXTRACK_TESTS=full."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import clienttest  # noqa: E402
from clienttest import FULL, R74, Case, until  # noqa: E402
from senders import SENDERS, holds_file, image, wait_for_file  # noqa: E402

# With this size the middle block of 5 is not number 4: if the byte before a 4 is lost, the 4 is an EOT.
SIZE = 5000
KINDS = ('firmware', 'downloader')
BLOCKS = ('first', 'middle', 'last')
PLACES = (*BLOCKS, 'eot')
START = ('start',)
# Only C, with no NAK after it: otherwise a slow sender would read the C and send a block with CRC
# when the receiver has already changed to checksums.
CRC = 'every_firmware.xmodem.start=[C]'


class Fault:
    """A fault rule at a block or at the end of the file. A rule that affects bytes of the host begins
    `before` them: after the block before, or at the start character. The file arrives, except at the
    places `fails`; at the places `unknown` it arrives, but the sender cannot know that."""

    def __init__(self, effect, fails=(), unknown=(), before=False, heal=None, places=PLACES):
        self.effect, self.fails, self.unknown = effect, fails, unknown
        self.before, self.heal, self.places = before, heal, places

    def comes_of(self, place, sender, mode):
        """arrives, fails or unknown."""
        if place in self.unknown:
            return 'unknown'
        if place not in self.fails:
            return 'arrives'
        if place == 'first' and sender.stubborn and self.effect.get('xmodem') == 'cancel':
            # the sender repeats the first block, which the modem accepts as the start of a new file
            return 'arrives'
        if self is FAULTS['no start'] and sender.alone and mode == 'checksum':
            # the sender begins by itself after a minute, with checksums
            return 'arrives'
        return 'fails'

    def rule(self, place, blocks):
        number = {'first': 1, 'middle': blocks // 2 + 1, 'last': blocks,
                  'eot': blocks + 1}.get(place)
        if place == 'start':
            when = {'at': 'ask'}
        elif self.before:
            when = {'at': 'block', 'number': number - 1} if number > 1 else {'at': 'ask'}
        elif place == 'eot':
            when = {'at': 'eot'}
        else:
            when = {'at': 'block', 'number': number}
        if place != 'start' or 'times' in self.effect:
            when['nth'] = 1
        return {'when': when, **self.effect}


def restarted(m):
    """Switches the power off and on: the incomplete file is dropped."""
    m.act('power', 'off')
    m.act('power', 'on')
    until('the modem to be on', lambda: m.state()['power'] in ('on', 'no-firmware'))


def corrupt(how, direction, **more):
    return {'corrupt': {'how': how, 'direction': direction, 'one_in': 1, **more}, 'times': 1}


FAULTS = {
    'nothing': None,
    'nak': Fault({'xmodem': 'nak', 'times': 1}),
    'no answer': Fault({'xmodem': 'silent', 'times': 1}),
    'slow flash': Fault({'xmodem': {'how': 'slow', 'delay': '20s'}, 'times': 1}),
    # longer than the modem itself waits for a block
    'slower flash': Fault({'xmodem': {'how': 'slow', 'delay': '150s'}, 'times': 1}),
    'damaged': Fault(corrupt('flip', 'to-modem'), before=True),
    'a byte is lost': Fault(corrupt('drop', 'to-modem'), before=True),
    'a byte too many': Fault(corrupt('double', 'to-modem'), before=True),
    'damaged ack': Fault(corrupt('flip', 'to-host', mask=255)),
    'two acks': Fault(corrupt('double', 'to-host')),
    'noise': Fault(corrupt('noise', 'to-host', text='#')),
    # not a line with a C in it: after the first block a C makes sx change to CRC
    'a line between': Fault({'say': '+WIND: 7', 'times': 1}),
    'cts': Fault({'cts': 'stuck', 'for': '20s'}),
    'late start': Fault({'xmodem': 'silent', 'times': 3}, places=START),
    'slow start': Fault({'xmodem': {'how': 'slow', 'delay': '5s'}, 'times': 3}, places=START),
    'no start': Fault({'xmodem': 'silent', 'until': [{'at': 'block'}]}, START, places=START),
    # every start: a tool that is slow to open the port would miss the only one
    'cancelled start': Fault({'xmodem': 'cancel'}, START, places=START),
    'text for a start': Fault({'xmodem': {'how': 'text', 'text': '*** ERROR ***'}, 'times': 1},
                              START, places=START),
    'cancel': Fault({'xmodem': 'cancel', 'times': 1}, PLACES),
    'text': Fault({'xmodem': {'how': 'text', 'text': '*** ERROR ***'}, 'times': 1}, PLACES),
    'silence': Fault({'mute': 'lost'}, BLOCKS, unknown=('eot',), heal=restarted),
    # the reset waits until the current work is done, so at the end of a file it comes too late
    'reset': Fault({'reset': 'full'}, BLOCKS, heal=restarted),
    'power cut': Fault({'reset': 'stop'}, BLOCKS, heal=restarted),
    'store': Fault({'store': 'fails'}, PLACES, heal=restarted, places=('first', 'eot')),
}


def upload(m, sender, fault, place, mode, kind, size):
    name, sha256 = image('r74', kind, size)
    wait_for_file(m)
    end = 'arrives'
    if fault:
        m.act('fault', fault.rule(place, sender.blocks(size)))
        end = fault.comes_of(place, sender, mode)
    done = sender.send(m, name, hasty=end != 'arrives' or fault is FAULTS['no start'])
    if fault:
        m.act('unfault')
    if end == 'arrives':
        done.good(f'{place}: {sender.name}')
    else:
        assert done.status, f'{place}: {sender.name} reports success:\n{done.out}'
    if end != 'fails':
        holds_file(m, kind, sha256)
    if fault and fault.heal:
        fault.heal(m)
    if end == 'fails':
        got = m.state()['file']
        assert not (got['complete'] and got['sha256'] == sha256), f'{place}: the file has arrived'
        wait_for_file(m)
        sender.send(m, name, hasty=False).good(f'{place}: again')
        holds_file(m, kind, sha256)


def add(sender, mode, name):
    fault = FAULTS[name]

    def work(m):
        for i, place in enumerate(fault.places if fault else ('',)):
            # each file is a different one
            for kind in KINDS if FULL else (KINDS[i % 2],):
                upload(m, sender, fault, place, mode, kind, SIZE + i)
        m.did(f'{name} with {mode}')
    work.__name__ = f'{sender.name}, {mode}: {name}'
    core = name == 'nak' and (mode == 'checksum' or sender.name in ('sx -k', 'xmodem'))
    sets = [CRC] if mode == 'CRC' else []
    clienttest.CASES.append(Case(sender.package, work, (R74,), (R74,) if core else (),
                                 {'sets': sets}, judged=False))


# The cases that wait longest in real time come first, so that no few of them are left at the end.
for what in sorted(FAULTS, key=lambda name: name not in ('slower flash', 'power cut', 'silence', 'no start')):
    for one in SENDERS:
        for check in ('checksum', 'CRC'):
            add(one, check, what)
clienttest.main(at_once=40)
