"""Write the contracts: ``python -m jupyter_ci_manager.web OPENAPI_FILE [TEMPLATE_SCHEMA_FILE]``."""

from __future__ import annotations

import sys
from pathlib import Path

from ..specs.templates import template_schema_text
from .openapi import document_json
from .routes import ROUTES

Path(sys.argv[1]).write_bytes(document_json(ROUTES))
if len(sys.argv) > 2:
    Path(sys.argv[2]).write_text(template_schema_text(), encoding="utf-8")
