"""Builds the channel, once for each Python and state of these files: ``built_channel()``.

As a program it builds it and prints where: ``python -m tests.environments.channel.build``.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .package import SUBDIR, Package
from .repacked import VERSION, python, wheel

HERE = Path(__file__).parent
SOURCES = ("build.py", "package.py", "repacked.py")
BUILD = HERE.parents[2] / "build"
REQUIREMENTS = ("ipykernel", "pip", "setuptools")
BIG_MEGABYTES = 48
KEEP_SECONDS = 24 * 3600.0


def built_channel(*more: str) -> Path:
    """The folder of the channel. It takes 20 s when it has to be built, and needs PyPI then.

    ``more`` are wheels that it has, with all that they require, besides those of the tests.
    """
    sources = b"".join((HERE / name).read_bytes() for name in SOURCES)
    machine = " ".join([VERSION, SUBDIR, sys.base_prefix, *more]).encode()
    key = hashlib.sha256(sources + machine).hexdigest()[:12]
    channel = BUILD / f"channel-{key}"
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "channel.lock").open("w") as lock:
        # Several test runs at once build one.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not channel.is_dir():
            _forget_older()
            partial = BUILD / f"channel-{key}.partial"
            shutil.rmtree(partial, ignore_errors=True)
            _build(partial, [*REQUIREMENTS, *more])
            partial.rename(channel)
    return channel


def _forget_older() -> None:
    """Channels of a state before; another test run may still use one of today."""
    for older in BUILD.glob("channel-*"):
        if time.time() - older.stat().st_mtime > KEEP_SECONDS:
            shutil.rmtree(older, ignore_errors=True)


def _build(channel: Path, requirements: Sequence[str]) -> None:
    wheels = BUILD / "-".join(["wheels", VERSION, *requirements[len(REQUIREMENTS) :]])
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--only-binary", ":all:"),
            *("--dest", str(wheels), *requirements),
        ],
        check=True,
    )
    for package in (python(), *map(wheel, sorted(wheels.glob("*.whl"))), *fixtures()):
        package.write(channel)
    index(channel)


def index(channel: Path) -> None:
    """Write ``repodata.json``, also over one that is older."""
    from rattler.index import index_fs

    (channel / "noarch").mkdir(parents=True, exist_ok=True)
    # Without force a package that was built anew keeps its old checksum.
    # On a thread: the one of the browser tests has an event loop that runs.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(
            lambda: asyncio.run(index_fs(channel, write_zst=True, write_shards=False, force=True))
        ).result()


def fixtures() -> list[Package]:
    """Packages that show one thing each."""
    noise = random.Random(1)  # noqa: S311 - the same each time
    return [
        Package(
            "activate-demo",
            noarch="generic",
            files={
                "etc/conda/activate.d/demo.sh": b'export DEMO_HOME="$CONDA_PREFIX/share/demo"\n',
                "etc/conda/deactivate.d/demo.sh": b"unset DEMO_HOME\n",
            },
        ),
        Package(
            "unsat-demo",
            noarch="generic",
            files={"share/unsat.txt": b"x"},
            depends=["activate-demo >=2"],
        ),
        Package(
            "big-demo",
            noarch="generic",
            files={
                f"share/big/{number}.bin": noise.randbytes(1 << 20)
                for number in range(BIG_MEGABYTES)
            },
        ),
        *(
            Package(
                "changing-demo",
                version,
                noarch="generic",
                files={"share/changing/version.txt": version.encode()}
                | {f"share/changing/only-in-{version}.txt": b"x"},
                depends=["base-demo"],
            )
            for version in ("1.0", "2.0", "3.0")
        ),
        Package("base-demo", noarch="generic", files={"share/base.txt": b"base"}),
        Package(
            "script-demo",
            noarch="generic",
            files={
                "share/script.txt": b"x",
                "bin/.script-demo-post-link.sh": b'touch "$PREFIX/post-link-ran"\n',
            },
        ),
    ]


if __name__ == "__main__":
    os.nice(10)
    print(built_channel())
