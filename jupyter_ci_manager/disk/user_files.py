"""Files and folders that somebody wants in the trash: which of them may go, and to which trash.

It looks at the machine and moves nothing. Blocking.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from jupyter_core.paths import jupyter_config_dir, jupyter_data_dir, jupyter_runtime_dir
from msgspec.structs import replace

from ..errors import InvalidPath, ProtectedPath
from ..mounts import Mount, MountTable
from .identity import Identity, contents_of
from .paths import name_of, path_of
from .protected import Protected, protected_on
from .surroundings import Surroundings
from .threads import Stop
from .trash import Trash, home_trash, new_trash_at, trashes_at
from .trash_steps import MoveStep, move_step

_KINDS = frozenset({stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK})
_NO_FILES = frozenset(
    {"autofs", "cgroup", "cgroup2", "devpts", "mqueue", "nsfs", "proc", "securityfs", "sysfs"}
)
"""File systems that hold no files of people, and so no trash."""


def trashes_of(surroundings: Surroundings) -> list[Trash]:
    """Every trash that there may be for this user. Blocking."""
    user = os.geteuid()
    table = MountTable.read(surroundings.mountinfo)
    found = [home_trash(surroundings.environ, surroundings.home)]
    for point in sorted({"/", *table.below("/")}):
        mount = table.at(point)
        if mount is not None and mount.family not in _NO_FILES and not mount.read_only:
            found += trashes_at(os.fsencode(point), user)
    return found


def planned_moves(
    uris: Iterable[str], surroundings: Surroundings, now: Callable[[], datetime], stop: Stop
) -> list[MoveStep]:
    """A step for each, without what lies in another one of them.

    Raises InvalidPath for what is not there, and ProtectedPath for what must stay.
    """
    table = MountTable.read(surroundings.mountinfo)
    protected = protection(surroundings, table)
    outermost: list[bytes] = []
    # By their parts: “a.txt” sorts before “a/b”, which belongs to “a”.
    for path in sorted({_resolved(path_of(uri)) for uri in uris}, key=lambda it: it.split(b"/")):
        if not outermost or not path.startswith(outermost[-1] + b"/"):
            outermost.append(path)
    return [_planned(path, surroundings, table, protected, now, stop) for path in outermost]


def protection(surroundings: Surroundings, table: MountTable) -> Protected:
    """The deny-list of this machine, with every path as it is written and as it resolves."""
    pythons = {sys.prefix, sys.base_prefix, sys.exec_prefix}
    conda = Path(surroundings.environ.get("CONDA_EXE", "")).parent.parent
    if conda.is_absolute() and (conda / "conda-meta").is_dir():
        pythons.add(str(conda))
    own = {jupyter_config_dir(), jupyter_data_dir(), jupyter_runtime_dir()}
    listed = protected_on(
        home=surroundings.home,
        served=os.fsencode(surroundings.served),
        python=frozenset(os.fsencode(prefix) for prefix in pythons),
        jupyter=frozenset(os.fsencode(folder) for folder in own),
        data=os.fsencode(surroundings.data),
        trashes=frozenset(trash.path for trash in trashes_of(surroundings)),
        mount_points=frozenset(os.fsencode(point) for point in table.below("/")),
    )
    return Protected(
        {**listed.trees, **{os.path.realpath(path): why for path, why in listed.trees.items()}},
        {**listed.folders, **{os.path.realpath(path): why for path, why in listed.folders.items()}},
    )


def _resolved(path: bytes) -> bytes:
    """The path with its folder free of links: the last part may be one, and is moved as one."""
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder), name) if name else path


def _planned(
    path: bytes,
    surroundings: Surroundings,
    table: MountTable,
    protected: Protected,
    now: Callable[[], datetime],
    stop: Stop,
) -> MoveStep:
    try:
        status = os.lstat(path)
        reason = protected.reason(path) or _own_reason(path, status)
    except OSError as error:
        raise InvalidPath(f"{name_of(path)}: {os.strerror(error.errno or 0)}.") from error
    if reason is not None:
        raise ProtectedPath(f"{name_of(path)} must stay: {reason}")
    if os.path.lexists(os.path.join(path, b"conda-meta")):
        raise ProtectedPath(
            f"{name_of(path)} must stay: it is a Conda environment.",
            hint=f"Remove it with Conda: conda env remove --prefix {name_of(path)}",
        )
    trash, unavailable = _trash_for(path, surroundings, table)
    step = move_step(path, Identity.of(status), trash, contents_of(path, stop.is_set), now)
    if unavailable is not None:
        step.wire = replace(step.wire, available=False, reason=unavailable)
    return step


def _own_reason(path: bytes, status: os.stat_result) -> str | None:
    """Why the thing itself must stay, or cannot go."""
    folder = os.path.dirname(path)
    if stat.S_IFMT(status.st_mode) not in _KINDS:
        return "it is neither a file nor a folder nor a link."
    if status.st_uid != os.geteuid():
        return "it belongs to another user."
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        return "its file system is read-only."
    if not os.access(folder, os.W_OK | os.X_OK):
        return "its folder may not be changed by you."
    return None


def _trash_for(
    path: bytes, surroundings: Surroundings, table: MountTable
) -> tuple[Trash, str | None]:
    """The trash on the file system of ``path``, and why there can be none.

    Never another one's: moving there would be copying, onto a disk that may be the full one.
    """
    home = home_trash(surroundings.environ, surroundings.home)
    mount = _mount_of(os.path.dirname(path), table)
    if mount is None or mount == _mount_of(home.path, table):
        return home, None
    top, user = os.fsencode(mount.point), os.geteuid()
    trash = next(trashes_at(top, user), None)
    if trash is not None:
        return trash, None
    if os.access(top, os.W_OK | os.X_OK):
        return new_trash_at(top, user), None
    return new_trash_at(top, user), (
        f"There is no trash on the disk that is mounted at {name_of(top)}, and you may not make "
        "one there. Delete it in a terminal."
    )


def _mount_of(path: bytes, table: MountTable) -> Mount | None:
    return table.holding(os.fsdecode(path))
