"""Find a Chromium for the browser tests, or get one, and print where it is.

In this order: the one named by the environment variable CHROMIUM, an installed one, the one
Playwright has already downloaded, Debian's package when root, Playwright's own download.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NoChromiumError(Exception):
    """There is none, and none could be had."""


def chromium() -> str:
    """The path of a Chromium that runs, installing one when there is none.

    Raises:
        NoChromiumError: every way was tried.
    """
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        if not runs(chosen):
            raise NoChromiumError(f"CHROMIUM={chosen} does not run")
        return chosen
    root = os.geteuid() == 0
    found = installed() or downloaded()
    if found is None and root and shutil.which("apt-get"):
        _try("apt-get", "update", "-q")
        _try("apt-get", "install", "-q", "-y", "chromium", "fonts-liberation")
        found = installed()
    if found is None:
        libraries = ["--with-deps"] if root else []
        _try(sys.executable, "-m", "playwright", "install", *libraries, "chromium")
        found = downloaded()
    if found is None:
        raise NoChromiumError(
            "No Chromium. Install one with your system's package manager, or name one: "
            "make test CHROMIUM=/path/to/chromium"
        )
    return found


def installed() -> str | None:
    """The first Chromium on PATH that runs (Ubuntu's is a stub where there is no snap)."""
    return next((path for path in map(shutil.which, NAMES) if path and runs(path)), None)


def downloaded() -> str | None:
    """The one that Playwright keeps for itself."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() and runs(path) else None


def runs(path: str) -> bool:
    """Whether it starts far enough to say its version (libraries may be missing)."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _try(*command: str) -> None:
    """Run an installer; what it says goes to stderr, and its failure leaves the next way open."""
    print("+", *command, file=sys.stderr, flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, stdout=sys.stderr, env=env, check=False)


if __name__ == "__main__":
    try:
        print(chromium())
    except NoChromiumError as error:
        sys.exit(str(error))
