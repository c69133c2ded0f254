"""Kernels as a client sees them: listed, renamed, removed and tried for real."""

from __future__ import annotations

import asyncio
import json
import logging
import platform
import subprocess
import threading
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

from jupyter_ci_manager.environments import kernels
from jupyter_ci_manager.environments.kernel_check import Patience
from jupyter_ci_manager.environments.kernel_registration import register_kernel, remove_kernels_of
from jupyter_ci_manager.environments.kernel_specs import kernels_by_prefix
from jupyter_ci_manager.environments.kernels import KernelService
from jupyter_ci_manager.errors import (
    EnvironmentNotFound,
    EnvironmentProtected,
    InvalidKernel,
    KernelExists,
    KernelNotFound,
    KernelProtected,
    KernelsUnreachable,
    OperationInProgress,
)
from jupyter_ci_manager.logs.operation_logs import OperationLogs
from jupyter_ci_manager.models import (
    EngineStatus,
    Environment,
    EnvironmentList,
    Kernel,
    KernelRequest,
    Operation,
    RegisterKernel,
)
from jupyter_ci_manager.operations import OperationRegistry
from tests.builders import until

from .kernel_environments import KernelEnvironment, a_request, places_in, specs_in

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=timezone.utc)


class Machine:
    """A machine whose environments are known, and where kernels are registered at once."""

    def __init__(self) -> None:
        self.environments: list[Environment] = []
        self.asked: list[tuple[str, KernelRequest, str | None]] = []

    def has(self, environment: KernelEnvironment, **changes: Any) -> None:
        fields: dict[str, Any] = {
            "id": f"id-of-{environment.prefix.name}",
            "name": None,
            "prefix": str(environment.prefix),
            "state": "ok",
        }
        self.environments.append(Environment(**(fields | changes)))

    async def list(self) -> EnvironmentList:
        nothing = EngineStatus(None, [], None, [], "linux-64", "/envs")
        return EnvironmentList(self.environments, nothing)

    async def find(self, environment_id: str) -> Environment:
        found = [each for each in self.environments if each.id == environment_id]
        if not found:
            raise EnvironmentNotFound(environment_id)
        return found[0]

    async def register_kernel(
        self, environment: Environment, kernel: KernelRequest, *, add: str | None
    ) -> Operation:
        self.asked.append((environment.id, kernel, add))
        return Operation("0" * 16, "kernel.register", environment.prefix, "", "queued", "", NOON)


class Server:
    """What a server has of kernels."""

    def __init__(self, folder: Path) -> None:
        log = logging.getLogger(__name__)
        self.folder = folder
        self.places = places_in(folder / "jupyter")
        self.specs = specs_in(self.places)
        self.machine = Machine()
        self.logs = OperationLogs(folder / "logs", log=log)
        self.operations = OperationRegistry(
            folder / "operations.sqlite", log=log, log_of=self.logs.of
        )
        self.kernels = self.service()

    def service(self, patience: Patience | None = None, **changes: Any) -> KernelService:
        return KernelService(
            self.operations,
            self.machine,
            self.machine,
            places=lambda: self.places,
            specs=lambda: self.specs,
            patience=patience,
            now=lambda: NOON,
        )

    def environment(self, name: str = "analysis", **changes: Any) -> KernelEnvironment:
        made = KernelEnvironment.made_at(self.folder / "envs" / name, **changes)
        self.machine.has(made)
        return made

    def kernel(self, environment: KernelEnvironment, display_name: str, **changes: Any) -> str:
        request = a_request(display_name, **changes)
        return register_kernel(environment.prefix, request, self.places).name

    def spec(self, name: str, content: str | dict[str, Any], *, scope: str = "user") -> Path:
        """A kernelspec that somebody else has written."""
        folder = Path(getattr(self.places, scope, self.places.search[-1]), name)
        folder.mkdir(parents=True)
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / "kernel.json").write_text(text)
        return folder

    async def listed(self, name: str) -> Kernel:
        items = (await self.kernels.list()).items
        return next(each for each in items if each.name == name)

    async def checked(self, name: str) -> Operation:
        operation = await self.kernels.check(name)
        return await self.operations.wait(operation.id, timeout_seconds=60)

    def log_of(self, operation: Operation) -> str:
        return (self.folder / "logs" / f"{operation.id}.log").read_text()


@pytest.fixture
def server(tmp_path: Path, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Server]:
    made = Server(tmp_path)
    yield made
    jp_asyncio_loop.run_until_complete(made.operations.close())


# --- listing ------------------------------------------------------------------------------------


async def test_a_registered_kernel_is_listed_with_its_environment(server: Server) -> None:
    environment = server.environment()
    name = server.kernel(environment, "Analysis", env={"A": "1"})
    kernel = await server.listed(name)
    assert (kernel.display_name, kernel.language, kernel.scope) == ("Analysis", "python", "user")
    assert (kernel.environment_id, kernel.prefix) == ("id-of-analysis", str(environment.prefix))
    assert (kernel.state, kernel.problem) == ("ok", None)
    assert (kernel.is_ours, kernel.removable) == (True, True)
    assert kernel.env == {"A": "1"}


async def test_an_environment_that_is_found_by_another_path_is_the_same(server: Server) -> None:
    environment = server.environment()
    link = server.folder / "link"
    link.symlink_to(environment.prefix)
    server.machine.environments = []
    server.machine.has(KernelEnvironment(link))
    name = server.kernel(environment, "Analysis")
    assert (await server.listed(name)).environment_id == "id-of-link"


async def test_a_kernel_whose_environment_is_gone_is_stale_and_can_be_removed(
    server: Server,
) -> None:
    environment = server.environment()
    name = server.kernel(environment, "Analysis")
    environment.prefix.rename(server.folder / "moved")
    server.machine.environments = []
    kernel = await server.listed(name)
    assert kernel.state == "stale"
    assert kernel.problem == f"The environment {environment.prefix} is not there any more."
    assert (kernel.prefix, kernel.environment_id) == (str(environment.prefix), None)
    assert kernel.removable
    await server.kernels.remove(name)
    assert (await server.kernels.list()).items == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ({"argv": ["/no/such/python", "-m", "x"]}, "/no/such/python, which it starts, is not"),
        ({"argv": ["no-such-program"]}, "no-such-program, which it starts, is not"),
        ({"argv": []}, "It does not say what to start."),
        ({}, "It does not say what to start."),
        ("{", "Its kernel.json cannot be used: Input data was truncated."),
        ("[]", "Its kernel.json cannot be used: Expected `object`, got `array`."),
        ({"argv": "python"}, "Its kernel.json cannot be used: Expected `array`, got `str`"),
        ({"argv": ["/bin/sh"], "env": {"A": 1}}, "Its kernel.json cannot be used"),
        ("[" * 100_000, "Its kernel.json cannot be used"),
        (" " * 1_000_001, "Its kernel.json cannot be used: it has more than 1000000 bytes."),
    ],
)
async def test_a_kernelspec_that_starts_nothing_is_stale_and_says_why(
    server: Server, content: str | dict[str, Any], problem: str
) -> None:
    server.spec("odd", content)
    kernel = await server.listed("odd")
    assert kernel.state == "stale"
    assert (kernel.problem or "").startswith(problem)
    assert kernel.removable


@pytest.mark.parametrize("prefix", ["/a\0b", f"/{'x' * 5000}", "relative", 5, None])
@pytest.mark.parametrize("is_ours", [True, False])
async def test_a_kernelspec_that_names_no_possible_prefix_spoils_no_list(
    server: Server, prefix: object, is_ours: bool
) -> None:
    ours = {"jupyter_ci_manager": {"prefix": prefix}}
    metadata = ours if is_ours else {"conda_env_path": prefix}
    server.spec("odd", {"argv": ["/bin/sh"], "display_name": "Odd", "metadata": metadata})
    assert (await server.listed("odd")).display_name == "Odd"
    assert kernels_by_prefix(server.places).keys() <= {prefix}
    assert remove_kernels_of(server.folder / "envs", server.places) == ([], [])


@pytest.mark.parametrize("argv", [["python", "-m", "x"], ["/bin/sh"], ["sh"]])
async def test_what_jupyter_can_start_is_not_stale(server: Server, argv: list[str]) -> None:
    server.spec("odd", {"argv": argv, "display_name": "Odd", "language": "sh"})
    assert (await server.listed("odd")).state == "ok"


async def test_a_kernel_that_is_no_process_on_this_machine_is_not_stale(server: Server) -> None:
    metadata = {"kernel_provisioner": {"provisioner_name": "local-provisioner"}}
    server.spec("remote", {"argv": [], "metadata": metadata})
    assert (await server.listed("remote")).state == "ok"


async def test_a_kernel_of_ours_without_ipykernel_is_stale(server: Server) -> None:
    environment = server.environment()
    name = server.kernel(environment, "Analysis")
    Path(environment.site_packages, "ipykernel_launcher.py").unlink()
    assert "ipykernel is not in" in ((await server.listed(name)).problem or "")


async def test_jupyters_own_kernel_is_listed_and_protected(server: Server) -> None:
    server.specs = KernelSpecManager(kernel_dirs=server.places.search)
    kernel = await server.listed("python3")
    assert (kernel.state, kernel.scope, kernel.removable) == ("ok", "environment", False)
    with pytest.raises(KernelProtected):
        await server.kernels.remove("python3")


async def test_another_managers_kernels_are_asked_of_it(server: Server) -> None:
    class Manager(KernelSpecManager):
        """Such as that of nb_conda_kernels: what it starts is in no file."""

        def find_kernel_specs(self) -> dict[str, str]:
            return {"conda-env-a": str(server.folder), "broken": str(server.folder)}

        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            if kernel_name == "broken":
                raise RuntimeError("conda has no answer")
            return KernelSpec(argv=["/bin/sh"], metadata={"conda_env_path": "/envs/a"})

    server.specs = Manager()
    items = {each.name: each for each in (await server.kernels.list()).items}
    assert (items["conda-env-a"].state, items["conda-env-a"].prefix) == ("ok", "/envs/a")
    assert items["broken"].problem == "Its kernel.json cannot be used: conda has no answer."
    assert not items["broken"].removable


async def test_folders_that_hang_hold_nobody_up(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "ANSWER_SECONDS", 0.1)
    server.kernels = server.service()
    done = threading.Event()

    class Hanging(KernelSpecManager):
        def find_kernel_specs(self) -> dict[str, str]:
            done.wait(30)
            return {}

    server.specs = Hanging()
    with pytest.raises(KernelsUnreachable):
        await server.kernels.list()
    done.set()


# --- registering, renaming, removing -------------------------------------------------------------


async def test_what_an_environment_lacks_is_asked_to_be_added(server: Server) -> None:
    server.environment("whole")
    server.environment("bare", ipykernel=False)
    for environment_id in ("id-of-whole", "id-of-bare"):
        await server.kernels.register(RegisterKernel(environment_id, a_request()))
    assert [(each[0], each[2]) for each in server.machine.asked] == [
        ("id-of-whole", None),
        ("id-of-bare", "ipykernel"),
    ]


async def test_bad_requests_are_refused_before_anything_begins(server: Server) -> None:
    server.environment()
    broken = KernelEnvironment(server.folder / "broken")
    server.machine.has(broken, state="incomplete", problem="It was not finished.")
    server.spec("taken", {"argv": ["/bin/sh"]})
    for environment_id, request, error in (
        ("id-of-nothing", a_request(), EnvironmentNotFound),
        ("id-of-analysis", a_request(name="../x"), InvalidKernel),
        ("id-of-analysis", a_request(env={"A=B": ""}), InvalidKernel),
        ("id-of-analysis", a_request(name="taken"), KernelExists),
        ("id-of-broken", a_request(), EnvironmentProtected),
    ):
        with pytest.raises(error):
            await server.kernels.register(RegisterKernel(environment_id, request))
    assert server.machine.asked == []


async def test_a_kernel_that_jupyter_may_not_show_is_not_registered(server: Server) -> None:
    server.environment()
    server.specs.allowed_kernelspecs = {"approved"}
    for request in (a_request(), a_request(name="mine")):
        with pytest.raises(KernelProtected, match="these kernels only: approved"):
            await server.kernels.register(RegisterKernel("id-of-analysis", request))
    await server.kernels.register(RegisterKernel("id-of-analysis", a_request(name="approved")))
    assert [each[1].name for each in server.machine.asked] == ["approved"]


async def test_renaming_shows_at_once(server: Server) -> None:
    name = server.kernel(server.environment(), "Old")
    renamed = await server.kernels.rename(name.upper(), " New ")
    assert renamed.display_name == "New"
    assert (await server.listed(name)).display_name == "New"


async def test_what_cannot_be_read_cannot_be_renamed(server: Server) -> None:
    folder = server.spec("odd", "{")
    with pytest.raises(KernelProtected):
        await server.kernels.rename("odd", "New")
    assert (folder / "kernel.json").read_text() == "{"


async def test_others_kernelspecs_outside_of_the_users_folder_are_protected(
    server: Server,
) -> None:
    folder = server.spec("theirs", {"argv": ["/bin/sh"]}, scope="system")
    assert not (await server.listed("theirs")).removable
    with pytest.raises(KernelProtected, match="not registered here"):
        await server.kernels.remove("theirs")
    with pytest.raises(KernelProtected):
        await server.kernels.rename("theirs", "Mine")
    assert folder.exists()


@pytest.mark.parametrize("name", ["nothing", "..", "../user", "", "a" * 5000, "a/b"])
async def test_a_kernel_that_is_not_there_is_not_found(server: Server, name: str) -> None:
    server.kernel(server.environment(), "Analysis")
    with pytest.raises(KernelNotFound):
        await server.kernels.remove(name)
    with pytest.raises(KernelNotFound):
        await server.kernels.rename(name, "New")
    with pytest.raises(KernelNotFound):
        await server.kernels.check(name)


# --- checking -----------------------------------------------------------------------------------


def processes_of(environment: KernelEnvironment) -> list[bytes]:
    """Command lines of processes that run in it."""
    done = subprocess.run(["ps", "-eo", "args"], capture_output=True, check=True)
    return [line for line in done.stdout.splitlines() if bytes(environment.prefix) in line]


async def test_a_kernel_that_works_is_told_with_interpreter_version_and_time(
    server: Server,
) -> None:
    environment = server.environment()
    environment.script("any", "echo this is told")
    name = server.kernel(environment, "Analysis")
    ended = await server.checked(name)
    assert ended.state == "succeeded"
    assert ended.message.startswith(f"Python {platform.python_version()} started in ")
    check = (await server.listed(name)).check
    assert check is not None
    assert check.ok
    assert check.interpreter == environment.python
    assert check.version == platform.python_version()
    assert 0 < (check.start_seconds or 0) < 30
    assert 0 < (check.execute_seconds or 0) < 30
    assert check.checked_at == NOON
    assert processes_of(environment) == []
    log = server.log_of(ended)
    assert "this is told" in log
    assert "kernel_launcher.py" in log


async def test_a_check_ends_what_the_kernel_has_left_running(server: Server) -> None:
    environment = server.environment()
    environment.script("any", 'sh -c "sleep 300; echo $CONDA_PREFIX" > /dev/null 2>&1 &')
    name = server.kernel(environment, "Analysis")
    ended = await server.checked(name)
    assert ended.state == "succeeded", ended.message
    await until(lambda: processes_of(environment) == [])


async def test_what_was_checked_is_not_said_of_another_kernel_of_that_name(server: Server) -> None:
    name = server.kernel(server.environment(), "Analysis", name="one")
    await server.checked(name)
    await server.kernels.remove(name)
    other = server.environment("other")
    server.kernel(other, "Analysis", name="one")
    assert (await server.listed(name)).check is None


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import sys; print('no such library', file=sys.stderr); sys.exit(3)", "It ended before"),
        ("import time; print('waiting', flush=True); time.sleep(60)", "It did not answer within"),
    ],
)
async def test_a_kernel_that_does_not_start_fails_with_what_it_wrote(
    server: Server, program: str, reason: str
) -> None:
    environment = server.environment()
    name = server.kernel(environment, "Analysis")
    Path(environment.site_packages, "ipykernel_launcher.py").write_text(program)
    server.kernels = server.service(Patience(start=2, answer=2, shut_down=2))
    ended = await server.checked(name)
    assert ended.state == "failed"
    assert ended.error is not None
    assert ended.error.code == "KernelFailed"
    assert ended.message.startswith(reason)
    check = (await server.listed(name)).check
    assert check is not None
    assert (check.ok, check.message) == (False, ended.message)
    assert ("no such library" in server.log_of(ended)) or ("waiting" in server.log_of(ended))
    assert processes_of(environment) == []


async def test_a_stale_kernel_is_not_even_started(server: Server) -> None:
    server.spec("gone", {"argv": ["/no/such/python"]})
    ended = await server.checked("gone")
    assert ended.state == "failed"
    assert ended.message == "/no/such/python, which it starts, is not there any more."


@pytest.mark.parametrize(
    "changes",
    [
        {"argv": ["/bin/echo", "a\0b"]},
        {"env": {"A=B": "1"}},
        {"env": {"A": "a\0b"}},
        {"metadata": {"kernel_provisioner": {"provisioner_name": "of-nobody"}}},
    ],
)
async def test_a_kernelspec_that_no_process_can_have_is_told_as_that(
    server: Server, changes: dict[str, Any]
) -> None:
    server.spec("odd", {"argv": ["/bin/echo"], "language": "python"} | changes)
    ended = await server.checked("odd")
    assert ended.error is not None
    assert ended.error.code == "KernelFailed"
    assert "start" in ended.message


async def test_a_program_that_cannot_be_run_is_told(server: Server) -> None:
    program = server.folder / "program"
    program.write_bytes(b"\x7fELF nothing that runs")
    program.chmod(0o755)
    server.spec("odd", {"argv": [str(program)], "language": "odd"})
    ended = await server.checked("odd")
    assert ended.message.startswith("It cannot be started: ")


async def test_cancelling_a_check_leaves_no_kernel(server: Server) -> None:
    environment = server.environment()
    name = server.kernel(environment, "Analysis")
    module = Path(environment.site_packages, "ipykernel_launcher.py")
    module.write_text("import time; time.sleep(60)")
    operation = await server.kernels.check(name)
    await until(lambda: processes_of(environment))
    with pytest.raises(OperationInProgress):
        await server.kernels.check(name)
    await server.operations.cancel_or_dismiss(operation.id)
    ended = await server.operations.wait(operation.id, timeout_seconds=20)
    assert ended.state == "cancelled"
    assert processes_of(environment) == []
    assert (await server.listed(name)).check is None


async def test_a_check_of_a_server_that_is_gone_is_lost_and_not_begun_again(
    server: Server,
) -> None:
    environment = server.environment()
    name = server.kernel(environment, "Analysis")
    module = Path(environment.site_packages, "ipykernel_launcher.py")
    module.write_text("import time; time.sleep(60)")
    operation = await server.kernels.check(name)
    await until(lambda: processes_of(environment))
    await server.operations.close()
    assert processes_of(environment) == []

    again = Server(server.folder)
    ended = await again.operations.wait(operation.id, timeout_seconds=20)
    await again.operations.close()
    assert ended.state == "lost"
    assert ended.message == "The server that checked the kernel is gone, and the kernel with it."
