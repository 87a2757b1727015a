#!/usr/bin/python3
"""steps.py [full|soak] [STEP...]: runs .ci/steps/*, two at a time, goes on after a failure, and
counts single tests. The output of a step goes to build/check-logs/ and is shown if the step fails;
exit status 0 is success, 77 skipped, any other a failure. See .ci/README.md."""

import fcntl
import json
import os
import re
import select
import signal
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STEPS = os.path.join(TOP, ".ci", "steps")
BUILD = os.path.join(TOP, "build")
LOGS = os.path.join(BUILD, "check-logs")
SKIPPED = 77
LIMIT = {"quick": 480, "hand": 2 * 3600, "full": 4 * 3600, "soak": 6 * 3600}  # seconds per step, on an idle machine
GRACE = 10  # seconds that a stopped step has to save its results
LANES = {"quick": 2, "full": 2, "soak": 1}  # steps at once; soak measures, so its steps run alone
WORK = 2000000  # turns of a loop that took CALIBRATED seconds where the limits were measured
CALIBRATED = 0.065
SLOWEST = 20.0  # highest factor: a machine that seems slower than this hangs
SHOWN = 300  # lines of a failed step's output
SHOWN_LAST = 60  # lines of a failed test's output, which follow all steps
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
    """Counts one entry of meson's testlog.json: each TAP subtest, or the test itself if it has none."""
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


def count_log(path, live, broken):
    """Counts a meson test log; a sanitizer report that no test noticed is a failure. The log of a
    meson that was killed (`live`) may end inside a line. Adds (name, output) of each failed test to
    `broken`."""
    count = Count()
    with open(path, encoding="utf-8", errors="replace") as log:
        for line in log:
            if live and not line.endswith("\n"):
                break
            test = json.loads(line)
            one = count_test(test)
            output = test.get("stdout", "") + test.get("stderr", "")
            if not one.failed and SANITIZER.search(output):
                output += "it has passed, but a sanitizer has reported an error in it\n"
                one = Count(failed=1)
            if one.failed:
                broken.append((test["name"], output))
            count.add(one)
    return count


def slowness():
    """How many times longer than CALIBRATED a fixed piece of work takes now, since the machine is
    slow or busy. Never below 1."""
    began, x = time.monotonic(), 0
    for i in range(WORK):
        x += i & 7
    return min(max(1.0, (time.monotonic() - began) / CALIBRATED), SLOWEST)


def environment(mode, counts, part, slow):
    env = dict(os.environ)
    env.update({
        "PATH": "/usr/bin:/bin:/usr/sbin:/sbin:" + env.get("PATH", ""),
        "CI": "true", "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1",
        "CHECK_MODE": mode, "CHECK_BUILD": BUILD, "CHECK_COUNTS": counts,
        "CHECK_PART": part, "CHECK_SLOW": "%d" % (slow + 0.99),
        # git must work in a clone that belongs to another user, as under sudo.
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
    })
    for name in ("CC", "CFLAGS", "CPPFLAGS", "LDFLAGS", "DESTDIR", "MAKEFLAGS", "NINJA_STATUS",
                 "PYTHONPATH", "PYTHONHOME", "FAUXTRACK_PROFILES", "ASAN_OPTIONS"):
        env.pop(name, None)
    if mode == "quick":
        # Freed memory stays poisoned for 32 MiB of later frees instead of 256: half the CPU time.
        env["ASAN_OPTIONS"] = ("quarantine_size_mb=32:malloc_context_size=10:"
                               "allocator_release_to_os_interval_ms=-1")
    return env


def descendants(pid):
    """[(process id, command line, has it no children?)] of all processes below pid."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open("/proc/%s/stat" % entry, encoding="utf-8", errors="replace") as f:
                    parent = int(f.read().rsplit(")", 1)[1].split()[1])
                children.setdefault(parent, []).append(int(entry))
            except (OSError, IndexError):
                pass
    found, todo = [], [pid]
    while todo:
        own = children.get(todo.pop(), [])
        todo += own
        for child in own:
            try:
                with open("/proc/%d/cmdline" % child, "rb") as f:
                    words = f.read().replace(b"\0", b" ").decode(errors="replace").strip()
            except OSError:
                continue
            found.append((child, words, child not in children))
    return found


def wait_gone(pids, seconds):
    """Waits until all have ended, at most so many seconds."""
    end = time.monotonic() + seconds
    for pid in pids:
        try:
            fd = os.pidfd_open(pid)
        except OSError:
            continue
        select.select([fd], [], [], max(0, end - time.monotonic()))
        os.close(fd)


class Step:
    """A step that runs, or has run."""

    def __init__(self, name, part, mode):
        self.label = label(name)
        shown = self.label + ("-" + part if part else "")
        self.shown = shown
        self.log = os.path.join(LOGS, shown + ".log")
        self.counts = os.path.join(LOGS, shown + ".counts")
        for old in os.listdir(LOGS):
            if old.startswith(shown + ".counts"):
                os.unlink(os.path.join(LOGS, old))
        open(self.counts, "w", encoding="utf-8").close()
        self.began = time.monotonic()
        slow = slowness()
        ending = name.rpartition(".")[2]
        self.shows = ending == "hand"  # its output is the result
        self.usual = LIMIT[ending if ending in LIMIT else mode]
        self.limit = self.usual * slow
        self.total, self.why, self.cpu, self.seconds = Count(), None, 0.0, 0.0
        self.broken = []  # (name, output) of each failed test
        with open(self.log, "wb") as out:
            self.child = subprocess.Popen(
                [os.path.join(STEPS, name)], cwd=TOP, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, start_new_session=True,
                env=environment(mode, self.counts, part, slow))
        self.fd = os.pidfd_open(self.child.pid)

    def left(self):
        return self.began + self.limit - time.monotonic()

    def is_late(self):
        """Whether its limit is over, also as it would be now: the machine may have become busy."""
        if self.left() <= 0:
            self.limit = max(self.limit, self.usual * slowness())
        return self.left() <= 0

    def reap(self):
        """Returns its exit status; kills children that still run."""
        _, status, used = os.wait4(self.child.pid, 0)
        self.child.returncode = os.waitstatus_to_exitcode(status)
        self.cpu = used.ru_utime + used.ru_stime
        os.close(self.fd)
        self.kill(signal.SIGKILL)
        self.seconds = time.monotonic() - self.began
        return self.child.returncode

    def kill(self, number):
        try:
            os.killpg(self.child.pid, number)
        except ProcessLookupError:
            pass

    def stop(self, said):
        """Stops it early: SIGTERM first, so that it saves its results, then SIGKILL."""
        below = descendants(self.child.pid)
        with open(self.log, "ab") as out:
            out.write(("\n%s; still running:\n%s" % (said, "".join(
                "    %s\n" % words for _, words, leaf in below if leaf))).encode())
        self.kill(signal.SIGTERM)
        wait_gone([pid for pid, _, _ in below], GRACE)
        for pid, _, _ in below:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.kill(signal.SIGKILL)

    def count(self, status):
        """Adds up the results it has saved, and prints them."""
        logs = {}
        with open(self.counts, encoding="utf-8") as lists:
            for line in lists.read().split("\n"):
                if line.startswith("live "):
                    logs[line[5:]] = True
                elif line.startswith("done "):
                    logs.pop(line[5:], None)
                elif line.endswith(".json"):
                    logs[line] = False
                elif line:
                    self.total.add(Count(**{line.split(" ", 1)[0]: 1}))
        for path, live in logs.items():
            try:
                self.total.add(count_log(path, live, self.broken))
            except (OSError, ValueError) as error:
                if not live:
                    self.why = "%s: %s" % (path, error)
        total = self.total
        if status == SKIPPED and not total.failed:
            total.skipped += 1
        elif (status != 0 or self.why) and not total.failed:
            total.failed += 1
        elif not total.failed and not total.passed and not total.skipped:
            total.passed += 1
        word = "FAILED" if total.failed else "skipped" if not total.passed else "ok"
        print("%-8s %-10s %6.1f s %7.1f CPU s   %s" % (
            word, self.shown, self.seconds, self.cpu, total), flush=True)
        if total.failed or self.shows:
            tell(self.log, self.why)
        elif word == "skipped":
            with open(self.log, encoding="utf-8", errors="replace") as f:
                print("         %s" % (f.read().strip().split("\n")[-1]), flush=True)


def run_all(steps, mode, total, broken):
    """Runs (name, part) in order, as many at once as there are lanes. Returns the number of steps
    that ended, and their CPU seconds; `broken` gets (name, output) of each failed test."""
    lanes = min(LANES[mode], os.cpu_count() or 1)
    waiting, running, done, cpu = list(steps), [], 0, 0.0
    try:
        while waiting or running:
            while waiting and len(running) < lanes:
                running.append(Step(*waiting.pop(0), mode))
            ready, _, _ = select.select([s.fd for s in running], [], [],
                                        max(0, min(s.left() for s in running)))
            for step in list(running):
                if step.fd not in ready:
                    if not step.is_late():
                        continue
                    step.stop("took more than %d s and was stopped" % step.limit)
                status = step.reap()
                running.remove(step)
                step.count(status)
                total.add(step.total)
                broken += [("%s: %s" % (step.shown, name), out) for name, out in step.broken]
                cpu += step.cpu
                done += 1
    finally:
        for step in running:
            step.stop("interrupted")
            step.reap()
    return done, cpu


def tell(log, why):
    with open(log, encoding="utf-8", errors="replace") as f:
        lines = f.read().rstrip("\n").split("\n")
    if len(lines) > SHOWN:
        print("    ... %d more lines in %s" % (len(lines) - SHOWN, log))
    show(lines[-SHOWN:] + ([why] if why else []))


def show(lines):
    for line in lines:
        print("    " + line)
    sys.stdout.flush()


def label(step):
    """The name of a step without number and ending: 10-gcc is gcc, 70-dist.full is dist."""
    return re.sub(r"^\d+-|\.(?:full|soak|hand)$", "", step)


def belongs(step, mode):
    """Does the mode run the step? quick: those without an ending; full: those and .full; soak:
    only .soak. Those that end in .hand run only when they are named."""
    if mode == "soak":
        return step.endswith(".soak")
    return not step.endswith((".soak", ".hand")) and (mode == "full" or not step.endswith(".full"))


def choose(arguments):
    """Returns the mode, and [(step, part)]. A part follows the name of its step: fuzz-line."""
    every = sorted(s for s in os.listdir(STEPS) if re.match(r"\d+-[\w-]+(\.(full|soak|hand))?$", s))
    mode = "quick"
    if arguments[:1] in (["full"], ["soak"]):
        mode, arguments = arguments[0], arguments[1:]
    # a step of full needs no "full" before its name; one of soak needs "soak", it may take hours
    names = {label(s): s for s in every if s.endswith(".soak") == (mode == "soak")}
    if not arguments:
        return mode, [(s, "") for s in every if belongs(s, mode)]
    chosen = []
    for word in arguments:
        step = max((n for n in names if word == n or mode == "soak" and word.startswith(n + "-")),
                   key=len, default=None)
        if step is None:
            sys.exit("check: there is no step '%s'; use full, soak, or one or more of %s" % (
                word, ", ".join(names)))
        chosen.append((names[step], word[len(step) + 1:]))
    return mode, chosen


def main():
    mode, steps = choose(sys.argv[1:])
    try:
        os.makedirs(LOGS, exist_ok=True)
        lock = open(os.path.join(LOGS, "lock"), "w", encoding="utf-8")
    except OSError as error:
        print("check: %s\ncheck: if an earlier check ran as root: sudo rm -rf '%s'" % (error, BUILD))
        print(Count(failed=1))
        sys.exit(1)
    fcntl.flock(lock, fcntl.LOCK_EX)
    # SIGTERM stops the running steps too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.monotonic()
    total, done, cpu, broken = Count(), 0, 0.0, []
    try:
        done, cpu = run_all(steps, mode, total, broken)
    except KeyboardInterrupt:
        total.add(Count(failed=1))
        print("interrupted")
    for name, output in broken:
        print("failed: %s" % name)
        show(output.rstrip("\n").split("\n")[-SHOWN_LAST:])
    print("%d of %d steps in %.0f s, %.0f CPU s" % (
        done, len(steps), time.monotonic() - began, cpu))
    print(total, flush=True)
    sys.exit(1 if total.failed else 0)


if __name__ == "__main__":
    main()
