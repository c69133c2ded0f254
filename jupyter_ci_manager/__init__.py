"""The hooks that Jupyter and IPython look for; knows where things are and imports none of them."""

from __future__ import annotations

from typing import Any

from jupyter_ci_manager._version import __version__

__all__ = ["__version__"]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where the built panel is, for ``jupyter labextension develop``."""
    return [{"src": "labextension", "dest": "jupyter-ci-manager"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """The server extension, for ``jupyter server``.

    The application is imported here and not at the top: whoever only asks for the version or for
    the command line does not pay for Jupyter Server.
    """
    from jupyter_ci_manager.app import CiManagerApp

    return [{"module": "jupyter_ci_manager.app", "app": CiManagerApp}]


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext jupyter_ci_manager``: the magics ``%ci`` and ``%%ci``."""
    from jupyter_ci_manager.magics import register

    register(shell)
