"""Puts a table together from what the processes of a scan read and what the scan before knew."""

from __future__ import annotations

import errno
import os
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, chain
from operator import itemgetter
from typing import Any

from .scan_crew import CHANGED, GONE, SAME, Gathered, first_number
from .scan_table import Table


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
        self._names = [*before.names]
        for found in gathered.found:
            self._names += found.names
        self._parents = [-1] * len(self._names)

    def table(self) -> Table:
        order = self._order()
        table = Table(self._root)
        rows = [-1] * len(self._names)
        for folder, row in enumerate(order):
            rows[row] = folder
        pick = _picker(order)
        table.names = list(pick(self._names))
        table.parents = array("q", [-1, *_picker(pick(self._parents)[1:])(rows)])
        for name in ("signatures", "own", "files", "blocks", "newest"):
            column = getattr(self._before, name)[:]
            for found in self._found:
                column += getattr(found, name)
            setattr(table, name, array(column.typecode, pick(column)))
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

    def _order(self) -> list[int]:
        """The rows of all folders that are there, by levels and names."""
        inner = self._children()
        names = self._names
        root = self._now_at.get(0, 0)
        if root >= len(names) or (self._states and root == 0 and self._states[0] != SAME):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), self._root)
        order = [root]
        # It grows while it is gone through.
        for row in order:
            rows = inner.get(row)
            if rows is not None:
                if len(rows) > 1:
                    rows.sort(key=names.__getitem__)
                order += rows
        return order

    def _children(self) -> dict[int, list[int]]:
        inner: defaultdict[int, list[int]] = defaultdict(list)
        parents = self._parents
        for row, parent in chain(self._known(), self._new()):
            parents[row] = parent
            inner[parent].append(row)
        return inner

    def _known(self) -> Iterator[tuple[int, int]]:
        """The folders of the scan before that are still there, each with the one it is in.

        One in a folder that was read again is there if it was seen there, too: what leads to it may
        have become a link to somewhere else.
        """
        now_at, states = self._now_at, self._states
        kept = {folder for found in self._found for folder in found.kept}
        for folder, parent in enumerate(self._before.parents):
            state = states[folder]
            if folder == 0 or state == GONE or (state == CHANGED and folder not in now_at):
                continue
            if states[parent] == SAME:
                yield now_at.get(folder, folder), parent
            elif folder in kept and parent in now_at:
                yield now_at.get(folder, folder), now_at[parent]

    def _new(self) -> Iterator[tuple[int, int]]:
        offsets = self._offsets
        for base, found in zip(self._bases, self._found, strict=False):
            for row, (number, replaced) in enumerate(
                zip(found.parents, found.replaces, strict=True), base
            ):
                if replaced < 0 and number >= 0:
                    yield row, number + offsets[(number >> 40) - 1]

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


def _picker(rows: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Takes these rows of a column, at the speed of C."""
    if len(rows) < 2:
        return lambda column: [column[row] for row in rows]
    return itemgetter(*rows)
