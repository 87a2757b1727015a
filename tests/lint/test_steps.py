#!/usr/bin/python3
"""test_steps.py STEPS.PY: ./check counts single tests, and counts no failure as passed.
Prints TAP."""

import importlib.util
import json
import os
import stat
import subprocess
import sys
import tempfile
import time
import types

from test_lints import tap

spec = importlib.util.spec_from_file_location("steps", sys.argv[1])
steps = importlib.util.module_from_spec(spec)
spec.loader.exec_module(steps)


def counted(*tests):
    """The counts of ./check for a log of meson with these (result, stdout) entries."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "testlog.json")
        with open(path, "w", encoding="utf-8") as log:
            for result, stdout in tests:
                log.write(json.dumps({"name": "a", "result": result, "stdout": stdout}) + "\n")
        sys.stdout.flush()
        return str(steps.count_log(path, False, []))


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
        equal(counted(("OK", "1..1\nok 1 - a\n%s\n" % report)), "0 passed, 1 failed, 0 skipped")


def an_unknown_step_is_refused():
    try:
        steps.choose(["no-such-step"])
    except SystemExit as end:
        assert "no step 'no-such-step'" in str(end), end
    else:
        raise AssertionError("it was accepted")


def chosen(*words):
    return [steps.label(s) for s, _ in steps.choose(list(words))[1]]


def long_steps_are_for_full():
    quick, full, soak = chosen(), chosen("full"), chosen("soak")
    assert "gcc" in quick and "dist" not in quick and "dist" in full, (quick, full)
    assert "repeat" in soak and "repeat" not in full and "gcc" not in soak, (full, soak)


def a_step_by_hand_runs_only_when_it_is_named():
    assert "bench" not in chosen() + chosen("full") + chosen("soak")
    equal(chosen("bench"), ["bench"])


def a_part_of_a_step_of_soak_is_chosen():
    mode, (one,) = steps.choose(["soak", "fuzz-line"])
    equal((mode, steps.label(one[0]), one[1]), ("soak", "fuzz", "line"))
    equal(steps.choose(["full", "fuzz"])[1], [("50-fuzz", "")])


def a_line_that_a_killed_meson_left_unfinished_is_left_out():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "testlog.json")
        with open(path, "w", encoding="utf-8") as log:
            log.write(json.dumps({"name": "a", "result": "OK", "stdout": ""}) + '\n{"name": "b", "res')
        equal(str(steps.count_log(path, True, [])), "1 passed, 0 failed, 0 skipped")


# A step that exceeds its time: some tests have been counted, and one of its meson tests hangs.
HANGS = """#!/bin/sh
echo "passed one" >>"$CHECK_COUNTS"
echo "live LOG" >>"$CHECK_COUNTS"
cat >LOG <<'END'
%s
END
tail -f /dev/null
""" % json.dumps({"name": "a", "result": "OK", "stdout": "1..2\nok 1\nok 2\n"})


def run_steps(scripts, limit, *words):
    """The output of ./check WORDS with these steps, from a copy of steps.py with another limit."""
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, ".ci", "steps"))
        with open(sys.argv[1], encoding="utf-8") as f:
            text = f.read()
        changed = text.replace('"quick": 480', '"quick": %s' % limit)
        assert changed != text
        copy = os.path.join(folder, ".ci", "steps.py")
        with open(copy, "w", encoding="utf-8") as f:
            f.write(changed)
        for name, script in scripts.items():
            path = os.path.join(folder, ".ci", "steps", name)
            with open(path, "w", encoding="utf-8") as f:
                f.write(script.replace("LOG", os.path.join(folder, "testlog.json")))
            os.chmod(path, stat.S_IRWXU)
        return subprocess.run([sys.executable, copy, *words], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False).stdout


def a_step_that_is_ended_keeps_its_counts_and_names_what_ran():
    out = run_steps({"10-hangs": HANGS}, 0.2)
    assert "3 passed, 1 failed, 0 skipped" in out, out
    assert "still running:\n        tail -f /dev/null" in out, out


# A step whose meson test failed long before its end.
FAILS = """#!/bin/sh
cat >LOG <<'END'
%s
END
echo LOG >>"$CHECK_COUNTS"
seq 1000
exit 1
""" % json.dumps({"name": "pty / a", "result": "FAIL", "stdout": "1..1\nnot ok 1 - why it failed\n"})


def what_a_failed_test_said_stands_at_the_end():
    out = run_steps({"10-fails": FAILS}, 60)
    last = out[out.rindex("    1000\n"):].split("\n")
    equal(last[1:4], ["failed: fails: pty / a", "    1..1", "    not ok 1 - why it failed"])
    assert "0 passed, 1 failed, 0 skipped" in last, out


def cpu_seconds_are_told():
    out = run_steps({"10-works": "#!/bin/sh\nexec /usr/bin/python3 -c 'for i in range(10**7): pass'\n"}, 60)
    cpu = float(out.split(" CPU s")[0].split()[-1])
    assert 0.05 < cpu < 60, out


def the_output_of_a_step_by_hand_is_shown():
    script = "#!/bin/sh\necho the result\n"
    assert "the result" in run_steps({"95-measures.hand": script}, 60, "measures")
    assert "the result" not in run_steps({"95-measures.hand": script, "10-quiet": script}, 60)


def two_steps_run_at_once():
    # each waits for the other
    meet = "#!/bin/sh\n: >LOG.ME\nwhile [ ! -e LOG.YOU ]; do timeout 0.1 tail -f /dev/null; done\nexit 0\n"
    out = run_steps({"10-a": meet.replace("ME", "a").replace("YOU", "b"),
                     "20-b": meet.replace("ME", "b").replace("YOU", "a")}, 30)
    if os.cpu_count() > 1:
        assert "2 passed, 0 failed" in out, out


def limits_follow_the_speed_of_the_machine():
    assert 1.0 <= steps.slowness() <= steps.SLOWEST
    quiet, steps.CALIBRATED = steps.CALIBRATED, 1e-4
    try:
        assert steps.slowness() > 5, "a slow machine is not detected"
    finally:
        steps.CALIBRATED = quiet


def a_machine_that_becomes_slow_later_gets_more_time():
    step = steps.Step.__new__(steps.Step)
    step.began, step.usual, step.limit = time.monotonic() - 100, 90, 90
    quick, steps.slowness = steps.slowness, lambda: 1.0
    try:
        assert step.is_late() and step.limit == 90
        steps.slowness = lambda: 2.0
        assert not step.is_late() and step.limit == 180
    finally:
        steps.slowness = quick


if __name__ == "__main__":
    tap(globals())
