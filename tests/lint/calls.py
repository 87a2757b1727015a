#!/usr/bin/python3
"""calls.py ROOT ARCHIVE [NM]: the objects of libmodem call (or name in a table) only what is in a layer
below theirs, and few files call each other in a circle. A lower layer reaches a higher one only
through a table or a callback that the higher one passes down."""

import os
import sys

import layers
import lint
import purity

# The layers that each layer may call, in addition to itself.
BELOW = {
    "base": (),
    "codec": ("base",),
    "gsm": ("base", "codec"),
    "state": ("base", "codec", "gsm"),
    "link": ("base", "codec", "gsm", "state"),
    "at": ("base", "codec", "gsm", "state", "link"),
    "chapters": ("base", "codec", "gsm", "state", "link", "at"),
    "faults": ("base", "codec", "gsm", "state", "link", "at"),
}
TOP = ("facade", "actions", "describe")
# Files of faults/ that show rules to the outside are on the level of actions/ and describe/.
OUTSIDE = {"emulator/faults/fault_rows.c", "emulator/faults/fault_check.c",
           "emulator/faults/fault_view.c"}
CIRCLE = 3  # the largest number of files that call each other in a circle: it may only fall


def layer(name):
    return "facade" if name in OUTSIDE else layers.layer(name)


def by_object(root):
    """meson's names of objects in libmodem.a and libcodec.a."""
    found = {}
    for name in lint.files(root, ".c"):
        if name.startswith("emulator/"):
            found[name[len("emulator/"):].replace("/", "_") + ".o"] = name
            if name.startswith("emulator/codec/"):
                found[os.path.basename(name) + ".o"] = name
    return found


def calls(root, archive, nm):
    """{file: {symbol: file that defines it}}"""
    source, rows = by_object(root), list(purity.symbols(archive, nm))
    has = {name: source.get(os.path.basename(member))
           for member, name, kind, _ in rows if kind.isupper() and kind != "U"}
    found = {}
    for member, name, kind, _ in rows:
        caller = source.get(os.path.basename(member))
        if not caller:
            continue
        uses = found.setdefault(caller, {})
        if kind in "Uw" and has.get(name) not in (None, caller):
            uses[name] = has[name]
    return found


def upwards(found):
    errors = []
    for caller, uses in sorted(found.items()):
        here = layer(caller)
        if here in TOP:
            continue
        if here not in BELOW:
            errors.append("%s: layer %s/ is not known; give it a row in tests/lint/calls.py" % (caller, here))
            continue
        for name, owner in sorted(uses.items()):
            if layer(owner) != here and layer(owner) not in BELOW[here]:
                errors.append("%s: uses %s() of %s, which is in a higher layer; pass it down as a "
                              "table or a callback" % (caller, name, owner))
    return errors


def circles(found):
    """Sets of files that reach each other, the largest first (Tarjan)."""
    number, low, stack, done = {}, {}, [], []

    def visit(name):
        number[name] = low[name] = len(number)
        stack.append(name)
        for other in set(found.get(name, {}).values()):
            if other not in number:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], number[other])
        if low[name] == number[name]:
            at = stack.index(name)
            done.append(sorted(stack[at:]))
            del stack[at:]

    for name in sorted(found):
        if name not in number:
            visit(name)
    return sorted((c for c in done if len(c) > 1), key=len, reverse=True)


def check(root, archive, nm, most=CIRCLE):
    found = calls(root, archive, nm)
    errors = upwards(found)
    largest = max([1] + [len(c) for c in circles(found)])
    for circle in circles(found):
        if len(circle) > most:
            errors.append("%d files call each other in a circle, the limit is %d: %s" % (
                len(circle), most, ", ".join(circle)))
    if largest < most:
        errors.append("the largest circle has only %d files now; set CIRCLE in tests/lint/calls.py to that"
                      % largest)
    return errors, len(found)


if __name__ == "__main__":
    sys.setrecursionlimit(10000)
    complaints, count = check(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "nm")
    if not count:
        complaints.append("%s: no objects of emulator/ found" % sys.argv[2])
    lint.finish(complaints, "%d files call only what is below them" % count)
