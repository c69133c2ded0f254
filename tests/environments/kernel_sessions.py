"""Sessions with real kernels, as a notebook has them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

SHOW = "import json, os, sys; print(json.dumps([sys.prefix, os.getpid(), dict(os.environ)]))"
"""What a kernel has: its prefix, its process, its variables."""


@asynccontextmanager
async def started(
    name: str, specs: KernelSpecManager
) -> AsyncIterator[tuple[AsyncKernelManager, AsyncKernelClient]]:
    manager = AsyncKernelManager(kernel_name=name, kernel_spec_manager=specs)
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=60)
        yield manager, client
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


async def printed(client: AsyncKernelClient, code: str) -> str:
    shown: list[str] = []

    def collect(message: dict[str, Any]) -> None:
        if message["msg_type"] == "stream":
            shown.append(message["content"]["text"])

    await client.execute_interactive(code, timeout=60, output_hook=collect)
    return "".join(shown).strip()
