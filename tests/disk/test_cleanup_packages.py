"""The packages that the embedded engine keeps: measured, removed, and not while they are in use."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_ci_manager.environments.rattler import alone_with_cache, cache_user
from jupyter_ci_manager.models import CleanupPlan, CleanupStep
from tests.disk.cleaning import Cleaning, Home, names_in

HERE = ".cache/jupyter-ci-manager/conda"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home.made_in(tmp_path)
    cache = tmp_path / "home" / HERE
    made.surroundings = replace(
        made.surroundings, packages=cache, packages_alone=lambda: alone_with_cache(cache)
    )
    return made


@pytest.fixture
def cache(home: Home) -> Path:
    """One package whose file an environment has, too, one that nobody has, and an index."""
    shared = home.file(f"{HERE}/pkgs/used-1.0-0/lib/used.so", b"x" * 100_000)
    (home.path / "env").mkdir()
    (home.path / "env/used.so").hardlink_to(shared)
    unused = home.file(f"{HERE}/pkgs/unused-1.0-0/info/index.json", b"x" * 200_000)
    unused.parent.chmod(0o500)
    home.file(f"{HERE}/repodata/aa.json", b"x" * 50_000)
    return home.path / HERE


def packages_of(plan: CleanupPlan) -> CleanupStep:
    [step] = [step for step in plan.steps if step.kind == "embedded_packages"]
    return step


async def test_packages_are_measured_and_removed_and_environments_stay(
    home: Home, cache: Path, cleaning: Cleaning
) -> None:
    plan = await cleaning.plan()
    step = packages_of(plan)

    operation, report = await cleaning.done(plan, step)

    # What an environment has by a hard link is not given back.
    assert 250_000 <= (step.bytes or 0) < 300_000
    assert step.available
    assert str(cache) in step.command
    assert operation.state == "succeeded", report
    assert [each for each in names_in(cache) if each != ".sweep.lock"] == []
    assert (home.path / "env/used.so").stat().st_size == 100_000
    assert not any(each.kind == "embedded_packages" for each in (await cleaning.plan()).steps)


async def test_while_a_worker_uses_them_they_are_not_offered(
    cache: Path, cleaning: Cleaning
) -> None:
    user = cache_user(cache, "0" * 16)
    user.acquire()
    try:
        step = packages_of(await cleaning.plan())
    finally:
        user.release(remove=True)

    assert not step.available
    assert "being worked on" in (step.reason or "")


async def test_a_worker_that_has_begun_since_the_plan_keeps_them(
    cache: Path, cleaning: Cleaning
) -> None:
    plan = await cleaning.plan()
    user = cache_user(cache, "0" * 16)
    user.acquire()
    try:
        _, report = await cleaning.done(plan, packages_of(plan))
    finally:
        user.release(remove=True)

    assert [result.state for result in report.results] == ["skipped"]
    assert (cache / "pkgs/unused-1.0-0").is_dir()


async def test_another_folder_than_that_of_the_plan_is_left_alone(
    cache: Path, cleaning: Cleaning, tmp_path: Path
) -> None:
    plan = await cleaning.plan()
    precious = tmp_path / "precious"
    (precious / "pkgs").mkdir(parents=True)
    (precious / "pkgs" / "mine").write_text("mine")
    cache.rename(tmp_path / "moved")
    cache.symlink_to(precious)

    _, report = await cleaning.done(plan, packages_of(plan))

    assert report.results[0].state == "skipped"
    assert (precious / "pkgs" / "mine").read_text() == "mine"


async def test_an_empty_cache_is_no_step(cleaning: Cleaning) -> None:
    assert not any(each.kind == "embedded_packages" for each in (await cleaning.plan()).steps)
