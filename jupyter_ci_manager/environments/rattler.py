"""The embedded engine: py-rattler in a child process, which may crash or be killed.

It knows the lines that the child tells, see ``rattler_child.py``, and no operations.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct, field

from ..child_process import run_to_its_end
from ..errors import (
    ChannelUnreachable,
    CiManagerError,
    EngineFailed,
    EnvironmentBroken,
    InvalidSpec,
    NoSolution,
    NotEnoughRoom,
    PackagesNotFound,
)
from ..models import EngineName, EnvironmentPhase, PlannedPackage
from .engine import Report, Solution, Wanted
from .locks import Busy, FileLock, is_held
from .rattler_access import Credential, access, without_access
from .rattler_child import BEFORE, CHANGED
from .rattler_process import RattlerProcess, started_process
from .room import KEEP_FREE_BYTES
from .unfinished import remove_folder
from .work_folder import Network

LONGEST_SECONDS = 6 * 3600.0
INTERRUPT_SECONDS = 2.0
"""The child dies at once; nothing of it needs to clean up."""

_ERRORS: dict[str, type[CiManagerError]] = {
    error.code: error
    for error in (
        ChannelUnreachable,
        EnvironmentBroken,
        InvalidSpec,
        NoSolution,
        NotEnoughRoom,
        PackagesNotFound,
    )
}

_Task = Literal["plan_new", "plan_change", "create", "change", "restore"]


class _Failed(Struct, frozen=True):
    code: str
    message: str
    details: dict[str, str]


class _Line(Struct, frozen=True):
    """One line of the child: one of these."""

    phase: EnvironmentPhase | None = None
    message: str = ""
    item: str | None = None
    done: int | bool | None = None
    total: int | None = None
    log: str | None = None
    solution: list[PlannedPackage] | None = None
    warnings: list[str] = field(default_factory=list)
    failed: _Failed | None = None


class RattlerEngine:
    """Makes environments without any Conda on the machine.

    ``folder`` is for what it needs meanwhile, ``cache`` for packages and indexes. ``ahead`` are
    processes that have been started for it already. The locks ``held`` are free only when the
    process at work has ended, too, even where we are killed.
    """

    name: EngineName = "rattler"
    checks_room = True

    def __init__(
        self,
        folder: Path,
        cache: Path,
        *,
        network: Network,
        environ: Mapping[str, str],
        held: Sequence[int] = (),
        ahead: list[RattlerProcess] | None = None,
    ) -> None:
        self._folder = folder
        self._cache = cache
        self._network = network
        self._environ = environ
        self._held = held
        self._ahead = [] if ahead is None else ahead

    async def plan(self, wanted: Wanted, report: Report, *, new: bool) -> Solution:
        """Work out what ``create`` or ``change`` would do."""
        return await self._run("plan_new" if new else "plan_change", wanted, report)

    async def create(self, wanted: Wanted, report: Report) -> None:
        """Make the environment at a prefix that is empty."""
        await self._run("create", wanted, report)

    async def change(self, wanted: Wanted, report: Report) -> None:
        """Change it. How it was is kept in the folder, for ``restore``."""
        await self._run("change", wanted, report)

    @property
    def can_restore(self) -> bool:
        """Whether a change got so far that anything is to be put back."""
        return (self._folder / CHANGED).exists()

    async def restore(self, wanted: Wanted, report: Report) -> None:
        """Put back what was there before a change that was broken off."""
        await self._run("restore", wanted, report)

    async def remove(self, prefix: Path, report: Report) -> None:
        """Remove the environment."""
        await asyncio.to_thread(remove_folder, prefix)

    def forget_before(self) -> None:
        """Forget how an environment was: the change is done."""
        (self._folder / CHANGED).unlink(missing_ok=True)
        shutil.rmtree(self._folder / BEFORE, ignore_errors=True)

    async def sweep_cache(self) -> None:
        """Remove packages that were unpacked in part, unless another worker may be at it."""
        await asyncio.to_thread(sweep_cache, self._cache)

    # --- the child ------------------------------------------------------------------------------

    async def _run(self, task: _Task, wanted: Wanted, report: Report) -> Solution:
        packages = self._cache / "pkgs"
        packages.mkdir(parents=True, exist_ok=True)
        document, access_file = (self._folder / name for name in ("rattler.json", "access.json"))
        elsewhere = [each for mirrors in wanted.mirrors.values() for each in mirrors]
        known = access([*wanted.channels, *elsewhere, *wanted.explicit])
        environ = dict(self._network.environ)
        if known:
            environ["RATTLER_AUTH_FILE"] = str(access_file)
            _write_private(access_file, msgspec.json.encode(self._own_access() | known))
        wanted = msgspec.structs.replace(
            wanted,
            channels=[without_access(each, known) for each in wanted.channels],
            mirrors={
                without_access(first, known): [without_access(each, known) for each in others]
                for first, others in wanted.mirrors.items()
            },
            explicit=[without_access(each, known) for each in wanted.explicit],
        )
        _write_private(document, self._request(task, wanted, environ))
        listener = _Listener(report)
        process = self._ahead.pop() if self._ahead else started_process(self._environ)
        try:
            await process.ask(document, self._held)
            outcome = await run_to_its_end(
                process,
                stdout=process.stdout,
                timeout_seconds=LONGEST_SECONDS,
                interrupt_seconds=INTERRUPT_SECONDS,
                on_stdout=listener.feed,
                on_stderr=listener.complaint,
            )
        except asyncio.TimeoutError:
            raise EngineFailed("The embedded engine has not come to an end in six hours.") from None
        finally:
            process.close()
            document.unlink(missing_ok=True)
            access_file.unlink(missing_ok=True)
        if listener.failed is not None:
            raise self._error(listener.failed)
        if not listener.is_done:
            how = f"was ended by signal {-outcome.returncode}" if outcome.returncode < 0 else "died"
            raise EngineFailed(f"The process of the embedded engine {how}. {outcome.last_words}")
        return listener.solution or Solution([])

    def _error(self, failed: _Failed) -> CiManagerError:
        kind = _ERRORS.get(failed.code, EngineFailed)
        hint: str | None = None
        if kind is ChannelUnreachable and self._network.client_certificate:
            # A failure needs what all others need not import.
            from .channels import NO_CLIENT_CERTIFICATE

            hint = NO_CLIENT_CERTIFICATE
        return kind(failed.message, hint=hint, details=failed.details or None)

    def _own_access(self) -> dict[str, Credential]:
        """What the user has told rattler to use, which ours must not hide."""
        with contextlib.suppress(OSError, msgspec.MsgspecError):
            content = Path(self._environ.get("RATTLER_AUTH_FILE", "")).read_bytes()
            return msgspec.json.decode(content, type=dict[str, Credential])
        return {}

    def _request(self, task: _Task, wanted: Wanted, environ: Mapping[str, str]) -> bytes:
        return msgspec.json.encode(
            {
                "task": task,
                "wanted": wanted,
                "cache": str(self._cache),
                "folder": str(self._folder),
                "environ": environ,
                "ssl_verify": self._network.ssl_verify,
                "offline": self._network.offline,
                "keep_free_bytes": KEEP_FREE_BYTES,
            }
        )


class _Listener:
    """Takes the child's lines apart."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._rest = b""
        self._lines = msgspec.json.Decoder(_Line)
        self.solution: Solution | None = None
        self.failed: _Failed | None = None
        self.is_done = False

    async def feed(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for text in lines:
            try:
                self._take(self._lines.decode(text))
            except msgspec.MsgspecError:
                self._report.log(text + b"\n")

    async def complaint(self, data: bytes) -> None:
        self._report.log(data)

    def _take(self, line: _Line) -> None:
        if line.phase is not None:
            self._report.phase(line.phase, line.message)
        elif line.log is not None:
            self._report.log(line.log.encode())
        elif line.solution is not None:
            # The child works meanwhile: a person does not wait for it.
            from .channels import told_channel

            packages = [
                msgspec.structs.replace(each, channel=told_channel(each.channel or "") or None)
                for each in line.solution
            ]
            self.solution = Solution(packages, line.warnings)
            self._report.log(_listed(packages).encode())
        elif line.failed is not None:
            self.failed = line.failed
        elif line.done is True:
            self.is_done = True
        elif line.item is not None and line.done is not None:
            self._report.progress(line.item, int(line.done), line.total)


def _listed(packages: list[PlannedPackage]) -> str:
    signs = {"install": "+", "update": "↑", "downgrade": "↓", "remove": "-"}
    return "".join(
        f"  {signs[each.action]} {each.name} {each.version} {each.build or ''}\n"
        for each in packages
    )


def _write_private(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
        file.write(content)


def default_cache(environ: Mapping[str, str], home: Path) -> Path:
    """Where the embedded engine keeps packages: its own, so that what is swept there is ours."""
    caches = environ.get("XDG_CACHE_HOME") or str(home / ".cache")
    return Path(caches) / "jupyter-ci-manager" / "conda"


def cache_user(cache: Path, operation_id: str) -> FileLock:
    """Held by each worker that may unpack packages."""
    folder = cache / "users"
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f"{operation_id}.lock")


def cache_cleaner(cache: Path) -> FileLock:
    """Held by who removes anything there. A new user waits for it, and holds its own lock first."""
    return FileLock(cache / ".sweep.lock")


@contextmanager
def alone_with_cache(cache: Path) -> Iterator[None]:
    """Nobody uses the cache, and nobody begins to. Raises BlockingIOError where somebody does."""
    alone = cache_cleaner(cache)
    try:
        alone.acquire()
    except Busy:
        raise BlockingIOError("The cache is being swept.") from None
    try:
        users = list((cache / "users").glob("*.lock"))
        if any(is_held(user) for user in users):
            raise BlockingIOError("The cache is in use.")
        for user in users:
            user.unlink(missing_ok=True)
        yield
    finally:
        alone.release()


def sweep_cache(cache: Path) -> None:
    """Remove ``.NAME-XXXX`` folders, which rattler unpacks into. Whoever sweeps is alone."""
    with contextlib.suppress(OSError), alone_with_cache(cache):
        for partial in (cache / "pkgs").glob(".*-*"):
            if partial.is_dir():
                shutil.rmtree(partial, ignore_errors=True)
