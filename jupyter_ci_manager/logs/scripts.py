"""Setup scripts in the notebook share: read as text, and saved without overwriting by accident.

It knows neither instances nor how the share is reached.
"""

from __future__ import annotations

from ..errors import InvalidLogName, LogNotFound, ScriptNotFound
from ..models import SaveScript, ScriptFile, ShareFolder, Workspace
from ..share_paths import script_path
from .sources import NotebookShare

MAX_SCRIPT_BYTES = 512 * 1024
"""Anything larger is no script that somebody wants to look at."""


async def read_script(share: NotebookShare, workspace: Workspace, path: str) -> ScriptFile:
    """A script as text; what is no UTF-8 shows where it is none.

    Raises InvalidLogName or ScriptNotFound, and what the share raises.
    """
    script_path(path)
    stream = share.stream(workspace, path)
    try:
        state = await stream.state()
        if state.size > MAX_SCRIPT_BYTES:
            raise InvalidLogName(
                f"{path} has {state.size:,} bytes: more than {MAX_SCRIPT_BYTES:,} are not read as "
                "a script.",
                hint="Choose another file, or open this one in the file browser.",
            )
        data = await stream.read(0, state.size)
    except LogNotFound as error:
        raise ScriptNotFound(
            f"{path} is not in the notebook share.", details={"path": path}
        ) from error
    return ScriptFile(path, data.decode(errors="replace"), len(data), state.modified_at)


async def list_folder(share: NotebookShare, workspace: Workspace, path: str) -> ShareFolder:
    """What is in a folder, folders first; "" is the share's root.

    Raises InvalidLogName or ScriptNotFound, and what the share raises.
    """
    if path:
        script_path(path)
    found = await share.folder(workspace, path)
    if found is None:
        raise ScriptNotFound(
            f"{path or 'The notebook share'} is no folder of the notebook share.",
            hint="It may have been removed meanwhile. Begin at the top again.",
            details={"path": path},
        )
    items = sorted(found.items, key=lambda item: (item.kind != "folder", item.name.casefold()))
    return ShareFolder(path, items, truncated=found.truncated)


async def save_script(
    share: NotebookShare, workspace: Workspace, path: str, request: SaveScript
) -> ScriptFile:
    """Write a script as the share's own file. Raises ScriptExists and as ``read_script`` does."""
    script_path(path)
    # `\r` at the end of a line is part of the command to a shell; nobody types it.
    data = request.text.replace("\r\n", "\n").encode(errors="replace")
    await share.write(workspace, path, data, overwrite=request.overwrite)
    state = await share.stream(workspace, path).state()
    return ScriptFile(path, data.decode(), state.size, state.modified_at)
