#!/usr/bin/python3
"""test_tools.py FAUXTRACK [TOOL|CASE|PROFILE...]: all tools at once, each at a modem of its own.
Without names: the core set, everything with FAUXTRACK_TESTS=full. FAUXTRACK_CLIENTS=FILE gets
a line of JSON for each case, for the table; FAUXTRACK_KEEP=1 keeps the folders of failures."""

import glob
import importlib
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import clienttest  # noqa: E402

for path in sorted(glob.glob(os.path.join(HERE, 'tool_*.py'))):
    importlib.import_module(os.path.basename(path)[:-3])
clienttest.main()
