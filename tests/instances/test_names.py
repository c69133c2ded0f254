from __future__ import annotations

import itertools

import pytest

from jupyter_ci_manager.errors import InvalidName
from jupyter_ci_manager.instances.names import (
    check_address,
    name_problem,
    similar_names,
)

VALID = ["abc", "a-b", "Amy-Notebooks", "a1b2c3", "a" * 24, "gpu-4x", "a-1b"]


@pytest.mark.parametrize("name", VALID)
def test_a_name_within_the_rules_is_taken(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("", "3 to 24 characters; this one has 0"),
        ("ab", "3 to 24 characters"),
        ("a" * 25, "this one has 25"),
        ("1abc", "starts with a letter"),
        ("-abc", "starts with a letter"),
        ("éabc", "starts with a letter"),
        ("ab_c", "only letters"),
        ("ab c", "only letters"),
        ("abc\n", "only letters"),
        ("abé", "only letters"),
        ("ab٣", "only letters"),
        ("a/../b", "only letters"),
        ("abc-", "hyphen in a name is followed"),
        ("a--b", "hyphen in a name is followed"),
        ("etl-2", "does not end in a hyphen and digits"),
    ],
)
def test_the_rule_that_a_name_breaks_is_named(name: str, rule: str) -> None:
    assert rule in (name_problem(name) or "")


def test_an_instance_that_exists_may_have_a_name_that_new_ones_may_not() -> None:
    for name in ("etl-2", "a--b", "abc-"):
        check_address(name)


@pytest.mark.parametrize("name", ["..", "a/b", "computes?x", "a#b", "%2e%2e", "name with spaces"])
def test_a_name_that_no_instance_can_have_never_becomes_part_of_a_url(name: str) -> None:
    with pytest.raises(InvalidName):
        check_address(name)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("my instance", "my-instance"),
        ("etl-2", "etl2"),
        ("amy", "amy2"),
        ("a" * 24, "a" * 23 + "2"),
        ("ци", "ci2"),
        ("9lives", "lives"),
        ("", "ci2"),
    ],
)
def test_a_name_like_it_is_proposed(name: str, first: str) -> None:
    assert next(similar_names(name)) == first


@pytest.mark.parametrize("name", [*VALID, "---", "x", "a-1", "a" * 40, "data-team-dev"])
def test_every_proposed_name_is_valid_and_another_one(name: str) -> None:
    for proposed in itertools.islice(similar_names(name), 20):
        assert name_problem(proposed) is None
        assert proposed != name
