#!/usr/bin/python3
"""test_symbols.py LIBRARY [TEST...]: what libfauxtrack shows to programs: functions of its header,
under one version, and nothing else; it writes to no memory that modems share, and starts no thread."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lib'))
import tap

LIBRARY, CC = sys.argv[1], os.environ.get('CC', 'cc').split()
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'emulator', 'library')
MAP, HEADER = FOLDER + '/libfauxtrack.map', FOLDER + '/fauxtrack/fauxtrack.h'
# Written by one thread at most: made by pthread_once(), or used only by the player of scenarios, which is linked
# with the reader of field bugs and never called.
NOT_SHARED = {'made', 'step_keys', 'step_schema', 'step_fields', 'an_inject', 'inject', 'inject_fields',
              'turn', 'text', 'echo', 'discard', 'page'}
NEEDED = {'libc.so.6', 'libm.so.6', 'libdl.so.2', 'libyaml-0.so.2', 'libjansson.so.4', 'libnettle.so.8'}


def out(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, 'LC_ALL': 'C'}).stdout


def read(path):
    with open(path, encoding='utf-8') as f:
        return f.read()


def declared():
    text = re.sub(r'/\*.*?\*/', '', read(HEADER), flags=re.S)
    return set(re.findall(r'\b(fauxtrack_\w+)\(', text))


def test_symbols_are_the_functions_of_the_header():
    rows = [line.split() for line in out('nm', '-D', '--defined-only', LIBRARY).splitlines()]
    shown = {row[-1] for row in rows if row[-2] != 'A'}
    assert shown == {name + '@@FAUXTRACK_1' for name in declared()}, shown


def test_the_map_names_them():
    assert set(re.findall(r'\b(fauxtrack_\w+);', read(MAP))) == declared()


def test_the_file_needs_only_what_it_says():
    dynamic = out('readelf', '-dW', LIBRARY)
    assert re.findall(r'SONAME.*\[(.*)\]', dynamic) == ['libfauxtrack.so.1'], dynamic
    needed = set(re.findall(r'NEEDED.*\[(.*)\]', dynamic))
    assert 'libyaml-0.so.2' in needed and needed <= NEEDED, needed
    assert not re.search(r'\bTEXTREL|\bRPATH|EXECSTACK', dynamic), dynamic


def test_modems_share_no_memory():
    written = {number for number, name in re.findall(
        r'^ *\[ *(\d+)\] (\S+)', out('readelf', '-SW', LIBRARY), re.M) if name in ('.data', '.bss', '.tdata', '.tbss')}
    assert written
    shared = []
    for line in out('readelf', '-sW', LIBRARY).splitlines():
        row = line.split()
        if len(row) == 8 and row[3] == 'OBJECT' and row[6] in written and not re.match(r'completed\.|__', row[7]):
            shared.append(row[7].partition('.')[0])
    assert 'made' in shared, shared
    shared = set(shared) - NOT_SHARED
    assert not shared, 'written by all modems: %s' % shared


def test_it_starts_nothing():
    used = {line.split()[-1].partition('@')[0] for line in out('nm', '-D', '--undefined-only', LIBRARY).splitlines()}
    assert 'calloc' in used
    bad = used & {'pthread_create', 'thrd_create', 'fork', 'vfork', 'posix_spawn', 'execve', 'socket', 'signal',
                  'sigaction', 'setlocale', 'setenv', 'putenv', 'chdir', 'umask', 'gettimeofday', 'time', 'clock_gettime',
                  'rand', 'srand', 'strtok', 'localtime', 'gmtime'}
    assert not bad, bad


def compiles(language, standard):
    subprocess.run([*CC, '-x', language, '-std=' + standard, '-Wall', '-Wextra', '-Wpedantic', '-Werror', '-fsyntax-only',
                    '-I', os.path.dirname(os.path.dirname(HEADER)), '-'],
                   input='#include <fauxtrack/fauxtrack.h>\n', check=True, text=True)


def test_the_header_is_c99():
    compiles('c', 'c99')


def test_the_header_is_cxx():
    probe = subprocess.run([*CC, '-x', 'c++', '-fsyntax-only', '-'], input='#include <cstddef>\n', capture_output=True,
                           text=True)
    if probe.returncode:
        raise tap.Skip('this compiler has no C++')
    compiles('c++', 'c++11')


if __name__ == '__main__':
    tap.main([test for name, test in list(globals().items()) if name.startswith('test_')])
