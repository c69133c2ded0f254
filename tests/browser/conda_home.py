"""Somebody who has no Conda, and whose ``.condarc`` names the tests' channel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.environments.channel.build import built_channel
from tests.environments.channel.serving import ChannelServer, serving


@dataclass(frozen=True)
class CondaHome:
    """Their home, and the channel that they make environments from."""

    path: Path
    channel: ChannelServer

    @property
    def envs(self) -> Path:
        """Where environments go that are made by name."""
        return self.path / "envs"

    @property
    def packages(self) -> Path:
        """Where downloaded packages go."""
        return self.path / "pkgs"

    @property
    def environment(self) -> dict[str, str]:
        """What their Jupyter server finds in its environment."""
        return {"HOME": str(self.path), "CONDA_EXE": "", "CONDARC": str(self.path / ".condarc")}


@contextmanager
def conda_home(path: Path) -> Iterator[CondaHome]:
    """Set the home up in an empty folder, and serve the channel."""
    with serving(built_channel()) as channel:
        home = CondaHome(path, channel)
        (path / ".condarc").write_text(
            f"channels: [{channel.url}]\nenvs_dirs: [{home.envs}]\npkgs_dirs: [{home.packages}]\n"
        )
        yield home
