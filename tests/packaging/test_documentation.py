"""The documentation names what there is."""

from __future__ import annotations

import re

from jupyter_ci_manager.app import CiManagerApp
from scripts.lab import REPOSITORY


def read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def test_every_traitlet_of_the_extension_is_in_the_configuration_reference() -> None:
    documented = set(re.findall(r"^\| `(\w+)`", read("docs/configuration.md"), re.MULTILINE))
    assert set(CiManagerApp.class_own_traits(config=True)) <= documented


def test_every_make_target_is_in_contributing_and_the_other_way_round() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", read("Makefile"), re.MULTILINE))
    documented = set(re.findall(r"^\| `make (\w+)`", read("CONTRIBUTING.md"), re.MULTILINE))
    assert documented == targets
