"""The XML of Azure Files: a page of a directory, and errors. Knows neither HTTP nor the disk.

Elements and attributes: "List Directories and Files" (learn.microsoft.com).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from .share import Entry

MAX_RESULTS = 5000


def timestamp(moment: datetime) -> str:
    """Seven decimals, as ``x-ms-file-last-write-time`` is written."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}0Z"


def error_document(
    code: str, message: str, request_id: str, extra: Mapping[str, str] | None = None
) -> bytes:
    """``<Error>`` with its code, its message and what else there is to say."""
    now = datetime.now(timezone.utc)
    error = ET.Element("Error")
    ET.SubElement(error, "Code").text = code
    text = f"{message}\nRequestId:{request_id}\nTime:{timestamp(now)}"
    ET.SubElement(error, "Message").text = text
    for name, value in (extra or {}).items():
        ET.SubElement(error, name).text = _as_text(value)
    return _serialized(error)


def listing_document(
    children: Sequence[Entry],
    *,
    endpoint: str,
    share: str,
    path: str,
    prefix: str,
    marker: str,
    most: int,
    include: Sequence[str],
    extended: bool,
) -> bytes:
    """One page of a directory; a marker is the name that the page begins with."""
    matching = [each for each in children if each.name.casefold().startswith(prefix.casefold())]
    first = next(
        (n for n, each in enumerate(matching) if each.name.casefold() >= marker.casefold()),
        len(matching),
    )
    page = matching[first : first + most]
    following = matching[first + most : first + most + 1]
    results = ET.Element(
        "EnumerationResults",
        ServiceEndpoint=endpoint,
        ShareName=share,
        DirectoryPath=_as_text(path),
    )
    if marker:
        ET.SubElement(results, "Marker").text = _as_text(marker)
    ET.SubElement(results, "Prefix").text = _as_text(prefix)
    ET.SubElement(results, "MaxResults").text = str(most)
    entries = ET.SubElement(results, "Entries")
    for entry in page:
        entries.append(_element(entry, include, extended=extended))
    ET.SubElement(results, "NextMarker").text = following[0].name if following else None
    return _serialized(results)


def _element(entry: Entry, include: Sequence[str], *, extended: bool) -> ET.Element:
    element = ET.Element("Directory" if entry.is_directory else "File")
    if extended:
        ET.SubElement(element, "FileId").text = entry.file_id
    ET.SubElement(element, "Name").text = entry.name
    properties = ET.SubElement(element, "Properties")
    if not entry.is_directory:
        ET.SubElement(properties, "Content-Length").text = str(entry.size)
    if "timestamps" in include:
        ET.SubElement(properties, "CreationTime").text = timestamp(entry.created_at)
        ET.SubElement(properties, "LastAccessTime").text = timestamp(entry.written_at)
        ET.SubElement(properties, "LastWriteTime").text = timestamp(entry.written_at)
        ET.SubElement(properties, "ChangeTime").text = timestamp(entry.changed_at)
        modified = format_datetime(entry.written_at, usegmt=True)
        ET.SubElement(properties, "Last-Modified").text = modified
    if "etag" in include:
        ET.SubElement(properties, "Etag").text = entry.etag
    if "attributes" in include:
        attributes = "Directory" if entry.is_directory else "Archive"
        ET.SubElement(element, "Attributes").text = attributes
    return element


def _as_text(value: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(each if each.isprintable() or each in "\t\n" else "\ufffd" for each in value)


def _serialized(element: ET.Element) -> bytes:
    document: bytes = ET.tostring(element, encoding="utf-8", xml_declaration=True)
    return document
