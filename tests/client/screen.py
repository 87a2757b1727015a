# Runs a tool that needs a terminal, and types in it.
import fcntl
import os
import re
import select
import termios
import time

from clienttest import DEADLINE, as_user, subprocess, until


class Screen:
    """A tool on its own terminal of 80 by 24 characters."""

    def __init__(self, m, argv, term='dumb'):
        self.m, self.seen, self.all, self.name = m, '', '', argv[0]
        self.fd, far = os.openpty()
        fcntl.ioctl(far, termios.TIOCSWINSZ, b'\x18\0\x50\0\0\0\0\0')
        os.set_blocking(self.fd, False)
        env = {**m.environment(), 'TERM': term}
        self.process = subprocess.Popen(
            [str(a) for a in argv], cwd=m.folder, env=env, stdin=far, stdout=far, stderr=far,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            **as_user(m.user))
        os.close(far)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.fd)

    def read(self):
        if not select.select([self.fd], [], [], 0.05)[0]:
            return True
        try:
            got = os.read(self.fd, 65536).decode('utf-8', 'replace')
        except OSError:
            return False
        self.seen += got
        self.all += got
        return bool(got)

    def ready(self, pattern):
        """Waits until the tool shows this and reads single keys: its terminal is raw, without echo."""
        self.see(pattern)
        until(f'{self.name} to take keys', lambda: self.read() and not (
            termios.tcgetattr(self.fd)[3] & (termios.ICANON | termios.ECHO)))

    def type(self, text):
        os.write(self.fd, text.encode())

    def see(self, pattern, seconds=DEADLINE):
        """Waits until the tool shows this after what was seen before; returns the match."""
        end = time.monotonic() + seconds
        while True:
            found = re.search(pattern, self.seen, re.S)
            if found:
                self.seen = self.seen[found.end():]
                return found
            there = self.read()
            assert there or re.search(pattern, self.seen, re.S), \
                f'{self.name} has ended; {pattern!r} is not in {self.seen!r}'
            assert time.monotonic() < end, f'{self.name} does not show {pattern!r}, but {self.seen!r}'

    def ends(self, status=0, seconds=DEADLINE):
        """Waits until the tool ends, and checks its exit status."""
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < end, f'{self.name} does not end; it shows {self.seen!r}'
            if not self.read():
                select.select([], [], [], 0.02)
        while self.read() and select.select([self.fd], [], [], 0)[0]:
            pass
        got = self.process.returncode
        assert got == status, f'{self.name} ends with status {got}: {self.seen!r}'
        return self.all
