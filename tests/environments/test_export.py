"""An environment as a file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from jupyter_ci_manager.environments.engines import platform_name
from jupyter_ci_manager.environments.export import export
from jupyter_ci_manager.environments.records import Record, read_pip_packages, read_records
from jupyter_ci_manager.environments.specification import read_specification
from jupyter_ci_manager.environments.specified import Specification
from jupyter_ci_manager.models import EnvironmentFile, ExportFormat, Package

from .prefixes import MD5, SHA256, record

PLATFORM = "linux-64"
SECRETS = ("tk-secret", "pass-word")
TORCH = Package("torch", "2.5.1", "pip")
BASE = "https://conda.anaconda.org/conda-forge/linux-64"


def records(*given: dict[str, Any]) -> list[Record]:
    return msgspec.convert(list(given), list[Record])


INSTALLED = records(
    record("python", "3.12.1", requested="python=3.12"),
    record("tzdata", "2024a", build="0"),
    record(
        "private",
        "1.0",
        requested="https://u:pass-word@h.example/t/tk-secret/team::private >=1",
        channel="https://u:pass-word@h.example/t/tk-secret/team/linux-64",
        url="https://u:pass-word@h.example/t/tk-secret/team/linux-64/private-1.0-h1_0.conda",
        md5=None,
    ),
)


def exported(format_: ExportFormat, pip: tuple[Package, ...] = (TORCH,)) -> str:
    found = export(format_, "mine", INSTALLED, pip, {"LEVEL": "3.10"}, platform=PLATFORM)
    assert not [secret for secret in SECRETS if secret in found.content]
    return found.content


def read_again(content: str, name: str) -> Specification:
    return read_specification(EnvironmentFile(name, content), Path("/nowhere"), PLATFORM)


def test_everything_with_versions() -> None:
    found = read_again(exported("yml"), "environment.yml")

    assert found.name == "mine"
    assert found.channels == ("conda-forge", "https://h.example/team", "nodefaults")
    assert found.specs == (
        "private=1.0=h1_0",
        "python=3.12.1=h1_0",
        "tzdata=2024a=0",
        "pip",
    )
    assert found.pip == ("torch==2.5.1",)
    assert found.variables == {"LEVEL": "3.10"}


def test_only_what_was_asked_for() -> None:
    found = read_again(exported("history", ()), "environment.yml")

    assert found.specs == ("private >=1", "python=3.12")


def test_what_nothing_else_needs_where_nobody_is_known_to_have_asked_for_anything() -> None:
    cloned = records(record("python", "3.12.1"), record("tzdata", "2024a", build="0"))

    content = export("history", "x", cloned, (), {}, platform=PLATFORM).content

    assert read_again(content, "environment.yml").specs == ("python=3.12.1",)


def test_addresses_with_checksums() -> None:
    content = exported("explicit")

    assert read_again(content, "x.txt").explicit == (
        f"https://h.example/team/linux-64/private-1.0-h1_0.conda#sha256:{SHA256}",
        f"{BASE}/python-3.12.1-h1_0.conda#{MD5}",
        f"{BASE}/tzdata-2024a-0.conda#{MD5}",
    )
    assert "# left out: torch==2.5.1, which pip has installed" in content


def test_a_lock_file() -> None:
    content = exported("lock")

    found = read_again(content, "conda-lock.yml")
    assert found.explicit == read_again(exported("explicit"), "x.txt").explicit
    locked = yaml.safe_load(content)
    assert locked["package"][1]["dependencies"] == {"tzdata": ""}
    assert locked["metadata"]["platforms"] == [PLATFORM]


def test_versions_that_look_like_numbers_stay_texts_for_every_reader_of_yaml() -> None:
    content = export(
        "lock", "x", records(record("a", "3.10", build="0")), (), {}, platform=PLATFORM
    ).content

    assert yaml.safe_load(content)["package"][0]["version"] == "3.10"


@pytest.mark.parametrize("format_", ["yml", "history", "explicit", "lock"])
def test_a_file_says_its_kind_by_its_name(format_: ExportFormat) -> None:
    name = export(format_, "mine", INSTALLED, (), {}, platform=PLATFORM).file_name

    assert name == {"explicit": "explicit-linux-64.txt", "lock": "conda-lock.yml"}.get(
        format_, "environment.yml"
    )


async def test_what_the_embedded_engine_has_made_is_read_and_exported_whole(
    channel_folder: Path, tmp_path: Path
) -> None:
    rattler = pytest.importorskip("rattler", reason="py-rattler has no wheel for this machine")
    solved = await rattler.solve(
        [channel_folder.as_uri()],
        ["ipykernel"],
        virtual_packages=rattler.VirtualPackage.detect(),
    )
    prefix = tmp_path / "env"
    await rattler.install(solved, prefix, cache_dir=tmp_path / "cache")
    problems: list[str] = []
    installed = read_records(prefix, problems)

    platform = platform_name({})
    content = export("explicit", "x", installed, (), {}, platform=platform).content

    wanted = read_specification(EnvironmentFile("x.txt", content), tmp_path, platform)
    assert problems == []
    assert list(read_pip_packages(prefix, installed)) == []
    assert [each.name for each in installed] == sorted(each.name.normalized for each in solved)
    assert sorted(each.partition("#")[0] for each in wanted.explicit) == sorted(
        str(each.url) for each in solved
    )
    assert all(each.installed_bytes > 0 for each in installed if each.name == "python")
