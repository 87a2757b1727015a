#!/usr/bin/python3
# The start of fauxtrack run: which files it reads, and what a broken one prevents.
import os
import re
import tempfile

import ptytest
from ptytest import Client, fauxtrack, main

OK = b'\r\nOK\r\n'
SOH, ACK, NAK = 0x01, b'\x06', b'\x15'
NEEDED = ['fastrack-supreme-20-r74', 'fastrack-supreme-20', 'fastrack-supreme-10', 'r74', 'r7-base',
          'r6-base', 'table-2009', 'europe', 'no-pin']


class Run(ptytest.Run):
    def __init__(self, *args, count=1):
        super().__init__('--log', 'modem:debug', *args, count=count)

    def reads(self):
        """The names of the files that were read, in their order; the server has ended."""
        return re.findall(r'read: .*/([^/\n]+)\.yaml\n', self.error)


def ask(client, line):
    client.send(line + b'\r')
    return client.read_until(OK)


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='ascii') as f:
        f.write(text)
    return path


def image(folder, firmware):
    """The first 128 bytes of an image."""
    path = os.path.join(folder, firmware + '.dwl')
    made = fauxtrack('dwl', 'make', '--firmware', firmware, '--kind', 'firmware', '-o', path)
    assert made.returncode == 0, made
    with open(path, 'rb') as f:
        return f.read(128)


def send_block(client, data, answer):
    """Sends a file's first block, which `answer` answers."""
    client.send(b'AT+WDWL\r')
    client.read_until(NAK)
    client.send(bytes((SOH, 1, 254)) + data + bytes((sum(data) & 0xff,)))
    got = client.read_until(answer)
    assert got.lstrip(NAK) == answer, got


def a_start_reads_only_what_it_needs_and_each_file_once():
    with Run() as r:
        with Client(r.path) as c:
            ask(c, b'AT')
    assert sorted(r.reads()) == sorted(NEEDED), r.error
    # a profile of its own for unit 2 is made of the same files
    with Run('--count', '3', '--set', '2:sim.pin=4321', count=3) as r:
        with Client(r.paths[1]) as c:
            ask(c, b'AT')
    assert sorted(r.reads()) == sorted(NEEDED), r.error


def another_firmware_is_read_when_its_image_comes():
    with tempfile.TemporaryDirectory() as d:
        head = image(d, 'r747')
        with Run() as r:
            with Client(r.path) as c:
                send_block(c, head, ACK)
    assert r.reads()[-1] == 'r747' and len(r.reads()) == len(NEEDED) + 1, r.error


def another_firmware_is_read_when_it_is_in_flash():
    with tempfile.TemporaryDirectory() as d:
        flash = ['ctl', 'flash', 'firmware=r663', 'downloader=r663']
        done = fauxtrack('exec', '--state', d, '--', ptytest.PROGRAM, *flash)
        assert done.returncode == 0, done
        with Run('--state', d) as r:
            with Client(r.path) as c:
                assert b'663g09gg' in ask(c, b'AT+CGMR')
    assert sorted(r.reads()) == sorted([*NEEDED, 'r663']), r.error


def a_broken_firmware_prevents_no_start_and_its_image_is_refused():
    with tempfile.TemporaryDirectory() as d:
        head = image(d, 'r747')
        path = write(d, 'firmware/r747.yaml', 'inherits: r74x-base\nversion: 7.47\n')
        os.environ['FAUXTRACK_PROFILES'] = d
        with Run() as r:
            with Client(r.path) as c:
                ask(c, b'AT')
                send_block(c, head, b'\r\n*** ERROR IN HEADER ***\r\n\x18\x18')
        assert f'"r747" has an error: {path}:2:10: "version" is a text' in r.error, r.error
        assert 'fauxtrack check' in r.error, r.error
        checked = fauxtrack('check', d)
        assert checked.returncode == 1 and f'{path}:2:10: ' in checked.stderr, checked
        # what lists all firmwares names it too
        for words in (['list', 'commands'],
                      ['dwl', 'make', '--firmware', 'r74', '--kind', 'firmware', '-o', d + '/x']):
            done = fauxtrack(*words)
            assert done.returncode == 1 and f'{path}:2:10: ' in done.stderr, done


def a_file_that_cannot_be_read_is_named_at_the_start():
    with tempfile.TemporaryDirectory() as d:
        path = write(d, 'firmware/r747.yaml', '')
        os.symlink('nothing', os.path.join(d, 'firmware', 'mine.yaml'))
        os.environ['FAUXTRACK_PROFILES'] = d
        with Run() as r:
            with Client(r.path) as c:
                ask(c, b'AT')
    assert f'fauxtrack: {path}: cannot be read: it is empty; ' in r.error, r.error
    assert 'fauxtrack: firmware/mine.yaml: it cannot be found; ' in r.error, r.error


def the_firmware_that_runs_must_be_sound():
    with tempfile.TemporaryDirectory() as d:
        path = write(d, 'firmware/r7-base.yaml', 'title: [\n')
        os.environ['FAUXTRACK_PROFILES'] = d
        done = fauxtrack('run')
    assert done.returncode == 1 and path in done.stderr and done.stdout == '', done


main([a_start_reads_only_what_it_needs_and_each_file_once,
      another_firmware_is_read_when_its_image_comes,
      another_firmware_is_read_when_it_is_in_flash,
      a_broken_firmware_prevents_no_start_and_its_image_is_refused,
      a_file_that_cannot_be_read_is_named_at_the_start,
      the_firmware_that_runs_must_be_sound])
