#!/usr/bin/python3
"""farm.py [-p PROCESSES] [-n MODEMS] [-b BROKERS] [-m MESSAGES] [-r ROUNDS] BUILD: messages between processes. PROCESSES
`fauxtrack run` with MODEMS each, and as many mosquitto as BROKERS says between them, which pass on to each other only
what each other's modems are to get. `ring` sends MESSAGES round all modems in each of ROUNDS rounds, with reports,
each message to the next process. Tells the messages a second, and what a message costs the brokers and the processes.
With --bare, what the brokers can do at most: mosquitto_pub to mosquitto_sub, payloads as long as those of messages."""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.argv[1:] = sys.argv[1:] or ['--help']  # ptytest wants a word
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[1:1] = [os.path.join(HERE, '..', 'lib'), os.path.join(HERE, '..', 'pty')]

import broker  # noqa: E402
import ptytest  # noqa: E402

SKIPPED = 77
DEADLINE = 120
FIRST = 33600000000  # of the first process; each has a range of 10,000 numbers
PAYLOAD = 330  # bytes of a message of `ring`, as mosquitto_sub counts them


def numbers(process, modems):
    return [FIRST + process * 10000 + i for i in range(modems)]


# ---- brokers

class Brokers:
    """The first one is the hub of the others: each of them fetches there what is for its own numbers, brings what is
    for others, and tells who is there."""

    def __init__(self, folder, ranges, *more):
        ptytest.FOLDER.name = folder
        self.all = []
        for k in range(len(ranges)):
            self.all.append(broker.Broker('allow_anonymous true', *more, *(self.bridge(k, ranges) if k else ())))
        self.ports = [b.port for b in self.all]
        self.processes = [b.process for b in self.all]

    def bridge(self, k, ranges):
        """To the first broker: with more than one way between two brokers, what both tell goes round for ever."""
        others = [n for i, of in enumerate(ranges) if i != k for n in of]
        return [f'connection from{k}', f'address 127.0.0.1:{self.all[0].port}', 'cleansession true',
                'topic fauxtrack/1/+/state both 1', 'topic fauxtrack/1/process/+ both 1',
                *(f'topic fauxtrack/1/{n}/{what} {way} 1' for way, of in (('in', ranges[k]), ('out', others))
                  for n in of for what in ('sms', 'ack', 'call'))]

    def end(self):
        for one in self.all:
            one.end()


# ---- what is measured

def cpu_us(pid):
    """Of all threads, user and system."""
    total = 0
    for thread in os.listdir(f'/proc/{pid}/task'):
        with open(f'/proc/{pid}/task/{thread}/schedstat', encoding='ascii') as f:
            total += int(f.read().split()[0])
    return total / 1e3


def resident(pid):
    with open(f'/proc/{pid}/statm', encoding='ascii') as f:
        return int(f.read().split()[1]) * os.sysconf('SC_PAGESIZE') / 1024


class Farm:
    """The server of `ring`: prints the paths so that each modem's neighbour is in the next process."""

    def __init__(self, folder, o):
        self.folder, self.program = folder, f'{o.build}/fauxtrack'
        own = [numbers(i, o.modems) for i in range(o.processes)]
        at = [[i for i in range(o.processes) if i * o.brokers // o.processes == k] for k in range(o.brokers)]
        self.brokers = Brokers(folder, [[n for i in of for n in own[i]] for of in at])
        self.processes = [self.start(i, own[i], self.brokers.ports[i * o.brokers // o.processes])
                          for i in range(o.processes)]
        self.total = o.processes * o.modems
        self.paths = [[p.stdout.readline().strip() for _ in range(o.modems)] for p in self.processes]
        if not all(map(all, self.paths)):
            sys.exit(f'farm.py: a process has not started; see {folder}')
        ptytest.until('every process knows all numbers', lambda: all(
            c['numbers'] == self.total and c['connected'] for c in self.counts()))

    def start(self, i, own, port):
        fleet = f'{self.folder}/fleet{i}.yaml'
        with open(fleet, 'w', encoding='ascii') as f:
            f.write(f'kind: fleet\nspeed: max\ngroups:\n  - name: p{i}\n    count: {len(own)}\n    numbers: "+{own[0]}"\n')
        with open(f'{self.folder}/errors{i}', 'wb') as errors:
            return subprocess.Popen(
                [self.program, 'run', '--fleet', fleet, '--control', f'{self.folder}/control{i}', '--exchange',
                 f'mqtt://localhost:{port}'], stdout=subprocess.PIPE, stderr=errors, text=True)

    def counts(self):
        """What each process counts of the exchange."""
        return [json.loads(subprocess.run(
            [self.program, 'ctl', '--control', f'{self.folder}/control{i}', '--modem', '1', 'net', '--json'],
            check=True, stdout=subprocess.PIPE, text=True).stdout)['exchange'] for i in range(len(self.processes))]

    def snapshot(self):
        of = {'broker': self.brokers.processes, 'fauxtrack': self.processes}
        counts = self.counts()
        return {'cpu': {k: [cpu_us(p.pid) for p in v] for k, v in of.items()},
                'KiB': {k: sum(resident(p.pid) for p in v) for k, v in of.items()},
                'sent': sum(c['sent'] for c in counts), 'published': sum(c['published'] for c in counts)}

    def serve(self):
        """Until SIGTERM, which `ring` sends at its end."""
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
        before = self.snapshot()
        for paths in zip(*self.paths):
            print('\n'.join(paths), flush=True)
        signal.sigwait([signal.SIGTERM])
        with open(f'{self.folder}/cost', 'w', encoding='ascii') as f:
            json.dump([before, self.snapshot()], f)
        for one in self.processes:
            one.terminate()
        for one in self.processes:
            one.wait()
        self.brokers.end()


# ---- the two measurements

def ring(o):
    with tempfile.TemporaryDirectory(prefix='farm.') as folder:
        total = o.processes * o.modems
        done = subprocess.run(
            [f'{o.build}/tests/bench/ring', '-n', str(total), '-m', str(o.messages), '-r', str(o.rounds),
             sys.executable, os.path.abspath(__file__), '--serve', folder, '-p', str(o.processes), '-n', str(o.modems),
             '-b', str(o.brokers), o.build], stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            sys.exit(f'farm.py: ring has failed with status {done.returncode}')
        with open(f'{folder}/cost', encoding='ascii') as f:
            before, after = json.load(f)
    sent = after['sent'] - before['sent']
    if sent != total * o.messages * o.rounds:
        sys.exit(f'farm.py: {sent} messages went over the brokers, not {total * o.messages * o.rounds}')
    cost = {k: [(b - a) / sent for a, b in zip(before['cpu'][k], after['cpu'][k])] for k in after['cpu']}
    print(f'{o.processes} processes of {o.modems} modems, {o.brokers} mosquitto, {sent} messages with reports:')
    print(f'{float(re.search(r"^([0-9.]+) messages/s", done.stdout, re.M)[1]):.0f} messages/s, CPU us a message: brokers '
          f'{sum(cost["broker"]):.1f} (the busiest {max(cost["broker"]):.1f}), processes {sum(cost["fauxtrack"]):.1f}, the driver '
          f'{float(re.search(r"driver: ([0-9.]+) us", done.stdout)[1]):.1f}')
    print(f'{after["published"] - before["published"] - sent} repeats; resident after it: brokers '
          f'{after["KiB"]["broker"] / 1024:.1f} MiB, processes {after["KiB"]["fauxtrack"] / 1024:.1f} MiB')


def bare(o):
    """Every message is two payloads for a broker: it, and its ack."""
    with tempfile.TemporaryDirectory(prefix='farm.') as folder:
        brokers = Brokers(folder, [()], 'max_queued_messages 0')
        to = ['-h', 'localhost', '-p', str(brokers.ports[0]), '-q', '1', '-t', 'bare']
        count = 2 * o.processes * o.modems * o.messages
        with open(f'{folder}/lines', 'wb') as lines:
            lines.write((b'x' * PAYLOAD + b'\n') * count)
        hears = ['mosquitto_sub', *to, '-c', '-i', 'hears']
        subprocess.run([*hears, '-E'], check=True, timeout=DEADLINE)  # from now on it misses nothing
        began, cpu = time.monotonic(), cpu_us(brokers.processes[0].pid)
        with (open(f'{folder}/lines', 'rb') as lines, subprocess.Popen(['mosquitto_pub', *to, '-l'], stdin=lines)):
            heard = subprocess.run([*hears, '-C', str(count), '-W', str(DEADLINE)], check=False, stdout=subprocess.DEVNULL)
        if heard.returncode:
            sys.exit(f'farm.py: mosquitto_sub has not heard {count} payloads within {DEADLINE} s')
        seconds, cpu = time.monotonic() - began, cpu_us(brokers.processes[0].pid) - cpu
        brokers.end()
    print(f'mosquitto alone: {count / seconds:.0f} payloads/s, CPU {cpu / count:.1f} us a payload')


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('-p', '--processes', type=int, default=4)
    parser.add_argument('-n', '--modems', type=int, default=250)
    parser.add_argument('-b', '--brokers', type=int, default=1)
    parser.add_argument('-m', '--messages', type=int, default=10)
    parser.add_argument('-r', '--rounds', type=int, default=3)
    parser.add_argument('--bare', action='store_true')
    parser.add_argument('--serve', help=argparse.SUPPRESS)
    parser.add_argument('build')
    o = parser.parse_args()
    o.build = os.path.abspath(o.build)
    if o.processes < 2 or not 1 <= o.brokers <= o.processes:
        parser.error('at least two processes, and at most as many brokers; in one process no message goes to a broker')
    if not os.path.exists(broker.MOSQUITTO):
        print('farm.py: mosquitto is not installed: apt install mosquitto', file=sys.stderr)
        sys.exit(SKIPPED)
    if o.serve:
        os.sched_setaffinity(0, range(os.cpu_count()))  # `ring` has given us one processor
        Farm(o.serve, o).serve()
    elif o.bare:
        bare(o)
    else:
        ring(o)


if __name__ == '__main__':
    main()
