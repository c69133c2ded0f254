"""Finding what can create environments, and saying which it is and why."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest

from jupyter_ci_manager.environments.engines import Engines, platform_name
from jupyter_ci_manager.errors import NoEngine

RATTLER = importlib.metadata.version("py-rattler")


def program(path: Path, version: str | None = "26.7.1", *, asked: Path | None = None) -> Path:
    """A program that says its version; None: that fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    says = f"echo {path.name} {version}" if version else "echo broken >&2; exit 3"
    noted = f"echo asked >> {asked}\n" if asked else ""
    path.write_text(f"#!/bin/sh\n{noted}{says}\n")
    path.chmod(0o755)
    return path


def base(prefix: Path, version: str = "24.9.2", name: str = "conda") -> Path:
    """A base environment whose records say which version its conda has; the conda cannot run."""
    meta = prefix / "conda-meta"
    meta.mkdir(parents=True)
    (meta / f"{name}-{version}-py311h06a4308_0.json").write_text("{}")
    (meta / f"{name}-package-handling-2.4.0-py311_0.json").write_text("{}")
    return program(prefix / "bin" / name, None)


def engines(
    home: Path,
    *,
    environ: dict[str, str] | None = None,
    configured: Path | str = "",
    everywhere: tuple[str, ...] = (),
) -> Engines:
    return Engines(
        {"PATH": "/nowhere"} | (environ or {}),
        home,
        configured=str(configured),
        everywhere=everywhere,
    )


async def test_without_a_conda_the_embedded_engine_serves_with_a_word(tmp_path: Path) -> None:
    status = await engines(tmp_path).status()

    assert status.engine is not None
    assert (status.engine.name, status.engine.version) == ("rattler", RATTLER)
    assert status.engine.executable is None
    assert status.note is not None
    assert status.note.startswith("There is no Conda on this machine")


async def test_the_machines_own_conda_is_used_and_the_others_are_named(tmp_path: Path) -> None:
    conda = program(tmp_path / "bin" / "conda", "25.3.0")
    program(tmp_path / "bin" / "micromamba", "2.3.1")

    status = await engines(tmp_path, environ={"PATH": str(conda.parent)}).status()

    assert status.engine is not None
    assert (status.engine.name, status.engine.version) == ("conda", "25.3.0")
    assert status.engine.executable == str(conda)
    assert [engine.name for engine in status.others] == ["micromamba", "rattler"]
    assert status.note == f"This machine's own conda, {conda}."


@pytest.mark.parametrize("place", ["condabin", "bin"])
async def test_an_instances_conda_is_found_though_it_is_not_on_the_path(
    tmp_path: Path, place: str
) -> None:
    conda = program(tmp_path / "anaconda" / place / "conda")

    engine = await engines(tmp_path, everywhere=(str(tmp_path / "anaconda"),)).chosen()

    assert engine.executable == str(conda)


async def test_the_one_that_is_configured_comes_before_all_others(tmp_path: Path) -> None:
    environ = {
        "CONDA_EXE": str(program(tmp_path / "active" / "conda")),
        "PATH": str(program(tmp_path / "path" / "conda").parent),
    }
    micromamba = program(tmp_path / "site" / "micromamba", "2.3.1")

    found = engines(tmp_path, environ=environ, configured=micromamba)

    assert (await found.chosen()).executable == str(micromamba)
    assert (await found.chosen("conda")).executable == environ["CONDA_EXE"]


@pytest.mark.parametrize("name", ["conda", "python"])
async def test_a_configured_one_that_is_none_is_said_and_something_else_serves(
    tmp_path: Path, name: str
) -> None:
    status = await engines(tmp_path, configured=tmp_path / "gone" / name).status()

    assert status.engine is not None
    assert status.engine.name == "rattler"
    assert status.note is not None
    assert f"conda_executable is '{tmp_path}/gone/{name}'" in status.note


async def test_one_that_does_not_run_is_not_used_and_that_is_said(tmp_path: Path) -> None:
    broken = program(tmp_path / "bin" / "conda", None)

    status = await engines(tmp_path, environ={"PATH": str(broken.parent)}).status()

    assert status.engine is not None
    assert status.engine.name == "rattler"
    assert status.note == (
        f"The embedded engine is used. {broken} does not say its version, so it is not used."
    )


async def test_a_file_that_nobody_may_run_is_no_engine(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "conda").chmod(0o644)
    (tmp_path / "bin" / "mamba").mkdir()

    engine = await engines(tmp_path, environ={"PATH": str(tmp_path / "bin")}).chosen()

    assert engine.name == "rattler"


async def test_the_version_is_read_from_the_base_environments_records_and_nothing_is_run(
    tmp_path: Path,
) -> None:
    conda = base(tmp_path / "miniforge3")

    engine = await engines(tmp_path).chosen()

    assert (engine.executable, engine.version) == (str(conda), "24.9.2")


async def test_a_version_is_asked_for_once_until_the_program_is_another_one(
    tmp_path: Path,
) -> None:
    asked = tmp_path / "asked"
    path = tmp_path / "bin" / "conda"
    program(path, "25.1.0", asked=asked)
    found = engines(tmp_path, environ={"PATH": str(path.parent)})

    versions = [(await found.chosen()).version for _ in range(3)]
    times = len(asked.read_text().splitlines())
    path.unlink()
    program(path, "25.10.0", asked=asked)

    assert versions == ["25.1.0"] * 3
    assert times == 1
    assert (await found.chosen()).version == "25.10.0"


async def test_mamba_one_says_two_versions_and_the_first_is_its_own(tmp_path: Path) -> None:
    mamba = program(tmp_path / "bin" / "mamba", "1.5.8; echo conda 24.1.0")

    engine = await engines(tmp_path, environ={"PATH": str(mamba.parent)}).chosen("mamba")

    assert engine.version == "1.5.8"


async def test_asking_for_one_that_is_not_there_says_what_is(tmp_path: Path) -> None:
    with pytest.raises(NoEngine, match="There is no mamba") as raised:
        await engines(tmp_path).chosen("mamba")

    assert raised.value.body.hint == ("There is rattler. Leave the engine open, or install mamba.")


async def test_the_configuration_is_that_of_the_conda_that_is_used_without_its_secrets(
    tmp_path: Path,
) -> None:
    root = tmp_path / "opt"
    base(root)
    (root / ".condarc").write_text(
        "channels: [conda-forge, 'https://amy:sesame-open@channels.example/private']\n"
    )

    status = await engines(tmp_path, everywhere=(str(root),)).status()

    assert status.channels[0] == "conda-forge"
    assert "channels.example/private" in status.channels[1]
    assert "sesame-open" not in str(status)
    assert status.envs_folder == str(root / "envs")
    assert str(root / ".condarc") in status.condarc
    assert not status.offline


def test_the_platform_is_condas_name_for_it() -> None:
    assert platform_name({"CONDA_SUBDIR": "osx-64"}) == "osx-64"
    assert platform_name({}) in {"linux-64", "linux-aarch64", "osx-64", "osx-arm64"}
