"""What there is to choose from for a new instance: networks, identities, keys, files, scripts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, field

from .base import ErrorBody, Wire


class Subnet(Wire, frozen=True):
    """A subnet of a virtual network."""

    id: str
    name: str
    address_prefix: str | None = None


class VirtualNetwork(Wire, frozen=True):
    """A virtual network of the subscription."""

    id: str
    name: str
    resource_group: str
    location: str
    subnets: list[Subnet] = field(default_factory=list)


class VirtualNetworkList(Wire, frozen=True):
    """The virtual networks of the workspace's region."""

    items: list[VirtualNetwork]
    error: ErrorBody | None = None
    """Why they cannot be listed; an id can be given all the same."""


class ManagedIdentity(Wire, frozen=True):
    """A user-assigned managed identity."""

    id: str
    name: str
    resource_group: str
    client_id: str | None = None


class ManagedIdentityList(Wire, frozen=True):
    """The user-assigned managed identities of the subscription."""

    items: list[ManagedIdentity]
    error: ErrorBody | None = None
    """Why they cannot be listed; an id can be given all the same."""


class SshKey(Wire, frozen=True):
    """A public key in the server user's ``~/.ssh``."""

    name: str
    """Of its file."""
    public_key: str
    type: str
    """Such as ``ssh-rsa``."""
    fingerprint: str
    """``SHA256:…``, as ssh-keygen writes it."""
    comment: str | None = None


class SshKeyList(Wire, frozen=True):
    """The public keys of the user whom the Jupyter server runs as."""

    items: list[SshKey]
    folder: str


class MakeSshKey(Wire, frozen=True):
    """Body of ``POST ssh-keys``: the private part stays on the server's machine."""

    name: Annotated[str, Meta(min_length=1, max_length=64)]
    """Of the new files in ``~/.ssh``; one that exists is never overwritten."""


class ShareEntry(Wire, frozen=True):
    """A file or folder of the notebook share."""

    name: str
    path: str
    kind: Literal["folder", "file"]
    size_bytes: int | None = None
    modified_at: datetime | None = None


class ShareFolder(Wire, frozen=True):
    """A folder of the notebook share."""

    path: str
    items: list[ShareEntry]
    truncated: bool = False


class ScriptFinding(Wire, frozen=True):
    """What a setup script would trip over."""

    code: str
    severity: Literal["error", "warning", "info"]
    message: str
    source: Literal["azure", "shellcheck", "bash"]
    """``bash`` only where there is no shellcheck: its own check of the syntax."""
    hint: str | None = None
    line: int | None = None
    """Counted from 1; None: the script as a whole."""
    column: int | None = None


class ScriptLint(Wire, frozen=True):
    """All that is found in a setup script, by line."""

    findings: list[ScriptFinding]
    shellcheck: str | None = None
    """Version of the shellcheck that looked; None where there is none."""


ScriptText = Annotated[str, Meta(max_length=512 * 1024)]


class LintScript(Wire, frozen=True):
    """Body of ``POST setup-scripts/lint``."""

    text: ScriptText
    file_name: Annotated[str, Meta(max_length=1024)] | None = None
    arguments: Annotated[str, Meta(max_length=4096)] | None = None


class DryRunScript(Wire, frozen=True):
    """Body of ``POST setup-scripts/dry-run``: run it here, in a scratch folder."""

    text: Annotated[str, Meta(min_length=1, max_length=512 * 1024)]
    arguments: Annotated[str, Meta(max_length=4096)] | None = None
    instance: Annotated[str, Meta(max_length=256)] = ""
    """What ``CI_NAME`` is."""
    timeout_minutes: Annotated[int, Meta(ge=1, le=60)] = 15


class StarterScript(Wire, frozen=True):
    """A setup script to begin with."""

    id: str
    title: str
    description: str
    phase: Literal["creation", "startup"]
    text: str
    arguments: str | None = None


class StarterScriptList(Wire, frozen=True):
    """The gallery of setup scripts."""

    items: list[StarterScript]
