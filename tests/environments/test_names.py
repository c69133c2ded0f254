"""Names and specifications: what an engine can be given, and what is refused before."""

from __future__ import annotations

import pytest

from jupyter_ci_manager.environments.names import (
    check_environment_name,
    check_pip_requirement,
    check_spec,
    parse_spec,
)
from jupyter_ci_manager.errors import InvalidEnvironmentName, InvalidSpec

rattler = pytest.importorskip("rattler", reason="py-rattler has no wheel for this machine")


@pytest.mark.parametrize("name", ["a", "py312", "my.env-2_x", "3d", "x" * 120])
def test_an_ordinary_name_is_taken(name: str) -> None:
    assert check_environment_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "base",
        "ROOT",
        ".",
        "..",
        ".hidden",
        "a/b",
        "a\\b",
        "/srv/x",
        "a b",
        "a:b",
        "a#b",
        "-n",
        "größe",
        "環境",
        "a\n",
        "a\x00b",
        "x" * 121,
        "x" * 300,
        "a;id",
        "$(id)",
        "end.",
        "~",
    ],
)
def test_a_name_that_leads_astray_is_refused_and_said_why(name: str) -> None:
    with pytest.raises(InvalidEnvironmentName, match="cannot be the name of an environment: "):
        check_environment_name(name)


TAKEN = [
    "numpy",
    "_libgcc_mutex",
    "NumPy",
    "numpy>=1.2",
    "numpy >= 1.2, < 2",
    "python 3.12",
    "python=3.12.*",
    "python 3.12 *_cpython",
    "numpy=1.26.*=*_0",
    "tzdata=2024a=h0c530f3_0",
    "pytorch=*=cuda*",
    "python>=3.10,<3.12|3.13",
    "numpy (>=1,<2)|3",
    "a!=1.2",
    "a~=1.2",
    "xorg-libx11 >=1.8.10,<2.0a0",
    "conda-forge::r-base[version='>=4.4']",
    "conda-forge/linux-64::x",
    "x[version='>=1,<2',build='*_cuda']",
    "blas[build=openblas]",
    "https://host.example/conda/linux-64/a-1-0.conda",
    "https://host.example/conda::a>=1",
    "x==1.0=py*",
    "x[md5=d41d8cd98f00b204e9800998ecf8427e,build_number='>=2']",
    "x[url='https://host.example/conda/linux-64/x-1-0.conda']",
]


@pytest.mark.parametrize("text", TAKEN)
def test_what_is_taken_the_engine_understands_and_means_the_same(text: str) -> None:
    assert str(rattler.MatchSpec(check_spec(text))) == str(rattler.MatchSpec(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "python>>>3",
        "numpy=>1",
        "foo=",
        "numpy>=",
        "*",
        "a b c d",
        "-n",
        "--help",
        "a\nb",
        "größe",
        "a; rm -rf /",
        "$(id)",
        "`id`",
        "a::b::c",
        "numpy>=1,,<2",
        "a[b=c]",
        "a[version=",
        "a[version='>>1']",
        "x" * 513,
        "a (1",
        "https://host.example/x",
        "https://h.example/a b.conda",
        "https://h.example/linux-64/a.conda",
        "https://[::bad/linux-64/a-1-0.conda",
        "https://h.example:port/linux-64/a-1-0.conda",
        "x[url='file:///etc/passwd']",
        "x[md5=abc]",
        "x[sha256=d41d8cd98f00b204e9800998ecf8427e]",
        "x[build_number='>=1e5']",
        "x=1..2",
        "https://amy:pass-word@h.example/linux-64/a-1-0.conda",
        "https://h.example/t/tk-secret/channel::a",
        "x[channel='https://h.example/t/tk-secret/channel']",
    ],
)
def test_what_cannot_be_understood_is_refused(text: str) -> None:
    with pytest.raises(InvalidSpec):
        check_spec(text)


def test_a_spec_is_taken_apart() -> None:
    spec = parse_spec("conda-forge::Python=3.12=*_cpython")

    assert (spec.channel, spec.name, spec.version, spec.build) == (
        "conda-forge",
        "python",
        "=3.12",
        "*_cpython",
    )


@pytest.mark.parametrize(
    "text",
    [
        "https://h.example/t/tk-secret/x",
        "https://h.example/t/tk-secret/linux-64/x-1-0.conda",
        "x[channel='https://amy:tk-secret@h.example/channel']",
    ],
)
def test_a_refusal_does_not_tell_the_token(text: str) -> None:
    with pytest.raises(InvalidSpec) as refused:
        check_spec(text)

    assert "tk-secret" not in str(refused.value.body)


@pytest.mark.parametrize(
    "text",
    [
        "requests",
        "torch==2.5.1",
        "a[extra]>=1; python_version < '3.12'",
        "x @ https://h.example/x.whl",
        "git+https://h.example/r.git@v1",
        "https://h.example/x.whl",
    ],
)
def test_a_requirement_of_pip_is_taken(text: str) -> None:
    assert check_pip_requirement(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-r other.txt",
        "--index-url=https://evil.example",
        "./local",
        "/srv/x",
        "~/x",
        "a b",
        "a\n--pre",
        "$(id)",
        "x; import os",
        "git+file",
        "https://h.example/x y",
    ],
)
def test_a_requirement_that_is_something_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidSpec):
        check_pip_requirement(text)
