"""Conda packages made of what this machine has: its own CPython, and wheels of PyPI."""

from __future__ import annotations

import configparser
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from .package import PLACEHOLDER, Link, Package

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
VERSION = ".".join(map(str, sys.version_info[:3]))

_LEFT_OUT = frozenset(
    {
        "EXTERNALLY-MANAGED",
        "__pycache__",
        "ensurepip",
        "idlelib",
        "lib2to3",
        "site-packages",
        "test",
        "tests",
        "tkinter",
        "turtledemo",
    }
)
_DATA = re.compile(r"[^/]+\.data/(data|scripts|purelib|platlib)/(.*)")
_SCRIPT = re.compile(r"(\S+) = ([\w.]+):(\w+)")


def python() -> Package:
    """The interpreter that runs this, so that it works wherever it is linked to."""
    base = Path(sys.base_prefix)
    files: dict[str, bytes | Link] = {
        f"bin/python{PYTHON}": _relocatable(base / "bin" / f"python{PYTHON}"),
        "bin/python": Link(f"python{PYTHON}"),
        "bin/python3": Link(f"python{PYTHON}"),
        f"lib/python{PYTHON}/site-packages/README.txt": b"third-party packages\n",
    }
    for library in (base / "lib").glob(f"libpython{PYTHON}.so*"):
        link = Link(str(library.readlink())) if library.is_symlink() else _relocatable(library)
        files[f"lib/{library.name}"] = link
    standard = base / "lib" / f"python{PYTHON}"
    placeholders: dict[str, str] = {}
    for path in standard.rglob("*"):
        parts = path.relative_to(standard).parts
        if not path.is_file() or _LEFT_OUT & set(parts) or parts[0].startswith("config-"):
            continue
        name = f"lib/python{PYTHON}/{'/'.join(parts)}"
        # Debian's own would have pip install below local/.
        files[name] = path.read_bytes().replace(
            b"prefix_scheme = 'posix_local'", b"prefix_scheme = 'posix_prefix'"
        )
        if path.suffix == ".py" and str(base).encode() in path.read_bytes():
            placeholders[name] = str(base)
    if b"dist-packages" in (standard / "site.py").read_bytes():
        # Debian's looks there, and not where every other one does. Its site.py is in the
        # interpreter itself, too, so that changing the file would change nothing.
        files[f"lib/python{PYTHON}/dist-packages"] = Link("site-packages")
    return Package(
        "python",
        VERSION,
        "0_cpython",
        files,
        placeholders=placeholders,
        more={"python_site_packages_path": f"lib/python{PYTHON}/site-packages"},
    )


def _relocatable(file: Path) -> bytes:
    """An ELF file that finds its libraries relative to itself: the new path is the shorter one."""
    old = str(Path(sys.base_prefix) / "lib").encode() + b"\0"
    new = b"$ORIGIN/../lib".ljust(len(old), b"\0")
    return file.read_bytes().replace(old, new)


def wheel(file: Path) -> Package:
    """A wheel as a package, its requirements as dependencies."""
    name, version, _, tags = parse_wheel_filename(file.name)
    pure = any(tag.platform == "any" for tag in tags)
    site = "site-packages" if pure else f"lib/python{PYTHON}/site-packages"
    files: dict[str, bytes | Link] = {}
    placeholders: dict[str, str] = {}
    depends = ["python" if pure else f"python {PYTHON}.*"]
    scripts: list[str] = []
    with zipfile.ZipFile(file) as archive:
        for item in archive.namelist():
            if item.endswith("/"):
                continue
            content, path = archive.read(item), _path(item, site)
            if path.endswith("/kernel.json"):
                # As conda-forge has it: with the interpreter of the prefix.
                content, placeholders[path] = _kernel(content), PLACEHOLDER
            files[path] = content
            if item.endswith(".dist-info/METADATA"):
                depends += _dependencies(content.decode())
            if item.endswith(".dist-info/entry_points.txt"):
                scripts = _console_scripts(content.decode())
    if not pure:
        for path, content in _script_files(scripts):
            files[path], placeholders[path] = content, PLACEHOLDER
    return Package(
        canonicalize_name(name),
        str(version),
        "pyhd_0" if pure else f"py{PYTHON.replace('.', '')}_0",
        files,
        depends,
        noarch="python" if pure else None,
        entry_points=scripts,
        placeholders=placeholders,
    )


def _path(item: str, site: str) -> str:
    data = _DATA.match(item)
    if data is None:
        return f"{site}/{item}"
    return {"data": data[2], "scripts": f"bin/{data[2]}"}.get(data[1], f"{site}/{data[2]}")


def _kernel(content: bytes) -> bytes:
    spec = json.loads(content)
    spec["argv"][0] = f"{PLACEHOLDER}/bin/python"
    return json.dumps(spec, indent=1).encode()


def _dependencies(metadata: str) -> Iterator[str]:
    for line in metadata.partition("\n\n")[0].splitlines():
        if line.startswith("Requires-Dist:"):
            requirement = Requirement(line.split(":", 1)[1])
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                yield f"{canonicalize_name(requirement.name)} {requirement.specifier}".strip()


def _console_scripts(text: str) -> list[str]:
    entry_points = configparser.ConfigParser(delimiters=("=",))
    entry_points.optionxform = str  # type: ignore[assignment,method-assign]  # documented use
    entry_points.read_string(text)
    if not entry_points.has_section("console_scripts"):
        return []
    return [
        f"{name} = {target.split('[')[0].strip()}"
        for name, target in entry_points["console_scripts"].items()
    ]


def _script_files(scripts: list[str]) -> Iterator[tuple[str, bytes]]:
    for script in scripts:
        if match := _SCRIPT.match(script):
            name, module, function = match.groups()
            lines = (
                f"#!{PLACEHOLDER}/bin/python",
                "import sys",
                f"from {module} import {function}",
                f"sys.exit({function}())",
                "",
            )
            yield f"bin/{name}", "\n".join(lines).encode()
