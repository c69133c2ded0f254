"""Logs over HTTP, as a browser reads them: parts with where to go on, and the whole as a file."""

from __future__ import annotations

import asyncio
import hashlib
import os
import resource
import socket
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.builders import until
from tests.logs.reading import append
from tests.web.conftest import Answer

Get = Callable[..., Awaitable[Answer]]

MIB = 1024 * 1024
LOG = "instances/amy-notebooks/logs/creation.log"


@pytest.fixture(autouse=True)
def on_an_instance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI_NAME", "amy-notebooks")


@pytest.fixture
def share(tmp_path: Path) -> Path:
    share = tmp_path / "code"
    (share / "Logs" / "amy-notebooks").mkdir(parents=True)
    return share


@pytest.fixture
def log(share: Path) -> Path:
    log = share / "Logs" / "amy-notebooks" / "creation.log"
    log.write_bytes(b"one\ntwo\n")
    return log


@pytest.fixture
def ci_manager_config(share: Path) -> dict[str, Any]:
    return {"notebook_share": str(share)}


@pytest.fixture
def get(http_server_client: Any, jp_base_url: str, jp_auth_header: dict[str, str]) -> Get:
    """Asks for an address as it is: ``ask`` would encode it once more."""

    async def asked(path: str, **params: object) -> Answer:
        response = await http_server_client.fetch(
            f"{jp_base_url}ci-manager/{path}?{urlencode(params)}",
            headers=jp_auth_header,
            raise_error=False,
        )
        return Answer(response.code, response.body, response.headers)

    return asked


async def test_a_part_comes_with_where_to_go_on(get: Get, log: Path) -> None:
    answer = await get(LOG, offset=4)

    assert (answer.status, answer.body) == (200, b"two\n")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Ci-Log-Offset"] == "4"
    assert answer.headers["Ci-Log-Next"] == answer.headers["Ci-Log-Size"] == "8"
    assert answer.headers["Ci-Log-Generation"]
    assert "Ci-Log-Change" not in answer.headers


async def test_who_waits_gets_the_line_when_it_is_written(get: Get, log: Path) -> None:
    first = await get(LOG)
    waiting = asyncio.ensure_future(
        get(LOG, offset=8, wait=30, generation=first.headers["Ci-Log-Generation"])
    )
    await asyncio.sleep(1)
    append(log, b"three\n")
    began = time.monotonic()
    answer = await waiting

    assert answer.body == b"three\n"
    assert time.monotonic() - began < 0.5


async def test_a_log_that_was_written_anew_says_so_and_begins_at_0(get: Get, log: Path) -> None:
    first = await get(LOG)
    log.write_bytes(b"1\n")
    answer = await get(LOG, offset=8, generation=first.headers["Ci-Log-Generation"])

    assert (answer.body, answer.headers["Ci-Log-Offset"]) == (b"1\n", "0")
    assert answer.headers["Ci-Log-Change"] == "truncated"


async def test_a_log_is_read_to_its_end_without_loss_or_repetition(get: Get, log: Path) -> None:
    content = os.urandom(3 * MIB + 5)
    log.write_bytes(content)
    got, generation = b"", ""
    while True:
        answer = await get(LOG, offset=len(got), generation=generation)
        if not answer.body:
            break
        assert len(answer.body) <= MIB
        got, generation = got + answer.body, answer.headers["Ci-Log-Generation"]

    assert hashlib.sha256(got).digest() == hashlib.sha256(content).digest()


async def test_a_log_in_a_folder_is_one_segment_of_the_address(get: Get, log: Path) -> None:
    (log.parent / "startup").mkdir()
    (log.parent / "startup" / "2026 nov.log").write_bytes(b"in a folder")
    part = await get(f"{LOG.rpartition('/')[0]}/{quote('startup/2026 nov.log', safe='')}")

    assert part.body == b"in a folder"


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"offset": -1}, "BadRequest"),
        ({"offset": "x"}, "BadRequest"),
        ({"offset": 2**53 + 1}, "BadRequest"),
        ({"offset": 9}, "InvalidOffset"),
        ({"offset": 2**53}, "InvalidOffset"),
        ({"wait": 61}, "BadRequest"),
        ({"wait": -1}, "BadRequest"),
        ({"wait": "nan"}, "BadRequest"),
        ({"generation": "x" * 200}, "BadRequest"),
        ({"length": 5}, "BadRequest"),
    ],
)
async def test_what_no_log_has_is_refused(
    get: Get, log: Path, params: dict[str, object], code: str
) -> None:
    answer = await get(LOG, **params)

    assert (answer.status, answer.error.code) == (400, code)
    assert answer.error.hint


TRICKS = [
    "..",
    "../../../secret",
    "/etc/passwd",
    "a/../../secret",
    "",
    ".",
    "creation.log/",
    "a\0b",
]


@pytest.mark.parametrize("ending", ["", "/content", "/diagnosis"])
@pytest.mark.parametrize("trick", [*TRICKS, "link", "fifo", "linked/secret", "x" * 2000, "%41"])
async def test_nothing_but_the_logs_of_the_instance_is_read(
    get: Get, log: Path, share: Path, trick: str, ending: str
) -> None:
    (share.parent / "secret").write_bytes(b"not for you")
    (log.parent / "link").symlink_to(share.parent / "secret")
    (log.parent / "linked").symlink_to(share.parent)
    os.mkfifo(log.parent / "fifo")
    answer = await get(f"instances/amy-notebooks/logs/{quote(trick, safe='')}{ending}")

    assert 400 <= answer.status < 500
    assert answer.error.message
    assert b"not for you" not in answer.body


async def test_a_client_that_goes_ends_what_was_waited_for(
    get: Get, log: Path, jp_serverapp: Any, jp_http_port: int, jp_base_url: str
) -> None:
    await get(LOG)
    reader = (await jp_serverapp.web_app.settings["ci_manager_services"].services()).log_reader
    shared = next(iter(reader._logs.values()))
    with socket.create_connection(("127.0.0.1", jp_http_port)) as client:
        client.sendall(
            f"GET {jp_base_url}ci-manager/{LOG}?offset=8&wait=50 HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: token {jp_serverapp.identity_provider.token}\r\n\r\n".encode()
        )
        await until(lambda: shared.users == 1)
    await until(lambda: shared.users == 0, timeout_seconds=3)


# --- download -----------------------------------------------------------------------------------


async def test_the_download_is_what_was_written_and_is_never_shown(get: Get, log: Path) -> None:
    content = b"<script>alert(1)</script>\n" + os.urandom(5 * MIB)
    log.write_bytes(content)
    answer = await get(f"{LOG}/content")

    assert hashlib.sha256(answer.body).digest() == hashlib.sha256(content).digest()
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="amy-notebooks-creation.log"')


async def test_an_empty_log_is_downloaded_as_an_empty_file(get: Get, log: Path) -> None:
    log.write_bytes(b"")
    answer = await get(f"{LOG}/content")

    assert (answer.status, answer.body) == (200, b"")


async def test_the_name_of_the_file_cannot_break_out_of_its_header(get: Get, log: Path) -> None:
    name = 'a"; x=\\ü.log'
    log.rename(log.with_name(name))
    answer = await get(f"{LOG.rpartition('/')[0]}/{quote(name, safe='')}/content")

    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="amy-notebooks-a_; x=__.log"; '
        "filename*=UTF-8''amy-notebooks-a%22%3B%20x%3D%5C%C3%BC.log"
    )


async def test_a_log_that_is_replaced_while_it_is_downloaded_is_no_whole_file(
    get: Get, log: Path, jp_serverapp: Any, jp_http_port: int, jp_base_url: str
) -> None:
    log.write_bytes(os.urandom(40 * MIB))
    reader, writer = await asyncio.open_connection("127.0.0.1", jp_http_port)
    writer.write(
        f"GET {jp_base_url}ci-manager/{LOG}/content HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: token {jp_serverapp.identity_provider.token}\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    log.with_name("new").write_bytes(os.urandom(40 * MIB))
    log.with_name("new").replace(log)
    body = await reader.read(-1)
    writer.close()

    assert f"Content-Length: {40 * MIB}".encode() in head
    assert len(body) < 40 * MIB


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


async def test_a_download_that_nobody_takes_is_not_kept_in_memory(
    get: Get, log: Path, jp_serverapp: Any, jp_http_port: int, jp_base_url: str
) -> None:
    with log.open("wb") as file:
        file.truncate(2000 * MIB)
    await get(LOG)
    before = resident_bytes()
    _, writer = await asyncio.open_connection("127.0.0.1", jp_http_port, limit=MIB)
    writer.write(
        f"GET {jp_base_url}ci-manager/{LOG}/content HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: token {jp_serverapp.identity_provider.token}\r\n\r\n".encode()
    )
    await asyncio.sleep(1)
    much = resident_bytes() - before
    writer.close()

    assert much < 30 * MIB
