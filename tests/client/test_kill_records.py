#!/usr/bin/python3
"""test_kill_records.py FAUXTRACK: the emulator is killed (SIGKILL) right after a random AT+CPBW,
AT+CMGW, AT&W, AT+CPWD or AT+CPIN and started again on the same --state: each record must be the
old or the new one; the SIM's PIN and its tries are one record. 16 times, 250 with
FAUXTRACK_TESTS=full."""

import sys

import kill_modem

PROFILE = "fastrack-supreme-20-r74-pin"
PINS = (b"1234", b"4321")
WRONG = b"0000"
TRIES = 3
ROUNDS = 40
OK = rb"\r\nOK\r\n"
ERROR = rb"\r\nERROR\r\n"


class Records(kill_modem.Expected):
    def __init__(self, *fatal):
        super().__init__(*fatal)
        self.entry = [b"Alice"]  # as on a new SIM
        self.rings = [b"000"]
        self.text = [None]
        self.card = [(PINS[0], TRIES)]

    def write(self, modem, record, value, lines, answer=OK):
        for line in lines[:-1]:
            modem.ask(line, rb"\r\n> ")

        def last():
            modem.write(lines[-1])
            modem.expect(answer)
        self.change(modem, record, value, last)


def open_sim(modem, expected):
    """Enters a wrong PIN, which costs one try, then the right one, which restores the tries."""
    pin, tries = expected.card[0]
    expected.write(modem, "card", (pin, tries - 1), [b'AT+CPIN="' + WRONG + b'"\r'], ERROR)
    expected.write(modem, "card", (pin, TRIES), [b'AT+CPIN="' + pin + b'"\r'])


def work(modem, expected):
    """Changes records until the modem is killed or ROUNDS are over."""
    for i in range(1, ROUNDS + 1):
        if i % 5 == 1:
            modem.ask(b"AT+CFUN=1", OK)
            open_sim(modem, expected)
            modem.ask(b"AT+CMGF=1", OK)
            modem.settle()
        name = b"n%02d" % i
        expected.write(modem, "entry", name, [b'AT+CPBW=1,"0600000000",129,"' + name + b'"\r'])
        expected.write(modem, "rings", b"%03d" % i, [b"ATS0=%d&W\r" % i])
        expected.write(modem, "text", name, [b'AT+CMGW="0612345678"', name + b"\x1a"])
        expected.write(modem, "text", None, [b"AT+CMGD=1\r"])
        old, new = PINS[(i + 1) % 2], PINS[i % 2]
        expected.write(modem, "card", (old, TRIES - 1),
                       [b'AT+CPWD="SC","' + WRONG + b'","' + new + b'"\r'], ERROR)
        expected.write(modem, "card", (new, TRIES),
                       [b'AT+CPWD="SC","' + old + b'","' + new + b'"\r'])


def check_card(modem, expected):
    """The tries left, and then the PIN that is accepted, show which of the records it is."""
    tries = int(modem.ask(b"AT+CPINC", rb"\r\n\+CPINC: (\d+),3,10,10\r\n\r\nOK\r\n").group(1))
    for pin in {pin for pin, left in expected.card if left == tries}:
        if modem.ask(b'AT+CPIN="' + pin + b'"', rb"\r\n(OK|ERROR)\r\n").group(1) == b"OK":
            return None
    return f"{tries} tries are left, and no PIN of {expected.card!r} is accepted"


def check(modem, expected):
    wrong = check_card(modem, expected)
    if wrong:
        return wrong
    modem.settle()
    found = modem.ask(b"ATS0?", rb"\r\n(\d+)\r\n").group(1)
    if found not in expected.rings:
        return f"S0 is {found!r}, expected one of {expected.rings!r}"
    found = modem.ask(b"AT+CPBR=1", rb'\r\n(?:\+CPBR: 1,"[+\d]+",\d+,"(\w+)"\r\n\r\n)?OK'
                      ).group(1)
    if found not in expected.entry:
        return f"the entry is {found!r}, expected one of {expected.entry!r}"
    modem.ask(b"AT+CMGF=1", OK)
    found = modem.ask(b"AT+CMGR=1", rb'\r\n(?:\+CMGR: "STO UNSENT"[^\r]*\r\n(n\d\d)\r\n\r\n)?OK'
                      ).group(1)
    if found not in expected.text:
        return f"the message is {found!r}, expected one of {expected.text!r}"
    return None


sys.exit(not kill_modem.many(kill_modem.times(16, 250), sys.argv[1], PROFILE, Records, work, check))
