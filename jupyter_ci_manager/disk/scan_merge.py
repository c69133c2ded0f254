"""Puts a table together from what the processes of a scan read and what the scan before knew."""

from __future__ import annotations

import errno
import os
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import accumulate
from typing import TypeVar

from .scan_crew import CHANGED, GONE, SAME, Gathered, first_number
from .scan_table import Table

_Column = TypeVar("_Column", list[int], list[str], "array[int]", "array[float]")
_NOT_SAME = re.compile(b"[^" + re.escape(bytes([SAME])) + b"]", re.DOTALL)


class LinksUnknown(Exception):
    """A file got a further hard link, and which folder has its first one is not known."""


def merge(root: str, before: Table | None, gathered: Gathered) -> Table:
    """The table of the disk as it is now, not yet added up.

    Raises LinksUnknown where only reading everything tells what counts once, and FileNotFoundError
    where the root has gone meanwhile.
    """
    return _Merge(root, before or Table(root), gathered).table()


class _Merge:
    """All rows in one numbering: first those of the scan before, then what each process found."""

    def __init__(self, root: str, before: Table, gathered: Gathered) -> None:
        self._root = root
        self._before = before
        self._states = gathered.states
        self._found = gathered.found
        sizes = [len(before), *(len(found.names) for found in gathered.found)]
        self._bases = list(accumulate(sizes))
        # What is added to a folder's number makes it a row, by the reader whose number it is.
        self._offsets = [base - first_number(reader) for reader, base in enumerate(self._bases)]
        self._now_at: dict[int, int] = {}
        """Where the new row is of a folder that was read again."""
        for base, found in zip(self._bases, self._found, strict=False):
            if self._states:
                self._now_at |= {
                    replaced: row
                    for row, replaced in enumerate(found.replaces, base)
                    if replaced >= 0
                }
        self._replaced = {row: folder for folder, row in self._now_at.items()}
        self._kept = {folder for found in gathered.found for folder in found.kept}
        self._names = [*before.names]
        for found in gathered.found:
            self._names += found.names
        self._parents = [*before.parents]
        self._parents += [-1] * (len(self._names) - len(before))

    def table(self) -> Table:
        order = self._order()
        table = Table(self._root)
        rows = order.places(len(self._names))
        table.names = order.take(self._names)
        parents = order.take(self._parents)
        table.parents = array("q", [-1, *(rows[parent] for parent in parents[1:])])
        for name in ("signatures", "own", "files", "blocks", "newest"):
            column = getattr(self._before, name)[:]
            for found in self._found:
                column += getattr(found, name)
            setattr(table, name, order.take(column))
        self._bring_large(table, rows)
        self._bring_links(table, rows)
        self._mark_torn(table, rows)
        for base, found in zip(self._bases, self._found, strict=False):
            table.unreadable += (
                rows[base + local] for local in found.unreadable if rows[base + local] >= 0
            )
            table.skipped += found.elsewhere
        return table

    # --- folders ------------------------------------------------------------------------------

    def _order(self) -> _Order:
        """The rows of all folders that are there, each before what is below it, by names."""
        names, parents, before = self._names, self._parents, self._before
        torn, new = self._torn(), self._new()
        root = self._now_at.get(0, 0)
        if root >= len(names) or (self._states and root == 0 and self._states[0] != SAME):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), self._root)
        order = _Order()
        ahead = [root]
        while ahead:
            row = ahead.pop()
            if row < len(before) and row not in torn:
                order.add(row, before.ends[row])
                continue
            order.add(row, row + 1)
            inner = [*self._still_in(row), *new.get(row, ())]
            if len(inner) > 1:
                inner.sort(key=names.__getitem__, reverse=True)
            for each in inner:
                parents[each] = row
            ahead += inner
        return order

    def _torn(self) -> set[int]:
        """The folders of the scan before that are not, with all below, as they were."""
        torn: set[int] = set()
        parents = self._before.parents
        for other in _NOT_SAME.finditer(self._states):
            folder = other.start()
            while folder >= 0 and folder not in torn:
                torn.add(folder)
                folder = parents[folder]
        return torn

    def _still_in(self, row: int) -> Iterator[int]:
        """The rows of the folders that the scan before found in a folder, and that are there.

        One in a folder that was read again is there if it was seen there, too: what leads to it may
        have become a link to somewhere else.
        """
        known, now_at, states = len(self._before), self._now_at, self._states
        folder = row if row < known else self._replaced.get(row)
        if folder is None:
            return
        for inner in self._before.inner(folder):
            if states[inner] == GONE or (states[inner] == CHANGED and inner not in now_at):
                continue
            if row < known or inner in self._kept:
                yield now_at.get(inner, inner)

    def _new(self) -> dict[int, list[int]]:
        """The rows of the folders that the scan before did not find, by that of the one above."""
        new: defaultdict[int, list[int]] = defaultdict(list)
        offsets = self._offsets
        for base, found in zip(self._bases, self._found, strict=False):
            for row, (number, replaced) in enumerate(
                zip(found.parents, found.replaces, strict=True), base
            ):
                if replaced < 0 and number >= 0:
                    new[number + offsets[(number >> 40) - 1]].append(row)
        return new

    def _mark_torn(self, table: Table, rows: list[int]) -> None:
        """Have read again next time what changed between two looks at it."""
        for found in self._found:
            for folder in found.kept:
                there = self._now_at.get(folder, folder)
                if rows[there] < 0:
                    parent = self._now_at.get(self._before.parents[folder])
                    if parent is not None and rows[parent] >= 0:
                        table.signatures[rows[parent]] = 0

    # --- files --------------------------------------------------------------------------------

    def _bring_large(self, table: Table, rows: list[int]) -> None:
        before, large = self._before.large, table.large
        grown = {row: (size, time) for found in self._found for row, size, time in found.grown}
        self._grown_links: dict[int, int] = {}
        brought: list[tuple[int, int, str, float, int]] = []
        for row, folder in enumerate(before.folders):
            if rows[folder] < 0:
                continue
            at, blocks, time = rows[folder], before.blocks[row], before.times[row]
            key = before.keys[row]
            if row in grown:
                more = grown[row][0] - blocks
                blocks, time = grown[row]
                if key:
                    self._grown_links[key] = blocks
                else:
                    table.blocks[at] += more
                table.newest[at] = max(table.newest[at], time)
            brought.append((at, blocks, before.names[row], time, key))
        for base, found in zip(self._bases, self._found, strict=False):
            brought += (
                (rows[base + local], blocks, name, time, key)
                for local, blocks, name, time, key in zip(
                    found.large_folders,
                    found.large_blocks,
                    found.large_names,
                    found.large_times,
                    found.large_keys,
                    strict=True,
                )
                if rows[base + local] >= 0
            )
        brought.sort(key=lambda each: (each[0], -each[1], each[2]))
        large.folders = array("q", [each[0] for each in brought])
        large.blocks = array("q", [each[1] for each in brought])
        large.names = [each[2] for each in brought]
        large.times = array("d", [each[3] for each in brought])
        large.keys = array("Q", [each[4] for each in brought])

    def _bring_links(self, table: Table, rows: list[int]) -> None:
        before, links, now = self._before.links, table.links, self._grown_links
        if self._states:
            for found in self._found:
                now.update(zip(found.link_keys, found.link_blocks, strict=True))
        for folder, key, blocks, count in zip(
            before.folders, before.keys, before.blocks, before.counts, strict=True
        ):
            if rows[folder] >= 0:
                links.folders.append(rows[folder])
                links.keys.append(key)
                links.blocks.append(now.get(key, blocks))
                links.counts.append(count)
        fresh: dict[int, int] = {}
        for base, found in zip(self._bases, self._found, strict=False):
            for local, key, blocks, count in zip(
                found.link_folders,
                found.link_keys,
                found.link_blocks,
                found.link_counts,
                strict=True,
            ):
                if rows[base + local] >= 0:
                    links.folders.append(rows[base + local])
                    links.keys.append(key)
                    links.blocks.append(blocks)
                    links.counts.append(count)
                    if self._states:
                        fresh[key] = count
        if fresh:
            self._check_links(table, fresh)

    def _check_links(self, table: Table, fresh: dict[int, int]) -> None:
        """See that each file whose links were read now has as many unseen ones as before at most.

        Its first link may be in a folder that did not change, where it still counts as the file's
        only one. Links that lie outside of the root have been unseen all along.
        """
        seen = Counter(key for key in table.links.keys if key in fresh)
        unseen_before: dict[int, int] = {}
        links = self._before.links
        for key, count in zip(links.keys, links.counts, strict=True):
            if key in fresh:
                unseen_before[key] = max(unseen_before.get(key, 0), count)
        for key in links.keys:
            if key in unseen_before:
                unseen_before[key] -= 1
        for key, count in fresh.items():
            if count - seen[key] > max(0, unseen_before.get(key, 0)):
                raise LinksUnknown


class _Order:
    """Which row comes when: runs of rows that follow each other, as most of a rescan's do."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._stops: list[int] = []

    def add(self, start: int, stop: int) -> None:
        """Have these rows come next."""
        if self._stops and self._stops[-1] == start:
            self._stops[-1] = stop
        else:
            self._starts.append(start)
            self._stops.append(stop)

    def take(self, column: _Column) -> _Column:
        """The rows of a column, in this order."""
        taken = column[:0]
        for start, stop in zip(self._starts, self._stops, strict=True):
            taken += column[start:stop]
        return taken

    def places(self, size: int) -> list[int]:
        """Where each row comes; -1 for one that does not."""
        places, at = [-1] * size, 0
        for start, stop in zip(self._starts, self._stops, strict=True):
            places[start:stop] = range(at, at + stop - start)
            at += stop - start
        return places
