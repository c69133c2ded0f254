"""Changes, copies and removals with a Conda, and channels that refuse, as really recorded."""

from __future__ import annotations

import json
import netrc
import os
import stat
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from msgspec.structs import replace

from jupyter_ci_manager.environments.conda import CondaEngine
from jupyter_ci_manager.environments.conda_access import OUR_CHANNELS, ChannelAccess
from jupyter_ci_manager.environments.engine import Wanted
from jupyter_ci_manager.errors import (
    ChannelUnreachable,
    CiManagerError,
    EnvironmentBroken,
    InvalidSpec,
    NoSolution,
    PackagesNotFound,
)

from .recorded import (
    OF_CHANGES,
    Recording,
    ReplayingConda,
    Step,
    Told,
    all_recordings,
    engine_of,
)

CHANNEL = "file:///opt/channel"

CHANGED = {
    "53-update": Wanted("", [CHANNEL], update=["changing-demo"]),
    "54-install": Wanted("", [CHANNEL], specs=["changing-demo=2", "activate-demo"]),
    "55-install-there-already": Wanted("", [CHANNEL], specs=["activate-demo"]),
    "56-remove-packages": Wanted("", [CHANNEL], remove=["changing-demo"]),
}
FAILED: dict[str, tuple[Wanted, type[CiManagerError], str]] = {
    "57-remove-not-installed": (
        Wanted("", [CHANNEL], remove=["nothere-demo"]),
        PackagesNotFound,
        "Not in this environment: nothere-demo.",
    ),
    "58-update-not-installed": (
        Wanted("", [CHANNEL], update=["nothere-demo"]),
        PackagesNotFound,
        "Not in this environment: nothere-demo.",
    ),
    "63-channel-401": (
        Wanted("", [CHANNEL], specs=["base-demo"]),
        ChannelUnreachable,
        "The channel http://127.0.0.1:8123 cannot be read: 401 Unauthorized.",
    ),
    "64-channel-404": (
        Wanted("", [CHANNEL], specs=["base-demo"]),
        ChannelUnreachable,
        "The channel file:///home/azureuser/work/nowhere cannot be read: 404 UNAVAILABLE",
    ),
    "66-offline": (
        Wanted("", [CHANNEL], specs=["base-demo"]),
        ChannelUnreachable,
        "Conda is offline",
    ),
}
ALONE = {
    "50-explicit-create",
    "51-clone",
    "52-update-dry-run",
    "59-install-explicit",
    "60-remove-by-force",
    "61-env-remove-corrupted",
    "62-env-remove-no-environment",
    "65-channel-404-http",
}
"""Each has a test of its own."""


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """An environment of two packages."""
    prefix = tmp_path / "envs" / "demo"
    meta = prefix / "conda-meta"
    meta.mkdir(parents=True)
    (meta / "history").write_text("")
    for name, version in (("changing-demo", "2.0"), ("activate-demo", "1.0")):
        archive = f"{name}-{version}-0.tar.bz2"
        record = {"name": name, "version": version, "build": "0", "md5": "0" * 32, "size": 1000}
        record |= {"fn": archive, "url": f"{CHANNEL}/noarch/{archive}"}
        (meta / f"{name}-{version}-0.json").write_text(json.dumps(record))
    return prefix


def conda_for(tmp_path: Path, *steps: Step) -> tuple[ReplayingConda, CondaEngine]:
    conda = ReplayingConda(tmp_path / "bin", *steps)
    return conda, engine_of(conda, tmp_path / "work")


def packages_in(prefix: Path) -> list[str]:
    return sorted(path.stem for path in (prefix / "conda-meta").glob("*.json"))


def test_every_recording_has_a_test() -> None:
    assert sorted([*CHANGED, *FAILED, *ALONE]) == all_recordings(OF_CHANGES)


@pytest.mark.parametrize("name", sorted(CHANGED))
async def test_packages_change_by_the_words_that_were_recorded(
    tmp_path: Path, prefix: Path, name: str
) -> None:
    conda, engine = conda_for(tmp_path, Step(name, prefix))

    await engine.change(replace(CHANGED[name], prefix=str(prefix)), Told())

    assert len(conda.calls) == 1


@pytest.mark.parametrize("name", sorted(FAILED))
async def test_what_fails_is_told_in_words_that_help(
    tmp_path: Path, prefix: Path, name: str
) -> None:
    wanted, kind, words = FAILED[name]
    # Those that were recorded of creating: the answer is the same.
    ours = ["install", "-p", str(prefix), "--json", "--yes", *wanted.specs]
    ours += ["--override-channels", "-c", CHANNEL]
    _, engine = conda_for(tmp_path, Step(name, prefix, ours if wanted.specs else None))

    with pytest.raises(CiManagerError) as raised:
        await engine.change(replace(wanted, prefix=str(prefix)), Told())

    assert type(raised.value) is kind
    assert words in raised.value.message


async def test_a_channel_that_refuses_says_where_the_password_belongs(
    tmp_path: Path, prefix: Path
) -> None:
    words = ["install", "-p", str(prefix), "--json", "--yes", "base-demo"]
    _, engine = conda_for(tmp_path, Step("63-channel-401", prefix, words))

    with pytest.raises(ChannelUnreachable) as raised:
        await engine.change(Wanted(str(prefix), [], specs=["base-demo"]), Told())

    assert raised.value.body.hint is not None
    assert ".condarc" in raised.value.body.hint


async def test_an_update_is_planned_with_what_it_comes_from(tmp_path: Path, prefix: Path) -> None:
    _, engine = conda_for(tmp_path, Step("52-update-dry-run", prefix))

    solution = await engine.plan(
        Wanted(str(prefix), [CHANNEL], update=["changing-demo"]), Told(), new=False
    )

    [package] = solution.packages
    assert (package.name, package.action) == ("changing-demo", "update")
    assert (package.from_version, package.version) == ("1.0", "3.0")
    assert package.download_bytes == 601
    assert packages_in(prefix) == ["activate-demo-1.0-0", "changing-demo-2.0-0"]


async def test_an_explicit_list_is_installed_though_conda_says_nothing_of_it(
    tmp_path: Path,
) -> None:
    prefix, told = tmp_path / "envs" / "listed", Told()
    lines = [f"{CHANNEL}/noarch/{name}-1.0-0.tar.bz2" for name in ("changing-demo", "base-demo")]
    file = tmp_path / "work" / "explicit.txt"
    words = ["create", "-p", str(prefix), "--json", "--yes", "--file", str(file)]
    _, engine = conda_for(
        tmp_path, Step("50-explicit-create", prefix, words, ends_with="environment")
    )
    wanted = Wanted(str(prefix), [], explicit=lines)

    solution = await engine.plan(wanted, told, new=True)
    await engine.create(wanted, told)

    found = [(each.name, each.version, each.build) for each in solution.packages]
    assert found == [("base-demo", "1.0", "0"), ("changing-demo", "1.0", "0")]
    assert file.read_text() == "\n".join(["@EXPLICIT", *lines, ""])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "downloaded base-demo-1.0" in told.text


async def test_a_line_that_is_no_address_gets_into_no_list(tmp_path: Path) -> None:
    conda, engine = conda_for(tmp_path)

    for line in ("@EXPLICIT", "https://channels.example/a.conda\n--yes", "a b"):
        with pytest.raises(InvalidSpec):
            await engine.create(Wanted(str(tmp_path / "new"), [], explicit=[line]), Told())

    assert conda.calls == []


async def test_conda_copies_an_environment_itself(tmp_path: Path, prefix: Path) -> None:
    copy = tmp_path / "envs" / "copy"
    words = ["create", "-p", str(copy), "--json", "--yes", "--clone", str(prefix)]
    conda = ReplayingConda(tmp_path / "bin", Step("51-clone", copy, words, ends_with="environment"))
    cached = tmp_path / "pkgs" / "activate-demo-1.0-0" / "info" / "repodata_record.json"
    cached.parent.mkdir(parents=True)
    cached.touch()
    engine = engine_of(conda, tmp_path / "work", cache=tmp_path / "pkgs")
    wanted = Wanted(str(copy), [], clone_from=str(prefix))

    solution = await engine.plan(wanted, Told(), new=True)
    await engine.create(wanted, Told())

    found = [(each.name, each.download_bytes, each.installed_bytes) for each in solution.packages]
    # One of them is in the cache.
    assert found == [("activate-demo", 0, 4000), ("changing-demo", 1000, 4000)]


async def test_a_change_of_which_a_part_is_done_is_put_back_as_a_whole(
    tmp_path: Path, prefix: Path
) -> None:
    file = tmp_path / "work" / "explicit.txt"
    place = ["-p", str(prefix), "--json", "--yes"]
    conda, engine = conda_for(
        tmp_path,
        Step("56-remove-packages", prefix, ends_with="changed"),
        Step("08-create-unsat-json-rattler", prefix, ["install", *place, "unsat-demo"]),
        Step("59-install-explicit", prefix, ["install", *place, "--file", str(file)]),
    )
    wanted = Wanted(str(prefix), [], remove=["changing-demo"], specs=["unsat-demo"])

    with pytest.raises(NoSolution):
        await engine.change(wanted, Told())
    assert packages_in(prefix) == ["activate-demo-1.0-0"]
    assert engine.can_restore
    # Another worker may do it, after the death of the first.
    await engine_of(conda, tmp_path / "work").restore(wanted, Told())

    assert len(conda.calls) == 3
    address = f"{CHANNEL}/noarch/changing-demo-2.0-0.tar.bz2#{'0' * 32}"
    assert file.read_text() == f"@EXPLICIT\n{address}\n"
    assert not engine.can_restore


async def test_what_a_broken_off_change_has_added_is_taken_out_again(
    tmp_path: Path, prefix: Path
) -> None:
    place = ["-p", str(prefix), "--json", "--yes"]
    record = prefix / "conda-meta" / "activate-demo-1.0-0.json"
    added = record.read_bytes()
    record.unlink()
    conda, engine = conda_for(
        tmp_path,
        Step("10-create-missing-json-rattler", prefix, ["install", *place, "activate-demo"]),
        Step("60-remove-by-force", prefix, ends_with="changed"),
    )
    wanted = Wanted(str(prefix), [], specs=["activate-demo"])
    with pytest.raises(PackagesNotFound):
        await engine.change(wanted, Told())
    record.write_bytes(added)

    await engine.restore(wanted, Told())

    assert packages_in(prefix) == ["changing-demo-2.0-0"]
    assert len(conda.calls) == 2


async def test_an_environment_that_conda_cannot_read_any_more_is_removed_all_the_same(
    tmp_path: Path, prefix: Path
) -> None:
    told = Told()
    _, engine = conda_for(tmp_path, Step("61-env-remove-corrupted", prefix))

    await engine.remove(prefix, told)

    assert not prefix.exists()
    assert "has been corrupted" in told.text


async def test_a_folder_that_was_never_an_environment_is_not_removed(tmp_path: Path) -> None:
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter.txt").write_text("one")
    _, engine = conda_for(tmp_path, Step("62-env-remove-no-environment", folder))

    with pytest.raises(EnvironmentBroken):
        await engine.remove(folder, Told())

    assert (folder / "chapter.txt").read_text() == "one"


async def test_what_cannot_be_read_is_not_changed(tmp_path: Path, prefix: Path) -> None:
    (prefix / "conda-meta" / "numpy-2.0-0.json").write_text('{"name": ')
    conda, engine = conda_for(tmp_path)

    with pytest.raises(EnvironmentBroken, match="cannot be read"):
        await engine.change(Wanted(str(prefix), [], specs=["scipy"]), Told())

    assert conda.calls == []


async def test_a_channels_password_is_in_no_argument_log_or_error(
    tmp_path: Path, prefix: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own-netrc"
    own.write_text("machine other.example login amy password hers\n")
    own.chmod(0o600)
    monkeypatch.setenv("NETRC", str(own))
    channel = "http://amy:sesame-open@127.0.0.1:8123/nowhere"
    words = ["install", "-p", str(prefix), "--json", "--yes", "base-demo"]
    words += ["--override-channels", "-c", "http://127.0.0.1:8123/nowhere"]
    conda, engine = conda_for(tmp_path, Step("65-channel-404-http", prefix, words))
    told = Told()

    with pytest.raises(ChannelUnreachable) as raised:
        await engine.change(Wanted(str(prefix), [channel], specs=["base-demo"]), told)

    # Conda itself repeats it: in the header of its request.
    assert "YW15OnNlc2FtZS1vcGVu" in Recording("65-channel-404-http").stdout.decode()
    for secret in ("sesame-open", "YW15OnNlc2FtZS1vcGVu"):
        assert secret not in told.text
        assert secret not in str(raised.value.body)
        assert secret not in str(conda.calls)
    assert raised.value.message.startswith("The channel http://127.0.0.1:8123/nowhere cannot be")
    private = tmp_path / "work" / "access" / "netrc"
    known = netrc.netrc(private).hosts
    assert known["127.0.0.1"][::2] == ("amy", "sesame-open")
    assert known["other.example"][::2] == ("amy", "hers")
    assert stat.S_IMODE(private.stat().st_mode) == 0o600


async def test_a_channels_token_is_where_conda_looks_for_it_beside_the_users_own(
    tmp_path: Path, prefix: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = tmp_path / "login" / "data"
    login.mkdir(parents=True)
    (login / "https%3A%2F%2Fapi.anaconda.org.token").write_text("tk-hers")
    monkeypatch.setenv("BINSTAR_CONFIG_DIR", str(login.parent))
    channel = "https://channels.example/t/tk-0123456789-secret/private"
    words = ["update", "-p", str(prefix), "--json", "--yes", "changing-demo"]
    words += ["--override-channels", "-c", "https://channels.example/private"]
    conda, engine = conda_for(tmp_path, Step("53-update", prefix, words))
    told = Told()

    await engine.change(Wanted(str(prefix), [channel], update=["changing-demo"]), told)

    folder = tmp_path / "work" / "access" / "data"
    tokens = {unquote_plus(path.stem): path.read_text() for path in folder.iterdir()}
    assert tokens["https://channels.example/private"] == "tk-0123456789-secret"
    assert tokens["https://api.anaconda.org"] == "tk-hers"
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert "BINSTAR_CONFIG_DIR" in conda.calls[0]["variables"]
    assert "tk-0123456789-secret" not in str(conda.calls) + told.text


async def test_mamba_gets_channels_with_tokens_as_one_channel_of_its_own_file(
    tmp_path: Path,
) -> None:
    access = ChannelAccess(tmp_path)
    channels = ["https://amy:sesame-open@channels.example/private", "conda-forge"]

    called = access.prepare("mamba", channels, {})

    assert called == [OUR_CHANNELS]
    [file] = access.variables().values()
    assert json.loads(Path(file).read_text()) == {"custom_multichannels": {OUR_CHANNELS: channels}}
    assert stat.S_IMODE(Path(file).stat().st_mode) == 0o600


async def test_a_password_that_no_netrc_can_hold_is_refused_without_being_told(
    tmp_path: Path, prefix: Path
) -> None:
    conda, engine = conda_for(tmp_path)
    channel = "https://amy:open%20%22sesame%22@channels.example/private"

    with pytest.raises(ChannelUnreachable) as raised:
        await engine.change(Wanted(str(prefix), [channel], specs=["numpy"]), Told())

    assert "sesame" not in str(raised.value.body)
    assert conda.calls == []


async def test_a_spec_is_never_an_option(tmp_path: Path) -> None:
    conda, engine = conda_for(tmp_path)

    with pytest.raises(InvalidSpec):
        await engine.create(Wanted(str(tmp_path / "new"), [], specs=["--copy"]), Told())

    assert conda.calls == []


async def test_the_server_tells_conda_none_of_its_secrets(
    tmp_path: Path, prefix: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "s1")
    monkeypatch.setenv("JPY_API_TOKEN", "s2")
    monkeypatch.setenv("HTTPS_PROXY", "http://amy:s3@proxy.example")
    monkeypatch.setenv("CONDA_PREFIX", os.fspath(tmp_path))
    conda, engine = conda_for(tmp_path, Step("53-update", prefix))

    await engine.change(Wanted(str(prefix), [CHANNEL], update=["changing-demo"]), Told())

    [call] = conda.calls
    assert "HTTPS_PROXY" in call["variables"]
    assert not {"AZURE_CLIENT_SECRET", "JPY_API_TOKEN", "CONDA_PREFIX"} & set(call["variables"])
