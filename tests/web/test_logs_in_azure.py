"""Logs that are read from the workspace's file share in Azure, by the real client over HTTP."""

from __future__ import annotations

import asyncio
import hashlib
import time
from pathlib import Path

import pytest

from jupyter_ci_manager.emulator import Emulator
from tests.logs.reading import append
from tests.web.conftest import Answer, Ask

LOG = "instances/amy-notebooks/logs/growing.log"


@pytest.fixture(autouse=True)
def nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI_NAME", raising=False)


@pytest.fixture
def log(azure: Emulator) -> Path:
    folder = azure.share / "Logs" / "amy-notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "growing.log").write_bytes(b"one\n")
    return folder / "growing.log"


async def read(ask: Ask, **params: object) -> Answer:
    return await ask("GET", LOG, params={name: str(value) for name, value in params.items()})


async def test_a_log_is_followed_while_it_grows_and_is_truncated(ask: Ask, log: Path) -> None:
    first = await read(ask)
    waiting = asyncio.ensure_future(
        read(ask, offset=4, wait=30, generation=first.headers["Ci-Log-Generation"])
    )
    await asyncio.sleep(1)
    append(log, b"two\n")
    began = time.monotonic()
    more = await waiting
    seconds = time.monotonic() - began
    log.write_bytes(b"1\n")
    anew = await read(ask, offset=8, wait=30, generation=more.headers["Ci-Log-Generation"])

    assert (first.body, more.body, anew.body) == (b"one\n", b"two\n", b"1\n")
    assert seconds < 3
    assert "Ci-Log-Change" not in more.headers
    assert anew.headers["Ci-Log-Change"] == "truncated"
    assert anew.headers["Ci-Log-Offset"] == "0"


async def test_many_who_wait_cost_azure_what_one_does(ask: Ask, log: Path, azure: Emulator) -> None:
    first = await read(ask)
    azure.requests.clear()
    params = {"offset": 4, "wait": 30, "generation": first.headers["Ci-Log-Generation"]}
    waiting = [asyncio.ensure_future(read(ask, **params)) for _ in range(50)]
    await asyncio.sleep(3)
    append(log, b"two\n")
    got = await asyncio.gather(*waiting)

    assert {answer.body for answer in got} == {b"two\n"}
    assert len(azure.requests.matching("HEAD", "growing.log")) < 30
    assert len(azure.requests.matching("GET", "growing.log")) < 8


async def test_the_download_is_what_is_in_the_share(ask: Ask, log: Path) -> None:
    content = b"".join(b"%d: a line\n" % number for number in range(500_000))
    log.write_bytes(content)
    answer = await ask("GET", f"{LOG}/content")

    assert hashlib.sha256(answer.body).digest() == hashlib.sha256(content).digest()


async def test_a_log_that_is_not_there_is_not_found(ask: Ask, log: Path) -> None:
    log.unlink()
    for path in (LOG, f"{LOG}/content", f"{LOG}/diagnosis"):
        answer = await ask("GET", path)

        assert (answer.status, answer.error.code) == (404, "LogNotFound")
