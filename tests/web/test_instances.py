from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyter_ci_manager.emulator import Emulator
from tests.web.conftest import Ask


async def test_the_list_says_how_fresh_it_is_and_when_to_ask_again(ask: Ask) -> None:
    answer = await ask("GET", "instances")

    assert answer.status == 200
    assert answer.headers["Etag"]
    assert answer.json["total"] == 8
    assert (answer.json["stale"], answer.json["error"]) == (False, None)
    assert 0 < answer.json["refresh_after_seconds"] <= 30
    assert answer.json["fetched_at"].endswith("Z")


async def test_the_query_narrows_sorts_and_pages(ask: Ask) -> None:
    params = {"mine": "1", "sort": "-name", "limit": "2"}
    first = (await ask("GET", "instances", params=params)).json
    assert [each["name"] for each in first["items"]] == ["amy-onboarding", "amy-notebooks"]
    assert first["total"] == 3

    second = (await ask("GET", "instances", params=params | {"cursor": first["cursor"]})).json
    assert [each["name"] for each in second["items"]] == ["amy-gpu"]
    assert second["cursor"] is None


async def test_a_failure_of_azure_leaves_the_list_stale(azure: Emulator, ask: Ask) -> None:
    known = (await ask("GET", "instances")).json
    azure.add_fault(path="/computes$", status=429, code="TooManyRequests", retry_after=60)

    stale = known
    while not stale["stale"]:
        # A refresh is answered from a list that is at most a second old.
        await asyncio.sleep(0.05)
        stale = (await ask("GET", "instances", params={"refresh": "1"})).json

    assert stale["items"] == known["items"]
    assert stale["fetched_at"] == known["fetched_at"]
    assert stale["error"]["code"] == "TooManyRequests"
    assert stale["refresh_after_seconds"] > 50


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"status": 401, "code": "InvalidAuthenticationToken"}, 403, "InvalidAuthenticationToken"),
        ({"status": 403, "code": "AuthorizationFailed"}, 403, "AuthorizationFailed"),
        ({"status": 404, "code": "ResourceNotFound"}, 404, "ResourceNotFound"),
        ({"status": 429, "code": "Slow", "retry_after": 90}, 429, "Slow"),
        ({"status": 418, "code": "Odd"}, 502, "Odd"),
    ],
)
async def test_with_nothing_known_azures_failure_is_the_answer(
    azure: Emulator, ask: Ask, fault: dict[str, Any], status: int, code: str
) -> None:
    azure.add_fault(path="/computes$", times=9, **fault)

    answer = await ask("GET", "instances")

    assert (answer.status, answer.error.code) == (status, code)
    assert answer.error.hint
    assert answer.error.request_id
    assert answer.headers.get("Retry-After") == ("90" if status == 429 else None)


async def test_sizes_quota_and_names_are_answered(ask: Ask) -> None:
    sizes = (await ask("GET", "sizes")).json
    quota = (await ask("GET", "quota")).json
    free = (await ask("GET", "names/free-name")).json
    taken = (await ask("GET", "names/amy-gpu")).json

    assert sizes["items"][0]["price"] is not None
    assert quota["regional"]["limit"] > 0
    assert (free["available"], taken["available"], taken["existing"]) == (True, False, True)


async def test_the_workspace_is_described(azure: Emulator, ask: Ask) -> None:
    status = (await ask("GET", "workspace")).json

    assert (status["state"], status["mode"]) == ("ready", "emulator")
    assert status["workspace"]["id"] == azure.workspace_id
    answer = await ask("PUT", "workspace", {"id": azure.workspace_id})
    assert (answer.status, answer.error.code) == (409, "WorkspaceFixed")


class TestWithoutAWorkspace:
    @pytest.fixture
    def ci_manager_config(self) -> dict[str, Any]:
        return {"workspace": ""}

    async def test_one_is_chosen_from_those_that_can_be_seen(
        self, azure: Emulator, ask: Ask
    ) -> None:
        assert (await ask("GET", "workspace")).json["state"] == "no_workspace"
        refused = await ask("GET", "instances")
        assert (refused.status, refused.error.code) == (409, "NoWorkspace")

        (visible,) = (await ask("GET", "workspaces")).json["items"]
        chosen = await ask("PUT", "workspace", {"id": visible["id"]})

        assert (chosen.status, chosen.json["state"]) == (200, "ready")
        assert (await ask("GET", "instances")).json["total"] == 8

    async def test_one_that_is_not_there_is_not_found_and_nothing_is_chosen(
        self, azure: Emulator, ask: Ask
    ) -> None:
        answer = await ask("PUT", "workspace", {"id": azure.workspace_id + "-2"})

        assert answer.status == 404
        assert answer.error.hint
        assert (await ask("GET", "workspace")).json["state"] == "no_workspace"


class TestWithAnAdministratorsPolicy:
    @pytest.fixture
    def ci_manager_config(self) -> dict[str, Any]:
        return {"allowed_actions": ["start", "stop"]}

    async def test_what_is_not_allowed_is_shown_and_refused(
        self, azure: Emulator, ask: Ask
    ) -> None:
        permissions = (await ask("GET", "workspace")).json["permissions"]
        assert {each["name"] for each in permissions if not each["allowed"]} == {
            "create",
            "restart",
            "delete",
            "update_schedules",
            "enable_sso",
        }
        assert {each["denied_by"] for each in permissions} == {"administrator", None}

        answer = await ask("DELETE", "instances/amy-gpu")

        assert (answer.status, answer.error.code) == (403, "ActionNotAllowed")
        assert azure.requests.count("DELETE") == 0
