#!/usr/bin/python3
"""tables.py ROOT: the README.md of a folder of emulator/, pty/ and profiles/applications/ names each C or YAML file in it,
and no row of a table twice. A name stands in backquotes, with or without .c and .h; `nv_*` and `modem.[ch]` are patterns."""

import fnmatch
import os
import re
import sys

import lint

FOLDERS = ("emulator/", "pty/", "profiles/applications/")


def named(name, words):
    stem = name.rsplit(".", 1)[0]
    return any(fnmatch.fnmatch(n, word) for word in words for n in (name, stem))


def rows_twice(page, text):
    seen, errors = set(), []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.startswith("|"):
            seen = set()
            continue
        row = line.split("|")[1].strip()
        if row in seen and "`" in row:
            errors.append("%s:%d: %s has a row already; make one of them" % (page, number, row))
        seen.add(row)
    return errors


def check(root):
    errors, total = [], 0
    sources = lint.files(root, ".c", ".h", ".yaml")
    for page in lint.files(root, "README.md"):
        folder = os.path.dirname(page)
        if not (folder + "/").startswith(FOLDERS):
            continue
        text = lint.read(root, page)
        words = set(re.findall(r"`([^`\s]+)`", text))
        errors += rows_twice(page, text)
        for name in sources:
            if os.path.dirname(name) != folder:
                continue
            total += 1
            if not named(os.path.basename(name), words):
                errors.append("%s: %s does not name it; add it to its table" % (name, page))
    return errors, total


if __name__ == "__main__":
    found, count = check(sys.argv[1])
    if not count:
        found.append("%s: no files found" % sys.argv[1])
    lint.finish(found, "%d files are in the tables of their folders" % count)
