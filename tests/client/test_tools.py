#!/usr/bin/python3
"""test_tools.py FAUXTRACK [TOOL|CASE|PROFILE|SPEED...]: all tools at once, each on a separate modem.
Without names: the core set, or everything with FAUXTRACK_TESTS=full. FAUXTRACK_CLIENTS=write writes
the table of clients. FAUXTRACK_KEEP=1 keeps the folders of failed cases, FAUXTRACK_SPEED replaces
the usual speed of the cases, FAUXTRACK_AT_ONCE=N limits how many cases run at once."""

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
