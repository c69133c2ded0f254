"""What a terminal reads to have an environment active, read by a real shell."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_ci_manager.environments.shell_activation import activation_line

REPORT = (
    'printf "%s\\0" "$DEMO" "${CONDA_PREFIX-}" "${VIRTUAL_ENV-unset}" "$PS1" "$(command -v tool)"'
)


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """An environment with a variable, a script and a program, at a path with a hostile name."""
    prefix = tmp_path / "envs" / 'it\'s $(touch broken) "x"'
    scripts = prefix / "etc" / "conda" / "activate.d"
    scripts.mkdir(parents=True)
    (scripts / "demo.sh").write_text('export DEMO="$DEMO it\'s; `echo fine`"\n')
    (prefix / "conda-meta").mkdir()
    state = {"version": 1, "env_vars": {"DEMO": "$(exit 3) & more"}}
    (prefix / "conda-meta" / "state").write_text(json.dumps(state))
    program = prefix / "bin" / "tool"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return prefix


SHELLS = [each for each in ("sh", "bash", "dash", "zsh") if shutil.which(each)]
"""Those that are installed; every machine has the first."""


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_that_reads_it_has_the_environment_active(shell: str, prefix: Path) -> None:
    done = subprocess.run(
        [f"{shutil.which(shell)}", "-c", f"PS1='$ '; {activation_line(str(prefix))}; {REPORT}"],
        env={"PATH": "/usr/bin:/bin", "VIRTUAL_ENV": "/venv"},
        cwd=prefix.parent,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )

    demo, active, virtual, prompt, tool, _ = done.stdout.split("\0")
    assert demo == "$(exit 3) & more it's; fine"
    assert active == str(prefix)
    assert virtual == "unset"
    assert prompt == f"({prefix.name}) $ "
    assert tool == str(prefix / "bin" / "tool")
    assert not (prefix.parent / "broken").exists()


def test_the_name_of_the_environment_that_was_active_leaves_the_prompt(prefix: Path) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'PS1="(base) $ "; {activation_line(str(prefix))}; printf %s "$PS1"'],
        env={"PATH": "/usr/bin:/bin", "CONDA_PROMPT_MODIFIER": "(base) "},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )

    assert done.stdout == f"({prefix.name}) $ "


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 has no option for that")
def test_modules_in_the_folder_of_the_terminal_are_not_imported(prefix: Path) -> None:
    (prefix.parent / "json.py").write_text("raise SystemExit(9)")
    done = subprocess.run(
        ["/bin/sh", "-c", f'{activation_line(str(prefix))}; printf %s "$CONDA_PREFIX"'],
        env={"PATH": "/usr/bin:/bin"},
        cwd=prefix.parent,
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert done.stdout == str(prefix), done.stderr
