#!/usr/bin/python3
"""embed.py OUT FILE...: writes the files of the panel as C, for struct panel_file of panel.h."""

import os
import sys

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
PLAIN = set(range(0x20, 0x7f)) - set(b'"\\?')


def literal(data):
    """Lines of a C string; octal escapes have three digits, so that none runs into the next character."""
    for line in data.splitlines(keepends=True):
        yield '\t"%s"' % "".join(chr(b) if b in PLAIN else "\\%03o" % b for b in line)


def main(out, files):
    texts, rows = [], []
    for number, name in enumerate(sorted(files)):
        base = os.path.basename(name)
        kind = os.path.splitext(base)[1]
        if kind not in TYPES:
            sys.exit("embed.py: %s: no type for %s; add it to TYPES" % (name, kind))
        with open(name, "rb") as f:
            data = f.read()
        path = "/" if base == "index.html" else "/" + base
        texts.append("static const char file_%d[] =\n%s;\n" % (number, "\n".join(literal(data)) or '\t""'))
        rows.append('\t{ "%s", "%s", file_%d, %d },\n' % (path, TYPES[kind], number, len(data)))
    with open(out, "w", encoding="ascii") as f:
        f.write("/* Made by embed.py. */\n#include \"host/control/panel.h\"\n\n%s\n"
                "const struct panel_file panel_files[] = {\n%s\t{ NULL, NULL, NULL, 0 },\n};\n"
                % ("\n".join(texts), "".join(rows)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
