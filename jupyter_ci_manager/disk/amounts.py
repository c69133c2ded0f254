"""Amounts in words."""

from __future__ import annotations

import re

_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")
_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([kKMGTP]?)B?")


def in_words(amount: int) -> str:
    """Such as ``1.2 GB``, with 1 GB as 1 000 000 000 bytes: the unit of disks and of Azure."""
    value, unit = float(amount), 0
    # 999.95 would be written as 1000.0.
    while abs(value) >= 999.95 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.1f} {_UNITS[unit]}" if unit else f"{amount} {_UNITS[0]}"


def counted(number: int, noun: str) -> str:
    """Such as ``1 file`` and ``2 files``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def from_words(text: str) -> int | None:
    """The bytes of an amount such as Docker writes it, ``1.2GB``; None for what is none.

    Source: ``HumanSize`` of github.com/docker/go-units: four digits, decimal units.
    """
    match = _AMOUNT.match(text.strip())
    if match is None:
        return None
    power = " kMGTP".index(match[2].replace("K", "k") or " ")
    return round(float(match[1]) * 10.0 ** (3 * power))
