#!/usr/bin/python3
"""test_readmes.py FAUXTRACK BUILD SOURCE-ROOT: the commands in the README.md of every folder work.

In indented blocks and in fences without a language, a line that begins with `$ ` or with a
program is a command. The commands run in order, in a copy of the tree, as a reader would type
them. YAML samples are checked, and played if they are conversations. Commands that cannot run
here are in a table below with the reason; a row that matches nothing fails the test. TAP."""
import fnmatch
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

LIMIT = 240  # seconds per command, on a busy machine
SKIPPED_DIRS = {'.git', 'node_modules', '__pycache__'}

# (README, command, why it is not run here); both are patterns of fnmatch.
NOT_RUN = [
    ('README.md', './check*', 'it runs this test'),
    ('README.md', 'picocom *', 'needs a person at a terminal: tests/client/test_story.py types this session'),
    ('README.md', '* --sweep cut ...', 'the dots stand for the rest of the line above it'),
    ('README.md', '* ctl answer*', 'needs a call from the host: scenario call/a-number-without-a-line-rings'),
    ('README.md', '* ctl farend "*', 'needs a data call: scenario call/the-far-end-has-received'),
    ('README.md', 'python3 -m http.server *', 'a web server at a fixed port: tests/client/test_documents.py starts one'),
    ('examples/library/README.md', 'cc *', 'needs the installed library: tests/install/installed.py'),
    ('packaging/python/tests/README.md', '*pytest-3 *', 'a test of its own'),
    ('*README.md', '*examples/ppp/fetch*', 'needs that web server: tests/client/test_documents.py'),
    ('README.md', 'curl *', 'tests/client/test_curl.py does it, with an emulator that it controls'),
    ('tests/README.md', './check*', 'it runs this test'),
    ('*', '*meson setup *', 'a build takes minutes; the steps of ./check cover each kind'),
    ('tests/fuzz/README.md', '*ninja -C build-fuzz', 'the step fuzz of ./check does it'),
    ('tests/fuzz/README.md', 'build-fuzz/*', 'the step fuzz of ./check does it'),
    ('emulator/host/exchange/README.md', 'fauxtrack run --exchange *', 'needs a broker: tests/pty/test_exchange.py'),
    ('emulator/host/field/README.md', '*/dev/ttyUSB0*', 'needs a modem: tests/pty/test_record.py has one of ours'),
    ('emulator/host/field/README.md', '*check patch.yaml', 'of that modem: tests/pty/test_record.py'),
    ('tests/field/README.md', '*meson test*', 'a test of its own'),
    ('tests/*/README.md', 'tests/*.py *', 'a separate test'),
    ('tests/bench/README.md', '*bench*', 'a measurement, which needs an idle machine'),
]

# (README, placeholder, what replaces it here)
PLACEHOLDERS = [
    ('README.md', '/tmp/', '{scratch}/'),
    ('profiles/bugs/README.md', 'my-bug.yaml', 'own.yaml'),
    ('profiles/bugs/README.md', 'NAME', 'net-creg2-urc-after-ok'),
    ('tests/scenario/README.md', 'FILE|FOLDER...', 'tests/scenario/line/bare-at-is-answered-with-ok.yaml'),
    ('tests/scenario/README.md', '--accept FILE', '--accept own.yaml'),
    ('tests/scenario/README.md', 'check FILE', 'check own.yaml'),
]

# The names that the documents give to the reader's own program.
TOOLS = ('my-tool', 'your-tool')
TOOL = '''#!/bin/bash
# Sends AT and waits for OK; other lines, such as unsolicited ones, are skipped.
exec 3<>"${!#}" || exit 1
stty -F "${!#}" raw -echo
printf 'AT\\r' >&3
while read -r -t 5 line <&3; do
	case $line in *OK*) exit 0 ;; esac
done
exit 1
'''

PROGRAMS = {'fauxtrack', 'meson', 'ninja', 'git', 'cc', 'curl', 'picocom', 'pytest-3', 'bats'}


class Tap:
    def __init__(self):
        self.n = self.bad = 0

    def result(self, ok, name, why=''):
        self.n += 1
        self.bad += not ok
        print('%sok %d - %s' % ('' if ok else 'not ', self.n, name.replace('#', '')))
        for line in why.splitlines()[:30] if not ok else ():
            print('# ' + line)
        sys.stdout.flush()


def readmes(root):
    for folder, dirs, files in os.walk(root):
        dirs[:] = sorted(d for d in dirs if d not in SKIPPED_DIRS and not os.path.exists(
            os.path.join(folder, d, 'meson-private')) and not (folder == root and d in ('build', 'release')))
        if 'README.md' in files:
            yield os.path.relpath(os.path.join(folder, 'README.md'), root)


def blocks(text):
    """Yields (language or '', lines, the paragraph before) for each fence and indented block."""
    before, lines, language = '', [], None
    for line in text.splitlines() + ['']:
        if language is not None and line.startswith('```'):
            yield language, lines, before
            lines, language, before = [], None, ''
        elif language is not None:
            lines.append(line)
        elif line.startswith('```'):
            language = line[3:].strip()
        elif line.startswith('    ') or lines and not line.strip():
            if line.strip():
                lines.append(line[4:])
            elif lines:
                lines.append('')
        else:
            if lines:
                yield '', lines, before
                lines, before = [], ''
            before = before + line + '\n' if line.strip() else before
    if lines:
        yield '', lines, before


def command_of(line, root):
    """The command in the line, without the remark at its end; None if it is not a command."""
    typed = line.startswith('$ ')
    line = re.split(r'\s{2,}#\s|\s#\s|\s{4,}', line[2:] if typed else line)[0].strip()
    words = [w for w in line.split() if not re.match(r'[A-Z_]+=', w)]
    if not words:
        return None
    first = words[0]
    if not typed and (len(words) == 1 and first in PROGRAMS or len(words) > 1 and words[1].endswith(':')):
        return None  # a row of a table, or a message
    runs = first in PROGRAMS or '/' in first and (
        first.split('/')[0] in ('build', 'release', 'build-fuzz') or os.access(os.path.join(root, first), os.X_OK))
    return line if typed or runs else None


class Reader:
    """A copy of the tree, in which the commands of one README run in a shell."""

    def __init__(self, fauxtrack, build, root, scratch, readme):
        self.build, self.root, self.scratch, self.readme = build, root, scratch, readme
        self.running = []
        bin_ = os.path.join(scratch, 'bin')
        os.mkdir(bin_)
        os.symlink(fauxtrack, os.path.join(bin_, 'fauxtrack'))
        for tool in TOOLS:
            self.script(os.path.join(bin_, tool), TOOL)
        tree = self.tree = os.path.join(scratch, 'tree')
        os.mkdir(tree)
        for name in os.listdir(root):
            if name not in ('build', 'release', 'run', 'profiles', '.git'):
                os.symlink(os.path.join(root, name), os.path.join(tree, name))
        # the real ./run builds release/fauxtrack and runs it (.ci/fresh.sh tests that)
        self.script(os.path.join(tree, 'run'), '#!/bin/sh\n[ $# -gt 0 ] || set -- run\nexec fauxtrack "$@"\n')
        os.mkdir(os.path.join(tree, 'release'))
        os.symlink(fauxtrack, os.path.join(tree, 'release', 'fauxtrack'))
        with open(os.path.join(root, readme), encoding='utf-8') as f:
            if re.search(r'meson setup (-\S+ )*build\b', f.read()):
                os.symlink(build, os.path.join(tree, 'build'))
        shutil.copytree(os.path.join(root, 'profiles'), os.path.join(tree, 'profiles'))
        self.env = dict(os.environ, PATH=bin_ + ':' + os.environ['PATH'], XDG_RUNTIME_DIR=scratch,
                        FAUXTRACK_PROFILES=os.path.join(tree, 'profiles'), HOME=scratch,
                        PYTHONDONTWRITEBYTECODE='1')
        for name in ('FAUXTRACK', 'ACCEPT', 'FAUXTRACK_CONTROL'):
            self.env.pop(name, None)

    @staticmethod
    def script(path, text):
        with open(path, 'w', encoding='utf-8') as f:
            f.write(text)
        os.chmod(path, 0o755)

    def start(self, command):
        """Starts a command that runs until it is stopped: it works if it prints the path of its port."""
        p = subprocess.Popen(['bash', '-c', 'exec ' + command], cwd=self.tree, env=self.env,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.running.append(p)
        said, end = b'', time.monotonic() + LIMIT
        while b'\n' not in said and time.monotonic() < end:
            if select.select([p.stdout], [], [], 1)[0]:
                more = os.read(p.stdout.fileno(), 4096)
                if not more:
                    break
                said += more
        if said.startswith(b'/') or said.startswith(self.scratch.encode()):
            return ''
        p.kill()
        return 'no port: %s%s' % (said.decode(), p.communicate()[1].decode())

    def end(self):
        for p in self.running:
            if p.poll() is None:
                p.terminate()
            p.communicate()
        self.running = []

    def tests(self, command):
        """`meson test`: checks only that the named tests exist; they are run elsewhere."""
        words = command.split()
        words[words.index('-C') + 1] = self.build
        words = [w for w in words if w not in ('-v', '--setup', 'full', 'valgrind') and not re.match(r'[A-Z_]+=', w)]
        p = subprocess.run(words + ['--list'], cwd=self.tree, env=self.env, text=True, check=False,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        known = [line for line in p.stdout.splitlines() if ' / ' in line or line.startswith('fauxtrack')]
        return '' if p.returncode == 0 and known else 'no such test:\n' + p.stdout

    def run(self, command):
        """Runs a command; returns '' if it works, else the reason why not."""
        for readme, what, here in PLACEHOLDERS:
            if readme == self.readme:
                command = command.replace(what, here.format(scratch=self.scratch))
        if re.search(r'(^|&& |\S+=\S+ )meson test ', command):
            return self.tests(command)
        bare = command.rstrip('& ')
        if re.match(r'(fauxtrack|\./run|build/fauxtrack) run\b|\./run$', bare):
            return self.start(bare)
        if re.match(r'\S+ ctl ', command) and not self.running:
            why = self.start('fauxtrack run')
            if why:
                return why
        try:
            p = subprocess.run(['bash', '-c', command], cwd=self.tree, env=self.env, text=True, check=False,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               timeout=LIMIT)
        except subprocess.TimeoutExpired:
            return 'still running after %d s' % LIMIT
        return '' if p.returncode == 0 else 'exit status %d:\n%s' % (p.returncode, p.stdout)

    def sample(self, lines, before):
        """Checks and plays a YAML sample, and keeps it under the name that the text before it gives."""
        text = '\n'.join(lines) + '\n'
        named = re.findall(r'`([\w/.-]+\.yaml)`', before)
        path = os.path.join(self.tree, os.path.dirname(self.readme), named[-1]) if named else \
            os.path.join(self.tree, 'own.yaml')
        with open(path, 'w', encoding='utf-8') as f:
            f.write(text)
        why = self.run('fauxtrack check ' + path)
        if not why and re.search(r'^(steps|demo):', text, re.M):
            why = self.run('fauxtrack play ' + path)
        return why


def excepted(readme, command, used):
    for row in NOT_RUN:
        if fnmatch.fnmatchcase(readme, row[0]) and fnmatch.fnmatchcase(command, row[1]):
            used.add(row)
            return True
    return False


def follow(readme, args, tap, used):
    root = args[2]
    with open(os.path.join(root, readme), encoding='utf-8') as f:
        found = list(blocks(f.read()))
    # Samples first: a command above a sample may name it.
    found.sort(key=lambda b: b[0] != 'yaml')
    with tempfile.TemporaryDirectory() as scratch:
        reader = Reader(*args, scratch, readme)
        for language, lines, before in found:
            if language == 'yaml':
                why = reader.sample(lines, before)
                first = next(line for line in lines if not line.startswith('#'))
                tap.result(not why, '%s: the sample "%s"' % (readme, first.split('#')[0].strip()), why)
            for line in lines if language in ('', 'sh', 'console') else ():
                command = command_of(line, root)
                if command is None or excepted(readme, command, used):
                    continue
                why = reader.run(command)
                tap.result(not why, '%s: %s' % (readme, command), why)
            reader.end()


def main():
    args = [os.path.abspath(a) for a in sys.argv[1:4]]
    only = sys.argv[4:]
    tap, used = Tap(), set()
    for readme in readmes(args[2]):
        if not only or readme in only:
            follow(readme, args, tap, used)
    if not only:
        stale = [r for r in NOT_RUN if r not in used]
        stale += [r for r in PLACEHOLDERS if r[1] not in open(os.path.join(args[2], r[0]), encoding='utf-8').read()]
        tap.result(not stale, 'every exception is still needed', '\n'.join(map(str, stale)))
        tap.result(tap.n > 20, 'commands were found')
    print('1..%d' % tap.n)
    sys.exit(tap.bad != 0)


main()
