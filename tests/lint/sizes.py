#!/usr/bin/python3
"""sizes.py ROOT: no C file above 600 lines, no function above 90; functions above 60 are
reported."""

import re
import sys

import lint

FILE_MAX = 600
FUNCTION_LONG = 60
FUNCTION_MAX = 90


def functions(text):
    """Yields (name, first line, number of lines). clang-format puts the braces of a function,
    and of nothing else, alone at the start of a line."""
    lines = text.split("\n")
    begin = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            begin = number
        elif line == "}" and begin is not None:
            head = begin - 1
            while head > 1 and lines[head - 2].strip() and not re.search(r"[;}]$|\*/$|^#",
                                                                       lines[head - 2]):
                head -= 1
            name = re.search(r"(\w+)\(", " ".join(lines[head - 1:begin]))
            yield name.group(1) if name else "?", head, number - begin + 1
            begin = None


def check(root):
    errors, notes = [], []
    sources = lint.files(root, ".c", ".h")
    for name in sources:
        text = lint.read(root, name)
        count = text.count("\n")
        if count > FILE_MAX:
            errors.append("%s: %d lines, the limit is %d; split it by subject"
                          % (name, count, FILE_MAX))
        for function, line, size in functions(text):
            say = "%s:%d: %s() has %d lines" % (name, line, function, size)
            if size > FUNCTION_MAX:
                errors.append("%s, the limit is %d; split it into functions" % (say, FUNCTION_MAX))
            elif size > FUNCTION_LONG:
                notes.append("note: " + say)
    return errors, notes, len(sources)


if __name__ == "__main__":
    found, long_ones, total = check(sys.argv[1])
    if not total:
        found.append("%s: no C files found" % sys.argv[1])
    for note in long_ones:
        print(note)
    lint.finish(found, "%d files within %d lines" % (total, FILE_MAX))
