#!/usr/bin/python3
"""test_story.py FAUXTRACK: the story with real tools. A Supreme 20 is upgraded from 6.63 to 7.4
with sx -k over AT+WDWL, loses its band, and gets it back with AT+WMBS=4,1. python3-serial types
the commands, lrzsz sends the files; what the port says is compared byte for byte.

With FAUXTRACK PORT FOLDER the script is the host tool, as which `fauxtrack exec` starts it."""

import os
import subprocess
import sys
import tempfile
import time

from xmodemport import DEADLINE, NAK, Port, ok, tests


OK = b"\r\nOK\r\n"
BOOT_74 = (rb"\r\n\+WIND: 13\r\n\r\n\+WIND: 1\r\n\r\n\+WIND: 16\r\n\r\n\+WIND: 4\r\n"
           rb"\r\n\+WIND: 10,\"SM\",0,\"FD\",0,\"ON\",0,\"SN\",%d,\"EN\",0\r\n"
           rb"\r\n\+WIND: 11,\"[0-9A-F]{32}\",\"[0-9A-F]{32}\",\"[0-9A-F]{32}\"\r\n")


def story(path, folder):
    kit = os.path.join(folder, "kit.dwl")
    firmware = os.path.join(folder, "r74.dwl")
    port = Port(path)
    port.command(b"AT", OK)
    port.command(b"ATI3", b"\r\n663g09gg.Q2687H 1951744 112807 17:12\r\n" + OK)
    port.command(b"AT+WIND=22089", OK)
    port.command(b"AT+CREG?", b"\r\n+CREG: 0,1\r\n" + OK)
    port.command(b"AT+WDWL?", b"\r\n+WDWL: V06.0B\r\n" + OK)
    port.command(b"AT+WOPEN=0", OK)
    port.command(b"AT+WOPEN=4", b"\r\nERROR\r\n")
    port.command(b"AT+WOPEN=3", b"\r\nERROR\r\n")

    # the wrong way first: a firmware image of the other family
    port.command(b"AT+WDWL", b"\r\n+WDWL: 0\r\n")
    port.send_file(firmware, sound=False)
    port.serial.reset_input_buffer()
    port.heard = b""
    port.command(b"ATI3", b"\r\nERROR\r\n", "after a header error ATI3 is ERROR")
    port.command(b"AT+WDWL?", b"\r\n+WDWL: V06.0B\r\n" + OK)

    # the kit, then the firmware
    port.command(b"AT+WDWL", b"\r\n+WDWL: 0\r\n")
    port.send_file(kit, sound=True)
    port.expect(NAK + rb"*\r\n\*\*\* END OF DOWNLOAD \*\*\*\r\n" + NAK + b"+", "end of download: the kit")
    port.command_between_start_characters(b"AT+CFUN=1", OK, "AT+CFUN=1 starts the new downloader")
    port.expect(rb"\r\n\+WDWL\r\n", "no firmware: a bare +WDWL")
    port.command(b"AT", OK)
    port.command(b"AT+WDWL?", b"\r\n+WDWL: V08b10\r\n" + OK)
    port.command(b"AT+CGMR", b"\r\nERROR\r\n")
    port.command(b"AT+WDWL", b"\r\n+WDWL: 0\r\n")
    port.send_file(firmware, sound=True)
    port.expect(NAK + rb"*\r\n\*\*\* END OF DOWNLOAD \*\*\*\r\n" + NAK + b"+", "end of download: 7.4")
    port.command_between_start_characters(b"AT+CFUN=1", OK, "AT+CFUN=1 starts 7.4")
    port.expect(BOOT_74 % 1, "it boots with 13, 1, 16, 4, 10, 11, and never 7")
    port.command(b"ATI3", b"\r\nR74_00gg.Q2687H 2126816 072809 15:03\r\n" + OK)
    port.command(b"AT+CREG?", b"\r\n+CREG: 0,2\r\n" + OK, "no network: +CREG: 0,2")
    port.command(b"AT+WMBS?", b"\r\n+WMBS: 5,0\r\n" + OK)
    port.command(b"AT+WMBS=4,1", OK)
    port.expect(rb"\r\n\+WIND: 7\r\n", "AT+WMBS=4,1 brings it back: +WIND: 7")
    end = time.monotonic() + DEADLINE
    while True:
        port.serial.write(b"AT+CREG?\r")
        found = port.expect(rb"AT\+CREG\?\r\r\n\+CREG: 0,(\d)\r\n\r\nOK\r\n", "AT+CREG?").group(1)
        if found == b"1":
            break
        if time.monotonic() > end:
            sys.exit("not ok - the modem never registers")
    ok("registered: +CREG: 0,1")
    port.command(b"AT+CFUN=1", OK)
    port.expect(rb"\r\n\+WIND: 13\r\n\r\n\+WIND: 1\r\n\r\n\+WIND: 7\r\n"
                + (BOOT_74 % 0).split(rb"\r\n\+WIND: 1\r\n")[1], "the next boot has 7, and SN 0")


def main():
    fauxtrack, inside = sys.argv[1], sys.argv[2:]
    if inside:
        story(inside[0], inside[1])
        print(f"1..{tests()}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        for kind, name, size in (("downloader", "kit.dwl", "20k"), ("firmware", "r74.dwl", "300k")):
            subprocess.run([fauxtrack, "dwl", "make", "--firmware", "r74", "--kind", kind,
                            "--size", size, "-o", os.path.join(folder, name)], check=True)
        return subprocess.run(
            [fauxtrack, "exec", "--profile", "fastrack-supreme-20-r663", "--speed", "10",
             "--state", os.path.join(folder, "state"), "--trace", os.path.join(folder, "trace"),
             "--", sys.executable, __file__, fauxtrack, "{}", folder], check=False).returncode


sys.exit(main())
