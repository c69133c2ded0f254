"""The wheel, built as its users' package managers build it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.lab import REPOSITORY


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The result of `pip wheel .`."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            f"--wheel-dir={folder}",
            ".",
        ],
        cwd=REPOSITORY,
        check=True,
    )
    (built,) = folder.glob("jupyter_ci_manager-*.whl")
    return built
