#!/usr/bin/python3
"""test_application.py FAUXTRACK: an Open AT application with real tools. A Supreme 20 with 7.4 does
not know AT+METER. A meter reader, described by a file of ten lines, is sent to it with sx over
AT+WDWL; AT+WOPEN=1 starts it, AT+METER answers, AT+CSQ is its own; after AT+WOPEN=0 and =4 all is
as before. python3-serial types the commands, lrzsz sends the file.

With FAUXTRACK PORT FOLDER the script is the host tool, as which `fauxtrack exec` starts it."""

import os
import subprocess
import sys
import tempfile

from xmodemport import Port, tests

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
METER = """title: Meter reader, made up
library: { text: "AT  v06.30" }
size: 20000
identity:
  version: { text: v1.0 }
commands:
  "+METER": { forms: { exec: "+METER: 00012345", test: { result: OK } } }
  "+CSQ": { forms: { exec: "+CSQ: 7,0" } }
boot:
  - { at: ready, say: METER 1.0 }
"""


def without_it(port):
    port.command(b"AT+METER", ERROR)
    port.serial.write(b"AT+CSQ\r")
    signal = port.expect(rb"AT\+CSQ\r\r\n\+CSQ: (\d+,\d+)\r\n\r\nOK\r\n", "AT+CSQ").group(1)
    if signal == b"7,0":
        sys.exit(f"not ok {tests() + 1} - AT+CSQ is the application's")


def restart(port, boot):
    port.expect(rb"\r\n\+WIND: 3\r\n" + boot, "it restarts")


def host(path, folder):
    port = Port(path)
    port.command(b"AT+WIND=4", OK)
    without_it(port)
    port.command(b"AT+WDWL", b"\r\n+WDWL: 0\r\n")
    port.send_file(os.path.join(folder, "meter.dwl"), block=())
    port.serial.write(b"AT+CFUN=1\r")
    port.expect(rb".*\r\nOK\r\n", "AT+CFUN=1")
    restart(port, b"")
    without_it(port)
    port.command(b"AT+WOPEN=2", b'\r\n+WOPEN: 2,"AT  v06.30","AT  v06.30"\r\n' + OK)
    port.command(b"AT+WOPEN=1", OK)
    restart(port, rb"\r\nMETER 1.0\r\n")
    port.command(b"AT+METER", b"\r\n+METER: 00012345\r\n" + OK)
    port.command(b"AT+METER=?", OK)
    port.command(b"AT+CSQ", b"\r\n+CSQ: 7,0\r\n" + OK)
    port.command(b"AT+WOPEN=4", ERROR, "AT+WOPEN=4 while it runs")
    port.command(b"AT+WOPEN=0", OK)
    restart(port, b"")
    without_it(port)
    port.command(b"AT+WOPEN=1", OK)
    restart(port, rb"\r\nMETER 1.0\r\n")
    port.command(b"AT+METER", b"\r\n+METER: 00012345\r\n" + OK)
    port.command(b"AT+WOPEN=0", OK)
    restart(port, b"")
    port.command(b"AT+WOPEN=4", OK)
    port.command(b"AT+WOPEN=2", b'\r\n+WOPEN: 2,"AT  v06.30"\r\n' + OK)
    port.command(b"AT+WOPEN=1", OK)
    port.command(b"AT+WOPEN=7", b"\r\n+WOPEN: 7,1\r\n" + OK)
    without_it(port)


def main():
    fauxtrack, inside = sys.argv[1], sys.argv[2:]
    if inside:
        host(inside[0], inside[1])
        print(f"1..{tests()}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "applications"))
        with open(os.path.join(folder, "applications", "meter.yaml"), "w", encoding="utf-8") as f:
            f.write(METER)
        env = dict(os.environ, FAUXTRACK_PROFILES=folder)
        subprocess.run([fauxtrack, "dwl", "make", "--application", "meter", "-o",
                        os.path.join(folder, "meter.dwl")], check=True, env=env)
        return subprocess.run(
            [fauxtrack, "exec", "--speed", "10", "--state", os.path.join(folder, "state"),
             "--", sys.executable, __file__, fauxtrack, "{}", folder],
            check=False, env=env).returncode


sys.exit(main())
