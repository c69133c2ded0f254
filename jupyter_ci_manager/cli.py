"""``jupyter ci``: commands over the package's services, each imported when it is asked for."""

from __future__ import annotations

from pathlib import Path

import click


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
