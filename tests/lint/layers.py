#!/usr/bin/python3
"""layers.py ROOT: includes follow base <- codec <- gsm <- state <- link, at <- chapters, faults <-
modem, actions, describe <- host, pty <- main, and only host/, pty/ and main.c know the operating
system."""

import os
import re
import sys

import lint

# What each layer may include: layers, or single headers that contain only plain data. The layer
# "facade" is modem.[ch] and birth.c. calls.py checks calls in the same way.
OUTSIDE = {"emulator/state/notice.h", "emulator/state/sweep.h", "emulator/modem.h", "emulator/actions/action.h",
           "emulator/describe/describe.h", "emulator/faults/sweep.h", "emulator/faults/fault_check.h",
           "emulator/faults/fault_view.h"}  # the modem as host/ and pty/ see it
FAULT = "emulator/state/fault.h"  # rules are plain data
PROFILE = "emulator/state/profile.h"
APPLICATION = "emulator/state/application.h"  # plain data of a profile
UNIT = "emulator/state/unit_numbers.h"
SOCKETS = "emulator/state/sockets.h"  # what WIPsoft asks the world for
NEIGHBOURS = "emulator/gsm/neighbours.h"  # messages and calls between modems
CALLS = "emulator/state/calls_conf.h"  # the part of a profile that calls need
IMAGE = "emulator/state/image.h"  # contents of an image; the tool that makes images needs it too
ENGINE = {"base", "codec", "gsm", "state", "link", "at"}
MODEM = ENGINE | {"chapters", "faults", "facade", "actions", "describe"}
MAY = {
    "base": {"base"},
    "codec": {"base", "codec"},
    "gsm": {"base", "codec", "gsm", PROFILE, CALLS},
    "state": {"base", "codec", "gsm", "state"},
    "link": {"base", "codec", "gsm", "state", "link"},
    "at": ENGINE,
    "chapters": ENGINE | {"chapters"},
    "faults": MODEM - {"chapters", "facade"},  # fault_rows, fault_check, fault_view: beside actions/
    "facade": MODEM,
    "actions": MODEM,
    "describe": MODEM,
    "conf": {"base", "codec", "conf", PROFILE, APPLICATION, "emulator/actions/action.h", FAULT, "emulator/faults/fault_rows.h",
             "emulator/faults/fault_check.h", "emulator/state/notice.h", "emulator/describe/describe.h"},
    "host": {"base", "codec", "conf", "host", "pty", PROFILE, APPLICATION, UNIT, IMAGE, FAULT, SOCKETS, NEIGHBOURS} | OUTSIDE,
    "library": {"base", "codec", "conf", "host", "library", PROFILE} | OUTSIDE,  # a host without loop and files
    "pty": {"base", "pty", "emulator/host/loop.h", "emulator/conf/must.h", "emulator/state/ports.h"},
    "main": {"base", "codec", "conf", "host", "pty", PROFILE} | OUTSIDE,
}
# Additional permissions for single files: the connection of port and modem.
ALSO = {
    # Rows of actions and of rules: they use the types of conf, but call none of its code.
    "emulator/actions/rows.h": {"emulator/conf/schema.h"},
    "emulator/faults/fault_rows.h": {"emulator/conf/schema.h"},
    "pty/wire.c": OUTSIDE | {"emulator/host/trace/trace.h"},
    "pty/wire.h": OUTSIDE,
    "pty/wire_renew.c": OUTSIDE,
    # The connection of the modem's packets and the network.
    "emulator/host/net/net.h": {"emulator/state/ports.h"},
    "pty/wire_net.c": OUTSIDE | {"emulator/host/net/net.h", "emulator/host/net/pcap.h",
                                 "emulator/host/trace/trace.h"},
    "pty/wire_net.h": {"emulator/host/net/net.h"},
    # ... and of its sockets.
    "pty/wire_sockets.c": OUTSIDE | {"emulator/host/trace/trace.h", "emulator/host/net/sockets.h", "emulator/codec/ip.h"},
    "pty/wire_sockets.h": {"emulator/host/net/sockets.h"},
    # Command tables are listed and checked through their facade.
    "emulator/host/control/api_lists.c": {"emulator/describe/commands.h"},
    "emulator/host/read/command_tables.c": {"emulator/describe/commands.h"},
    "emulator/host/read/rules_check.c": {"emulator/describe/commands.h"},
    "emulator/host/field/compare.c": {"emulator/describe/commands.h"},
    "emulator/host/field/compare_ask.c": {"emulator/describe/commands.h"},
    "emulator/host/field/compare_rungs.c": {"emulator/describe/commands.h"},
    "emulator/host/field/questions.c": {"emulator/describe/commands.h"},
    # The trace tells of ports by their names.
    "emulator/host/trace/trace_int.h": {"emulator/state/ports.h"},
    "emulator/host/field/device.h": {"emulator/state/ports.h"},  # lines and settings of a port
}
PURE = MODEM
OS = {"host", "library", "pty", "main"}

C_STANDARD = {name + ".h" for name in (
    "assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal "
    "stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath "
    "threads time uchar wchar wctype").split()} | {"strings.h"}  # strcasecmp() only handles text
# Standard headers that deal with the machine and its global state.
IMPURE = {"errno.h", "fenv.h", "locale.h", "setjmp.h", "signal.h", "threads.h", "time.h"}
HTTP = {"emulator/host/control/http.c", "emulator/host/control/http_int.h",
        "emulator/host/control/http_read.c"}
# Libraries, each with the layers or files that may use it.
LIBRARIES = [
    (r"nettle/", PURE | {"host"}),
    (r"yaml\.h$", {"host"}),
    (r"jansson\.h$", {"host", "library"}),
    (r"slirp/", {"emulator/host/net/slirp_module.c"}),
    (r"curl/", {"emulator/host/net/curl_int.h"}),
    (r"mosquitto\.h$", {"emulator/host/exchange/mqtt_link.h"}),
    (r"event2/(?:buffer|bufferevent)", HTTP),
    (r"event2?/|event\.h$|ev[a-z]+\.h$", HTTP | {"emulator/host/loop.c", "emulator/host/loop.h",
                                                 "pty/pty.c", "pty/port_int.h"}),
]
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)


def layer(name):
    parts = name.split("/")
    if parts[0] == "pty":
        return "pty"
    if len(parts) == 2:
        return "main" if parts[1] == "main.c" else "facade"
    return parts[1]


def resolve(root, name, header):
    for folder in (os.path.dirname(name), "emulator", "pty"):
        path = os.path.normpath(os.path.join(folder, header))
        if os.path.isfile(os.path.join(root, path)):
            return path
    return None


def own(root, name, header):
    """The reason why this file may not include that header of the project; None if it may."""
    target = resolve(root, name, header)
    if target is None:
        return "there is no such header in its folder, emulator/ or pty/"
    may = MAY.get(layer(name))
    if may is None:
        return "layer %s/ is not known; give it a row in tests/lint/layers.py" % layer(name)
    may = may | ALSO.get(name, set())
    if target in may or layer(target) in may:
        return None
    return "%s may include only %s" % (layer(name), ", ".join(sorted(may)))


def system(name, header):
    """The reason why this file may not include that system header; None if it may."""
    here = layer(name)
    for pattern, may in LIBRARIES:
        if re.match(pattern, header):
            return None if here in may or name in may else (
                "only %s may use this library" % ", ".join(sorted(may)))
    if here in OS:
        return None
    if header not in C_STANDARD:
        return "only host/, pty/ and main.c may include headers other than the C standard's"
    if here in PURE and header in IMPURE:
        return "libmodem takes time as an argument, keeps no errno and has no locale"
    return None


def check(root):
    errors = []
    sources = [f for f in lint.files(root, ".c", ".h") if f.startswith(("emulator/", "pty/"))]
    for name in sources:
        text = lint.read(root, name)
        for match in INCLUDE.finditer(text):
            kind, header = match.groups()
            why = own(root, name, header) if kind == '"' else system(name, header)
            if why:
                line = text.count("\n", 0, match.start(1)) + 1
                errors.append("%s:%d: includes %s: %s" % (name, line, header, why))
    return errors, len(sources)


if __name__ == "__main__":
    found, count = check(sys.argv[1])
    if not count:
        found.append("%s: no sources found in emulator/ and pty/" % sys.argv[1])
    lint.finish(found, "%d sources respect their layers" % count)
