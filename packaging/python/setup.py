"""The version is that of the emulator, in meson.build; a source distribution has it in PKG-INFO."""
import os
import re

from setuptools import setup


def version() -> str:
    folder = os.path.dirname(os.path.abspath(__file__))
    for path, pattern in (('PKG-INFO', r'^Version: (\S+)'), ('../../meson.build', r"^\s*version: '([^']+)'")):
        path = os.path.join(folder, path)
        if os.path.exists(path):
            with open(path, encoding='utf-8') as f:
                return re.search(pattern, f.read(), re.M).group(1)
    raise SystemExit('pytest-fauxtrack: no PKG-INFO, and no ../../meson.build; build it in the source tree of Fauxtrack')


setup(version=version())
