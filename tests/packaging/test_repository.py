"""What must not be in the repository: traces of the machine somebody worked on."""

from __future__ import annotations

import re
import subprocess

from scripts.lab import REPOSITORY

# Written so that this file does not match itself.
REGISTRIES = re.compile(
    r"registry[.](npmjs|yarnpkg|npmmirror)[.]|(files|test|upload)[.]pythonhosted[.]|pypi[.]org/simple"
)
MACHINE_PATHS = re.compile(
    r"""(?<![\w./}])/(work(?![\w-])|tmp/\w|root/|home/(?!azureuser|jovyan|amy)\w|Users/[a-z])[\w./-]*"""
)

FOREIGN = (
    # Azure's own documents, as Azure published them.
    "tests/emulator/arm-examples/",
    # What a real conda was asked and answered, byte for byte.
    "tests/environments/conda-transcripts/",
    # Made-up paths are what these are about.
    "tests/disk/test_cleanup_protected.py",
    "tests/disk/test_paths.py",
)


def found(pattern: re.Pattern[str]) -> list[str]:
    """Every match in a tracked text file, as `path:line: text`."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    matches = []
    for name in filter(None, listing.stdout.split("\0")):
        path = REPOSITORY / name
        if name.startswith(FOREIGN) or path.suffix == ".png" or not path.exists():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                matches.append(f"{name}:{number}: {line.strip()[:120]}")
    return matches


def test_nothing_names_a_package_registry() -> None:
    assert found(REGISTRIES) == []


def test_nothing_names_a_path_of_the_machine_it_was_written_on() -> None:
    assert found(MACHINE_PATHS) == []
