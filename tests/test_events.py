from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest
from jupyter_events import EventLogger

from jupyter_ci_manager.events import EventEmitter
from jupyter_ci_manager.instances.snapshot import Change
from jupyter_ci_manager.models import ErrorBody
from tests.builders import workspace
from tests.test_journal import operation


@pytest.fixture
def sink() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def emitter(sink: io.StringIO) -> EventEmitter:
    logger = EventLogger(handlers=[logging.StreamHandler(sink)])
    return EventEmitter(logger)


def emitted(sink: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in sink.getvalue().splitlines()]


def test_an_operation_is_told_as_the_api_answers_it(
    emitter: EventEmitter, sink: io.StringIO
) -> None:
    emitter.operation(operation(error=ErrorBody(code="QuotaExceeded", message="No."), progress=0.5))

    (event,) = emitted(sink)
    assert event["operation"]["error"]["code"] == "QuotaExceeded"
    assert event["operation"]["created_at"] == "2026-11-23T09:00:00Z"
    assert event["operation"]["ended_at"] is None


def test_changes_are_told_with_what_was_and_what_is(
    emitter: EventEmitter, sink: io.StringIO
) -> None:
    emitter.instances(
        workspace(), [Change("new", None, "Creating"), Change("old", "Stopped", None)]
    )

    (event,) = emitted(sink)
    assert event["workspace_id"] == workspace().id
    assert event["changes"] == [
        {"name": "new", "previous": None, "state": "Creating"},
        {"name": "old", "previous": "Stopped", "state": None},
    ]
