"""What a file that describes an environment comes to. It knows no format of files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

SpecificationKind = Literal[
    "environment.yml", "requirements", "explicit", "export", "conda-lock", "pixi-lock"
]


@dataclass(frozen=True)
class Specification:
    """Packages and what else a file asks for."""

    kind: SpecificationKind
    name: str | None = None
    """What the file would call the environment: a proposal, and not checked."""
    channels: tuple[str, ...] = ()
    """In their order; ``nodefaults`` among them means that no others are added."""
    specs: tuple[str, ...] = ()
    explicit: tuple[str, ...] = ()
    """Instead of specs: addresses of packages with ``#`` and a checksum."""
    pip: tuple[str, ...] = ()
    """Lines of a requirements file."""
    pip_without_dependencies: bool = False
    """All that pip needs is listed: ``--no-deps``."""
    variables: dict[str, str] = field(default_factory=dict)
    """What activation sets."""
    warnings: tuple[str, ...] = ()
    """What of the file is not followed, in sentences."""
