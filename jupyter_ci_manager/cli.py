"""``jupyter ci``: commands over the package's services, each imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import click

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""


@dataclass(frozen=True)
class Surroundings:
    """What is different where a command is not typed into a shell."""

    cell: str | None = None
    """The rest of the spec, as JSON."""
    run: Callable[[Coroutine[Any, Any, None]], None] | None = None
    """Runs what takes a while; None: ``asyncio.run``."""


@click.group()
@click.version_option(package_name="jupyter-ci-manager")
def main() -> None:
    """Manage Azure Machine Learning compute instances."""


@main.command()
@click.option(
    "--port",
    default=0,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port on 127.0.0.1; 0 takes a free one.",
)
@click.option(
    "--speed",
    default=60.0,
    show_default=True,
    type=click.FloatRange(min=0, min_open=True),
    help="How many times faster than Azure instances are made, started and stopped.",
)
@click.option(
    "--instances",
    type=click.IntRange(min=0),
    help="Begin with this many instances instead of a small team's.",
)
@click.option("--empty", is_flag=True, help="Begin with no instances.")
@click.option(
    "--page-size",
    default=100,
    show_default=True,
    type=click.IntRange(min=1),
    help="Computes on one page of a list.",
)
@click.option("--tls", is_flag=True, help="Serve HTTPS with a certificate made for this run.")
@click.option(
    "--share",
    type=click.Path(file_okay=False, writable=True, path_type=Path),
    help="A directory that is the workspace's file share and stays; made where there is none.",
)
@click.option(
    "--run-scripts",
    is_flag=True,
    help="Really run setup scripts: on this machine and as you, not as root on an instance.",
)
def emulator(
    port: int,
    speed: float,
    instances: int | None,
    empty: bool,
    page_size: int,
    tls: bool,
    share: Path | None,
    run_scripts: bool,
) -> None:
    """Run an emulator of the Azure endpoints on this machine.

    When it is ready it prints one line of JSON with its url, the id of its workspace and the
    directory of the workspace's file share; with --tls also the path of the certificate to trust.
    """
    from .emulator.program import run

    if empty and instances:
        raise click.UsageError("--empty and --instances contradict each other.")
    run(
        tls=tls,
        port=port,
        speed=speed,
        instances=0 if empty else instances,
        page_size=page_size,
        share=share,
        run_scripts=run_scripts,
    )


@main.command()
@click.argument("name", required=False)
@click.option("--size", "vm_size", metavar="SIZE", help="Size of the VM: Standard_DS3_v2.")
@click.option(
    "--file",
    "template",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A template, *.ci.json, with all else that an instance can have.",
)
@click.option(
    "--setup-script",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A shell script of this machine that runs as root when the instance is created.",
)
@click.option(
    "--as",
    "kind",
    type=click.Choice(["arm", "az", "sdk", "magic"]),
    help="Print the same request in another language, and create nothing.",
)
@click.pass_obj
def create(
    around: Surroundings | None,
    name: str | None,
    vm_size: str | None,
    template: Path | None,
    setup_script: Path | None,
    kind: Literal["arm", "az", "sdk", "magic"] | None,
) -> None:
    """Create a compute instance, and follow it until it runs.

    NAME and --size go before what the template says.
    """
    import asyncio

    from . import creating
    from .errors import CiManagerError

    around = around or Surroundings()
    run = around.run or asyncio.run

    def say(text: str) -> None:
        click.echo(text, err=True)

    try:
        spec = creating.composed(
            name, vm_size, template=template, text=around.cell, setup_script=setup_script
        )
        missing = [
            what for what, value in (("NAME", spec.name), ("--size", spec.vm_size)) if not value
        ]
        if missing and kind is None:
            raise click.UsageError(f"Missing: {', '.join(missing)}.")
        if kind is not None:
            run(creating.show(spec, kind, out=click.echo, say=say))
        else:
            run(creating.create(spec, out=click.echo, say=say))
    except CiManagerError as error:
        hint = f"\n{error.body.hint}" if error.body.hint else ""
        raise click.ClickException(f"{error.message} ({error.body.code}){hint}") from None
    except KeyboardInterrupt:
        say("No longer waiting. What Azure was asked for goes on: see the panel, or the portal.")
        raise click.exceptions.Exit(INTERRUPTED) from None
