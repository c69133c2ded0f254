"""An emulator that runs scripts, and an azureuser who has a Conda of the tests' channel."""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from jupyter_ci_manager.emulator import Emulator
from tests.emulator.arm_client import ArmClient
from tests.emulator.setup_scripts import inline, logs, make, until_ended, written
from tests.environments.channel.serving import ChannelServer
from tests.environments.conftest import channel, channel_folder
from tests.instances.conftest import MakeServices, azure, make_services, services

__all__ = [
    "AzureUser",
    "Instance",
    "MakeServices",
    "azure",
    "channel",
    "channel_folder",
    "make_services",
    "services",
]

REPOSITORY = Path(__file__).parents[2]
CONDA = os.environ.get("JUPYTER_CI_TEST_CONDA", "")
SCRIPT_SECONDS = 90.0


@pytest.fixture
def emulator(jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Emulator]:
    """One that runs scripts, quicker than Azure."""
    emulator = Emulator(speed=600, instances=0, run_scripts=True)
    jp_asyncio_loop.run_until_complete(emulator.start())
    yield emulator
    jp_asyncio_loop.run_until_complete(emulator.stop())


@dataclass(frozen=True)
class Instance:
    """The one instance of the emulator, whose scripts are tried."""

    emulator: Emulator
    arm: ArmClient

    @property
    def home(self) -> Path:
        """azureuser's."""
        return self.emulator.home("my-ci")

    @property
    def log(self) -> str:
        """What the newest script has printed."""
        return "\n".join(written(logs(self.emulator)[-1]))

    async def made_with(self, text: str, arguments: str = "", *, phase: str = "creation") -> str:
        """Create it with a script; the state that it ends in."""
        options = {"scriptArguments": arguments} if arguments else {}
        await make(self.arm, timeout="7d", **{phase: inline(text, **options)})
        return await until_ended(self.arm, SCRIPT_SECONDS)

    async def made_again_with(self, text: str, arguments: str = "") -> str:
        """Delete it and create it anew: what is in the share, and here its home, is still there."""
        assert (await self.arm("DELETE", "computes/my-ci")).status == 202
        deadline = time.monotonic() + 20
        while (await self.arm("GET", "computes/my-ci")).status != 404:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)
        return await self.made_with(text, arguments)


@pytest.fixture
def instance(emulator: Emulator) -> Instance:
    return Instance(emulator, ArmClient(emulator))


@dataclass(frozen=True)
class AzureUser:
    """Whoever azureuser is on this machine, with a Conda as images have it."""

    environments: Path
    conda: Path

    async def has(self, name: str, *packages: str) -> Path:
        """An environment that the image brings."""
        process = await asyncio.create_subprocess_exec(
            self.conda, "create", "--yes", "--name", name, *packages
        )
        assert await process.wait() == 0
        return self.environments / name


@pytest.fixture
def azureuser(instance: Instance, channel: ChannelServer, tmp_path: Path) -> AzureUser:
    """Its login shell finds Conda: the real one that ``JUPYTER_CI_TEST_CONDA`` names, else ours."""
    environments, commands = tmp_path / "envs", tmp_path / "conda-bin"
    environments.mkdir()
    commands.mkdir()
    program = (
        [CONDA]
        if CONDA
        else [
            *("env", f"PYTHONPATH={REPOSITORY}", sys.executable),
            *("-m", "tests.setup_scripts.conda_program", channel.url, str(environments)),
        ]
    )
    conda = commands / "conda"
    condarc = tmp_path / "condarc"
    condarc.write_text(
        f"channels: [{channel.url}]\ndefault_channels: [{channel.url}]\n"
        f"envs_dirs: [{environments}]\npkgs_dirs: [{tmp_path / 'pkgs'}]\n"
    )
    conda.write_text(
        f"#!/bin/bash\nexport CONDARC={shlex.quote(str(condarc))}\n"
        f'exec {shlex.join(program)} "$@"\n'
    )
    conda.chmod(0o755)
    (instance.home / ".bash_profile").write_text(f'PATH={shlex.quote(str(commands))}:"$PATH"\n')
    return AzureUser(environments, conda)
