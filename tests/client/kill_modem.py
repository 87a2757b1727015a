"""A modem that is started on a --state and killed: what the tests of that share."""

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
    """What each record may hold: the last that was acknowledged, and what is under way. The modem
    is killed `moment` seconds after the change number `fatal` has begun, 0: after its start has."""

    def __init__(self, fatal=None, moment=0.0):
        self.begun, self.fatal, self.moment = 0, fatal, moment
        self.timer = None
        self.amid = False
        self.real = []  # which changes make a difference
        self.took = [0.0]  # seconds of each change; of the start
        self.found = None  # of a change under way: "old" or "new"

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
        """How long after the begin of a change it may be killed: amid it, or the next one. Each
        power of ten is as likely as another: a record is written soon, its answer may take long."""
        if number == 0:
            return chance.uniform(0, self.took[0])
        longest = 1.5 * sum(self.took[number:number + 2])
        return 10 ** chance.uniform(-5, math.log10(max(longest, 0.002)))


def times(quick, full):
    """How many kills: KILLS in the environment, or what the length of the run asks for."""
    usual = full if os.environ.get("FAUXTRACK_TESTS") == "full" else quick
    return int(os.environ.get("KILLS", usual))


def one(fauxtrack, profile, expected, work, check, args):
    """Kills a modem at its start or its work; what check() says of the next one on the same
    state."""
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
            raise RuntimeError("it does not start again: " + again.complaints()) from None
        finally:
            again.close()


def many(times, fauxtrack, profile, kind, work, check, starts=0, args=()):
    """Kills so many at a random one of all changes, as TAP, each `starts`th of them in the first
    start; check() gives what is wrong, None for nothing. True: all good."""
    whole = kind()
    wrong = one(fauxtrack, profile, whole, work, check, args)
    assert not wrong, f"wrong without a kill in the midst: {wrong}"

    def killed(seed):
        chance = random.Random(seed)
        fatal = chance.choice(whole.real if seed % 2 else range(1, whole.begun + 1))
        if seed % 2 and fatal - 1 not in whole.real:
            fatal -= chance.randrange(2)  # what comes before it is often the last block of a file
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
                  f"{wrong or 'old or new, each'}", flush=True)
    print(f"# {amid} of {times} died while a change was under way, or at the start")
    if any(found):
        print(f"# the old state was found by {found.count('old')}, the new one by {found.count('new')} of these")
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
        if self.fd >= 0:
            os.close(self.fd)
        self.process.stdout.close()
        self.process.stderr.close()
