#!/usr/bin/python3
"""steps.py [full] [STEP...]: runs .ci/steps/* in the order of their names, goes on after a
failure, and counts single tests. A step prints what it likes (kept in build/check-logs/ and
shown when it fails), exits with 0, 77 for skipped, or else; .ci/README.md has the rest."""

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STEPS = os.path.join(TOP, ".ci", "steps")
BUILD = os.path.join(TOP, "build")
LOGS = os.path.join(BUILD, "check-logs")
SKIPPED = 77
LIMIT = {"quick": 480, "full": 4 * 3600}  # seconds a step
SHOWN = 300  # lines of a failed step's output
SANITIZER = re.compile(r"ERROR: (?:Address|Leak)Sanitizer|^.*: runtime error: ", re.M)


class Count:
    def __init__(self, passed=0, failed=0, skipped=0):
        self.passed, self.failed, self.skipped = passed, failed, skipped

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self):
        return "%d passed, %d failed, %d skipped" % (self.passed, self.failed, self.skipped)


def count_test(test):
    """One entry of meson's testlog.json: each TAP subtest counts, else the test itself."""
    bad = test["result"] in ("FAIL", "ERROR", "TIMEOUT", "INTERRUPT", "UNEXPECTEDPASS")
    count = Count()
    out = test.get("stdout", "")
    if re.search(r"^1\.\.\d+", out, re.M):
        for line in re.findall(r"^(?:not )?ok\b.*", out, re.M):
            if re.search(r"#\s*skip", line, re.I):
                count.skipped += 1
            elif line.startswith("not"):
                count.failed += 1
            else:
                count.passed += 1
    if bad and not count.failed:
        count.failed += 1
    elif not bad and not count.passed and not count.skipped:
        count.add(Count(skipped=1) if test["result"] == "SKIP" else Count(passed=1))
    return count


def count_log(path):
    """What a meson test log says; reports of sanitizers that no test noticed are failures."""
    count = Count()
    with open(path, encoding="utf-8", errors="replace") as log:
        for line in log:
            test = json.loads(line)
            one = count_test(test)
            if not one.failed and SANITIZER.search(test.get("stdout", "") +
                                                   test.get("stderr", "")):
                print("%s: passed, but a sanitizer has reported in it:\n%s%s" % (
                    test["name"], test.get("stdout", ""), test.get("stderr", "")))
                one = Count(failed=1)
            count.add(one)
    return count


def environment(mode, counts):
    env = dict(os.environ)
    env.update({
        "PATH": "/usr/bin:/bin:/usr/sbin:/sbin:" + env.get("PATH", ""),
        "CI": "true", "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1",
        "CHECK_MODE": mode, "CHECK_BUILD": BUILD, "CHECK_COUNTS": counts,
        # A clone that belongs to somebody else, as under sudo, is still to be listed.
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
    })
    for name in ("CC", "CFLAGS", "CPPFLAGS", "LDFLAGS", "DESTDIR", "MAKEFLAGS", "NINJA_STATUS",
                 "PYTHONPATH", "PYTHONHOME", "FAUXTRACK_PROFILES"):
        env.pop(name, None)
    return env


def start(step, mode, log, counts):
    """The exit status of a step, whose children do not outlive it."""
    limit = LIMIT["full" if step.endswith(".full") else mode]
    with open(log, "wb") as out:
        child = subprocess.Popen([os.path.join(STEPS, step)], cwd=TOP, stdin=subprocess.DEVNULL,
                                 stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
                                 env=environment(mode, counts))
        try:
            return child.wait(timeout=limit)
        except subprocess.TimeoutExpired:
            out.write(b"\ntook more than %d s and was ended\n" % limit)
            return -signal.SIGKILL
        finally:
            try:
                os.killpg(child.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            child.wait()


def run_step(step, mode):
    name = label(step)
    log = os.path.join(LOGS, name + ".log")
    counts = os.path.join(LOGS, name + ".counts")
    for old in os.listdir(LOGS):
        if old.startswith(name + ".counts"):
            os.unlink(os.path.join(LOGS, old))
    open(counts, "w").close()
    began = time.monotonic()
    status = start(step, mode, log, counts)
    seconds = time.monotonic() - began
    total, why = Count(), None
    with open(counts, encoding="utf-8") as lists:
        for path in lists.read().split("\n"):
            if path.endswith(".json"):
                try:
                    total.add(count_log(path))
                except (OSError, ValueError) as error:
                    why = "%s: %s" % (path, error)
            elif path:
                total.add(Count(**{path.split(" ", 1)[0]: 1}))
    if status == SKIPPED and not total.failed:
        total.skipped += 1
    elif (status != 0 or why) and not total.failed:
        total.failed += 1
    elif not total.failed and not total.passed and not total.skipped:
        total.passed += 1
    word = "FAILED" if total.failed else "skipped" if not total.passed else "ok"
    print("%-8s %-10s %6.1f s   %s" % (word, name, seconds, total), flush=True)
    if total.failed:
        tell(log, why)
    elif word == "skipped":
        with open(log, encoding="utf-8", errors="replace") as f:
            print("         %s" % (f.read().strip().split("\n")[-1]), flush=True)
    return total


def tell(log, why):
    with open(log, encoding="utf-8", errors="replace") as f:
        lines = f.read().rstrip("\n").split("\n")
    if len(lines) > SHOWN:
        print("    ... %d lines more in %s" % (len(lines) - SHOWN, log))
    for line in lines[-SHOWN:] + ([why] if why else []):
        print("    " + line)
    sys.stdout.flush()


def label(step):
    """10-gcc is the step gcc; 70-dist.full is dist, for ./check full."""
    return re.sub(r"^\d+-|\.full$", "", step)


def choose(arguments):
    every = sorted(s for s in os.listdir(STEPS) if re.match(r"\d+-[\w-]+(\.full)?$", s))
    names = {label(s): s for s in every}
    mode = "quick"
    if arguments[:1] == ["full"]:
        mode, arguments = "full", arguments[1:]
    for word in arguments:
        if word not in names:
            sys.exit("check: there is no step '%s': full, or some of %s" % (
                word, ", ".join(names)))
    if arguments:
        return mode, [names[w] for w in arguments]
    return mode, [s for s in every if mode == "full" or not s.endswith(".full")]


def main():
    mode, steps = choose(sys.argv[1:])
    try:
        os.makedirs(LOGS, exist_ok=True)
        lock = open(os.path.join(LOGS, "lock"), "w")
    except OSError as error:
        print("check: %s\ncheck: if an earlier one ran as root: sudo rm -rf '%s'" % (error, BUILD))
        print(Count(failed=1))
        sys.exit(1)
    fcntl.flock(lock, fcntl.LOCK_EX)
    # SIGTERM ends the running step too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.monotonic()
    total, done = Count(), 0
    try:
        for step in steps:
            total.add(run_step(step, mode))
            done += 1
    except KeyboardInterrupt:
        total.add(Count(failed=1))
        print("interrupted")
    print("%d of %d steps in %.0f s" % (done, len(steps), time.monotonic() - began))
    print(total, flush=True)
    sys.exit(1 if total.failed else 0)


if __name__ == "__main__":
    main()
