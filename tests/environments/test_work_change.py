"""Installing, updating and removing packages, planning, and removing environments, for real."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from jupyter_ci_manager.environments.locks import prefix_lock
from jupyter_ci_manager.errors import BadRequest, EnvironmentNotFound, PlanNotFound
from jupyter_ci_manager.models import ChangePackages, CreateEnvironment, PlanEnvironment
from tests.environments.channel.serving import ChannelServer
from tests.environments.working import Home, Server, identifier, packages_in


def requested_in(prefix: Path) -> dict[str, list[str]]:
    """What was asked for of each package, by the records, as ``conda env export`` reads them."""
    records = [json.loads(file.read_text()) for file in (prefix / "conda-meta").glob("*.json")]
    return {each["name"]: each.get("requested_specs") or [] for each in records}


@pytest.fixture
def server(home: Home, channel: ChannelServer) -> Server:
    home.configure(channel.url)
    return home.server()


async def test_packages_are_installed_updated_and_removed(server: Server) -> None:
    prefix = await server.made("new", "changing-demo=1")

    installed = await server.changed(prefix, install=["activate-demo"])
    after_install = packages_in(prefix)
    updated = await server.changed(prefix, update=["changing-demo"])
    after_update = packages_in(prefix)
    downgraded = await server.changed(prefix, install=["changing-demo=2"])
    after_downgrade = packages_in(prefix)
    removed = await server.changed(prefix, remove=["base-demo"])

    operations = (installed, updated, downgraded, removed)
    assert [each.state for each in operations] == ["succeeded"] * 4, [
        each.message for each in operations
    ]
    # Nothing else is changed by the way.
    assert after_install == {"activate-demo": "1.0", "base-demo": "1.0", "changing-demo": "1.0"}
    assert after_update["changing-demo"] == "3.0"
    assert (prefix / "conda-meta/history").is_file()
    assert after_downgrade["changing-demo"] == "2.0"
    # What needs it goes with it.
    assert packages_in(prefix) == {"activate-demo": "1.0"}
    assert not (prefix / "share/changing").exists()


async def test_what_somebody_asked_for_stays_marked_as_asked_for(server: Server) -> None:
    prefix = await server.made("new", "changing-demo=1")
    first = requested_in(prefix)

    await server.changed(prefix, install=["activate-demo"])
    installed = requested_in(prefix)
    await server.changed(prefix, update=["changing-demo"])
    updated = requested_in(prefix)
    await server.changed(prefix, remove=["activate-demo"])

    assert first == {"base-demo": [], "changing-demo": ["changing-demo 1.*"]}
    assert installed == first | {"activate-demo": ["activate-demo"]}
    assert updated == installed | {"changing-demo": ["changing-demo"]}
    assert requested_in(prefix) == {"base-demo": [], "changing-demo": ["changing-demo"]}


async def test_everything_is_updated_at_once(server: Server) -> None:
    prefix = await server.made("new", "changing-demo<3")

    await server.changed(prefix, install=["changing-demo"], update_all=True)

    assert packages_in(prefix)["changing-demo"] == "3.0"


async def test_a_change_that_cannot_be_made_changes_nothing(server: Server) -> None:
    prefix = await server.made("new", "changing-demo=1")

    unsolvable = await server.changed(prefix, install=["unsat-demo"])
    missing = await server.changed(prefix, remove=["nothing-of-that-name"])

    assert [each.error.code for each in (unsolvable, missing) if each.error] == [
        "NoSolution",
        "PackagesNotFound",
    ]
    assert packages_in(prefix) == {"base-demo": "1.0", "changing-demo": "1.0"}
    assert server.home.left_over() == []
    with pytest.raises(BadRequest):
        await server.work.change(identifier(prefix), ChangePackages())


@pytest.mark.slow
async def test_pip_installs_into_an_environment_and_removes(
    server: Server, tiny_wheel: str
) -> None:
    prefix = await server.made("new", "python")
    script = prefix / "bin" / "tiny_demo"

    installed = await server.changed(prefix, pip=[f"tiny_demo @ {tiny_wheel}"])
    was_there = script.exists()
    failed = await server.changed(prefix, pip=["no-package-of-that-name-at-all==99"])
    removed = await server.changed(prefix, pip_remove=["tiny_demo"])

    assert [installed.state, failed.state, removed.state] == ["succeeded", "failed", "succeeded"]
    assert was_there
    assert failed.error is not None
    assert failed.error.code == "PipFailed"
    assert "no-package-of-that-name-at-all" in failed.error.message
    assert not script.exists()


@pytest.mark.slow
async def test_an_environment_whose_pip_part_fails_is_not_left_behind(server: Server) -> None:
    operation = await server.create("new", "python", pip=["no-package-of-that-name-at-all==99"])
    ended = await server.ended(operation)

    assert ended.state == "failed"
    assert ended.error is not None
    assert ended.error.code == "PipFailed"
    assert list(server.home.envs.iterdir()) == []


async def test_an_environment_is_removed_and_its_name_is_free(server: Server) -> None:
    prefix = await server.made("new", "changing-demo")
    (prefix / "locked").mkdir()
    (prefix / "locked" / "file").write_text("x")
    (prefix / "locked").chmod(0o500)

    operation = await server.work.remove(identifier(prefix), kernels=True)
    ended = await server.ended(operation)

    assert (ended.state, ended.message) == ("succeeded", "Removed.")
    assert list(server.home.envs.iterdir()) == []
    assert str(prefix) not in (server.home.path / ".conda/environments.txt").read_text()
    await server.made("new", "base-demo")


async def test_one_that_lies_elsewhere_is_removed_with_the_link_to_it(
    server: Server, tmp_path: Path
) -> None:
    prefix = await server.made("new", "base-demo")
    elsewhere = tmp_path / "large-disk" / "abc"
    elsewhere.parent.mkdir()
    prefix.rename(elsewhere)
    prefix.symlink_to(elsewhere)

    removed = await server.ended(await server.work.remove(identifier(prefix), kernels=True))

    assert removed.state == "succeeded", removed.message
    assert list(elsewhere.parent.iterdir()) == []
    assert list(server.home.envs.iterdir()) == []


async def test_whoever_reaches_an_environment_by_a_link_waits_for_the_same_lock(
    server: Server, tmp_path: Path
) -> None:
    prefix = await server.made("new", "base-demo")
    (server.home.envs / "link").symlink_to(prefix)
    lock = prefix_lock(prefix)
    lock.acquire()

    try:
        changed = await server.changed(server.home.envs / "link", install=["activate-demo"])
    finally:
        lock.release(remove=True)

    assert changed.error is not None
    assert changed.error.code == "EnvironmentBusy"


async def test_a_record_that_cannot_be_read_is_named_before_anything_is_changed(
    server: Server,
) -> None:
    prefix = await server.made("new", "base-demo")
    (prefix / "conda-meta" / "half-1.0-0.json").write_text('{"name": "half"')

    changed = await server.changed(prefix, install=["activate-demo"])

    assert changed.error is not None
    assert changed.error.code == "EnvironmentBroken"
    assert "half-1.0-0.json cannot be read" in changed.error.message
    assert packages_in(prefix).keys() == {"base-demo", "half"}


async def test_one_that_somebody_else_has_removed_meanwhile_is_told(server: Server) -> None:
    prefix = await server.made("new", "base-demo")
    environment = await server.work._environments.find(identifier(prefix))
    shutil.rmtree(prefix)

    with pytest.raises(EnvironmentNotFound):
        await server.work.change(identifier(prefix), ChangePackages(install=["changing-demo"]))
    work = await server.work._make.remove(environment, kernels=False)
    ended = await server.ended(await server.work._start(work, str(prefix), "Removing new"))

    assert ended.error is not None
    assert ended.error.code == "EnvironmentNotFound"


async def test_a_plan_says_what_would_be_done_and_does_nothing(server: Server) -> None:
    request = CreateEnvironment(name="new", specs=["changing-demo", "big-demo"])

    operation = await server.work.plan(PlanEnvironment(create=request))
    ended = await server.ended(operation)
    plan = await server.work.planned(operation.id)

    assert ended.state == "succeeded", ended.message
    assert plan.prefix == str(server.home.envs / "new")
    assert {each.name: each.version for each in plan.packages} == {
        "base-demo": "1.0",
        "big-demo": "1.0",
        "changing-demo": "3.0",
    }
    assert {each.action for each in plan.packages} == {"install"}
    assert 48_000_000 < (plan.download_bytes or 0) < 60_000_000
    assert (plan.install_bytes or 0) > 48_000_000
    assert plan.fits
    assert list(server.home.envs.iterdir()) == []


async def test_a_plan_of_a_change_says_from_which_version(server: Server) -> None:
    prefix = await server.made("new", "changing-demo=1")

    change = ChangePackages(update=["changing-demo"], install=["activate-demo"])
    request = PlanEnvironment(environment_id=identifier(prefix), change=change)
    operation = await server.work.plan(request)
    await server.ended(operation)
    plan = await server.work.planned(operation.id)

    assert [(each.name, each.action, each.from_version) for each in plan.packages] == [
        ("activate-demo", "install", None),
        ("changing-demo", "update", "1.0"),
    ]
    assert packages_in(prefix)["changing-demo"] == "1.0"


async def test_a_plan_that_nobody_has_made_is_not_found(server: Server) -> None:
    made = await server.create("new", "base-demo")
    await server.ended(made)

    for identifier_ in (made.id, "0" * 16, "..", "../../etc"):
        with pytest.raises(PlanNotFound):
            await server.work.planned(identifier_)


@pytest.mark.slow
async def test_a_python_of_the_channel_runs_where_it_was_put(server: Server) -> None:
    prefix = await server.made("new", "python", "pip")

    done = subprocess.run(
        [str(prefix / "bin/python"), "-c", "import sys, ssl; print(sys.prefix)"],
        capture_output=True,
        text=True,
        check=True,
        env={},
    )

    assert Path(done.stdout.strip()) == prefix
