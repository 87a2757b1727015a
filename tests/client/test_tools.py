#!/usr/bin/python3
"""test_tools.py FAUXTRACK [TOOL|CASE|PROFILE...]: all tools at once, each at a modem of its own.
Without names: the core set, everything with FAUXTRACK_TESTS=full, and FAUXTRACK_CLIENTS=write
writes the table of clients then. FAUXTRACK_KEEP=1 keeps the folders of failures, FAUXTRACK_SPEED
is for modems instead of what the cases say, FAUXTRACK_AT_ONCE=N says how many there may be."""

import glob
import importlib
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import clienttest  # noqa: E402

for path in sorted(glob.glob(os.path.join(HERE, 'tool_*.py'))):
    importlib.import_module(os.path.basename(path)[:-3])
clienttest.main(int(os.environ.get('FAUXTRACK_AT_ONCE', 12)), tabled=True)
