"""Hands a program the tokens and passwords of its channels without any of them being an argument.

Everybody on the machine can read arguments. conda looks up what an address lacks: tokens where
anaconda-client keeps them, passwords in a netrc file; so it gets such files of its own, beside what
the user has there. It knows nothing of what the channels are for. All of it blocks.

Sources: ``gateways/connection/session.py`` and ``gateways/anaconda_client.py`` of conda 26.7, tried
with both of its solvers; a channel of channels in ``.condarc`` loses its tokens in one of them.
"Configuration", mamba documentation, which has no such files (not tried).
"""

from __future__ import annotations

import json
import netrc
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote_plus, unquote, urlsplit

from ..errors import ChannelUnreachable
from ..models import EngineName
from .anaconda_tokens import read_tokens
from .masking import masked, without_secrets

OUR_CHANNELS = "ci-manager-channels"
"""What channels with tokens are called together, for mamba."""

_TOKEN = re.compile(r"/t/([^/?#]+)")
_WORD = re.compile(r"[^\s\"'\\#][^\s\"'\\]*")
"""What every reader of netrc files takes as it is."""


class ChannelAccess:
    """Files that only this user can read, in a folder of the work."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "access"
        self._tokens = self._folder / "data"
        self._netrc = self._folder / "netrc"
        self._mambarc = self._folder / "mambarc.yml"

    def prepare(
        self, program: EngineName, addresses: Sequence[str], environ: Mapping[str, str]
    ) -> list[str]:
        """What to call the channels. Raises ChannelUnreachable for a password that fits nowhere."""
        plain = [without_secrets(address) for address in addresses]
        if plain == list(addresses):
            return plain
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if program != "conda":
            # In these files the values of variables are put in. JSON is YAML, too.
            quoted = [address.replace("$", "%24") for address in addresses]
            write_private(
                self._mambarc, json.dumps({"custom_multichannels": {OUR_CHANNELS: quoted}})
            )
            return [OUR_CHANNELS]
        self._write_tokens(addresses, environ)
        self._write_netrc(addresses, environ)
        return plain

    def variables(self) -> dict[str, str]:
        """Where the program finds them; none where there are none."""
        found = {}
        if self._tokens.is_dir():
            found = {"BINSTAR_CONFIG_DIR": str(self._folder), "CONDA_ADD_ANACONDA_TOKEN": "true"}
        if self._netrc.is_file():
            found["NETRC"] = str(self._netrc)
        if self._mambarc.is_file():
            found["MAMBARC"] = str(self._mambarc)
        return found

    def _write_tokens(self, addresses: Sequence[str], environ: Mapping[str, str]) -> None:
        tokens = {
            without_secrets(address): found.group(1)
            for address in addresses
            if (found := _TOKEN.search(urlsplit(address).path))
        }
        if not tokens:
            return
        self._tokens.mkdir(mode=0o700, exist_ok=True)
        own = read_tokens(environ, _home(environ))
        for address, token in {**own, **tokens}.items():
            # Without a slash at its end: conda compares the beginnings of addresses.
            name = quote_plus(address.rstrip("/"))
            write_private(self._tokens / f"{name}.token", token)

    def _write_netrc(self, addresses: Sequence[str], environ: Mapping[str, str]) -> None:
        machines = {}
        for address in addresses:
            parts = urlsplit(address)
            if parts.hostname and parts.username and parts.password:
                words = (parts.hostname, unquote(parts.username), unquote(parts.password))
                if not all(map(_WORD.fullmatch, words)):
                    raise ChannelUnreachable(
                        f"The password of {masked(address)} has characters that conda can only be "
                        "told in its own configuration.",
                        hint="Write the channel into .condarc, and leave the channels here empty.",
                    )
                machines[parts.hostname] = "machine {} login {} password {}\n".format(*words)
        if machines:
            # Of two entries for a machine the last one holds.
            write_private(self._netrc, "".join([_own_netrc(environ), *machines.values()]))


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ["HOME"]) if environ.get("HOME") else Path.home()


def _own_netrc(environ: Mapping[str, str]) -> str:
    """What the user's own file says, where it can be read: a broken one would break ours."""
    named = environ.get("NETRC")
    path = Path(named).expanduser() if named else _home(environ) / ".netrc"
    try:
        netrc.netrc(path)
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError, netrc.NetrcParseError):
        return ""
    # A macro ends with an empty line.
    return f"{text}\n\n"


def write_private(path: Path, text: str) -> None:
    """A file that nobody else can read. Blocking."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
