"""Services for whoever is no server: configured by the environment, as a notebook or a shell is.

They share the journal of operations with the servers of the same user. It knows no face.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir

from . import __version__
from .configuration import AZURE_ENDPOINT, Configuration, lab_settings_folder
from .services import Services, build_services


@asynccontextmanager
async def local_services(environ: Mapping[str, str] = os.environ) -> AsyncIterator[Services]:
    """Services for the workspace of the current folder; closed at the end."""
    services = build_services(
        Configuration(
            root=Path.cwd(),
            data=Path(jupyter_data_dir()) / "ci-manager",
            settings=lab_settings_folder(environ),
            version=__version__,
            endpoint=environ.get("JUPYTER_CI_ENDPOINT") or AZURE_ENDPOINT,
            check_script_logs=False,
        )
    )
    try:
        yield services
    finally:
        await services.close()
