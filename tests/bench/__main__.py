"""Run the benchmarks and print their tables: ``python -m tests.bench [NAME …]``."""

from __future__ import annotations

import argparse
import importlib
import os
import platform

NAMES = (
    "server_start",
    "listing",
    "tabs",
    "panel",
    "disk_status",
    "disk_scan",
    "log_reader",
    "log_viewer",
    "kernel_start",
    "environment_list",
    "environment_create",
)


def main() -> None:
    """Print the figures; a promise that is not kept is said and does not fail the run."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}")
    names = parser.parse_args().names or NAMES
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores\n")
    for name in names:
        if name not in NAMES:
            parser.error(f"there is no benchmark {name!r}")
        module = importlib.import_module(f"{__package__}.{name}")
        print(module.run().markdown(), flush=True)


if __name__ == "__main__":
    main()
