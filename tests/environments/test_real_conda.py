"""The same with a real conda, where there is one: its recordings cannot be cancelled anew.

``JUPYTER_CI_TEST_CONDA`` says where it is, such as ``/opt/conda/bin/conda``. What it does elsewhere
is in ``test_conda_recordings.py`` and ``test_conda_changes.py``, which always run.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from jupyter_ci_manager.models import Operation
from tests.environments.channel.serving import ChannelServer
from tests.environments.working import Home, Server, identifier, packages_in

CONDA = os.environ.get("JUPYTER_CI_TEST_CONDA", "")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CONDA, reason="JUPYTER_CI_TEST_CONDA names no conda on this machine"),
]


@pytest.fixture
def conda_home(home: Home, channel: ChannelServer, monkeypatch: pytest.MonkeyPatch) -> Home:
    home.configure(
        channel.url,
        more=f"envs_dirs: [{home.envs}]\npkgs_dirs: [{home.path}/pkgs]\n"
        f"default_channels: [{channel.url}]\n",
    )
    monkeypatch.setenv("CONDA_EXE", CONDA)
    return home


async def reaches(server: Server, operation: Operation, phase: str, done_bytes: int = 0) -> None:
    deadline = time.monotonic() + 120
    while True:
        now = await server.now(operation)
        detail = now.detail
        if detail and detail.phase == phase and (detail.bytes_done or 0) >= done_bytes:
            return
        assert now.state in ("queued", "running"), now.message
        assert time.monotonic() < deadline, now
        await asyncio.sleep(0.05)


def half_done(home: Home) -> list[str]:
    """What of packages is in the cache and not whole."""
    return [
        path.name
        for path in (home.path / "pkgs").iterdir()
        if path.name.endswith(".partial")
        or (
            path.is_dir()
            and path.name != "cache"
            and not (path / "info" / "repodata_record.json").is_file()
        )
    ]


async def test_it_is_made_changed_copied_and_removed(conda_home: Home) -> None:
    server = conda_home.server()

    made = await server.made("one", "changing-demo=1", "activate-demo")
    await server.changed(
        made, remove=["activate-demo"], update=["changing-demo"], install=["base-demo"]
    )
    assert packages_in(made) == {"base-demo": "1.0", "changing-demo": "3.0"}

    failed = await server.changed(made, remove=["changing-demo"], install=["unsat-demo"])
    assert failed.state == "failed"
    assert packages_in(made) == {"base-demo": "1.0", "changing-demo": "3.0"}

    copy = await server.made("two", clone_of=identifier(made))
    assert packages_in(copy) == packages_in(made)
    for prefix in (made, copy):
        ended = await server.ended(await server.work.remove(identifier(prefix), kernels=True))
        assert ended.state == "succeeded", ended
    assert list(conda_home.envs.iterdir()) == []


async def test_one_that_lies_elsewhere_is_removed_with_the_link_to_it(conda_home: Home) -> None:
    server = conda_home.server()
    prefix = await server.made("new", "base-demo")
    elsewhere = conda_home.path / "large-disk" / "abc"
    elsewhere.parent.mkdir()
    prefix.rename(elsewhere)
    prefix.symlink_to(elsewhere)

    removed = await server.ended(await server.work.remove(identifier(prefix), kernels=True))

    assert removed.state == "succeeded", removed.message
    assert list(elsewhere.parent.iterdir()) == []
    assert list(conda_home.envs.iterdir()) == []


async def test_a_cancel_while_it_downloads_leaves_nothing(
    conda_home: Home, channel: ChannelServer
) -> None:
    server = conda_home.server()
    channel.bytes_per_second = 2_000_000
    operation = await server.create("new", "python", "ipykernel")
    await reaches(server, operation, "download", done_bytes=3_000_000)

    await server.operations.cancel_or_dismiss(operation.id)
    ended = await server.ended(operation)

    assert ended.state == "cancelled"
    assert list(conda_home.envs.iterdir()) == []
    assert half_done(conda_home) == []
    channel.bytes_per_second = None
    assert "python" in packages_in(await server.made("new", "python"))


async def test_a_cancel_while_it_links_leaves_nothing(conda_home: Home) -> None:
    server = conda_home.server()
    operation = await server.create("new", "python", "ipykernel")
    await reaches(server, operation, "link")
    await asyncio.sleep(1)

    await server.operations.cancel_or_dismiss(operation.id)
    ended = await server.ended(operation)

    assert ended.state == "cancelled"
    assert list(conda_home.envs.iterdir()) == []
    assert half_done(conda_home) == []


async def test_conda_ends_with_a_worker_that_is_killed_and_leaves_nothing(
    conda_home: Home,
) -> None:
    server = conda_home.server()
    operation = await server.create("new", "python", "ipykernel")
    await reaches(server, operation, "link")
    worker = conda_home.folder_of(operation).worker_pid()
    assert worker is not None

    os.kill(worker, signal.SIGKILL)
    ended = await server.ended(operation)

    assert ended.state == "lost", ended
    assert list(conda_home.envs.iterdir()) == []
    assert at_work_in(conda_home.path) == []


@pytest.mark.parametrize("is_configured", [True, False])
async def test_a_token_is_in_no_argument_while_it_runs(
    conda_home: Home, channel: ChannelServer, is_configured: bool
) -> None:
    channel.token = "tk-0123456789-secret"
    channel.bytes_per_second = 2_000_000
    if is_configured:
        more = f"envs_dirs: [{conda_home.envs}]\npkgs_dirs: [{conda_home.path}/pkgs]\n"
        conda_home.configure(channel.url, more=more)
        conda_home.monkeypatch.setenv("CONDA_EXE", CONDA)
    server = conda_home.server()
    asked = [] if is_configured else [channel.url]
    operation = await server.create("new", "python", channels=asked)
    await reaches(server, operation, "download")

    running = at_work_in(conda_home.path)
    channel.bytes_per_second = None
    ended = await server.ended(operation)

    assert ended.state == "succeeded", ended
    assert any("create" in line for line in running)
    assert channel.token not in "\n".join(running)
    assert channel.token not in conda_home.log_of(operation)


def at_work_in(folder: Path) -> list[str]:
    """What runs with that folder among its arguments."""
    lines = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(folder) in line:
            lines.append(line)
    return lines
