# Runs test functions and reports them as TAP. The name of a function is the name of the
# test; its return value is a remark.
import contextlib
import ctypes
import os
import selectors
import sys
import tempfile
import traceback

CLONE_NEWNS = 0x20000
MS_REC, MS_PRIVATE = 0x4000, 0x40000


class Skip(Exception):
    pass


def own_terminals():
    """Gives this process and its children their own /dev/pts, in which no other process opens
    terminals; False where that is not allowed (it needs root)."""
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() != 0 or libc.unshare(CLONE_NEWNS) != 0:
        return False
    options = b'newinstance,ptmxmode=0666,mode=0620,gid=5'
    if (libc.mount(b'none', b'/', None, MS_REC | MS_PRIVATE, None) != 0
            or libc.mount(b'devpts', b'/dev/pts', b'devpts', 0, options) != 0):
        return False
    return os.path.islink('/dev/ptmx') or libc.mount(b'/dev/pts/ptmx', b'/dev/ptmx', None, 0x1000, None) == 0


def outcome(test, around):
    """Runs it: (passed, text after its name, lines before it)."""
    try:
        with around():
            note = test()
        return True, f'\n# {note}' if note else '', ''
    except Skip as e:
        return True, f' # SKIP {e}', ''
    except BaseException:  # a failure is reported and the next test runs
        return False, '', '# ' + traceback.format_exc().replace('\n', '\n# ') + '\n'


def tell(i, test, result):
    good, after, before = result
    print(f'{before}{"ok" if good else "not ok"} {i} - {test.__name__.replace("_", " ")}{after}', flush=True)
    return good


class Child:
    """A test in its own process, with its own terminals."""

    def __init__(self, test, around):
        self.said = tempfile.TemporaryFile()  # not a pipe: a process left running by a test would keep it open
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            os.dup2(self.said.fileno(), 1)
            good, after, before = outcome(test, around) if own_terminals() else (False, '', '# cannot make a separate /dev/pts\n')
            sys.stdout.flush()
            os.write(1, f'\0{before}\0{after}'.encode())
            os._exit(0 if good else 1)
        self.fd = os.pidfd_open(self.pid)

    def result(self):
        """To be called when its process has ended."""
        os.close(self.fd)
        _, status = os.waitpid(self.pid, 0)
        with self.said as f:
            f.seek(0)
            printed, _, rest = f.read().decode(errors='replace').partition('\0')
        before, _, after = rest.partition('\0')
        if not rest:
            before = f'# the process of the test ended early, with status {status}\n'
        return status == 0, after, printed + before


def side_by_side(tests, at_once, around):
    """Runs them in order, at_once of them at a time; reports each after all before it."""
    waiting, results, told, bad = list(enumerate(tests)), {}, 0, 0
    with selectors.DefaultSelector() as running:
        while told < len(tests):
            while waiting and len(running.get_map()) < at_once:
                i, test = waiting.pop(0)
                child = Child(test, around)
                running.register(child.fd, selectors.EVENT_READ, (i, child))
            for key, _ in running.select():
                i, child = key.data
                running.unregister(key.fd)
                results[i] = child.result()
            while told in results:
                bad += not tell(told + 1, tests[told], results.pop(told))
                told += 1
    return bad


def main(tests, at_once=1, around=contextlib.nullcontext):
    """Runs the tests, or those named by the arguments after the first; exits with 1 if one fails.
    at_once: how many run at the same time, if each can have its own terminals; around: a context
    manager for each."""
    wanted = sys.argv[2:]
    unknown = set(wanted) - {t.__name__ for t in tests}
    if unknown:
        sys.exit(f'no such test: {", ".join(sorted(unknown))}')
    tests = [t for t in tests if not wanted or t.__name__ in wanted]
    print(f'1..{len(tests)}', flush=True)
    pid = os.fork()
    if pid == 0:
        os._exit(0 if own_terminals() else 1)
    if os.waitpid(pid, 0)[1] == 0:
        bad = side_by_side(tests, at_once, around)
    else:
        bad = sum(not tell(i, test, outcome(test, around)) for i, test in enumerate(tests, 1))
    sys.exit(bad > 0)
