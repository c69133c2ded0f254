"""Something that is done again and again in the background, whatever goes wrong with it once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable


async def repeat(
    every_seconds: float, action: Callable[[], Awaitable[None]], log: logging.Logger, trouble: str
) -> None:
    """Do it until the task is cancelled; ``trouble`` is what the log says when it fails."""
    last = ""
    while True:
        await asyncio.sleep(every_seconds)
        try:
            await action()
        except Exception as error:
            # The next round may work; ending here, nobody would know why it is not done any more.
            if repr(error) != last:
                # Once: a log that says it every two seconds fills the disk.
                log.exception("%s", trouble)
            last = repr(error)
        else:
            last = ""
