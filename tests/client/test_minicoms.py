#!/usr/bin/python3
"""test_minicoms.py FAUXTRACK: the two minicom sessions of emulator/host/exchange/README.md, "Calls", as that page shows
them: what begins with AT is typed, all else has to appear."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, '..', 'lib'))

import tap  # noqa: E402
from clienttest import DEADLINE, PROGRAM  # noqa: E402
from screen import Screen  # noqa: E402

PAGE = os.path.join(HERE, '..', '..', 'emulator', 'host', 'exchange', 'README.md')


def page():
    """The command and the rows of both columns."""
    with open(PAGE, encoding='utf-8') as f:
        block = re.search(r'```text\n(fauxtrack run .*?)```', f.read(), re.S).group(1).splitlines()
    head = next(i for i, row in enumerate(block) if row.count('minicom -D') == 2)
    right = block[head].index('minicom', 1)
    return block[0].split()[1:], [(row[:right].strip(), row[right:].strip()) for row in block[head + 1:]]


class Place:
    """What a screen wants to know of a modem."""

    user = None

    def __init__(self, folder):
        self.folder = folder

    def environment(self):
        return {'PATH': '/usr/bin:/bin', 'LC_ALL': 'C.UTF-8', 'HOME': self.folder}


def events(place, control, modem, text):
    with subprocess.Popen([PROGRAM, 'ctl', '--control', control, '--modem', modem, 'events', 'since=0'],
                          stdout=subprocess.PIPE, text=True) as p:
        assert any(text in line for line in p.stdout)
        p.kill()


def see(screen, text):
    end = text.removesuffix('...')
    screen.see(re.escape(end) + ('' if end != text else r'[\r\n]'))


def play(rows, screens, look):
    done = 0
    for row in rows:
        for cell, screen in zip(row, screens):
            if cell.startswith('AT'):
                screen.type(cell + '\r')
                screen.see(re.escape(cell) + r'[\r\n]')  # its echo
        for cell, screen in zip(row, screens):
            if cell.startswith('('):
                look(*re.match(r'\(`fauxtrack ctl --modem (\d) events`: (.*)\)', cell).groups())
            elif cell and not cell.startswith('AT'):
                see(screen, cell)
            done += bool(cell)
    return done


def the_call_goes_as_the_readme_shows_it():
    if not shutil.which('minicom'):
        raise tap.Skip('minicom is not installed')
    command, rows = page()
    with tempfile.TemporaryDirectory() as folder:
        place, control = Place(folder), os.path.join(folder, 'control')
        run = subprocess.Popen([PROGRAM, *command, '--control', control], stdout=subprocess.PIPE, text=True)
        try:
            paths = [run.stdout.readline().strip() for _ in range(2)]
            with (Screen(place, ['minicom', '-D', paths[0]], 'vt102') as a,
                  Screen(place, ['minicom', '-D', paths[1]], 'vt102') as b):
                for screen in a, b:
                    screen.ready('Welcome to minicom')
                done = play(rows, (a, b), lambda modem, text: events(place, control, modem, text))
                assert done > 15, rows
        finally:
            run.terminate()
            run.wait(DEADLINE)
            run.stdout.close()


if __name__ == '__main__':
    tap.main([the_call_goes_as_the_readme_shows_it])
