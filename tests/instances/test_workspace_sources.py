from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

import json5
import pytest

from jupyter_ci_manager.errors import InvalidWorkspaceId
from jupyter_ci_manager.instances.workspace_sources import SETTINGS_FILE, WorkspaceSources
from tests.builders import workspace

PARTS = {
    "subscription_id": workspace().subscription_id,
    "resource_group": "ml-team",
}


class Machine:
    """The places where a workspace can be named, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "home" / "amy" / "project"
        self.root.mkdir(parents=True)
        self.settings = folder / "settings"
        self.nbvm = folder / ".nbvm"
        self.environ: dict[str, str] = {}
        self.configured = ""

    def name_in_settings(self, name: str, **others: Any) -> Path:
        return self.write_settings(json.dumps({"workspace": workspace(name).id, **others}))

    def write_settings(self, text: str) -> Path:
        path = self.settings / SETTINGS_FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def name_in_config(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        config = {**PARTS, "workspace_name": name}
        (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")

    @property
    def sources(self) -> WorkspaceSources:
        return WorkspaceSources(
            configured=self.configured,
            root=self.root,
            settings=self.settings,
            environ=self.environ,
            nbvm_file=self.nbvm,
            log=logging.getLogger(__name__),
        )

    def found(self) -> tuple[str | None, str]:
        chosen, source = self.sources.find()
        return chosen.name if chosen else None, source


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_each_source_goes_before_those_below_it(machine: Machine) -> None:
    found = [machine.found()]
    machine.environ |= {
        "AZUREML_ARM_SUBSCRIPTION": workspace().subscription_id,
        "CI_RESOURCE_GROUP": "ml-team",
        "CI_WORKSPACE": "of-the-instance",
    }
    found.append(machine.found())
    machine.environ["MLFLOW_TRACKING_URI"] = f"azureml://x/mlflow/v1.0{workspace('tracked').id}?a"
    found.append(machine.found())
    machine.name_in_config(machine.root.parent.parent / ".azureml", "far-above")
    found.append(machine.found())
    machine.name_in_config(machine.root.parent, "above")
    found.append(machine.found())
    machine.name_in_config(machine.root / ".azureml", "hidden-here")
    found.append(machine.found())
    machine.name_in_config(machine.root, "here")
    found.append(machine.found())
    machine.name_in_settings("chosen")
    found.append(machine.found())
    machine.environ["JUPYTER_CI_WORKSPACE"] = workspace("from-environment").id
    found.append(machine.found())
    machine.configured = workspace("configured").id
    found.append(machine.found())

    assert found == [
        (None, "none"),
        ("of-the-instance", "compute_instance"),
        ("tracked", "compute_instance"),
        ("far-above", "config_file"),
        ("above", "config_file"),
        ("hidden-here", "config_file"),
        ("here", "config_file"),
        ("chosen", "settings"),
        ("from-environment", "environment"),
        ("configured", "configuration"),
    ]


def test_a_config_file_of_a_windows_editor_is_read(machine: Machine) -> None:
    machine.name_in_config(machine.root, "here")
    file = machine.root / "config.json"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())

    assert machine.found() == ("here", "config_file")


@pytest.mark.parametrize("where", ["CiManagerApp.workspace", "JUPYTER_CI_WORKSPACE"])
def test_what_an_administrator_got_wrong_is_said_and_not_passed_over(
    machine: Machine, where: str
) -> None:
    machine.name_in_settings("chosen")
    if where == "JUPYTER_CI_WORKSPACE":
        machine.environ[where] = "ml-workspace"
    else:
        machine.configured = "ml-workspace"

    with pytest.raises(InvalidWorkspaceId, match=where):
        machine.sources.find()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b"3",
        b"{}",
        b'{"subscription_id": "s", "resource_group": "g"}',
        b'{"subscription_id": 1, "resource_group": 2, "workspace_name": 3}',
        b'{"subscription_id": "../x", "resource_group": "g", "workspace_name": "w"}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_a_config_file_that_is_none_is_passed_over(machine: Machine, content: bytes) -> None:
    (machine.root / "config.json").write_bytes(content)
    machine.name_in_config(machine.root.parent, "above")

    assert machine.found() == ("above", "config_file")


def test_a_folder_named_like_a_config_file_is_passed_over(machine: Machine) -> None:
    (machine.root / "config.json").mkdir()

    assert machine.found() == (None, "none")


def test_settings_as_jupyterlab_writes_them_are_read(machine: Machine) -> None:
    machine.write_settings(
        "{\n    // Compute Instances\n    // *****\n\n"
        f'    // Workspace\n    "workspace": "{workspace("chosen").id}",\n}}'
    )

    assert machine.found() == ("chosen", "settings")


@pytest.mark.parametrize("text", ["{", "[]", '{"workspace": 3}', '{"workspace": "x"}', ""])
def test_settings_that_say_nothing_usable_are_passed_over(machine: Machine, text: str) -> None:
    machine.write_settings(text)
    machine.name_in_config(machine.root, "here")

    assert machine.found() == ("here", "config_file")


def test_a_choice_is_remembered_beside_the_other_settings(machine: Machine) -> None:
    path = machine.name_in_settings("old", onlyMine=True, lastVmSize="S")

    machine.sources.remember(workspace("new"))

    assert json5.loads(path.read_text(encoding="utf-8")) == {
        "workspace": workspace("new").id,
        "onlyMine": True,
        "lastVmSize": "S",
    }
    assert machine.found() == ("new", "settings")
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_the_first_choice_makes_the_file(machine: Machine) -> None:
    machine.sources.remember(workspace("new"))

    assert machine.found() == ("new", "settings")


@pytest.mark.parametrize("text", ["{ broken", "[1, 2]"])
def test_settings_that_cannot_be_read_are_not_overwritten(machine: Machine, text: str) -> None:
    path = machine.write_settings(text)

    with pytest.raises(ValueError):  # noqa: PT011
        machine.sources.remember(workspace("new"))
    assert path.read_text(encoding="utf-8") == text


def test_what_cannot_be_written_leaves_no_half_file(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = machine.name_in_settings("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "rename", full)
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        machine.sources.remember(workspace("new"))

    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert machine.found() == ("old", "settings")


def test_the_instance_that_the_server_runs_on_is_known(machine: Machine) -> None:
    assert machine.sources.this_instance() is None

    machine.nbvm.write_text("instance=amy-ci\ndomainsuffix=x\n# odd line\n", encoding="utf-8")
    assert machine.sources.this_instance() == "amy-ci"

    machine.environ["CI_NAME"] = "from-environment"
    assert machine.sources.this_instance() == "from-environment"
