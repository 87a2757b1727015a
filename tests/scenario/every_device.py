#!/usr/bin/python3
"""Plays what holds for 6.63 and 7.4 alike on one modem of each family too, coalesced.
What differs there stands in every_device.txt; an exception that passes is out of date.
With DEVICES=all in the environment every combination is played; ACCEPT=1 writes the
exceptions anew."""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
LIST = os.path.join(HERE, 'every_device.txt')
FAMILIES = ['m1306b-r640', 'm1306b-r655', 'q24pl001-r657', 'q2686-r661', 'q2686rd-r744',
            'fxt009-r7474', 'sl6087-r752', 'gl6100-r746']


def general():
    """The scenarios that ask for both generations of the Supreme 20."""
    for folder in sorted(os.listdir(HERE)):
        if not os.path.isdir(os.path.join(HERE, folder)):
            continue
        for name in sorted(os.listdir(os.path.join(HERE, folder))):
            path = os.path.join(HERE, folder, name)
            with open(path, encoding='utf-8') as f:
                head = f.read().split('\nsteps:')[0]
            if all(re.search(r'fastrack-supreme-20-%s\b(?!-)' % r, head)
                   for r in ('r663', 'r74')):
                yield folder + '/' + name


def failures(program, profile, files):
    """Each file that does not pass, with the first line of why."""
    out = subprocess.run([program, 'play', '--profile', profile] +
                         [os.path.join(HERE, f) for f in files],
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                         check=False).stdout
    found = {}
    for line in out.splitlines():
        m = re.match(re.escape(HERE) + r'/(\S+?\.yaml):\d+:\d+: (.*)', line)
        if m:
            found.setdefault(m.group(1), m.group(2))
    if not re.search(r'^\d+ passed', out, re.M):
        found['(all)'] = out[-300:]
    return found


def exceptions():
    with open(LIST, encoding='utf-8') as f:
        lines = [line.split() for line in f if line.strip() and line[0] != '#']
    return {(words[0], profile) for words in lines for profile in words[1:]}


def write(head, found):
    by_file = {}
    for name, profile in sorted(found):
        by_file.setdefault(name, []).append(profile)
    with open(LIST, 'w', encoding='utf-8') as f:
        f.write(head)
        for name, profiles in by_file.items():
            f.write(name + ' ' + ' '.join(profiles) + '\n')


def all_profiles(program):
    out = subprocess.run([program, 'list', 'profiles'], stdout=subprocess.PIPE, text=True,
                         check=True).stdout
    return [line.split()[0] for line in out.splitlines()
            if not line.startswith('fastrack-supreme')]


def main():
    program = sys.argv[1]
    files = list(general())
    known = exceptions()
    every = os.environ.get('DEVICES') == 'all' or 'ACCEPT' in os.environ
    profiles = all_profiles(program) if every else FAMILIES
    found = {}
    for profile in profiles:
        for name, why in failures(program, profile, files).items():
            found[name, profile] = why
    if 'ACCEPT' in os.environ:
        with open(LIST, encoding='utf-8') as f:
            write(''.join(line for line in f if line[0] == '#'), found)
        return 0
    bad = 0
    for (name, profile), why in sorted(found.items()):
        if (name, profile) not in known:
            print(f'{name} fails on {profile}: {why}')
            bad = 1
    for name, profile in sorted(known):
        if profile in profiles and (name, profile) not in found:
            print(f'{name} passes on {profile}: take it out of every_device.txt')
            bad = 1
    if bad:
        print('where the device really differs, write it into every_device.txt '
              '(ACCEPT=1 does), with its reason')
    return bad


sys.exit(main())
