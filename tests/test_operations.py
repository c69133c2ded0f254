from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from jupyter_ci_manager.errors import (
    NotCancellable,
    OperationInProgress,
    OperationNotFound,
    QuotaExceeded,
)
from jupyter_ci_manager.journal import LEASE_SECONDS
from jupyter_ci_manager.models import Operation
from jupyter_ci_manager.operation_handle import OperationHandle, WorkLost
from jupyter_ci_manager.operations import OperationRegistry
from tests.builders import until

Performer = Callable[[OperationHandle], Awaitable[str]]
MakeRegistry = Callable[..., OperationRegistry]


class Now:
    def __init__(self) -> None:
        self.offset = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(timezone.utc) + self.offset


class Work:
    """What a performer does, step by step, as the test says."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.may_end = asyncio.Event()
        self.handles: list[OperationHandle] = []

    async def __call__(self, handle: OperationHandle) -> str:
        self.handles.append(handle)
        await handle.save(b"begun")
        self.begun.set()
        await self.may_end.wait()
        await handle.report("Almost", 0.9)
        return "Done"


async def quick(handle: OperationHandle) -> str:
    await handle.report("Half way", 0.5)
    return "Done"


@pytest.fixture
def make(tmp_path: Path, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[MakeRegistry]:
    made: list[OperationRegistry] = []

    def registry(performer: Performer = quick, **options: Any) -> OperationRegistry:
        settings: dict[str, Any] = {
            "log": logging.getLogger(__name__),
            "renew_seconds": 0.02,
            "watch_seconds": 0.02,
        }
        created = OperationRegistry(tmp_path / "operations.sqlite", **(settings | options))
        created.perform_with(["instance.stop"], performer)
        made.append(created)
        return created

    yield registry
    for each in made:
        jp_asyncio_loop.run_until_complete(each.close())


async def start(registry: OperationRegistry, target: str = "amy-ci") -> Operation:
    return await registry.start("instance.stop", target, "/w", "Stopping", b"intent")


async def test_an_operation_is_answered_at_once_and_goes_on_behind(make: MakeRegistry) -> None:
    work = Work()
    registry = make(work)

    operation = await start(registry)

    assert (operation.state, operation.revision) == ("queued", 0)
    await work.begun.wait()
    assert (await registry.get(operation.id)).operation.state == "running"
    work.may_end.set()
    finished = await registry.wait(operation.id, timeout_seconds=5)
    assert (finished.state, finished.message, finished.progress) == ("succeeded", "Done", 1.0)


async def test_every_change_is_told_with_a_growing_revision(make: MakeRegistry) -> None:
    registry = make()
    told: list[Operation] = []
    registry.listen(told.append)

    operation = await start(registry)
    await registry.wait(operation.id, timeout_seconds=5)

    assert [(each.state, each.message, each.progress) for each in told] == [
        ("queued", "Stopping", None),
        ("running", "Stopping", None),
        ("running", "Half way", 0.5),
        ("succeeded", "Done", 1.0),
    ]
    assert [each.revision for each in told] == [0, 1, 2, 3]


async def test_a_listener_that_fails_does_not_end_the_work(
    make: MakeRegistry, caplog: pytest.LogCaptureFixture
) -> None:
    registry = make()

    def fail(operation: Operation) -> None:
        raise RuntimeError(operation.id)

    registry.listen(fail)
    operation = await start(registry)

    assert (await registry.wait(operation.id, timeout_seconds=5)).state == "succeeded"
    assert "A listener failed" in caplog.text


@pytest.mark.parametrize(
    ("error", "state", "code"),
    [
        (QuotaExceeded("No cores left."), "failed", "QuotaExceeded"),
        (WorkLost("Nobody knows."), "lost", None),
        (KeyError("a defect"), "failed", "InternalError"),
    ],
)
async def test_how_work_ends_is_how_the_operation_ends(
    make: MakeRegistry, error: Exception, state: str, code: str | None
) -> None:
    async def fail(_: OperationHandle) -> str:
        raise error

    registry = make(fail)
    finished = await registry.wait((await start(registry)).id, timeout_seconds=5)

    assert finished.state == state
    assert (finished.error.code if finished.error else None) == code
    assert finished.ended_at is not None
    assert "a defect" not in finished.message


async def test_one_target_has_one_operation_at_a_time(make: MakeRegistry) -> None:
    work = Work()
    registry = make(work)
    first = await start(registry)

    with pytest.raises(OperationInProgress) as busy:
        await start(registry, "AMY-ci")

    assert busy.value.body.details == {"operation_id": first.id}
    await start(registry, "another")


async def test_a_long_poll_answers_with_the_next_change(make: MakeRegistry) -> None:
    work = Work()
    registry = make(work)
    operation = await start(registry)
    await work.begun.wait()
    revision = (await registry.get(operation.id)).operation.revision
    follower = asyncio.ensure_future(
        registry.follow(operation.id, after_revision=revision, timeout_seconds=30)
    )
    await asyncio.sleep(0.01)
    assert not follower.done()

    work.may_end.set()

    details = await asyncio.wait_for(follower, 5)
    assert details.operation.revision > revision


async def test_a_long_poll_misses_no_change_that_comes_while_it_looks(
    make: MakeRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change falls between the follower's look into the journal and its wait."""
    work = Work()
    registry = make(work)
    operation = await start(registry)
    await work.begun.wait()
    revision = (await registry.get(operation.id)).operation.revision
    look = registry.get

    async def look_and_be_overtaken(operation_id: str) -> Any:
        details = await look(operation_id)
        work.may_end.set()
        await until(lambda: not registry.running)
        return details

    monkeypatch.setattr(registry, "get", look_and_be_overtaken)

    details = await asyncio.wait_for(
        registry.follow(operation.id, after_revision=revision, timeout_seconds=30), 5
    )
    assert details.operation.state == "succeeded"


async def test_a_long_poll_ends_when_its_time_is_up(make: MakeRegistry) -> None:
    work = Work()
    registry = make(work)
    operation = await start(registry)
    await work.begun.wait()

    details = await registry.follow(operation.id, after_revision=99, timeout_seconds=0.02)

    assert details.operation.state == "running"


async def test_many_followers_are_all_told(make: MakeRegistry) -> None:
    work = Work()
    registry = make(work)
    operation = await start(registry)
    waiting = [
        asyncio.ensure_future(registry.wait(operation.id, timeout_seconds=5)) for _ in range(50)
    ]
    await work.begun.wait()
    work.may_end.set()

    assert {each.state for each in await asyncio.gather(*waiting)} == {"succeeded"}


async def test_who_stops_waiting_does_not_stop_the_work(make: MakeRegistry) -> None:
    work = Work()
    registry = make(work)
    operation = await start(registry)

    with pytest.raises(asyncio.TimeoutError):
        await registry.wait(operation.id, timeout_seconds=0.02)

    work.may_end.set()
    assert (await registry.wait(operation.id, timeout_seconds=5)).state == "succeeded"


async def test_what_azure_does_cannot_be_cancelled_and_what_ended_can_be_dismissed(
    make: MakeRegistry,
) -> None:
    work = Work()
    registry = make(work)
    operation = await start(registry)
    with pytest.raises(NotCancellable):
        await registry.cancel_or_dismiss(operation.id)

    work.may_end.set()
    await registry.wait(operation.id, timeout_seconds=5)
    await registry.cancel_or_dismiss(operation.id)

    with pytest.raises(OperationNotFound):
        await registry.get(operation.id)
    with pytest.raises(OperationNotFound):
        await registry.cancel_or_dismiss(operation.id)


async def test_the_next_process_goes_on_where_the_last_one_stopped(make: MakeRegistry) -> None:
    first_work, second_work = Work(), Work()
    first = make(first_work)
    operation = await start(first)
    await first_work.begun.wait()
    await first.close()

    second = make(second_work)
    await second.open()
    await second_work.begun.wait()
    second_work.may_end.set()
    finished = await second.wait(operation.id, timeout_seconds=5)

    assert finished.state == "succeeded"
    assert [handle.resumed for handle in first_work.handles + second_work.handles] == [False, True]
    assert second_work.handles[0].operation.started_at is not None
    steps = [step.message for step in (await second.get(operation.id)).steps]
    assert steps == ["Stopping", "Almost", "Done"]


async def test_of_two_processes_one_works_and_the_other_sees_and_tells(
    make: MakeRegistry,
) -> None:
    work, idle = Work(), Work()
    owner, other = make(work), make(idle)
    told: list[str] = []
    await other.open()
    other.listen(lambda each: told.append(each.message))

    operation = await start(owner)
    await work.begun.wait()
    work.may_end.set()
    finished = await other.wait(operation.id, timeout_seconds=5)

    assert finished.state == "succeeded"
    assert idle.handles == []
    # It looks at what others wrote from time to time; the journal itself was quicker.
    await until(lambda: told[-1:] == ["Done"])


async def test_a_process_that_was_suspended_too_long_finds_that_another_has_taken_over(
    make: MakeRegistry, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    later = Now()
    later.offset = timedelta(seconds=LEASE_SECONDS + 5)
    suspended_work, work = Work(), Work()
    # It does not renew its lease, as a process that does not run cannot.
    suspended = make(suspended_work, renew_seconds=3600)
    operation = await start(suspended)
    await suspended_work.begun.wait()

    second = make(work, now=later)
    await second.open()
    await work.begun.wait()
    suspended_work.may_end.set()
    await until(lambda: not suspended.running)

    assert f"Operation {operation.id} is followed by another process." in caplog.text
    assert (await second.get(operation.id)).operation.state == "running"
    work.may_end.set()
    assert (await second.wait(operation.id, timeout_seconds=5)).state == "succeeded"


async def test_what_could_not_begin_is_listed_as_failed(make: MakeRegistry) -> None:
    registry = make()
    told: list[Operation] = []
    registry.listen(told.append)

    failed = await registry.record_failed("instance.stop", "amy-ci", "/w", QuotaExceeded("No."))

    assert (await registry.list()).items == told == [failed]
    assert failed.error is not None
    assert (failed.state, failed.error.code) == ("failed", "QuotaExceeded")
