#!/usr/bin/python3
"""test_steps.py STEPS.PY: ./check counts single tests, and counts no failure as passed.
Prints TAP."""

import importlib.util
import json
import os
import sys
import tempfile

from test_lints import tap

spec = importlib.util.spec_from_file_location("steps", sys.argv[1])
steps = importlib.util.module_from_spec(spec)
spec.loader.exec_module(steps)


def counted(*tests):
    """What ./check makes of a log of meson with these (result, stdout) entries."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "testlog.json")
        with open(path, "w", encoding="utf-8") as log:
            for result, stdout in tests:
                log.write(json.dumps({"name": "a", "result": result, "stdout": stdout}) + "\n")
        sys.stdout.flush()
        return str(steps.count_log(path))


def equal(got, expected):
    assert got == expected, "%r is not %r" % (got, expected)


def a_test_without_tap_counts_as_one():
    equal(counted(("OK", "fine\n"), ("FAIL", ""), ("SKIP", ""), ("TIMEOUT", "")),
          "1 passed, 2 failed, 1 skipped")


def each_subtest_counts():
    equal(counted(("OK", "1..2\nok 1 - a\nok 2 - b\n")), "2 passed, 0 failed, 0 skipped")
    equal(counted(("FAIL", "1..3\nok 1 - a\nnot ok 2 - b\nok 3 # SKIP no sx\n")),
          "1 passed, 1 failed, 1 skipped")


def a_crash_after_good_subtests_is_a_failure():
    equal(counted(("ERROR", "1..3\nok 1 - a\n")), "1 passed, 1 failed, 0 skipped")


def a_report_that_the_test_missed_is_a_failure():
    for report in ("==7==ERROR: AddressSanitizer: heap-use-after-free on address",
                   "a.c:3:4: runtime error: signed integer overflow"):
        out = "1..1\nok 1 - a\n%s\n" % report
        stdout, sys.stdout = sys.stdout, open(os.devnull, "w", encoding="utf-8")
        try:
            got = counted(("OK", out))
        finally:
            sys.stdout = stdout
        equal(got, "0 passed, 1 failed, 0 skipped")


def an_unknown_step_is_refused():
    try:
        steps.choose(["no-such-step"])
    except SystemExit as end:
        assert "no step 'no-such-step'" in str(end), end
    else:
        raise AssertionError("it was taken")


def long_steps_are_for_full():
    quick = [steps.label(s) for s in steps.choose([])[1]]
    full = [steps.label(s) for s in steps.choose(["full"])[1]]
    assert "gcc" in quick and "dist" not in quick and "dist" in full, (quick, full)


if __name__ == "__main__":
    tap(globals())
