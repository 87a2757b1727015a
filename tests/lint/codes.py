#!/usr/bin/python3
"""codes.py ROOT: every +CME and +CMS code of the references is produced by some scenario, or
codes.txt gives the reason why none does."""

import os
import re
import sys

from lint import files, finish, read

LIST = "tests/lint/codes.txt"
FOLDERS = ("tests/scenario/", "profiles/bugs/")
CODE = re.compile(r"\+(CM[ES]) ERROR: (\d+)")


def decisions(root, errors):
    """{("CME", 3): reason or ""} of the list."""
    found = {}
    for number, line in enumerate(read(root, LIST).splitlines(), 1):
        words = line.split(None, 2)
        if not words or line.startswith("#"):
            continue
        if len(words) < 2 or words[0] not in ("CME", "CMS") or not words[1].isdigit():
            errors.append("%s:%d: write CME or CMS, the number, and the reason if no scenario produces it"
                          % (LIST, number))
            continue
        key = words[0], int(words[1])
        if key in found:
            errors.append("%s:%d: %s %d is listed already; remove one of the lines" % ((LIST, number) + key))
        found[key] = words[2] if len(words) > 2 else ""
    return found


def produced(root):
    """{("CME", 3): the first file that expects it}."""
    found = {}
    for name in files(root, ".yaml"):
        if name.replace(os.sep, "/").startswith(FOLDERS):
            for kind, number in CODE.findall(read(root, name)):
                found.setdefault((kind, int(number)), name)
    return found


def check(root):
    errors, notes = [], []
    listed, seen = decisions(root, errors), produced(root)
    for key, reason in sorted(listed.items()):
        if not reason and key not in seen:
            errors.append("%s: no scenario expects +%s ERROR: %d; write one, or add the "
                          "reason to its line" % ((LIST,) + key))
        if reason and key in seen:
            notes.append("%s: %s %d needs no reason: %s expects it" % ((LIST,) + key + (seen[key],)))
    for key, name in sorted(seen.items()):
        if key not in listed and key[0] in {kind for kind, _ in listed}:
            errors.append("%s: expects +%s ERROR: %d, which is missing in %s; add it"
                          % ((name,) + key + (LIST,)))
    return errors, notes, len([k for k in listed if k in seen])


if __name__ == "__main__":
    complaints, remarks, count = check(sys.argv[1] if len(sys.argv) > 1 else ".")
    for remark in remarks:
        print(remark)
    finish(complaints, "%d codes are expected by scenarios" % count)
