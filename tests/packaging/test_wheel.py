"""What is in the wheel, how big it is, and that it works where there is no Node."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from scripts.lab import emulator, jupyter_lab

LABEXTENSION = "data/data/share/jupyter/labextensions/jupyter-ci-manager/"

pytestmark = pytest.mark.timeout(600)


def contents(wheel: Path) -> dict[str, int]:
    """Every file of a wheel with its size in bytes."""
    with ZipFile(wheel) as archive:
        return {each.filename: each.file_size for each in archive.infolist()}


def test_the_wheel_stays_below_950_kilobytes(wheel: Path) -> None:
    # Decision 6 says why it is no longer 300, as it was for the panel, the server and the emulator.
    assert wheel.stat().st_size < 950_000


def scripts(wheel: Path) -> dict[str, str]:
    """Every script of the panel by its name in its folder; style sheets are packed as scripts."""
    with ZipFile(wheel) as archive:
        return {
            Path(each).name: archive.read(each).decode()
            for each in archive.namelist()
            if each.endswith(".js")
        }


def loaded_at_start(scripts: dict[str, str]) -> set[str]:
    """The scripts that JupyterLab loads before anything of the panel is used."""
    (entry,) = (name for name in scripts if name.startswith("remoteEntry."))
    chunks: set[str] = set()
    for part in ("extension", "style"):
        loading = re.search(rf'"\./{part}":\(\)=>(.*?)\.then', scripts[entry])
        assert loading is not None
        chunks.update(re.findall(r"\w\.e\((\d+)\)", loading[1]))
    assert chunks
    return {entry, *(name for name in scripts if name.split(".")[0] in chunks)}


def test_jupyterlab_finds_the_panel_where_it_looks_for_extensions(wheel: Path) -> None:
    (entry,) = (text for name, text in scripts(wheel).items() if name.startswith("remoteEntry."))
    # A variable of the page, which a minifier that takes the script for a module drops.
    assert entry.startswith("var _JUPYTERLAB;")
    assert re.search(r'_JUPYTERLAB\)?\["jupyter-ci-manager"\]=', entry)


def test_the_panel_stays_below_520_kilobytes_of_javascript(wheel: Path) -> None:
    # Decisions 108, 140 and 174 say why it is no longer 250.
    assert 0 < sum(len(each.encode()) for each in scripts(wheel).values()) < 520_000


def test_less_than_240_kilobytes_of_it_are_loaded_at_the_start(wheel: Path) -> None:
    all_of_it = scripts(wheel)
    at_start = loaded_at_start(all_of_it)
    assert sum(len(all_of_it[name].encode()) for name in at_start) < 240_000
    text = "".join(all_of_it[name] for name in at_start)
    assert "jp-ci-environment-rows" in text


@pytest.mark.parametrize(
    "page",
    [
        "jp-ci-wizard-step",
        "jp-ci-environment-columns",
        "jp-ci-log-page",
        "jp-ci-usage-page",
        "jp-ci-create-page",
        "jp-ci-details-head",
    ],
)
def test_a_page_is_loaded_when_it_is_opened(wheel: Path, page: str) -> None:
    all_of_it = scripts(wheel)
    # The style sheets, which are loaded at the start, name the classes with a dot before them.
    pages = {name for name, text in all_of_it.items() if re.search(rf"[^.]\b{page}\b", text)}
    assert pages
    assert pages.isdisjoint(loaded_at_start(all_of_it))


def test_the_wheel_has_the_package_the_panel_and_the_switch_that_turns_it_on(wheel: Path) -> None:
    names = set(contents(wheel))
    release = "-".join(wheel.name.split("-")[:2])
    data = f"{release}.{LABEXTENSION}"
    assert {
        "jupyter_ci_manager/__init__.py",
        "jupyter_ci_manager/py.typed",
        "jupyter_ci_manager/setup_scripts/starters/pip-packages.sh",
        "jupyter_ci_manager/sudo_stand_in.sh",
        f"{data}install.json",
        f"{data}package.json",
        f"{data}static/style.js",
        f"{data}schemas/jupyter-ci-manager/plugin.json",
    } <= names
    assert any(name.endswith("/jupyter_server_config.d/jupyter_ci_manager.json") for name in names)


def test_the_wheel_has_no_tests_sources_or_source_maps(wheel: Path) -> None:
    names = set(contents(wheel))
    assert [name for name in names if name.endswith((".map", ".ts", ".tsx"))] == []
    assert {name.split("/")[0].rsplit(".", 1)[-1] for name in names} == {
        "jupyter_ci_manager",
        "data",
        "dist-info",
    }
    assert [name for name in names if name.startswith("jupyter_ci_manager/labextension")] == []


def test_jupyterlab_finds_one_settings_schema_and_takes_nothing_else_for_one(wheel: Path) -> None:
    # The builder copies everything beside plugin.json, the HTTP contract too.
    schemas = [name for name in contents(wheel) if "/schemas/" in name and name.endswith(".json")]
    assert [name.rsplit("/", 1)[-1] for name in schemas] == ["plugin.json"]


@pytest.fixture(scope="module")
def python_without_node(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh environment with the wheel in it, on a machine without Node."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", wheel], env=environment(python), check=True
    )
    return python


def environment(python: Path) -> dict[str, str]:
    """This process's environment with only that interpreter's programs on PATH."""
    return {**os.environ, "PATH": str(python.parent)}


def output(python: Path, *arguments: str) -> str:
    """What `jupyter …` says there."""
    done = subprocess.run(
        [python.with_name("jupyter"), *arguments],
        env=environment(python),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.slow
def test_jupyter_lists_both_halves_of_the_installed_extension_as_ok(
    python_without_node: Path,
) -> None:
    servers = output(python_without_node, "server", "extension", "list")
    panels = output(python_without_node, "labextension", "list")
    assert re.search(r"jupyter_ci_manager [\d.]+ .*OK", servers)
    assert re.search(r"jupyter-ci-manager v[\d.]+ .*enabled.*OK", panels)


@pytest.mark.slow
def test_the_installed_extension_lists_the_instances_of_a_workspace(
    python_without_node: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = str(python_without_node)
    monkeypatch.setenv("PATH", str(python_without_node.parent))
    with (
        (tmp_path / "log").open("w+") as log,
        emulator(python=python, log=log) as azure,
        jupyter_lab(azure, home=tmp_path, python=python, log=log) as lab,
    ):
        request = urllib.request.Request(
            f"{lab.base_url}ci-manager/instances", headers={"Authorization": f"token {lab.token}"}
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            answer = json.load(response)
    assert answer["workspace_id"] == azure.workspace
    assert len(answer["items"]) == answer["total"] > 0


def test_importing_the_package_imports_neither_azure_nor_jupyter() -> None:
    program = "import jupyter_ci_manager, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    heavy = {"azure", "aiohttp", "jupyter_server", "jupyterlab", "msgspec", "tornado", "traitlets"}
    assert heavy.isdisjoint(done.stdout.split())
