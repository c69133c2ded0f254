"""The documents in Azure's own examples of its REST API, as its answers carry them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parents[1] / "emulator" / "arm-examples"


def documents(kind: str) -> list[dict[str, Any]]:
    """Each resource in an answer of the examples of ``kind``, alone or as an item of a list."""
    found: list[dict[str, Any]] = []
    for path in sorted((EXAMPLES / kind).rglob("*.json")):
        example = json.loads(path.read_text(encoding="utf-8"))
        for answer in example["responses"].values():
            body = answer.get("body")
            if isinstance(body, dict):
                found += body["value"] if isinstance(body.get("value"), list) else [body]
    return [each for each in found if isinstance(each.get("name"), (str, dict))]
