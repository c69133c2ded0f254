"""Environments over HTTP with the machine's own conda, which answers as a real one was recorded.

What the wizard asks for: a plan, an environment with a kernel, how far it is, its log, a check of
the kernel, and removing both; and a cancel in the middle.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.disk.scanning import needs_linux
from tests.environments.kernel_environments import KernelEnvironment
from tests.environments.recorded import Recording, ReplayingConda, Step, until
from tests.web.conftest import Ask, finished

pytestmark = needs_linux

WANTED = {"name": "h1", "specs": ["python", "ipykernel"]}


@pytest.fixture
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CONDA_ENVS_DIRS", str(tmp_path / "envs"))
    monkeypatch.setenv("CONDA_PKGS_DIRS", str(tmp_path / "pkgs"))
    return tmp_path / "envs" / "h1"


@pytest.fixture
def ci_manager_config(tmp_path: Path) -> dict[str, Any]:
    return {"conda_executable": str(tmp_path / "bin" / "conda")}


def planned(prefix: Path) -> Step:
    """Works out what there is to download, before anything is done."""
    words = [*Recording("34-http-create-json-pty").called_on(prefix), "--dry-run"]
    return Step("30-http-create-json", prefix, words)


def removed(prefix: Path) -> Step:
    words = ["env", "remove", "-p", str(prefix), "--json", "--yes"]
    return Step("19-env-remove-json", prefix, words)


async def environments(ask: Ask) -> dict[str, dict[str, Any]]:
    items = (await ask("GET", "environments")).json["items"]
    return {each["prefix"]: each for each in items}


async def log_of(ask: Ask, operation: dict[str, Any]) -> str:
    answer = await ask("GET", f"operations/{operation['id']}/log/content")
    assert answer.status == 200, answer.body
    return answer.body.decode()


async def seen_phases(ask: Ask, operation: dict[str, Any]) -> list[dict[str, Any]]:
    """Every detail that a page would see, until it has ended."""
    seen: list[dict[str, Any]] = []
    revision = -1
    while True:
        parameters = {"wait": "20", "revision": str(revision)}
        answer = await ask("GET", f"operations/{operation['id']}", params=parameters)
        now = answer.json["operation"]
        if now.get("detail"):
            seen.append(now["detail"])
        if now["state"] not in ("queued", "running"):
            assert now["state"] == "succeeded", now
            return seen
        revision = now["revision"]


async def test_from_the_plan_to_a_kernel_that_runs_and_back(
    ask: Ask, tmp_path: Path, prefix: Path
) -> None:
    contents = KernelEnvironment.made_at(tmp_path / "linked").prefix
    conda = ReplayingConda(
        tmp_path / "bin",
        planned(prefix),
        planned(prefix),
        Step(
            "34-http-create-json-pty",
            prefix,
            makes_prefix=True,
            ends_with="environment",
            contents=contents,
            speed=0.3,
            linking_seconds=0.8,
        ),
        removed(prefix),
    )

    engine = (await ask("GET", "environments")).json["engine"]
    assert engine["engine"] == {"name": "conda", "version": "26.7.1", "executable": str(conda.path)}
    assert str(conda.path) in engine["note"]

    planning = await ask("POST", "environments/plan", {"create": WANTED})
    assert planning.status == 202, planning.body
    await finished(ask, planning.json)
    plan = (await ask("GET", f"environments/plan/{planning.json['id']}")).json
    assert len(plan["packages"]) == 31
    assert plan["download_bytes"] == pytest.approx(28.4 * 1024**2, rel=0.01)
    assert (plan["fits"], plan["prefix"]) == (True, str(prefix))
    assert not prefix.exists()

    creating = await ask(
        "POST", "environments", {**WANTED, "kernel": {"display_name": "Analysis (conda)"}}
    )
    assert creating.status == 202, creating.body
    details = await seen_phases(ask, creating.json)
    phases = list(dict.fromkeys(detail["phase"] for detail in details))
    assert details[0]["phases"] == ["solve", "download", "link", "kernel"]
    # The last one may be over before anybody looks.
    assert phases[:3] == ["solve", "download", "link"]
    downloads = [detail for detail in details if detail["phase"] == "download"]
    assert {detail["bytes_total"] for detail in downloads} - {None} == {plan["download_bytes"]}
    assert len({detail["bytes_done"] for detail in downloads}) > 2
    assert "downloaded python-3.11.7" in await log_of(ask, creating.json)

    made = (await environments(ask))[str(prefix)]
    # With the record of the Python that stands in for the recorded one.
    assert (made["state"], made["name"], made["package_count"]) == ("ok", "h1", 31 + 1)
    [kernel] = made["kernels"]
    checked = await finished(ask, (await ask("POST", f"kernels/{kernel}/check", {})).json)
    assert checked["operation"]["state"] == "succeeded", checked

    removal = await ask("DELETE", f"environments/{made['id']}", params={"kernels": "true"})
    assert removal.status == 202, removal.body
    assert not removal.json["cancellable"]
    removing = await finished(ask, removal.json)
    assert removing["operation"]["state"] == "succeeded", removing
    assert not prefix.exists()
    assert str(prefix) not in await environments(ask)
    kernels = (await ask("GET", "kernels")).json["items"]
    assert kernel not in {each["name"] for each in kernels}
    assert len(conda.calls) == 4
    assert all(call["terminal"] for call in conda.calls)


async def test_a_cancel_while_it_downloads_leaves_nothing_and_the_name_is_free_again(
    ask: Ask, tmp_path: Path, prefix: Path
) -> None:
    partial = tmp_path / "pkgs" / "python-3.11.7-0_cpython.tar.bz2.partial"
    conda = ReplayingConda(
        tmp_path / "bin",
        planned(prefix),
        Step(
            "33-sigint-fetch-json",
            prefix,
            Recording("34-http-create-json-pty").called_on(prefix),
            begins_like="34-http-create-json-pty",
            begins_until=1.4,
            leaves_in_cache=[partial],
        ),
        planned(prefix),
        Step("34-http-create-json-pty", prefix, makes_prefix=True, ends_with="environment"),
    )
    operation = (await ask("POST", "environments", WANTED)).json
    await until(partial.exists, "the download")

    cancelled = await ask("DELETE", f"operations/{operation['id']}")
    assert cancelled.status in (200, 202, 204), cancelled.body
    ended = await finished(ask, operation)

    assert ended["operation"]["state"] == "cancelled", ended
    # Nor the folder that was made for it.
    assert not (tmp_path / "envs").exists()
    assert not partial.exists()
    assert str(prefix) not in await environments(ask)

    again = await finished(ask, (await ask("POST", "environments", WANTED)).json)
    assert again["operation"]["state"] == "succeeded", again
    assert len(conda.calls) == 4


async def test_an_error_of_conda_reaches_the_page_in_words_and_leaves_nothing(
    ask: Ask, tmp_path: Path, prefix: Path
) -> None:
    wanted = {"name": "h1", "specs": ["unsat-demo"]}
    words = [*Recording("08-create-unsat-json-rattler").called_on(prefix), "--dry-run"]
    ReplayingConda(tmp_path / "bin", Step("08-create-unsat-json-rattler", prefix, words))

    ended = await finished(ask, (await ask("POST", "environments", wanted)).json)

    error = ended["operation"]["error"]
    assert error["code"] == "NoSolution"
    assert "activate-demo >=2, for which no candidates were found" in error["message"]
    assert not prefix.exists()


async def test_an_environment_that_is_there_is_not_touched(
    ask: Ask, tmp_path: Path, prefix: Path
) -> None:
    kept = prefix / "conda-meta" / "history"
    kept.parent.mkdir(parents=True)
    kept.write_text("mine\n")
    conda = ReplayingConda(tmp_path / "bin", planned(prefix))

    answer = await ask("POST", "environments", WANTED)

    assert (answer.status, answer.error.code) == (409, "EnvironmentExists")
    assert conda.calls == []
    assert kept.read_text() == "mine\n"
