"""Shared by the lints: the list of files, and the output of complaints."""

import os
import subprocess
import sys

SKIP_DIRS = {".git", "__pycache__", "release"}


def files(root, *suffixes):
    """The tree's own files (those known to git, and untracked ones; without git all files), as
    sorted paths relative to root. With suffixes only names that end with one of them."""
    found = _from_git(root) or _from_disk(root)
    return sorted(f for f in found if not suffixes or f.endswith(suffixes))


def _from_git(root):
    if not os.path.exists(os.path.join(root, ".git")):
        return []
    try:
        out = subprocess.run(
            ["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z", "--cached",
             "--others", "--exclude-standard"],
            check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    except (OSError, subprocess.CalledProcessError):
        return []
    names = set(out.decode().split("\0")) - {""}
    return [f for f in names if os.path.isfile(os.path.join(root, f))]


def _from_disk(root):
    found = []
    for folder, dirs, names in os.walk(root):
        dirs[:] = [d for d in dirs if d not in SKIP_DIRS and
                   not os.path.exists(os.path.join(folder, d, "meson-private"))]
        found += [os.path.relpath(os.path.join(folder, n), root) for n in names]
    return [f for f in found if os.path.isfile(os.path.join(root, f))]


def read(root, name):
    """The text of a file, undecodable bytes kept as surrogates; '' for binary files."""
    with open(os.path.join(root, name), "rb") as f:
        data = f.read()
    return "" if b"\0" in data else data.decode("utf-8", "surrogateescape")


def finish(errors, good):
    """Prints the complaints, or the one line `good` if there are none, and exits."""
    for error in errors:
        print(error)
    if errors:
        sys.exit(1)
    print(good)
    sys.exit(0)
