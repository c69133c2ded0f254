"""Sign-in, versions, paths and hostile requests: always an answer in Azure's error shape."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable
from pathlib import Path
from urllib.parse import urlencode

import pytest

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.emulator.arm.routes import routes
from tests.emulator.arm_client import API_VERSION, Answer, ArmClient, instance_body

PROVIDER = "/providers/Microsoft.MachineLearningServices"


@pytest.mark.parametrize("authorization", [None, "", "Basic YTpi", "Bearer", "Bearer  "])
async def test_without_a_bearer_token_one_is_asked_for(
    arm: ArmClient, authorization: str | None
) -> None:
    answer = await arm("GET", "computes", authorization=authorization)

    assert (answer.status, answer.code) == (401, "AuthenticationFailed")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer authorization_uri=")
    assert answer.headers["x-ms-request-id"]


@pytest.mark.parametrize("token", ["a.b.c", "a.e30=.c", "a.bm90IGpzb24.c", "..", "a.W10.c"])
async def test_a_token_that_looks_like_a_jwt_has_to_be_one(arm: ArmClient, token: str) -> None:
    answer = await arm("GET", "computes", authorization=f"Bearer {token}")

    assert answer.status in (200, 401)
    if answer.status == 401:
        assert answer.code == "InvalidAuthenticationToken"


async def test_every_arm_route_refuses_the_anonymous(arm: ArmClient, emulator: Emulator) -> None:
    paths = [an_example_of(spec.regex.pattern) for spec in routes(emulator.state)]
    assert len(paths) > 25
    for path in paths:
        if path != "/metadata/endpoints":
            for method in ("GET", "PUT", "POST", "PATCH", "DELETE"):
                answer = await arm(method, path, authorization=None, raw=b"")
                assert (answer.status, answer.code) == (401, "AuthenticationFailed"), path


def an_example_of(route: str) -> str:
    """A path that a route matches: "x" for each segment, the first of each choice."""
    path = route.removeprefix("(?i:").removesuffix(")/?$").replace("([^/]+)", "x")
    return re.sub(r"\((\w+)\|[^)]*\)", r"\1", path).replace(".*", "anything")


@pytest.mark.parametrize(
    ("version", "status", "code"),
    [
        (None, 400, "MissingApiVersionParameter"),
        ("", 400, "MissingApiVersionParameter"),
        ("latest", 400, "InvalidApiVersionParameter"),
        ("2024-10-01'--", 400, "InvalidApiVersionParameter"),
        ("2017-01-01", 400, "NoRegisteredProviderFound"),
        ("2099-01-01", 400, "NoRegisteredProviderFound"),
    ],
)
async def test_a_version_that_does_not_exist_is_refused(
    arm: ArmClient, version: str | None, status: int, code: str
) -> None:
    answer = await arm("GET", "computes", api_version=version)

    assert (answer.status, answer.code) == (status, code)


@pytest.mark.parametrize(
    "version",
    ["2020-02-02", "2021-03-01-preview", "2023-04-01", "2023-08-01-preview", "2026-03-01"],
)
async def test_versions_from_2020_to_2026_are_served(arm: ArmClient, version: str) -> None:
    assert (await arm("GET", "computes", api_version=version)).status == 200


async def test_the_case_of_a_path_and_double_slashes_do_not_matter(
    arm: ArmClient, emulator: Emulator
) -> None:
    await arm("PUT", "computes/My-Ci", instance_body())
    path = f"{emulator.workspace_id}/computes/MY-CI".replace("resourceGroups", "resourcegroups")

    for spelling in (path, path.upper(), path.replace("/providers", "//providers"), f"/{path}"):
        answer = await arm("GET", spelling)
        assert (answer.status, answer.json["name"]) == (200, "My-Ci"), spelling


async def test_permissions_are_those_of_an_owner(arm: ArmClient, emulator: Emulator) -> None:
    for slash in ("/", "//"):
        path = f"{emulator.workspace_id}{slash}providers/Microsoft.Authorization/permissions"
        answer = await arm("GET", path, api_version="2022-04-01")
        assert answer.json["value"] == [
            {"actions": ["*"], "notActions": [], "dataActions": [], "notDataActions": []}
        ]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/subscriptions/nope", 404, "SubscriptionNotFound"),
        ("/subscriptions/{sub}/resourceGroups/nope", 404, "ResourceGroupNotFound"),
        (
            f"/subscriptions/{{sub}}/resourceGroups/ml-team{PROVIDER}/workspaces/nope",
            404,
            "ResourceNotFound",
        ),
        (
            f"/subscriptions/{{sub}}/resourceGroups/ml-team{PROVIDER}/workspaces/nope/computes",
            404,
            "ResourceNotFound",
        ),
        (
            f"/subscriptions/{{sub}}{PROVIDER}/locations/mars/usages",
            400,
            "NoRegisteredProviderFound",
        ),
        (
            f"/subscriptions/{{sub}}{PROVIDER}/locations/westeurope/computeOperationsStatus/nope",
            404,
            "NotFound",
        ),
        (f"/subscriptions/{{sub}}{PROVIDER}/nonsense", 404, "InvalidResourceType"),
        ("/", 404, "MissingSubscription"),
        ("/favicon.ico", 404, "MissingSubscription"),
    ],
)
async def test_what_is_not_there_is_said_as_azure_says_it(
    arm: ArmClient, emulator: Emulator, path: str, status: int, code: str
) -> None:
    answer = await arm("GET", path.format(sub=emulator.state.subscription_id))

    assert (answer.status, answer.code) == (status, code)


async def test_errors_of_the_provider_carry_what_azure_ai_ml_prints(arm: ArmClient) -> None:
    error = (await arm("GET", "computes/nope")).json["error"]

    assert error["details"] == []
    info = {entry["type"]: entry["info"]["value"] for entry in error["additionalInfo"]}
    assert info["ComponentName"] == "managementfrontend"
    assert info["Location"] == "westeurope"
    assert set(info["Correlation"]) == {"operation", "request"}


async def test_the_cloud_describes_itself_without_sign_in(
    arm: ArmClient, emulator: Emulator
) -> None:
    def described(version: str) -> Awaitable[Answer]:
        return arm("GET", "/metadata/endpoints", api_version=version, authorization=None)

    (cloud,) = (await described("2019-05-01")).json

    assert (await described("2015-01-01")).json == cloud
    assert (await described("2022-09-01")).json == cloud
    assert cloud["resourceManager"] == f"{emulator.url}/"
    assert set(cloud) >= {"name", "portal", "authentication", "suffixes"}


async def test_subscriptions_and_resource_groups_can_be_found(
    arm: ArmClient, emulator: Emulator
) -> None:
    (subscription,) = (await arm("GET", "/subscriptions", api_version="2022-12-01")).json["value"]
    group = f"{subscription['id']}/resourceGroups/ML-Team"

    assert subscription["subscriptionId"] == emulator.state.subscription_id
    assert (await arm("GET", group)).json["name"] == "ml-team"
    assert (await arm("HEAD", group)).status == 204
    assert (await arm("HEAD", f"{group}x")).status == 404


HOSTILE_SEGMENTS = [
    "..",
    "%2e%2e",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "..%5c..%5c",
    "%00",
    "%ff%fe",
    "%E2%80%AE",
    "%F0%9F%92%A5",
    "a%2Fb",
    "%0d%0aSet-Cookie:x",
    "<script>",
    "{name}",
    "*",
    "a" * 4000,
    "%25%32%65",
    "'%20or%201=1--",
]


@pytest.mark.parametrize("segment", HOSTILE_SEGMENTS)
async def test_a_hostile_segment_anywhere_in_a_path_is_a_plain_4xx(
    arm: ArmClient, emulator: Emulator, segment: str
) -> None:
    sub, group = emulator.state.subscription_id, "ml-team"
    base = f"/subscriptions/{sub}/resourceGroups/{group}{PROVIDER}/workspaces/ml-workspace"
    for method, path in [
        ("GET", f"/subscriptions/{segment}"),
        ("GET", f"/subscriptions/{sub}/resourceGroups/{segment}"),
        ("GET", f"/subscriptions/{sub}/resourceGroups/{group}{PROVIDER}/workspaces/{segment}"),
        ("GET", f"{base}/computes/{segment}"),
        ("PUT", f"{base}/computes/{segment}"),
        ("POST", f"{base}/computes/{segment}/start"),
        ("POST", f"{base}/computes/my-ci/{segment}"),
        ("GET", f"/subscriptions/{sub}{PROVIDER}/locations/{segment}/usages"),
        ("GET", f"/subscriptions/{sub}{PROVIDER}/locations/westeurope/{segment}"),
        (
            "GET",
            f"/subscriptions/{sub}{PROVIDER}/locations/westeurope/computeOperationsStatus/{segment}",
        ),
    ]:
        answer = await arm(method, path, instance_body() if method == "PUT" else None, raw=b"")
        assert 400 <= answer.status < 500, (method, path)
        assert answer.json["error"]["code"], (method, path)
        assert answer.json["error"]["message"], (method, path)
    assert emulator.workspace.computes.all() == []


HOSTILE_BODIES = [
    b"",
    b"{",
    b"not json",
    b"\xff\xfe\x00",
    b'{"properties": NaN}',
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"properties": {"computeType": "\\ud800"}}',
    b'{"properties": {"computeType": "ComputeInstance", "properties": {"vmSize": 1e999}}}',
    b"null",
    b'"' + b"x" * 1_000_000 + b'"',
]


@pytest.mark.parametrize("body", HOSTILE_BODIES, ids=range(len(HOSTILE_BODIES)))
async def test_a_hostile_body_is_a_plain_4xx(
    arm: ArmClient, emulator: Emulator, body: bytes
) -> None:
    await arm("PUT", "computes/my-ci", instance_body())
    before = (await arm("GET", "computes")).json

    for method, path in [
        ("PUT", "computes/other"),
        ("PUT", "computes/my-ci"),
        ("PATCH", "computes/my-ci"),
        ("POST", "checkComputeNameAvailability"),
        ("POST", "computes/my-ci/resize"),
        ("POST", "computes/my-ci/updateIdleShutdownSetting"),
        ("POST", "computes/my-ci/customServices"),
        ("POST", "computes/my-ci/updateDataMounts"),
        ("POST", "computes/my-ci/updateSchedules"),
        ("POST", "computes/my-ci/enableSso"),
    ]:
        answer = await arm(method, path, raw=body)
        assert 400 <= answer.status < 500, (method, path, answer.body)
        assert answer.json["error"]["code"] in ("InvalidRequestContent", "BadArgument")
    assert (await arm("GET", "computes")).json == before


async def test_a_body_of_ten_megabytes_is_too_large(arm: ArmClient, emulator: Emulator) -> None:
    for method in ("PUT", "PATCH"):
        answer = await arm(method, "computes/my-ci", raw=b"x" * 10_000_000)
        assert (answer.status, answer.code) == (413, "RequestEntityTooLarge")
    assert emulator.workspace.computes.all() == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "computes"),
        ("POST", "computes"),
        ("POST", "computes/my-ci"),
        ("GET", "computes/my-ci/start"),
        ("PUT", "checkComputeNameAvailability"),
        ("OPTIONS", "computes"),
        ("PUT", ""),
        ("POST", "/metadata/endpoints"),
        ("PROPFIND", "computes"),
    ],
)
async def test_a_method_that_a_resource_has_not_got_is_not_allowed(
    arm: ArmClient, method: str, path: str
) -> None:
    answer = await arm(method, path, raw=b"")

    assert (answer.status, answer.code) == (405, "MethodNotAllowed")


@pytest.mark.parametrize("skip", ["-1", "x", "1e9", "٣", "9" * 50])
async def test_a_continuation_token_that_is_none_is_refused(
    arm: ArmClient, emulator: Emulator, skip: str
) -> None:
    link = f"{emulator.url}{emulator.workspace_id}/computes?{urlencode({'$skip': skip})}"

    answer = await arm("GET", f"{link}&api-version={API_VERSION}")

    assert (answer.status, answer.code) == (400, "InvalidRequestContent")


async def test_only_this_machine_can_reach_it(emulator: Emulator) -> None:
    assert emulator.url.startswith("http://127.0.0.1:")
    addresses = {
        str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    }
    for address in addresses - {"127.0.0.1", "127.0.1.1"}:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(address, emulator.port)


SHARED = "from jupyter_ci_manager.script_surroundings import ("
"""What setup scripts find around them: the same in the emulator and in a dry run."""


def test_the_emulator_imports_nothing_else_of_the_rest_of_the_package() -> None:
    package = Path(__file__).parents[2] / "jupyter_ci_manager"
    for source in (package / "emulator").rglob("*.py"):
        for line in source.read_text().splitlines():
            if line.startswith(("from jupyter_ci_manager", "import jupyter_ci_manager")):
                own = line.startswith("from jupyter_ci_manager.emulator")
                assert own or line == SHARED, (source, line)
            assert not line.lstrip().startswith("from .."), (source, line)


def test_nothing_but_the_command_line_imports_the_emulator() -> None:
    package = Path(__file__).parents[2] / "jupyter_ci_manager"
    importing = {
        source.name
        for source in package.rglob("*.py")
        if "emulator" not in source.relative_to(package).parts
        for line in source.read_text().splitlines()
        if re.match(r"\s*(from|import)\s.*\bemulator\b", line)
    }

    assert importing == {"cli.py"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "127.0.0.1:{port}"}, 200),
        ({"Host": "localhost:{port}"}, 200),
        ({"Host": "localhost:{port}", "Origin": "http://localhost:{port}"}, 200),
        ({"Host": "rebound.example:{port}"}, 403),
        ({"Host": "127.0.0.1.example"}, 403),
        ({"Host": "["}, 403),
        ({"Host": "127.0.0.1"}, 200),
        ({"Host": "LocalHost:{port}"}, 200),
        ({"Origin": "https://page.example"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
async def test_no_web_page_gets_the_emulator_to_do_anything(
    emulator: Emulator, arm: ArmClient, headers: dict[str, str], status: int
) -> None:
    sent = {name: value.format(port=emulator.port) for name, value in headers.items()}

    assert (await arm("GET", "computes", headers=sent)).status == status
    written = await arm("POST", "/emulator/share/Users/a.sh", raw=b"x", headers=sent)
    assert written.status == status
    assert (emulator.share / "Users/a.sh").exists() is (status == 200)
