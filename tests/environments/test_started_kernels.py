"""Real kernels, started by Jupyter from a kernelspec that was registered here."""

from __future__ import annotations

import asyncio
import json
import os
import time
from pathlib import Path

import pytest

from jupyter_ci_manager.environments.kernel_registration import register_kernel
from jupyter_ci_manager.environments.kernel_specs import KernelPlaces

from .kernel_environments import KernelEnvironment, a_request, places_in, specs_in
from .kernel_sessions import SHOW, printed, started


@pytest.fixture
def environment(tmp_path: Path) -> KernelEnvironment:
    return KernelEnvironment.made_at(tmp_path / "envs" / "analysis")


@pytest.fixture
def places(tmp_path: Path) -> KernelPlaces:
    return places_in(tmp_path / "jupyter")


async def test_a_notebook_sees_the_environment_as_if_it_were_activated(
    environment: KernelEnvironment, places: KernelPlaces
) -> None:
    environment.variables({"OF_CONDA": "yes"})
    environment.script("greet", "export GREETING=$OF_CONDA-$MINE; echo noise")
    kernel = register_kernel(
        environment.prefix, a_request(env={"MINE": "${HOME}", "OF_CONDA": "mine"}), places
    )
    async with started(kernel.name, specs_in(places)) as (_, client):
        prefix, _, environ = json.loads(await printed(client, SHOW))
        which = await printed(client, "import shutil; print(shutil.which('python'))")
        magic = await printed(client, "!python -c 'import sys; print(sys.prefix)'")
    assert prefix == str(environment.prefix)
    assert environ["CONDA_PREFIX"] == str(environment.prefix)
    assert environ["GREETING"] == f"yes-{os.environ['HOME']}"
    assert (environ["MINE"], environ["OF_CONDA"]) == (os.environ["HOME"], "mine")
    assert which == environment.python
    assert magic == str(environment.prefix)


async def test_interrupt_and_restart_reach_the_kernel(
    environment: KernelEnvironment, places: KernelPlaces
) -> None:
    environment.script("slow", "export STARTED=$$")
    kernel = register_kernel(environment.prefix, a_request(), places)
    async with started(kernel.name, specs_in(places)) as (manager, client):
        _, pid, _ = json.loads(await printed(client, SHOW))
        process = manager.provisioner
        assert pid == getattr(process, "pid", None)
        sleeping = asyncio.ensure_future(
            client.execute(
                "import time; time.sleep(60)",
                reply=True,
                timeout=60,
                # What comes too soon after the interrupt would be thrown away with it.
                stop_on_error=False,
            )
        )
        await asyncio.sleep(0.5)
        began = time.monotonic()
        await manager.interrupt_kernel()
        reply = await sleeping
        assert time.monotonic() - began < 10
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        assert await printed(client, "print('still here')") == "still here"

        await manager.restart_kernel(now=False)
        await client.wait_for_ready(timeout=60)
        _, again, environ = json.loads(await printed(client, SHOW))
    assert again != pid
    assert environ["CONDA_PREFIX"] == str(environment.prefix)
    assert not Path(f"/proc/{pid}").exists()


async def test_it_starts_where_activation_fails(
    environment: KernelEnvironment, places: KernelPlaces
) -> None:
    environment.script("broken", "exit 7")
    environment.file("conda-meta/state", "{")
    kernel = register_kernel(environment.prefix, a_request(), places)
    async with started(kernel.name, specs_in(places)) as (_, client):
        prefix, _, environ = json.loads(await printed(client, SHOW))
    assert prefix == environ["CONDA_PREFIX"] == str(environment.prefix)


async def test_variables_are_never_read_by_a_shell(
    environment: KernelEnvironment, places: KernelPlaces, tmp_path: Path
) -> None:
    environment.script("any", "export SEEN=1")
    hostile = f"'; touch {tmp_path}/x; $(touch {tmp_path}/y) `touch {tmp_path}/z`\nB=2"
    kernel = register_kernel(environment.prefix, a_request(env={"A": hostile}), places)
    async with started(kernel.name, specs_in(places)) as (_, client):
        _, _, environ = json.loads(await printed(client, SHOW))
    assert environ["A"] == hostile
    assert environ["SEEN"] == "1"
    assert "B" not in environ
    assert not [path for path in tmp_path.iterdir() if len(path.name) == 1]
