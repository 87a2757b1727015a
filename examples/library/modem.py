#!/usr/bin/python3
"""A modem inside of a Python program, by ctypes: no port, no process, no real time.

    modem = Modem(profile='fastrack-supreme-20-r74', set=['sim.pin=1234'])
    modem.ask('AT+CPIN?')              # '\\r\\n+CPIN: SIM PIN\\r\\n'
    modem.act('sms', **{'from': '+1555', 'text': 'hi'})
    modem.advance(15 * 60)             # seconds of the modem's time, at once

$LIBFAUXTRACK names the library; without it the system's libfauxtrack.so.1 is loaded.
"""
import ctypes
import json
import os

_bytes = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint64, ctypes.c_void_p, ctypes.c_size_t)
_room = ctypes.CFUNCTYPE(ctypes.c_size_t, ctypes.c_void_p, ctypes.c_uint)
_lines = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint64, ctypes.c_uint)
_event = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p)
_log = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p)


class _Options(ctypes.Structure):
    _fields_ = [('size', ctypes.c_size_t), ('profile', ctypes.c_char_p), ('profiles', ctypes.c_char_p),
                ('set', ctypes.POINTER(ctypes.c_char_p)), ('bug', ctypes.c_char_p), ('seed', ctypes.c_uint64),
                ('ports', ctypes.c_uint), ('cold', ctypes.c_int), ('instant', ctypes.c_int),
                ('clock', ctypes.c_int64)]


class _Callbacks(ctypes.Structure):
    # load and store may be missing: the struct begins with its size
    _fields_ = [('size', ctypes.c_size_t), ('ctx', ctypes.c_void_p), ('bytes', _bytes), ('room', _room),
                ('lines', _lines), ('event', _event), ('log', _log)]


def _load():
    lib = ctypes.CDLL(os.environ.get('LIBFAUXTRACK', 'libfauxtrack.so.1'))
    modem, port, now, text = ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint64, ctypes.c_void_p
    for name, result, *arguments in (
            ('new', modem, ctypes.POINTER(_Options), ctypes.POINTER(_Callbacks), ctypes.POINTER(text)),
            ('free', None, modem), ('text_free', None, text), ('error', ctypes.c_char_p, modem),
            ('version', ctypes.c_char_p),
            ('rx', ctypes.c_long, modem, port, now, ctypes.c_char_p, ctypes.c_size_t),
            ('lines', ctypes.c_int, modem, port, now, ctypes.c_uint),
            ('advance', ctypes.c_int, modem, now), ('now', now, modem), ('next', now, modem),
            ('act', ctypes.c_int, modem, now, ctypes.c_char_p, ctypes.c_char_p),
            ('state', text, modem), ('outbox', text, modem), ('value', text, modem, ctypes.c_char_p)):
        function = getattr(lib, 'fauxtrack_' + name)
        function.restype, function.argtypes = result, arguments
    return lib


class Error(Exception):
    """What the library says was wrong, and the remedy."""


class Modem:
    """A modem with one port, UART1. `events` collects what has happened, `heard` what the modem has sent."""

    def __init__(self, profile=None, set=(), bug=None, seed=0, instant=True):
        self.lib, self.heard, self.events = _load(), b'', []
        self.callbacks = _Callbacks(  # kept: the library calls them
            size=ctypes.sizeof(_Callbacks), bytes=_bytes(self._said),
            event=_event(lambda _, text: self.events.append(json.loads(text))))
        sets = (ctypes.c_char_p * (len(set) + 1))(*[s.encode() for s in set], None)
        options = _Options(size=ctypes.sizeof(_Options), profile=profile and profile.encode(), set=sets,
                           bug=bug and bug.encode(), seed=seed, instant=instant)
        error = ctypes.c_void_p()
        self.modem = self.lib.fauxtrack_new(options, self.callbacks, error)
        if not self.modem:
            raise Error(self._text(error))

    def _said(self, _ctx, _port, _at, start, length):
        self.heard += ctypes.string_at(start, length)

    def _text(self, pointer):
        """A text of the library, which is freed."""
        text = ctypes.string_at(pointer).decode()
        self.lib.fauxtrack_text_free(pointer)
        return text

    def _fail(self):
        raise Error(self.lib.fauxtrack_error(self.modem).decode())

    def _done(self, result):
        return result if result not in (-1, None) else self._fail()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.lib.fauxtrack_free(self.modem)
        self.modem = None

    @property
    def now(self):
        """The modem's time in seconds."""
        return self.lib.fauxtrack_now(self.modem) / 1e6

    def send(self, data):
        """Bytes of the host. Returns how many the modem has taken."""
        return self._done(self.lib.fauxtrack_rx(self.modem, 0, self.lib.fauxtrack_now(self.modem), data, len(data)))

    def ask(self, line):
        """Sends a command; returns what the modem has sent up to now, without the echo."""
        self.heard = b''
        self.send(line.encode() + b'\r')
        return self.heard.decode().replace(line + '\r', '', 1)

    def advance(self, seconds):
        now = self.lib.fauxtrack_now(self.modem) + int(seconds * 1000000)
        self._done(self.lib.fauxtrack_advance(self.modem, now))

    def act(self, action, **arguments):
        """`fauxtrack list actions` lists them: act('ring', **{'from': '+1555'})."""
        self._done(self.lib.fauxtrack_act(self.modem, self.lib.fauxtrack_now(self.modem), action.encode(),
                                          json.dumps(arguments).encode()))

    def state(self, path=None):
        """All of the state, or the text of one value: state('registration.state')."""
        if path:
            return self._text(self._done(self.lib.fauxtrack_value(self.modem, path.encode())))
        return json.loads(self._text(self._done(self.lib.fauxtrack_state(self.modem))))

    def outbox(self):
        return json.loads(self._text(self._done(self.lib.fauxtrack_outbox(self.modem))))


def main():
    with Modem() as modem:
        assert '+CREG: 0,1' in modem.ask('AT+CREG?'), modem.heard
        modem.ask('AT+CMGF=1')
        assert '> ' in modem.ask('AT+CMGS="+33612345678"')
        modem.send(b'hello\x1a')
        assert [m['text'] for m in modem.outbox()] == ['hello'], modem.outbox()
        modem.act('sim', to='removed')
        modem.advance(15 * 60)
        print(f'after {modem.now:.0f} s of its time the SIM is {modem.state("sim.state")}')
    try:
        Modem(profile='fastrack')
    except Error as error:
        print(f'and an error says: {error}')


if __name__ == '__main__':
    main()
