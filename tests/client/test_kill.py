#!/usr/bin/python3
"""test_kill.py FAUXTRACK: the emulator is killed (SIGKILL) during an upgrade from 6.63 to 7.4: every
second time around the end of a file, from its last block to a while after its EOT is acknowledged
and the new state is recorded, otherwise at a random block. When it is started again on the same
--state, its firmware must be the one that was acknowledged last. 16 times, 350 with
FAUXTRACK_TESTS=full."""

import os
import subprocess
import sys
import tempfile

import kill_modem

PROFILE = "fastrack-supreme-20-r663"

# (ATI3, AT+WDWL?)
OLD = ("663g09gg.Q2687H 1951744 112807 17:12", "V06.0B")  # nothing is downloaded yet
KIT = ("ERROR", "V08b10")  # the kit is downloaded, no firmware runs
NEW = ("R74_00gg.Q2687H 2126816 072809 15:03", "V08b10")  # 7.4 runs


class Flash(kill_modem.Expected):
    def __init__(self, *fatal):
        super().__init__(*fatal)
        self.flash = [OLD]


def migrate(modem, expected):
    for image, after in zip(IMAGES, (KIT, NEW)):
        modem.ask(b"AT+WDWL", rb"\r\n\+WDWL: 0\r\n")
        modem.send(image,
                   lambda block: expected.change(modem, "flash", expected.flash[0], block),
                   lambda end, after=after: expected.change(modem, "flash", after, end))
        modem.write(b"AT+CFUN=1\r")
        modem.expect(rb"OK\r\n")
    modem.ask(b"AT+CREG?", rb"\r\n\+CREG: 0,2\r\n")


def check(modem, expected):
    found = (modem.ask(b"ATI3", rb"\r\n(.*?)\r\n").group(1).decode(),
             modem.ask(b"AT+WDWL?", rb"\r\n\+WDWL: (\S+)\r\n").group(1).decode())
    if expected.amid and len(set(expected.flash)) == 2 and found in expected.flash:
        expected.found = ("old", "new")[expected.flash.index(found)]
    return None if found in expected.flash else f"{found!r}, expected one of {expected.flash!r}"


IMAGES = []
with tempfile.TemporaryDirectory() as folder:
    for kind, size in (("downloader", "2k"), ("firmware", "8k")):
        name = os.path.join(folder, kind)
        subprocess.run([sys.argv[1], "dwl", "make", "--firmware", "r74", "--kind", kind,
                        "--size", size, "-o", name], check=True)
        with open(name, "rb") as file:
            IMAGES.append(file.read())

sys.exit(not kill_modem.many(kill_modem.times(16, 350), sys.argv[1], PROFILE, Flash, migrate, check))
