"""Environments over HTTP: listed, looked into, exported; what is asked wrongly is refused."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.environments.prefixes import make_pip_package, python_prefix
from tests.web.conftest import Ask


@pytest.fixture(autouse=True)
def envs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the environments of this machine are; nothing of the real one is looked at."""
    folder = tmp_path / "conda-envs"
    home = tmp_path / "conda-home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("CONDA_ENVS_DIRS", str(folder))
    for name in ("CONDA_PREFIX", "CONDARC", "CONDA_EXE", "CONDA_CHANNELS"):
        monkeypatch.delenv(name, raising=False)
    return folder


async def test_an_environment_is_listed_looked_into_and_exported(ask: Ask, envs: Path) -> None:
    make_pip_package(python_prefix(envs / "analysis"), "torch", "2.5.1")

    listed = (await ask("GET", "environments")).json
    ours = [item for item in listed["items"] if item["name"] == "analysis"]
    assert [item["python"] for item in ours] == ["3.12.1"]
    assert listed["engine"]["envs_folder"] == str(envs)

    details = (await ask("GET", f"environments/{ours[0]['id']}")).json
    assert [(each["name"], each["manager"]) for each in details["packages"]] == [
        ("python", "conda"),
        ("torch", "pip"),
        ("tzdata", "conda"),
    ]

    for format_, said in (
        ("yml", "- python=3.12.1=h1_0"),
        ("history", "- python=3.12\n"),
        ("explicit", "/linux-64/python-3.12.1-h1_0.conda#"),
        ("lock", "manager: conda"),
    ):
        exported = await ask(
            "GET", f"environments/{ours[0]['id']}/export", params={"format": format_}
        )
        assert said in exported.json["content"], format_


async def test_without_a_conda_the_page_is_told_what_is_used_instead(ask: Ask) -> None:
    engine = (await ask("GET", "environments")).json["engine"]

    assert engine["note"]
    assert engine["channels"]


@pytest.mark.parametrize("way", ["", "/export"])
@pytest.mark.parametrize("id_", ["nonsense", "../../etc", "é", "%00", "a" * 300])
async def test_an_id_that_is_none_is_not_found(ask: Ask, way: str, id_: str) -> None:
    answer = await ask("GET", f"environments/{quote(id_, safe='')}{way}")

    assert answer.status == 404
    assert answer.error.code == "EnvironmentNotFound"


async def test_an_environment_that_goes_while_it_is_looked_at_is_not_found(
    ask: Ask, envs: Path
) -> None:
    prefix = python_prefix(envs / "analysis")
    items = (await ask("GET", "environments")).json["items"]
    (id_,) = [item["id"] for item in items if item["name"] == "analysis"]
    shutil.rmtree(prefix)

    answer = await ask("GET", f"environments/{id_}")

    assert (answer.status, answer.error.code) == (404, "EnvironmentNotFound")


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("packages", {}),
        ("packages", {"q": ""}),
        ("packages", {"q": "x" * 129}),
        ("packages", {"q": "--help"}),
        ("packages", {"q": "pip", "channels": "-c"}),
        ("packages", {"q": "pip", "channels": "../../x"}),
        ("packages", {"q": "pip", "channels": "https://h.example/'x'"}),
        ("environments/x/export", {"format": "exe"}),
        ("environments", {"refresh": "perhaps"}),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(
    ask: Ask, path: str, query: dict[str, str]
) -> None:
    answer = await ask("GET", path, params=query)

    assert answer.status == 400
    assert answer.error.hint


async def test_a_private_channel_that_cannot_be_reached_is_named_without_its_token(
    ask: Ask,
) -> None:
    channel = "http://user:pass-word@127.0.0.1:9/t/tk-secret/main"

    answer = await ask("GET", "packages", params={"q": "pip", "channels": channel})

    assert (answer.status, answer.error.code) == (409, "ChannelUnreachable")
    assert "127.0.0.1:9" in answer.error.message
    assert b"tk-secret" not in answer.body
    assert b"pass-word" not in answer.body
