#!/usr/bin/python3
"""all.py [--json FILE] [--rounds N] [--list] [BUILD [ROW...]]: runs every measurement of this folder
with the programs of a build folder and prints one table. RUNS has a row for each; with ROWs only
those whose name contains one of the words. No result is wrong: the exit status says only whether
every measurement could be made."""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT = 900  # seconds for a row: a program that hangs

BENCH = ('p50 us', 'p99 us', 'commands/s', 'CPU us each')
START = ('paths ms', 'first OK ms')
# of a program that has nothing to compare with: what its sentences say
MEMORY = {'one modem KiB': r'one modem: Rss (\d+)', 'idle modem KiB': r'idle modem, .*: Rss ([\d.]+)',
          'used modem KiB': r'messages: ([\d.]+) KiB'}
RING = {'messages/s': r'^([\d.]+) messages/s', 'CPU us each': r'CPU ([\d.]+) us each',
        'driver us each': r'driver: ([\d.]+) us', 'KiB a modem': r'([\d.]+) after the last'}
FARM = {'messages/s': r'^([\d.]+) messages/s', 'broker us each': r'brokers ([\d.]+)', 'CPU us each': r'processes ([\d.]+),',
        'driver us each': r'driver ([\d.]+)$', 'repeats': r'^(\d+) repeats'}
PANEL = {'idle us/s': r'^0 pages.* ([\d.]+) us a second', 'page idle us/s': r'^1 pages.* ([\d.]+) us a second',
         'CPU us each': r'^0 pages.* ([\d.]+) us an AT', 'page us each': r'^1 pages.* ([\d.]+) us an AT'}
INSIDE = {'CPU us each': r'CPU ([\d.]+) us a message'}

# name; program; arguments, with {bare}, {fauxtrack} and {bench} as paths and {rounds}; the columns
# that it prints: a line `NAME NUMBER...` for each of two variants, and their ratio.
RUNS = (
    ('1 modem', '{bench}', '-r {rounds} {fauxtrack} run', BENCH),
    ('1 modem, no control', '{bench}', '-r {rounds} {fauxtrack} run --control none', BENCH),
    ('100 modems', '{bench}', '-r {rounds} -n 100 {fauxtrack} run --count 100', BENCH),
    ('100 modems, no control', '{bench}',
     '-r {rounds} -n 100 {fauxtrack} run --count 100 --control none', BENCH),
    ('1000 modems', '{bench}', '-r {rounds} -n 1000 {fauxtrack} run --count 1000', BENCH),
    ('pipelined, 1 modem', '{bench}', '--load pipe -r {rounds} {fauxtrack} run', BENCH),
    ('pipelined, 100 modems', '{bench}',
     '--load pipe -r {rounds} -n 100 {fauxtrack} run --count 100', BENCH),
    ('+CMGL of 100, 1 modem', '{bench}', '--load cmgl -r {rounds} {fauxtrack} run --speed max '
     '--set sim.messages.capacity=100', BENCH),
    ('ten in a line, 1 modem', '{bench}',
     '--load concat -r {rounds} {fauxtrack} run --speed max', BENCH),
    ('sx -k', 'xmodem.py', '-r {rounds} {bare} {fauxtrack}', ('MB/s', 'CPU us/block')),
    ('past record', 'record.py', '-r {rounds} {bare} {fauxtrack}', ('p50 us', 'p99 us')),
    ('250 clients of control', 'control.py', '-r {rounds} {fauxtrack}', ('p50 ms', 'p99 ms')),
    ('panel', 'panel.py', '-r {rounds} {fauxtrack}', PANEL),
    ('start, 1 modem', 'start.py', '-r {rounds} {bare} {fauxtrack}', START),
    ('start, 1000 modems', 'start.py', '-n 1000 -r {rounds} {bare} {fauxtrack}', START),
    ('memory, 1000 modems', 'memory.py', '-n 1000 {fauxtrack}', MEMORY),
    ('ring of 50', '{ring}', '-n 50 -m 100 -r {rounds} {fauxtrack} run --count 50 --speed max', RING),
    ('ring of 1000', '{ring}', '-n 1000 -r {rounds} {fauxtrack} run --count 1000 --speed max', RING),
    ('farm of 4 x 250', 'farm.py', '-r {rounds} {build}', FARM),
    ('farm of 4 x 250, 2 brokers', 'farm.py', '-b 2 -r {rounds} {build}', FARM),
    ('ring of 50, inside', '{ring_inside}', '-n 50 -m 100 -r {rounds}', INSIDE),
    ('ring of 1000, inside', '{ring_inside}', '-n 1000 -r {rounds}', INSIDE),
)


def numbers_of(text, columns):
    """{'bare': {column: number, ...}, ...} of the lines `NAME NUMBER...`, and the line above them."""
    found, title = {}, ''
    if isinstance(columns, dict):
        hits = {name: re.search(pattern, text, re.M) for name, pattern in columns.items()}
        return 'alone', {'fauxtrack': {n: float(h[1]) for n, h in hits.items() if h}}
    for line in text.splitlines():
        numbers = re.findall(r'(?<=\s)\d+(?:\.\d+)?(?=\s|$)', line)[-len(columns):]
        name = line[:12].strip()
        if len(numbers) == len(columns) and name and re.fullmatch(
                r'\s+'.join(['.{10,12}'] + [re.escape(n) for n in numbers]), line):
            found[name] = dict(zip(columns, map(float, numbers)))
        elif not found and not title:
            title = line
    return title, found


def understands(argv):
    """Does the program know --load, if it is to be given?"""
    if '--load' not in argv:
        return True
    said = subprocess.run(argv[:1], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    return '-l ' in said.stdout or '--load' in said.stdout


def measure(program, arguments, columns, values):
    """The entry of one row for the JSON file."""
    program = program.format(**values)
    argv = [program] if os.path.isabs(program) else [sys.executable, os.path.join(HERE, program)]
    argv += [word.format(**values) for word in arguments.split()]
    entry = {'command': argv}
    if not understands(argv):
        return dict(entry, skipped='this bench has no --load')
    if not os.path.exists(argv[0] if os.path.isabs(program) else argv[1]):
        return dict(entry, skipped=f'there is no {program}')
    began = time.monotonic()
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return dict(entry, failed=f'no result within {LIMIT} s')
    title, found = numbers_of(done.stdout, columns)
    whole = isinstance(columns, dict) or 'ratio' in found
    if done.returncode or not whole or any(len(row) < len(columns) for row in found.values()):
        last = (done.stderr or done.stdout).strip().split('\n')[-1]
        return dict(entry, failed=f'exit status {done.returncode}: {last}')
    return dict(entry, title=title, seconds=round(time.monotonic() - began, 1), results=found)


def show(name, entry, columns):
    if 'results' not in entry:
        print(f'{name}: {"skipped" if "skipped" in entry else "FAILED"}: '
              f'{entry.get("skipped") or entry["failed"]}\n', flush=True)
        return
    print(f'{name}: {entry["title"]}')
    print(f'{"":12} ' + ' '.join(f'{c:>14}' for c in columns))
    for who, row in entry['results'].items():
        print(f'{who:12} ' + ' '.join(f'{row[c]:14.2f}' for c in columns))
    print(flush=True)


def chosen(words):
    rows = [r for r in RUNS if not words or any(w in r[0] for w in words)]
    if not rows:
        sys.exit(f'all.py: no row has "{" ".join(words)}" in its name; see --list')
    return rows


def machine():
    with open('/proc/loadavg', encoding='ascii') as f:
        load = f.read().split()[0]
    return {'kernel': platform.release(), 'processors': os.cpu_count(), 'load': float(load)}


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('--json')
    options.add_argument('--rounds', type=int, default=5)
    options.add_argument('--list', action='store_true')
    options.add_argument('build', nargs='?')
    options.add_argument('row', nargs='*')
    o = options.parse_args()
    if o.list or not o.build:
        print('\n'.join(r[0] for r in RUNS))
        return 0
    build = os.path.abspath(o.build)
    values = {'bench': f'{build}/tests/bench/bench', 'bare': f'{build}/tests/bench/bare',
              'ring': f'{build}/tests/bench/ring', 'ring_inside': f'{build}/tests/bench/ring_inside',
              'fauxtrack': f'{build}/fauxtrack', 'build': build, 'rounds': o.rounds}
    out = {'machine': machine(), 'rounds': o.rounds, 'rows': {}}
    print(f'load of the machine at the start: {out["machine"]["load"]}; only ratios mean anything\n')
    for name, program, arguments, columns in chosen(o.row):
        entry = measure(program, arguments, columns, values)
        out['rows'][name] = entry
        show(name, entry, columns)
    if o.json:
        with open(o.json, 'w', encoding='utf-8') as f:
            json.dump(out, f, indent=1)
            f.write('\n')
        print(o.json)
    return int(any('failed' in e for e in out['rows'].values()))


if __name__ == '__main__':
    sys.exit(main())
