"""A modem that is started on a --state and killed: what the tests of that share."""

import concurrent.futures
import os
import random
import re
import select
import subprocess
import tempfile
import threading
import time

DEADLINE = 30
SOH, EOT, ACK = b"\x01", b"\x04", b"\x06"


class Gone(Exception):
    """The emulator was killed."""


class Expected:
    """What each record may hold: the last that was acknowledged, and what is under way. When
    `fatal` changes have been begun the modem is killed within the next milliseconds."""

    def __init__(self, fatal=None, moment=0.0):
        self.begun, self.fatal, self.moment = 0, fatal, moment
        self.timer = None
        self.amid = False
        self.real = []  # which changes make a difference

    def change(self, modem, record, value, act):
        before = getattr(self, record)[0]
        setattr(self, record, [before, value])
        self.begun += 1
        if before != value:
            self.real.append(self.begun)
        self.amid = True
        if self.begun == self.fatal:
            self.timer = threading.Timer(self.moment, modem.process.kill)
            self.timer.start()
        act()
        setattr(self, record, [value])
        self.amid = False


def one(fauxtrack, profile, expected, work, check):
    """Kills a modem at its work; what check() says of the next one on the same state."""
    with tempfile.TemporaryDirectory() as state:
        modem = Modem(fauxtrack, profile, state)
        try:
            work(modem, expected)
            modem.process.kill()
        except Gone:
            pass
        finally:
            if expected.timer:
                expected.timer.join()
            modem.close()
        again = Modem(fauxtrack, profile, state)
        try:
            return check(again, expected)
        finally:
            again.close()


def many(times, fauxtrack, profile, kind, work, check):
    """Kills so many at a random one of all changes, as TAP; check() gives what is wrong, None
    for nothing. True: all good."""
    whole = kind()
    wrong = one(fauxtrack, profile, whole, work, check)
    assert not wrong, f"wrong without a kill in the midst: {wrong}"

    def killed(seed):
        chance = random.Random(seed)
        fatal = chance.choice(whole.real if seed % 2 else range(1, whole.begun + 1))
        expected = kind(fatal, chance.uniform(0, 0.004))
        try:
            return expected, one(fauxtrack, profile, expected, work, check)
        except RuntimeError as error:
            return expected, str(error)

    print(f"1..{times}")
    bad = amid = 0
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for i, (expected, wrong) in enumerate(pool.map(killed, range(times)), 1):
            bad += wrong is not None
            amid += expected.amid
            print(f"{'not ok' if wrong else 'ok'} {i} - killed {expected.moment * 1000:.2f} ms "
                  f"after change {expected.fatal} of {whole.begun}: "
                  f"{wrong or 'old or new, each'}", flush=True)
    print(f"# {amid} of {times} died while a change was under way")
    return bad == 0


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

    def send(self, image, change_block, change_end):
        """Checksum XMODEM in blocks of 128 bytes, without a look at start characters.
        change_block(act) and change_end(act) do what sends a block and the end of the file."""
        def block(number, data):
            self.write(SOH + bytes([number, 255 - number]) + data + bytes([sum(data) & 255]))
            self.expect(ACK)

        def end():
            self.write(EOT)
            self.expect(rb"\*\*\* END OF DOWNLOAD \*\*\*")

        for at in range(0, len(image), 128):
            data = image[at:at + 128].ljust(128, b"\x1a")
            change_block(lambda at=at, data=data: block((at // 128 + 1) & 255, data))
        change_end(end)

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.fd)
        self.process.stdout.close()
        self.process.stderr.close()
