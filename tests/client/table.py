# The tables of clients: the long one in README.md in this folder has one row per case; the short
# one in the top README.md is made from it and has one row per tool. `./check clients` writes both;
# any other run of the tools compares its results with them.
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
LONG = os.path.join(HERE, 'README.md')
SHORT = os.path.join(os.path.dirname(os.path.dirname(HERE)), 'README.md')
BEGIN, END = '<!-- clients: ./check clients writes this -->', '<!-- /clients -->'
LONG_HEAD = ('tool', 'case', 'what it did', 'on', 'at speed', 'result')
SHORT_HEAD = ('tool', 'what it did', 'on', 'at speed', 'result')
BUG_HEAD = ('field bug', 'tool', 'on', 'what the tool does')
PASSES = 'passes'
SPEEDS = ('1', 'max')  # of --speed, in the order of the column


def upstream(version):
    """The upstream part of a Debian version: a point release of Debian rarely changes it."""
    return re.sub(r'^\d+:|\+dfsg.*', '', version).partition('-')[0] or '?'


def device(profile):
    """A profile's short name."""
    name, _, firmware = profile.partition('-r')
    if name.startswith('fastrack-supreme'):
        return f'{firmware[0]}.{firmware[1:].partition("-")[0]}'
    return name.upper().replace('-CLONE', '')


def unique(words):
    return list(dict.fromkeys(words))


def lines(head, rows):
    text = ['| ' + ' | '.join(head) + ' |', '| ' + ' | '.join('---' for _ in head) + ' |']
    return '\n'.join(text + ['| ' + ' | '.join(row) + ' |' for row in rows])


def result_of(rows):
    """The result of one case on all its profiles."""
    results = {device(r['profile']): r['result'] for r in rows}
    if len(set(results.values())) == 1:
        return next(iter(results.values()))
    usual = max(results.values(), key=list(results.values()).count)
    return usual + ''.join(f'; {r} on {d}' for d, r in results.items() if r != usual)


def speeds_of(rows):
    """The speeds at which a case passes, each with what it needs: "1 (a reset before), max"."""
    cell = []
    for speed in SPEEDS:
        mine = [r for r in rows if r['speed'] == speed]
        if mine and all(r['result'] == PASSES for r in mine):
            needs = unique(h for r in mine for h in r['help'])
            cell.append(speed + (f' ({"; ".join(needs)})' if needs else ''))
    return ', '.join(cell)


def parts_of(cell):
    """{speed: what the case needs there} from such a cell."""
    return dict(re.findall(r'(\w+)(?: \(([^)]*)\))?(?:, |$)', cell))


def whole(cases, rows, before):
    """The rows of the long table, sorted by tool: [tool and version, case, did, on, at speed, result].
    A case that has not run on all its profiles and at all its speeds keeps its row of `before`."""
    old = {(row[0].rpartition(' ')[0], row[1]): row for row in before}
    made = []
    for c in sorted(cases, key=lambda c: (c.tool, bool(c.bug))):
        mine = [r for r in rows if (r['tool'], r['case']) == (c.tool, c.name)]
        usual = [r for r in mine if not r['tried']]
        usual.sort(key=lambda r: c.profiles.index(r['profile']))
        if len(usual) == len(c.profiles) and len(mine) - len(usual) == len(c.tries()):
            did = ', '.join(unique(w for r in usual for w in r['did']))
            made.append([f'{c.tool} {usual[0]["version"]}', c.name, did,
                         ', '.join(unique(device(r['profile']) for r in usual)), speeds_of(mine),
                         result_of(usual)])
        elif (c.tool, c.name) in old:
            made.append(old[c.tool, c.name])
    return made


def bugs_of(cases):
    """The names of the cases with field bugs."""
    return {c.name for c in cases if c.bug}


def long_text(made, bugs):
    usual = [row for row in made if row[1] not in bugs]
    strange = sorted([row[1], row[0], row[3], row[5]] for row in made if row[1] in bugs)
    return lines(LONG_HEAD, usual) + ('\n\n' + lines(BUG_HEAD, strange) if strange else '')


def speeds_of_tool(cells):
    """One cell for all cases of a tool; if some do not pass at a speed, it says how many do."""
    cell = []
    for speed in SPEEDS:
        parts = [parts_of(c) for c in cells]
        there = [p[speed] for p in parts if speed in p]
        notes = unique(n for t in there for n in t.split('; ') if n)
        if 0 < len(there) < len(cells):
            notes.insert(0, f'{len(there)} of {len(cells)}')
        if there:
            cell.append(speed + (f' ({"; ".join(notes)})' if notes else ''))
    return ', '.join(cell)


def short_text(made, bugs):
    rows = []
    for tool in sorted({row[0] for row in made}):
        mine = [row for row in made if row[0] == tool]
        usual = [row for row in mine if row[1] not in bugs]
        strange = len(mine) - len(usual)
        did = ', '.join(row[1] for row in usual)
        if strange:
            did += (', ' if did else '') + f'{strange} field bug' + 's' * (strange > 1)
        bad = [f'{row[1]}: {row[5]}' for row in usual if row[5] != PASSES]
        on = unique(d for row in usual or mine for d in row[3].split(', '))
        rows.append([tool, did, ', '.join(on), speeds_of_tool([row[4] for row in usual]),
                     '; '.join(bad) or PASSES])
    return lines(SHORT_HEAD, rows)


def between(path):
    """(the text before the marks, between them, after them)"""
    with open(path, encoding='utf-8') as f:
        text = f.read()
    assert text.count(BEGIN) == 1 and text.count(END) == 1, f'{path}: must have "{BEGIN}" and "{END}" once each'
    before, rest = text.split(BEGIN)
    table, after = rest.split(END)
    return before, table.strip('\n'), after


def put(path, table):
    before, old, after = between(path)
    if old != table:
        with open(path, 'w', encoding='utf-8') as f:
            f.write(f'{before}{BEGIN}\n{table}\n{END}{after}')
        print(f'# {os.path.relpath(path)}: the table has changed')


def write(cases, rows):
    """Writes both tables."""
    made, bugs = whole(cases, rows, stands()), bugs_of(cases)
    put(LONG, long_text(made, bugs))
    put(SHORT, short_text(made, bugs))


def stands():
    """The long table in the file, in the form of whole()."""
    found = []
    for line in between(LONG)[1].split('\n'):
        row = [cell.strip() for cell in line.strip('|').split(' | ')]
        if len(row) == len(LONG_HEAD) and row[0] != LONG_HEAD[0] and '---' not in line:
            found.append(row)
        elif len(row) == len(BUG_HEAD) and row[0] != BUG_HEAD[0] and '---' not in line:
            found.append([row[1], row[0], '', row[2], '', row[3]])
    return found


def disagreements(cases, rows):
    """The differences between the tables and this run, which may have only some of the cases; rows
    of cases that did not run are compared with the list of cases. Versions are not compared."""
    wrong = []
    found = stands()
    told = {(row[0].rpartition(' ')[0], row[1]): row for row in found}
    for c in cases:
        row = told.pop((c.tool, c.name), None)
        on = ', '.join(unique(device(p) for p in c.profiles))
        if not row:
            wrong.append(f'{c.tool}: {c.name}: no row in the table')
        elif row[3] != on:
            wrong.append(f'{c.tool}: {c.name}: on {row[3]} in the table, {on} here')
        for r in rows:
            if row and (r['tool'], r['case']) == (c.tool, c.name):
                wrong += [f'{c.tool}: {c.name}: {w}' for w in differs(row, r)]
        if row and not c.bug and row[5] == PASSES:
            untold = [s for s in c.speeds if s not in parts_of(row[4])]
            wrong += [f'{c.tool}: {c.name}: at speed "{row[4]}" in the table, which has no speed {s}'
                      for s in untold]
    wrong += [f'{tool}: {name}: in the table, but there is no such case' for tool, name in told]
    if not wrong and between(SHORT)[1] != short_text(found, bugs_of(cases)):
        wrong.append('the table of the top README.md does not match that of tests/client/README.md')
    return wrong


def differs(row, r):
    """The differences between one result and its row of the table."""
    if r['tried']:
        there = PASSES if r['speed'] in parts_of(row[4]) else 'not tried'
    else:
        there = result_there(row[5], device(r['profile']))
    if r['result'] != there and not (r['result'] + there + row[5]).count('skip '):
        return [f'{r["profile"]} at {r["speed"]}: "{there}" in the table, "{r["result"]}" here']
    needs = '; '.join(r['help'])
    if r['result'] == PASSES and parts_of(row[4]).get(r['speed'], needs) != needs:
        return [f'at {r["speed"]}: needs "{parts_of(row[4])[r["speed"]]}" in the table, "{needs}" here']
    return []


def result_there(cell, on):
    usual, *others = cell.split('; ')
    for other in others:
        result, _, where = other.rpartition(' on ')
        if where == on:
            return result
    return usual


def versions(rows):
    """Notes about tools of another version than in the table."""
    there = dict(row[0].rpartition(' ')[::2] for row in stands())
    return unique(f'{r["tool"]}: {r["version"]} here, {there[r["tool"]]} in the table' for r in rows
                  if r['version'] and there.get(r['tool'], r['version']) != r['version'])
