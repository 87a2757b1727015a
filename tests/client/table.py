# The table of clients: the long one of README.md beside this, one row a case, and the short one of
# the top README.md, one row a tool, made of the long one. `./check clients` writes both; each
# other run of the tools compares what it has seen with what stands there.
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
LONG = os.path.join(HERE, 'README.md')
SHORT = os.path.join(os.path.dirname(os.path.dirname(HERE)), 'README.md')
BEGIN, END = '<!-- clients: ./check clients writes this -->', '<!-- /clients -->'
LONG_HEAD = ('tool', 'case', 'what it did', 'on', 'result')
SHORT_HEAD = ('tool', 'what it did', 'on', 'result')
BUG_HEAD = ('field bug', 'tool', 'on', 'what the tool does')
PASSES = 'passes'


def upstream(version):
    """Of a Debian version: a point release of Debian seldom changes more than the rest."""
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
    """Of one case on all of its profiles."""
    results = {device(r['profile']): r['result'] for r in rows}
    if len(set(results.values())) == 1:
        return next(iter(results.values()))
    usual = max(results.values(), key=list(results.values()).count)
    return usual + ''.join(f'; {r} on {d}' for d, r in results.items() if r != usual)


def whole(cases, rows, before):
    """The long table's fields, sorted by tool: [tool and version, case, did, on, result]. What
    has not run on all its profiles is as before."""
    old = {(row[0].rpartition(' ')[0], row[1]): row for row in before}
    made = []
    for c in sorted(cases, key=lambda c: (c.tool, bool(c.bug))):
        mine = [r for r in rows if (r['tool'], r['case']) == (c.tool, c.name)]
        mine.sort(key=lambda r: c.profiles.index(r['profile']))
        if len(mine) == len(c.profiles):
            did = ', '.join(unique(w for r in mine for w in r['did']))
            made.append([f'{c.tool} {mine[0]["version"]}', c.name, did,
                         ', '.join(unique(device(r['profile']) for r in mine)), result_of(mine)])
        elif (c.tool, c.name) in old:
            made.append(old[c.tool, c.name])
    return made


def bugs_of(cases):
    """The names of the cases that are field bugs."""
    return {c.name for c in cases if c.bug}


def long_text(made, bugs):
    usual = [row for row in made if row[1] not in bugs]
    strange = sorted([row[1], row[0], row[3], row[4]] for row in made if row[1] in bugs)
    return lines(LONG_HEAD, usual) + ('\n\n' + lines(BUG_HEAD, strange) if strange else '')


def short_text(made, bugs):
    rows = []
    for tool in sorted({row[0] for row in made}):
        mine = [row for row in made if row[0] == tool]
        usual = [row for row in mine if row[1] not in bugs]
        strange = len(mine) - len(usual)
        did = ', '.join(row[1] for row in usual)
        if strange:
            did += (', ' if did else '') + f'{strange} field bug' + 's' * (strange > 1)
        bad = [f'{row[1]}: {row[4]}' for row in usual if row[4] != PASSES]
        on = unique(d for row in usual or mine for d in row[3].split(', '))
        rows.append([tool, did, ', '.join(on), '; '.join(bad) or PASSES])
    return lines(SHORT_HEAD, rows)


def between(path):
    """(what stands before the marks, between them, behind them)"""
    with open(path, encoding='utf-8') as f:
        text = f.read()
    assert text.count(BEGIN) == 1 and text.count(END) == 1, f'{path}: not one "{BEGIN}", "{END}"'
    before, rest = text.split(BEGIN)
    table, behind = rest.split(END)
    return before, table.strip('\n'), behind


def put(path, table):
    before, old, behind = between(path)
    if old != table:
        with open(path, 'w', encoding='utf-8') as f:
            f.write(f'{before}{BEGIN}\n{table}\n{END}{behind}')
        print(f'# {os.path.relpath(path)}: the table is a new one')


def write(cases, rows):
    """Both tables."""
    made, bugs = whole(cases, rows, stands()), bugs_of(cases)
    put(LONG, long_text(made, bugs))
    put(SHORT, short_text(made, bugs))


def stands():
    """The long table as it stands in the file, in the form of whole()."""
    found = []
    for line in between(LONG)[1].split('\n'):
        row = [cell.strip() for cell in line.strip('|').split(' | ')]
        if len(row) == len(LONG_HEAD) and row[0] != LONG_HEAD[0] and '---' not in line:
            found.append(row)
        elif len(row) == len(BUG_HEAD) and row[0] != BUG_HEAD[0] and '---' not in line:
            found.append([row[1], row[0], '', row[2], row[3]])
    return found


def disagreements(cases, rows):
    """What this run, maybe of some cases only, has seen otherwise than the tables tell; what it
    has not seen is compared with the list of cases. Versions and numbers are not compared."""
    wrong = []
    found = stands()
    told = {(row[0].rpartition(' ')[0], row[1]): row for row in found}
    for c in cases:
        row = told.pop((c.tool, c.name), None)
        on = ', '.join(unique(device(p) for p in c.profiles))
        if not row:
            wrong.append(f'{c.tool}: {c.name}: no row')
        elif row[3] != on:
            wrong.append(f'{c.tool}: {c.name}: on {row[3]} there, {on} here')
        for r in rows:
            if row and (r['tool'], r['case']) == (c.tool, c.name):
                there = result_there(row[4], device(r['profile']))
                if r['result'] != there and not (r['result'] + there).count('skip '):
                    wrong.append(f'{c.tool}: {c.name}: {r["profile"]}: "{there}" there, '
                                 f'"{r["result"]}" here')
    wrong += [f'{tool}: {name}: there is no such case' for tool, name in told]
    if not wrong and between(SHORT)[1] != short_text(found, bugs_of(cases)):
        wrong.append('the table of the top README.md is not that of tests/client/README.md')
    return wrong


def result_there(cell, on):
    usual, *others = cell.split('; ')
    for other in others:
        result, _, where = other.rpartition(' on ')
        if where == on:
            return result
    return usual


def versions(rows):
    """Notes: tools of another version than in the table."""
    there = dict(row[0].rpartition(' ')[::2] for row in stands())
    return unique(f'{r["tool"]}: {r["version"]} here, {there[r["tool"]]} in the table' for r in rows
                  if r['version'] and there.get(r['tool'], r['version']) != r['version'])
