"""Kernels over HTTP: what Jupyter then shows, and bad requests that change nothing."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.disk.mounting import remount, tmpfs
from tests.disk.scanning import needs_linux
from tests.environments.kernel_environments import KernelEnvironment
from tests.web.conftest import Ask, Fetch, finished

pytestmark = needs_linux


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KernelEnvironment:
    monkeypatch.setenv("CONDA_ENVS_DIRS", str(tmp_path / "envs"))
    return KernelEnvironment.made_at(tmp_path / "envs" / "analysis")


async def id_of(ask: Ask, environment: KernelEnvironment) -> str:
    items = (await ask("GET", "environments")).json["items"]
    found = next(each for each in items if each["prefix"] == str(environment.prefix))
    return str(found["id"])


async def listed(ask: Ask) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in (await ask("GET", "kernels")).json["items"]}


async def registered(ask: Ask, environment_id: str, **kernel: Any) -> dict[str, Any]:
    body = {"environment_id": environment_id, "kernel": {"display_name": "Analysis", **kernel}}
    started = await ask("POST", "kernels", body)
    assert started.status == 202, started.body
    assert started.json["kind"] == "kernel.register"
    return await finished(ask, started.json)


async def test_an_environment_becomes_a_kernel_that_jupyter_shows_and_goes_again(
    ask: Ask, jp_fetch: Fetch, environment: KernelEnvironment
) -> None:
    environment.script("any", "export ACTIVATED=yes")
    environment_id = await id_of(ask, environment)

    details = await registered(ask, environment_id, env={"MODE": "test"})
    assert details["operation"]["state"] == "succeeded", details
    shown = json.loads((await jp_fetch("api", "kernelspecs")).body)["kernelspecs"]["analysis"]
    assert shown["spec"]["display_name"] == "Analysis"
    kernel = (await listed(ask))["analysis"]
    assert (kernel["environment_id"], kernel["is_ours"]) == (environment_id, True)
    environments = (await ask("GET", "environments")).json["items"]
    assert ["analysis"] in [each["kernels"] for each in environments]

    checked = await finished(ask, (await ask("POST", "kernels/analysis/check", {})).json)
    assert checked["operation"]["state"] == "succeeded", checked
    check = (await listed(ask))["analysis"]["check"]
    assert (check["ok"], check["interpreter"]) == (True, environment.python)

    renamed = await ask("PUT", "kernels/analysis", {"display_name": "Renamed"})
    assert (renamed.status, renamed.json["display_name"]) == (200, "Renamed")
    shown = json.loads((await jp_fetch("api", "kernelspecs")).body)["kernelspecs"]["analysis"]
    assert shown["spec"]["display_name"] == "Renamed"

    removed = await ask("DELETE", "kernels/analysis")
    assert (removed.status, removed.body) == (204, b"")
    assert "analysis" not in await listed(ask)
    shown = json.loads((await jp_fetch("api", "kernelspecs")).body)["kernelspecs"]
    assert "analysis" not in shown


async def test_an_environment_that_is_read_only_becomes_a_kernel_too(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDA_ENVS_DIRS", str(tmp_path / "envs"))
    with tmpfs(tmp_path / "envs", size="8m") as folder:
        whole = KernelEnvironment.made_at(folder / "whole")
        bare = KernelEnvironment.made_at(folder / "bare", ipykernel=False)
        remount(folder, "ro")

        details = await registered(ask, await id_of(ask, whole))
        assert details["operation"]["state"] == "succeeded", details
        checked = await finished(ask, (await ask("POST", "kernels/analysis/check", {})).json)
        assert checked["operation"]["state"] == "succeeded", checked

        kernel = {"environment_id": await id_of(ask, bare), "kernel": {"display_name": "Bare"}}
        refused = await ask("POST", "kernels", kernel)
        assert (refused.status, refused.error.code) == (409, "EnvironmentProtected")


async def test_a_notebooks_session_runs_in_the_environment(
    ask: Ask, jp_fetch: Fetch, environment: KernelEnvironment
) -> None:
    await registered(ask, await id_of(ask, environment))
    made = json.loads(
        (await jp_fetch("api", "kernels", method="POST", body='{"name": "analysis"}')).body
    )
    found: list[str] = []
    for _ in range(200):
        # What the process has become: our launcher is not there any more.
        found = [line for line in _command_lines() if str(environment.prefix) in line]
        if any("kernel_launcher.py" not in line for line in found):
            break
        await asyncio.sleep(0.05)
    await jp_fetch("api", "kernels", made["id"], method="DELETE")
    assert len(found) == 1
    assert found[0].startswith(f"{environment.python} -m ipykernel_launcher -f ")


def _command_lines() -> list[str]:
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            # It has ended meanwhile.
            continue
    return lines


@pytest.mark.parametrize(
    ("kernel", "status", "code"),
    [
        ({"display_name": "x", "name": "../../x"}, 400, "InvalidKernel"),
        ({"display_name": "x", "name": ".."}, 400, "InvalidKernel"),
        ({"display_name": "\u202ex"}, 400, "InvalidKernel"),
        ({"display_name": ""}, 400, "BadRequest"),
        ({"display_name": "x" * 201}, 400, "BadRequest"),
        ({"display_name": "x", "env": {"A=B": ""}}, 400, "InvalidKernel"),
        ({"display_name": "x", "env": {"A": 1}}, 400, "BadRequest"),
        ({"display_name": "x", "env": {"A": "\u0000"}}, 400, "InvalidKernel"),
        ({"display_name": "x", "scope": "system"}, 400, "BadRequest"),
        ({"display_name": "x", "language": "perl"}, 400, "BadRequest"),
        ({"display_name": "x", "name": "python3"}, 409, "KernelExists"),
        ({}, 400, "BadRequest"),
    ],
)
async def test_what_cannot_be_registered_is_refused_and_starts_nothing(
    ask: Ask, environment: KernelEnvironment, kernel: dict[str, Any], status: int, code: str
) -> None:
    environment_id = await id_of(ask, environment)
    answer = await ask("POST", "kernels", {"environment_id": environment_id, "kernel": kernel})
    assert (answer.status, answer.error.code) == (status, code)
    assert (await ask("GET", "operations")).json["items"] == []


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fx", "%00", "a" * 3000, "%2e%2e"])
async def test_a_kernel_that_is_not_there_is_not_found(ask: Ask, name: str) -> None:
    for method, path, body in (
        ("PUT", f"kernels/{name}", {"display_name": "x"}),
        ("DELETE", f"kernels/{name}", None),
        ("POST", f"kernels/{name}/check", {}),
    ):
        answer = await ask(method, path, body)
        assert answer.status in (400, 404), answer.body
    assert (await ask("GET", "operations")).json["items"] == []


async def test_jupyters_own_kernel_is_neither_renamed_nor_removed(ask: Ask) -> None:
    renamed = await ask("PUT", "kernels/python3", {"display_name": "Mine"})
    removed = await ask("DELETE", "kernels/python3")
    assert (renamed.status, renamed.error.code) == (409, "KernelProtected")
    assert (removed.status, removed.error.code) == (409, "KernelProtected")


async def test_an_environment_that_is_not_there_is_not_found(ask: Ask) -> None:
    body = {"environment_id": "nothing", "kernel": {"display_name": "x"}}
    answer = await ask("POST", "kernels", body)
    assert (answer.status, answer.error.code) == (404, "EnvironmentNotFound")
