"""Conda's names for kinds of machines. Source: "Subdirectories", conda documentation."""

from __future__ import annotations

import platform
import sys

_SYSTEMS = {"linux": "linux", "darwin": "osx", "win32": "win"}
_MACHINES = {"x86_64": "64", "amd64": "64", "i386": "32", "i686": "32"}


def this_platform() -> str:
    """The name of this machine's, such as ``linux-64``."""
    system = _SYSTEMS.get(sys.platform, sys.platform)
    machine = platform.machine().lower()
    if system != "linux" and machine == "aarch64":
        machine = "arm64"
    return f"{system}-{_MACHINES.get(machine, machine)}"
