"""What known tools can clean: what the plan says of it, and that the tools really do it.

pip is the real one. Conda and Docker's daemon are not on every machine that runs these tests:
stand-ins answer as the real ones were seen, or are written, to (see ``cleaning.py``).
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_ci_manager.disk.conda_clean import CondaClean, _merged
from jupyter_ci_manager.disk.docker_prune import docker_steps
from jupyter_ci_manager.disk.pip_cache import pip_cache_steps
from jupyter_ci_manager.environments.locks import alone_with_conda, conda_lock
from jupyter_ci_manager.models import CleanupPlan, CleanupStep
from tests.disk.cleaning import CONDA, DOCKER, Cleaning, Home, names_in


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.made_in(tmp_path, pip=True)


@pytest.fixture
def conda_packages(home: Home) -> Path:
    """Conda with one package in use, one not, an archive and an index."""
    packages = home.path / "conda/pkgs"
    home.environ["CONDA_PKGS_DIRS"] = str(packages)
    home.environ["CONDA_EXE"] = str(home.program("conda", CONDA))
    home.file("conda/pkgs/unused-1.0-0/info/index.json", b"{}")
    home.file("conda/pkgs/unused-1.0-0/data", b"x" * 100_000)
    used = home.file("conda/pkgs/used-1.0-0/info/index.json", b"{}")
    (home.path / "conda/envs").mkdir()
    (home.path / "conda/envs/index.json").hardlink_to(used)
    home.file("conda/pkgs/unused-1.0-0.conda", b"x" * 50_000)
    home.file("conda/pkgs/cache/abc.json", b"x" * 8192)
    return packages


HELD = """
import fcntl
if "--yes" in sys.argv:
    with open({lock!r}) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            open({noted!r}, "w").write("held")
"""
"""What a conda sees of the lock while it cleans."""


def of_kind(plan: CleanupPlan, kind: str) -> list[CleanupStep]:
    return [step for step in plan.steps if step.kind == kind]


# --- pip --------------------------------------------------------------------------------------


async def test_pips_cache_is_measured_and_purged_by_pip_itself(
    home: Home, cleaning: Cleaning
) -> None:
    wheel = home.file(".cache/pip/wheels/ab/cd/demo-1.0-py3-none-any.whl", b"x" * 300_000)
    other = home.file(".cache/pip/notes.txt")
    plan = await cleaning.plan()
    (step,) = of_kind(plan, "pip_cache_purge")

    operation, report = await cleaning.done(plan, step)

    assert step.command[:5] == [sys.executable, "-m", "pip", "cache", "purge"]
    assert step.bytes is not None
    assert step.bytes >= 300_000
    assert not wheel.exists()
    assert other.exists()
    assert operation.state == "succeeded"
    assert [result.state for result in report.results] == ["succeeded"]


async def test_an_empty_cache_is_no_step(home: Home) -> None:
    assert await pip_cache_steps(sys.executable, home.environ) == []


async def test_a_cache_that_leads_elsewhere_since_the_plan_is_left_alone(
    home: Home, cleaning: Cleaning, tmp_path: Path
) -> None:
    home.file(".cache/pip/wheels/demo-1.0-py3-none-any.whl")
    plan = await cleaning.plan()
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "built-2.0-py3-none-any.whl").write_bytes(b"mine")
    (home.path / ".cache/pip/wheels").rename(tmp_path / "moved")
    (home.path / ".cache/pip/wheels").symlink_to(precious)

    _, report = await cleaning.done(plan, *of_kind(plan, "pip_cache_purge"))

    assert report.results[0].state == "skipped"
    assert "not the folder of the plan" in report.results[0].message
    assert names_in(precious) == ["built-2.0-py3-none-any.whl"]


async def test_a_configuration_that_changed_since_the_plan_changes_nothing(
    home: Home, cleaning: Cleaning, tmp_path: Path
) -> None:
    home.file(".cache/pip/wheels/demo-1.0-py3-none-any.whl")
    plan = await cleaning.plan()
    elsewhere = tmp_path / "elsewhere/wheels"
    elsewhere.mkdir(parents=True)
    (elsewhere / "built-2.0-py3-none-any.whl").write_bytes(b"mine")
    home.environ["PIP_CACHE_DIR"] = str(tmp_path / "elsewhere")

    await cleaning.done(plan, *of_kind(plan, "pip_cache_purge"))

    assert names_in(elsewhere) == ["built-2.0-py3-none-any.whl"]
    assert not (home.path / ".cache/pip/wheels/demo-1.0-py3-none-any.whl").exists()


PIP = """
import sys
arguments = sys.argv[3:]
if arguments == ["--version"]:
    print("pip {version} from /lib (python 3.11)")
elif arguments[:2] == ["cache", "dir"]:
    print("{cache}")
else:
    print("  Locally built wheels location: {cache}/wheels")
"""


async def test_the_newest_pip_purges_a_cache_that_several_share(home: Home) -> None:
    home.file(".cache/pip/wheels/demo-1.0-py3-none-any.whl")
    cache = str(home.path / ".cache/pip")
    versions = {"own": "22.0.4", "python": "23.10.1", "python3": "23.9"}
    pythons = {
        name: str(home.program(name, PIP.format(version=version, cache=cache)))
        for name, version in versions.items()
    }

    steps = await pip_cache_steps(pythons["own"], home.environ)

    assert [step.program.path for step in steps] == [pythons["python"]]


# --- conda ------------------------------------------------------------------------------------


async def test_conda_cleans_its_packages_archives_and_index_each_on_its_own(
    home: Home, cleaning: Cleaning, conda_packages: Path
) -> None:
    plan = await cleaning.plan()
    steps = {step.command[2]: step for step in of_kind(plan, "conda_clean")}

    operation, report = await cleaning.done(plan, *of_kind(plan, "conda_clean"))

    assert operation.state == "succeeded", operation.message
    assert {option: step.bytes for option, step in steps.items()} == {
        "--packages": 100_002,
        "--tarballs": 50_000,
        "--index-cache": 8192 + (conda_packages.parent / "envs").stat().st_blocks * 512,
    }
    assert all(step.command[1] == "clean" for step in steps.values())
    assert names_in(conda_packages) == ["used-1.0-0"]
    assert [result.state for result in report.results] == ["succeeded"] * 3


async def test_without_conda_there_is_no_step_of_conda(home: Home) -> None:
    assert await CondaClean(home.environ).steps() == []


async def test_packages_that_may_be_linked_softly_are_not_offered(
    cleaning: Cleaning, conda_packages: Path
) -> None:
    (conda_packages / "allow_softlinks").touch()

    plan = await cleaning.plan()

    packages = next(step for step in plan.steps if "--packages" in step.command)
    assert not packages.available
    assert "symbolic links" in (packages.reason or "")


async def test_a_conda_that_answers_nonsense_leaves_the_amount_open(home: Home) -> None:
    home.environ["CONDA_EXE"] = str(home.program("conda", "print('[1, 2', {'x': 1})"))

    steps = {step.wire.command[2]: step.wire for step in await CondaClean(home.environ).steps()}

    assert steps["--tarballs"].bytes is None
    assert steps["--tarballs"].available
    assert not steps["--packages"].available


def test_of_several_documents_and_garbage_all_that_can_be_read_is_read() -> None:
    text = 'WARNING {broken\n{"success": true, "a": 1}\n{"success": false, "b": 2} trailing'

    assert _merged(text) == {"success": True, "a": 1, "b": 2}


@pytest.mark.parametrize(
    ("arguments", "state"),
    [
        (["/anaconda/bin/python", "/anaconda/bin/conda", "create", "-n", "new"], "skipped"),
        (["micromamba", "-y", "install", "numpy"], "skipped"),
        (["python", "/anaconda/bin/conda", "run", "-n", "x", "python", "train.py"], "succeeded"),
        (["grep", "conda", "install"], "succeeded"),
    ],
)
async def test_nothing_is_cleaned_while_another_conda_changes_something(
    home: Home,
    cleaning: Cleaning,
    conda_packages: Path,
    tmp_path: Path,
    arguments: list[str],
    state: str,
) -> None:
    plan = await cleaning.plan()
    process = tmp_path / "proc/4711"
    process.mkdir()
    (process / "cmdline").write_bytes(b"\0".join(map(os.fsencode, arguments)) + b"\0")
    packages = next(step for step in plan.steps if "--packages" in step.command)

    _, report = await cleaning.done(plan, packages)

    assert report.results[0].state == state
    assert (conda_packages / "unused-1.0-0").exists() == (state == "skipped")
    if state == "skipped":
        assert "process 4711" in report.results[0].message


async def test_nothing_is_cleaned_while_an_environment_is_worked_on_nor_the_other_way_around(
    home: Home, tmp_path: Path, conda_packages: Path, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> None:
    lock = conda_lock(home.path)
    noted = tmp_path / "held"
    looks = HELD.format(lock=str(lock.path), noted=str(noted))
    home.program("conda", CONDA.replace("arguments = sys", f"{looks}arguments = sys"))
    home.surroundings = replace(home.surroundings, conda_alone=lambda: alone_with_conda(home.path))
    cleaning = Cleaning.of(home, tmp_path / "operations.sqlite")
    plan = await cleaning.plan()
    (packages,) = [step for step in plan.steps if step.command[2:3] == ["--packages"]]

    lock.acquire()
    _, refused = await cleaning.done(plan, packages)
    lock.release()
    plan = await cleaning.plan()
    (packages,) = [step for step in plan.steps if step.command[2:3] == ["--packages"]]
    _, done = await cleaning.done(plan, packages)
    await cleaning.operations.close()

    assert [result.state for result in refused.results] == ["skipped"]
    assert "An environment is being worked on" in refused.results[0].message
    assert [result.state for result in done.results] == ["succeeded"]
    assert noted.read_text() == "held"
    lock.acquire()
    lock.release()


async def test_a_plan_made_while_conda_is_at_work_says_so_and_asks_it_nothing(
    home: Home, conda_packages: Path, tmp_path: Path
) -> None:
    process = tmp_path / "proc/4711"
    process.mkdir()
    (process / "cmdline").write_bytes(b"mamba\0install\0numpy\0")
    marker = home.path / "asked"
    home.program("conda", f"open({str(marker)!r}, 'w')")

    steps = await CondaClean(home.environ, processes=tmp_path / "proc").steps()

    assert [step.wire.available for step in steps] == [False] * 3
    assert "“mamba install”, process 4711" in (steps[0].wire.reason or "")
    assert not marker.exists()


async def test_a_program_that_was_replaced_since_the_plan_does_not_run(
    home: Home, cleaning: Cleaning, conda_packages: Path
) -> None:
    plan = await cleaning.plan()
    marker = home.path / "ran"
    home.programs.joinpath("conda").unlink()
    home.program("conda", f"open({str(marker)!r}, 'w')")
    packages = next(step for step in plan.steps if "--packages" in step.command)

    _, report = await cleaning.done(plan, packages)

    assert report.results[0].state == "skipped"
    assert not marker.exists()


# --- docker -----------------------------------------------------------------------------------


async def test_docker_is_asked_what_it_would_give_back(home: Home, cleaning: Cleaning) -> None:
    home.program("docker", DOCKER)
    plan = await cleaning.plan()

    operation, report = await cleaning.done(plan)

    assert {tuple(step.command[3:]): step.bytes for step in plan.steps} == {
        ("system", "prune", "--force"): 1_250_000_000,
        ("builder", "prune", "--all", "--force"): 2_500_000_000,
    }
    assert [step.bytes for step in plan.steps] == [2_500_000_000, 1_250_000_000]
    assert all(
        step.command[1:3] == ["--host", "unix:///var/run/docker.sock"] for step in plan.steps
    )
    assert operation.state == "succeeded"
    assert "Total reclaimed space: 1.25GB" in report.results[0].message


async def test_dockers_volumes_are_never_pruned(home: Home) -> None:
    home.program("docker", DOCKER)

    for step in await docker_steps(home.environ):
        assert not any("volume" in word for word in step.wire.command[1:])


@pytest.mark.parametrize(
    "host", ["tcp://build-server:2376", "ssh://amy@build-server"], ids=["tcp", "ssh"]
)
async def test_docker_of_another_machine_is_not_this_disks_business(home: Home, host: str) -> None:
    home.program("docker", DOCKER)
    home.environ["DOCKER_HOST"] = host

    assert await docker_steps(home.environ) == []


async def test_docker_without_a_daemon_is_no_step(home: Home) -> None:
    home.program("docker", "import sys; sys.exit('Cannot connect to the Docker daemon')")

    assert await docker_steps(home.environ) == []


async def test_the_interpreters_own_pip_is_the_one_that_is_there() -> None:
    """The words that ``pip cache info`` is understood by are those of the installed pip."""
    said = subprocess.run(
        [sys.executable, "-m", "pip", "cache", "info"], capture_output=True, text=True, check=True
    ).stdout

    assert "Locally built wheels location: /" in said
