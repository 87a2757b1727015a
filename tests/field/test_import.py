#!/usr/bin/python3
"""test_import.py FAUXTRACK FOLDER: each log in the folder becomes a bug file that plays, the
same each time, with nothing personal in it. README.md there has a table of what became of
each log; ACCEPT=1 renews it. TAP."""
import os
import re
import subprocess
import sys
import tempfile

FAUXTRACK, FOLDER = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
BEGIN, END = '<!-- imported: test_import.py writes this with ACCEPT=1 -->', '<!-- end of imported -->'
LEAST = 12  # logs

# The invented people of these logs have numbers of a block that belongs to nobody; none may
# be left, in digits or as PDUs have them.
NUMBERS = re.compile(r'6?3998\d{4}|36998\d\d|3009300?\d\d\d\d', re.I)
# Whole answers that are nothing but an identity.
IDENTITY = re.compile(r'^\W*(\d{14,20})\W*$')


class Tap:
    def __init__(self):
        self.n = self.bad = 0

    def check(self, ok, name, why=''):
        self.n += 1
        self.bad += not ok
        print('%sok %d - %s' % ('' if ok else 'not ', self.n, name))
        for line in str(why).splitlines()[:40] if not ok else ():
            print('# ' + line)
        sys.stdout.flush()


def run(*args):
    return subprocess.run([FAUXTRACK, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=120, check=False, stdin=subprocess.DEVNULL)


def logs():
    names = (n for n in sorted(os.listdir(FOLDER)) if n.endswith(('.log', '.csv', '.txt', '.pcapng', '.json')))
    return [n for n in names if not n.startswith('.')]


def words_of(kept):
    """Words that the host typed as a text, by the file that keeps everything."""
    found = set()
    for text in re.findall(r'- type: ["\'](.*?)<1A>', kept):
        if not re.fullmatch('[0-9A-Fa-f]+', text):
            found.update(w for w in re.findall('[A-Za-z]{4,}', text))
    return found


def secrets_of(kept):
    found = set()
    for line in kept.splitlines():
        m = IDENTITY.match(line.strip(' <|>'))
        if m:
            found.add(m.group(1))
        found.update(re.findall(r'CPIN=\\?"?(\d{4,8})', line))
    return {s for s in found if s.strip('0')}


def leaks(masked, kept):
    left = set(NUMBERS.findall(masked))
    left |= {w for w in words_of(kept) if re.search(r'\b%s\b' % re.escape(w), masked.split('\ndemo:')[-1])}
    left |= {s for s in secrets_of(kept) if s in masked}
    return left


def cell(text):
    return text.replace('|', '\\|').strip()


def remarks(yaml, title):
    found = re.search(r'^# %s:\n((?:# line.*\n)+)' % title, yaml, re.M)
    return [line[2:] for line in found.group(1).splitlines()] if found else []


def row(name, summary, yaml):
    first = re.match(r'(\S+): (\d+) of (\d+) lines understood, (\d+) commands', summary)
    profile = re.search(r'^profile: (\S+) \(([^:]*)', summary, re.M)
    rules = re.search(r'^rules: (\d+)', summary, re.M).group(1)
    unsaid, doubts = remarks(yaml, 'What the rules cannot say'), remarks(yaml, 'What was not sure in the log')
    return '| %s | %s | %s of %s | %s | %s, %s | %s | %s | %s |' % (
        name, first.group(1), first.group(2), first.group(3), first.group(4), profile.group(1), profile.group(2),
        rules, cell('; '.join(unsaid)) or 'nothing', cell('; '.join(doubts)) or 'nothing')


def table(rows):
    head = ['| log | format | lines understood | commands | profile | rules | what they cannot say | what was not sure |',
            '| --- | --- | --- | --- | --- | --- | --- | --- |']
    return '\n'.join([BEGIN, *head, *rows, END])


def check_table(tap, rows):
    path = os.path.join(FOLDER, 'README.md')
    with open(path, encoding='utf-8') as f:
        text = f.read()
    if BEGIN not in text:
        tap.check(False, 'README.md has the table', 'add the lines %s and %s' % (BEGIN, END))
        return
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    fresh = before + table(rows) + after
    if os.environ.get('ACCEPT') and fresh != text:
        with open(path, 'w', encoding='utf-8') as f:
            f.write(fresh)
        text = fresh
    changed = [line for line in fresh.splitlines() if line not in text.splitlines()]
    tap.check(fresh == text, 'README.md has the table of these logs',
              'run it with ACCEPT=1 and check the diff:\n' + '\n'.join(changed))


def one(tap, name, scratch):
    log, bug = os.path.join(FOLDER, name), os.path.join(scratch, 'bug.yaml')
    done = run('import', log, '-o', bug)
    tap.check(done.returncode == 0, name + ': imports', done.stderr)
    if done.returncode:
        return None
    with open(bug, encoding='utf-8') as f:
        yaml = f.read()
    again = run('import', log)
    tap.check(again.stdout == yaml, name + ': the same each time')
    for words in (['check', bug], ['play', bug], ['play', '--mode', 'one-byte', bug]):
        played = run(*words)
        tap.check(played.returncode == 0, '%s: fauxtrack %s accepts it' % (name, ' '.join(words[:-1])),
                  played.stdout + played.stderr)
    kept = run('import', '--keep', log)
    tap.check(kept.returncode == 0, name + ': imports with --keep', kept.stderr)
    left = leaks(yaml, kept.stdout)
    tap.check(not left, name + ': nothing personal is left', left)
    return row(name, done.stderr, yaml)


def errors(tap, scratch):
    """Wrong input names the place and the remedy."""
    empty, noise = os.path.join(scratch, 'empty'), os.path.join(scratch, 'noise')
    with open(empty, 'w', encoding='utf-8'):
        pass
    with open(noise, 'wb') as f:
        f.write(bytes(range(256)) * 8)
    some = os.path.join(FOLDER, logs()[0])
    for words in ([empty], [noise], [scratch], [os.path.join(scratch, 'none')], ['--format', 'nosuch', some],
                  ['--profile', 'nosuch', some], ['--name', '', some], ['-o', scratch, some], []):
        done = run('import', *words)
        said = done.stderr.strip()
        tap.check(done.returncode in (1, 2) and said.startswith('fauxtrack import') and ('; ' in said or '?' in said),
                  'a clear error: import ' + ' '.join(os.path.basename(w) for w in words), (done.returncode, said))
        tap.check(':0:' not in said, 'without a line that is none', said)


def traces(tap, scratch):
    """A trace of this program imports again, in each format, and needs no rule."""
    scenario, trace = os.path.join(scratch, 's.sh'), os.path.join(scratch, 't.txt')
    with open(scenario, 'w', encoding='utf-8') as f:
        f.write('exec 3<>"$1"; stty -F "$1" raw -echo\n'
                'for c in AT AT+CSQ AT+CREG? "AT+CMEE=1" AT+CPIN=?; do\n'
                'printf "%s\\r" "$c" >&3\n'
                'while read -r -t 5 l <&3; do case $l in *OK*|*ERROR*) break;; esac; done\ndone\n')
    done = run('exec', '--trace', trace, '--', 'bash', scenario, '{}')
    tap.check(done.returncode == 0, 'a trace is made', done.stderr)
    for end in ('txt', 'json', 'pcapng'):
        path = os.path.join(scratch, 'u.' + end)
        run('trace', 'convert', trace, path)
        bug = os.path.join(scratch, end + '.yaml')
        done = run('import', path, '-o', bug)
        tap.check(done.returncode == 0 and 'rules: 0;' in done.stderr, 'its own trace needs no rule: ' + end, done.stderr)
        played = run('play', bug)
        tap.check(played.returncode == 0, 'and plays: ' + end, played.stdout + played.stderr)


def guesses(tap, scratch):
    """The profile by what the modem says of itself; --profile overrides it."""
    path = os.path.join(scratch, 'guess.log')
    for revision, profile, sure in (('651_09gg.Q2406B 1478872 070705 14:15', 'm1306b-r651', 'sure'),
                                    ('R7.47.4.201208311102.FXT009 2221264 083112 11:02', 'fxt009-r7474', 'sure'),
                                    ('R7.47.4.201208311102.FXT009 1 010112 11:02', 'fxt009-r7474', 'likely'),
                                    ('655c09gg.Q2406B 1 2 3', 'm1306b-r655', 'likely'),
                                    ('1.0 of something else', 'fastrack-supreme-20-r74', 'not known')):
        with open(path, 'w', encoding='utf-8') as f:
            f.write('AT+CGMR\n%s\n\nOK\nAT+CSQ\n+CSQ: 9,0\n\nOK\n' % revision)
        done = run('import', path)
        tap.check('profile: %s (%s' % (profile, sure) in done.stderr, '%s is %s' % (revision, profile), done.stderr)
        tap.check(('profile: %s\n' % profile) in done.stdout and sure in done.stdout, 'and the file says so', done.stdout)
    done = run('import', '--profile', 'q2686-r660', '--name', 'A sentence', path)
    tap.check('profile: q2686-r660\n' in done.stdout and 'name: "A sentence"' in done.stdout, 'as asked for', done.stderr)


def actions(tap, scratch):
    """A message that is announced and read arrives again; a call rings again."""
    path = os.path.join(scratch, 'actions.log')
    with open(path, 'w', encoding='utf-8') as f:
        f.write('AT+CMGF=1\nOK\nAT+CNMI=2,1\nOK\n+CMTI: "SM",1\nAT+CMGR=1\n'
                '+CMGR: "REC UNREAD","+33639981234",,"10/01/01,13:00:06+04"\nPump off\n\nOK\nRING\nATH\nOK\n')
    bug = os.path.join(scratch, 'actions.yaml')
    done = run('import', path, '-o', bug)
    with open(bug, encoding='utf-8') as f:
        yaml = f.read()
    tap.check(re.search(r'^inject:\n(.*\n)*? +sms: { from: "\+336550000', yaml, re.M), 'the message arrives', done.stderr + yaml)
    tap.check(re.search(r'^ +ring: ', yaml, re.M), 'a call rings', yaml)
    played = run('play', '--mode', 'all', bug)
    tap.check(played.returncode == 0, 'and plays in every mode', played.stderr)


def login(tap, scratch):
    """The login of PAP becomes another one, and PPP is a step."""
    trace, bug = os.path.join(scratch, 'pap.txt'), os.path.join(scratch, 'pap.yaml')
    with open(trace, 'w', encoding='utf-8') as f:
        f.write(r'''# fauxtrack trace 1
    1.000000 > AT+CGDCONT=1,"IP","internet"\r
    1.010000 < AT+CGDCONT=1,"IP","internet"\r\r\nOK\r\n
    2.000000 > ATD*99***1#\r
    2.010000 < ATD*99***1#\r\r\nCONNECT 115200\r\n
    2.100000 > ~<FF>}#<C0>#}!}!} }0}#zoe}'hunter2ab~
    3.000000 < \r\nNO CARRIER\r\n
'''.replace('\\\\', '\\'))
    for words, left in (([], False), (['--keep'], True)):
        done = run('import', *words, trace, '-o', bug)
        with open(bug, encoding='utf-8') as f:
            yaml = f.read()
        tap.check(done.returncode == 0 and re.search(r'ppp: { start: { user: "..."', yaml), 'PPP is a step', yaml)
        tap.check(('zoe' in yaml and 'hunter2' in yaml) if left else not re.search('zoe|hunter', yaml),
                  'the login is %s' % ('kept' if left else 'replaced'), yaml)
        played = run('play', bug)
        tap.check(played.returncode == 0, 'and plays', played.stderr)


def readme(tap, scratch):
    """The commands of "Reproducing a field bug": the last one fails as the host in the field did."""
    root = os.path.join(FOLDER, '..', '..')
    with open(os.path.join(root, 'README.md'), encoding='utf-8') as f:
        section = f.read().split('## Reproducing a field bug\n')[1].split('\n## ')[0]
    commands = [re.split(r'\s{4,}', line[6:])[0].replace('/tmp/', scratch + '/')
                for line in section.splitlines() if line.startswith('    $ ')]
    tap.check(len(commands) == 4, 'four commands', commands)
    env = dict(os.environ, PATH=scratch + ':' + os.environ['PATH'], PYTHONDONTWRITEBYTECODE='1')
    os.symlink(FAUXTRACK, os.path.join(scratch, 'fauxtrack'))
    last = commands[-1].removeprefix('! ')
    healthy = re.sub(r'--bug \S+ ', '', last)
    for command, status in [(c, 0) for c in commands[:-1]] + [(last, 1), (healthy, 0)]:
        done = subprocess.run(['bash', '-c', command], cwd=root, env=env, stdout=subprocess.PIPE, check=False,
                              stderr=subprocess.STDOUT, text=True, timeout=120, stdin=subprocess.DEVNULL)
        tap.check(done.returncode == status, command.replace(scratch, ''), done.stdout)
        if status:
            tap.check('+CMS ERROR: 38' in done.stdout, 'it fails with the error of the log', done.stdout)


def main():
    tap, rows = Tap(), []
    with tempfile.TemporaryDirectory() as scratch:
        for name in logs():
            rows.append(one(tap, name, scratch))
        errors(tap, scratch)
        traces(tap, scratch)
        guesses(tap, scratch)
        actions(tap, scratch)
        login(tap, scratch)
        readme(tap, scratch)
    tap.check(len(rows) >= LEAST, '%d logs or more' % LEAST)
    check_table(tap, [r for r in rows if r])
    print('1..%d' % tap.n)
    sys.exit(tap.bad != 0)


main()
