"""Templates, defaults and fixed fields, as a browser meets them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from traitlets import TraitError

from jupyter_ci_manager.app import CiManagerApp
from jupyter_ci_manager.emulator import Emulator
from tests.builders import changes_asked_of

from .conftest import Ask

TEMPLATE = {"version": 1, "title": "Ours", "spec": {"vm_size": "Standard_DS3_v2"}}


@pytest.fixture
def templates_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "ours.ci.json").write_text(json.dumps(TEMPLATE))
    (folder / "broken.ci.json").write_text("{")
    return folder


@pytest.fixture
def ci_manager_config(templates_dir: Path) -> dict[str, Any]:
    return {
        "spec_defaults": {"idle_shutdown": "PT60M", "tags": {"team": "fraud"}},
        "locked_fields": ["idle_shutdown", "ssh", "tags.team"],
        "templates_dir": str(templates_dir),
    }


def wanted(**changes: Any) -> dict[str, Any]:
    good = {"name": "brand-new", "vm_size": "Standard_DS3_v2", "idle_shutdown": "PT60M"}
    return good | {"tags": {"team": "fraud"}} | changes


async def test_the_administrators_defaults_are_told(ask: Ask) -> None:
    answer = await ask("GET", "specs/defaults")

    assert answer.status == 200
    assert answer.json["spec"]["idle_shutdown"] == "PT60M"
    assert answer.json["spec"]["tags"] == {"team": "fraud"}
    assert answer.json["locked"] == ["idle_shutdown", "ssh", "tags.team"]
    assert [each["title"] for each in answer.json["templates"]] == ["Ours"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"idle_shutdown": "PT30M"}, "idle_shutdown"),
        ({"idle_shutdown": None}, "idle_shutdown"),
        ({"tags": {"team": "other"}}, "tags.team"),
    ],
)
async def test_a_fixed_field_that_differs_is_refused_and_azure_is_asked_for_nothing(
    azure: Emulator, ask: Ask, changes: dict[str, Any], field: str
) -> None:
    answer = await ask("POST", "instances", {"spec": wanted(**changes)})

    assert answer.status == 403
    assert answer.error.code == "FieldLocked"
    assert answer.error.details == {"field": field}
    assert changes_asked_of(azure) == 0


async def test_what_is_as_the_administrator_wants_it_is_created(ask: Ask) -> None:
    answer = await ask("POST", "instances", {"spec": wanted(tags={"team": "fraud", "own": "1"})})

    assert answer.status == 202
    assert answer.json["target"] == "brand-new"


async def test_the_check_tells_of_fixed_fields_before_anything_is_sent(ask: Ask) -> None:
    answer = await ask("POST", "specs/check", {"spec": wanted(idle_shutdown="PT30M")})

    problems = {each["field"]: each["code"] for each in answer.json["problems"]}
    assert problems == {"idle_shutdown": "FieldLocked"}


async def test_a_fixed_field_cannot_be_changed_later_either(azure: Emulator, ask: Ask) -> None:
    name = azure.workspace.computes.instances()[0].name

    answer = await ask("PATCH", f"instances/{name}", {"idle_shutdown": None})

    assert answer.status == 403
    assert answer.error.code == "FieldLocked"
    assert changes_asked_of(azure) == 0


async def test_a_template_is_read(ask: Ask) -> None:
    answer = await ask("POST", "specs/template", {"text": json.dumps(TEMPLATE)})

    assert answer.status == 200
    assert answer.json["title"] == "Ours"
    assert answer.json["spec"]["vm_size"] == "Standard_DS3_v2"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"title": "x", "spec": {"tags": 3}}', "[" * 60_000, "\x00"]
)
async def test_what_is_no_template_is_refused(ask: Ask, text: str) -> None:
    answer = await ask("POST", "specs/template", {"text": text})

    assert answer.status == 400
    assert answer.error.code == "InvalidTemplate"


@pytest.mark.parametrize(
    "settings",
    [
        {"spec_defaults": {"vmsize": "x"}},
        {"spec_defaults": {"tags": 3}},
        {"locked_fields": ["size"]},
        {"locked_fields": ["name"]},
        {"templates_dir": "relative"},
    ],
)
def test_settings_that_make_no_sense_are_refused_at_the_start(settings: dict[str, Any]) -> None:
    with pytest.raises(TraitError):
        CiManagerApp(**settings)
