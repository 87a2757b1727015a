"""The host program under test: AT commands over a port. It stands in for your own."""
import os
import select
import termios
import tty


class Error(Exception):
    pass


class Port:
    def __init__(self, path, timeout=10):
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.fd, termios.TCSANOW)
        self.timeout = timeout
        self.pending = b''

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.fd)

    def _more(self):
        if not select.select([self.fd], [], [], self.timeout)[0]:
            raise Error(f'the modem does not answer; received so far: {self.pending!r}')
        self.pending += os.read(self.fd, 4096)

    def _until(self, *ends):
        while True:
            for end in ends:
                if end in self.pending:
                    got, _, self.pending = self.pending.partition(end)
                    return (got + end).decode()
            self._more()

    def line(self, start):
        """Returns the next line that begins with `start`; skips what comes before it."""
        self._until(start.encode())
        return start + self._until(b'\r\n').rstrip()

    def command(self, line, text=None):
        """Sends a command and returns the modem's answer up to its final result."""
        os.write(self.fd, line.encode() + b'\r')
        if text is not None:
            self._until(b'\r\n> ')
            os.write(self.fd, text.encode() + b'\x1a')
        answer = ''
        while True:
            answer += self._until(b'\r\n')
            last = answer.rstrip().rpartition('\n')[2]
            if last == 'OK':
                return answer
            if last == 'ERROR' or last.startswith(('+CME ERROR', '+CMS ERROR')):
                raise Error(last)
