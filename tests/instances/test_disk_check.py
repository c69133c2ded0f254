"""The disk of another instance, asked of its Jupyter server: in the emulator, and a real one."""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerRequest
from tornado.netutil import bind_sockets

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.instances.credentials import emulator_credential
from jupyter_ci_manager.instances.disk_check import DiskCheck, DiskUnknown, Shortage
from jupyter_ci_manager.instances.jupyter_endpoint import address_of
from jupyter_ci_manager.models import Application, Instance
from tests.builders import JupyterToken, instance, until

NAME = "amy-notebooks"
GB = 1_000_000_000
PATIENCE = 0.6


def there(azure: Emulator, uri: str | None = None, **changes: Any) -> Instance:
    """The instance as Azure lists it, or with another address of its Jupyter server."""
    uri = uri or f"{azure.url}/jupyter/{NAME}/tree/"
    fields: dict[str, Any] = {"mine": True, "applications": [Application("Jupyter", uri)]}
    return instance(NAME, **(fields | changes))


def check_of(azure: Emulator, **changes: Any) -> DiskCheck:
    settings: dict[str, Any] = {
        "scope": f"{azure.url}/.default",
        "emulator": azure.url,
        "thresholds": {"/": 5 * GB, "/mnt": GB},
        "timeout_seconds": PATIENCE,
    }
    return DiskCheck(**({"credential": emulator_credential({})} | settings | changes))


def terminals(azure: Emulator) -> list[str]:
    server = azure.jupyter.of(NAME)
    assert server is not None
    return list(server.terminals)


def without_extension(azure: Emulator, **changes: Any) -> None:
    server = azure.jupyter.of(NAME)
    assert server is not None
    server.extension = False
    for key, value in changes.items():
        setattr(server, key, value)


async def reason(azure: Emulator, item: Instance | None = None, **changes: Any) -> str:
    """Why the disk is unknown."""
    with pytest.raises(DiskUnknown) as unknown:
        await check_of(azure, **changes).shortages(item or there(azure))
    return str(unknown.value)


# --- what it finds ------------------------------------------------------------------------------


@pytest.mark.parametrize("extension", [True, False])
@pytest.mark.parametrize(
    ("os_bytes", "temporary_bytes", "found"),
    [
        (20 * GB, 2 * GB, []),
        (5 * GB + 1024, GB + 1024, []),
        (3_000_000_512, 2 * GB, ["/"]),
        (20 * GB, 5 * 1024, ["/mnt"]),
        (1024, 0, ["/", "/mnt"]),
    ],
)
async def test_what_is_too_full_is_found_by_the_extension_there_and_by_a_terminal(
    azure: Emulator, extension: bool, os_bytes: int, temporary_bytes: int, found: list[str]
) -> None:
    azure.leave_on_disk(NAME, os_bytes=os_bytes, temporary_bytes=temporary_bytes)
    if not extension:
        without_extension(azure)

    shortages = await check_of(azure).shortages(there(azure))

    assert [each.mount_point for each in shortages] == found
    for each in shortages:
        exact = os_bytes if each.mount_point == "/" else temporary_bytes
        # df counts whole KiB.
        assert exact - 1024 < each.available_bytes <= exact
    assert terminals(azure) == []
    assert azure.requests.count("POST", "/api/terminals$") == (0 if extension else 1)


async def test_thresholds_of_the_server_hold_where_the_instance_has_none_of_its_own(
    azure: Emulator,
) -> None:
    without_extension(azure)
    azure.leave_on_disk(NAME, os_bytes=7 * GB)
    thresholds = {"/": 8 * GB, "/mnt": GB}

    shortages = await check_of(azure, thresholds=thresholds).shortages(there(azure))

    (shortage,) = shortages
    assert (shortage.mount_point, shortage.threshold_bytes) == ("/", 8 * GB)


async def test_a_terminal_is_tried_where_the_extension_there_is_of_no_help(azure: Emulator) -> None:
    azure.add_fault(path="/ci-manager/disk$", status=500)
    azure.leave_on_disk(NAME, os_bytes=GB)

    (shortage,) = await check_of(azure).shortages(there(azure))

    assert shortage == Shortage("/", GB // 1024 * 1024, 5 * GB)


# --- what it does not find ----------------------------------------------------------------------


@pytest.mark.parametrize("state", ["Stopped", "Unusable", "SetupFailed"])
async def test_an_instance_that_serves_nothing_is_not_asked(azure: Emulator, state: str) -> None:
    assert await reason(azure, there(azure, state=state)) == f"it is {state}"
    assert azure.requests.count("*", "/jupyter/") == 0


async def test_instances_of_others_are_not_given_the_token(azure: Emulator) -> None:
    assert await reason(azure, there(azure, mine=False)) == "only its owner gets in"
    assert azure.requests.count("*", "/jupyter/") == 0


async def test_whoever_is_not_let_in_is_told_so_and_no_terminal_is_tried(azure: Emulator) -> None:
    theirs = azure.state.instance("ben-features")
    assert theirs is not None
    item = there(azure, f"{azure.url}/jupyter/ben-features/lab")

    assert "does not let you in (HTTP 403)" in await reason(azure, item)
    assert azure.requests.count("*", "/api/terminals") == 0


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"delay_seconds": 30}, f"did not answer within {PATIENCE:g} seconds"),
        ({"reset": True}, "did not answer"),
        ({"size_bytes": 10_000_000}, "too large"),
        ({"location": "https://login.microsoftonline.com/"}, "leads elsewhere (HTTP 302)"),
        ({"status": 401}, "does not let you in (HTTP 401)"),
        ({"status": 404}, "offers no terminals"),
        ({"status": 503}, "no terminal opens there (HTTP 503)"),
    ],
)
async def test_a_server_that_gives_no_answer_leaves_the_disk_unknown(
    azure: Emulator, fault: dict[str, Any], why: str
) -> None:
    azure.add_fault(path="^/jupyter/", times=20, **fault)
    begun = time.monotonic()

    assert why in await reason(azure)

    assert time.monotonic() - begun < PATIENCE + 3


async def test_terminals_that_do_not_open_on_a_full_disk_are_told_as_what_they_are(
    azure: Emulator,
) -> None:
    without_extension(azure)
    azure.leave_on_disk(NAME, os_bytes=0)

    assert await reason(azure) == (
        "no terminal opens there (HTTP 500), as happens when a disk is full"
    )


async def test_a_terminal_that_never_prints_is_left_and_deleted(azure: Emulator) -> None:
    without_extension(azure, silent=True)

    assert "did not answer within" in await reason(azure)

    assert terminals(azure) == []
    assert azure.requests.count("DELETE", "/api/terminals/") == 1


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "bash: df: command not found\r\n",
        "/dev/root 1 2 3 4% /\r\n",
        "/dev/root 100 50 -50 50% /\r\n",
        "/dev/root 100 50 50 50% /elsewhere\r\n",
        "/dev/root 9999999999999999999999 0 9999999999999999999999 0% /\r\n",
        "/dev/root 100 50 50 50% / and more\r\n",
        "/dev/root 0 0 0 0% /\r\n",
        "/dev/root 100 50 50 50% /",
        "\x00\x1b[2J\x1b]0;title\r\n",
        "/dev/sdb1 100 50 50 50% /mnt\r\n",
    ],
)
async def test_hostile_output_of_df_tells_nothing(azure: Emulator, printed: str) -> None:
    without_extension(azure, output=printed)

    assert await reason(azure) == "df told nothing of its OS disk"
    assert terminals(azure) == []


async def test_output_without_end_is_not_read_to_its_end(azure: Emulator) -> None:
    without_extension(azure, output="x" * 200_000)

    assert await reason(azure) == "the terminal there prints without end"
    assert terminals(azure) == []


async def test_colours_titles_and_other_languages_do_not_hide_the_figures(azure: Emulator) -> None:
    printed = (
        "\x1b]0;amy@ci\x07\x1b[01;32mDateisystem 1024-Bl\u00f6cke Benutzt Verf\u00fcgbar\x1b[0m\r\n"
        "\x1b[1m/dev/root  1000 600 400  60% /\x1b[0m\r\n"
        "df: /mnt: Datei oder Verzeichnis nicht gefunden\r\n"
    )
    without_extension(azure, output=printed)

    (shortage,) = await check_of(azure).shortages(there(azure))

    assert (shortage.mount_point, shortage.available_bytes) == ("/", 400 * 1024)


async def test_a_check_that_is_cancelled_deletes_its_terminal(azure: Emulator) -> None:
    without_extension(azure, silent=True)
    check = check_of(azure, timeout_seconds=30)
    task = asyncio.ensure_future(check.shortages(there(azure)))
    await until(lambda: terminals(azure))

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert terminals(azure) == []


async def test_a_terminal_that_opens_too_late_is_deleted_too(azure: Emulator) -> None:
    without_extension(azure)
    azure.add_fault(method="POST", path="/api/terminals$", delay_seconds=PATIENCE + 0.2)

    assert "did not answer within" in await reason(azure)

    assert terminals(azure) == []
    assert azure.requests.count("DELETE", "/api/terminals/") == 1


# --- whom the token is sent to ------------------------------------------------------------------


class Stranger:
    """A server that is not the instance's, and notes who comes."""

    def __init__(self) -> None:
        self.seen: list[HTTPServerRequest] = []
        sockets = bind_sockets(0, "127.0.0.1")
        self.url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
        self._server = HTTPServer(self._note)
        self._server.add_sockets(sockets)

    def _note(self, request: HTTPServerRequest) -> None:
        self.seen.append(request)
        assert request.connection is not None
        request.connection.finish()

    def stop(self) -> None:
        self._server.stop()


@pytest.fixture
def stranger(azure: Emulator, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Stranger]:
    async def started() -> Stranger:
        return Stranger()

    server = jp_asyncio_loop.run_until_complete(started())
    yield server
    server.stop()


async def test_a_redirect_is_not_followed_and_the_token_stays(
    azure: Emulator, stranger: Stranger
) -> None:
    azure.add_fault(path="^/jupyter/", location=f"{stranger.url}/steal", times=20)

    await reason(azure)

    assert stranger.seen == []


async def test_an_address_that_is_not_the_instances_is_not_even_looked_up(
    azure: Emulator, stranger: Stranger, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    why = await reason(azure, there(azure, f"{stranger.url}/jupyter/{NAME}/tree/"))

    assert why == "Azure names no Jupyter server of it that a token may be sent to"
    assert stranger.seen == []
    assert "eyJ" not in caplog.text


AZURE = f"https://{NAME}.westeurope.instances.azureml.ms"


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        (f"{AZURE}/tree/", AZURE),
        (f"{AZURE}/lab", AZURE),
        (AZURE, AZURE),
        (f"{AZURE}:443/lab", f"{AZURE}:443"),
        (f"{AZURE}/jupyter/tree", f"{AZURE}/jupyter"),
        (AZURE.replace(".ms", ".cn"), AZURE.replace(".ms", ".cn")),
        (AZURE.replace(".ms", ".us"), AZURE.replace(".ms", ".us")),
        (AZURE.replace(".ms", ".net"), AZURE.replace(".ms", ".net")),
        (AZURE.replace("https", "http"), None),
        (f"{AZURE}:8443/tree", None),
        (f"{AZURE}.evil.example/tree", None),
        ("https://evil.example/instances.azureml.ms/tree", None),
        (f"https://evil.example#{NAME}.westeurope.instances.azureml.ms", None),
        (f"https://{NAME}.westeurope.instances.azureml.ms@evil.example/tree", None),
        (f"https://user:pass@{NAME}.westeurope.instances.azureml.ms/tree", None),
        (f"https://evil.example\\@{NAME}.westeurope.instances.azureml.ms/tree", None),
        ("https://somebody-else.westeurope.instances.azureml.ms/tree", None),
        (f"https://{NAME}-8787.westeurope.instances.azureml.ms/tree", None),
        ("https://westeurope.instances.azureml.ms/tree", None),
        (f"{AZURE}/tree?next=https://evil.example", None),
        (f"{AZURE}/../../tree", None),
        (f"{AZURE}/%2e%2e/tree", None),
        (f"{AZURE}/a b/tree", None),
        ("https://[::1/tree", None),
        ("http://127.0.0.1:8888/tree", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_a_token_goes_only_to_the_instances_own_address_over_tls(
    uri: str, address: str | None
) -> None:
    item = instance(NAME, applications=[Application("Jupyter", uri)])

    assert address_of(item, None) == address


@pytest.mark.parametrize(
    "uri",
    [
        f"{AZURE}/tree/",
        "http://127.0.0.1:1235/jupyter/amy-notebooks/tree/",
        "http://127.0.0.1:1234@evil.example/tree",
        "http://user:pass@127.0.0.1:1234/tree",
        "http://127.0.0.1/tree",
        "https://127.0.0.1:1234/tree",
    ],
)
def test_beside_the_emulator_a_token_goes_nowhere_else(uri: str) -> None:
    item = instance(NAME, applications=[Application("Jupyter Lab", uri)])

    assert address_of(item, "http://127.0.0.1:1234") is None


def test_the_emulator_may_be_called_by_any_name_of_this_machine() -> None:
    item = instance(NAME, applications=[Application("Jupyter", "http://127.0.0.1:1234/ci/tree")])

    assert address_of(item, "http://localhost:1234") == "http://127.0.0.1:1234/ci"


def test_the_first_usable_address_of_a_jupyter_is_taken() -> None:
    applications = [
        Application("RStudio", f"{AZURE}/rstudio"),
        Application("Jupyter", "https://evil.example/tree"),
        Application("Jupyter Lab", f"{AZURE}/lab"),
    ]

    assert address_of(instance(NAME, applications=applications), None) == AZURE
    assert address_of(instance(NAME, applications=applications[:2]), None) is None


# --- a real server ------------------------------------------------------------------------------

Fetch = Callable[..., Awaitable[Any]]


@pytest.fixture
def jp_server_config() -> dict[str, Any]:
    return {"ServerApp": {"jpserver_extensions": {"jupyter_server_terminals": True}}}


@pytest.fixture
def jp_base_url() -> str:
    return "/jupyter/"


@pytest.mark.skipif(shutil.which("df") is None, reason="this machine has no df to run")
async def test_a_real_jupyter_server_is_asked_by_a_terminal_that_is_gone_afterwards(
    azure: Emulator, jp_serverapp: Any, jp_fetch: Fetch
) -> None:
    base = jp_serverapp.connection_url.rstrip("/")
    credential = JupyterToken(jp_serverapp.identity_provider.token)
    huge = 10**18
    check = check_of(
        azure,
        credential=credential,
        emulator=base,
        thresholds={"/": huge, "/mnt": huge},
        timeout_seconds=20,
    )

    shortages = await check.shortages(there(azure, f"{base}/tree"))

    assert shortages[0].mount_point == "/"
    assert 0 <= shortages[0].available_bytes < huge
    assert (await jp_fetch("api", "terminals")).body == b"[]"
