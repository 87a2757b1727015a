#!/usr/bin/python3
"""test_all.py: the table of `./check bench` has the numbers that the programs print. TAP."""
import importlib.util
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lib'))
import tap  # noqa: E402

spec = importlib.util.spec_from_file_location('bench_all', os.path.join(os.path.dirname(
    os.path.abspath(__file__)), 'all.py'))
bench_all = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bench_all)

BENCH = """a bare AT, 100 modems, medians of 5 rounds
                p50 us    p99 us commands/s  CPU us each
bare             790.1    1823.7     117735         3.92
fauxtrack        953.1    2400.2      96923         5.69
ratio             1.21      1.32       0.82         1.45
"""
XMODEM = """sx -k of 2097152 bytes, medians of 9 rounds
               MB/s    CPU us/block
bare           8.15           37.65
fauxtrack      8.27           34.14
ratio          1.01            0.91
"""
CONTROL = """a bare AT, medians of 9 rounds
              p50 ms    p99 ms
alone           0.121     0.219
250 clients     0.092     0.299
ratio            0.76      1.36
"""


MEMORY = """one modem: Rss 6012 KiB, Pss 5500 KiB
each further idle modem, of 1000: Rss 23.4 KiB, Pss 22.0 KiB
a modem that has sent and received 100 messages: 119.4 KiB (96 KiB more than idle)
"""


RING = """1000 modems, each sends 10 messages to the next with reports, median of 5 rounds:
8796 messages/s, CPU 23.8 us each (the driver: 8.4 us)
memory: 145.1 KiB a modem before, 177.4 after the first round, 201.5 after the last
"""

FARM = """4 processes of 250 modems, 1 mosquitto, 30000 messages with reports:
5557 messages/s, CPU us a message: brokers 50.3 (the busiest 50.3), processes 193.5, the driver 24.6
2 repeats; resident after it: brokers 11.4 MiB, processes 136.4 MiB
"""

PANEL = """the panel, CPU time of the emulator, medians of 3 rounds:
0 pages open: idle 521.7 us a second, 21.53 us an AT
1 pages open: idle 773.8 us a second, 51.68 us an AT
10 pages open: idle 754.9 us a second, 246.56 us an AT
"""


def columns(word):
    return next(r[3] for r in bench_all.RUNS if word in r[0])


def numbers_have_their_columns():
    title, found = bench_all.numbers_of(BENCH, columns('100 modems'))
    assert title == BENCH.split('\n')[0], title
    assert list(found) == ['bare', 'fauxtrack', 'ratio'], found
    assert found['fauxtrack'] == {'p50 us': 953.1, 'p99 us': 2400.2, 'commands/s': 96923.0,
                                  'CPU us each': 5.69}, found
    assert bench_all.numbers_of(XMODEM, columns('sx'))[1]['bare'] == {'MB/s': 8.15, 'CPU us/block': 37.65}
    found = bench_all.numbers_of(CONTROL, columns('clients'))[1]
    assert found['250 clients'] == {'p50 ms': 0.092, 'p99 ms': 0.299}, found
    assert bench_all.numbers_of(MEMORY, columns('memory'))[1] == {'fauxtrack': {
        'one modem KiB': 6012.0, 'idle modem KiB': 23.4, 'used modem KiB': 119.4}}
    assert bench_all.numbers_of(RING, columns('ring of 1000'))[1] == {'fauxtrack': {
        'messages/s': 8796.0, 'CPU us each': 23.8, 'driver us each': 8.4, 'KiB a modem': 201.5}}
    assert bench_all.numbers_of(FARM, columns('farm of 4 x 250'))[1] == {'fauxtrack': {
        'messages/s': 5557.0, 'broker us each': 50.3, 'CPU us each': 193.5, 'driver us each': 24.6, 'repeats': 2.0}}
    assert bench_all.numbers_of(PANEL, columns('panel'))[1] == {'fauxtrack': {
        'idle us/s': 521.7, 'page idle us/s': 773.8, 'CPU us each': 21.53, 'page us each': 51.68}}
    assert bench_all.numbers_of('20 modems, 3 messages each: CPU 12.50 us a message\n', columns('1000, inside'))[1] == {
        'fauxtrack': {'CPU us each': 12.5}}


def other_output_has_no_ratio():
    for text in ('', 'bench: no OK from 3 modems\n', BENCH.replace(' 1.45', ' nan')):
        assert 'ratio' not in bench_all.numbers_of(text, columns('100 modems'))[1], text


def a_program_that_fails_is_reported():
    entry = bench_all.measure('/bin/false', '', ('x',), {})
    assert 'exit status 1' in entry['failed'], entry


tap.main([numbers_have_their_columns, other_output_has_no_ratio, a_program_that_fails_is_reported])
