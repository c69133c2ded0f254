"""Names like a missing one, from the indexes that a Conda has in its cache, with no network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jupyter_ci_manager.environments import conda_index
from jupyter_ci_manager.environments.conda_index import with_nearest_names
from jupyter_ci_manager.environments.engine import Wanted
from jupyter_ci_manager.errors import PackagesNotFound
from tests.environments.recorded import Recording, ReplayingConda, Step, Told, engine_of

CHANNEL = "https://conda.example/main"


def an_index(cache: Path, address: str, *names: str, name: str = "aa") -> None:
    """An index as conda keeps it."""
    folder = cache / "cache"
    folder.mkdir(parents=True, exist_ok=True)
    packages = {f"{each}-1.0-0.conda": {"name": each, "version": "1.0"} for each in names}
    (folder / f"{name}.json").write_text(json.dumps({"packages": packages}))
    (folder / f"{name}.info.json").write_text(json.dumps({"url": address}))


def missing(*packages: str, channels: str = CHANNEL, **more: str) -> PackagesNotFound:
    details = {"packages": ", ".join(packages), "channels": channels} | more
    return PackagesNotFound(f"No channel has {packages[0]}.", details=details)


async def test_what_conda_does_not_find_is_told_with_names_that_may_be_meant(
    tmp_path: Path,
) -> None:
    name = "10-create-missing-json-rattler"
    prefix = tmp_path / "envs" / "demo"
    an_index(tmp_path / "pkgs", "file:///opt/channel/noarch", "nonexistent-pkg-xy", "python")
    conda = ReplayingConda(tmp_path / "bin", Step(name, prefix))
    engine = engine_of(conda, tmp_path / "work", cache=tmp_path / "pkgs")

    with pytest.raises(PackagesNotFound) as raised:
        await engine.create(Wanted(str(prefix), [], specs=Recording(name).specs), Told())

    assert raised.value.message.endswith("Did you mean nonexistent-pkg-xy?")
    assert (raised.value.body.details or {})["nearest"] == "nonexistent-pkg-xy"


def test_only_the_channels_that_were_asked_are_looked_at(tmp_path: Path) -> None:
    an_index(tmp_path, f"{CHANNEL}/noarch", "numpy", name="aa")
    an_index(tmp_path, "https://other.example/x/linux-64", "numpi", name="bb")

    for channels in (CHANNEL, "main"):
        found = with_nearest_names(missing("nmpy>=2", channels=channels), [tmp_path])
        assert found.message == "No channel has nmpy>=2. Did you mean numpy?"


def test_a_name_across_two_pieces_of_a_large_index_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_index(tmp_path, f"{CHANNEL}/noarch", *(f"other{number}" for number in range(50)), "scipy")
    for size in (7, 64, 1000):
        monkeypatch.setattr(conda_index, "PIECE_BYTES", size)
        monkeypatch.setattr(conda_index, "LONGEST_MATCH", 30)
        assert with_nearest_names(missing("scipyy"), [tmp_path]).message.endswith("scipy?")


@pytest.mark.parametrize("content", [b"", b"\xff\x00{", b'{"name": 1}'])
def test_without_an_index_that_can_be_read_the_error_is_as_it_was(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "aa.json").write_bytes(content)
    (tmp_path / "cache" / "aa.info.json").write_bytes(content)
    error = missing("numpyy")

    assert with_nearest_names(error, [tmp_path, tmp_path / "none"]) is error


def test_what_is_not_in_an_environment_is_no_matter_of_channels(tmp_path: Path) -> None:
    an_index(tmp_path, f"{CHANNEL}/noarch", "numpy")
    error = missing("numpyy", prefix="/envs/one")

    assert with_nearest_names(error, [tmp_path]) is error
