"""Whatever is in a file, a name or a configuration: our own errors come of it, and nothing else."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jupyter_ci_manager.environments.channels import addresses, told_channel, told_channels
from jupyter_ci_manager.environments.condarc import read_configuration
from jupyter_ci_manager.environments.masking import masked, secrets_of, without_secrets
from jupyter_ci_manager.environments.names import (
    check_channel,
    check_environment_name,
    check_pip_requirement,
    check_spec,
)
from jupyter_ci_manager.environments.specification import read_specification
from jupyter_ci_manager.errors import BadRequest, ChannelUnreachable
from jupyter_ci_manager.models import EnvironmentFile

PLATFORM = "linux-64"
FILES = ("environment.yml", "requirements.txt", "conda-lock.yml", "pixi.lock", "list.txt", "x")
WORDS = st.sampled_from(
    [
        "dependencies",
        "channels",
        "name",
        "pip",
        "variables",
        "package",
        "metadata",
        "version",
        "environments",
        "packages",
        "platform",
        "manager",
        "url",
        "hash",
        "md5",
        "sha256",
        "conda",
        "pypi",
        "default",
        "linux-64",
        "1",
        "6",
        "main",
        "category",
        "python=3.12",
        "conda-forge",
        "https://h.example/c/linux-64/a-1-0.conda",
        "-r x",
        "@EXPLICIT",
        "~",
        "",
        "0" * 64,
    ]
)
TEXTS = WORDS | st.text(max_size=30)
DOCUMENTS: st.SearchStrategy[Any] = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)
some = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def is_harmless(line: str) -> bool:
    """Whether it is one line that cannot be an option of a program."""
    return bool(line) and line.isprintable() and not line.startswith("-")


def read(name: str, content: str) -> None:
    with contextlib.suppress(BadRequest):
        found = read_specification(EnvironmentFile(name, content), Path("/nowhere"), PLATFORM)
        assert all(map(is_harmless, (*found.specs, *found.explicit, *found.channels)))
        assert all(line.isprintable() for line in found.pip)


@some
@given(st.sampled_from(FILES), st.text(max_size=300))
@example("environment.yml", "dependencies: [\ud800]")
@example("environment.yml", "\ufeffdependencies: [python]")
@example("environment.yml", "dependencies:\n  - &a\n  - *a")
@example("list.txt", "@EXPLICIT\n" + "https://[::1")
@example("requirements.txt", "x @ https://[::1")
def test_any_text_is_read_or_refused(name: str, content: str) -> None:
    read(name, content)


@some
@given(st.sampled_from(FILES), st.dictionaries(WORDS, DOCUMENTS, max_size=6))
def test_any_document_is_read_or_refused(name: str, document: dict[str, Any]) -> None:
    read(name, yaml.safe_dump(document, allow_unicode=True))


@some
@given(st.text(max_size=80) | WORDS)
@example("https://[::1")
@example("a" * 400 + "[" * 100)
@example("x[version='" + "(" * 400 + "']")
def test_any_name_is_taken_or_refused(text: str) -> None:
    for check in (check_environment_name, check_spec, check_channel, check_pip_requirement):
        with contextlib.suppress(BadRequest):
            assert is_harmless(check(text))


@some
@given(st.text(max_size=200))
@example("https://[::1/t/x?y")
@example("https://" + "a:" * 90 + "@")
def test_any_text_is_masked(text: str) -> None:
    once = masked(text, secrets_of([text]))

    assert masked(once) == once
    without_secrets(text)
    told_channel(text)


@some
@given(user=st.from_regex(r"[A-Za-z0-9._~%-]{6,20}", fullmatch=True), word=st.text(max_size=20))
def test_no_password_and_no_token_of_an_address_is_told(user: str, word: str) -> None:
    address = f"https://{user}:{user}word@h.example/t/{user}token/main?sig={user}"

    told = masked(f"{word} {address} {word}")

    assert user not in told or user in word


@some
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "channels",
                "channel_alias",
                "custom_channels",
                "custom_multichannels",
                "offline",
                "default_channels",
                "envs_dirs",
                "pkgs_dirs",
                "proxy_servers",
                "ssl_verify",
                "allowlist_channels",
                "mirrored_channels",
                "denylist_channels",
            ]
        ),
        DOCUMENTS,
        max_size=6,
    )
)
def test_any_configuration_is_read(tmp_path: Path, document: dict[str, Any]) -> None:
    (tmp_path / ".condarc").write_text(yaml.safe_dump(document), encoding="utf-8")

    configuration = read_configuration({}, tmp_path, None, system=())

    told_channels(configuration)
    with contextlib.suppress(BadRequest, ChannelUnreachable):
        addresses(configuration)
