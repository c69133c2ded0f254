"""Write the OpenAPI document: ``python -m jupyter_ci_manager.web FILE``."""

from __future__ import annotations

import sys
from pathlib import Path

from .openapi import document_json
from .routes import ROUTES

Path(sys.argv[1]).write_bytes(document_json(ROUTES))
