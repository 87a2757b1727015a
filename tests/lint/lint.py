"""What the lints share: which files there are, and how a complaint is printed."""

import os
import subprocess
import sys

SKIP_DIRS = {".git", "__pycache__", "release"}


def files(root, *suffixes):
    """The tree's own files (all of git's, untracked ones too; without git those that are
    there), as paths relative to root, sorted. With suffixes only names that end so."""
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
    """The text of a file, undecodable bytes kept as surrogates; binary files give ''."""
    with open(os.path.join(root, name), "rb") as f:
        data = f.read()
    return "" if b"\0" in data else data.decode("utf-8", "surrogateescape")


def finish(errors, good):
    """Prints the complaints, or in one line what was found good, and exits."""
    for error in errors:
        print(error)
    if errors:
        sys.exit(1)
    print(good)
    sys.exit(0)
