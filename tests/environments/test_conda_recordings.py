"""The engine that runs a Conda, against recordings of what a real one did and said.

Each recording is in exactly one of the tables below, and each table is tested.
"""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import pytest

from jupyter_ci_manager.environments.conda_output import CondaOutput
from jupyter_ci_manager.environments.engine import Wanted
from jupyter_ci_manager.errors import (
    ChannelUnreachable,
    CiManagerError,
    EngineFailed,
    EnvironmentExists,
    EnvironmentNotFound,
    InvalidEnvironmentName,
    InvalidSpec,
    NoSolution,
    NotEnoughRoom,
    PackagesNotFound,
    PipFailed,
)

from .recorded import (
    Recording,
    ReplayingConda,
    Step,
    Told,
    all_recordings,
    engine_of,
    until,
)

CREATED = {
    "03-create-n-json",
    "06c-create-cached-json",
    "12-create-p-json",
    "30-http-create-json",
    "30b-http-create-json-console",
    "32-http-create-v-json",
    "34-http-create-json-pty",
    "36-warm",
    "36f-recreate-after-kill",
    "37a-concurrent-same",
    "37d-concurrent-diff",
}
"""We ask for the same with the same words."""

CREATED_OTHERWISE = {
    "13-env-create-yml-json": "pip 26.3",
    "14-env-create-yml-plain": "Executing transaction: ...working... done",
    "15-create-plain": "Solving environment: ...working... done",
    "16-create-plain-v": "Preparing transaction: ...working... done",
    "17-create-plain-q": "Executing transaction: ...working... done",
    "31-http-create-plain": "28.4 MB",
    "35-http-create-plain-pty": "conda activate h1",
    "36-plain-timeline": "Verifying transaction: ...working... done",
    "40-env-create-pip-json": "python 3.11.7",
    "41-env-create-pip-plain": "Installing pip dependencies",
}
"""Answers to words that are not ours, which a Conda may give that is configured otherwise: it has
worked, and all that it says is in the log."""

REFUSED = {
    "06-create-existing-json-noyes",
    "07-create-existing-plain-noyes",
    "07b-create-existing-json-yes-missing-pkg",
    "12b-create-p-nonempty-nonenv-json",
    "13b-env-create-yml-existing-json-noyes",
    "13c-env-create-yml-existing-json-yes",
}
"""Something is at the prefix: conda is not even started, as it would remove or change that."""

FAILED: dict[str, tuple[type[CiManagerError], str]] = {
    "08-create-unsat-json-rattler": (NoSolution, "activate-demo >=2, for which no candidates"),
    "09-create-unsat-json-classic": (PackagesNotFound, "No channel has activate-demo"),
    "10-create-missing-json-rattler": (PackagesNotFound, "No channel has nonexistent-pkg-xyz."),
    "11-create-missing-json-classic": (PackagesNotFound, "No channel has nonexistent-pkg-xyz."),
    "11b-create-missing-plain": (PackagesNotFound, "nonexistent-pkg-xyz"),
    "22-create-badname-json": (InvalidEnvironmentName, "cannot contain path separators"),
    "23-create-badname2-json": (InvalidEnvironmentName, "cannot contain any of these characters"),
    "24-create-bad-spec-json": (InvalidSpec, "'python>>>3': Invalid version '>>>3'"),
    "25-channel-unreachable-json": (
        ChannelUnreachable,
        "The channel http://127.0.0.1:9/chan cannot be read: Connection refused.",
    ),
    "33c-sigterm-fetch-json": (EngineFailed, "Conda was interrupted by somebody else"),
    "36c-sigterm-transaction-json": (EngineFailed, "Conda was interrupted by somebody else"),
    "36d-sigkill-transaction-json": (EngineFailed, "conda was ended by signal 9."),
    "37b-concurrent-same": (EnvironmentExists, "Something else has made the environment"),
    "37c-concurrent-diff": (EngineFailed, "appears to be corrupted"),
    "38-diskfull-json": (NotEnoughRoom, "No space left on device"),
    "42-env-create-pip-bad-json": (PipFailed, "No matching distribution found for cowsay==99.99"),
}

CANCELLED = {
    "33-sigint-fetch-json",
    "33b-sigint-fetch-plain",
    "36-sigint-transaction-json",
    "36b-sigint-transaction-plain",
}

PLANNED = {"26-dry-run-json"}

REMOVED = {"18-remove-all-json", "18b-remove-all-plain", "19-env-remove-json"}

NOT_THERE = {"20-remove-missing-json", "21-list-missing-json"}
"""It was removed by somebody else."""

ASKED_OTHERWISE = {
    "01-info-json",
    "02-env-list-json",
    "04-env-list-json-after",
    "05-list-json",
    "27-info-envs-json",
    "28-env-export-json",
    "29-run-p",
    "36e-env-list-after",
}
"""Questions that no Conda is asked: environments are listed from their own records. Documents of
that kind are no answer to anything that is asked."""

TABLES = (
    CREATED,
    CREATED_OTHERWISE,
    REFUSED,
    FAILED,
    CANCELLED,
    PLANNED,
    REMOVED,
    NOT_THERE,
    ASKED_OTHERWISE,
)


def test_every_recording_is_in_exactly_one_table() -> None:
    assert sorted(name for table in TABLES for name in table) == all_recordings()
    assert len(all_recordings()) == 61


@pytest.mark.parametrize("name", sorted(CREATED))
async def test_an_environment_is_made_by_the_words_that_were_recorded(
    tmp_path: Path, name: str
) -> None:
    prefix = tmp_path / "envs" / "demo"
    conda = ReplayingConda(
        tmp_path / "bin", Step(name, prefix, makes_prefix=True, ends_with="environment")
    )
    told = Told()

    await engine_of(conda, tmp_path / "work").create(
        Wanted(str(prefix), [], specs=Recording(name).specs), told
    )

    [call] = conda.calls
    assert call["terminal"]
    assert not call["asks"]
    assert (prefix / "conda-meta" / "history").is_file()
    assert "+ python 3.11.7 0_cpython" in told.text


@pytest.mark.parametrize("name", sorted(CREATED_OTHERWISE))
async def test_whatever_it_answers_in_is_in_the_log_and_its_exit_code_counts(
    tmp_path: Path, name: str
) -> None:
    prefix = tmp_path / "envs" / "demo"
    words = ["create", "-p", str(prefix), "--json", "--yes", "python"]
    conda = ReplayingConda(
        tmp_path / "bin", Step(name, prefix, words, makes_prefix=True, ends_with="environment")
    )
    told = Told()

    await engine_of(conda, tmp_path / "work").create(
        Wanted(str(prefix), [], specs=["python"]), told
    )

    assert CREATED_OTHERWISE[name] in told.text


async def test_the_progress_of_thirty_one_downloads_is_told_in_bytes(tmp_path: Path) -> None:
    prefix = tmp_path / "envs" / "demo"
    told = Told()
    conda = ReplayingConda(
        tmp_path / "bin",
        Step(
            "34-http-create-json-pty",
            prefix,
            makes_prefix=True,
            ends_with="environment",
            speed=0.1,
            linking_seconds=0.3,
        ),
    )

    await engine_of(conda, tmp_path / "work").create(
        Wanted(str(prefix), [], specs=["python", "ipykernel"]), told
    )

    done = [done for _, done, _ in told.bytes if done is not None]
    assert done == sorted(done)
    # Of 28.4 MB that conda itself adds up to; each size has two or three digits.
    assert done[-1] == pytest.approx(28.4 * 1024**2, rel=0.01)
    assert {item for item, _, _ in told.bytes} >= {"python-3.11.7", "pip-26.3", "comm-0.2.3"}
    # Nobody has planned it before: no total is made up.
    assert {total for _, _, total in told.bytes} == {None}
    assert told.text.count("downloaded ") == 31
    # Not each of its 1956 objects.
    assert len(told.bytes) < 31 + 30
    assert [phase for phase in told.phases if phase != "link"] == ["solve", "download"]
    assert "link" in told.phases


async def test_what_was_planned_before_says_how_much_there_is_to_download(tmp_path: Path) -> None:
    prefix = tmp_path / "envs" / "h1"
    wanted = Wanted(str(prefix), [], specs=["python", "ipykernel"])
    words = Recording("34-http-create-json-pty").called_on(prefix)
    told = Told()
    conda = ReplayingConda(
        tmp_path / "bin",
        Step("30-http-create-json", prefix, [*words, "--dry-run"]),
        Step("34-http-create-json-pty", prefix, ends_with="environment"),
    )
    engine = engine_of(conda, tmp_path / "work")

    solution = await engine.plan(wanted, told, new=True)
    await engine.create(wanted, told)

    total = sum(package.download_bytes or 0 for package in solution.packages)
    assert len(solution.packages) == 31
    assert total == pytest.approx(28.4 * 1024**2, rel=0.01)
    assert told.bytes[-1][1:] == (total, total)
    # Conda cuts names to twenty characters.
    assert "prompt-toolkit-3.0.53" in {item for item, _, _ in told.bytes}


@pytest.mark.parametrize("name", sorted(REFUSED))
async def test_conda_is_not_started_where_something_is_already(tmp_path: Path, name: str) -> None:
    prefix = tmp_path / "envs" / "demo"
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "conda-meta" / "history").write_text("mine\n")
    conda = ReplayingConda(tmp_path / "bin", Step(name, prefix, ends_with="nothing"))
    engine = engine_of(conda, tmp_path / "work")
    wanted = Wanted(str(prefix), [], specs=["python"])

    with pytest.raises(EnvironmentExists):
        await engine.create(wanted, Told())
    with pytest.raises(EnvironmentExists):
        await engine.plan(wanted, Told(), new=True)

    assert conda.calls == []
    assert (prefix / "conda-meta" / "history").read_text() == "mine\n"


@pytest.mark.parametrize("name", sorted(FAILED))
async def test_an_error_is_told_in_words_that_help(tmp_path: Path, name: str) -> None:
    kind, words = FAILED[name]
    recording = Recording(name)
    prefix = tmp_path / "envs" / "demo"
    channels = ["http://127.0.0.1:9/chan"] if "unreachable" in name else []
    # We never let conda read an environment.yml.
    ours = ["create", "-p", str(prefix), "--json", "--yes"]
    conda = ReplayingConda(
        tmp_path / "bin", Step(name, prefix, ours if recording.arguments[0] == "env" else None)
    )
    told = Told()

    with pytest.raises(CiManagerError) as raised:
        await engine_of(conda, tmp_path / "work").create(
            Wanted(str(prefix), channels, specs=recording.specs), told
        )

    assert len(conda.calls) == 1
    assert type(raised.value) is kind, raised.value
    assert words in " ".join(raised.value.message.split())
    # All that it has written aside is in the log.
    assert recording.stderr.replace("\r", "").strip()[-60:] in told.text


async def test_a_damaged_cache_of_packages_is_said_with_what_to_do(tmp_path: Path) -> None:
    prefix = tmp_path / "envs" / "c1"
    conda = ReplayingConda(tmp_path / "bin", Step("37c-concurrent-diff", prefix))

    with pytest.raises(EngineFailed) as raised:
        await engine_of(conda, tmp_path / "work").create(
            Wanted(str(prefix), [], specs=["python", "ipykernel"]), Told()
        )

    assert "conda clean --packages" in (raised.value.body.hint or "")
    assert "jedi" in raised.value.message
    assert len(raised.value.message) < 5000


@pytest.mark.parametrize("name", sorted(CANCELLED))
async def test_a_cancel_interrupts_conda_and_waits_until_it_has_rolled_back(
    tmp_path: Path, name: str
) -> None:
    prefix = tmp_path / "envs" / "demo"
    in_transaction = "transaction" in name
    conda = ReplayingConda(
        tmp_path / "bin",
        Step(name, prefix, makes_prefix=in_transaction, ends_with="nothing", speed=0.05),
    )
    engine = engine_of(conda, tmp_path / "work")
    task = asyncio.ensure_future(
        engine.create(Wanted(str(prefix), [], specs=["python", "ipykernel"]), Told())
    )
    await until(lambda: conda.calls and (prefix.exists() or not in_transaction), "its call")

    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    # It has ended by itself: a SIGKILL would come after ten seconds, and leave the prefix.
    assert time.monotonic() - began < 5
    assert not prefix.exists()


async def test_what_a_cancel_leaves_in_the_cache_of_packages_is_swept(tmp_path: Path) -> None:
    prefix, cache = tmp_path / "envs" / "h4", tmp_path / "pkgs"
    whole, half = cache / "wcwidth-0.9.4-py311_0", cache / "jedi-0.20.1-pyhd_0"
    (whole / "info").mkdir(parents=True)
    (whole / "info" / "repodata_record.json").write_text("{}")
    (half / "info").mkdir(parents=True)
    (half / "info" / "index.json").write_text("{}")
    others = cache / "scipy-1.16.0-py311_0.conda.partial"
    others.write_bytes(b"of another conda")
    partial = cache / "python-3.11.7-0_cpython.tar.bz2.partial"
    conda = ReplayingConda(
        tmp_path / "bin",
        Step(
            "33-sigint-fetch-json",
            prefix,
            begins_like="34-http-create-json-pty",
            begins_until=1.4,
            leaves_in_cache=[partial],
        ),
    )
    engine = engine_of(conda, tmp_path / "work", cache=cache)
    task = asyncio.ensure_future(
        engine.create(Wanted(str(prefix), [], specs=["python", "ipykernel"]), Told())
    )
    await until(partial.exists, "the download")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert partial.exists()

    await engine.sweep_cache()

    assert sorted(path.name for path in cache.iterdir()) == [others.name, whole.name]


async def test_what_would_be_installed_is_worked_out_and_nothing_is_changed(
    tmp_path: Path,
) -> None:
    prefix = tmp_path / "envs" / "dry"
    conda = ReplayingConda(tmp_path / "bin", Step("26-dry-run-json", prefix))

    solution = await engine_of(conda, tmp_path / "work").plan(
        Wanted(str(prefix), [], specs=["python"]), Told(), new=True
    )

    found = [(each.name, each.version, each.action) for each in solution.packages]
    assert found == [("pip", "26.3", "install"), ("python", "3.11.7", "install")]
    # In the cache: nothing to download.
    assert [each.download_bytes for each in solution.packages] == [0, 0]
    assert [each.channel for each in solution.packages] == ["opt/channel", "opt/channel"]
    assert not prefix.exists()


@pytest.mark.parametrize("name", sorted(REMOVED))
async def test_an_environment_is_removed_with_what_conda_leaves_of_it(
    tmp_path: Path, name: str
) -> None:
    prefix = tmp_path / "envs" / "plain"
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "notes.txt").write_text("not of any package\n")
    words = ["env", "remove", "-p", str(prefix), "--json", "--yes"]
    conda = ReplayingConda(tmp_path / "bin", Step(name, prefix, words))

    await engine_of(conda, tmp_path / "work").remove(prefix, Told())

    assert len(conda.calls) == 1
    assert not prefix.exists()


@pytest.mark.parametrize("name", sorted(NOT_THERE))
async def test_one_that_somebody_else_has_removed_is_said_to_be_gone(
    tmp_path: Path, name: str
) -> None:
    prefix = tmp_path / "envs" / "nope"
    words = ["env", "remove", "-p", str(prefix), "--json", "--yes"]
    conda = ReplayingConda(tmp_path / "bin", Step(name, prefix, words))

    with pytest.raises(EnvironmentNotFound, match="Not a conda environment"):
        await engine_of(conda, tmp_path / "work").remove(prefix, Told())


@pytest.mark.parametrize("name", sorted(ASKED_OTHERWISE))
def test_an_answer_to_another_question_is_none(name: str) -> None:
    recording = Recording(name)
    output = CondaOutput(lambda text: None)

    fetched = output.feed(recording.stdout)

    assert recording.returncode == 0
    assert fetched == []
    assert output.end() == []


def test_the_recordings_say_what_conda_does_to_an_environment_that_is_there() -> None:
    """Why it is never called then: it answers that all is well, and the old one is gone."""
    answer = json.loads(Recording("06-create-existing-json-noyes").stdout)

    assert answer["success"]
    assert answer["prefix"] == "/opt/conda/envs/demo"
    assert [package["name"] for package in answer["actions"]["LINK"]] == ["activate-demo"]
