"""The steps of a cleanup that concern the trash: moving a file there, and emptying it.

They must not know how they are put together to a plan.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ..errors import CleanupFailed
from ..models import CleanupStep
from .amounts import counted
from .cleanup_step import NotAsPlanned, Run
from .empty_trash import Doomed, Emptied, Stopped, empty
from .identity import Contents, Identity, contents_of, identity_at
from .paths import name_of
from .threads import Stop, on_thread
from .trash import INFO_SUFFIX, NotMoved, SomethingElse, Trash, move_to_trash, trashed_in

EMPTY_SECONDS = 3600.0
MOVE_SECONDS = 60.0


@dataclass
class MoveStep:
    """Moves one file or folder to the trash of its own file system."""

    wire: CleanupStep
    disk: bytes
    path: bytes
    identity: Identity
    contents: Contents
    trash: Trash
    now: Callable[[], datetime]

    async def carry_out(self, run: Run) -> str:
        """That it was moved. Raises NotAsPlanned or CleanupFailed."""
        try:
            trashed = await on_thread(
                lambda _: move_to_trash(
                    self.path, self.identity, self.trash, self.now(), os.geteuid()
                ),
                timeout_seconds=MOVE_SECONDS,
            )
        except SomethingElse as error:
            raise NotAsPlanned(str(error)) from error
        except NotMoved as error:
            raise CleanupFailed(
                f"{name_of(self.path)} was not moved. {error}",
                hint="It is where it was, and as it was.",
            ) from error
        except asyncio.TimeoutError:
            raise CleanupFailed(f"The disk of {name_of(self.path)} does not answer.") from None
        run.moved.setdefault(self.trash.path, []).append(Doomed(trashed, self.contents.newest_ns))
        return f"Moved {name_of(self.path)} to the trash."


@dataclass
class EmptyStep:
    """Removes what was in a trash when the plan was made, and what its other steps moved there."""

    wire: CleanupStep
    disk: bytes
    trash: Trash
    files: Identity | None
    """The folder that the trash keeps its files in; None where there is none yet."""
    doomed: list[Doomed]

    async def carry_out(self, run: Run) -> str:
        """How much went. Raises NotAsPlanned or CleanupFailed."""
        emptied = Emptied()
        doomed = [*self.doomed, *run.moved.get(self.trash.path, [])]
        if not doomed:
            return "There was nothing in the trash."

        def work(stop: Stop) -> None:
            files = self.files or identity_at(self.trash.files)
            if files is None:
                raise FileNotFoundError("The trash is gone.")
            empty(self.trash, files, doomed, stop.is_set, emptied)

        try:
            await on_thread(work, timeout_seconds=EMPTY_SECONDS)
        except (Stopped, asyncio.TimeoutError):
            raise CleanupFailed("Emptying the trash took too long; part of it is gone.") from None
        except OSError as error:
            raise NotAsPlanned("The trash is not the folder of the plan any more.") from error
        if emptied.error_count:
            raise CleanupFailed(
                f"{emptied.removed} of {counted(len(doomed), 'thing')} in the trash were removed. "
                f"{emptied.error_count} could not be: {'; '.join(emptied.errors)}."
            )
        kept = f"; kept {emptied.kept} that had changed" if emptied.kept else ""
        of = counted(len(doomed), "thing")
        return f"Removed {emptied.removed} of {of} in the trash{kept}."


def move_step(
    path: bytes, identity: Identity, trash: Trash, contents: Contents, now: Callable[[], datetime]
) -> MoveStep:
    """The step that moves ``path``, in which ``contents`` are."""
    files = f" with {counted(contents.files, 'file')}" if identity.is_folder else ""
    return MoveStep(
        wire=CleanupStep(
            id="",
            kind="move_to_trash",
            title=f"Move {name_of(path)}{files} to the trash",
            why_safe=(
                "It can be restored from the trash. That is on the same disk: nothing is freed "
                "until the trash is emptied."
            ),
            command=["move to trash", name_of(path)],
            bytes=contents.bytes if contents.complete else None,
        ),
        disk=trash.top or os.path.dirname(path),
        path=path,
        identity=identity,
        contents=contents,
        trash=trash,
        now=now,
    )


def empty_step(trash: Trash, stop: Stop, *, after_moves: bool = False) -> EmptyStep | None:
    """The step that empties a trash; None where nothing is in it. Blocking.

    What steps of the same plan move there before goes too, and is counted there. Raises OSError.
    """
    files = identity_at(trash.files)
    found = trashed_in(trash) if files is not None else []
    if not found and not after_moves:
        return None
    doomed: list[Doomed] = []
    measured: list[Contents] = []
    for each in found:
        contents = contents_of(os.path.join(trash.files, each.name), stop.is_set)
        note = contents_of(os.path.join(trash.info, each.name + INFO_SUFFIX), stop.is_set)
        measured += [contents, Contents(note.bytes)]
        doomed.append(Doomed(each, contents.newest_ns))
    complete = all(contents.complete for contents in measured)
    what = [f"{counted(len(doomed), 'thing')} that you deleted before"] if doomed else []
    what += ["what this plan moves there"] if after_moves else []
    return EmptyStep(
        wire=CleanupStep(
            id="",
            kind="empty_trash",
            title=(
                f"Empty the trash of {name_of(trash.top)}"
                if trash.top is not None
                else "Empty the trash"
            ),
            why_safe=(
                f"Removes {' and '.join(what)}, for good. What comes into the trash after this "
                "plan stays."
            ),
            command=["empty trash", name_of(trash.path)],
            bytes=sum(contents.bytes for contents in measured) if complete else None,
        ),
        disk=trash.path if files is not None else trash.top or os.path.dirname(trash.path),
        trash=trash,
        files=files,
        doomed=doomed,
    )
