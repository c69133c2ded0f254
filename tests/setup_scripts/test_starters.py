"""The gallery, each script really run on the emulator as the user would have it run on an instance.

Nothing is asked of a network: packages, repositories and mounts are given by the arguments.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
import venv
import zipfile
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager

from jupyter_ci_manager.models import LintScript, StarterScript
from jupyter_ci_manager.script_surroundings import can_run_scripts
from jupyter_ci_manager.setup_scripts.gallery import FOLDER, gallery
from jupyter_ci_manager.setup_scripts.lint import lint
from tests.disk.mounting import tmpfs
from tests.emulator.setup_scripts import logs
from tests.environments.channel.serving import serving
from tests.environments.kernel_sessions import printed, started
from tests.environments.wheels import wheel
from tests.setup_scripts.conftest import AzureUser, Instance

pytestmark = pytest.mark.skipif(not can_run_scripts(), reason="needs POSIX and bash")

STARTERS = {starter.id: starter for starter in gallery().items}
ARGUMENTS_NEEDED = sorted(STARTERS.keys() - {"jupyterlab-extension"})


def text(name: str) -> str:
    return STARTERS[name].text


def shell(home: Path, command: str) -> str:
    """What a terminal of azureuser's prints: an interactive shell, which reads ``.bashrc``."""
    done = subprocess.run(
        ["bash", "-i", "-c", command],
        env={"HOME": str(home), "PATH": os.environ["PATH"]},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    return done.stdout.strip()


def kernel(home: Path, code: str) -> str:
    """What a Python kernel of azureuser's prints."""
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--quick", "-c", code],
        env={"HOME": str(home), "PATH": os.environ["PATH"], "TERM": "dumb"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_the_gallery_has_all_that_is_in_its_folder_and_what_azure_names() -> None:
    assert sorted(STARTERS) == sorted(path.stem for path in FOLDER.iterdir())
    assert len(STARTERS) == 7
    assert [each.id for each in gallery().items if each.phase == "startup"] == ["data-mount"]


@pytest.mark.parametrize("starter", STARTERS.values(), ids=STARTERS.keys())
async def test_the_lint_finds_nothing_in_a_starter(starter: StarterScript) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    found = await lint(
        LintScript(starter.text, f"{starter.id}.sh", starter.arguments),
        environ={**os.environ, "PATH": path},
    )

    assert found.shellcheck is not None
    assert found.findings == []


@pytest.mark.parametrize("name", ARGUMENTS_NEEDED)
async def test_a_starter_without_its_arguments_says_what_is_missing(
    instance: Instance, name: str
) -> None:
    assert await instance.made_with(text(name)) == "SetupFailed"
    assert instance.log.startswith("Give ")
    assert (
        instance.log.endswith(" as arguments")
        or instance.log.endswith("argument")
        or ("as arguments: NAME=value" in instance.log)
    )


@pytest.mark.slow
async def test_packages_are_installed_into_an_environment_of_the_image(
    instance: Instance, azureuser: AzureUser, tmp_path: Path
) -> None:
    prefix = await azureuser.has("azureml_py310_sdkv2", "python", "pip")
    wheels = [wheel(tmp_path / "wheels"), wheel(tmp_path / "wheels", "other_demo", "2.1")]

    state = await instance.made_with(
        text("pip-packages"), f"azureml_py310_sdkv2 {' '.join(map(str, wheels))}"
    )

    assert state == "Running", instance.log
    assert "Successfully installed" in instance.log
    for name in ("tiny_demo", "other_demo"):
        assert subprocess.check_output([prefix / "bin" / name], text=True) == "tiny\n"


async def test_packages_for_an_environment_that_is_not_there_fail(
    instance: Instance, azureuser: AzureUser
) -> None:
    assert await instance.made_with(text("pip-packages"), "no-such-env numpy") == "SetupFailed"
    assert "EnvironmentLocationNotFound" in instance.log


@pytest.mark.slow
async def test_a_conda_environment_becomes_a_kernel_that_computes(
    instance: Instance, azureuser: AzureUser
) -> None:
    state = await instance.made_with(text("conda-kernel"), "my-env python 'base-demo=1.0'")

    assert state == "Running", instance.log
    prefix = azureuser.environments / "my-env"
    assert (prefix / "share" / "base.txt").read_text() == "base"
    kernels = instance.home / ".local" / "share" / "jupyter" / "kernels"
    spec = json.loads((kernels / "my-env" / "kernel.json").read_text())
    assert spec["display_name"] == "Python (my-env)"
    assert Path(spec["argv"][0]).parent == prefix / "bin"
    async with started("my-env", KernelSpecManager(kernel_dirs=[str(kernels)])) as (_, client):
        assert await printed(client, "import sys; print(1 + 1, sys.prefix)") == f"2 {prefix}"


@pytest.fixture
def repository(tmp_path: Path) -> str:
    """A repository with one file, at an address."""
    folder = tmp_path / "origin" / "my project.git"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text("hello\n")
    for arguments in (
        ["init", "--quiet"],
        ["add", "README.md"],
        ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "--quiet", "-m", "one"],
    ):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    return f"file://{folder}"


async def test_a_repository_is_cloned_and_git_knows_its_user(
    instance: Instance, repository: str
) -> None:
    arguments = f"'{repository}' \"Amy O'Hara\" amy@contoso.com"

    assert await instance.made_with(text("git-clone"), arguments) == "Running", instance.log

    clone = instance.emulator.share / "Users" / "my project"
    assert (clone / "README.md").read_text() == "hello\n"
    config = instance.home / ".gitconfig"
    assert git(config, "user.name") == "Amy O'Hara"
    assert git(config, "user.email") == "amy@contoso.com"
    assert git(config, "safe.directory") == str(clone)

    assert await instance.made_again_with(text("git-clone"), arguments) == "Running", instance.log
    assert f"{clone} is there already" in instance.log
    assert git(config, "safe.directory") == str(clone)


def git(config: Path, name: str) -> str:
    command = ["git", "config", "--file", str(config), "--get-all", name]
    return subprocess.check_output(command, text=True).strip()


async def test_a_repository_that_is_not_there_fails(instance: Instance, tmp_path: Path) -> None:
    arguments = f"file://{tmp_path}/none.git Amy amy@contoso.com"

    assert await instance.made_with(text("git-clone"), arguments) == "SetupFailed"
    assert "fatal:" in instance.log
    assert not (instance.home / ".gitconfig").exists()


async def test_data_is_mounted_at_every_start(instance: Instance, tmp_path: Path) -> None:
    folder = tmp_path / "mnt" / "data"
    # Only where root may mount, and gone again afterwards whatever happens.
    with tmpfs(tmp_path / "mnt", size="1m"):
        try:
            state = await instance.made_with(
                text("data-mount"), f"tmpfs {folder} tmpfs size=512k", phase="startup"
            )
            assert state == "Running", instance.log
            assert os.path.ismount(folder)
            assert "512K" in instance.log
            (folder / "file").write_text("x")

            assert (await instance.arm("POST", "computes/my-ci/restart")).status == 202
            await restarted(instance)
            assert f"{folder} is mounted already" in instance.log
        finally:
            subprocess.run(["umount", folder])


async def restarted(instance: Instance) -> None:
    """Wait until the startup script has run a second time."""
    deadline = time.monotonic() + 30
    while len(logs(instance.emulator)) < 2 or b"exited with" not in logs(instance.emulator)[-1]:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def test_variables_reach_terminals_and_kernels(instance: Instance) -> None:
    arguments = """PROJECT=churn "TITLE=it's a 'value' with \\"quotes\\" = signs" EMPTY="""

    for state in (
        await instance.made_with(text("environment-variables"), arguments),
        await instance.made_again_with(text("environment-variables"), arguments),
    ):
        assert state == "Running", instance.log

    title = """it's a 'value' with "quotes" = signs"""
    assert shell(instance.home, 'printf "%s|%s|%s" "$PROJECT" "$TITLE" "${EMPTY-unset}"') == (
        f"churn|{title}|"
    )
    shown = kernel(instance.home, "import os; print(os.environ['PROJECT'], os.environ['TITLE'])")
    assert shown == f"churn {title}"
    assert (instance.home / ".bashrc").read_text().count("variables") == 1


@pytest.mark.parametrize("variable", ["NOVALUE", "1X=y", "A-B=c", "=x", "A B=c"])
async def test_what_is_no_variable_changes_nothing(instance: Instance, variable: str) -> None:
    arguments = f"GOOD=1 '{variable}'"

    assert await instance.made_with(text("environment-variables"), arguments) == "SetupFailed"
    assert f"This is no NAME=value: {variable}" in instance.log
    assert not (instance.home / ".bashrc").exists()


async def test_everything_goes_through_the_proxy(instance: Instance, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with serving(tmp_path / "empty") as proxy:
        state = await instance.made_with(text("network-proxy"), proxy.bare_url)

        assert state == "Running", instance.log
        home = instance.home
        assert shell(home, "echo $https_proxy $NO_PROXY") == (
            f"{proxy.bare_url} localhost,127.0.0.1,169.254.169.254"
        )
        code = "import urllib.request; print(urllib.request.getproxies()['https'])"
        assert kernel(home, code) == proxy.bare_url
        environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
        subprocess.run(
            ["git", "ls-remote", "http://git.invalid/x.git"], env=environment, capture_output=True
        )
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "download", "--no-deps", "--retries", "0"),
                *("--trusted-host", "index.invalid"),
                *("--index-url", "http://index.invalid/simple", "--dest", tmp_path, "thing"),
            ],
            env=environment,
            capture_output=True,
        )
        asked = " ".join(proxy.asked)
        assert "http://git.invalid/x.git" in asked
        assert "http://index.invalid/simple/thing" in asked
        assert f"https: {proxy.bare_url}" in (home / ".condarc").read_text()


def extension(folder: Path) -> Path:
    """A wheel with an extension of JupyterLab."""
    file = wheel(folder, "lab_demo")
    labextension = "lab_demo-1.0.data/data/share/jupyter/labextensions/lab-demo"
    manifest = {
        "name": "lab-demo",
        "version": "1.0.0",
        "jupyterlab": {"_build": {"load": "static/remoteEntry.js", "extension": "./extension"}},
    }
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(f"{labextension}/package.json", json.dumps(manifest))
        archive.writestr(f"{labextension}/static/remoteEntry.js", "")
    return file


@pytest.fixture
def jupyter_environment(tmp_path: Path) -> Path:
    """An environment that has JupyterLab, and what is installed there stays there."""
    folder = tmp_path / "jupyter env"
    venv.create(folder, with_pip=False)
    (site,) = folder.glob("lib/python*/site-packages")
    here = [path for path in sys.path if path.endswith("site-packages")]
    (site / "tests.pth").write_text("\n".join(here))
    return folder


@pytest.mark.slow
async def test_an_extension_is_installed_into_jupyters_own_environment(
    instance: Instance, jupyter_environment: Path, tmp_path: Path
) -> None:
    file = extension(tmp_path / "wheels")

    state = await instance.made_with(
        text("jupyterlab-extension"), f"{file} '{jupyter_environment}'"
    )

    assert state == "Running", instance.log
    listed = subprocess.run(
        [
            *(jupyter_environment / "bin" / "python", "-c"),
            *("from jupyterlab.labextensions import main; main()", "list"),
        ],
        capture_output=True,
        text=True,
    )
    assert "lab-demo v1.0.0" in listed.stdout + listed.stderr


async def test_without_jupyters_environment_nothing_is_installed(instance: Instance) -> None:
    state = await instance.made_with(text("jupyterlab-extension"), "demo /no/such/environment")

    assert state == "SetupFailed"
    assert "Jupyter's own environment was not found" in instance.log
