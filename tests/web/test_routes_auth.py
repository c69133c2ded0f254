"""Every method of every route, for those who may not: a route that is added is tried by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join

from jupyter_ci_manager.emulator import Emulator
from jupyter_ci_manager.web.base import CiManagerHandler
from jupyter_ci_manager.web.describe import endpoint_of
from jupyter_ci_manager.web.openapi import VERBS
from jupyter_ci_manager.web.route import NAMESPACE
from jupyter_ci_manager.web.routes import ROUTES, handlers
from tests.builders import SIZE
from tests.web.conftest import Ask

EXECUTES = {"/start", "/stop", "/restart", "disk/scan", "disk/cleanup/plan", "disk/cleanup"} | {
    "environments",
    "environments/{environment_id}",
    "environments/{environment_id}/packages",
    "environments/plan",
    "kernels",
    "kernels/{name}/check",
    "setup-scripts/dry-run",
    "ssh-keys",
}
READS = {"packages/search"}
"""Questions whose words belong into no address."""
BODIES: dict[str, Any] = {
    "packages/search": {"text": "numpy"},
    "workspace": {"id": "/subscriptions/x"},
    "instances": {"spec": {"name": "new-ci", "vm_size": SIZE}},
}


def methods() -> Iterator[tuple[str, str, str]]:
    """Each route's path with its parameters filled in, each of its methods, and the permission."""
    for route in ROUTES:
        path = route.path.format(
            name="amy-notebooks",
            operation_id="0123456789abcdef",
            environment_id="fedcba9876543210",
            log="creation.log",
            path="Users%2Famy%2Fsetup.sh",
        )
        for verb in VERBS:
            if endpoint_of(getattr(route.handler, verb, None)) is None:
                continue
            if verb == "get" or route.path in READS:
                permission = "read"
            elif any(route.path.endswith(ending) for ending in EXECUTES):
                permission = "execute"
            else:
                permission = "write"
            yield verb.upper(), path, permission


METHODS = list(methods())


def changes_asked_of(azure: Emulator) -> int:
    asked = azure.requests.count("PUT") + azure.requests.count("DELETE")
    return asked + azure.requests.count("POST", "/computes/[^/]+/\\w+$")


def test_every_route_of_the_design_is_there() -> None:
    assert {(method, path) for method, path, _ in METHODS} >= {
        ("GET", "workspace"),
        ("PUT", "workspace"),
        ("GET", "workspaces"),
        ("GET", "instances"),
        ("POST", "instances"),
        ("GET", "instances/amy-notebooks"),
        ("PATCH", "instances/amy-notebooks"),
        ("DELETE", "instances/amy-notebooks"),
        ("POST", "instances/amy-notebooks/resize"),
        ("POST", "specs/check"),
        ("POST", "specs/code"),
        ("POST", "specs/template"),
        ("GET", "specs/defaults"),
        ("POST", "schedules/preview"),
        ("GET", "time-zones"),
        ("GET", "virtual-networks"),
        ("GET", "managed-identities"),
        ("GET", "ssh-keys"),
        ("POST", "ssh-keys"),
        ("POST", "setup-scripts/lint"),
        ("POST", "setup-scripts/dry-run"),
        ("POST", "instances/amy-notebooks/start"),
        ("POST", "instances/amy-notebooks/stop"),
        ("POST", "instances/amy-notebooks/restart"),
        ("POST", "mine/stop"),
        ("GET", "sizes"),
        ("GET", "quota"),
        ("GET", "names/amy-notebooks"),
        ("GET", "operations"),
        ("GET", "operations/0123456789abcdef"),
        ("DELETE", "operations/0123456789abcdef"),
        ("GET", "disk"),
        ("GET", "disk/scan"),
        ("POST", "disk/scan"),
        ("POST", "disk/cleanup/plan"),
        ("GET", "disk/cleanup"),
        ("POST", "disk/cleanup"),
        ("GET", "environments"),
        ("POST", "environments"),
        ("POST", "environments/plan"),
        ("GET", "environments/plan/0123456789abcdef"),
        ("GET", "environments/fedcba9876543210"),
        ("DELETE", "environments/fedcba9876543210"),
        ("POST", "environments/fedcba9876543210/packages"),
        ("GET", "environments/fedcba9876543210/export"),
        ("POST", "packages/search"),
        ("GET", "kernels"),
        ("POST", "kernels"),
        ("PUT", "kernels/amy-notebooks"),
        ("DELETE", "kernels/amy-notebooks"),
        ("POST", "kernels/amy-notebooks/check"),
        ("GET", "instances/amy-notebooks/logs"),
        ("GET", "instances/amy-notebooks/logs/creation.log"),
        ("GET", "instances/amy-notebooks/logs/creation.log/content"),
        ("GET", "instances/amy-notebooks/logs/creation.log/diagnosis"),
        ("GET", "operations/0123456789abcdef/log"),
        ("GET", "scripts/Users%2Famy%2Fsetup.sh"),
        ("PUT", "scripts/Users%2Famy%2Fsetup.sh"),
        ("GET", "openapi.json"),
    }


def test_every_handler_is_ours_and_every_method_is_described() -> None:
    for _, handler in handlers():
        assert issubclass(handler, CiManagerHandler)
    for route in ROUTES:
        for verb in (*VERBS, "head"):
            defined = getattr(route.handler, verb) is not getattr(CiManagerHandler, verb, None)
            assert defined == (endpoint_of(getattr(route.handler, verb)) is not None), (route, verb)


async def test_nobody_who_is_not_signed_in_gets_anything(
    azure: Emulator, ask: Ask, http_server_client: Any, jp_base_url: str
) -> None:
    azure.requests.clear()
    tried = [(method, path) for method, path, _ in METHODS]
    tried += [("GET", "no/such/route"), ("POST", "no/such/route")]
    for method, path in tried:
        for headers in ({}, {"Authorization": "token wrong"}, {"Cookie": "_xsrf=x"}):
            response = await http_server_client.fetch(
                url_path_join(jp_base_url, NAMESPACE, path),
                method=method,
                headers={"X-XSRFToken": "x"} | headers,
                body=None if method in ("GET", "DELETE") else b"{}",
                raise_error=False,
                follow_redirects=False,
            )
            assert response.code in (401, 403), (method, path, response.code)
            assert b"amy" not in response.body
    assert len(azure.requests) == 0


class Denying(Authorizer):
    """Allows everything but ``denied``, and remembers what it was asked."""

    denied = ""
    asked: list[tuple[str, str]]

    def is_authorized(self, handler: JupyterHandler, user: Any, action: str, resource: str) -> bool:
        self.asked.append((action, resource))
        return action != self.denied


@pytest.fixture
def authorizer(jp_serverapp: Any) -> Denying:
    authorizer = Denying(parent=jp_serverapp, config=jp_serverapp.config)
    authorizer.asked = []
    jp_serverapp.web_app.settings["authorizer"] = authorizer
    return authorizer


@pytest.mark.parametrize("denied", ["read", "write", "execute"])
async def test_each_method_needs_its_own_permission_and_no_other(
    azure: Emulator, ask: Ask, authorizer: Denying, denied: str
) -> None:
    authorizer.denied = denied
    azure.requests.clear()
    for method, path, permission in METHODS:
        if permission != denied and permission != "read":
            # It would be carried out: that it is allowed is shown by what is asked below.
            continue
        authorizer.asked.clear()
        answer = await ask(method, path, BODIES.get(path))

        assert authorizer.asked == [(permission, "ci-manager")], (method, path)
        if permission == denied:
            assert (answer.status, answer.error.code) == (403, "Forbidden"), (method, path)
            assert answer.error.hint
    assert changes_asked_of(azure) == 0


async def test_what_changes_or_runs_something_asks_for_that_permission(
    azure: Emulator, ask: Ask, authorizer: Denying
) -> None:
    for method, path, permission in METHODS:
        if permission == "read":
            continue
        authorizer.asked.clear()
        await ask(method, path, BODIES.get(path))

        assert authorizer.asked == [(permission, "ci-manager")], (method, path)


async def test_unknown_routes_answer_in_our_shape(ask: Ask) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        for path in ("", "nope", "instances/a/b/c", "instances/a/explode", "names", "mine"):
            answer = await ask(method, path, {} if method in ("POST", "PUT", "PATCH") else None)
            assert (answer.status, answer.error.code) == (404, "NotFound"), (method, path)
            assert "openapi.json" in (answer.error.hint or "")


async def test_methods_that_a_route_has_not_got_answer_in_our_shape(ask: Ask) -> None:
    for method, path in (("DELETE", "instances"), ("PATCH", "workspace"), ("PUT", "sizes")):
        answer = await ask(method, path, {} if method != "DELETE" else None)
        assert (answer.status, answer.error.code) == (405, "MethodNotAllowed")
        assert answer.error.hint
