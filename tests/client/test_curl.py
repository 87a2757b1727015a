#!/usr/bin/python3
"""test_curl.py FAUXTRACK: the control interface with curl alone. A message arrives, the port
prints +CMTI, the message is read there, the SIM is taken out; the state and the event stream
show all of it.

With --session PORT the script is the host tool, as which `fauxtrack exec` starts it."""

import json
import os
import subprocess
import sys
import time

import serial

DEADLINE = 30  # seconds for any single thing to happen
OK = b"\r\nOK\r\n"
URL = "http://localhost/v1/modems/1"

count = 0


def ok(what):
    global count
    count += 1
    print(f"ok {count} - {what}", flush=True)


def check(right, what, got=None):
    if not right:
        sys.exit(f"not ok {count + 1} - {what}\n# got {got!r}")
    ok(what)


class Port:
    def __init__(self, path):
        self.serial = serial.Serial(path, 115200, timeout=0.05, rtscts=True)

    def expect(self, wanted, what):
        """The next bytes must be exactly these."""
        heard = b""
        end = time.monotonic() + DEADLINE
        while len(heard) < len(wanted) and time.monotonic() < end:
            heard += self.serial.read(len(wanted) - len(heard))
        check(heard == wanted, what, heard)

    def read_until(self, mark):
        heard = b""
        end = time.monotonic() + DEADLINE
        while not heard.endswith(mark) and time.monotonic() < end:
            heard += self.serial.read(1)
        return heard

    def command(self, line, answer):
        self.serial.write(line + b"\r")
        self.expect(line + b"\r" + answer, line.decode())


def curl(*args):
    command = ["curl", "-sS", "--unix-socket", os.environ["FAUXTRACK_CONTROL"],
               "-H", "Content-Type: application/json", *args]
    done = subprocess.run(command, stdout=subprocess.PIPE, timeout=DEADLINE, check=True)
    return json.loads(done.stdout)


def until(stream, name, text):
    """Reads events up to this one."""
    while True:
        line = stream.stdout.readline().decode()
        if not line:
            sys.exit(f"not ok {count + 1} - the stream has ended before {name}: {text}")
        if line.startswith("data: "):
            event = json.loads(line[6:])
            if (event["event"], event["text"]) == (name, text):
                ok(f"the stream shows {name}: {text}")
                return


def session(path):
    port = Port(path)
    port.command(b"AT+CMGF=1", OK)
    with subprocess.Popen(["curl", "-sSN", "--unix-socket", os.environ["FAUXTRACK_CONTROL"],
                           URL + "/events?since=0"], stdout=subprocess.PIPE) as stream:
        done = curl(URL + "/actions/sms", "-d", '{"from": "+1555", "text": "hi there"}')
        check(done["done"], "a message is sent to the modem", done)
        port.expect(b'\r\n+CMTI: "SM",1\r\n', "+CMTI at the port")
        until(stream, "urc", '+CMTI: "SM",1')
        port.serial.write(b"AT+CMGR=1\r")
        heard = port.read_until(OK)
        check(heard.startswith(b'AT+CMGR=1\r\r\n+CMGR: "REC UNREAD","+1555",') and
              b"\r\nhi there\r\n" in heard, "the message is read", heard)

        curl(URL + "/actions/sim", "-d", '"removed"')
        done = curl(URL + "/wait", "-d", '{"for": ["sim=absent", "event=sim"], "since": %d}' %
                    done["events_from"])
        check(done["met"], "the wait ends", done)
        state = curl(URL)["state"]
        check(state["sim"]["state"] == "absent" and not state["sim"]["inserted"],
              "the SIM is out", state["sim"])
        until(stream, "sim", "absent")
        stream.kill()
    print(f"1..{count}", flush=True)


def main():
    done = subprocess.run([sys.argv[1], "exec", "--", "/usr/bin/python3",
                           os.path.abspath(__file__), "--session", "{}"],
                          timeout=4 * DEADLINE, check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    if sys.argv[1] == "--session":
        session(sys.argv[2])
    else:
        main()
