#!/usr/bin/python3
"""test_lints.py [CC...]: each lint must report bad input and accept good input. CC compiles the
objects that purity.py reads. Prints TAP."""

import os
import subprocess
import sys
import tempfile

import calls
import codes
import hygiene
import layers
import purity
import sees
import sizes
import tables

CC = sys.argv[1:] or ["cc"]


def tree(root, contents):
    for name, text in contents.items():
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)


def run(lint, contents, prepare=None):
    """The complaints of a lint about a tree made of these files."""
    with tempfile.TemporaryDirectory() as root:
        tree(root, contents)
        if prepare:
            prepare(root)
        return lint.check(root)[0]


def expect(errors, *fragments):
    assert len(errors) == len(fragments), errors
    for error, fragment in zip(sorted(errors), fragments):
        assert fragment in error, "%r lacks %r" % (error, fragment)


def layer_errors(name, include, *others):
    contents = {other: "" for other in others}
    contents[name] = "#pragma once\n#include %s\n" % include
    return run(layers, contents)


# --- layers ---

def a_lower_layer_may_be_included():
    expect(layer_errors("emulator/at/line.c", '"base/buf.h"', "emulator/base/buf.h"))
    expect(layer_errors("emulator/at/line.c", "<string.h>"))


def a_higher_layer_may_not():
    for name, header in (("base/buf.c", "codec/crc.h"), ("codec/crc.c", "state/flash.h"),
                         ("gsm/sim.c", "at/at.h"), ("link/link.c", "at/at.h"),
                         ("state/nv.c", "link/link.h"), ("at/run.c", "host/loop.h"),
                         ("conf/doc.c", "at/at.h")):
        errors = layer_errors("emulator/" + name, '"%s"' % header, "emulator/" + header)
        expect(errors, "emulator/%s:2: includes %s" % (name, header))


def gsm_may_know_the_profile_and_no_other_state():
    expect(layer_errors("emulator/gsm/net.c", '"state/profile.h"', "emulator/state/profile.h"))
    expect(layer_errors("emulator/gsm/net.c", '"state/nv.h"', "emulator/state/nv.h"),
           "emulator/gsm/net.c:2: includes state/nv.h")


def only_the_wire_joins_port_and_modem():
    expect(layer_errors("pty/wire.c", '"modem.h"', "emulator/modem.h"))
    expect(layer_errors("pty/pty.c", '"modem.h"', "emulator/modem.h"),
           "pty/pty.c:2: includes modem.h")


def a_header_beside_the_file_is_its_own_layer():
    expect(layer_errors("emulator/at/line.c", '"parse.h"', "emulator/at/parse.h"))
    expect(layer_errors("emulator/at/line.c", '"nowhere.h"'), "there is no such header")


def the_system_is_for_host_and_pty():
    expect(layer_errors("emulator/host/nvdir.c", "<unistd.h>"))
    expect(layer_errors("pty/pty.c", "<termios.h>"))
    for folder in ("base", "at", "conf"):
        expect(layer_errors("emulator/%s/a.c" % folder, "<unistd.h>"), "a.c:2: includes unistd.h")
    expect(layer_errors("emulator/at/a.c", "<time.h>"), "time as an argument")


def libraries_stay_where_they_belong():
    expect(layer_errors("emulator/state/flash.c", "<nettle/sha2.h>"))
    expect(layer_errors("emulator/host/loop.c", "<event2/event.h>"))
    expect(layer_errors("emulator/at/run.c", "<event2/event.h>"), "may use this library")
    expect(layer_errors("emulator/host/nvdir.c", "<event2/event.h>"), "may use this library")
    expect(layer_errors("emulator/conf/doc.c", "<yaml.h>"), "may use this library")
    expect(layer_errors("emulator/host/control/http.c", "<event2/bufferevent.h>"))
    for name in ("host/loop.c", "host/control/api.c", "host/control/control.c"):
        expect(layer_errors("emulator/" + name, "<event2/bufferevent.h>"), "emulator/host/control/http.c")


def a_new_folder_needs_a_row():
    expect(layer_errors("emulator/other/a.c", '"base/buf.h"', "emulator/base/buf.h"),
           "layer other/ is not known")


# --- sizes ---

def function(name, lines):
    return "int %s(int a,\n\tint b)\n{\n%s}\n" % (name, "\ta += b;\n" * (lines - 2))


def a_file_of_600_lines_is_the_longest():
    expect(run(sizes, {"a.c": "\n" * 600}))
    expect(run(sizes, {"a.c": "\n" * 601}), "a.c: 601 lines")


def a_function_of_90_lines_is_the_longest():
    expect(run(sizes, {"a.c": "struct s {\n};\n\n" + function("ok", 90)}))
    expect(run(sizes, {"a.c": "int x;\n\n" + function("ok", 50) + function("big", 91)}),
           "a.c:55: big() has 91 lines")


def functions_above_60_lines_are_told():
    with tempfile.TemporaryDirectory() as root:
        tree(root, {"a.c": function("longish", 61)})
        errors, notes, _ = sizes.check(root)
    assert not errors and "longish() has 61 lines" in notes[0], (errors, notes)


# --- tables ---

def each_file_is_named_in_its_folder():
    page = "| `a`, `b_*` | x |\n| `c.[ch]` | y |\n"
    files = {"emulator/x/" + name: "" for name in ("a.c", "a.h", "b_1.c", "c.h")}
    expect(run(tables, dict(files, **{"emulator/x/README.md": page, "tests/README.md": "", "tests/z.c": ""})))
    expect(run(tables, dict(files, **{"emulator/x/README.md": page, "emulator/x/ab.c": ""})),
           "emulator/x/ab.c: emulator/x/README.md does not name it")


def no_row_stands_twice():
    expect(run(tables, {"pty/README.md": "| `a` | x |\n| `a` | y |\n", "pty/a.c": ""}), "pty/README.md:2: `a` has a row already")
    expect(run(tables, {"pty/README.md": "| `a` | x |\n\n| `a` | y |\n", "pty/a.c": ""}))


# --- hygiene ---

PAGE = {"README.md": "# A\n", "tests/README.md": "# B\n", "meson.build": "'a.c'\n"}


def a_clean_tree_has_no_complaint():
    expect(run(hygiene, dict(PAGE, **{"a.c": "int a;\n", "tests/t.py": "a = 1\n"})))


def promises_of_later_work_are_refused():
    for word in ("TO" "DO", "FIX" "ME", "X" "XX", "HA" "CK", "st" "ub", "not " "implemented"):
        expect(run(hygiene, dict(PAGE, **{"a.c": "int a;\n/* %s */\n" % word})), "a.c:2: '%s'" % word)


def tests_that_sleep_are_refused():
    for call in ("usle" "ep(5);", "time.sle" "ep(1)", "\tsle" "ep 1", "nanosle" "ep (&a, 0);"):
        expect(run(hygiene, dict(PAGE, **{"tests/t.py": "1\n%s\n" % call})), "tests/t.py:2: ")
    expect(run(hygiene, dict(PAGE, **{"a.c": "usle" "ep(5);\n"})))
    builds = {".ci/packages.sh": "build_packages='gcc liba-dev libb-dev'\n", ".ci/README.md": "# ci\n",
              "examples/github/modem.yml": "apt-get install liba-dev\n"}
    expect(run(hygiene, dict(PAGE, **builds)), "modem.yml: libb-dev is missing")


def paths_of_one_machine_are_refused():
    for path in ("../sha" "red/x", "/wo" "rk/main"):
        expect(run(hygiene, dict(PAGE, **{"notes.md": "see %s\n" % path})), "notes.md:1: ")


def names_of_clients_are_refused():
    page = dict(PAGE, **{"pty/README.md": "# minicom works\n", "pty/meson.build": "'a.c'\n"})
    expect(run(hygiene, dict(page, **{"pty/a.c": "/* Kermit\n * does */\n"})), "pty/a.c:1: 'Kermit'")
    expect(run(hygiene, dict(page, **{"pty/a.c": '"fauxtrack exec -- picocom {}"\n'})))


def another_locale_is_refused():
    expect(run(hygiene, dict(PAGE, **{"a.c": "int a;\nset" 'locale(LC_ALL, "");\n'})), "a.c:2: ")


def a_folder_of_code_needs_a_page():
    expect(run(hygiene, dict(PAGE, **{"tests/deep/t.py": "a = 1\n"})), "tests/deep/README.md")


def blanks_at_line_ends_are_refused():
    expect(run(hygiene, dict(PAGE, **{"a.c": "int a; \n"})), "a.c:1: spaces")
    expect(run(hygiene, dict(PAGE, **{"a.c": "int a;"})), "the last line has no line feed")
    expect(run(hygiene, dict(PAGE, **{"tests/scenario/a.yaml": "< MULTIBAND \n"})))


def marks_of_a_merge_are_refused():
    expect(run(hygiene, dict(PAGE, **{"a.c": "int a;\n" + "<" * 7 + " HEAD\n"})), "a.c:2: ")


def scripts_have_the_run_bit_and_nothing_else_has():
    tool = dict(PAGE, **{"tool": "#!/bin/sh\n"})
    expect(run(hygiene, tool), "tool: a script without run bit")
    expect(run(hygiene, tool, lambda root: os.chmod(os.path.join(root, "tool"), 0o755)))
    expect(run(hygiene, PAGE, lambda root: os.chmod(os.path.join(root, "README.md"), 0o755)),
           "README.md: has the run bit but")


def a_source_that_nobody_builds_is_refused():
    expect(run(hygiene, dict(PAGE, **{"b.c": "int b;\n"})), "b.c: listed in no meson.build")


def a_test_that_nobody_runs_is_refused():
    page = dict(PAGE, **{"tests/unit/README.md": "# U\n",
                         "tests/unit/meson.build": "# one's own\n'at'\n'test_x.py'\n"})
    for name in ("test_at.c", "test_x.py"):
        tree_of = dict(page, **{"tests/unit/" + name: "1\n"})
        expect(run(hygiene, tree_of))
    expect(run(hygiene, dict(page, **{"tests/unit/test_b.c": "int b;\n"})), "test_b.c: listed in no meson.build")
    expect(run(hygiene, dict(page, **{"tests/unit/test_c.py": "1\n"})), "test_c.py: listed in no meson.build")


def a_folder_of_scenarios_that_nobody_plays_is_refused():
    page = dict(PAGE, **{"tests/scenario/meson.build": "scenarios = ['sms']\nbugs = ['net']\n"})
    expect(run(hygiene, dict(page, **{"tests/scenario/sms/a.yaml": "a\n", "profiles/bugs/net/a.yaml": "a\n"})))
    expect(run(hygiene, dict(page, **{"tests/scenario/new/a.yaml": "a\n"})), "tests/scenario/new: not in the list")
    expect(run(hygiene, dict(page, **{"profiles/bugs/new/deep/a.yaml": "a\n"})), "profiles/bugs/new: not in the list")


# --- codes ---

def code_errors(listed, talk):
    return run(codes, {"tests/lint/codes.txt": listed, "tests/scenario/a/b.yaml": talk})


def a_code_is_expected_or_has_a_reason():
    expect(code_errors("# why\nCME 3\nCME 9 no way\n", "< +CME ERROR: 3\n"))
    expect(code_errors("CME 3\nCME 9\n", "< +CME ERROR: 3\n"), "expects +CME ERROR: 9")


def a_code_that_nobody_listed_is_refused():
    expect(code_errors("CME 3\n", "< +CME ERROR: 3\n< +CME ERROR: 33\n"), "a/b.yaml: expects")
    expect(code_errors("CME 3 a\nCME 3 b\nX\n", ""), "codes.txt:2: CME 3", "codes.txt:3: write")


# --- sees ---

REFERENCE = {
    "profiles/reference/sms.md": "# SMS\n\n## Sending\n\n### +CMGS, +CMMS: send\n\n"
                                 "### Text prompt: how\nSee call.md, D; [M GDW-11 p. 1]\n",
    "profiles/reference/call.md": "# Calls\n### D: dial\n### D>: by name\n### \\N: odd\n",
    "profiles/reference/field-bugs.md": "# Bugs\n### sms-lost: gone\n",
    "profiles/reference/sources.md": "# Sources\n## Guides\n### GDW-11, W11: a guide\n"
                                     "### t: threads\nSee t/1.\n## Open questions\n### Open in x: y\n",
}


def see_errors(contents):
    files = dict(REFERENCE, **{"tests/a.yaml": "see: \"t/1\"\n"})
    files.update(contents)
    return run(sees, files)


def sees_that_lead_somewhere_pass():
    expect(see_errors({
        "emulator/a.c": '.see = "sms.md +CMGS, Text prompt: remark, x; "\n"GDW-11 p. 65, 310",\n'
                        '.see = "call.md \\\\N",\n/* (sms.md Text\n * prompt), (call.md D>) */\n',
        "b.yaml": 'x: { see: "t/12; tests/README.md (why)", y: 1 }\n# call.md D: dialled\n',
        "tests/README.md": "sms.md, +CMMS. In sms.md you read, and sms.md. Good\n"}))


def sees_that_lead_nowhere_are_found():
    for see, fragment in (("sms.md +CMGX", 'no heading "+CMGX"'), ("sms.md +CMGS, +X", '"+X"'),
                          ("nosuch.md D", "there is no profiles/reference/nosuch.md"),
                          ("sms.md", "is a whole file"), ("GDW-12 p. 1", "no source"),
                          ("GDW-11 p. 1, GD-01", None), ("call.md D; and inferred", "no source"),
                          ("docs/x.md", "no file docs/x.md")):
        wanted = [fragment] if fragment else []
        expect(see_errors({"a.yaml": 'see: "%s"\n' % see}), *wanted)
        expect(see_errors({"emulator/a.c": '\n.see = "%s",\n' % see}), *wanted)


def the_see_that_a_macro_takes_is_read_too():
    macro = "#define ROW(n, where) \\\n\t.name = n, .see = where\n"
    expect(see_errors({"emulator/a.c": macro + '{ ROW("+X", "sms.md +CMGS") },\n'}))
    expect(see_errors({"emulator/a.c": macro + '{ ROW("+X", "GDW-12") },\n'}),
           "emulator/a.c:3: \"GDW-12\" is no heading")


def comments_that_point_nowhere_are_found():
    expect(see_errors({"emulator/a.h": "/* one\n * (sms.md\n * +CMGX) */\n"}),
           'emulator/a.h:2: sms.md has no heading that "+CMGX" begins')
    expect(see_errors({"emulator/a.h": "/* sms.md +CMGS, +CMGX: why */\n"}), '"+CMGX"')
    expect(see_errors({"a.yaml": "# field-bugs.md sms-found\n"}), '"sms-found"')
    expect(see_errors({"profiles/reference/call.md": "### D: dial, see sms.md, Texts\n"
                                                      "# call.md: nothing\n"}), '"Texts"')


def names_of_headings_are_unique_and_can_be_pointed_to():
    expect(see_errors({"profiles/reference/call.md": "## D\n### D: dial\n"}), "name of line 1 too")
    expect(see_errors({"profiles/reference/call.md": "### D: a\n### A (b): c\n"}), "no semicolon")
    expect(see_errors({"profiles/reference/call.md": "### D: a\n```\n### D: a\n```\n"}))


def sources_that_nobody_quotes_are_found():
    expect(see_errors({"profiles/reference/sources.md": REFERENCE["profiles/reference/sources.md"] +
                       "## More\n### GD-01: b\n"}), 'nothing quotes "GD-01"')


def bugs_that_the_reference_does_not_tell_are_found():
    expect(see_errors({"profiles/bugs/sms/sms-lost.yaml": ""}))
    expect(see_errors({"profiles/bugs/sms/sms-found.yaml": ""}), "no heading sms-found")


# --- purity ---

def purity_errors(source):
    with tempfile.TemporaryDirectory() as root:
        tree(root, {"a.c": source})
        path = os.path.join(root, "a")
        subprocess.run(CC + ["-O2", "-w", "-fPIC", "-fno-common", "-c", "-o", path + ".o",
                             path + ".c"], check=True)
        subprocess.run(["ar", "rc", path + ".a", path + ".o"], check=True)
        return purity.check(path + ".a", "nm")[0]


def constants_and_string_functions_are_pure():
    expect(purity_errors(
        '#include <string.h>\nconst char *const names[] = { "a" };\n'
        "unsigned long f(const char *a, const char *b) { return strcmp(a, b) + strlen(a); }\n"))


def allocation_is_not():
    expect(purity_errors("#include <stdlib.h>\nvoid *f(void) { return malloc(8); }\n"),
           "a.o: uses malloc")


def clocks_and_files_are_not():
    expect(purity_errors("#include <time.h>\nlong f(void) { return time(0); }\n"), "uses time")
    expect(purity_errors("int printf(const char *, ...);\nvoid f(int a) { printf(\"%d\", a); }\n"),
           "uses printf")


def variables_that_outlive_the_call_are_not():
    expect(purity_errors("int f(void) { static int n; return ++n; }\n"), "in .bss")
    expect(purity_errors("int n = 1;\n"), "n is a variable in .data")
    expect(purity_errors("__thread int n;\n"), "n is a variable in .tbss")


# --- calls ---

def call_errors(sources, most=calls.CIRCLE):
    """The complaints about a library of these files of emulator/, with object names as meson makes them."""
    with tempfile.TemporaryDirectory() as root:
        tree(root, {"emulator/" + name: text for name, text in sources.items()})
        objects = []
        for name in sources:
            objects.append(os.path.join(root, name.replace("/", "_") + ".o"))
            subprocess.run(CC + ["-w", "-c", "-o", objects[-1], os.path.join(root, "emulator", name)],
                           check=True)
        archive = os.path.join(root, "libmodem.a")
        subprocess.run(["ar", "rc", archive] + objects, check=True)
        return calls.check(root, archive, "nm", most)[0]


def calls_point_down():
    down = {"at/run.c": "int link(void); int run(void) { return link(); }", "link/a.c": "int link(void) { return 1; }"}
    expect(call_errors(down, 1))
    up = {"at/run.c": "int sms(void); int run(void) { return sms(); }", "chapters/sms/a.c": "int sms(void) { return 1; }"}
    expect(call_errors(up, 1), "at/run.c: uses sms() of emulator/chapters/sms/a.c")
    table = {"state/a.c": "int act(void); int (*const t)(void) = act;", "faults/b.c": "int act(void) { return 1; }"}
    expect(call_errors(table, 1), "state/a.c: uses act()")
    beside = {"chapters/a/a.c": "int f(void); int g(void) { return f(); }", "faults/b.c": "int f(void) { return 1; }"}
    expect(call_errors(beside, 1), "chapters/a/a.c: uses f()")


def a_layer_that_is_not_known_is_named():
    expect(call_errors({"attic/a.c": "int f(void) { return 1; }"}, 1), "layer attic/ is not known")


def circles_may_only_shrink():
    ring = {"at/%d.c" % i: "int f%d(void); int f%d(void) { return f%d(); }" % ((i + 1) % 3, i, (i + 1) % 3)
            for i in range(3)}
    expect(call_errors(ring, 3))
    expect(call_errors(ring, 2), "3 files call each other in a circle, the limit is 2")
    expect(call_errors(ring, 4), "the largest circle has only 3 files now")


def tap(names):
    """Runs the functions without arguments that a module defines, and exits."""
    tests = [f for f in names.values() if callable(f) and
             getattr(f, "__module__", "") == "__main__" and not f.__code__.co_argcount and
             not f.__code__.co_flags & 4]
    print("1..%d" % len(tests))
    bad = 0
    for number, test in enumerate(tests, 1):
        try:
            test()
            print("ok %d - %s" % (number, test.__name__))
        except (AssertionError, subprocess.CalledProcessError) as error:
            bad += 1
            print("not ok %d - %s\n# %s" % (number, test.__name__, error))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    tap(globals())
