"""Template files, ``*.ci.json``: a spec to begin with, to keep and to share.

A file may come from anybody: what it says is data, and becomes a draft that somebody looks at.
"""

from __future__ import annotations

import logging
import os
import re
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from ..errors import InvalidTemplate
from ..models import InstanceSpec, SpecTemplate
from .source_text import json_text

END = ".ci.json"
VERSION = 1
MAX_BYTES = 512 * 1024
MAX_TEMPLATES = 200
"""In a folder; more is no choice for anybody."""
SCHEMA_KEY = "$schema"
T = TypeVar("T", SpecTemplate, InstanceSpec)

_AT = re.compile(r"`\$\.(?P<path>[^`]+)`")


def template_from_text(text: str) -> SpecTemplate:
    """What a template file says. Raises InvalidTemplate, whose details name the field."""
    document = _decoded(text)
    if not isinstance(document, dict):
        raise InvalidTemplate("A template is an object of JSON, and this is none.")
    version = document.get("version", VERSION)
    if type(version) is int and version > VERSION:
        raise InvalidTemplate(
            f"The template has version {version}; this extension knows {VERSION}.",
            hint="Upgrade the extension jupyter-ci-manager.",
        ).about("version")
    document.pop(SCHEMA_KEY, None)
    return _converted(document, SpecTemplate)


def spec_from_text(text: str) -> InstanceSpec:
    """A spec alone, as the magic has it. Raises InvalidTemplate."""
    return _converted(_decoded(text), InstanceSpec)


def _converted(document: Any, model: type[T]) -> T:
    try:
        return msgspec.convert(document, model)
    except msgspec.ValidationError as error:
        at = _AT.search(str(error))
        details = {"field": at["path"].replace("[", ".").replace("]", "")} if at else None
        raise InvalidTemplate(f"The template is not valid: {error}.", details=details) from None


def _decoded(text: str) -> Any:
    try:
        content = text.removeprefix("\ufeff").encode()
    except UnicodeEncodeError:
        raise InvalidTemplate("The template is no text.") from None
    if len(content) > MAX_BYTES:
        raise InvalidTemplate(f"The template has {len(content)} bytes; {MAX_BYTES} are allowed.")
    try:
        return msgspec.json.decode(content)
    except RecursionError:
        raise InvalidTemplate("The template is nested too deeply.") from None
    except msgspec.DecodeError as error:
        raise InvalidTemplate(f"The template is not JSON: {error}.") from None


def template_from_file(path: Path) -> SpecTemplate:
    """A template file. Raises InvalidTemplate, also where it cannot be read."""
    try:
        # A pipe would never end, and nobody waits for one here.
        if not path.is_file():
            raise InvalidTemplate(f"There is no file {path}.")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        return template_from_text(content.decode())
    except UnicodeDecodeError:
        raise InvalidTemplate(f"{path} is no text in UTF-8.") from None
    except OSError as error:
        raise InvalidTemplate(f"{path} cannot be read: {error.strerror}.") from None


def templates_in(folder: Path, *, log: logging.Logger) -> list[SpecTemplate]:
    """The templates of a folder by name; the log says which files are none."""
    found: list[SpecTemplate] = []
    try:
        with os.scandir(folder) as entries:
            names = (each.name for each in entries if each.name.endswith(END))
            paths = [folder / name for name in sorted(islice(names, MAX_TEMPLATES))]
    except OSError as error:
        log.warning("The folder of templates %s cannot be read: %s", folder, error.strerror)
        return []
    for path in paths:
        try:
            found.append(template_from_file(path))
        except InvalidTemplate as error:
            log.warning("%s is left out of the templates: %s", path, error.message)
    return found


def template_schema() -> dict[str, Any]:
    """The JSON Schema of template files."""
    (reference,), definitions = msgspec.json.schema_components(
        [SpecTemplate], ref_template="#/$defs/{name}"
    )
    top = definitions.pop(reference["$ref"].rpartition("/")[2])
    top["properties"] = {SCHEMA_KEY: {"type": "string"}, **top["properties"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **top,
        "$defs": dict(sorted(definitions.items())),
    }


def template_schema_text() -> str:
    """The same as it is checked in, below ``schema/``."""
    return json_text(template_schema()) + "\n"
