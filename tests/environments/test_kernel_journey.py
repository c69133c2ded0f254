"""From nothing to a kernel and back, with the tests' channel and kernels as Jupyter starts them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager

from jupyter_ci_manager.models import (
    CreateEnvironment,
    Environment,
    KernelRequest,
    Operation,
    RegisterKernel,
)
from jupyter_ci_manager.services import Services, build_services
from tests.builders import configuration
from tests.environments.channel.serving import ChannelServer
from tests.environments.kernel_sessions import SHOW, printed, started
from tests.environments.working import Home, packages_in

pytestmark = pytest.mark.slow


@asynccontextmanager
async def services_of(home: Home) -> AsyncIterator[Services]:
    endpoint = "http://127.0.0.1:9"
    services = build_services(configuration(home.path, home=home.path, endpoint=endpoint))
    try:
        yield services
    finally:
        await services.close()


async def succeeded(services: Services, beginning: Awaitable[Operation]) -> Operation:
    operation = await beginning
    ended = await services.operations.wait(operation.id, timeout_seconds=90)
    assert ended.state == "succeeded", ended.message
    return ended


async def environment_named(services: Services, name: str) -> Environment:
    items = (await services.environments.list()).items
    return next(each for each in items if each.name == name)


async def test_an_environment_gets_ipykernel_a_kernel_that_works_and_takes_it_along(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    request = CreateEnvironment(name="analysis", specs=["python", "activate-demo"])
    async with services_of(home) as services:
        await succeeded(services, services.environment_work.create(request))
        environment = await environment_named(services, "analysis")
        assert "ipykernel" not in packages_in(Path(environment.prefix))

        kernel = KernelRequest("Analysis", env={"MODE": "mine"})
        register = services.kernels.register(RegisterKernel(environment.id, kernel))
        registered = await succeeded(services, register)
        assert "ipykernel" in packages_in(Path(environment.prefix))
        assert registered.message == "Analysis is registered"
        assert (await environment_named(services, "analysis")).kernels == ["analysis"]

        checked = await succeeded(services, services.kernels.check("analysis"))
        listed = {each.name: each for each in (await services.kernels.list()).items}
        check = listed["analysis"].check
        assert check is not None
        assert check.interpreter == f"{environment.prefix}/bin/python"
        assert checked.message == check.message
        assert listed["analysis"].environment_id == environment.id

        async with started("analysis", KernelSpecManager()) as (manager, client):
            prefix, pid, environ = json.loads(await printed(client, SHOW))
            which = await printed(client, "!which python pip")
            sleeping = asyncio.ensure_future(
                client.execute("import time; time.sleep(60)", reply=True, timeout=60)
            )
            await asyncio.sleep(0.5)
            await manager.interrupt_kernel()
            interrupted = (await sleeping)["content"]
            await manager.restart_kernel()
            await client.wait_for_ready(timeout=60)
            _, again, _ = json.loads(await printed(client, SHOW))
        assert prefix == environment.prefix
        assert environ["DEMO_HOME"] == f"{environment.prefix}/share/demo"
        assert environ["CONDA_DEFAULT_ENV"] == "analysis"
        assert environ["MODE"] == "mine"
        assert which.split()[0] == f"{environment.prefix}/bin/python"
        assert interrupted["ename"] == "KeyboardInterrupt"
        assert again != pid

        await succeeded(services, services.environment_work.remove(environment.id, kernels=True))
        assert "analysis" not in {each.name for each in (await services.kernels.list()).items}
        assert list(home.envs.iterdir()) == []


async def test_kernels_that_are_kept_are_stale_and_say_so(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    request = CreateEnvironment(
        name="analysis", specs=["python"], kernel=KernelRequest("Analysis", name="mine")
    )
    async with services_of(home) as services:
        await succeeded(services, services.environment_work.create(request))
        environment = await environment_named(services, "analysis")
        await succeeded(services, services.environment_work.remove(environment.id, kernels=False))

        listed = {each.name: each for each in (await services.kernels.list()).items}
        assert listed["mine"].state == "stale"
        assert (
            listed["mine"].problem == f"The environment {environment.prefix} is not there any more."
        )
        await services.kernels.remove("mine")
        assert "mine" not in {each.name for each in (await services.kernels.list()).items}


async def test_a_worker_that_is_killed_as_the_kernel_appears_leaves_both_or_none(
    home: Home, channel: ChannelServer
) -> None:
    home.configure(channel.url)
    kernelspec = home.path / "jupyter/kernels/analysis/kernel.json"
    request = CreateEnvironment(name="analysis", specs=["python"], kernel=KernelRequest("Analysis"))
    async with services_of(home) as services:
        operation = await services.environment_work.create(request)
        while not kernelspec.exists():
            await asyncio.sleep(0)
            assert (await services.operations.list(active=True)).items, "it has ended too early"
        worker = home.folder_of(operation).worker_pid()
        if worker is not None:
            os.kill(worker, signal.SIGKILL)
        ended = await services.operations.wait(operation.id, timeout_seconds=60)

    made = (home.envs / "analysis").exists()
    assert made == kernelspec.exists() == (ended.state == "succeeded")
    assert home.left_over() == []
