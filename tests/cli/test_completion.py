#!/usr/bin/python3
# Tab in bash, zsh and fish: what the shells offer, and that it comes from the program's tables.
import json
import os
import pty
import re
import select
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

from clitest import ENV, fauxtrack, main
from tap import Skip

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCRIPTS = shlex.quote(os.path.join(ROOT, 'packaging', 'completion'))  # for shells
PROGRAM = os.path.abspath(sys.argv[1])
DEADLINE = 60


def offered(*words):
    done = fauxtrack('complete', *words)
    assert done.returncode == 0 and done.stderr == '', (words, done)
    return [line.split('\t')[0] for line in done.stdout.splitlines()]


def rows(kind):
    return [list(row.values())[0] for row in json.loads(fauxtrack('list', kind, '--json').stdout)]


def the_program_offers_what_its_tables_have():
    assert {n for n in rows('subcommands') if ' ' not in n} <= set(offered('')), offered('')
    assert offered('ru') == ['run']
    assert offered('run', '--profile', 'fastrack-supreme-20-r66') == ['fastrack-supreme-20-r663', ':files']
    assert set(offered('exec', '--profile', '')) >= set(rows('profiles'))
    assert set(offered('run', '--bug', '')) >= set(rows('bugs'))
    assert offered('run', '--profile=m1306b') == ['--profile=m1306b-r641'] or '--profile=m1306b-r641' in offered(
        'run', '--profile=m1306b')
    assert set(rows('actions')) <= set(offered('ctl', ''))
    assert 'from=' in offered('ctl', 'sms', '') and 'text=' in offered('ctl', 'sms', 'from=+1', '')
    assert offered('ctl', 'power', 'o') == ['off', 'on']
    assert offered('ctl', 'sms', 'wide=') == ['wide=true', 'wide=false']
    assert 'sim.pin_tries' in offered('ctl', 'state', 'sim.')
    assert 'registered' in offered('ctl', 'wait', 're') and 'event=sms' in offered('ctl', 'wait', 'event=s')
    assert 'sim.state=ready' in offered('ctl', 'wait', 'sim.state=')
    assert 'registered' in offered('exec', '--wait', 're')
    assert 'dwl-band-reset-after-upgrade' in offered('list', 'bug', 'dwl-')
    assert set(offered('list', '')) == {n.split()[1] for n in rows('subcommands') if n.startswith('list ')}
    assert offered('run', '--boot', '') == ['warm', 'cold']
    assert offered('run', '--speed', '') == ['max']
    assert 'urc' in offered('play', '--sweep', '')
    assert 'power-cycle' in offered('play', '--mode', '')
    assert 'sim.pin=' in offered('run', '--set', 'sim.p'), offered('run', '--set', 'sim.p')
    assert 'at:' in offered('run', '--log', 'a')
    assert ':files' in offered('play', '') and ':files' in offered('run', '--trace', '')
    assert 'dwl-band-reset-after-upgrade' in offered('play', 'dwl-ba') and 'fastrack-supreme-20-r74' in offered('check', 'fas')
    assert ':folders' in offered('run', '--state', '')
    assert offered('exec', '--', '') == [':commands'] and offered('exec', '--', 'cat', '') == [':files']
    assert offered('exec', 'pi') == [':commands']
    assert set(offered('ctl', 'bug', '')) >= {'none'} | set(rows('bugs'))
    assert offered('help', 'list', 'bu') == ['bugs', 'bug'] and 'sms' in offered('help', 'ctl', 's')
    assert {'tcp:', 'rfc2217:', 'unix:'} <= set(offered('run', '--listen', '')), offered('run', '--listen', '')
    assert 'scenario' in offered('help', 'sc') and 'run' in offered('help', 'r')
    assert offered('nonsense', '') == [] and offered('complete', '') == []


def every_option_of_help_is_offered():
    for words in [row.split() for row in rows('subcommands')]:
        if words[0] == 'ctl' and len(words) > 1:
            continue
        said = set(re.findall(r'^  (?:-\w, )?(--[a-z-]+)', fauxtrack(*words, '--help').stdout, re.M))
        assert '--help' in said and said == set(offered(*words, '--')), (words, said ^ set(offered(*words, '--')))


def prepared(folder):
    """A folder with the program under its own name, and the environment that has it first."""
    os.makedirs(os.path.join(folder, 'bin'), exist_ok=True)
    os.symlink(PROGRAM, os.path.join(folder, 'bin', 'fauxtrack'))
    for name in ('scenario-one.yaml', 'scenario-two.yaml'):
        with open(os.path.join(folder, name), 'w') as f:
            f.write('')
    return dict(ENV, PATH=os.path.join(folder, 'bin') + ':' + os.environ['PATH'], HOME=folder, TERM='dumb',
                XDG_CONFIG_HOME=folder, XDG_DATA_HOME=folder)


def bash_offers(line, env, folder):
    """What the function of the script puts into COMPREPLY, as bash calls it."""
    script = f'''source {SCRIPTS}/fauxtrack.bash
compopt() {{ :; }}
COMP_LINE=$1 COMP_POINT=${{#1}}
_fauxtrack
printf '%s\\n' "${{COMPREPLY[@]}}"'''
    done = subprocess.run(['bash', '--norc', '-c', script, 'bash', line], env=env, cwd=folder, capture_output=True,
                          text=True, timeout=DEADLINE, check=False)
    assert done.stderr == '', (line, done)
    return done.stdout.split('\n')[:-1]


class Terminal:
    """A shell at a terminal, to press Tab in."""

    def __init__(self, command, env, folder):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, env)
        self.said = ''

    def until(self, text):
        end = time.monotonic() + DEADLINE
        while text not in self.said:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                raise AssertionError(f'no {text!r} in {self.said!r}')
            try:
                self.said += os.read(self.fd, 4096).decode(errors='replace')
            except OSError:
                raise AssertionError(f'the shell ended before {text!r}: {self.said!r}') from None

    def types(self, text):
        self.said = ''
        os.write(self.fd, text.encode())

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def bash_completes():
    with tempfile.TemporaryDirectory() as d:
        env = prepared(d)
        assert bash_offers('fauxtrack ru', env, d) == ['run']
        assert bash_offers('fauxtrack ctl sms fro', env, d) == ['from=']
        # = and : are words of their own for bash: only what follows them is replaced
        assert bash_offers('fauxtrack ctl sms wide=t', env, d) == ['true']
        assert bash_offers('fauxtrack run --profile=fastrack-supreme-20-r66', env, d) == ['fastrack-supreme-20-r663']
        assert bash_offers('fauxtrack run --bug dwl-band-reset', env, d)[0].startswith('dwl-band-reset')
        assert sorted(bash_offers('fauxtrack play scenario-', env, d)) == ['scenario-one.yaml', 'scenario-two.yaml']
        assert 'picocom' in bash_offers('fauxtrack exec -- pico', env, d) or not shutil.which('picocom')
        shell = Terminal(['bash', '--norc', '--noprofile', '-i'], dict(env, PS1='ready> '), d)
        try:
            shell.until('ready> ')
            shell.types(f'source {SCRIPTS}/fauxtrack.bash; echo sou""rced\n')
            shell.until('sourced')
            shell.until('ready> ')
            shell.types('fauxtrack list bug dwl-band-reset-after-u\t; echo do""ne\n')
            shell.until('dwl-band-reset-after-upgrade')
            shell.until('done')
        finally:
            shell.close()


def zsh_completes():
    if not shutil.which('zsh'):
        raise Skip('zsh is not installed')
    with tempfile.TemporaryDirectory() as d:
        env = prepared(d)
        with open(os.path.join(d, '.zshrc'), 'w') as f:
            f.write(f'fpath=({SCRIPTS} $fpath)\nautoload -Uz compinit\ncompinit -u -D\nPS1="ready> "\n'
                    'unsetopt prompt_sp prompt_cr zle_bracketed_paste\n')
        shell = Terminal(['zsh', '-i'], dict(env, ZDOTDIR=d), d)
        try:
            shell.until('ready> ')
            shell.types('fauxtrack list bug dwl-band-reset-after-u\t')
            shell.until('dwl-band-reset-after-upgrade')
            shell.types('\x15fauxtrack ctl sms fro\t')
            shell.until('from=')
            shell.types('\x15fauxtrack run --bo\t')
            shell.until('--boot')
        finally:
            shell.close()


def fish_completes():
    if not shutil.which('fish'):
        raise Skip('fish is not installed')
    with tempfile.TemporaryDirectory() as d:
        env = prepared(d)

        def asks(line):
            done = subprocess.run(['fish', '--no-config', '-c', f'source {SCRIPTS}/fauxtrack.fish; complete -C "{line}"'],
                                  env=env, cwd=d, capture_output=True, text=True, timeout=DEADLINE, check=False)
            assert done.returncode == 0, done
            return [row.split('\t')[0] for row in done.stdout.splitlines()]
        assert asks('fauxtrack ru') == ['run']
        assert asks('fauxtrack run --bug dwl-band-reset-after-u') == ['dwl-band-reset-after-upgrade']
        assert asks('fauxtrack ctl sms fro') == ['from=']
        assert 'scenario-one.yaml' in asks('fauxtrack play scenario-')
        assert asks('fauxtrack run --boot ') == ['cold', 'warm'] or set(asks('fauxtrack run --boot ')) == {'warm', 'cold'}


main([the_program_offers_what_its_tables_have, every_option_of_help_is_offered, bash_completes, zsh_completes,
      fish_completes])
