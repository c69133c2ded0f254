"""Template files: what is read, what is refused, and what the schema says of them."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

from jupyter_ci_manager.errors import InvalidTemplate
from jupyter_ci_manager.specs.templates import (
    MAX_BYTES,
    template_from_file,
    template_from_text,
    template_schema,
    template_schema_text,
    templates_in,
)

CHECKED_IN = Path(__file__).parents[2] / "schema" / "ci-template.schema.json"
GOOD: dict[str, Any] = {
    "$schema": "./ci-template.schema.json",
    "version": 1,
    "title": "GPU with our packages",
    "spec": {"vm_size": "Standard_NC6s_v3", "idle_shutdown": "PT60M", "tags": {"team": "fraud"}},
}


def refused(text: str) -> InvalidTemplate:
    with pytest.raises(InvalidTemplate) as caught:
        template_from_text(text)
    return caught.value


def test_a_template_is_read_and_its_schema_key_is_for_editors_only() -> None:
    template = template_from_text("\ufeff" + json.dumps(GOOD))

    assert template.title == "GPU with our packages"
    assert template.spec.vm_size == "Standard_NC6s_v3"
    assert template.spec.name == ""


def test_the_checked_in_schema_is_current() -> None:
    assert CHECKED_IN.read_text(encoding="utf-8") == template_schema_text(), "run: make api"


def test_the_schema_takes_what_is_read_and_refuses_what_is_not() -> None:
    OAS31Validator.check_schema(template_schema())
    validator = OAS31Validator(template_schema())

    assert list(validator.iter_errors(GOOD)) == []
    for changes in ({"spec": {"vm_size": 3}}, {"extra": 1}, {"version": 2}, {"title": ""}):
        assert list(validator.iter_errors(GOOD | changes)), changes
        refused(json.dumps(GOOD | changes))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("null", "none"),
        ("[]", "none"),
        ('"x"', "none"),
        ("{", "not JSON"),
        ("{'title': 'x'}", "not JSON"),
        ("\x00", "not JSON"),
        ("#!/bin/bash\nrm -rf /", "not JSON"),
        ("{}", "title"),
        ('{"title": "x"}', "spec"),
        ('{"title": "x", "spec": []}', "spec"),
        ('{"title": "x", "spec": {}, "version": 99}', "version 99"),
        ('{"title": "x", "spec": {}, "version": true}', "version"),
        ('{"title": "x", "spec": {"__proto__": {}}}', "__proto__"),
        ('{"title": "x", "spec": {"vm_size": NaN}}', "not JSON"),
        ("[" * 100_000, "deeply"),
        ('{"title": "x", "spec": {"more": ' + '{"a":' * 50_000, "deeply"),
        ('{"title": "\ud800", "spec": {}}', "no text"),
        (" " * (MAX_BYTES + 1), "allowed"),
    ],
    ids=range(19),
)
def test_what_is_no_template_is_refused_in_words(text: str, words: str) -> None:
    error = refused(text)

    assert error.status == 400
    assert words in error.message
    assert error.body.hint


def test_the_error_names_the_field() -> None:
    text = json.dumps(GOOD | {"spec": {"schedules": [{"action": "fly"}]}})

    assert refused(text).field == "spec.schedules.0.action"


def test_files_that_are_none_are_left_out_of_a_folder_and_said_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "b.ci.json").write_text(json.dumps(GOOD | {"title": "B"}))
    (tmp_path / "a.ci.json").write_text(json.dumps(GOOD | {"title": "A"}))
    (tmp_path / "broken.ci.json").write_text("{")
    (tmp_path / "latin.ci.json").write_bytes(b'{"title": "\xe9"}')
    (tmp_path / "folder.ci.json").mkdir()
    (tmp_path / "gone.ci.json").symlink_to("nowhere")
    (tmp_path / "notes.json").write_text("{}")
    os.mkfifo(tmp_path / "pipe.ci.json")

    found = templates_in(tmp_path, log=logging.getLogger("templates"))

    assert [each.title for each in found] == ["A", "B"]
    left_out = ("broken", "latin", "folder", "gone", "pipe")
    assert all(f"{name}.ci.json" in caplog.text for name in left_out)
    assert "notes" not in caplog.text


def test_a_folder_that_is_not_there_has_no_templates(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert templates_in(tmp_path / "gone", log=logging.getLogger("templates")) == []
    assert "gone" in caplog.text


def test_an_endless_file_is_read_no_further_than_templates_go(tmp_path: Path) -> None:
    path = tmp_path / "big.ci.json"
    with path.open("wb") as file:
        file.truncate(10 * 1024**3)

    with pytest.raises(InvalidTemplate, match="allowed"):
        template_from_file(path)
