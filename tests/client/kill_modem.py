"""A modem that is started on a --state and killed: what the tests of that share."""

import os
import re
import select
import subprocess
import time

DEADLINE = 30
SOH, EOT, ACK, NAK = b"\x01", b"\x04", b"\x06", b"\x15"


class Gone(Exception):
    """The emulator was killed."""


class Modem:
    def __init__(self, fauxtrack, profile, state):
        self.process = subprocess.Popen(
            [fauxtrack, "run", "--profile", profile, "--state", state, "--speed", "max"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        path = self.process.stdout.readline().strip()
        if not path:
            raise RuntimeError("no path: " + self.process.stderr.read().decode())
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self.heard = b""

    def read(self):
        if not select.select([self.fd], [], [], 0.05)[0]:
            if self.process.poll() is not None:
                raise Gone
            return
        try:
            got = os.read(self.fd, 4096)
        except OSError as error:
            raise Gone from error
        if not got:
            raise Gone
        self.heard += got

    def expect(self, pattern):
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            match = re.search(pattern, self.heard, re.S)
            if match:
                self.heard = self.heard[match.end():]
                return match
            self.read()
        raise RuntimeError(f"wanted {pattern!r}, got {self.heard!r}")

    def write(self, data):
        try:
            os.write(self.fd, data)
        except OSError as error:
            raise Gone from error

    def ask(self, line, pattern):
        self.write(line + b"\r")
        return self.expect(re.escape(line) + b"\r" + pattern)

    def settle(self):
        """The files of the card are there."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            if self.ask(b"AT+CPBS?", rb"\r\n(\+CPBS: |ERROR|\+CME ERROR)[^\r]*\r\n"
                        ).group(1).startswith(b"+CPBS"):
                self.expect(rb"OK\r\n")
                return
        raise RuntimeError("the phonebook does not get ready")

    def send(self, image):
        """Checksum XMODEM in blocks of 128 bytes."""
        self.expect(NAK)
        for at in range(0, len(image), 128):
            data = image[at:at + 128].ljust(128, b"\x1a")
            number = (at // 128 + 1) & 255
            self.write(SOH + bytes([number, 255 - number]) + data + bytes([sum(data) & 255]))
            self.expect(ACK)
        self.write(EOT)
        self.expect(rb"\*\*\* END OF DOWNLOAD \*\*\*")

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.fd)
        self.process.stdout.close()
        self.process.stderr.close()
