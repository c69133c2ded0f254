"""Taking apart what a Conda writes to a terminal."""

from __future__ import annotations

import pytest

from jupyter_ci_manager.environments.conda_output import CondaOutput, Downloads, Fetched
from jupyter_ci_manager.models import PlannedPackage

PROGRESS = (
    b'{"fetch":"pip-26.3             | 1.6 MB    | ","finished":false,"maxval":1,"progress":0.5}\n'
)
ANSWER = b'{\n  "success": true,\n  "actions": {"LINK": [{"name": "pip"}]}\n}'


def test_it_does_not_matter_where_the_pieces_are_cut() -> None:
    stream = PROGRESS + b"\0" + PROGRESS + b"\0" + ANSWER
    for size in (1, 7, 64, len(stream)):
        output = CondaOutput(lambda text: None)
        found = []
        for start in range(0, len(stream), size):
            found += output.feed(stream[start : start + size])

        assert [each.name for each in found] == ["pip-26.3", "pip-26.3"]
        assert found[0] == Fetched("pip-26.3", round(1.6 * 1024**2), 0.5, False)
        assert [answer["success"] for answer in output.end()] == [True]


def test_text_of_others_between_the_documents_is_told_and_hides_nothing() -> None:
    told: list[str] = []
    output = CondaOutput(told.append)

    found = output.feed(b"a plugin {says} hello\n" + PROGRESS + b"\0post-link: 50 %{" + ANSWER)
    [answer] = output.end()

    assert len(found) == 1
    assert answer["success"]
    assert told == ["a plugin {says} hello", "post-link: 50 %{"]


def test_an_error_after_the_answer_is_an_answer_too() -> None:
    output = CondaOutput(lambda text: None)
    output.feed(ANSWER + b"\n" + b'{"exception_name": "CondaError", "message": "late"}')

    assert [sorted(answer) for answer in output.end()] == [
        ["actions", "success"],
        ["exception_name", "message"],
    ]


def test_an_answer_that_was_cut_off_is_none() -> None:
    output = CondaOutput(lambda text: None)
    output.feed(b'{\n  "success": true,\n  "actions": {"LINK": [{"name": "pip"}, {"na')

    assert output.end() == []


def test_output_without_end_is_not_kept() -> None:
    output = CondaOutput(lambda text: None)

    for _ in range(200):
        output.feed(b"x" * 65536)

    assert len(output._held) <= 8 * 1024 * 1024


@pytest.mark.parametrize(
    "document",
    [
        b'{"fetch": 1, "progress": 0.5}',
        b'{"fetch": "pip", "progress": "half"}',
        b'{"fetch": "pip | many | ", "progress": NaN, "maxval": -1}',
        b"[[[[",
        b'{"fetch": "' + b"x" * 100_000 + b'", "progress": 2}',
    ],
)
def test_progress_of_another_shape_breaks_nothing(document: bytes) -> None:
    for fetched in CondaOutput(lambda text: None).feed(document + b"\0"):
        assert fetched.bytes is None
        assert 0 <= fetched.fraction <= 1


def test_sizes_that_were_planned_are_exact_and_never_more_than_all_of_it() -> None:
    planned = [
        PlannedPackage("prompt-toolkit", "3.0.53", "install", download_bytes=1000),
        PlannedPackage("pip", "26.3", "install", download_bytes=500),
        PlannedPackage("python", "3.11.7", "install", download_bytes=0),
    ]
    downloads = Downloads(planned)

    first = downloads.add(Fetched("prompt-toolkit-3.0.5", 1024, 0.5, finished=False))
    second = downloads.add(Fetched("pip-26.3", 512, 1.0, finished=True))
    last = downloads.add(Fetched("surprise-1.0", 10**9, 1.0, finished=True))

    assert first == ("prompt-toolkit-3.0.53", 500, 1500)
    assert second == ("pip-26.3", 1000, 1500)
    assert last == ("surprise-1.0", 1500, 1500)
