"""``jupyter ci create``: as a person types it, and as a script reads it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from IPython.core.error import UsageError

from jupyter_ci_manager.cli import main
from jupyter_ci_manager.emulator import EmulatorThread
from jupyter_ci_manager.magics import ci
from jupyter_ci_manager.specs.templates import spec_from_text
from tests.builders import SIZE, changes_asked_of, quick_emulator

TEMPLATE = {"title": "Ours", "spec": {"idle_shutdown": "PT60M", "tags": {"team": "fraud"}}}
SCRIPT = "#!/bin/bash\nset -e\necho \"$1\" '{x}'\n"

LISTENING = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


@pytest.fixture
def azure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmulatorThread]:
    with EmulatorThread(clock=quick_emulator().clock) as emulator:
        monkeypatch.setenv("JUPYTER_CI_ENDPOINT", emulator.url)
        monkeypatch.setenv("JUPYTER_CI_WORKSPACE", emulator.workspace_id)
        monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
        monkeypatch.chdir(tmp_path)
        (tmp_path / "ours.ci.json").write_text(json.dumps(TEMPLATE))
        (tmp_path / "setup.sh").write_text(SCRIPT)
        yield emulator


def typed(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jupyter", "ci", "create", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def invoked(*words: str) -> Result:
    return CliRunner().invoke(main, ["create", *words])


def names(azure: EmulatorThread) -> list[str]:
    return azure.call(lambda: [each.name for each in azure.emulator.workspace.computes.instances()])


def test_it_creates_and_follows_with_the_name_alone_on_standard_output(
    azure: EmulatorThread,
) -> None:
    done = typed(
        "shell-amy", "--size", SIZE, "--file", "ours.ci.json", "--setup-script", "setup.sh"
    )

    assert (done.returncode, done.stdout) == (0, "shell-amy\n"), done.stderr
    assert "Creating" in done.stderr
    assert done.stderr.splitlines()[-1] == "Running"
    instance: Any = azure.call(
        lambda: azure.emulator.workspace.computes.get("shell-amy").document()
    )
    assert instance["tags"] == {"team": "fraud"}
    assert instance["properties"]["properties"]["idleTimeBeforeShutdown"] == "PT60M"
    scripts = instance["properties"]["properties"]["setupScripts"]["scripts"]
    assert scripts["creationScript"]["scriptSource"] == "inline"


def test_as_prints_what_a_program_can_read_and_creates_nothing(azure: EmulatorThread) -> None:
    words = ("amy-ci", "--size", SIZE, "--file", "ours.ci.json", "--setup-script", "setup.sh")
    printed = {kind: typed(*words, "--as", kind) for kind in ("arm", "az", "magic")}

    assert [each.returncode for each in printed.values()] == [0, 0, 0]
    template = json.loads(printed["arm"].stdout)
    assert template["parameters"]["creationScript"]["defaultValue"] == SCRIPT
    assert template["parameters"]["workspaceName"]["defaultValue"] == "ml-workspace"
    assert template["parameters"]["location"]["defaultValue"] == "westeurope"
    assert "az deployment group create" in printed["arm"].stderr
    assert yaml.safe_load(printed["az"].stdout)["idle_time_before_shutdown_minutes"] == 60
    assert "cannot say: setup_scripts.creation" in printed["az"].stderr
    line, _, cell = printed["magic"].stdout.partition("\n")
    assert line == f"%%ci create amy-ci --size {SIZE}"
    assert spec_from_text(cell).tags == {"team": "fraud"}
    assert "%load_ext" in printed["magic"].stderr
    assert changes_asked_of(azure.emulator) == 0


def test_as_works_without_azure_and_without_a_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_CI_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("JUPYTER_CI_WORKSPACE", raising=False)
    monkeypatch.chdir(tmp_path)

    result = invoked("amy-ci", "--size", SIZE, "--as", "sdk")

    assert result.exit_code == 0
    assert "workspace_name='<workspace>'" in result.output


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ((), 2, "Missing: NAME, --size"),
        (("amy",), 2, "Missing: --size"),
        (("1amy", "--size", SIZE), 1, "InvalidName"),
        (("amy-ci", "--size", "Standard_Nope"), 1, "UnknownVmSize"),
        (("amy-ci", "--size", SIZE, "--as", "cobol"), 2, "cobol"),
        (("amy-ci", "--size", SIZE, "--file", "gone.ci.json"), 2, "does not exist"),
        (("amy-ci", "--size", SIZE, "--file", "setup.sh"), 1, "not JSON"),
        (("amy-ci", "--size", SIZE, "--setup-script", "image.sh"), 1, "UTF-8"),
        (("amy-ci", "--size", SIZE, "--setup-script", "large.sh"), 1, "InvalidSetupScript"),
        (("amy-ci", "--size", SIZE, "--setup-script", "empty.sh"), 1, "InvalidSetupScript"),
        (("amy-ci", "extra", "--size", SIZE), 2, "extra"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_created(
    azure: EmulatorThread, tmp_path: Path, words: tuple[str, ...], status: int, said: str
) -> None:
    (tmp_path / "image.sh").write_bytes(b"\x89PNG\xff")
    (tmp_path / "large.sh").write_text("#" * 100_000)
    (tmp_path / "empty.sh").write_text("")

    result = invoked(*words)

    assert result.exit_code == status, result.output
    assert said in result.output
    assert "Traceback" not in result.output
    assert changes_asked_of(azure.emulator) == 0


def test_a_name_that_is_taken_says_what_to_do(azure: EmulatorThread) -> None:
    taken = names(azure)[0]

    result = invoked(taken, "--size", SIZE)

    assert result.exit_code == 1
    assert "InstanceExists" in result.output
    assert "Choose another name" in result.output


def test_a_setup_script_that_fails_ends_with_its_error(azure: EmulatorThread) -> None:
    gone = {"creation": {"source": "workspaceStorage", "data": "Users/amy/gone.sh"}}
    Path("gone.ci.json").write_text(json.dumps(TEMPLATE | {"spec": {"setup_scripts": gone}}))

    result = invoked("amy-ci", "--size", SIZE, "--file", "gone.ci.json")

    assert result.exit_code == 1
    assert "ScriptNotFound" in result.output


def test_ctrl_c_stops_waiting_and_says_that_azure_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with EmulatorThread(speed=1) as slow:
        monkeypatch.setenv("JUPYTER_CI_ENDPOINT", slow.url)
        monkeypatch.setenv("JUPYTER_CI_WORKSPACE", slow.workspace_id)
        monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
        process = subprocess.Popen(
            # In the background of a shell, where these tests may run, Ctrl-C is ignored.
            [
                sys.executable,
                "-c",
                LISTENING,
                *("-m", "jupyter", "ci", "create", "slow-amy", "--size", SIZE),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        try:
            deadline = time.monotonic() + 30
            while "slow-amy" not in names(slow):
                assert time.monotonic() < deadline, "it was never asked for"
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=30)
        finally:
            process.kill()
            process.wait()

        assert process.returncode == 130
        assert "No longer waiting" in errors
        assert "Traceback" not in errors
        assert "slow-amy" in names(slow)


@pytest.mark.parametrize("line", ["", "delete amy", "create 'amy", "--help"])
def test_a_magic_that_is_none_says_what_there_is(line: str) -> None:
    with pytest.raises(UsageError, match="create"):
        ci(line)


def test_a_cell_that_is_no_spec_is_refused_without_a_trace(azure: EmulatorThread) -> None:
    with pytest.raises(UsageError, match="InvalidTemplate"):
        ci(f"create amy-ci --size {SIZE}", '{"vmsize": "x"}')
    assert changes_asked_of(azure.emulator) == 0
