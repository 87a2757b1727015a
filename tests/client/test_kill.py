#!/usr/bin/python3
"""test_kill.py FAUXTRACK: the emulator is killed (SIGKILL) at a random moment of a migration
from 6.63 to 7.4 and started again on the same --state: it boots into one of the states that
an upgrade can leave behind, and never into another. 20 times, 100 with FAUXTRACK_TESTS=full."""

import concurrent.futures
import os
import random
import re
import select
import subprocess
import sys
import tempfile
import threading
import time

DEADLINE = 30
SOH, EOT, ACK, NAK = b"\x01", b"\x04", b"\x06", b"\x15"
PROFILE = "fastrack-supreme-20-r663"

# (ATI3, AT+WDWL?) of the states that may be found, with the moment that leaves them
STATES = {
    ("663g09gg.Q2687H 1951744 112807 17:12", "V06.0B"): "nothing of the kit is in",
    ("ERROR", "V08b10"): "the kit is in, no firmware runs",
    ("R74_00gg.Q2687H 2126816 121109 15:03", "V08b10"): "7.4 runs",
}


class Gone(Exception):
    """The emulator was killed."""


class Modem:
    def __init__(self, fauxtrack, state):
        self.process = subprocess.Popen(
            [fauxtrack, "run", "--profile", PROFILE, "--state", state, "--speed", "max"],
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


def migrate(modem, kit, firmware):
    for image in (kit, firmware):
        modem.ask(b"AT+WDWL", rb"\r\n\+WDWL: 0\r\n")
        modem.send(image)
        modem.write(b"AT+CFUN=1\r")
        modem.expect(rb"OK\r\n")
    modem.ask(b"AT+CREG?", rb"\r\n\+CREG: 0,2\r\n")


def found(modem):
    answer = modem.ask(b"ATI3", rb"\r\n(.*?)\r\n").group(1).decode()
    downloader = modem.ask(b"AT+WDWL?", rb"\r\n\+WDWL: (\S+)\r\n").group(1).decode()
    return answer, downloader


def one(fauxtrack, images, seed, whole):
    """Gives what was found after a kill at a random moment."""
    moment = random.Random(seed).uniform(0, whole)
    with tempfile.TemporaryDirectory() as state:
        modem = Modem(fauxtrack, state)
        timer = threading.Timer(moment, modem.process.kill)
        timer.start()
        try:
            migrate(modem, *images)
        except Gone:
            pass
        finally:
            timer.cancel()
            modem.close()
        again = Modem(fauxtrack, state)
        try:
            return moment, found(again)
        finally:
            again.close()


def main():
    fauxtrack = sys.argv[1]
    times = 100 if os.environ.get("FAUXTRACK_TESTS") == "full" else 20
    images = []
    with tempfile.TemporaryDirectory() as folder:
        for kind, size in (("downloader", "16k"), ("firmware", "256k")):
            name = os.path.join(folder, kind)
            subprocess.run([fauxtrack, "dwl", "make", "--firmware", "r74", "--kind", kind,
                            "--size", size, "-o", name], check=True)
            with open(name, "rb") as file:
                images.append(file.read())
        # how long it takes when nobody kills it
        modem = Modem(fauxtrack, os.path.join(folder, "state"))
        begun = time.monotonic()
        migrate(modem, *images)
        whole = time.monotonic() - begun
        assert found(modem)[0].startswith("R74"), "the undisturbed migration fails"
        modem.close()
    print(f"1..{times}")
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(one, fauxtrack, images, seed, whole) for seed in range(times)]
        for i, job in enumerate(jobs, 1):
            moment, state = job.result()
            good = state in STATES
            bad += not good
            print(f"{'ok' if good else 'not ok'} {i} - killed after {moment:.3f} s of "
                  f"{whole:.1f}: {STATES.get(state, state)}", flush=True)
    return bad > 0


sys.exit(main())
