"""Run the emulator and a JupyterLab wired to it, and stop both; `make lab` and the browser tests.

It knows command lines and environment variables only, and imports nothing of the package: what it
starts is what a user starts.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Literal, NoReturn

REPOSITORY = Path(__file__).resolve().parent.parent
START_TIMEOUT_SECONDS = 60.0
STOP_TIMEOUT_SECONDS = 10.0

# A closed terminal or a kill ends both servers the way Ctrl-C does.
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# Never through a proxy: both servers are on this machine.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class StartError(Exception):
    """A server did not come up; the message says which, and what it said last."""


@dataclass(frozen=True)
class Emulator:
    """A running emulator: where it answers, the ARM id of its workspace, and its file share."""

    url: str
    workspace: str
    share: Path
    process: subprocess.Popen[str]


@dataclass(frozen=True)
class JupyterLab:
    """A running JupyterLab: its address including the base URL, and the token it asks for."""

    base_url: str
    token: str
    port: int
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        """The address to open in a browser, signed in."""
        return f"{self.base_url}lab?token={self.token}"


def free_port() -> int:
    """A TCP port nobody listens on at the moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    stdout: int | IO[str] | None = None,
    log: IO[str] | None = None,
) -> Iterator[subprocess.Popen[str]]:
    """Run a program in a session of its own and end it, with its children, on the way out."""
    process = subprocess.Popen(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=log if stdout is None else stdout,
        stderr=log,
        text=True,
        # Ctrl-C in the terminal reaches this program alone, which then stops what it started.
        start_new_session=True,
    )
    try:
        yield process
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[str]) -> None:
    """Ask the whole process group to end, then make it."""
    for signal_number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, signal_number)
        except ProcessLookupError:
            break
        try:
            process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


@contextmanager
def emulator(
    *,
    speed: float = 60,
    arguments: Sequence[str] = (),
    python: str = sys.executable,
    log: IO[str] | None = None,
) -> Iterator[Emulator]:
    """Run the emulator on a free port; `speed` is how much faster than Azure its clock runs.

    `python` is the interpreter of the environment in which the package is installed.

    Raises:
        StartError: it ended, or said nothing within a minute.
    """
    program = str(Path(python).with_name("jupyter-ci"))
    command = [program, "emulator", "--port", "0", "--speed", str(speed), *arguments]
    with running(command, stdout=subprocess.PIPE, log=log) as process:
        assert process.stdout is not None  # noqa: S101 (for the type checker)
        readable, _, _ = select.select([process.stdout], [], [], START_TIMEOUT_SECONDS)
        line = process.stdout.readline() if readable else ""
        try:
            ready = json.loads(line)
        except json.JSONDecodeError:
            raise StartError(f"The emulator did not start; it said: {line!r}{_said(log)}") from None
        yield Emulator(
            url=ready["url"],
            workspace=ready["workspace"],
            share=Path(ready["share"]),
            process=process,
        )


@contextmanager
def jupyter_lab(
    azure: Emulator,
    *,
    home: Path,
    data: Path | None = None,
    port: int | None = None,
    token: str | None = None,
    base_url: str = "/",
    application: Literal["lab", "notebook"] = "lab",
    arguments: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    python: str = sys.executable,
    log: IO[str] | None = None,
) -> Iterator[JupyterLab]:
    """Run JupyterLab against an emulator, with settings and notebooks of its own under `home`.

    `data` is its data folder, which has the journal of operations (default: under `home` too). With
    the `port`, `token` and `home` of an earlier one it takes that one's place, so that tabs which
    are open go on. `application` is what `jupyter` is asked to run; `environment` adds to, and
    overrides, what it finds in its environment.

    Raises:
        StartError: it ended, or did not answer within a minute.
    """
    port = port or free_port()
    token = token or secrets.token_urlsafe(16)
    notebooks = home / "notebooks"
    data = data or home / "data"
    notebooks.mkdir(parents=True, exist_ok=True)
    env = {
        **os.environ,
        "JUPYTER_CI_ENDPOINT": azure.url,
        "JUPYTER_CI_WORKSPACE": azure.workspace,
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(data),
        "JUPYTER_RUNTIME_DIR": str(data / "runtime"),
        # In the environment, because everybody on the machine can read a command line.
        "JUPYTER_TOKEN": token,
        **(environment or {}),
    }
    command = [
        *(python, "-m", "jupyter", application, "--no-browser"),
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.base_url={base_url}",
        f"--ServerApp.root_dir={notebooks}",
        # News and update checks ask the network.
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        *(["--allow-root"] if os.geteuid() == 0 else []),
        *arguments,
    ]
    with running(command, env=env, log=log) as process:
        address = f"http://127.0.0.1:{port}{base_url}"
        _wait_until_it_answers(process, f"{address}api/status?token={token}", log)
        yield JupyterLab(base_url=address, token=token, port=port, process=process)


def _wait_until_it_answers(process: subprocess.Popen[str], url: str, log: IO[str] | None) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with _opener.open(url, timeout=5) as response:
                if response.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise StartError(f"JupyterLab did not start (exit status {process.poll()}){_said(log)}")


def _said(log: IO[str] | None) -> str:
    """The last lines of a log file, for an error message; nothing when it went to the terminal."""
    if log is None:
        return ""
    log.flush()
    return "\n" + "\n".join(Path(log.name).read_text(errors="replace").splitlines()[-20:])


def main() -> int:
    """`make lab`: run both until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="make lab", description=main.__doc__)
    parser.add_argument("--port", type=int, default=8888)
    parser.add_argument("--speed", type=float, default=60, help="of the emulator's clock")
    parser.add_argument(
        "--run-scripts", action="store_true", help="really run setup scripts, as you"
    )
    options = parser.parse_args()
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", options.port)) == 0:
            print(
                f"Port {options.port} is taken; choose another with: make lab PORT=9999",
                file=sys.stderr,
            )
            return 1

    for signal_number in ENDING:
        signal.signal(signal_number, _end)
    try:
        _serve(options.port, options.speed, ["--run-scripts"] if options.run_scripts else [])
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped JupyterLab and the emulator.")
    return 0


def _end(signal_number: int, frame: FrameType | None) -> NoReturn:
    """Leave the `with` blocks once: a second Ctrl-C must not interrupt the stopping."""
    for ending in ENDING:
        signal.signal(ending, signal.SIG_IGN)
    raise KeyboardInterrupt


def _serve(port: int, speed: float, arguments: Sequence[str]) -> None:
    # Notebooks and settings are kept from run to run. The data folder is not: it has the journal
    # of operations on an emulator whose state ends with it.
    home = REPOSITORY / "build" / "lab"
    with (
        tempfile.TemporaryDirectory(prefix="jupyter-ci-lab-") as folder,
        emulator(speed=speed, arguments=arguments) as azure,
        jupyter_lab(azure, home=home, data=Path(folder), port=port) as lab,
    ):
        print(f"\n  Emulator of Azure  {azure.url}")
        print(f"  Its file share     {azure.share}")
        print(f"  JupyterLab         {lab.url}")
        print("\n  Ctrl-C stops both.\n", flush=True)
        while azure.process.poll() is None and lab.process.poll() is None:
            time.sleep(0.5)
        raise StartError("A server ended by itself; the other one is stopped too.")


if __name__ == "__main__":
    sys.exit(main())
