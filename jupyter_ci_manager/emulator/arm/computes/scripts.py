"""What a setup script would do. The emulator runs none: it reads how an inline one ends.

A line ``exit 3`` in an inline script ends it with status 3; everything else succeeds. Scripts from
the workspace's storage succeed until file shares join the emulator.
"""

from __future__ import annotations

import base64
import re

from jupyter_ci_manager.emulator.arm.computes.request import InstanceProperties, ScriptReference

_EXIT = re.compile(rb"^[ \t]*exit[ \t]+(\d{1,3})[ \t]*(?:[#;\r].*)?$", re.MULTILINE)


def creation_script(properties: InstanceProperties) -> ScriptReference | None:
    """The script that runs once, before the instance is handed over."""
    scripts = properties.setup_scripts.scripts if properties.setup_scripts else None
    return scripts.creation_script if scripts else None


def startup_script(properties: InstanceProperties) -> ScriptReference | None:
    """The script that runs at every start, the first one included."""
    scripts = properties.setup_scripts.scripts if properties.setup_scripts else None
    return scripts.startup_script if scripts else None


def exit_status(script: ScriptReference | None) -> int:
    """How ``script`` ends; 0 when there is none."""
    if script is None or script.script_source != "inline" or not script.script_data:
        return 0
    found = _EXIT.search(base64.b64decode(script.script_data))
    return int(found[1]) if found else 0
