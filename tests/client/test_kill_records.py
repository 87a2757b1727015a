#!/usr/bin/python3
"""test_kill_records.py FAUXTRACK: the emulator is killed (SIGKILL) at a random moment of
AT+CPBW, AT+CMGW, AT&W and AT+CPWD and started again on the same --state: each record is the
old or the new one. 20 times, 500 with FAUXTRACK_TESTS=full."""

import concurrent.futures
import os
import random
import sys
import tempfile
import threading
import time

from kill_modem import Gone, Modem

PROFILE = "fastrack-supreme-20-r74-pin"
PINS = (b"1234", b"4321")
ROUNDS = 40
OK = rb"\r\nOK\r\n"


class Wrong(Exception):
    """A record is neither the old nor the new one."""


class Expected:
    """What each record may hold: the last that was acknowledged, and what was under way."""

    def __init__(self):
        self.entry = [None]
        self.rings = [b"000"]
        self.text = [None]
        self.pin = [PINS[0]]

    def write(self, modem, record, value, lines, answer=OK):
        setattr(self, record, [getattr(self, record)[0], value])
        for line in lines[:-1]:
            modem.ask(line, rb"\r\n> ")
        modem.write(lines[-1])
        modem.expect(answer)
        setattr(self, record, [value])


def open_sim(modem, pins):
    """Gives the PIN that was right."""
    for pin in pins:
        answer = modem.ask(b'AT+CPIN="' + pin + b'"', rb"\r\n(OK|\+CME ERROR: 16|ERROR)\r\n")
        if answer.group(1) == b"OK":
            return pin
    raise Wrong(f"no PIN of {pins!r} is right")


def work(modem, expected):
    """Changes records until it is killed, or ROUNDS are over."""
    open_sim(modem, expected.pin)
    modem.ask(b"AT+CMGF=1", OK)
    modem.settle()
    for i in range(1, ROUNDS + 1):
        name = b"n%02d" % i
        expected.write(modem, "entry", name, [b'AT+CPBW=1,"0600000000",129,"' + name + b'"\r'])
        expected.write(modem, "rings", b"%03d" % i, [b"ATS0=%d&W\r" % i])
        expected.write(modem, "text", name, [b'AT+CMGW="0612345678"', name + b"\x1a"])
        expected.write(modem, "text", None, [b"AT+CMGD=1\r"])
        pin = PINS[i % 2]
        expected.write(modem, "pin", pin,
                       [b'AT+CPWD="SC","' + expected.pin[0] + b'","' + pin + b'"\r'])


def check(modem, expected):
    open_sim(modem, expected.pin)
    modem.settle()
    found = modem.ask(b"ATS0?", rb"\r\n(\d+)\r\n").group(1)
    if found not in expected.rings:
        raise Wrong(f"S0 is {found!r}, not of {expected.rings!r}")
    found = modem.ask(b"AT+CPBR=1", rb'\r\n(?:\+CPBR: 1,"0600000000",129,"(n\d\d)"\r\n\r\n)?OK'
                      ).group(1)
    if found not in expected.entry:
        raise Wrong(f"the entry is {found!r}, not of {expected.entry!r}")
    modem.ask(b"AT+CMGF=1", OK)
    found = modem.ask(b"AT+CMGR=1", rb'\r\n(?:\+CMGR: "STO UNSENT"[^\r]*\r\n(n\d\d)\r\n\r\n)?OK'
                      ).group(1)
    if found not in expected.text:
        raise Wrong(f"the message is {found!r}, not of {expected.text!r}")


def one(fauxtrack, seed, whole):
    """What is wrong after a kill at a random moment, None for nothing."""
    moment = random.Random(seed).uniform(0, whole)
    expected = Expected()
    with tempfile.TemporaryDirectory() as state:
        modem = Modem(fauxtrack, PROFILE, state)
        timer = threading.Timer(moment, modem.process.kill)
        timer.start()
        try:
            work(modem, expected)
        except Gone:
            pass
        finally:
            timer.cancel()
            modem.close()
        again = Modem(fauxtrack, PROFILE, state)
        try:
            check(again, expected)
        except Wrong as wrong:
            return moment, str(wrong)
        finally:
            again.close()
    return moment, None


def main():
    fauxtrack = sys.argv[1]
    times = 500 if os.environ.get("FAUXTRACK_TESTS") == "full" else 20
    with tempfile.TemporaryDirectory() as state:
        modem = Modem(fauxtrack, PROFILE, state)
        expected = Expected()
        begun = time.monotonic()
        work(modem, expected)
        whole = time.monotonic() - begun
        modem.close()
        again = Modem(fauxtrack, PROFILE, state)
        check(again, expected)
        again.close()
    print(f"1..{times}")
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(one, fauxtrack, seed, whole) for seed in range(times)]
        for i, job in enumerate(jobs, 1):
            moment, wrong = job.result()
            bad += wrong is not None
            print(f"{'not ok' if wrong else 'ok'} {i} - killed after {moment:.3f} s of "
                  f"{whole:.1f}: {wrong or 'old or new, each'}", flush=True)
    return bad > 0


sys.exit(main())
