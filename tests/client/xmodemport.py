# A port by python3-serial, whose expectations are the tests (TAP); files go by sx (lrzsz).
import os
import re
import subprocess
import sys
import time

import serial

DEADLINE = 30  # seconds for any single thing to happen
NAK = b"\x15"

count = 0


def ok(what):
    global count
    count += 1
    print(f"ok {count} - {what}", flush=True)


def tests():
    """How many there were."""
    return count


class Port:
    def __init__(self, path):
        self.path = path
        self.serial = serial.Serial(path, 115200, timeout=0.05, rtscts=True)
        self.heard = b""

    def expect(self, pattern, what):
        """Reads until the bytes since the last match begin with the pattern; fails if they do not
        within DEADLINE."""
        end = time.monotonic() + DEADLINE
        regex = re.compile(pattern, re.S)
        while time.monotonic() < end:
            match = regex.match(self.heard)
            if match:
                self.heard = self.heard[match.end():]
                ok(what)
                return match
            self.heard += self.serial.read(4096)
        sys.exit(f"not ok {count + 1} - {what}\n# wanted {pattern!r}\n# got    {self.heard!r}")

    def command(self, line, answer, what=None):
        self.serial.write(line + b"\r")
        self.expect(re.escape(line + b"\r" + answer), what or line.decode())

    def command_between_start_characters(self, line, answer, what):
        self.serial.write(line + b"\r")
        wanted = [re.escape(bytes([byte])) for byte in line + b"\r" + answer]
        self.expect(b"".join(NAK + b"*" + byte for byte in wanted), what)

    def send_file(self, name, sound=True, block=("-k",)):
        """Runs sx on the same port, as its manual says; it must fail unless the file is `sound`."""
        self.expect(NAK, "a start character")
        with open(self.path, "r+b", buffering=0) as line:
            done = subprocess.run(["sx", *block, "-q", name], stdin=line, stdout=line,
                                  stderr=subprocess.DEVNULL, timeout=4 * DEADLINE, check=False)
        if (done.returncode == 0) != sound:
            sys.exit(f"not ok {count + 1} - sx {name}: exit status {done.returncode}")
        ok(f"sx {os.path.basename(name)}: {'sent' if sound else 'cancelled'}")
