"""Figures of a benchmark as a table, and the promise that they are held against."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO


@dataclass(frozen=True)
class Figure:
    """One row: what was measured, against what, and what was promised."""

    what: str
    ours: str
    reference: str
    ratio: str
    promise: str
    kept: bool | None = None
    """None where the row has no promise of its own."""


@dataclass
class Report:
    """The figures of one benchmark."""

    title: str
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, figure: Figure) -> None:
        self.figures.append(figure)

    def markdown(self) -> str:
        """A table for people and for the README."""
        head = ["what", "ours", "reference", "ratio", "promise", "kept"]
        rows = [
            [each.what, each.ours, each.reference, each.ratio, each.promise, _verdict(each.kept)]
            for each in self.figures
        ]
        lines = [f"### {self.title}", "", _line(head), _line(["---"] * len(head))]
        lines += [_line(row) for row in rows]
        return "\n".join([*lines, "", *(f"- {note}" for note in self.notes), ""])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _verdict(kept: bool | None) -> str:
    return {True: "yes", False: "**no**", None: ""}[kept]


def milliseconds(seconds: Sequence[float]) -> str:
    """The median of some durations, and their range."""
    ordered = sorted(value * 1000 for value in seconds)
    middle = statistics.median(ordered)
    return f"{middle:.1f} ms ({ordered[0]:.1f} to {ordered[-1]:.1f})"


@contextmanager
def log_file(folder: str) -> Iterator[IO[str]]:
    """Where the servers of a benchmark write; it goes with the folder."""
    with (Path(folder) / "servers.log").open("w+") as log:
        yield log
