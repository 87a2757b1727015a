#!/usr/bin/python3
"""Plays what holds for 6.63 and 7.4 alike on one modem of each family too, coalesced.
What differs there stands in every_device.txt, under its reason; an exception that passes is
out of date. With DEVICES=all in the environment every combination is played."""
import fnmatch
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
            # the sets of profiles that have both, or both by name
            if re.search(r'^profiles:.*\b(?:supreme|q2687)\b(?!-)', head, re.M) or \
                    all(re.search(r'fastrack-supreme-20-%s\b(?!-)' % r, head)
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


def exceptions(profiles):
    """{(scenario, combination): line}, and what is wrong with the list. A line is a scenario
    and the combinations, with * and ?; a reason stands above each group of them."""
    found, errors, reason = {}, [], False
    with open(LIST, encoding='utf-8') as f:
        lines = f.read().splitlines()
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words or line.startswith('#'):
            reason = bool(words) and (reason or line.startswith('# '))
            continue
        if not reason:
            errors.append(f'every_device.txt:{number}: no reason stands above {words[0]}')
        for pattern in words[1:]:
            names = fnmatch.filter(profiles, pattern)
            if not names:
                errors.append(f'every_device.txt:{number}: no combination is called {pattern}')
            found.update({(words[0], name): number for name in names})
    return found, errors


def all_profiles(program):
    out = subprocess.run([program, 'list', 'profiles'], stdout=subprocess.PIPE, text=True,
                         check=True).stdout
    return [line.split()[0] for line in out.splitlines()
            if not line.startswith('fastrack-supreme')]


def main():
    program = sys.argv[1]
    files = list(general())
    everyone = all_profiles(program)
    known, complaints = exceptions(everyone)
    profiles = everyone if os.environ.get('DEVICES') == 'all' else FAMILIES
    found = {}
    for profile in profiles:
        for name, why in failures(program, profile, files).items():
            found[name, profile] = why
    for (name, profile), why in sorted(found.items()):
        if (name, profile) not in known:
            complaints.append(f'{name} fails on {profile}: {why}\n    where the device really '
                              'differs, write it into every_device.txt under the reason')
    for (name, profile), number in sorted(known.items()):
        if profile in profiles and (name, profile) not in found:
            complaints.append(f'every_device.txt:{number}: {name} passes on {profile}: take '
                              'it out')
    print('\n'.join(complaints))
    return 1 if complaints else 0


sys.exit(main())
