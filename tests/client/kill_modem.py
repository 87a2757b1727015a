"""Shared by the tests that start a modem with --state and kill it."""

import concurrent.futures
import math
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
    """The values each record may have: the last acknowledged one, and the one being written. The
    modem is killed `moment` seconds after the begin of change number `fatal`; 0 is its start."""

    def __init__(self, fatal=None, moment=0.0):
        self.begun, self.fatal, self.moment = 0, fatal, moment
        self.timer = None
        self.amid = False
        self.real = []  # numbers of the changes that write another value
        self.took = [0.0]  # seconds that the start and each change took
        self.found = None  # the value found after an unfinished change: "old" or "new"

    def change(self, modem, record, value, act):
        before = getattr(self, record)[0]
        setattr(self, record, [before, value])
        self.begun += 1
        if before != value:
            self.real.append(self.begun)
        self.amid = True
        began = time.monotonic()
        self.kill_at(self.begun, modem)
        act()
        self.took.append(time.monotonic() - began)
        setattr(self, record, [value])
        self.amid = False

    def kill_at(self, number, modem):
        if number == self.fatal:
            self.timer = threading.Timer(self.moment, modem.process.kill)
            self.timer.start()

    def moment_in(self, chance, number):
        """A random time of the kill after the begin of a change: during it or the next one. All
        powers of ten are equally likely: a record is written soon, its answer may take long."""
        if number == 0:
            return chance.uniform(0, self.took[0])
        longest = 1.5 * sum(self.took[number:number + 2])
        return 10 ** chance.uniform(-5, math.log10(max(longest, 0.002)))


def times(quick, full):
    """The number of kills: KILLS in the environment, or as usual for a quick or full run."""
    usual = full if os.environ.get("FAUXTRACK_TESTS") == "full" else quick
    return int(os.environ.get("KILLS", usual))


def one(fauxtrack, profile, expected, work, check, args):
    """Kills a modem during its start or its work; returns what check() finds in the next one on
    the same state."""
    with tempfile.TemporaryDirectory() as state:
        began = time.monotonic()
        modem = Modem(fauxtrack, profile, state, args)
        try:
            expected.kill_at(0, modem)
            modem.open()
            expected.took[0] = time.monotonic() - began
            work(modem, expected)
            modem.process.kill()
        except Gone:
            pass
        finally:
            if expected.timer:
                expected.timer.join()
            modem.close()
        again = Modem(fauxtrack, profile, state, args)
        try:
            again.open()
            return check(again, expected)
        except Gone:
            raise RuntimeError("the modem does not start again: " + again.complaints()) from None
        finally:
            again.close()


def many(times, fauxtrack, profile, kind, work, check, starts=0, args=()):
    """Kills `times` modems, each at a random change, every `starts`th during its first start.
    Prints TAP. check() returns what is wrong, or None. Returns True if all are good."""
    whole = kind()
    wrong = one(fauxtrack, profile, whole, work, check, args)
    assert not wrong, f"wrong even without a kill: {wrong}"

    def killed(seed):
        chance = random.Random(seed)
        fatal = chance.choice(whole.real if seed % 2 else range(1, whole.begun + 1))
        if seed % 2 and fatal - 1 not in whole.real:
            fatal -= chance.randrange(2)  # the change before it is often the last block of a file
        if starts and seed % starts == 0:
            fatal = 0
        expected = kind(fatal, whole.moment_in(chance, fatal))
        try:
            return expected, one(fauxtrack, profile, expected, work, check, args)
        except RuntimeError as error:
            return expected, str(error)

    print(f"1..{times}")
    bad = amid = 0
    found = []
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for i, (expected, wrong) in enumerate(pool.map(killed, range(times)), 1):
            bad += wrong is not None
            found.append(expected.found)
            amid += expected.amid or not expected.begun
            print(f"{'not ok' if wrong else 'ok'} {i} - killed {expected.moment * 1000:.2f} ms "
                  f"into change {expected.fatal} of {whole.begun}: "
                  f"{wrong or 'each record is old or new'}", flush=True)
    print(f"# {amid} of {times} were killed during a change or the start")
    if any(found):
        print(f"# {found.count('old')} of these left the old value, {found.count('new')} the new one")
    return bad == 0


class Modem:
    def __init__(self, fauxtrack, profile, state, args=()):
        self.process = subprocess.Popen(
            [fauxtrack, "run", "--profile", profile, "--state", state, "--speed", "max",
             "--control", "none", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.fd, self.heard = -1, b""

    def open(self):
        path = self.process.stdout.readline().strip()
        try:
            self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError as error:
            raise Gone from error

    def complaints(self):
        self.process.kill()
        return self.process.stderr.read().decode()

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
        raise RuntimeError(f"expected {pattern!r}, got {self.heard!r}")

    def write(self, data):
        try:
            os.write(self.fd, data)
        except OSError as error:
            raise Gone from error

    def ask(self, line, pattern):
        self.write(line + b"\r")
        return self.expect(re.escape(line) + b"\r" + pattern)

    def settle(self):
        """Waits until the SIM files are loaded."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            if self.ask(b"AT+CPBS?", rb"\r\n(\+CPBS: |ERROR|\+CME ERROR)[^\r]*\r\n"
                        ).group(1).startswith(b"+CPBS"):
                self.expect(rb"OK\r\n")
                return
        raise RuntimeError("the phonebook does not become ready")

    def send(self, image, change_block, change_end):
        """Sends with checksum XMODEM in blocks of 128 bytes; ignores start characters.
        change_block(act) and change_end(act) call act(), which sends a block or the EOT."""
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
        if self.fd >= 0:
            os.close(self.fd)
        self.process.stdout.close()
        self.process.stderr.close()
