#!/usr/bin/python3
"""purity.py ARCHIVE [NM]: libmodem calls nothing that does I/O, reads a clock or allocates,
and has no variable that outlives a call. Reads the objects of a build of any type, not the
sources, so that nothing is missed."""

import re
import subprocess
import sys

import lint

# Text functions use the C locale: hygiene.py refuses any call that could set another.
ALLOWED = set("""
memcpy memmove memset memcmp bcmp memchr memrchr memmem
strlen strnlen strcmp strncmp strcpy strncpy strcat strncat strchr strrchr strstr strspn
strcspn strpbrk stpcpy strchrnul rawmemchr
strcasecmp strncasecmp __ctype_b_loc __ctype_tolower_loc __ctype_toupper_loc tolower toupper
snprintf vsnprintf abs labs bsearch
__assert_fail __stack_chk_fail
_GLOBAL_OFFSET_TABLE_
""".split())
ALLOWED_LIKE = re.compile(
    r"nettle_(?:sha256|md5)_\w+$"  # hashes of images and of the phonebook
    r"|__(?:v?snprintf|mem\w+|st[rp]\w+)_chk$"  # the same functions with FORTIFY
)
CHANGING = re.compile(r"\.t?(?:data|bss)\b(?!\.rel\.ro)")


def symbols(archive, nm):
    """Yields (object, symbol, class, section) from nm's table."""
    out = subprocess.run([nm, "--format=sysv", archive], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    member = "?"
    for line in out.split("\n"):
        head = re.match(r"(?:Undefined s|S)ymbols from (?:.*\[)?([^\]]+?)\]?:$", line)
        if head:
            member = head.group(1)
        fields = [f.strip() for f in line.split("|")]
        if len(fields) == 7 and fields[0] != "Name":
            yield member, fields[0], fields[2], fields[6]


def check(archive, nm):
    rows = list(symbols(archive, nm))
    defined = {name for _, name, kind, _ in rows if kind not in "Uw"}
    errors = []
    for member, name, kind, section in rows:
        if kind in "Uwv" and section in ("*UND*", "") and name not in defined:
            if name not in ALLOWED and not ALLOWED_LIKE.match(name):
                errors.append("%s: uses %s, which is not on the list in tests/lint/purity.py; "
                              "get time, memory and I/O from the caller" % (member, name))
        elif CHANGING.match(section) or section == "*COM*":
            errors.append("%s: %s is a variable in %s that outlives the call; keep it in "
                          "struct modem, or make it const" % (member, name, section))
    return sorted(set(errors)), len({row[0] for row in rows})


if __name__ == "__main__":
    found, count = check(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "nm")
    if not count:
        found.append("%s: no objects found" % sys.argv[1])
    lint.finish(found, "%d objects are pure" % count)
