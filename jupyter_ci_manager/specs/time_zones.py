"""Time zones of schedules: IANA's names for people, Windows' names for Azure. No I/O of our own.

Source: ``windowsZones`` of Unicode's CLDR, as Babel carries it.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

UTC = "UTC"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}")
_SAMPLES = 104
"""Weeks in which zones are compared."""


def zone(name: str) -> ZoneInfo | None:
    """The zone that an IANA name or one of Windows' means; None where it means none."""
    return _zone(iana_name(name) or name)


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    if not _NAME.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def iana_name(name: str) -> str | None:
    """The IANA name for one of Windows'; None where it is none of Windows'."""
    return _from_windows().get(name.lower())


def windows_name(name: str) -> str | None:
    """The name that Azure takes for a zone; None where Windows has no such zone.

    Windows knows about 140 zones: of those whose clocks go alike these two years, the one of the
    same continent that comes first.
    """
    if iana_name(name) is not None:
        return _spelled()[name.lower()]
    mapped = _to_windows()
    if name in mapped:
        return mapped[name]
    year = datetime.now(timezone.utc).year
    clocks = _clocks(name, year)
    continent = name.partition("/")[0]
    alike = [each for each in mapped if clocks is not None and _clocks(each, year) == clocks]
    # What is in no region is UTC rather than a city that happens to go like it.
    nowhere = continent == "Etc" or "/" not in name
    alike.sort(
        key=lambda each: (nowhere and each != UTC, each.partition("/")[0] != continent, each)
    )
    return mapped[alike[0]] if alike else None


def time_zone_names() -> list[str]:
    """All zones that schedules can be in, by their IANA names in their order."""
    from babel.core import get_global

    known = {*_to_windows(), *get_global("zone_territories")}
    usable = {name for name in known if not name.startswith("Etc/") and windows_name(name)}
    return [UTC, *sorted(usable - {UTC})]


def local_time_zone() -> str:
    """The zone of this machine; UTC where it has no name."""
    from babel.localtime import get_localzone

    try:
        name = getattr(get_localzone(), "key", None)
    except LookupError:
        return UTC
    if not isinstance(name, str) or windows_name(name) in (None, UTC):
        return UTC
    return name


@lru_cache(maxsize=1)
def _windows_zones() -> dict[str, str]:
    """IANA names by Windows' names."""
    from babel.core import get_global

    named: dict[str, str] = dict(get_global("windows_zone_mapping"))
    return {windows: UTC if iana == "Etc/UTC" else iana for windows, iana in named.items()}


@lru_cache(maxsize=1)
def _from_windows() -> dict[str, str]:
    return {windows.lower(): iana for windows, iana in _windows_zones().items()}


@lru_cache(maxsize=1)
def _spelled() -> dict[str, str]:
    return {windows.lower(): windows for windows in _windows_zones()}


@lru_cache(maxsize=1)
def _to_windows() -> dict[str, str]:
    return {iana: windows for windows, iana in _windows_zones().items()}


@lru_cache(maxsize=2048)
def _clocks(name: str, year: int) -> tuple[timedelta | None, ...] | None:
    """How a zone's clocks go: its offset in each week. None where there is no such zone.

    On Saturdays, because Azure's regions change their clocks between Thursday and Sunday.
    """
    found = _zone(name)
    if found is None:
        return None
    first = datetime(year, 1, 1, 12, tzinfo=timezone.utc)
    first += timedelta(days=(5 - first.weekday()) % 7)
    weeks = (first + timedelta(weeks=week) for week in range(_SAMPLES))
    return tuple(each.astimezone(found).utcoffset() for each in weeks)
