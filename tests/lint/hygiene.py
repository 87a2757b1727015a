#!/usr/bin/python3
"""hygiene.py ROOT: no promises of later work, no sleeping tests, no paths of one machine, no
names of clients, a README in each folder, run bits, clean line ends, and every source, test and folder of
scenarios listed in its meson.build, the same libraries wherever it is built."""

import os
import re
import sys

import lint

# Written so that this file does not complain about itself.
PROMISE = re.compile(r"\b(?:TO" "DO|FIX" "ME|X" "XX|HA" "CK|st" "ub|not " r"implemented)\b")
SLEEP = re.compile(r"\b(?:u?sleep|nanosleep|time\.sleep)\b *\(|^\s*sleep +[0-9.]", re.M)
PLACE = re.compile(r"\.\./sha" r"red\b|(?<![\w.])/(?:wo" r"rk|fa" r"rm)/")
MERGE = re.compile(r"^(?:<{7}|>{7}) .*", re.M)
LOCALE = re.compile(r"\b(?:set|new|use|dup)locale *\(")
# The modem must not treat one tool differently from others; help may name a tool.
CLIENT = re.compile(r"(?i)gammu|smsd\b|smstools|minicom|picocom|kermit|lrzsz|comgt|wvdial|pyserial"
                    r"|modemmanager|ofono|kannel|gnokii|\bpppd\b")
# Logs are of clients: what reads them names them.
LOGS = "emulator/host/field/"
CODE = (".c", ".py", ".sh")
# What modems and standards call missing is no promise of ours.
REFERENCE = "profiles/reference/"
# Here spaces at the end of a line can be data.
BLANKS_COUNT = ("tests/scenario/", "tests/fuzz/corpus/", "tests/field/", "tests/state/", "profiles/", ".dict")
SPECIAL = {"LICENSE"}


def places(pattern, text):
    for match in pattern.finditer(text):
        begin = match.start() + len(match.group()) - len(match.group().lstrip())
        yield text.count("\n", 0, begin) + 1, match.group().strip()


def words(name, text):
    errors = []
    for line, word in places(PROMISE, "" if name.startswith(REFERENCE) else text):
        errors.append("%s:%d: '%s': do it now, or remove the word" % (name, line, word))
    for line, word in places(PLACE, text):
        errors.append("%s:%d: '%s' is a path of one machine; remove it" % (name, line, word))
    for line, word in places(MERGE, text):
        errors.append("%s:%d: '%s': a conflict marker of a merge; resolve the conflict" % (name, line, word))
    for line, word in places(LOCALE, "" if name.startswith(("emulator/library/", "tests/library/")) else text):
        errors.append("%s:%d: '%s': libmodem's text functions rely on the C locale; remove the call" % (
            name, line, word))
    if (name.startswith(("emulator/", "pty/")) and name.endswith((".c", ".h")) and
            not name.startswith(LOGS)):
        for line, word in places(CLIENT, re.sub(r"(fauxtrack exec --|Connect:) \w+", "", text)):
            errors.append("%s:%d: '%s': the name of a client; the modem must not depend on the client" % (
                name, line, word))
    if name.startswith("tests/"):
        for line, word in places(SLEEP, text):
            errors.append("%s:%d: '%s': a test never sleeps; poll with a deadline, or use "
                          "virtual time" % (name, line, word))
    return errors


def line_ends(name, text):
    errors = []
    if name.startswith(BLANKS_COUNT) or name.endswith(BLANKS_COUNT):
        return errors
    for number, line in enumerate(text.split("\n"), 1):
        if line.endswith((" ", "\t", "\r")):
            errors.append("%s:%d: spaces, tabs or CR at the end of the line; remove them" % (name, number))
    if text and not text.endswith("\n"):
        errors.append("%s: the last line has no line feed; add it" % name)
    return errors


def run_bit(root, name, text):
    executable = os.access(os.path.join(root, name), os.X_OK)
    if text.startswith("#!") and not executable:
        return ["%s: a script without run bit; chmod +x it" % name]
    if executable and not text.startswith("#!"):
        return ["%s: has the run bit but is not a script; chmod -x it" % name]
    return []


def readmes(names):
    """Each folder with code has a README.md; hidden folders share that of the topmost one."""
    have = {os.path.dirname(n) for n in names if os.path.basename(n) == "README.md"}
    errors = []
    packages = {os.path.dirname(n) for n in names if n.endswith("/__init__.py")}  # of Python: described by the folder above
    for folder in sorted({os.path.dirname(n) for n in names if n.endswith(CODE)} - packages):
        page = folder.split("/")[0] if folder.startswith(".") else folder
        if page not in have:
            errors.append("%s/README.md: missing; write one page that describes the folder" % page)
    return errors


def listed(root, names):
    """A source that no meson.build lists is never built."""
    errors = []
    for name in names:
        if not name.endswith(".c") or name.startswith("tests/"):
            continue
        folder = os.path.dirname(name)
        lists = [os.path.join(root, d, "meson.build") for d in (folder, os.path.dirname(folder))]
        text = "".join(open(p, encoding="utf-8").read() for p in lists if os.path.isfile(p))
        if "'%s'" % os.path.basename(name) not in text:
            errors.append("%s: listed in no meson.build, so it is never built; add it" % name)
    return errors


PLAYED = {"tests/scenario": "tests/scenario", "profiles/bugs": "tests/scenario"}  # folder of scenarios: the folder whose meson.build lists its subfolders


def all_run(root, names):
    """Tests that no meson.build lists are never run: tests/*/test_* (a list may omit test_ and the
    extension), and the folders of scenarios and field bugs."""
    def quoted(folder):
        name = folder + "/meson.build"
        text = lint.read(root, name) if os.path.isfile(os.path.join(root, name)) else ""
        return set(re.findall(r"'([^']*)'", re.sub(r"#.*", "", text)))

    errors = []
    for name in names:
        folder, base = os.path.split(name)
        match = re.fullmatch(r"tests/[\w-]+/test_([\w-]+)\.(?:c|py|sh)", name)
        if match and not {base, match.group(1)} & quoted(folder):
            errors.append("%s: listed in no meson.build, so it is never run; add it" % name)
    for top, where in PLAYED.items():
        below = {n[len(top) + 1:].split("/")[0] for n in names
                 if n.startswith(top + "/") and n.endswith(".yaml") and n.count("/") > top.count("/") + 1}
        for folder in sorted(below - quoted(where)):
            errors.append("%s/%s: not in the list of %s/meson.build, so it is never played; add it" % (
                top, folder, where))
    return errors


# Each tells for itself what a build needs.
BUILDERS = ("packaging/debian/control", "examples/github/modem.yml")


def libraries(root, names):
    """The libraries of .ci/packages.sh are those that all who build it install."""
    if ".ci/packages.sh" not in names:
        return []
    build = re.search(r"build_packages='([^']*)'", lint.read(root, ".ci/packages.sh")).group(1)
    return ["%s: %s is missing, which .ci/packages.sh builds with; add it" % (name, package)
            for name in BUILDERS if name in names
            for package in build.split() if package.endswith("-dev") and package != "libc6-dev"
            and not re.search(re.escape(package) + r"(?![\w-])", lint.read(root, name))]


def check(root):
    names = [n for n in lint.files(root) if n not in SPECIAL]
    errors = readmes(names) + listed(root, names) + all_run(root, names) + libraries(root, names)
    for name in names:
        text = lint.read(root, name)
        corpus = "/corpus/" in name
        errors += [] if corpus else words(name, text) + line_ends(name, text)
        errors += run_bit(root, name, text)
    return errors, len(names)


if __name__ == "__main__":
    found, count = check(sys.argv[1])
    if not count:
        found.append("%s: no files found" % sys.argv[1])
    lint.finish(found, "%d files are clean" % count)
