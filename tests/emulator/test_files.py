"""The workspace's file share, as the real client of Azure Files and a bare one see it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceExistsError,
    ResourceNotFoundError,
)
from azure.storage.fileshare.aio import ShareClient

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.emulator.tls import self_signed
from tests.emulator.arm_client import ANYBODY, Answer, ArmClient
from tests.emulator.management_client import Token, management_client
from tests.emulator.share_client import share_client

RANGE_BYTES = 100_000


@pytest.fixture(params=["token", "key"])
def opened(request: pytest.FixtureRequest, emulator: Emulator) -> Callable[[], ShareClient]:
    """Opens the share, once with a token and once with the account key."""
    key = emulator.storage.key if request.param == "key" else None
    return lambda: share_client(emulator, key=key, max_range_size=RANGE_BYTES)


async def bare(emulator: Emulator, method: str, path: str, **headers: str) -> Answer:
    """A request as somebody with a token sends it; a header that is "" is left out."""
    storage = emulator.storage
    sent = {
        "Authorization": ANYBODY,
        "x-ms-version": "2023-11-03",
        "x-ms-file-request-intent": "backup",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return await ArmClient(emulator)(
        method,
        f"/files/{storage.name}/{storage.share_name}/{path}",
        api_version=None,
        authorization=None,
        headers={name: value for name, value in sent.items() if value},
    )


async def test_the_datastore_of_the_notebooks_leads_to_the_share(emulator: Emulator) -> None:
    ids = (emulator.workspace.resource_group, emulator.workspace.name)
    async with management_client(emulator) as client:
        found = await client.datastores.get(*ids, "workspaceworkingdirectory")
        secrets = await client.datastores.list_secrets(*ids, "workspaceworkingdirectory")
        names = [each.name async for each in client.datastores.list(*ids)]

    properties: Any = found.properties
    assert properties.datastore_type == "AzureFile"
    assert properties.account_name == emulator.storage.name
    assert properties.file_share_name == emulator.storage.share_name
    assert properties.file_share_name.startswith("code-")
    assert (properties.protocol, properties.endpoint) == ("https", "core.windows.net")
    key: Any = secrets
    async with share_client(emulator, key=key.key) as share:
        assert (await share.get_share_properties())["etag"]
    assert "workspaceblobstore" in names
    assert "workspaceworkingdirectory" in names


async def test_a_datastore_that_is_not_there_is_not_found(arm: ArmClient) -> None:
    assert (await arm("GET", "datastores/nope")).status == 404
    assert (await arm("POST", "datastores/nope/listSecrets")).status == 404


async def test_a_directory_is_listed_with_sizes_times_and_ids(
    emulator: Emulator, opened: Callable[[], ShareClient]
) -> None:
    folder = emulator.share / "Logs" / "my-ci"
    folder.mkdir()
    (folder / "b.log").write_bytes(b"12345")
    os.utime(folder / "b.log", (1_700_000_000, 1_700_000_000))
    (folder / "a").mkdir()

    async with opened() as share:
        listed = [
            each
            async for each in share.list_directories_and_files(
                "Logs/my-ci", include=["timestamps", "etag"], include_extended_info=True
            )
        ]

    assert [(each.name, each.is_directory) for each in listed] == [("a", True), ("b.log", False)]
    log: Any = listed[1]
    assert log.size == 5
    assert log.last_modified.timestamp() == 1_700_000_000
    assert log.file_id == str((folder / "b.log").stat().st_ino)
    assert log.etag


async def test_a_long_directory_is_listed_page_by_page(
    emulator: Emulator, opened: Callable[[], ShareClient]
) -> None:
    names = [f"{number:02d} & '({number})" for number in range(25)]
    for name in names:
        (emulator.share / "Users" / name).touch()

    async with opened() as share:
        pages = share.list_directories_and_files("Users", results_per_page=10).by_page()
        found = [[each.name async for each in page] async for page in pages]

    assert [len(page) for page in found] == [10, 10, 5]
    assert [name for page in found for name in page] == names


@pytest.mark.parametrize("name", ["setup.sh", "Ünïcode 日本 %41+&'x.sh", "a b/c d.txt"])
async def test_what_is_uploaded_is_read_back(
    emulator: Emulator, opened: Callable[[], ShareClient], name: str
) -> None:
    content = os.urandom(5 * RANGE_BYTES + 3)
    async with opened() as share:
        if "/" in name:
            await share.create_directory(name.partition("/")[0])
        file = share.get_file_client(name)
        await file.upload_file(content)
        properties = await file.get_file_properties()
        whole = await (await file.download_file()).readall()
        part = await (await file.download_file(offset=4 * RANGE_BYTES, length=17)).readall()

    assert (emulator.share / name).read_bytes() == content
    assert (properties.size, whole == content) == (len(content), True)
    assert part == content[4 * RANGE_BYTES : 4 * RANGE_BYTES + 17]


async def test_a_file_that_grows_has_another_etag_and_more_to_read(
    emulator: Emulator, opened: Callable[[], ShareClient]
) -> None:
    log = emulator.share / "Logs" / "growing.log"
    log.write_bytes(b"one\n")
    async with opened() as share:
        file = share.get_file_client("Logs/growing.log")
        before = await file.get_file_properties()
        with log.open("ab") as appended:
            appended.write(b"two\n")
        after = await file.get_file_properties()
        rest = await (await file.download_file(offset=before.size)).readall()

    assert rest == b"two\n"
    assert before.etag != after.etag
    assert (before.file_id, before.creation_time) == (after.file_id, after.creation_time)


async def test_a_read_at_the_end_is_out_of_range_and_an_empty_file_is_empty(
    emulator: Emulator, opened: Callable[[], ShareClient]
) -> None:
    (emulator.share / "Logs" / "empty.log").touch()
    (emulator.share / "Logs" / "short.log").write_bytes(b"123")
    async with opened() as share:
        whole = await (await share.get_file_client("Logs/empty.log").download_file()).readall()
        with pytest.raises(HttpResponseError) as raised:
            await share.get_file_client("Logs/short.log").download_file(offset=3, length=10)

    assert whole == b""
    error: Any = raised.value
    assert (error.status_code, error.error_code) == (416, "InvalidRange")


async def test_files_and_directories_are_deleted_and_resized(
    emulator: Emulator, opened: Callable[[], ShareClient]
) -> None:
    async with opened() as share:
        folder = await share.create_directory("Users/amy")
        file = await folder.upload_file("setup.sh", b"echo hello\n")
        await file.resize_file(4)
        assert (emulator.share / "Users/amy/setup.sh").read_bytes() == b"echo"
        with pytest.raises(HttpResponseError) as raised:
            await folder.delete_directory()
        refused: Any = raised.value
        assert refused.error_code == "DirectoryNotEmpty"
        await file.delete_file()
        await folder.delete_directory()

    assert not (emulator.share / "Users/amy").exists()


async def test_what_is_not_there_and_what_is_there_already_is_told_apart(
    emulator: Emulator, opened: Callable[[], ShareClient]
) -> None:
    async with opened() as share:
        with pytest.raises(ResourceNotFoundError) as missing:
            await share.get_file_client("Logs/none.log").download_file()
        with pytest.raises(ResourceNotFoundError) as homeless:
            await share.get_file_client("Nowhere/setup.sh").upload_file(b"x")
        with pytest.raises(ResourceExistsError) as twice:
            await share.create_directory("Users")
        with pytest.raises(ResourceExistsError) as mistaken:
            await share.get_file_client("Users").upload_file(b"x")

    errors: list[Any] = [missing.value, homeless.value, twice.value, mistaken.value]
    assert [(each.status_code, each.error_code) for each in errors] == [
        (404, "ResourceNotFound"),
        (404, "ParentNotFound"),
        (409, "ResourceAlreadyExists"),
        (409, "ResourceTypeMismatch"),
    ]


async def test_names_are_found_in_any_case(emulator: Emulator) -> None:
    (emulator.share / "Logs" / "My.log").write_bytes(b"x")

    assert (await bare(emulator, "GET", "logs/my.LOG")).body == b"x"


async def test_another_share_is_not_found(emulator: Emulator) -> None:
    async with share_client(emulator, share_name="code-of-others") as share:
        with pytest.raises(ResourceNotFoundError) as raised:
            await share.get_file_client("x").get_file_properties()

    error: Any = raised.value
    assert error.error_code == "ShareNotFound"


async def test_links_pipes_and_what_is_outside_are_not_served(
    emulator: Emulator, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("not for you")
    (emulator.share / "link").symlink_to(tmp_path / "secret")
    (emulator.share / "linked").symlink_to(tmp_path)
    os.mkfifo(emulator.share / "pipe")
    storage = emulator.storage

    async with share_client(emulator) as share:
        names = [each.name async for each in share.list_directories_and_files()]
    assert names == ["Logs", "Users"]
    for path in ("link", "linked/secret", "pipe", "../secret", "Logs/..%2f..%2fsecret", "a%00b"):
        answer = await ArmClient(emulator)(
            "GET",
            f"{emulator.url}/files/{storage.name}/{storage.share_name}/{path}",
            api_version=None,
            headers={"x-ms-version": "2023-11-03", "x-ms-file-request-intent": "backup"},
        )
        assert answer.status in (400, 404), path
        assert b"not for you" not in answer.body
    for name in ("link", "linked"):
        made = await bare(emulator, "PUT", name, x_ms_type="file", x_ms_content_length="3")
        assert made.headers["x-ms-error-code"] == "ResourceTypeMismatch"
    assert (tmp_path / "secret").read_text() == "not for you"


async def test_a_token_without_the_intent_is_told_which_header_is_missing(
    emulator: Emulator,
) -> None:
    answer = await bare(emulator, "GET", "Logs?restype=directory", x_ms_file_request_intent="")

    assert answer.status == 400
    assert answer.headers["x-ms-error-code"] == "MissingRequiredHeader"
    assert answer.headers["Content-Type"] == "application/xml"
    assert b"<HeaderName>x-ms-file-request-intent</HeaderName>" in answer.body
    assert b"<Code>MissingRequiredHeader</Code>" in answer.body


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Authorization": ""}, 401, "NoAuthenticationInformation"),
        ({"Authorization": "Bearer a.b.c"}, 401, "InvalidAuthenticationInfo"),
        ({"x_ms_file_request_intent": "read"}, 400, "InvalidHeaderValue"),
        ({"x_ms_version": "2021-12-02"}, 400, "InvalidHeaderValue"),
        ({"x_ms_version": ""}, 400, "MissingRequiredHeader"),
    ],
)
async def test_who_does_not_sign_in_properly_is_not_let_in(
    emulator: Emulator, headers: dict[str, str], status: int, code: str
) -> None:
    for method in ("GET", "HEAD"):
        answer = await bare(emulator, method, "Logs?restype=directory", **headers)

        assert (answer.status, answer.headers["x-ms-error-code"]) == (status, code)


async def test_a_wrong_key_is_refused(emulator: Emulator) -> None:
    async with share_client(emulator, key="bm90IHRoZSBrZXk=") as share:
        with pytest.raises(ClientAuthenticationError) as raised:
            await share.get_share_properties()

    error: Any = raised.value
    assert (error.status_code, error.error_code) == (403, "AuthenticationFailed")


async def test_a_signature_does_not_cover_another_request(emulator: Emulator) -> None:
    sent: list[dict[str, str]] = []
    (emulator.share / "Logs" / "a.log").write_bytes(b"a")
    (emulator.share / "Logs" / "b.log").write_bytes(b"b")
    async with share_client(emulator, key=emulator.storage.key) as share:
        await share.get_file_client("Logs/a.log").download_file(
            raw_response_hook=lambda response: sent.append(dict(response.http_request.headers))
        )
    headers = {name.replace("-", "_"): value for name, value in sent[0].items()}
    headers["x_ms_file_request_intent"] = ""

    assert (await bare(emulator, "GET", "Logs/a.log", **headers)).status == 206
    assert (await bare(emulator, "GET", "Logs/b.log", **headers)).status == 403
    assert (await bare(emulator, "DELETE", "Logs/a.log", **headers)).status == 403


async def test_over_https_the_client_sends_a_token_as_it_is(tmp_path: Path) -> None:
    context, certificate = self_signed(tmp_path, "127.0.0.1")
    async with (
        Emulator(instances=0, ssl_context=context) as emulator,
        ShareClient(
            f"{emulator.url}/files/{emulator.storage.name}",
            emulator.storage.share_name,
            credential=Token(),
            token_intent="backup",
            connection_verify=str(certificate),
        ) as share,
    ):
        await share.get_file_client("setup.sh").upload_file(b"echo hello\n")

        assert (emulator.share / "setup.sh").read_bytes() == b"echo hello\n"


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "code"),
    [
        ("GET", "a.log", {"x_ms_range": "bytes=9-1"}, 416, "InvalidRange"),
        ("GET", "a.log", {"x_ms_range": "bytes=-5"}, 400, "InvalidHeaderValue"),
        ("GET", "a.log", {"x_ms_range": "bytes=" + "9" * 40 + "-"}, 400, "InvalidHeaderValue"),
        ("GET", "a.log?comp=rangelist", {}, 400, "UnsupportedQueryParameter"),
        ("GET", "a.log/below", {}, 404, "ResourceNotFound"),
        ("GET", "x" * 256, {}, 400, "InvalidResourceName"),
        ("GET", "a/" * 251 + "b", {}, 400, "InvalidUri"),
        ("GET", "%ff%fe", {}, 400, "InvalidUri"),
        ("GET", "a%5Cb", {}, 400, "InvalidResourceName"),
        ("GET", "?restype=directory&comp=list&maxresults=0", {}, 400, None),
        ("GET", "?restype=directory&comp=list&maxresults=many", {}, 400, None),
        ("GET", "a.log?restype=directory", {}, 409, "ResourceTypeMismatch"),
        ("GET", "", {}, 400, "UnsupportedQueryParameter"),
        ("PUT", "b.log", {}, 400, "MissingRequiredHeader"),
        ("PUT", "b.log", {"x_ms_type": "file"}, 400, "MissingRequiredHeader"),
        ("PUT", "b.log", {"x_ms_type": "link", "x_ms_content_length": "1"}, 400, None),
        ("PUT", "b.log", {"x_ms_type": "file", "x_ms_content_length": "-1"}, 400, None),
        ("PUT", "b.log", {"x_ms_type": "file", "x_ms_content_length": "9" * 15}, 400, None),
        ("PUT", "a.log?comp=range", {"x_ms_write": "update"}, 400, "MissingRequiredHeader"),
        ("PUT", "a.log?comp=range", {"x_ms_range": "bytes=0-5"}, 400, "InvalidHeaderValue"),
        ("PUT", "a.log?comp=acl", {}, 400, "UnsupportedQueryParameter"),
        ("DELETE", "?restype=directory", {}, 405, "UnsupportedHttpVerb"),
        ("DELETE", "none.log", {}, 404, "ResourceNotFound"),
        ("POST", "a.log", {}, 405, "UnsupportedHttpVerb"),
    ],
)
async def test_what_azure_files_would_not_do_is_refused_and_changes_nothing(
    emulator: Emulator,
    method: str,
    path: str,
    headers: dict[str, str],
    status: int,
    code: str | None,
) -> None:
    (emulator.share / "a.log").write_bytes(b"12345")

    answer = await bare(emulator, method, path, **headers)

    assert answer.status == status
    assert answer.headers["x-ms-error-code"] == (code or answer.headers["x-ms-error-code"])
    assert b"<Code>" in answer.body
    assert sorted(path.name for path in emulator.share.iterdir()) == ["Logs", "Users", "a.log"]
    assert (emulator.share / "a.log").read_bytes() == b"12345"


async def test_more_than_four_mebibytes_at_once_are_refused(emulator: Emulator) -> None:
    (emulator.share / "a.log").write_bytes(b"")
    storage = emulator.storage
    answer = await ArmClient(emulator)(
        "PUT",
        f"/files/{storage.name}/{storage.share_name}/a.log?comp=range",
        raw=b"x" * (4 * 1024 * 1024 + 1),
        api_version=None,
        headers={
            "x-ms-version": "2023-11-03",
            "x-ms-file-request-intent": "backup",
            "x-ms-range": "bytes=0-4194304",
        },
    )

    assert (answer.status, answer.headers["x-ms-error-code"]) == (413, "RequestBodyTooLarge")
    assert (emulator.share / "a.log").read_bytes() == b""


async def test_a_file_is_renamed_and_takes_no_place_unless_that_is_said(
    emulator: Emulator, opened: Callable[[], ShareClient]
) -> None:
    (emulator.share / "new").write_bytes(b"new")
    (emulator.share / "old").write_bytes(b"old")
    async with opened() as share:
        file = share.get_file_client("new")
        with pytest.raises(ResourceExistsError):
            await file.rename_file("old")
        assert (emulator.share / "old").read_bytes() == b"old"
        renamed = await file.rename_file("old", overwrite=True)
        assert (await renamed.get_file_properties()).size == 3

    assert (emulator.share / "old").read_bytes() == b"new"
    assert not (emulator.share / "new").exists()


@pytest.mark.parametrize(
    "source", ["", "/etc/passwd", "{share}/../../etc/passwd", "{share}/none", "http://elsewhere/x"]
)
async def test_only_files_of_the_share_are_renamed(emulator: Emulator, source: str) -> None:
    storage = emulator.storage
    share = f"{emulator.url}/files/{storage.name}/{storage.share_name}"

    answer = await bare(
        emulator,
        "PUT",
        "here?comp=rename",
        x_ms_file_rename_source=source.format(share=share),
    )

    assert answer.status in (400, 404)
    assert answer.headers["x-ms-error-code"]
    assert not (emulator.share / "here").exists()
