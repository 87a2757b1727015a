#!/usr/bin/python3
"""test_tshark.py FAUXTRACK: Wireshark's tshark opens a trace in pcapng, and sees in it what the text
says: bytes both ways, lines, ports, comments."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lib'))
from tap import main  # noqa: E402

PROGRAM = sys.argv[1]
DEADLINE = 120

if not shutil.which('tshark'):
    print('1..0 # SKIP tshark is not installed')
    sys.exit(0)

TALK = '''exec 3<>"$FAUXTRACK_TTY"; printf 'AT+WMFM=0,1,3\\r' >&3; read -r x <&3; read -r x <&3
exec 4<>"$FAUXTRACK_TTY_USB"; printf 'AT+CSQ\\r' >&4; for i in 1 2 3; do read -r x <&4; done'''


def frames(path):
    done = subprocess.run(['tshark', '-r', path, '-T', 'ek', '-x'], capture_output=True, text=True, timeout=DEADLINE,
                          check=True)
    return [json.loads(row) for row in done.stdout.splitlines() if '"layers"' in row]


def what_tshark_sees_is_what_the_text_says():
    with tempfile.TemporaryDirectory() as d:
        path = os.path.join(d, 'x.pcapng')
        subprocess.run([PROGRAM, 'exec', '--control', 'none', '--port', 'usb', '--wait', 'registered', '--trace', path, '--',
                        'sh', '-c', TALK], timeout=DEADLINE, check=True, stderr=subprocess.PIPE)
        text = subprocess.run([PROGRAM, 'trace', 'convert', path], capture_output=True, text=True, timeout=DEADLINE,
                              check=True).stdout
        seen = frames(path)
        rows = [r.split(None, 2) for r in text.splitlines() if not r.startswith('#')]
        for kind, event in ((('>', 'usb>'), '0x01'), (('<', 'usb<'), '0x02')):
            wanted = sum(r[1] in kind for r in rows)
            got = sum(f['layers']['rtacser']['rtacser_rtacser_eventtype'] == event for f in seen)
            assert wanted == got > 0, (event, wanted, got, text)
        assert {f['layers']['frame'].get('frame_frame_interface_name') for f in seen} == {'uart1', 'usb'}, seen[0]
        # an item of another kind is one packet, and a change of lines is seen in it
        assert len(seen) == len(rows), (len(seen), text)
        assert any(f['layers']['rtacser']['rtacser_rtacser_dtr'] == '1' for f in seen), seen[-1]


main([what_tshark_sees_is_what_the_text_says])
