#!/usr/bin/python3
"""test_tutorial.py FAUXTRACK SOURCE-ROOT: examples/tutorial/ works when it is followed to the letter.

Each part runs in an empty folder. A fence that follows a name in backquotes is a file of that name. In
indented blocks `$ ` begins a command; the lines after it are what it prints: they must come in that order,
others may stand between them. A command that ends in `&` runs until the end of the part. `[N]` after a
command is its exit status, if it is not 0. TAP."""
import os
import re
import select
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lib'))

PROGRAM, ROOT = (os.path.abspath(a) for a in sys.argv[1:3])
TUTORIAL = os.path.join(ROOT, 'examples', 'tutorial')
LIMIT = 120  # seconds per command, on a busy machine


def steps(text):
    """Yields ('file', name, text) and ('command', line, expected lines, status)."""
    fence, name, lines, command = None, None, [], None
    for line in text.splitlines() + ['']:
        if fence is not None and not line.startswith('```'):
            lines.append(line)
        elif line.startswith('```') and fence is None:
            fence, lines = line[3:], []
        elif fence is not None:
            if name:
                yield 'file', name, '\n'.join(lines) + '\n'
            fence, name = None, None
        elif line.startswith('    $ '):
            if command:
                yield command
            typed = re.split(r'\s{4,}', line[6:])
            status = re.fullmatch(r'\[(\d+)\]', typed[-1])
            command = ('command', typed[0].strip(), [], int(status.group(1)) if status else 0)
        elif line.startswith('    ') and command:
            command[2].append(line[4:].strip())
        else:
            if command and line.strip():
                yield command
                command = None
            named = re.findall(r'`([\w./-]+\.(?:py|yaml|sh))`', line)
            name = named[-1] if named else name
    if command:
        yield command


class Follower:
    def __init__(self, folder):
        self.folder, self.running = folder, []
        own = os.path.join(folder, 'bin')
        os.mkdir(own)
        os.symlink(PROGRAM, os.path.join(own, 'fauxtrack'))
        os.symlink('/usr/bin/python3', os.path.join(own, 'python3'))  # Debian's, which has pytest
        self.env = dict(os.environ, PATH=own + ':' + os.environ['PATH'], HOME=folder, XDG_RUNTIME_DIR=folder,
                        PYTHONPATH=os.path.join(ROOT, 'packaging', 'python'), PYTHONDONTWRITEBYTECODE='1',
                        FAUXTRACK_PROFILES=os.path.join(ROOT, 'profiles'))
        for name in ('FAUXTRACK', 'FAUXTRACK_CONTROL', 'FAUXTRACK_TOKEN'):
            self.env.pop(name, None)
        self.work = os.path.join(folder, 'work')
        os.mkdir(self.work)

    def start(self, command):
        p = subprocess.Popen(['bash', '-c', 'exec ' + command.rstrip('& ')], cwd=self.work, env=self.env,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.running.append(p)
        end = time.monotonic() + LIMIT
        said = ''
        while time.monotonic() < end and '\n' not in said:
            if select.select([p.stdout], [], [], 1)[0]:
                more = os.read(p.stdout.fileno(), 4096).decode(errors='replace')
                if not more:
                    return f'it ended: {said}'
                said += more
        return '' if '\n' in said else f'it printed nothing in {LIMIT} s'

    def run(self, command, expected, status):
        if command.endswith('&'):
            return self.start(command)
        try:
            p = subprocess.run(['bash', '-c', command], cwd=self.work, env=self.env, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LIMIT, check=False)
        except subprocess.TimeoutExpired as late:
            return f'still running after {LIMIT} s: {(late.stdout or b"").decode(errors="replace")}'
        said = p.stdout.decode(errors='replace').replace('\r', '')
        if p.returncode != status:
            return f'exit status {p.returncode}, not {status}:\n{said}'
        rest = [re.sub(r'\s+', ' ', line).strip() for line in said.splitlines()]
        for line in expected:
            want = re.escape(re.sub(r'\s+', ' ', line)).replace(re.escape('...'), '.*')
            for i, have in enumerate(rest):
                if re.fullmatch(want, have):
                    rest = rest[i + 1:]
                    break
            else:
                return f'it does not print {line!r} there:\n{said}'
        return ''

    def end(self):
        for p in self.running:
            p.terminate()
            p.communicate()


def follow(part, result):
    with open(os.path.join(TUTORIAL, part), encoding='utf-8') as f:
        found = list(steps(f.read()))
    with tempfile.TemporaryDirectory() as folder:
        reader = Follower(folder)
        try:
            for kind, name, *more in found:
                if kind == 'file':
                    path = os.path.join(reader.work, name)
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                    with open(path, 'w', encoding='utf-8') as f:
                        f.write(more[0])
                    os.chmod(path, 0o755)
                else:
                    result(f'{part}: {name}', reader.run(name, *more))
        finally:
            reader.end()
    return len(found)


def main():
    n = bad = 0

    def result(name, why):
        nonlocal n, bad
        n += 1
        bad += bool(why)
        print('%sok %d - %s' % ('not ' if why else '', n, name.replace('#', '')))
        for line in why.splitlines()[:40]:
            print('# ' + line)
        sys.stdout.flush()

    parts = sorted(p for p in os.listdir(TUTORIAL) if re.match(r'\d-.*\.md$', p))
    for part in parts:
        steps_of_part = follow(part, result)
        result(f'{part} has commands to follow', '' if steps_of_part > 5 else f'only {steps_of_part}')
    result('there are four parts', '' if len(parts) == 4 else str(parts))
    print('1..%d' % n)
    sys.exit(bad > 0)


main()
