"""The launcher: what a program sees that it becomes, and what happens where activation fails."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jupyter_ci_manager.environments import kernel_launcher
from jupyter_ci_manager.environments.kernel_launcher import activate

from .kernel_environments import KernelEnvironment

LAUNCH = [sys.executable, "-I", "-S", kernel_launcher.__file__]
SHOW = "import json, os; print(json.dumps(dict(os.environ)))"


@pytest.fixture
def environment(tmp_path: Path) -> KernelEnvironment:
    (tmp_path / "envs/analysis/conda-meta").mkdir(parents=True)
    return KernelEnvironment(tmp_path / "envs/analysis")


def launched(
    environment: KernelEnvironment, environ: dict[str, str], *keep: str
) -> tuple[dict[str, str], str]:
    """The variables that a program gets, and what was told meanwhile."""
    done = subprocess.run(
        [*LAUNCH, str(environment.prefix), *keep, "--", sys.executable, "-I", "-S", "-c", SHOW],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found, done.stderr


def activated(environment: KernelEnvironment, environ: dict[str, str]) -> dict[str, str]:
    told: list[str] = []
    environ = dict(environ)
    activate(environ, str(environment.prefix), told.append)
    assert told == []
    return environ


def test_the_environments_programs_come_first_and_conda_knows_where_it_is(
    environment: KernelEnvironment,
) -> None:
    found, told = launched(environment, {"PATH": "/usr/bin:/bin"})
    assert found["PATH"] == f"{environment.prefix}/bin:/usr/bin:/bin"
    assert found["CONDA_PREFIX"] == str(environment.prefix)
    assert found["CONDA_DEFAULT_ENV"] == "analysis"
    assert found["CONDA_SHLVL"] == "1"
    assert told == ""


def test_an_environment_outside_of_a_folder_envs_is_called_by_its_path(tmp_path: Path) -> None:
    environment = KernelEnvironment(tmp_path / "anywhere")
    found = activated(environment, {"PATH": "/bin"})
    assert found["CONDA_DEFAULT_ENV"] == str(environment.prefix)


def test_scripts_set_unset_and_see_what_the_ones_before_them_set(
    environment: KernelEnvironment,
) -> None:
    environment.script("a", "export GREETING=\"two\nlines = 'quoted' é\"; local_only=1; unset GONE")
    environment.script("b", 'export SEEN="$GREETING$local_only"')
    found = activated(environment, {"PATH": "/usr/bin:/bin", "GONE": "x", "SHLVL": "7"})
    assert found["GREETING"] == "two\nlines = 'quoted' é"
    assert found["SEEN"] == found["GREETING"] + "1"
    assert "GONE" not in found
    assert "local_only" not in found
    assert found["SHLVL"] == "7"


def test_what_scripts_print_is_told_and_never_read_as_a_variable(
    environment: KernelEnvironment,
) -> None:
    environment.script("a", "echo FAKE=1; export REAL=1")
    found, told = launched(environment, {"PATH": "/usr/bin:/bin"})
    assert "FAKE" not in found
    assert found["REAL"] == "1"
    assert "FAKE=1" in told


def test_variables_of_packages_come_first_and_then_those_of_the_environment(
    environment: KernelEnvironment,
) -> None:
    environment.file("etc/conda/env_vars.d/pkg.json", '{"A": "package", "B": "package"}')
    environment.variables({"B": "environment", "C": "***unset***", "PATH": "/evil"})
    environment.script("a", 'export SCRIPT="saw $B"')
    found = activated(environment, {"PATH": "/usr/bin:/bin"})
    assert (found["A"], found["B"], found["SCRIPT"]) == (
        "package",
        "environment",
        "saw environment",
    )
    assert "C" not in found
    assert "/evil" not in found["PATH"]


def test_what_somebody_wants_to_keep_no_activation_changes(environment: KernelEnvironment) -> None:
    environment.variables({"MODE": "theirs"})
    environment.script("a", "export LEVEL=theirs")
    found, _ = launched(
        environment, {"PATH": "/usr/bin:/bin", "MODE": "mine", "LEVEL": "mine"}, "MODE", "LEVEL"
    )
    assert (found["MODE"], found["LEVEL"]) == ("mine", "mine")


def test_the_environment_that_is_active_is_left_with_its_scripts_and_variables(
    environment: KernelEnvironment, tmp_path: Path
) -> None:
    base = KernelEnvironment(tmp_path / "base")
    base.file("condabin/conda", "")
    base.variables({"OF_BASE": "1", "CLOBBERED": "base"})
    base.script("a", "unset BY_SCRIPT", on="deactivate")
    found = activated(
        environment,
        {
            "PATH": f"{base.prefix}/bin:/usr/bin:/bin",
            "CONDA_PREFIX": str(base.prefix),
            "CONDA_SHLVL": "2",
            "CONDA_PREFIX_1": "/elsewhere",
            "CONDA_EXE": f"{base.prefix}/bin/conda",
            "OF_BASE": "1",
            "BY_SCRIPT": "1",
            "CLOBBERED": "base",
            "__CONDA_SHLVL_1_CLOBBERED": "before",
        },
    )
    assert {"OF_BASE", "BY_SCRIPT", "CONDA_PREFIX_1"}.isdisjoint(found)
    assert found["CLOBBERED"] == "before"
    assert found["CONDA_EXE"] == f"{base.prefix}/bin/conda"
    # `!conda install` in a notebook goes on to work.
    assert found["PATH"] == f"{environment.prefix}/bin:{base.prefix}/condabin:/usr/bin:/bin"


def test_the_servers_virtual_environment_is_left(environment: KernelEnvironment) -> None:
    found = activated(
        environment, {"PATH": "/venv/bin:/usr/bin", "VIRTUAL_ENV": "/venv", "PYTHONHOME": "/x"}
    )
    assert {"VIRTUAL_ENV", "PYTHONHOME"}.isdisjoint(found)
    assert "/venv/bin" not in found["PATH"]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("export BEFORE=1; exit 0", "ended the shell"),
        ("export BEFORE=1; exit 3", "ended the shell"),
        ("set -e; false", "ended the shell"),
        ("if then", "syntax error"),
    ],
)
def test_a_script_that_ends_the_shell_costs_its_variables_and_not_the_kernel(
    environment: KernelEnvironment, script: str, reason: str
) -> None:
    environment.script("a", script)
    found, told = launched(environment, {"PATH": "/usr/bin:/bin"})
    assert found["CONDA_PREFIX"] == str(environment.prefix)
    assert "BEFORE" not in found
    assert reason in told
    assert "a.sh" in told


def test_a_script_that_hangs_is_given_up(
    environment: KernelEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel_launcher, "SCRIPT_SECONDS", 0.2)
    environment.script("a", "sleep 60")
    told: list[str] = []
    environ = {"PATH": "/usr/bin:/bin"}
    began = time.monotonic()
    activate(environ, str(environment.prefix), told.append)
    assert time.monotonic() - began < 5
    assert environ["CONDA_PREFIX"] == str(environment.prefix)
    assert "longer than" in told[0]


def test_what_a_script_leaves_in_the_background_does_not_hold_the_kernel_up(
    environment: KernelEnvironment,
) -> None:
    environment.script("a", "sleep 5 & export READY=1")
    began = time.monotonic()
    found = activated(environment, {"PATH": "/usr/bin:/bin"})
    assert found["READY"] == "1"
    assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    "state",
    [
        *("{", "[]", '{"env_vars": 3}', '{"env_vars": {"A=B": "x", "N": 1, "Z": "a\\u0000b"}}'),
        *('{"env_vars": {"A": "\\ud800"}}', json.dumps({"env_vars": {"Z": "x" * 131_072}})),
    ],
)
def test_records_that_cannot_be_read_are_told_and_the_kernel_starts(
    environment: KernelEnvironment, state: str
) -> None:
    environment.file("conda-meta/state", state)
    found, _ = launched(environment, {"PATH": "/usr/bin:/bin"})
    assert found["CONDA_PREFIX"] == str(environment.prefix)
    assert {"A", "N", "Z"}.isdisjoint(found)


def test_a_prefix_with_characters_that_shells_and_globs_know_is_one_like_others(
    tmp_path: Path,
) -> None:
    environment = KernelEnvironment(tmp_path / "envs" / "a b $(touch x) [1]*;'\" é")
    environment.prefix.mkdir(parents=True)
    environment.script("it's $HOME", "export READY=1")
    found = activated(environment, {"PATH": "/usr/bin:/bin"})
    assert found["READY"] == "1"
    assert found["CONDA_PREFIX"] == str(environment.prefix)
    assert not (tmp_path / "x").exists()


def test_modules_in_the_working_folder_are_never_imported(
    environment: KernelEnvironment, tmp_path: Path
) -> None:
    for name in ("json", "signal", "subprocess", "tempfile"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(9)")
    done = subprocess.run(
        [*LAUNCH, str(environment.prefix), "--", "/bin/true"],
        cwd=tmp_path,
        env={"PATH": "/bin", "PYTHONPATH": str(tmp_path)},
        timeout=60,
    )
    assert done.returncode == 0


def test_the_program_has_the_process_id_and_takes_interrupts_as_usual(
    environment: KernelEnvironment,
) -> None:
    environment.script("slow", "sleep 1; export READY=1")
    show = (
        "import os, signal;"
        "print(os.getpid(), signal.getsignal(signal.SIGINT).__name__, os.environ['READY'])"
    )
    process = subprocess.Popen(
        [*LAUNCH, str(environment.prefix), "--", sys.executable, "-c", show],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    time.sleep(0.5)
    # Jupyter interrupts the whole group; one that comes too early ends nothing.
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert output.split() == [str(process.pid), "default_int_handler", "1"]


def test_a_program_that_is_not_there_is_told(environment: KernelEnvironment) -> None:
    done = subprocess.run(
        [*LAUNCH, str(environment.prefix), "--", "/no/python"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 127
    assert "/no/python cannot be started: No such file or directory" in done.stderr


def test_without_a_program_it_says_how_it_is_called() -> None:
    done = subprocess.run([*LAUNCH, "/prefix", "--"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith("usage: ")
