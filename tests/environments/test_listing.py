"""Which environments are found, in which state, and what is in them."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from jupyter_ci_manager.environments.listing import EnvironmentListing
from jupyter_ci_manager.environments.prefixes import Glance, Place, look_at
from jupyter_ci_manager.environments.sizes import SizeBook
from jupyter_ci_manager.environments.unfinished import mark, unmark
from jupyter_ci_manager.errors import EnvironmentBroken, EnvironmentNotFound
from jupyter_ci_manager.journal import utc_now
from jupyter_ci_manager.models import Environment, Operation, OperationState

from .prefixes import Engines, make_pip_package, make_prefix, python_prefix, record


class Machine:
    """A home with a folder of environments, and what lists them."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.home.mkdir()
        self.envs = folder / "envs"
        self.root: Path | None = None
        self.more_folders: list[Path] = []
        self.kernels: dict[str, list[str]] = {}
        self.own_prefixes: tuple[str, ...] = ()
        self.look: Callable[[Place, Mapping[str, Glance]], Sequence[Glance]] = look_at
        self.sizes = SizeBook(folder / "data" / "sizes.json", log=logging.getLogger(__name__))

    def listing(self, environ: Mapping[str, str] | None = None) -> EnvironmentListing:
        return EnvironmentListing(
            Engines([self.envs, *self.more_folders], self.root),
            self.sizes,
            environ=environ or {},
            home=self.home,
            kernels=lambda: self.kernels,
            own_prefixes=self.own_prefixes,
            look=self.look,
            look_seconds=0.3,
        )

    async def all(self) -> list[Environment]:
        return (await self.listing().list()).items

    def register(self, *prefixes: Path | str) -> None:
        (self.home / ".conda").mkdir(exist_ok=True)
        text = "".join(f"{prefix}\n" for prefix in prefixes)
        (self.home / ".conda" / "environments.txt").write_text(text, encoding="utf-8")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def names(items: Sequence[Environment]) -> list[str | None]:
    return [item.name for item in items]


async def test_a_machine_without_environments_has_none(machine: Machine) -> None:
    listed = await machine.listing().list()

    assert (listed.items, listed.problems) == ([], [])


async def test_environments_come_with_what_can_be_told_at_a_glance(machine: Machine) -> None:
    python = python_prefix(machine.envs / "py", "3.12.1")
    make_prefix(machine.envs / "stats", [record("r-base", "4.4.2"), record("r-base64enc", "0.1")])
    machine.kernels = {str(python): ["py-b", "py-a"]}

    py, stats = await machine.all()

    assert (py.name, py.prefix, py.state, py.python, py.r) == (
        "py",
        str(python),
        "ok",
        "3.12.1",
        None,
    )
    assert (py.package_count, py.writable, py.kernels) == (2, True, ["py-a", "py-b"])
    assert (stats.name, stats.python, stats.r, stats.problem) == ("stats", None, "4.4.2", None)


async def test_base_is_first_then_names_then_paths(machine: Machine, tmp_path: Path) -> None:
    machine.root = make_prefix(tmp_path / "conda", [record("conda", "24.9.2")])
    make_prefix(machine.envs / "Zoo")
    make_prefix(machine.envs / "ant")
    elsewhere = make_prefix(tmp_path / "elsewhere" / "own")
    machine.register(elsewhere, machine.root, machine.envs / "ant", tmp_path / "gone")

    items = await machine.all()

    assert names(items) == ["base", "ant", "Zoo", None]
    assert [item.is_base for item in items] == [True, False, False, False]
    assert items[3].prefix == str(elsewhere)


async def test_the_prefix_that_jupyter_runs_in_is_listed_and_marked(
    machine: Machine, tmp_path: Path
) -> None:
    server = python_prefix(tmp_path / "server")
    (tmp_path / "link").symlink_to(server)
    machine.own_prefixes = (str(tmp_path / "link"),)
    machine.register(server)

    (item,) = await machine.all()

    assert item.is_server


async def test_a_folder_that_is_no_environment_is_not_listed(
    machine: Machine, tmp_path: Path
) -> None:
    (machine.envs / ".hidden" / "bin").mkdir(parents=True)
    (machine.envs / "notes").mkdir()
    (machine.envs / "file").touch()
    (machine.envs / "venv" / "bin").mkdir(parents=True)
    (machine.envs / "venv" / "pyvenv.cfg").touch()
    (tmp_path / "usr" / "bin").mkdir(parents=True)
    (tmp_path / "usr" / "lib").mkdir()
    machine.register(tmp_path / "usr", "relative/path", "", "/", "\0")

    assert await machine.all() == []


async def test_half_an_environment_is_listed_as_incomplete(machine: Machine) -> None:
    (machine.envs / "half" / "bin").mkdir(parents=True)
    (machine.envs / "half" / "lib").mkdir()
    (machine.envs / "empty" / "conda-meta").mkdir(parents=True)

    items = await machine.all()

    assert [(item.name, item.state) for item in items] == [
        ("empty", "incomplete"),
        ("half", "incomplete"),
    ]
    assert all(item.problem for item in items)


async def test_an_environment_without_packages_is_ok(machine: Machine) -> None:
    make_prefix(machine.envs / "new")

    (item,) = await machine.all()

    assert (item.state, item.package_count) == ("ok", 0)


async def test_an_environment_whose_interpreter_is_gone_is_broken_until_it_is_back(
    machine: Machine,
) -> None:
    prefix = python_prefix(machine.envs / "py")
    listing = machine.listing()
    states = [(await listing.list()).items[0].state]

    (prefix / "bin" / "python").unlink()
    states.append((await listing.list()).items[0].state)
    (prefix / "bin" / "python").symlink_to("python3.12")
    states.append((await listing.list()).items[0].state)
    (prefix / "bin" / "python3.12").touch()
    states.append((await listing.list()).items[0].state)

    assert states == ["ok", "broken", "broken", "ok"]


async def test_packages_added_by_somebody_else_are_seen_at_once(machine: Machine) -> None:
    prefix = make_prefix(machine.envs / "x")
    listing = machine.listing()
    await listing.list()

    (prefix / "conda-meta" / "python-3.13.0-h1_0.json").write_text("{}", encoding="utf-8")
    (prefix / "bin" / "python").touch()

    (item,) = (await listing.list()).items
    assert (item.package_count, item.python) == (1, "3.13.0")


async def test_what_is_remembered_of_an_environment_is_given_up_when_it_changes(
    machine: Machine,
) -> None:
    prefix = python_prefix(machine.envs / "py")
    long_ago = 1_700_000_000
    for folder in (prefix, prefix / "conda-meta"):
        os.utime(folder, (long_ago, long_ago))
    listing = machine.listing()
    before = (await listing.list()).items[0]

    (prefix / "conda-meta" / "frozen").touch()
    frozen = (await listing.list()).items[0]
    (prefix / "conda-meta" / "frozen").unlink()
    mark(prefix, "op1")
    marked = (await listing.list()).items[0]
    unmark(prefix)
    after = (await listing.list()).items[0]

    assert (before.state, before.writable) == ("ok", True)
    assert (frozen.state, frozen.writable) == ("ok", False)
    assert (marked.state, marked.writable) == ("incomplete", True)
    assert (after.state, after.writable) == ("ok", True)


async def test_the_earlier_of_two_folders_has_the_name(machine: Machine, tmp_path: Path) -> None:
    machine.more_folders = [tmp_path / "more"]
    first = make_prefix(machine.envs / "same")
    second = make_prefix(tmp_path / "more" / "same")

    items = await machine.all()

    assert [(item.name, item.prefix) for item in items] == [
        ("same", str(first)),
        (None, str(second)),
    ]


async def test_one_prefix_by_two_paths_is_listed_once(machine: Machine, tmp_path: Path) -> None:
    prefix = make_prefix(machine.envs / "x")
    (tmp_path / "alias").symlink_to(machine.envs)
    machine.register(tmp_path / "alias" / "x", prefix)

    assert [item.prefix for item in await machine.all()] == [str(prefix)]


@pytest.mark.parametrize("name", ["a-link", "z-link"])
async def test_a_link_beside_an_environment_does_not_take_its_name(
    machine: Machine, name: str
) -> None:
    prefix = make_prefix(machine.envs / "named")
    (machine.envs / name).symlink_to(prefix)

    assert [item.name for item in await machine.all()] == ["named"]


async def test_an_environment_that_lies_elsewhere_is_listed_by_the_name_of_its_link(
    machine: Machine, tmp_path: Path
) -> None:
    make_prefix(tmp_path / "large-disk" / "abc")
    machine.envs.mkdir()
    (machine.envs / "named").symlink_to(tmp_path / "large-disk" / "abc")

    assert [item.name for item in await machine.all()] == ["named"]


async def test_a_frozen_environment_is_not_writable(machine: Machine) -> None:
    prefix = make_prefix(machine.envs / "x")
    (prefix / "conda-meta" / "frozen").write_text("{}", encoding="utf-8")

    assert (await machine.all())[0].writable is False


async def test_a_folder_whose_name_is_no_text_is_told_and_nothing_breaks(machine: Machine) -> None:
    make_prefix(machine.envs / "x")
    make_prefix(Path(os.fsdecode(os.fsencode(machine.envs) + b"/\xff")))

    listed = await machine.listing().list()

    assert names(listed.items) == ["x"]
    assert "no text" in listed.problems[0]


async def test_a_folder_that_cannot_be_read_is_told(machine: Machine, tmp_path: Path) -> None:
    make_prefix(machine.envs / "x")
    (tmp_path / "a-file").touch()
    machine.more_folders = [tmp_path / "a-file"]

    listed = await machine.listing().list()

    assert names(listed.items) == ["x"]
    assert listed.problems == [f"{tmp_path / 'a-file'} cannot be read: Not a directory."]


async def test_a_disk_that_hangs_hides_only_what_is_on_it(machine: Machine, tmp_path: Path) -> None:
    make_prefix(machine.envs / "x")
    machine.more_folders = [tmp_path / "share"]
    goes_on = threading.Event()

    def hanging(place: Place, known: Mapping[str, Glance]) -> list[Glance]:
        if place.folder == str(tmp_path / "share"):
            goes_on.wait(30)
        return look_at(place, known)

    machine.look = hanging
    try:
        listed = await machine.listing().list()
    finally:
        goes_on.set()

    assert names(listed.items) == ["x"]
    assert "share does not answer" in listed.problems[0]


async def test_those_who_ask_at_once_share_one_list(machine: Machine) -> None:
    make_prefix(machine.envs / "x")
    listing = machine.listing()

    first, *others = await asyncio.gather(*(listing.list() for _ in range(20)))

    assert all(other is first for other in others)


async def test_who_stops_waiting_for_the_list_does_not_take_it_from_others(
    machine: Machine,
) -> None:
    make_prefix(machine.envs / "x")
    listing = machine.listing()
    impatient = asyncio.ensure_future(listing.list())
    patient = asyncio.ensure_future(listing.list())
    await asyncio.sleep(0)

    impatient.cancel()

    assert names((await patient).items) == ["x"]


async def test_the_operation_that_works_on_an_environment_is_named_while_it_does(
    machine: Machine,
) -> None:
    prefix = make_prefix(machine.envs / "x")
    listing = machine.listing()
    told = []
    states: list[OperationState] = ["running", "succeeded"]
    for state in states:
        listing.operation_changed(
            Operation("op1", "environment.change", str(prefix), "", state, "", utc_now())
        )
        told.append((await listing.list()).items[0].operation_id)

    assert told == ["op1", None]


async def test_sizes_are_worked_out_behind_and_kept_for_the_next_server(machine: Machine) -> None:
    python_prefix(machine.envs / "py")
    assert [item.bytes for item in await machine.all()] == [None]

    machine.sizes.wait(10)

    assert [item.bytes for item in await machine.all()] == [1000]
    machine.sizes = SizeBook(
        machine.home.parent / "data" / "sizes.json", log=logging.getLogger(__name__)
    )
    assert [item.bytes for item in await machine.all()] == [1000]


async def test_a_list_says_whether_sizes_are_still_to_come(machine: Machine) -> None:
    listing = machine.listing()
    assert not (await listing.list()).measuring
    python_prefix(machine.envs / "py")
    unreadable = python_prefix(machine.envs / "unreadable")
    next((unreadable / "conda-meta").glob("python-*.json")).write_text("{")

    first = await listing.list()
    machine.sizes.wait(10)
    second = await listing.list()

    assert first.measuring
    assert not second.measuring
    assert {item.name: item.bytes for item in second.items} == {"py": 1000, "unreadable": None}


async def test_details_have_the_packages_of_conda_and_of_pip(machine: Machine) -> None:
    prefix = make_prefix(
        machine.envs / "py",
        [
            record("python", "3.12.1", requested="python=3.12", files={"bin/python": 700}),
            record(
                "rich",
                "13.0",
                files={"lib/python3.12/site-packages/rich-13.0.dist-info/METADATA": 5},
            ),
        ],
    )
    make_pip_package(prefix, "rich", "13.0")
    make_pip_package(prefix, "Torch", "2.5.1")
    (prefix / "conda-meta" / "state").write_text(
        '{"version": 1, "env_vars": {"LEVEL": "3", "GONE": "***unset***"}}', encoding="utf-8"
    )
    listing = machine.listing()
    (item,) = (await listing.list()).items

    details = await listing.details(item.id)

    assert [
        (each.name, each.version, each.manager, each.channel, each.bytes, each.requested)
        for each in details.packages
    ] == [
        ("python", "3.12.1", "conda", "conda-forge", 700, True),
        ("rich", "13.0", "conda", "conda-forge", 5, False),
        ("Torch", "2.5.1", "pip", None, 120, True),
    ]
    assert details.variables == {"LEVEL": "3"}
    assert details.environment.bytes == 705


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"name": 3}', "\0", "[" * 100_000])
async def test_a_record_that_cannot_be_read_makes_it_broken_and_the_rest_is_shown(
    machine: Machine, content: str
) -> None:
    prefix = python_prefix(machine.envs / "py")
    (prefix / "conda-meta" / "bad-1-0.json").write_text(content, encoding="utf-8")
    listing = machine.listing()
    (item,) = (await listing.list()).items

    details = await listing.details(item.id)

    assert [each.name for each in details.packages] == ["python", "tzdata"]
    assert details.environment.state == "broken"
    assert "bad-1-0.json" in (details.environment.problem or "")
    with pytest.raises(EnvironmentBroken, match="bad-1-0"):
        await listing.export(item.id, "yml")


async def test_an_environment_removed_by_somebody_else_is_not_found(machine: Machine) -> None:
    prefix = python_prefix(machine.envs / "py")
    listing = machine.listing()
    (item,) = (await listing.list()).items
    shutil.rmtree(prefix)

    for ask in (listing.find, listing.details):
        with pytest.raises(EnvironmentNotFound):
            await ask(item.id)
    assert (await listing.list()).items == []


async def test_an_id_is_known_in_a_server_that_has_listed_nothing_yet(machine: Machine) -> None:
    python_prefix(machine.envs / "py")
    (item,) = await machine.all()

    assert (await machine.listing().find(item.id)).prefix == item.prefix
    with pytest.raises(EnvironmentNotFound):
        await machine.listing().find("nonsense")
