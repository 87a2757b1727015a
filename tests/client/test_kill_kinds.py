#!/usr/bin/python3
"""test_kill_kinds.py FAUXTRACK: the emulator is killed (SIGKILL) at a random change of a record of
any kind that test_kill.py and test_kill_records.py leave out, or during its first start, which
writes all of them. It is started again on the same --state: each record must be the old or the new
one, and not damaged. 16 times, 400 with FAUXTRACK_TESTS=full."""

import os
import sys
import tempfile

import kill_modem

PROFILE = "fastrack-supreme-20-r74"
ROUNDS = 6
OK = rb"\r\nOK\r\n"
STEP = rb"\r\n(?:> |(?:[^\r]+\r\n\r\n)?OK\r\n)"  # the answer to each line of a change except the last
DONE = rb"\r\n(?:[^\r]+\r\n(?:\r\n)?)*OK\r\n"
REPORT = rb'\+CDSI: "SR",1\r\n'
DIGITS = tuple(b"%02d" % i for i in range(1, ROUNDS + 1))
NAMES = tuple(b"n" + digits for digits in DIGITS)

BUG = """\
name: AT+CSQ fails once in the life of the unit
bug: { evidence: description, source: this test, models: all, symptom: as it is named, host: asks again }
profile: %s
faults:
  - when: { at: command, command: "+CSQ", nth: 1 }
    once: true
    answer: { result: ERROR }
""" % PROFILE


class Kind:
    """`lines` write a value, which replaces %s; `undo` writes None. `done` is the answer to the last
    of `lines`. The answer to `query` matches `pattern`, whose group is the value."""

    def __init__(self, record, values, lines, query, pattern, undo=(), done=DONE):
        self.record, self.values, self.query, self.pattern = record, values, query, pattern
        self.lines, self.undo, self.done = lines, undo, done


KINDS = (
    Kind("settings", DIGITS, [b"ATS0=%s&W"], b"ATS0?", rb"0(\d\d)\r\n"),
    Kind("gprs", NAMES, [b'AT+CGDCONT=1,"IP","%s"'], b"AT+CGDCONT?", rb'(?:\+CGDCONT: 1,"IP","(\w+)"[^\r]*\r\n\r\n)?OK'),
    Kind("services", DIGITS, [b'AT+CCFC=0,3,"06123456%s"'], b"AT+CCFC=0,2",
         rb'\+CCFC: (?:0,7|1,1,"06123456(\d\d)")'),
    Kind("sms", DIGITS, [b'AT+CSCA="+336123456%s";+CSAS'], b"AT+CSCA?", rb'\+CSCA: "[+\d]*(\d\d)"'),
    Kind("numbers", DIGITS, [b'AT+CSVM=1,"06123456%s",129'], b"AT+CSVM?", rb'\+CSVM: \d,"\d*?(\d?\d?)"'),
    Kind("clock", DIGITS, [b'AT+CCLK="%s/06/01,12:00:00"'], b"AT+CCLK?", rb'\+CCLK: "(\d\d)/'),
    Kind("selection", (b"1", b"0"), [b'AT+COPS=%s,2,"20801"'], b"AT+COPS?", rb"\+COPS: (\d)"),
    Kind("open_at", (b"640", b"768"), [b"AT+WOPEN=6,%s"], b"AT+WOPEN=6", rb"\+WOPEN: 6,(\d+)"),
    Kind("charge", DIGITS, [b'AT+CAMM="0000%s","5678"'], b"AT+CAMM?", rb'\+CAMM: "0000(\d\d)"'),
    Kind("gpio", (b"1", b"0"), [b"AT+WIOM=%s,5"], b"AT+WIOM?", rb".*?\+WIOM: 5,(\d)"),
    Kind("charset", DIGITS, [b"AT+WCCS=1,0,65,65", b"%s\x1a"], b"AT+WCCS=0,0,65,65",
         rb"\+WCCS: 1,(\w\w)"),
    Kind("locks", (b"1", b"0"), [b'AT+CLCK="PN",%s,"12345678"'], b'AT+CLCK="PN",2', rb"\+CLCK: (\d)"),
    Kind("sim", (b"20820", b"20801"), [b'AT+CPOL=1,2,"%s"'], b"AT+CPOL?", rb"\+CPOL: 1,2,(\d+)"),
    Kind("book-ME", NAMES, [b'AT+CPBS="ME";+CPBW=1,"0612345678",129,"%s"'],
         b'AT+CPBS="ME";+CPBR=1', rb'(?:\+CPBR: 1,"\d+",129,"(\w+)"\r\n\r\n)?(?:OK|ERROR)'),
    Kind("book-LD", DIGITS, [b"ATD06123456%s;", b"ATH"], b'AT+CPBS="LD";+CPBR=1',
         rb'(?:\+CPBR: 1,"06123456(\d\d)",129,""\r\n\r\n)?(?:OK|ERROR)'),
    Kind("messages-me", NAMES, [b'AT+CPMS="ME","ME"', b'AT+CMGW="0612345678"', b"%s\x1a"],
         b'AT+CPMS="ME";+CMGR=1', rb'\+CPMS: [\d,]*\r\n\r\n(?:\+CMGR: "STO UNSENT"[^\r]*\r\n(n\d\d)\r\n\r\n)?OK',
         [b'AT+CPMS="ME";+CMGD=1']),
    Kind("messages-sr", (b"1",), [b'AT+CMGS="0612345678"', b"report\x1a"],
         b'AT+CPMS="SR"', rb"\+CPMS: (?:0|(1)),", [b'AT+CPMS="SR";+CMGD=1'], REPORT),
    Kind("faults", (), [b"AT+CSQ"], b"AT+CSQ", rb"(?:\+CSQ: [\d,]+\r\n\r\n)?(OK|ERROR)\r\n"),
)


def read(modem, kind):
    return modem.ask(kind.query, rb"\r\n" + kind.pattern).group(1)


class Records(kill_modem.Expected):
    first = {}  # the value of each record in a new unit

    def __init__(self, *fatal):
        super().__init__(*fatal)
        for record, value in self.first.items():
            setattr(self, record, [value])

    def write(self, modem, kind, value):
        lines = [line.replace(b"%s", value or b"") for line in (kind.lines if value else kind.undo)]
        for line in lines[:-1]:
            modem.write(line + b"\r")
            if not line.startswith(b"ATD"):
                modem.expect(re_of(line) + STEP)

        def last():
            modem.write(lines[-1] + (b"" if lines[-1].endswith(b"\x1a") else b"\r"))
            modem.expect(kind.done if value else DONE)
        self.change(modem, kind.record, value, last)


def re_of(line):
    return kill_modem.re.escape(line) + b"\r"


def fault(modem, expected, kind):
    """The fault rule acts once and never again, no matter when the emulator is killed."""
    def act():
        assert read(modem, kind) == b"ERROR"
    expected.change(modem, kind.record, b"OK", act)


def prepare(modem):
    modem.settle()
    modem.ask(b"AT+CMGF=1;+CNMI=2,1,0,2;+CSMP=49,167,0,0", OK)


def work(modem, expected):
    """Changes records until the modem is killed or ROUNDS are over."""
    prepare(modem)
    if not Records.first:
        for kind in KINDS:
            Records.first[kind.record] = read(modem, kind) if kind.values else b"ERROR"
            setattr(expected, kind.record, [Records.first[kind.record]])
    fault(modem, expected, KINDS[-1])
    for i in range(ROUNDS):
        for kind in KINDS:
            if kind.values:
                expected.write(modem, kind, kind.values[i % len(kind.values)])
            if kind.undo:
                expected.write(modem, kind, None)


def check(modem, expected):
    prepare(modem)
    wrong = []
    for kind in KINDS:
        found, may = read(modem, kind), getattr(expected, kind.record)
        if found not in may:
            wrong.append(f"{kind.record} is {found!r}, expected one of {may!r}")
    return "; ".join(wrong) or None


with tempfile.TemporaryDirectory() as folder:
    bug = os.path.join(folder, "once.yaml")
    with open(bug, "w", encoding="utf-8") as file:
        file.write(BUG)
    GOOD = kill_modem.many(kill_modem.times(16, 400), sys.argv[1], PROFILE, Records, work, check, starts=4,
                           args=("--bug", bug, "--set", "device.lock_key=12345678"))
sys.exit(not GOOD)
