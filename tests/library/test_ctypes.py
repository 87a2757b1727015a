#!/usr/bin/python3
"""test_ctypes.py LIBRARY [TEST...]: examples/library/modem.py, which uses libfauxtrack by ctypes."""
import os
import subprocess
import sys

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
sys.path[:0] = [os.path.join(TOP, 'tests', 'lib'), os.path.join(TOP, 'examples', 'library')]
os.environ['LIBFAUXTRACK'] = os.path.abspath(sys.argv[1])
os.environ.setdefault('FAUXTRACK_PROFILES', os.path.join(TOP, 'profiles'))
import modem  # noqa: E402
import tap  # noqa: E402


def test_the_example_runs():
    said = subprocess.run([os.path.join(TOP, 'examples', 'library', 'modem.py')], check=True, capture_output=True,
                          text=True).stdout
    assert 'the SIM is absent' in said, said
    assert 'profile: there is no profile "fastrack"' in said, said


def test_events_and_state():
    with modem.Modem(profile='fastrack-supreme-20-r663', set=['sim.pin_enabled=true', 'sim.pin=4321']) as m:
        assert 'SIM PIN' in m.ask('AT+CPIN?')
        assert 'OK' in m.ask('AT+CPIN="4321"')
        assert m.state('sim.state') == 'ready' == m.state()['sim']['state']
        assert [e['text'] for e in m.events if e['event'] == 'command'] == ['+CPIN?', '+CPIN="4321"'], m.events
        m.act('ring', **{'from': '+1555'})
        m.advance(10)
        assert b'RING' in m.heard


def test_errors_are_exceptions():
    with modem.Modem() as m:
        for bad, says in ((lambda: m.act('rinng'), 'did you mean'), (lambda: m.state('sim.stat'), 'not a state'),
                          (lambda: modem.Modem(set=['sim.pin']), 'PATH=VALUE')):
            try:
                bad()
            except modem.Error as e:
                assert says in str(e), e
            else:
                raise AssertionError(says)


def test_many_modems_are_freed():
    def memory():
        with open('/proc/self/statm', encoding='ascii') as f:
            return int(f.read().split()[1])

    for _ in range(5):
        modem.Modem(instant=False).close()
    before = memory()
    for _ in range(30):
        modem.Modem(instant=False).close()
    assert memory() - before < 2048, (before, memory())  # pages: 8 MiB of 30 modems


if __name__ == '__main__':
    tap.main([test for name, test in list(globals().items()) if name.startswith('test_')])
