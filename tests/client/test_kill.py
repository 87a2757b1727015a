#!/usr/bin/python3
"""test_kill.py FAUXTRACK: the emulator is killed (SIGKILL) at a random moment of a migration
from 6.63 to 7.4 and started again on the same --state: it boots into one of the states that
an upgrade can leave behind, and never into another. 20 times, 500 with FAUXTRACK_TESTS=full."""

import concurrent.futures
import os
import random
import subprocess
import sys
import tempfile
import threading
import time

from kill_modem import Gone, Modem

PROFILE = "fastrack-supreme-20-r663"

# (ATI3, AT+WDWL?) of the states that may be found, with the moment that leaves them
STATES = {
    ("663g09gg.Q2687H 1951744 112807 17:12", "V06.0B"): "nothing of the kit is in",
    ("ERROR", "V08b10"): "the kit is in, no firmware runs",
    ("R74_00gg.Q2687H 2126816 121109 15:03", "V08b10"): "7.4 runs",
}


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
        modem = Modem(fauxtrack, PROFILE, state)
        timer = threading.Timer(moment, modem.process.kill)
        timer.start()
        try:
            migrate(modem, *images)
        except Gone:
            pass
        finally:
            timer.cancel()
            modem.close()
        again = Modem(fauxtrack, PROFILE, state)
        try:
            return moment, found(again)
        finally:
            again.close()


def main():
    fauxtrack = sys.argv[1]
    times = 500 if os.environ.get("FAUXTRACK_TESTS") == "full" else 20
    images = []
    with tempfile.TemporaryDirectory() as folder:
        for kind, size in (("downloader", "16k"), ("firmware", "256k")):
            name = os.path.join(folder, kind)
            subprocess.run([fauxtrack, "dwl", "make", "--firmware", "r74", "--kind", kind,
                            "--size", size, "-o", name], check=True)
            with open(name, "rb") as file:
                images.append(file.read())
        # how long it takes when nobody kills it
        modem = Modem(fauxtrack, PROFILE, os.path.join(folder, "state"))
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
