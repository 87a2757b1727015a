#!/usr/bin/python3
"""test_pair.py FAUXTRACK [TEST...]: two gammu-smsd, and two smsd of smstools, each at a modem of its own, send
each other messages of all alphabets and lengths with reports. All arrive once and unchanged. In `./check` some of
the messages, with FAUXTRACK_TESTS=full 100 each way, also in two processes over a broker, with KILLS (10) kills."""
import glob
import os
import re
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, '..', 'lib'))
sys.path.append(os.path.join(HERE, '..', 'pty'))

import broker  # noqa: E402
import clienttest  # noqa: E402
import ptytest  # noqa: E402
import tap  # noqa: E402
import tool_gammu  # noqa: E402
import tool_gammu_smsd  # noqa: E402
import tool_smstools  # noqa: E402
from clienttest import (ALPHABET, DEADLINE, FULL, GROUP, LONG, NOBODY, PROGRAM, R74, STARTED, Modem,  # noqa: E402
                        equal, until)

KILLS = int(os.environ.get('KILLS', 10))
PORTION = 20 if FULL else 10
PATIENCE = 11 * DEADLINE if FULL else LONG  # gammu-smsd waits for ten minutes after some errors
NUMBERS = ('+33600000017', '+33600000018')


# ---- what is sent

def texts():
    """100 texts, each different: the whole alphabet and its extension, Greek and Cyrillic, emoji (two units of
    UTF-16 each, also across the end of a part), and lengths about the limits of one, two and three parts."""
    alphabet = ALPHABET.replace('¤', '').replace('\r', '').replace('\n', '').replace('\f', '').strip()
    found = [alphabet, '€[]{}|^~\\', 'ΓΔΘΛΞΠΣΦΨΩ' + 'Привет, мир', '😀', 'x', 'Часть: ' + 'ж' * 59 + '😀' + 'ж' * 40,
             '😀' * 67]
    for first, sizes in (('a', (159, 160, 161, 305, 306, 307, 459, 460)), ('ж', (69, 70, 71, 133, 134, 135, 201))):
        found += [(f'{first}{size} ' * size)[:size - 1] + '.' for size in sizes]
    found += [f'{"|" * i} {i}' for i in range(78, 84)]
    short = found[:12] if not FULL else found
    return short + [f'message {i} {"éß€"[i % 3]}' for i in range(100 - len(found))][:None if FULL else 4]


def data():
    """What only a tool for 8-bit messages can send."""
    return [bytes(range(128, 256)) + b'\0\1\r\n\x1a', bytes(range(1, 128)), b'\0', bytes(range(255, 115, -1)),
            b'\xff' * 139]


# ---- two modems

class Station(Modem):
    """A modem of a pair, with a folder for its tool."""

    def __init__(self, pair, number, of):
        self.profile, self.user, self.outcome, self.speed = R74, NOBODY, None, 'max'
        self.number, self.own, self.peer = of, NUMBERS[number - 1], NUMBERS[2 - number]
        self.folder = tempfile.mkdtemp(prefix=f'station{number}.', dir=pair.folder)
        os.chmod(self.folder, 0o777)
        self.path = f'{pair.folder}/modem{number}'
        self.told, self.sent, self.acts, self.help, self.meant = [], {}, [], [], set()
        self.traces = []

    def all_traces(self):
        """One for each time that its modem was started."""
        for name in self.traces:
            with open(name, encoding='utf-8', errors='replace') as f:
                yield f.read()

    def trace(self):
        return [*self.all_traces()][-1]


class Transport:
    """Starts the processes of two modems."""

    def __init__(self, folder):
        self.folder = folder
        self.stations = [Station(self, 1, 1), Station(self, 2, self.second)]
        self.errors = open(f'{folder}/errors', 'ab')
        self.processes = {}

    def run(self, name, stations, *more):
        """Starts a process with these modems."""
        command = [PROGRAM, 'run', '--profile', R74, '--speed', 'max', '--control', f'{self.folder}/control{name}', *more]
        if os.getuid() == 0:
            command += ['--mode', '0660', '--group', GROUP]
        process = self.processes[name] = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.errors)
        STARTED.append(process)
        for one in stations:
            one.pts = process.stdout.readline().decode().strip()
            assert one.pts, 'the emulator has not started: ' + self.complaints()
            one.socket = f'{self.folder}/control{name}'
            one.unlock()

    def complaints(self):
        with open(f'{self.folder}/errors', encoding='utf-8', errors='replace') as f:
            return f.read()

    def stop(self):
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            status = process.wait(DEADLINE)
            process.stdout.close()
            assert status == 0, f'status {status}: {self.complaints()}'
        self.errors.close()


class OneProcess(Transport):
    """Both modems in one process."""

    name, second = 'in one process', 2

    def __init__(self, folder):
        super().__init__(folder)
        for i, one in enumerate(self.stations, 1):
            one.traces.append(f'{folder}/trace{i}')
        self.run('', self.stations, '--count', '2', '--link', f'{folder}/modem{{}}', '--trace', f'{folder}/trace{{}}')


class TwoProcesses(Transport):
    """Each modem in a process of its own, with --state, and a broker with its default persistence."""

    name, second = 'in two processes', 1

    def __init__(self, folder):
        super().__init__(folder)
        ptytest.FOLDER.name = folder
        self.broker = broker.Broker()
        for number in 1, 2:
            self.start(number)

    def start(self, number):
        one = self.stations[number - 1]
        one.traces.append(f'{self.folder}/trace{number}.{len(one.traces)}')
        self.run(str(number), [one], '--exchange', self.broker.url, '--state', f'{self.folder}/state{number}', '--set',
                 f'sim.number={one.own}', '--link', one.path, '--trace', one.traces[-1])

    def kill(self, number):
        """A power cut, and the next start."""
        process = self.processes[str(number)]
        process.kill()
        process.wait(DEADLINE)
        process.stdout.close()
        self.start(number)

    def stop(self):
        try:
            super().stop()
        finally:
            self.broker.end()


# ---- two tools

REPORTS = ('Delivered', 'Pending', 'Failed')  # how gammu-smsd writes them


class Gammu:
    """gammu-smsd with files. It cannot send 8-bit data from there."""

    name, messages = 'gammu-smsd', texts

    def __init__(self, station):
        self.m = station
        tool_gammu.prepare(station)
        self.config = tool_gammu_smsd.files(station)

    def __enter__(self):
        self.daemon = tool_gammu_smsd.daemon(self.m, self.config)
        self.daemon.__enter__()
        until('the end of its set-up', lambda: '# command: +CNMI=2' in self.m.trace(), LONG)
        return self

    def __exit__(self, *why):
        self.daemon.__exit__(*why)

    def put(self, nth, text):
        name = self.m.file(f'tmp{nth}', text.encode('utf-16'))
        os.rename(name, f'{self.m.folder}/outbox/OUTC20100101_{nth:06d}_00_{self.m.peer}_note.txtd')

    def files(self):
        """What has come, in the order of its time stamps. The last number of a name is 0, or that of a part after
        the first; no other message comes between parts, since its sender sends one after another."""
        got = []
        for name in sorted(glob.glob(self.m.folder + '/inbox/*.txt')):
            assert self.m.peer in name, name
            with open(name, 'rb') as f:
                raw = f.read()
            text = raw.decode('utf-16' if raw[:2] in (b'\xff\xfe', b'\xfe\xff') else 'utf-16-be', 'surrogatepass')
            # after a zero comes what was in its memory
            got.append((int(re.search(r'_(\d+)\.txt$', name).group(1)), text.partition('\0')[0]))
        return got

    def received(self):
        joined = []
        for part, text in self.files():
            if part and joined:
                joined[-1] += text
            elif text not in REPORTS:
                joined.append(text)
        # a character may have been cut at the end of a part
        return [t.encode('utf-16-le', 'surrogatepass').decode('utf-16-le', 'replace') for t in joined]

    def reports(self):
        return sum(text == 'Delivered' for _, text in self.files())

    def unsent(self):
        return os.listdir(self.m.folder + '/outbox')

    def failures(self):
        return os.listdir(self.m.folder + '/error')


class Smstools(tool_smstools.Smsd):
    """smsd of smstools. While the broker is away +CMGS fails with +CMS ERROR: 332, and smsd would give a message up at the
    third: twenty retries outlast the longest wait for a connection."""

    name = 'smstools'

    @staticmethod
    def messages():
        """It may end a part between an escape and its character (23.038 clause 6.2.1.1 has both in one part), and
        reads the second part with another character."""
        return [text for text in texts() if text.count('|') < 79] + data()

    def __init__(self, station):
        self.m, self.done = station, []

    def __enter__(self):
        super().__init__(self.m, 'decode_unicode_text = no\ninit = AT+CNMI=2,0,0,2,0\nprimary_memory = SM\n'
                         'secondary_memory = SR\nsend_retries = 20')
        return super().__enter__()

    def put(self, nth, text):
        head = f'To: {self.m.peer[1:]}\nReport: yes\n'
        if isinstance(text, bytes):
            head, body = head + 'Alphabet: binary\nUDH: false\n', text
        elif all(c in ALPHABET for c in text):
            head, body = head + 'Alphabet: UTF-8\n', text.encode()
        else:
            head, body = head + 'Alphabet: UCS2\n', text.encode('utf-16-be')
        name = self.m.file(f'tmp.{nth}', head.encode() + b'\n' + body)
        os.rename(name, f'{self.m.folder}/outgoing/m{nth:03d}')

    def received(self):
        got = []
        for head, raw in self.incoming():
            assert re.search(f'^From: {self.m.peer[1:]}$', head, re.M), head
            alphabet = re.search('^Alphabet: (.*)$', head, re.M).group(1)
            got.append(raw if alphabet == 'binary' else
                       raw.decode('utf-16-be' if alphabet == 'UCS2' else 'utf-8', 'surrogatepass'))
        return got

    def reports(self):
        self.done += super().reports()
        assert all(re.search('^Status: 0,', r, re.M) for r in self.done), self.done
        return len(self.done)

    def unsent(self):
        return os.listdir(self.m.folder + '/outgoing') + os.listdir(self.m.folder + '/checked')

    def failures(self):
        return os.listdir(self.m.folder + '/failed')


# ---- the exchange

def parts_sent(station):
    """How many SUBMITs the modem has accepted; the outbox forgets the oldest."""
    return sum(len(re.findall(r'\+CMGS: \d+', trace)) for trace in station.all_traces())


def difference(got, want):
    """What differs between the two lists, in any order."""
    missing, more = list(want), []
    for one in got:
        if one in missing:
            missing.remove(one)
        else:
            more.append(one)
    return missing, more


def wait(what, condition, *tools):
    """until(), but a message that one of these tools has given up ends it at once: it would never come."""
    def checked():
        for one in tools:
            equal(one.failures(), [], f'given up at {one.m.own}')
        return condition()
    until(what, checked, PATIENCE)


def arrived(one, sender, want):
    """Waits until this tool has these texts, and checks that it has no other."""
    try:
        wait('all messages', lambda: len(one.received()) >= len(want), sender)
    except AssertionError:
        pass  # the next check says what is missing
    equal(difference(one.received(), want), ([], []), f'missing and too many at {one.m.own}')


def reported(one):
    wait(f'all reports at {one.m.own}', lambda: one.reports() >= parts_sent(one.m), one)
    equal(one.reports(), parts_sent(one.m), f'reports at {one.m.own}')


def caught_up(sender, receiver, least):
    """Waits until the receiver has so many messages, and the sender has sent all that it was given and read the reports
    of all but 7 parts. The modem has 10 places for reports and its network keeps 32 messages, also those whose report
    waits for a place; then +CMGS says +CMS ERROR: 42. smsd reads no report before it has sent all, and gives a message up
    at the third 42; gammu-smsd waits for ten minutes. The longest portion has 35 parts."""
    wait(f'{least} messages at {receiver.m.own}', lambda: len(receiver.received()) >= least, sender)
    wait(f'reports at {sender.m.own}', lambda: not sender.unsent() and sender.reports() >= parts_sent(sender.m) - 7,
         sender)


def both(a, b, want, portion=PORTION, after=lambda: None):
    """Both tools get the texts in portions. `after` is called in the middle of each."""
    for at in range(0, len(want), portion):
        for i, text in enumerate(want[at:at + portion], at):
            a.put(i, text)
            b.put(i, text)
        after()
        for one, other in (a, b), (b, a):
            caught_up(one, other, len(want[:at + portion]))
    arrived(a, b, want)
    arrived(b, a, want)


def undisturbed(_pair, a, b, want):
    both(a, b, want)


def receiver_killed(pair, a, b, want):
    """The tool of the killed process has to stop before: a command whose OK is lost is typed again, as with a real
    modem, and a message that was read and not deleted is read again."""
    for at in range(0, len(want), PORTION):
        for i, text in enumerate(want[at:at + PORTION], at):
            b.put(i, text)
        caught_up(b, a, len(want[:at + PORTION]))
    arrived(a, b, want)
    reported(b)
    for kill in range(KILLS):
        b.__exit__(None, None, None)
        sent = parts_sent(a.m)
        for i in range(kill * len(want) // KILLS, (kill + 1) * len(want) // KILLS):
            a.put(i, want[i])
        wait('a message while no tool reads', lambda: parts_sent(a.m) > sent, a)
        pair.kill(2)
        b.__enter__()
        caught_up(a, b, (kill + 1) * len(want) // KILLS - 10)
    arrived(b, a, want)


def broker_killed(pair, a, b, want):
    def kill():
        wait('a message', lambda: parts_sent(a.m) + parts_sent(b.m) > sent[-1], a, b)
        pair.broker.end(signal.SIGKILL)
        pair.broker.start()
        sent.append(parts_sent(a.m) + parts_sent(b.m))
    sent = [0]
    both(a, b, want, max(1, len(want) // KILLS), kill)


def exchange(judge, transport, how):
    with tempfile.TemporaryDirectory(prefix='fauxtrack-pair.') as folder:
        os.chmod(folder, 0o755)
        pair = transport(folder)
        try:
            with (judge(pair.stations[0]) as a, judge(pair.stations[1]) as b):
                how(pair, a, b, judge.messages())
                reported(a)
                reported(b)
        finally:
            pair.stop()


def case(judge, transport, how):
    def run():
        if not clienttest.version(judge.name):
            raise tap.Skip(f'{judge.name} is not installed')
        exchange(judge, transport, how)
    run.__name__ = f'two_{judge.name}_{transport.name}_{how.__name__}'.replace(' ', '_').replace('-', '_')
    return run


if __name__ == '__main__':
    ways = [(OneProcess, undisturbed)]
    if FULL:
        ways += [(TwoProcesses, undisturbed), (TwoProcesses, receiver_killed), (TwoProcesses, broker_killed)]
    # the tools mostly wait
    tap.main([case(judge, *way) for judge in (Gammu, Smstools) for way in ways], at_once=4)
