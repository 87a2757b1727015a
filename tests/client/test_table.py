#!/usr/bin/python3
"""test_table.py: the table of clients is written completely, and any disagreement with it is found."""

import os
import sys
import tempfile
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import table  # noqa: E402

R663, R74 = 'fastrack-supreme-20-r663', 'fastrack-supreme-20-r74-pin'


class Case:
    def __init__(self, tool, name, profiles, bug=None):
        self.tool, self.name, self.profiles, self.bug = tool, name, profiles, bug
        self.speeds = () if bug else table.SPEEDS

    def tries(self):
        return [(self.profiles[0], speed) for speed in self.speeds]


CASES = [Case('b', 'send', [R663, R74]), Case('a', 'call', [R74]), Case('b', 'net-x', [R74], 'net-x')]
RESULTS = [['passes', 'passes'], ['passes'], ['loses messages']]


def row(case, profile, result, speed=None, needs=()):
    return {'tool': case.tool, 'version': '1.2', 'case': case.name, 'profile': profile,
            'did': ['all of it'], 'result': result, 'speed': speed or '10', 'tried': bool(speed),
            'help': [*needs]}


def rows(results, tried=('passes', 'passes'), needs=()):
    """`tried`: the results of each case at 1 and at max; `needs`: what it needs at 1."""
    usual = [row(c, p, r) for c, rs in zip(CASES, results) for p, r in zip(c.profiles, rs)]
    return usual + [row(c, p, r, speed, needs if speed == '1' else ())
                    for c in CASES for (p, speed), r in zip(c.tries(), tried)]


def files(folder):
    table.LONG, table.SHORT = os.path.join(folder, 'LONG.md'), os.path.join(folder, 'SHORT.md')
    for path in (table.LONG, table.SHORT):
        with open(path, 'w', encoding='utf-8') as f:
            f.write(f'# A\n\n{table.BEGIN}\n{table.END}\n\nB\n')


def written(*more):
    stdout, sys.stdout = sys.stdout, open(os.devnull, 'w', encoding='utf-8')
    try:
        table.write(CASES, rows(RESULTS, *more))
    finally:
        sys.stdout = stdout


def text(path):
    with open(path, encoding='utf-8') as f:
        return f.read()


def expect(found, *words):
    assert len(found) == len(words) and all(w in f for w, f in zip(words, found)), (found, words)


def what_was_written_is_right():
    written()
    assert '| b 1.2 | send | all of it | 6.63, 7.4 | 1, max | passes |\n' in text(table.LONG), text(table.LONG)
    assert '| net-x | b 1.2 | 7.4 | loses messages |\n' in text(table.LONG), text(table.LONG)
    assert '| b 1.2 | send, 1 field bug | 6.63, 7.4 | 1, max | passes |\n' in text(table.SHORT), text(table.SHORT)
    assert text(table.LONG).endswith(f'{table.END}\n\nB\n')
    expect(table.disagreements(CASES, rows(RESULTS)))
    expect(table.disagreements(CASES, []))


def another_result_is_found():
    written()
    expect(table.disagreements(CASES, [row(CASES[0], R663, 'FAILS')]), '"passes" in the table, "FAILS" here')
    expect(table.disagreements(CASES, [row(CASES[2], R74, 'recovers')]), '"recovers" here')
    expect(table.disagreements(CASES, [row(CASES[0], R663, 'skip no tool')]))


def a_result_of_one_profile_is_kept():
    old, RESULTS[0] = RESULTS[0], ['passes', 'FAILS']
    try:
        written()
        assert '| passes; FAILS on 7.4 |' in text(table.LONG), text(table.LONG)
        expect(table.disagreements(CASES, rows(RESULTS)))
        expect(table.disagreements(CASES, [row(CASES[0], R74, 'passes')]), '"FAILS" in the table')
    finally:
        RESULTS[0] = old


def what_a_case_needs_at_a_speed_is_in_the_table():
    written(('passes', 'passes'), ('a reset', 'patience'))
    assert '| 6.63, 7.4 | 1 (a reset; patience), max | passes |' in text(table.LONG), text(table.LONG)
    assert '| 6.63, 7.4 | 1 (a reset; patience), max | passes |' in text(table.SHORT), text(table.SHORT)
    expect(table.disagreements(CASES, [row(CASES[0], R663, 'passes', '1', ['a reset', 'patience'])]))
    expect(table.disagreements(CASES, [row(CASES[0], R663, 'passes', '1')]),
           'needs "a reset; patience" in the table')
    expect(table.disagreements(CASES, [row(CASES[0], R663, 'FAILS', '1')]),
           'at 1: "passes" in the table, "FAILS" here')


def a_speed_at_which_it_does_not_pass_is_found():
    written(('FAILS', 'passes'))
    assert '| 6.63, 7.4 | max | passes |' in text(table.LONG), text(table.LONG)
    expect(table.disagreements(CASES, []), 'no speed 1', 'no speed 1')
    expect(table.disagreements(CASES[:1] + CASES[2:], [row(CASES[0], R663, 'passes', '1')]),
           '"not tried" in the table, "passes" here', 'no speed 1', 'a: call: in the table, but')


def what_was_not_tried_is_kept():
    written()
    before = text(table.LONG)
    table.write(CASES, [r for r in rows(RESULTS, ('FAILS', 'FAILS')) if r['speed'] != 'max'])
    assert text(table.LONG) == before, text(table.LONG)


def other_cases_are_found():
    written()
    expect(table.disagreements(CASES + [Case('c', 'new', [R74])], []), 'c: new: no row')
    expect(table.disagreements(CASES[1:], []), 'b: send: in the table, but')
    expect(table.disagreements([Case('b', 'send', [R663])] + CASES[1:], []), 'on 6.63, 7.4 in the table')


def an_edited_short_table_is_found():
    written()
    with open(table.SHORT, encoding='utf-8') as f:
        changed = f.read().replace('send', 'sent')
    with open(table.SHORT, 'w', encoding='utf-8') as f:
        f.write(changed)
    expect(table.disagreements(CASES, []), 'top README.md')


def what_has_not_run_is_kept():
    written()
    before = text(table.LONG)
    table.write(CASES, [row(CASES[0], R663, 'FAILS')])
    assert text(table.LONG) == before, text(table.LONG)


def another_version_is_only_noted():
    written()
    expect(table.disagreements(CASES, [dict(row(CASES[1], R74, 'passes'), version='1.3')]))
    expect(table.versions([dict(row(CASES[1], R74, 'passes'), version='1.3')]), '1.3 here')


TESTS = (what_was_written_is_right, another_result_is_found, a_result_of_one_profile_is_kept,
         what_a_case_needs_at_a_speed_is_in_the_table, a_speed_at_which_it_does_not_pass_is_found,
         what_was_not_tried_is_kept, other_cases_are_found, an_edited_short_table_is_found,
         what_has_not_run_is_kept, another_version_is_only_noted)

print(f'1..{len(TESTS)}')
bad = 0
for number, test in enumerate(TESTS, 1):
    with tempfile.TemporaryDirectory(prefix='fauxtrack-test.') as where:
        files(where)
        try:
            test()
            print(f'ok {number} - {test.__name__.replace("_", " ")}')
        except Exception:
            bad += 1
            print(f'# {traceback.format_exc()}'.replace('\n', '\n# '))
            print(f'not ok {number} - {test.__name__.replace("_", " ")}')
sys.exit(bad > 0)
