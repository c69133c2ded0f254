"""Creating environments with the embedded engine, for real, from a channel over HTTP."""

from __future__ import annotations

import json
import stat
import subprocess
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from jupyter_ci_manager.errors import (
    BadRequest,
    CiManagerError,
    EnvironmentExists,
    InvalidEnvironmentName,
    InvalidSpec,
    KernelProtected,
    NoEngine,
)
from jupyter_ci_manager.models import (
    CreateEnvironment,
    EnvironmentFile,
    KernelRequest,
    PlanEnvironment,
)
from tests.environments.channel.serving import ChannelServer
from tests.environments.working import Home, identifier, packages_in, work_of


async def test_an_environment_is_created_and_its_log_can_be_read(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    server = home.server()

    operation = await server.create("analysis", "changing-demo=2")
    ended = await server.ended(operation)

    assert ended.state == "succeeded", ended.message
    assert operation.target == str(home.envs / "analysis")
    assert packages_in(home.envs / "analysis") == {"base-demo": "1.0", "changing-demo": "2.0"}
    assert home.left_over() == []
    assert sorted(each.name for each in home.envs.iterdir()) == ["analysis"]
    assert "+ changing-demo 2.0" in home.log_of(operation)
    assert str(home.envs / "analysis") in (home.path / ".conda/environments.txt").read_text()


@pytest.mark.slow
async def test_it_has_what_pip_installs_variables_and_a_kernel(
    home: Home, channel: ChannelServer, tiny_wheel: str
) -> None:
    home.configure("conda-forge")
    text = (
        f"name: other\nchannels: [{channel.url}, nodefaults]\nvariables:\n  DEMO: yes-it-is\n"
        f"dependencies:\n  - python\n  - pip:\n      - tiny_demo @ {tiny_wheel}\n"
    )
    server = home.server()

    prefix = await server.made(
        "analysis",
        file=EnvironmentFile("environment.yml", content=text),
        kernel=KernelRequest("Analysis"),
    )

    assert _said(prefix / "bin" / "tiny_demo") == "tiny"
    assert json.loads((prefix / "conda-meta/state").read_text())["env_vars"] == {
        "DEMO": "yes-it-is"
    }
    kernelspec = home.path / "jupyter/kernels/analysis/kernel.json"
    assert json.loads(kernelspec.read_text())["display_name"] == "Analysis"
    assert {"ipykernel", "pip", "python"} <= packages_in(prefix).keys()
    assert home.left_over() == []


@pytest.mark.slow
async def test_a_copy_has_what_pip_has_installed_and_works_alone(
    home: Home, channel: ChannelServer, tiny_wheel: str
) -> None:
    home.configure(channel.url)
    server = home.server()
    source = await server.made("first", "python", pip=[f"tiny_demo @ {tiny_wheel}"])

    copy = await server.made("second", clone_of=identifier(source))
    removed = await server.ended(await server.work.remove(identifier(source), kernels=True))

    assert removed.state == "succeeded"
    assert packages_in(copy).keys() == {"pip", "python"}
    assert _said(copy / "bin" / "tiny_demo") == "tiny"
    assert [each.name for each in home.envs.iterdir()] == ["second"]


async def test_an_explicit_list_is_installed_as_it_is(home: Home, channel: ChannelServer) -> None:
    home.configure("conda-forge")
    lines = [
        "@EXPLICIT",
        f"{channel.url}/noarch/base-demo-1.0-0.tar.bz2#{_md5(channel, 'base-demo-1.0-0')}",
        f"{channel.url}/noarch/changing-demo-1.0-0.tar.bz2",
    ]
    server = home.server()

    prefix = await server.made("listed", file=EnvironmentFile("list.txt", content="\n".join(lines)))

    assert packages_in(prefix) == {"base-demo": "1.0", "changing-demo": "1.0"}


async def test_a_package_that_is_not_the_one_of_the_list_is_refused(
    home: Home, channel: ChannelServer
) -> None:
    home.configure("conda-forge")
    text = f"@EXPLICIT\n{channel.url}/noarch/base-demo-1.0-0.tar.bz2#{'0' * 32}\n"
    server = home.server()

    ended = await server.ended(
        await server.create("listed", file=EnvironmentFile("list.txt", content=text))
    )

    assert ended.state == "failed"
    assert "checksum" in ended.message
    assert list(home.envs.iterdir()) == []


async def test_specs_that_do_not_go_together_are_explained(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    server = home.server()

    ended = await server.ended(await server.create("new", "unsat-demo"))

    assert ended.state == "failed"
    assert ended.error is not None
    assert ended.error.code == "NoSolution"
    assert "activate-demo >=2, for which no candidates were found" in ended.error.message
    assert list(home.envs.iterdir()) == []


async def test_a_package_that_no_channel_has_is_told_with_the_nearest_names(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    server = home.server()

    ended = await server.ended(await server.create("new", "ipykernle"))

    assert ended.error is not None
    assert ended.error.code == "PackagesNotFound"
    assert ended.error.message == "No channel has ipykernle. Did you mean ipykernel?"
    assert (ended.error.details or {})["nearest"] == "ipykernel"


async def test_of_very_many_that_no_channel_has_only_some_are_told(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    server = home.server()

    ended = await server.ended(await server.create("new", *(f"p{each:04}" for each in range(500))))

    assert ended.message.startswith("No channel has p0000, p0001, ")
    assert ended.message.endswith(" p0019 or 480 others.")


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (
            "changing-demo=9",
            "No candidates were found for changing-demo 9.*. There is changing-demo 3.0, 2.0, 1.0.",
        ),
        (
            "http://127.0.0.1:9/noarch/far-1.0-0.conda",
            "http://127.0.0.1:9/noarch/far-1.0-0.conda cannot be reached: ",
        ),
        ("base-demo=1++", "'base-demo=1++' cannot be understood: "),
    ],
)
async def test_what_is_in_the_way_is_said_of_what_was_asked_for(
    home: Home, channel: ChannelServer, spec: str, message: str
) -> None:
    home.configure(channel.url)
    server = home.server()

    ended = await server.ended(await server.create("new", spec))

    assert ended.state == "failed"
    assert ended.message.startswith(message)
    assert list(home.envs.iterdir()) == []


async def test_a_channel_that_cannot_be_reached_is_named_with_the_reason(home: Home) -> None:
    home.configure("http://127.0.0.1:9/nobody")
    server = home.server()

    ended = await server.ended(await server.create("new", "python"))

    assert ended.error is not None
    assert ended.error.code == "ChannelUnreachable"
    assert "http://127.0.0.1:9/nobody" in ended.error.message
    assert "Connection refused" in ended.error.message


async def test_a_broken_channel_is_named_with_the_status(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    channel.broken = HTTPStatus.FORBIDDEN
    server = home.server()

    ended = await server.ended(await server.create("new", "python"))

    assert ended.error is not None
    assert ended.error.code == "ChannelUnreachable"
    assert "403" in ended.error.message


async def test_a_token_lets_one_in_and_is_never_told(home: Home, channel: ChannelServer) -> None:
    channel.token = "s3cret-token-of-a-person"
    home.configure(channel.url)
    server = home.server()

    operation = await server.create("private", "changing-demo")
    ended = await server.ended(operation)
    channel.broken = HTTPStatus.INTERNAL_SERVER_ERROR
    refused = await server.create("refused", "base-demo")
    failed = await server.ended(refused)

    assert ended.state == "succeeded", ended.message
    assert failed.state == "failed"
    details = [await server.operations.get(each.id) for each in (operation, refused)]
    told = [str(details), home.log_of(operation), home.log_of(refused)]
    told += [file.read_text() for file in (home.envs / "private/conda-meta").glob("*.json")]
    told += [
        file.read_text(errors="replace")
        for file in (home.data / "environment-work").rglob("*")
        if file.is_file()
    ]
    assert not any(channel.token in text for text in told)
    # Rattler keeps there what it has asked for, and a home may be open to others.
    assert stat.S_IMODE((home.cache / "repodata").stat().st_mode) == 0o700


async def test_what_the_engine_must_have_in_an_address_stays_in_no_record(
    home: Home, channel: ChannelServer
) -> None:
    channel.token = "s3cret-token-of-a-person"
    home.configure(channel.url.replace("://", "://amy:pass-word@"))
    server = home.server()

    prefix = await server.made("private", "changing-demo=1")
    changed = await server.changed(prefix, update=["changing-demo"])
    again = await server.changed(prefix, install=["activate-demo"])

    assert [changed.state, again.state] == ["succeeded", "succeeded"]
    assert packages_in(prefix).keys() == {"activate-demo", "base-demo", "changing-demo"}
    records = [file.read_text() for file in (prefix / "conda-meta").glob("*.json")]
    assert not any(channel.token in text or "pass-word" in text for text in records)
    assert all(channel.bare_url in text for text in records)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/t/tk-secret/noarch/x-1-0.conda", "file:///nowhere/x-1-0.conda"]
)
async def test_a_package_of_a_list_that_cannot_be_had_is_named(home: Home, address: str) -> None:
    home.configure("conda-forge")
    server = home.server()

    text = f"@EXPLICIT\n{address}\n"
    ended = await server.ended(
        await server.create("new", file=EnvironmentFile("list.txt", content=text))
    )

    assert ended.error is not None
    assert ended.error.code == "ChannelUnreachable"
    assert address.replace("/t/tk-secret", "") in ended.message


async def test_a_token_that_is_wrong_is_told_without_it(home: Home, channel: ChannelServer) -> None:
    channel.token = "s3cret-token-of-a-person"
    home.configure(f"{channel.bare_url}/t/another-s3cret")
    server = home.server()

    ended = await server.ended(await server.create("private", "changing-demo"))

    assert ended.state == "failed"
    assert "s3cret" not in str(ended)


async def test_scripts_of_packages_are_not_run_and_that_is_said(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    server = home.server()

    operation = await server.create("new", "script-demo")
    await server.ended(operation)

    assert not (home.envs / "new" / "post-link-ran").exists()
    assert "script-demo" in home.log_of(operation)
    assert "it is not run" in home.log_of(operation)


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"name": "../up", "specs": ["python"]}, InvalidEnvironmentName),
        ({"name": "a b", "specs": ["python"]}, InvalidEnvironmentName),
        ({"name": "base", "specs": ["python"]}, InvalidEnvironmentName),
        ({"name": "ä", "specs": ["python"]}, InvalidEnvironmentName),
        ({"name": "x" * 300, "specs": ["python"]}, InvalidEnvironmentName),
        ({"name": "..", "specs": ["python"]}, InvalidEnvironmentName),
        ({"prefix": "relative/path", "specs": ["python"]}, InvalidEnvironmentName),
        ({"prefix": "/data/a b", "specs": ["python"]}, InvalidEnvironmentName),
        ({"prefix": "/", "specs": ["python"]}, InvalidEnvironmentName),
        ({"specs": ["python"]}, BadRequest),
        ({"name": "a", "prefix": "/data/a", "specs": ["python"]}, BadRequest),
        ({"name": "new"}, InvalidSpec),
        ({"name": "new", "specs": ["--yes"]}, InvalidSpec),
        ({"name": "new", "specs": ["python=>3"]}, InvalidSpec),
        ({"name": "new", "specs": ["python"], "pip": ["-e ."]}, InvalidSpec),
        ({"name": "new", "specs": ["python"], "channels": ["$(id)"]}, InvalidSpec),
        ({"name": "new", "specs": ["python"], "engine": "micromamba"}, NoEngine),
    ],
)
async def test_what_cannot_be_made_is_refused_and_begins_nothing(
    home: Home, request_: dict[str, Any], error: type[CiManagerError]
) -> None:
    home.configure("conda-forge")
    server = home.server()

    with pytest.raises(error):
        await server.work.create(CreateEnvironment(**request_))

    assert (await server.operations.list()).items == []
    assert list(home.envs.iterdir()) == []
    assert not (home.data / "environment-work").exists()


@pytest.mark.parametrize("kind", ["environment", "folder", "file", "dangling link"])
async def test_what_is_there_is_never_written_over(home: Home, kind: str) -> None:
    home.configure("conda-forge")
    place = home.envs / "taken"
    if kind == "file":
        place.write_text("mine")
    elif kind == "dangling link":
        place.symlink_to("/nowhere")
    else:
        (place / ("conda-meta" if kind == "environment" else "mine")).mkdir(parents=True)
    server = home.server()

    with pytest.raises(EnvironmentExists):
        await server.create("taken", "python")

    assert place.is_symlink() or place.exists()


def _md5(channel: ChannelServer, name: str) -> str:
    document = json.loads((channel.folder / "noarch" / "repodata.json").read_text())
    return str(document["packages"][f"{name}.tar.bz2"]["md5"])


def _said(program: Path) -> str:
    done = subprocess.run([str(program)], capture_output=True, text=True, check=True, env={})
    return done.stdout.strip()


async def test_a_kernel_that_jupyter_would_not_show_is_refused_before_anything_is_made(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    work = work_of(home.path, home.server().operations, allowed_kernels={"approved"})
    for kernel in (KernelRequest("Mine"), KernelRequest("Mine", name="mine")):
        request = CreateEnvironment(name="new", specs=["python"], kernel=kernel)
        with pytest.raises(KernelProtected, match="these kernels only: approved") as refused:
            await work.create(request)
        with pytest.raises(KernelProtected):
            await work.plan(PlanEnvironment(create=request))

    assert refused.value.body.hint
    assert list(home.envs.iterdir()) == []
    assert not (home.data / "environment-work").exists()
    approved = KernelRequest("Mine", name="Approved")
    planned = await work.plan(
        PlanEnvironment(create=CreateEnvironment(name="new", specs=["base-demo"], kernel=approved))
    )
    assert planned.kind == "environment.plan"


async def test_a_channel_may_be_a_folder(home: Home, channel_folder: Path) -> None:
    home.configure(channel_folder.as_uri())
    server = home.server()

    prefix = await server.made("new", "changing-demo")

    assert packages_in(prefix)["changing-demo"] == "3.0"
