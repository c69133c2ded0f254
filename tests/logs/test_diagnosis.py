from __future__ import annotations

import time
from datetime import datetime, timezone
from pathlib import Path

import pytest

from jupyter_ci_manager.logs.diagnosis import Diagnostician, ending_of
from jupyter_ci_manager.logs.hints import KNOWN_FAILURES
from jupyter_ci_manager.logs.stream import StreamState
from jupyter_ci_manager.models import LogDiagnosis


class Bytes:
    """A log in memory."""

    key = "bytes"
    watched: Path | None = None

    def __init__(self, data: bytes, identity: str = "1") -> None:
        self.data = data
        self.identity = identity
        self.bytes_read = 0

    async def state(self) -> StreamState:
        return StreamState(len(self.data), self.identity, datetime.now(timezone.utc))

    async def read(self, offset: int, length: int) -> bytes:
        found = self.data[offset : offset + length]
        self.bytes_read += len(found)
        return found


async def diagnosis(data: bytes) -> LogDiagnosis:
    return await Diagnostician().diagnosis(Bytes(data))


# What tools really print, one line each, and the hint that it should lead to.
LINES = [
    (b"setup.sh: line 3: conda: command not found", "CondaNotFound"),
    (b"/bin/sh: 1: conda: not found", "CondaNotFound"),
    (
        b"Your shell has not been properly configured to use 'conda activate'.",
        "CondaNotFound",
    ),
    (b"CondaError: Run 'conda init' before 'conda activate'", "CondaNotFound"),
    (b"bash: line 4: $1: unbound variable", "SudoBlockWithoutArguments"),
    (b"setup.sh: line 2: 1: unbound variable", "SudoBlockWithoutArguments"),
    (
        b'ERROR: You must give at least one requirement to install (see "pip help install")',
        "SudoBlockWithoutArguments",
    ),
    (b"mkdir: missing operand", "SudoBlockWithoutArguments"),
    (b"cp: missing file operand", "SudoBlockWithoutArguments"),
    (b"setup.sh: line 2: $'\\r': command not found", "WindowsLineEndings"),
    (b"setup.sh: line 2: apt-get\r: command not found", "WindowsLineEndings"),
    (
        b"bash: ./setup.sh: /bin/bash^M: bad interpreter: No such file or directory",
        "WindowsLineEndings",
    ),
    (
        b"/usr/bin/env: \xe2\x80\x98bash\\r\xe2\x80\x99: No such file or directory",
        "WindowsLineEndings",
    ),
    (b"setup.sh: line 1: set: -\r: invalid option", "WindowsLineEndings"),
    (b"setup.sh: line 5: syntax error near unexpected token `$'do\\r''", "WindowsLineEndings"),
    (b"ERROR: This request is not authorized to perform this operation.", "StorageBehindNetwork"),
    (b"ErrorCode:AuthorizationFailure", "StorageBehindNetwork"),
    (b"wget: https://data1.blob.core.windows.net/c/x.csv: ERROR 403", "StorageBehindNetwork"),
    (
        b"Err:1 http://azure.archive.ubuntu.com Temporary failure resolving 'azure.archive'",
        "NoNetwork",
    ),
    (b"curl: (6) Could not resolve host: pypi.org", "NoNetwork"),
    (
        b"CondaHTTPError: HTTP 000 CONNECTION FAILED for url <https://repo.anaconda.com>",
        "NoNetwork",
    ),
    (b"NewConnectionError: Failed to establish a new connection: [Errno 101]", "NoNetwork"),
    (
        b"fatal: unable to access 'https://x/': Failed to connect to github.com port 443",
        "NoNetwork",
    ),
    (b"Script timed out after 15 minutes", "TimedOut"),
    (b"OSError: [Errno 28] No space left on device", "DiskFull"),
    (
        b"E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 812",
        "PackagesLocked",
    ),
    (
        b"Details - SetupScriptsError: User specified setup script file not found. : /mnt/x.sh",
        "ScriptNotFound",
    ),
    (b"setup.sh: line 7:  1200 Killed", "KilledForMemory"),
]


@pytest.mark.parametrize(("line", "code"), LINES)
async def test_a_known_failure_is_known_by_its_line(line: bytes, code: str) -> None:
    before = b"Reading package lists...\nDone\n"

    found = await diagnosis(before + line + b"\nmore\n")

    hint = next((hint for hint in found.hints if hint.code == code), None)
    assert hint is not None, [hint.code for hint in found.hints]
    assert (hint.line, hint.offset) == (3, len(before))
    assert found.first_error_line == 3
    assert found.first_error_offset == len(before)


@pytest.mark.parametrize(
    "line", [b"\x1b[31mERROR: no such package\x1b[0m", b"\x1b[1;31merror\x1b[0m: it broke"]
)
async def test_an_error_in_colour_is_one(line: bytes) -> None:
    assert (await diagnosis(b"fine\n" + line + b"\n")).first_error_line == 2


def test_each_known_failure_has_an_example() -> None:
    assert {code for _, code in LINES} == {each.code for each in KNOWN_FAILURES}


@pytest.mark.parametrize(
    "line",
    [
        b"0 errors, 0 warnings",
        b"Get:12 http://archive libgpg-error0 amd64 1.38-2 [72.0 kB]",
        b"Setting up liberror-perl (0.17029-1) ...",
        b"Collecting exceptiongroup",
        b"Downloading typing_extensions-4.12 (37 kB)",
        b"Solving environment: done",
        b"exit code 0",
        b"This request is not authorized to perform this operation using this permission"[:0],
        b"Cloning into 'failed-experiments'...",
        b"warning: redirecting to https://x/403/",
    ],
)
async def test_harmless_lines_are_no_errors(line: bytes) -> None:
    found = await diagnosis(line + b"\n")

    assert (found.first_error_line, found.hints) == (None, [])


async def test_a_line_without_an_end_counts_and_is_looked_at_again_when_it_has_one() -> None:
    log = Bytes(b"one\nsetup.sh: line 3: con")
    look = Diagnostician()
    assert (await look.diagnosis(log)).hints == []

    log.data += b"da: command not found"
    found = await look.diagnosis(log)
    assert [(hint.code, hint.line, hint.offset) for hint in found.hints] == [
        ("CondaNotFound", 2, 4)
    ]

    log.data += b"\nnext\nE: nope\n"
    later = await look.diagnosis(log)
    assert later.hints == found.hints
    assert later.first_error_line == 2


async def test_what_was_looked_through_is_not_read_again() -> None:
    log = Bytes(b"a line of a log\n" * 100_000)
    look = Diagnostician()
    await look.diagnosis(log)
    log.data += b"ERROR: no\n"
    log.bytes_read = 0

    found = await look.diagnosis(log)

    assert found.first_error_line == 100_001
    assert found.first_error_offset == 1_600_000
    assert log.bytes_read < 20_000


@pytest.mark.parametrize(
    ("identity", "data"),
    [
        ("2", b"ok\nERROR: one\nmore and more\n"),
        ("1", b"ok\n"),
        ("1", b"another\nERROR: log that is longer\n"),
        ("1", b"ok\nERROR: two, that begins alike and is longer\n"),
    ],
)
async def test_another_log_in_its_place_is_looked_through_from_its_beginning(
    identity: str, data: bytes
) -> None:
    look = Diagnostician()
    log = Bytes(b"ok\nok\nok\nERROR: one\n")
    await look.diagnosis(log)
    log.data, log.identity = data, identity

    assert await look.diagnosis(log) == await diagnosis(data)


async def test_errors_are_found_wherever_pieces_meet() -> None:
    line = b"x" * 76 + b"\n"
    for shift in (0, 1, 40, 75):
        data = b"y" * shift + b"\n" + line * 6809 + b"curl: (6) Could not resolve host: a\n" + line

        found = await diagnosis(data)

        assert found.hints[0].line == 6811
        assert data[found.hints[0].offset :].startswith(b"curl: (6)")


async def test_a_line_of_megabytes_is_looked_at_in_parts_and_counts_as_one() -> None:
    data = b"first\n" + b"\rDownloading 1%" * 300_000 + b"\nERROR: here\n"

    found = await diagnosis(data)

    assert found.first_error_line == 3
    assert found.first_error_offset == data.index(b"ERROR")


async def test_of_an_endless_log_the_beginning_and_the_end_are_looked_at() -> None:
    log = Bytes(
        b"ERROR: at once\n" + b"a line of a log\n" * 200_000 + b"Script exited with code 7\n"
    )

    found = await Diagnostician(most_bytes=1_000_000).diagnosis(log)

    assert (found.outcome, found.exit_status) == ("failed", 7)
    assert found.first_error_line == 1
    assert log.bytes_read < 1_100_000
    assert found.size_bytes <= 1_000_000


@pytest.mark.parametrize(
    ("end", "outcome", "status"),
    [
        (b"Script exited with code 3. Please see the setup logs for details.", "failed", 3),
        (b"all good\nexit code: 0\n", "succeeded", 0),
        (b"exit status 1\n\n\n", "failed", 1),
        (b"Process returned with code -9\n", "failed", -9),
        (b"exited with code 124\n", "timed_out", 124),
        (b"Script timed out after 15 minutes\n", "timed_out", None),
        (b"the script did not finish within 900 s\nexit status 137\n", "timed_out", 137),
        (b"installing exit-codes 1.0\n", "unknown", None),
        (b"exit code 1\n" + b"but that is long ago\n" * 50, "unknown", None),
        (b"", "unknown", None),
        (b"\xff\xfe\x00exit status 2", "failed", 2),
    ],
)
def test_how_a_script_ended_is_said_in_its_last_lines(
    end: bytes, outcome: str, status: int | None
) -> None:
    found = ending_of(end)

    assert (found.outcome, found.exit_status) == (outcome, status)


@pytest.mark.parametrize(
    "text",
    [
        b"syntax error near unexpected token `",
        b"Failed to connect to ",
        b"403 .blob.core. ",
        b"wError",
        b"exit with code ",
        b"script did not finish, error",
    ],
)
async def test_a_line_made_to_be_slow_is_not(text: bytes) -> None:
    began = time.process_time()

    await diagnosis(text * (2_000_000 // len(text)))

    # A repetition within a repetition would take minutes.
    assert time.process_time() - began < 5
