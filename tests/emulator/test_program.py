"""``jupyter-ci emulator`` as a program of its own."""

from __future__ import annotations

import json
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from jupyter_ci_manager import __version__
from jupyter_ci_manager.cli import main
from jupyter_ci_manager.emulator.tls import self_signed
from tests.emulator.arm_client import instance_body
from tests.emulator.setup_scripts import inline, setup_scripts

PROGRAM = """
import signal
# As in a terminal: background jobs inherit that Ctrl-C is ignored, nohup's that a hangup is.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from jupyter_ci_manager.cli import main
main()
"""
COMMAND = [sys.executable, "-c", PROGRAM, "emulator"]


@contextmanager
def running(*options: str) -> Iterator[tuple[dict[str, str], subprocess.Popen[str]]]:
    with subprocess.Popen(
        [*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline()), process
        finally:
            # Not at once with a kill: it takes its temporary directories away first.
            process.terminate()
            try:
                process.wait(10)
            finally:
                process.kill()


def instances_of(ready: dict[str, str], context: ssl.SSLContext | None = None) -> list[str]:
    request = urllib.request.Request(
        f"{ready['url']}{ready['workspace']}/computes?api-version=2024-10-01",
        headers={"Authorization": "Bearer anybody"},
    )
    handlers = [urllib.request.ProxyHandler({})]
    opener = urllib.request.build_opener(*handlers, urllib.request.HTTPSHandler(context=context))
    with opener.open(request, timeout=10) as answer:
        return [each["name"] for each in json.load(answer)["value"]]


def create(ready: dict[str, str], name: str, script: str) -> None:
    scripts = setup_scripts(creation=inline(script))
    request = urllib.request.Request(
        f"{ready['url']}{ready['workspace']}/computes/{name}?api-version=2024-10-01",
        method="PUT",
        headers={"Authorization": "Bearer anybody", "Content-Type": "application/json"},
        data=json.dumps(instance_body(setupScripts=scripts)).encode(),
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=10) as answer:
        assert answer.status == 201


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_says_where_it_is_and_ends_cleanly_when_told_to(number: signal.Signals) -> None:
    with running("--port", "0", "--speed", "60") as (ready, process):
        assert set(ready) == {"url", "workspace", "share"}
        assert "amy-notebooks" in instances_of(ready)
        assert Path(ready["share"], "Logs").is_dir()

        process.send_signal(number)
        rest, errors = process.communicate(timeout=10)

    assert (process.returncode, rest, errors) == (0, "", "")
    assert not Path(ready["share"]).exists()


def test_a_directory_of_ones_own_is_the_share_and_stays(tmp_path: Path) -> None:
    own = tmp_path / "my share"
    with running("--empty", "--share", str(own)) as (ready, process):
        assert ready["share"] == str(own.resolve())
        (own / "Users" / "setup.sh").write_text("echo hello\n")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)

    assert (own / "Users" / "setup.sh").read_text() == "echo hello\n"


def test_it_begins_with_as_many_instances_as_it_is_told() -> None:
    with running("--instances", "7", "--page-size", "5") as (ready, _):
        assert len(instances_of(ready)) == 5
    with running("--empty") as (ready, _):
        assert instances_of(ready) == []


def test_it_serves_https_with_a_certificate_that_it_names() -> None:
    with running("--tls", "--empty") as (ready, _):
        context = ssl.create_default_context(cafile=ready["certificate"])
        assert ready["url"].startswith("https://127.0.0.1:")
        assert instances_of(ready, context) == []


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = subprocess.run(
            [*COMMAND, "--port", str(port)], capture_output=True, text=True, timeout=20
        )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: The emulator cannot listen on 127.0.0.1:{port}: ")
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("options", "run"), [([], False), (["--run-scripts"], True)])
def test_scripts_run_only_where_that_is_asked_for(options: list[str], run: bool) -> None:
    with running("--empty", "--speed", "2000", *options) as (ready, process):
        create(ready, "my-ci", "echo made > here; sleep 600 & echo $! > pid; wait")
        share = Path(ready["share"])
        deadline = time.monotonic() + 20
        while not list(share.glob("Users/pid" if run else "Logs/my-ci/*")):
            assert time.monotonic() < deadline
            instances_of(ready)
            time.sleep(0.05)
        assert (share / "Users" / "here").exists() is run
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=10)

    assert (process.returncode, errors) == (0, "")
    assert not share.exists()


@pytest.mark.parametrize(
    "options",
    [
        ["--port", "65536"],
        ["--speed", "0"],
        ["--instances", "-1"],
        ["--page-size", "0"],
        ["--empty", "--instances", "3"],
    ],
)
def test_options_that_make_no_sense_are_explained(options: list[str]) -> None:
    result = CliRunner().invoke(main, ["emulator", *options])

    assert result.exit_code == 2
    assert "Error: " in result.output


def test_the_command_says_its_version() -> None:
    result = CliRunner().invoke(main, ["--version"])

    assert result.exit_code == 0
    assert result.output.strip().endswith(__version__)


def test_the_key_of_the_certificate_is_nowhere_to_be_found(tmp_path: Path) -> None:
    _, certificate = self_signed(tmp_path, "127.0.0.1")

    assert list(tmp_path.iterdir()) == [certificate]
    assert "PRIVATE KEY" not in certificate.read_text()
