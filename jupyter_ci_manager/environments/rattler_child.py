"""The process in which the embedded engine works: ``python -m …environments.rattler_child``.

It waits until stdin, a socket, names a file with a JSON request, and tells in lines of JSON on
stdout how far it is, what it has worked out, and how it ended. It knows py-rattler and nothing of
operations, and imports nothing that it does not need: starting it is a part of the time that a
person waits. When it is cancelled or its parent dies it is killed; what is half made is removed by
others.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
import threading
import traceback
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .masking import without_secrets
from .rattler_progress import Told
from .rattler_records import (
    clone_records,
    explicit_records,
    forget_access,
    has_link_script,
    installed_records,
    is_same,
    planned,
    requested_names,
    still_requested,
)
from .rattler_solve import Refused, Solver
from .room import Need, Planned, shortage

if TYPE_CHECKING:
    from rattler import RepoDataRecord
    from rattler.networking import Client
    from rattler.prefix import PrefixRecord

MOST_LOCKS = 8

BEFORE = "before"
"""Folder with the records of an environment as it was before it is changed."""
CHANGED = "changed.json"
"""Names of the packages that a change touches."""


class Task:
    """What is asked for, and what it is done with."""

    def __init__(self, request: dict[str, Any], told: Told) -> None:
        self.told = told
        self.wanted: dict[str, Any] = request["wanted"]
        self.prefix = Path(self.wanted["prefix"])
        self.cache = Path(request["cache"])
        self.folder = Path(request["folder"])
        self._ssl_verify = bool(request["ssl_verify"])
        self.solver = Solver(
            self.wanted["channels"],
            client=client_of(self._ssl_verify),
            cache=self.cache / "repodata",
            offline=request["offline"],
            priority=self.wanted["channel_priority"],
            pinned=self.wanted["pinned"],
            mirrors=self.wanted["mirrors"],
        )
        self._keep_free = int(request["keep_free_bytes"])

    # --- what can be asked ----------------------------------------------------------------------

    async def plan_new(self) -> None:
        """Work out a new environment."""
        records, _ = await self._new()
        self._tell_solution([], records)

    async def plan_change(self) -> None:
        """Work out a change."""
        installed = installed_records(self.prefix)
        self._tell_solution(installed, await self._changed(installed))

    async def create(self) -> None:
        """Make a new environment at a prefix that is there and has nothing in it."""
        records, specs = await self._new()
        self._check_room(*self._tell_solution([], records))
        await self._install(records, [], specs)

    async def change(self) -> None:
        """Change an environment. How it was is kept until its records say that it is done."""
        installed = installed_records(self.prefix)
        records = await self._changed(installed)
        self._check_room(*self._tell_solution(installed, records))
        self._keep_before(installed, records)
        specs = [*self.wanted["specs"], *self.wanted["update"]]
        await self._install(records, installed, [*specs, *still_requested(installed, specs)])

    async def restore(self) -> None:
        """Make an environment again what it was before a change that was broken off."""
        self.told.phase("link", "Putting back what was there before")
        before = installed_records(self.prefix, self.folder / BEFORE)
        changed = set(json.loads((self.folder / CHANGED).read_text()))
        names = {record.name.normalized for record in before}
        current = installed_records(self.prefix, drop_unreadable=True)
        present = {record.name.normalized for record in current}
        # Whatever was touched may be there in part, also where its record says that it is whole.
        specs = still_requested(before, [])
        await self._install(before, current, specs, reinstall=changed & names & present)

    # --- steps ----------------------------------------------------------------------------------

    async def _new(self) -> tuple[list[RepoDataRecord], list[str]]:
        if self.wanted["explicit"]:
            self.told.phase("solve", "Looking up the packages of the list")
            found = await explicit_records(self.wanted["explicit"], self.solver, self.folder)
            return found, []
        if self.wanted["clone_from"]:
            self.told.phase("solve", "Reading the environment that is copied")
            return clone_records(Path(self.wanted["clone_from"]))
        specs = self.wanted["specs"]
        self.told.phase("solve", "Working out which packages fit together")
        return await self.solver.solve(specs), specs

    async def _changed(self, installed: list[PrefixRecord]) -> list[RepoDataRecord]:
        self.told.phase("solve", "Working out which packages fit together")
        wanted = self.wanted
        return await self.solver.solve_change(
            installed,
            install=wanted["specs"],
            update=wanted["update"],
            update_all=wanted["update_all"],
            remove=wanted["remove"],
        )

    def _tell_solution(
        self, installed: Sequence[PrefixRecord], records: Sequence[RepoDataRecord]
    ) -> tuple[list[Planned], Need]:
        packages = planned(installed, records, self.cache / "pkgs")
        need = Need.of(packages, cache=self.cache, prefix=self.prefix)
        for warning in self.solver.warnings:
            self.told.log(f"{warning}\n")
        self.told.solution(packages, need, self.solver.warnings)
        return packages, need

    def _check_room(self, packages: Sequence[Planned], need: Need) -> None:
        reason = shortage(need, keep_free_bytes=self._keep_free)
        if reason is not None:
            raise Refused("NotEnoughRoom", reason)
        self.told.expect_download(packages)

    def _keep_before(
        self, installed: Sequence[PrefixRecord], records: Sequence[RepoDataRecord]
    ) -> None:
        before = self.folder / BEFORE
        shutil.rmtree(before, ignore_errors=True)
        before.mkdir()
        for file in (self.prefix / "conda-meta").glob("*.json"):
            shutil.copyfile(file, before / file.name)
        old = {record.name.normalized: record for record in installed}
        new = {record.name.normalized: record for record in records}
        changed = [
            name
            for name in old.keys() | new.keys()
            if name not in old or name not in new or not is_same(old[name], new[name])
        ]
        # Written last: where it is there, so are the records.
        (self.folder / CHANGED).write_text(json.dumps(sorted(changed)))

    async def _install(
        self,
        records: Sequence[RepoDataRecord],
        installed: Sequence[PrefixRecord],
        specs: Sequence[str],
        reinstall: set[str] | None = None,
    ) -> None:
        from rattler import install

        self.told.phase("download", "Downloading")
        arguments: dict[str, Any] = {
            "records": list(records),
            "target_prefix": self.prefix,
            "cache_dir": self.cache / "pkgs",
            "installed_packages": list(installed),
            "reinstall_packages": reinstall or set(),
            "client": client_of(self._ssl_verify, self.solver.mirrors_of_packages()),
            # Scripts of packages are arbitrary code.
            "execute_link_scripts": False,
            "reporter": self.told,
        }
        await install(**arguments, requested_specs=requested_names(specs))
        addresses = [*self.wanted["channels"], *self.wanted["explicit"]]
        if any(without_secrets(each) != each for each in addresses):
            forget_access(self.prefix)
        present = {record.name.normalized: record for record in installed}
        for record in records:
            known = present.get(record.name.normalized)
            is_new = known is None or not is_same(known, record)
            if is_new and has_link_script(self.cache / "pkgs", record):
                self.told.log(
                    f"{record.name.normalized} brings a script to run when it is linked: it is "
                    "not run.\n"
                )


def client_of(ssl_verify: bool, mirrors: Mapping[str, Sequence[str]] | None = None) -> Client:
    """What asks the channels, and goes on with the next of their ``mirrors`` where one fails.

    Raises Refused where this py-rattler cannot do without certificates.
    """
    from rattler.networking import Client

    if ssl_verify and not mirrors:
        return Client.default_client()
    try:
        from rattler.config import Config
    except ImportError:
        if ssl_verify:
            return Client.default_client()
        raise Refused(
            "EngineFailed",
            "ssl_verify is switched off in .condarc, and this py-rattler cannot do without it.",
        ) from None
    # What is written as JSON reads the same as TOML.
    lines = [f"tls-no-verify = {json.dumps(not ssl_verify)}", "[mirrors]"]
    for channel, places in (mirrors or {}).items():
        lines.append(f"{_quoted(channel)} = [{', '.join(map(_quoted, places))}]")
    return Client.from_config(Config.from_toml("\n".join(lines)))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


async def _do(request: dict[str, Any], told: Told) -> None:
    tasks = {
        "plan_new": Task.plan_new,
        "plan_change": Task.plan_change,
        "create": Task.create,
        "change": Task.change,
        "restore": Task.restore,
    }
    await tasks[request["task"]](Task(request, told))


def main() -> None:
    """Do what is asked for; nothing, where nobody asks."""
    # At once, and not when the loop comes to it: cancelling a task does not stop rattler.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    told = Told(sys.stdout)
    try:
        # Whoever asks may still be busy with other things.
        import rattler  # noqa: F401

        file = _asked()
        if file is None:
            return
        request = json.loads(file.read_bytes())
        # Before rattler has a client: it reads them once.
        os.environ.update(request["environ"])
        warnings.showwarning = lambda message, *_, **__: told.log(f"{message}\n")
        asyncio.run(_do(request, told))
    except Refused as refused:
        told.failed(refused.code, refused.message, refused.details)
    except BaseException as error:  # noqa: BLE001
        # A panic of Rust's is no Exception.
        told.log(traceback.format_exc())
        told.failed(*_described(error))
    else:
        told.done()


def _asked() -> Path | None:
    """Where the request lies; None when nobody asks any more.

    Locks come along with it. They are ours, too, from then on: as long as this process is there,
    nobody else takes what its parent has locked.
    """
    parent = socket.socket(fileno=0)
    file, _, _, _ = socket.recv_fds(parent, 4096, MOST_LOCKS)
    if not file:
        return None
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    return Path(os.fsdecode(file))


def _end_with(parent: socket.socket) -> None:
    """End at once when the parent is gone: nobody would know what this still does."""
    parent.recv(1)
    os._exit(1)


def _described(error: BaseException) -> tuple[str, str, dict[str, str]]:
    text = str(error).strip() or type(error).__name__
    if "os error 28" in text or "os error 122" in text:
        return "NotEnoughRoom", f"The disk ran full while the packages were unpacked: {text}", {}
    if type(error).__name__ == "GatewayError" or "error sending request" in text:
        return "ChannelUnreachable", text, {}
    return "EngineFailed", text, {}


if __name__ == "__main__":
    main()
    # All is told: at the end of the interpreter its threads crash now and then.
    os._exit(0)
