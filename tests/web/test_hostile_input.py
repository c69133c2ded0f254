"""Whatever is sent: a 4xx that says what is wrong, and nothing is changed in Azure."""

from __future__ import annotations

import asyncio
import json
import re
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.web.openapi import document
from jupyter_ci_manager.web.routes import ROUTES
from tests.builders import SIZE
from tests.web.conftest import Answer, Ask

GOOD = {"spec": {"name": "new-ci", "vm_size": SIZE}}


def spec(**changes: Any) -> dict[str, Any]:
    return {"spec": GOOD["spec"] | changes}


def changes_asked_of(azure: Emulator) -> list[str]:
    change = "/computes/[^/]+(/start|/stop|/restart)?$"
    return [
        each.path
        for method in ("PUT", "POST", "DELETE", "PATCH")
        for each in azure.requests.matching(method, change)
    ]


def refused(answer: Answer, *statuses: int) -> str:
    """The message of a refusal that a person can act on."""
    assert answer.status in (statuses or range(400, 500)), answer.body
    assert answer.error.hint, answer.body
    return answer.error.message


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "spec"),
        ([], "Expected `object`"),
        (3, "Expected `object`"),
        (None, "not JSON"),
        ({"spec": {}}, "$.spec"),
        ({"spec": []}, "$.spec"),
        ({"spec": {"name": "new-ci"}}, "vm_size"),
        (spec(name=3), "$.spec.name"),
        (spec(name=None), "$.spec.name"),
        (spec(vm_size=[]), "$.spec.vm_size"),
        (spec(vm_size=""), "$.spec.vm_size"),
        (spec(vm_size="x" * 129), "$.spec.vm_size"),
        (spec(description=7), "$.spec.description"),
        (spec(description="x" * 1025), "$.spec.description"),
        (spec(tags={"a": 1}), "$.spec.tags[...]"),
        (spec(tags=[]), "$.spec.tags"),
        (spec(tags={"": "x"}), "$.spec.tags"),
        (spec(idle_shutdown=60), "$.spec.idle_shutdown"),
        (spec(surprise=1), "surprise"),
        (GOOD | {"if_exists": "overwrite"}, "$.if_exists"),
        (GOOD | {"surprise": 1}, "surprise"),
    ],
)
async def test_a_body_that_is_not_what_it_should_be_names_the_field(
    azure: Emulator, ask: Ask, body: Any, path: str
) -> None:
    azure.requests.clear()

    message = refused(await ask("POST", "instances", body), 400)

    assert path in message
    assert len(azure.requests) == 0


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"not json",
        b'{"spec": ',
        b"\xff\xfe\x00",
        b'{"spec": {"name": "\xff\xfe", "vm_size": "x"}}',
        b"[" * 100_000,
        b'{"spec":' * 50_000,
        b'{"spec": {"name": NaN, "vm_size": Infinity}}',
        b'{"spec": {"name": "\\ud800", "vm_size": "x"}}',
        b"1" * 5000,
    ],
)
async def test_json_that_is_none_is_refused(azure: Emulator, ask: Ask, raw: bytes) -> None:
    azure.requests.clear()
    for method, path in (("POST", "instances"), ("PUT", "workspace")):
        refused(await ask(method, path, raw=raw), 400)
    assert len(azure.requests) == 0


@pytest.mark.parametrize("content", [b"x", b" ", b'{"spec": {"name": "'])
async def test_ten_megabytes_are_too_much(azure: Emulator, ask: Ask, content: bytes) -> None:
    big = (content * (10 * 1024 * 1024 // len(content) + 1))[: 10 * 1024 * 1024]
    azure.requests.clear()
    for method, path in (
        ("POST", "instances"),
        ("PUT", "workspace"),
        ("POST", "instances/amy-gpu/start"),
        ("POST", "mine/stop"),
    ):
        answer = await ask(method, path, raw=big)
        refused(answer, 413)
        assert answer.error.code == "BodyTooLarge"
    assert len(azure.requests) == 0


@pytest.mark.parametrize(
    ("changes", "code", "status"),
    [
        ({"name": ""}, "InvalidName", 400),
        ({"name": "ab"}, "InvalidName", 400),
        ({"name": "x" * 25}, "InvalidName", 400),
        ({"name": "x" * 257}, "BadRequest", 400),
        ({"name": "1abc"}, "InvalidName", 400),
        ({"name": "abc-"}, "InvalidName", 400),
        ({"name": "a_b_c"}, "InvalidName", 400),
        ({"name": "новый"}, "InvalidName", 400),
        ({"name": "../../x"}, "InvalidName", 400),
        ({"name": "a%2fb"}, "InvalidName", 400),
        ({"name": "abc\x00d"}, "InvalidName", 400),
        ({"vm_size": "Standard_Nope"}, "UnknownVmSize", 400),
        ({"vm_size": "../../x?y#z"}, "UnknownVmSize", 400),
        ({"vm_size": "Standard_F16s_v2"}, "QuotaExceeded", 409),
        ({"idle_shutdown": "1 hour"}, "InvalidIdleShutdown", 400),
        ({"idle_shutdown": "PT5M"}, "InvalidIdleShutdown", 400),
        ({"idle_shutdown": "-P1D"}, "InvalidIdleShutdown", 400),
        ({"name": "amy-gpu"}, "InstanceExists", 409),
        ({"name": "sandbox"}, "NameTaken", 409),
    ],
)
async def test_what_azure_would_refuse_is_refused_before_it_is_asked_to(
    azure: Emulator, ask: Ask, changes: dict[str, Any], code: str, status: int
) -> None:
    answer = await ask("POST", "instances", spec(**changes))

    refused(answer, status)
    assert answer.error.code == code
    assert changes_asked_of(azure) == []


TRICKS = [
    "..",
    ".",
    "%2e%2e",
    "..%2f..%2fworkspaces",
    "a%2Fb",
    "%5c..%5c",
    "a%00b",
    "%ff%fe",
    "%c0%ae%c0%ae",
    "nobody-here",
    "%F0%9F%92%A5",
    "x" * 300,
    "amy-gpu%3Fapi-version=1",
    "amy-gpu%23",
    "amy-gpu%20",
    "amy-gpu;x=1",
    "*",
    "$skip",
    "computes",
    "'; DROP TABLE operations; --".replace(" ", "%20"),
]


@pytest.mark.parametrize("trick", TRICKS)
async def test_tricks_in_a_path_reach_nothing(azure: Emulator, ask: Ask, trick: str) -> None:
    azure.requests.clear()
    for method, path in (
        ("GET", "instances/{}"),
        ("DELETE", "instances/{}"),
        ("POST", "instances/{}/start"),
        ("POST", "instances/{}/stop"),
        ("POST", "instances/{}/restart"),
        ("GET", "operations/{}"),
        ("DELETE", "operations/{}"),
        ("GET", "environments/{}"),
        ("DELETE", "environments/{}"),
        ("GET", "environments/{}/export"),
        ("POST", "environments/{}/packages"),
        ("GET", "environments/plan/{}"),
        ("PUT", "kernels/{}"),
        ("DELETE", "kernels/{}"),
        ("POST", "kernels/{}/check"),
    ):
        bodies: dict[str, dict[str, str]] = {"POST": {}, "PUT": {"display_name": "x"}}
        refused(await ask(method, path.format(trick), bodies.get(method), encoded=True))
    assert changes_asked_of(azure) == []
    asked = {each.path for each in azure.requests.matching("GET", "/computes/")}
    assert {path.rpartition("/")[2] for path in asked} <= {"nobody-here", "computes"}


@pytest.mark.parametrize("trick", [each for each in TRICKS if each not in ("..", ".", "%2e%2e")])
async def test_any_text_is_judged_as_a_name(azure: Emulator, ask: Ask, trick: str) -> None:
    answer = await ask("GET", f"names/{trick}", encoded=True)

    if answer.status == 200:
        assert answer.json["available"] is (trick in ("nobody-here", "computes"))
    else:
        refused(answer, 400, 404)
    assert changes_asked_of(azure) == []


@pytest.mark.parametrize(
    ("path", "query", "name"),
    [
        ("instances", {"surprise": "1"}, "surprise"),
        ("instances", {"limit": "0"}, "limit"),
        ("instances", {"limit": "5001"}, "limit"),
        ("instances", {"limit": "-1"}, "limit"),
        ("instances", {"limit": "many"}, "limit"),
        ("instances", {"limit": "9" * 400}, "limit"),
        ("instances", {"sort": "colour"}, "sort"),
        ("instances", {"mine": "perhaps"}, "mine"),
        ("instances", {"refresh": ""}, "refresh"),
        ("instances", {"q": "x" * 257}, "q"),
        ("instances", {"cursor": "x" * 257}, "cursor"),
        ("instances", {"cursor": "nobody's"}, "cursor"),
        ("workspace", {"refresh": "maybe"}, "refresh"),
        ("sizes", {"surprise": "1"}, "surprise"),
        ("quota", {"refresh": "2"}, "refresh"),
        ("operations", {"active": "x"}, "active"),
        ("operations/0123456789abcdef", {"wait": "61"}, "wait"),
        ("operations/0123456789abcdef", {"wait": "-1"}, "wait"),
        ("operations/0123456789abcdef", {"wait": "nan"}, "wait"),
        ("operations/0123456789abcdef", {"wait": "inf"}, "wait"),
        ("operations/0123456789abcdef", {"wait": "soon"}, "wait"),
        ("operations/0123456789abcdef", {"revision": "-2"}, "revision"),
        ("operations/0123456789abcdef", {"revision": "1.5"}, "revision"),
    ],
)
async def test_a_query_that_is_not_what_it_should_be_names_the_parameter(
    azure: Emulator, ask: Ask, path: str, query: dict[str, str], name: str
) -> None:
    azure.requests.clear()

    assert name in refused(await ask("GET", path, params=query), 400)
    assert len(azure.requests) == 0


@pytest.mark.parametrize("path", ["openapi.json", "workspaces", "instances/amy-gpu", "names/free"])
async def test_parameters_that_a_route_has_not_got_are_refused(ask: Ask, path: str) -> None:
    refused(await ask("GET", path, params={"surprise": "1"}), 400)
    assert (await ask("GET", path, params={"_": "1700000000000"})).status == 200


async def test_a_query_in_no_known_encoding_is_refused(
    ask: Ask, http_server_client: Any, jp_base_url: str, jp_auth_header: dict[str, str]
) -> None:
    response = await http_server_client.fetch(
        f"{jp_base_url}ci-manager/instances?q=%ff%fe", headers=jp_auth_header, raise_error=False
    )

    refused(Answer(response.code, response.body, response.headers), 400)


@pytest.mark.parametrize("action", ["start", "stop", "restart"])
async def test_an_action_in_the_wrong_state_is_refused(
    azure: Emulator, ask: Ask, action: str
) -> None:
    name = "amy-notebooks" if action == "start" else "amy-gpu"

    answer = await ask("POST", f"instances/{name}/{action}")

    refused(answer, 409)
    assert answer.error.code == "WrongState"
    assert changes_asked_of(azure) == []


# --- generated ------------------------------------------------------------------------------------

TEXT = st.text(max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


NO_OBJECT = JSON.filter(lambda value: not isinstance(value, dict))


def mostly(valid: Any) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(valid), st.just(valid), JSON)


NEVER_A_NAME = st.one_of(st.just("../x"), JSON.filter(lambda value: not isinstance(value, str)))
"""Work on an environment that is begun goes on after the test, so none must be."""

CREATE = st.fixed_dictionaries(
    {"name": NEVER_A_NAME, "specs": mostly(["python"])},
    optional={
        "pip": JSON,
        "file": JSON
        | st.fixed_dictionaries(
            {"name": mostly("environment.yml")}, optional={"content": JSON, "path": JSON}
        ),
        "clone_of": JSON,
        "channels": JSON,
        "kernel": JSON | st.fixed_dictionaries({"display_name": mostly("x")}),
        "engine": JSON,
        "surprise": JSON,
    },
)
CHANGE = st.fixed_dictionaries(
    {"install": mostly(["numpy"])},
    optional=dict.fromkeys(["update", "update_all", "remove", "pip", "channels", "surprise"], JSON),
)

BODIES = {
    "/ci-manager/environments": CREATE | NO_OBJECT,
    "/ci-manager/environments/plan": st.fixed_dictionaries(
        {}, optional={"create": CREATE | JSON, "environment_id": JSON, "change": CHANGE | JSON}
    )
    | JSON,
    "/ci-manager/environments/{environment_id}/packages": CHANGE | JSON,
    "/ci-manager/packages/search": st.fixed_dictionaries(
        {"text": mostly("no-such-package")}, optional={"channels": JSON, "surprise": JSON}
    )
    | JSON,
    "/ci-manager/kernels": st.fixed_dictionaries(
        {
            "environment_id": mostly("nothing"),
            "kernel": JSON
            | st.fixed_dictionaries(
                {"display_name": mostly("x")},
                optional={"name": mostly("../x"), "env": JSON, "scope": JSON, "language": JSON},
            ),
        },
        optional={"surprise": JSON},
    )
    | JSON,
    "/ci-manager/kernels/{name}": st.fixed_dictionaries({"display_name": mostly("x")}) | JSON,
    "/ci-manager/instances": st.fixed_dictionaries(
        {
            "spec": st.fixed_dictionaries(
                {"name": mostly("amy-gpu"), "vm_size": mostly(SIZE)},
                optional={
                    "description": JSON,
                    "idle_shutdown": JSON,
                    "tags": JSON,
                    "setup_scripts": JSON
                    | st.fixed_dictionaries(
                        {},
                        optional={
                            phase: st.fixed_dictionaries(
                                {"source": mostly("inline"), "data": mostly("echo")},
                                optional={"arguments": JSON, "timeout_minutes": JSON},
                            )
                            for phase in ("creation", "startup")
                        },
                    ),
                },
            )
        },
        optional={"if_exists": mostly("fail"), "surprise": JSON},
    )
    | JSON,
    # Never an empty object, which would scan all of this machine or plan to clean it.
    "/ci-manager/disk/scan": st.fixed_dictionaries(
        {"root": mostly("/nowhere")}, optional={"anew": JSON, "surprise": JSON}
    )
    | NO_OBJECT,
    "/ci-manager/disk/cleanup/plan": st.fixed_dictionaries(
        {"trash": JSON | st.lists(mostly("file:///nowhere/x%00y"), min_size=1, max_size=3)},
        optional={"surprise": JSON},
    )
    | NO_OBJECT,
    "/ci-manager/disk/cleanup": st.fixed_dictionaries(
        {"plan_id": mostly("nowhere"), "steps": mostly(["x"])},
        optional={"dry_run": JSON, "surprise": JSON},
    )
    | JSON,
    "/ci-manager/scripts/{path}": st.fixed_dictionaries(
        {"text": mostly("echo\n")}, optional={"overwrite": JSON, "surprise": JSON}
    )
    | JSON,
    "/ci-manager/workspace": st.fixed_dictionaries({"id": mostly("/subscriptions/x")}) | JSON,
}


def filled(path: str, values: dict[str, str]) -> str:
    return path.format(**{name: quote(value, safe="") for name, value in values.items()})


def requests() -> st.SearchStrategy[tuple[str, str, dict[str, str], bytes | None]]:
    """Requests to routes of the OpenAPI document, with anything in all their places."""
    each = []
    for path, methods in document(ROUTES)["paths"].items():
        for method, operation in methods.items():
            names = re.findall(r"{(\w+)}", path)
            segment = st.text(min_size=1, max_size=30) | st.sampled_from(["amy-gpu", "..", "%"])
            declared = [p["name"] for p in operation["parameters"] if p["in"] == "query"]
            query = st.dictionaries(
                st.sampled_from(declared) if declared else TEXT, TEXT, max_size=3
            )
            body = (
                st.one_of(BODIES[path].map(lambda value: json.dumps(value).encode()), st.binary())
                if "requestBody" in operation
                else st.none()
            )
            each.append(
                st.tuples(
                    st.just(method.upper()),
                    st.fixed_dictionaries(dict.fromkeys(names, segment)).map(partial(filled, path)),
                    query,
                    body,
                )
            )
    return st.one_of(each)


def test_no_request_gets_a_5xx_or_an_answer_in_another_shape(
    azure: Emulator, ask: Ask, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> None:
    described = document(ROUTES)["paths"]

    @settings(
        max_examples=250,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(requests())
    def send(request: tuple[str, str, dict[str, str], bytes | None]) -> None:
        method, path, query, body = request
        if "wait" in query:
            query = {**query, "wait": "0"}
        answer = jp_asyncio_loop.run_until_complete(
            ask(
                method,
                path.removeprefix("/ci-manager/"),
                raw=body if body is not None or method in ("GET", "DELETE") else b"",
                params=query,
            )
        )
        assert answer.status < 500, (request, answer.body)
        if answer.status >= 400:
            assert answer.error.message
        template = next((each for each in described if matches(each, path)), None)
        if template is not None and method.lower() in described[template]:
            assert str(answer.status) in described[template][method.lower()]["responses"]

    send()


def matches(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path) is not None
