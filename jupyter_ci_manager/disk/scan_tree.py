"""What people are told of a scan: the tree without what is small, consumers, what changed.

Its size does not depend on how much there is on the disk. It makes the JSON of ``ScanResult`` and
``ScanChange`` as plain documents, as the process that scans does not import the models.
"""

from __future__ import annotations

import heapq
import math
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from typing import Any

from .paths import name_of, uri_of
from .scan_consumers import Found
from .scan_table import Table
from .scan_walk import BLOCK_BYTES

MAX_CHILDREN = 40
"""Of one folder; all else is its ``rest``."""
MAX_NODES = 3000
MAX_TEXT = 600_000
"""Characters of names and URIs in the tree, which has about as many again of figures."""
MAX_CONSUMERS = 100
MAX_CONSUMERS_OF_KIND = 30
MAX_LISTED = 100
MAX_CHANGES = 20
SMALLEST_SHARE = 1 / 5000
"""Of the total: what is smaller is not shown one by one."""
SMALLEST_CHANGE_BYTES = 1024 * 1024

Document = dict[str, Any]


def time_of(seconds: float) -> str | None:
    """RFC 3339; None for no time at all and for one that no calendar has."""
    if not seconds or not math.isfinite(seconds):
        return None
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).isoformat()
    except (OverflowError, OSError, ValueError):
        return None


def _uri(path: str) -> str:
    return uri_of(os.fsencode(path))


def _name(path: str) -> str:
    return name_of(os.fsencode(path))


def describe(table: Table, found: Sequence[Found], *, vanished: int) -> Document:
    """The result, without the times and figures of the scan as a whole."""
    unreadable = [_name(table.path(folder)) for folder in table.unreadable[:MAX_LISTED]]
    return {
        "root_uri": _uri(table.root),
        "tree": _Tree(table, found).document(),
        "consumers": _consumers(table, found),
        "bytes": table.total_blocks[0] * BLOCK_BYTES,
        "files": table.total_files[0],
        "directories": table.total_folders[0],
        "unreadable": unreadable,
        "unreadable_count": len(table.unreadable),
        "skipped_mounts": sorted({_name(path) for path in table.skipped})[:MAX_LISTED],
        "vanished": vanished,
    }


# --- the tree ---------------------------------------------------------------------------------


class _Tree:
    """The largest folders and files, each folder opened as long as there is room for more."""

    def __init__(self, table: Table, found: Sequence[Found]) -> None:
        self._table = table
        self._smallest = table.total_blocks[0] * SMALLEST_SHARE
        self._kinds = {each.folder: each.kind for each in found if each.file is None}
        self._file_kinds = {each.file: each.kind for each in found if each.file is not None}
        self._room = MAX_TEXT

    def document(self) -> Document:
        table = self._table
        root = self._folder(0, table.root, _name(table.root))
        nodes = 1
        closed = [(-table.total_blocks[0], 0, table.root, root)]
        while closed and nodes < MAX_NODES and self._room > 0:
            _, folder, path, node = heapq.heappop(closed)
            inner = self._open(folder, path, node)
            nodes += len(node["children"])
            for each in inner:
                heapq.heappush(closed, each)
        return root

    def _open(self, folder: int, path: str, node: Document) -> list[tuple[int, int, str, Document]]:
        """Give a node its children; those that are folders, to be opened in their turn."""
        table = self._table
        shown = heapq.nlargest(
            MAX_CHILDREN,
            (each for each in self._contents(folder) if each[0] >= self._smallest and each[0] > 0),
        )
        prefix = path.rstrip("/") + "/"
        children: list[Document] = []
        inner = []
        for blocks, inner_folder, row in shown:
            name = table.large.names[row] if row >= 0 else table.names[inner_folder]
            inner_path = prefix + name
            if row >= 0:
                children.append(self._file(row, blocks, inner_path, _name(name)))
            else:
                child = self._folder(inner_folder, inner_path, _name(name))
                children.append(child)
                inner.append((-blocks, inner_folder, inner_path, child))
            self._room -= len(children[-1]["uri"]) + len(children[-1]["name"])
        node["children"] = children + _rest(node, children)
        return inner

    def _contents(self, folder: int) -> Iterator[tuple[int, int, int]]:
        """Blocks, folder, and row of the file or -1, of all in a folder that is known by itself."""
        table = self._table
        for inner in table.inner(folder):
            yield table.total_blocks[inner], inner, -1
        told: set[int] = set()
        large = table.large
        for row in large.inside(folder):
            key = large.keys[row]
            if not key or (large.counts_in.get(key) == folder and key not in told):
                told.add(key)
                yield large.blocks[row], folder, row

    def _folder(self, folder: int, path: str, name: str) -> Document:
        table = self._table
        return {
            "name": name,
            "uri": _uri(path),
            "kind": "directory",
            "bytes": table.total_blocks[folder] * BLOCK_BYTES,
            "files": table.total_files[folder],
            # Itself is not in it.
            "directories": table.total_folders[folder] - 1,
            "modified_at": time_of(table.total_newest[folder]),
            "consumer": self._kinds.get(folder),
            "children": [],
        }

    def _file(self, row: int, blocks: int, path: str, name: str) -> Document:
        return {
            "name": name,
            "uri": _uri(path),
            "kind": "file",
            "bytes": blocks * BLOCK_BYTES,
            "files": 1,
            "directories": 0,
            "modified_at": time_of(self._table.large.times[row]),
            "consumer": self._file_kinds.get(row),
            "children": [],
        }


def _rest(node: Document, shown: Sequence[Document]) -> list[Document]:
    """What is in a folder beside what is shown, as one node; the folder's own blocks are in it."""
    if not shown:
        return []
    bytes_, files, directories = (
        node[name] - sum(each[name] for each in shown) for name in ("bytes", "files", "directories")
    )
    directories -= sum(each["kind"] == "directory" for each in shown)
    if not (bytes_ or files or directories):
        return []
    return [
        {
            "name": "",
            "uri": None,
            "kind": "rest",
            "bytes": bytes_,
            "files": files,
            "directories": directories,
            "modified_at": None,
            "consumer": None,
            "children": [],
        }
    ]


# --- consumers --------------------------------------------------------------------------------


def _consumers(table: Table, found: Sequence[Found]) -> list[Document]:
    folders = {each.folder: each for each in found if each.file is None}
    blocks = {folder: table.total_blocks[folder] for folder in folders}
    files = {folder: table.total_files[folder] for folder in folders}
    for folder in folders:
        above = _nearest(table, folder, folders)
        if above is not None:
            # Each counts what is in it and in no consumer within it.
            blocks[above] -= table.total_blocks[folder]
            files[above] -= table.total_files[folder]
    documents = [
        _consumer(
            each,
            table.path(folder),
            blocks[folder],
            files[folder],
            table.total_newest[folder],
            table.shared_blocks[folder],
        )
        for folder, each in folders.items()
        if blocks[folder] > 0 or table.shared_blocks[folder] > 0
    ]
    large = table.large
    for each in found:
        if each.file is not None and _nearest(table, each.folder, folders, itself=True) is None:
            path = f"{table.path(each.folder).rstrip('/')}/{large.names[each.file]}"
            row = each.file
            documents.append(_consumer(each, path, large.blocks[row], 1, large.times[row], 0))
    documents.sort(key=lambda each: (-each["bytes"], each["uri"]))
    told: Counter[str] = Counter()
    shown = []
    for each_document in documents:
        told[each_document["kind"]] += 1
        if told[each_document["kind"]] <= MAX_CONSUMERS_OF_KIND:
            shown.append(each_document)
    return shown[:MAX_CONSUMERS]


def _nearest(
    table: Table, folder: int, folders: dict[int, Found], *, itself: bool = False
) -> int | None:
    """The consumer that a folder is in."""
    if not itself:
        folder = table.parents[folder]
    while folder >= 0 and folder not in folders:
        folder = table.parents[folder]
    return folder if folder >= 0 else None


def _consumer(
    found: Found, path: str, blocks: int, files: int, newest: float, shared: int
) -> Document:
    return {
        "kind": found.kind,
        "name": _name(found.name or path),
        "uri": _uri(path),
        "bytes": blocks * BLOCK_BYTES,
        "files": files,
        "modified_at": time_of(newest),
        "shared_bytes": shared * BLOCK_BYTES,
    }


# --- what changed -----------------------------------------------------------------------------


def changes(before: Table, now: Table) -> list[Document]:
    """The folders that explain most of what changed: the deepest ones, largest change first."""
    smallest = SMALLEST_CHANGE_BYTES // BLOCK_BYTES
    found: list[tuple[int, str, int, int]] = []
    pairs: list[tuple[str, int, int]] = [(now.root, 0, 0)]
    while pairs:
        path, was, is_ = pairs.pop()
        unexplained = now.total_blocks[is_] - before.total_blocks[was]
        prefix = path.rstrip("/") + "/"
        then, today = before.named_in(was), now.named_in(is_)
        for name in then.keys() | today.keys():
            old = before.total_blocks[then[name]] if name in then else 0
            new = now.total_blocks[today[name]] if name in today else 0
            if abs(new - old) < smallest:
                continue
            unexplained -= new - old
            if name in then and name in today:
                pairs.append((prefix + name, then[name], today[name]))
            else:
                found.append((abs(new - old), prefix + name, old, new))
        if abs(unexplained) >= smallest:
            old, new = before.total_blocks[was], now.total_blocks[is_]
            found.append((abs(unexplained), path, old, new))
    found.sort(key=lambda each: (-each[0], each[1]))
    return [
        {
            "name": _name(path),
            "uri": _uri(path),
            "bytes_before": old * BLOCK_BYTES,
            "bytes": new * BLOCK_BYTES,
        }
        for _, path, old, new in found[:MAX_CHANGES]
    ]
