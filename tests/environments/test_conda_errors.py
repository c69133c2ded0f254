"""Errors of a Conda that no recording has, in the words of this project."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_ci_manager.environments.conda_errors import error_of
from jupyter_ci_manager.errors import (
    ChannelUnreachable,
    CiManagerError,
    EngineFailed,
    EnvironmentBusy,
    EnvironmentProtected,
    NoSolution,
    NotEnoughRoom,
    PackagesNotFound,
)


def error(*answers: dict[str, Any], stderr: str = "", returncode: int = 1) -> CiManagerError:
    return error_of(
        answers, stderr=stderr, returncode=returncode, secrets=["sesame-open"], program="conda"
    )


@pytest.mark.parametrize(
    ("name", "message", "kind"),
    [
        ("EnvironmentNotWritableError", "The current user has no rights.", EnvironmentProtected),
        ("NoWritablePkgsDirError", "No writeable pkgs directories.", EnvironmentProtected),
        ("PermissionError", "[Errno 13] Permission denied: '/opt/x'", EnvironmentProtected),
        ("OSError", "[Errno 30] Read-only file system: '/opt/x'", EnvironmentProtected),
        ("CondaOSError", "[Errno 122] Disk quota exceeded", NotEnoughRoom),
        ("NoSpaceLeftError", "No space left on devices.", NotEnoughRoom),
        ("LockError", "Lock error", EnvironmentBusy),
        ("ProxyError", "Conda cannot proceed due to an error in your proxy", ChannelUnreachable),
        ("CondaSSLError", "certificate verify failed", ChannelUnreachable),
        ("UnsatisfiableError", "Found conflicts!", NoSolution),
        ("SomethingNew", "of a version to come", EngineFailed),
    ],
)
def test_each_kind_is_told_as_what_it_means(
    name: str, message: str, kind: type[CiManagerError]
) -> None:
    found = error({"exception_name": name, "message": message})

    assert type(found) is kind
    assert found.message


def test_no_secret_of_an_address_is_in_what_is_told() -> None:
    address = "https://amy:sesame-open@channels.example/t/tk-0123456789/private"
    found = error(
        {
            "exception_name": "CondaHTTPError",
            "message": f"HTTP 403 for {address}",
            "url": f"{address}/noarch/repodata.json?key=sesame-open",
            "status_code": 403,
            "reason": "Forbidden for sesame-open",
        }
    )

    told = str(found.body)
    assert "sesame-open" not in told
    assert "tk-0123456789" not in told
    assert "channels.example" in found.message
    assert "403" in found.message


def test_what_mamba_could_not_solve_is_told_in_its_words() -> None:
    problems = ["package unsat-demo-1.0-0 requires activate-demo >=2, which does not exist"]

    found = error({"success": False, "solver_problems": problems})

    assert type(found) is NoSolution
    assert found.message == problems[0]


def test_what_mamba_does_not_find_is_a_package_that_no_channel_has() -> None:
    found = error(
        {"success": False, "solver_problems": ["nothing provides requested nonexistent-pkg-xyz"]}
    )

    assert type(found) is PackagesNotFound
    assert "nonexistent-pkg-xyz" in found.message


def test_an_end_without_a_word_says_how_it_ended() -> None:
    assert "exit code 7. last words" in error(stderr="last words\n", returncode=7).message
    assert "signal 9" in error(returncode=-9).message
    assert error(returncode=-9).body.hint == "The machine may have had no memory left."
    full = error(stderr="OSError: [Errno 28] No space left on device", returncode=1)
    assert type(full) is NotEnoughRoom


@pytest.mark.parametrize(
    "answer",
    [
        {"errors": "many"},
        {"errors": [None, 3, {"exception_name": "tuple"}]},
        {"exception_name": None, "error": ["x"]},
        {"exception_name": "PackagesNotFoundError", "packages": {"a": 1}},
        {"exception_name": "CondaHTTPError", "url": 7, "status_code": None, "caused_by": []},
        {"success": False, "solver_problems": [None]},
    ],
)
def test_an_error_of_another_shape_is_an_error_all_the_same(answer: dict[str, Any]) -> None:
    found = error(answer)

    assert isinstance(found, CiManagerError)
    assert found.message


def test_an_endless_message_is_cut() -> None:
    found = error({"exception_name": "UnsatisfiableError", "message": "x" * 1_000_000})

    assert len(found.message) < 5000
