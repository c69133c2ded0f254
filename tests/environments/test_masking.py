"""No token and no password gets out, however it is cut into pieces."""

from __future__ import annotations

import pytest

from jupyter_ci_manager.environments.masking import (
    MaskedOutput,
    masked,
    secrets_of,
    without_secrets,
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "GET https://host.example/t/tk-abc-123/main/repodata.json failed",
            "GET https://host.example/t/<hidden>/main/repodata.json failed",
        ),
        ("(https://amy:pass@host.example/x)", "(https://<hidden>@host.example/x)"),
        ("https://tok@host.example:8443/x", "https://<hidden>@host.example:8443/x"),
        ("https://host.example/x?sig=abc&y=1#frag", "https://host.example/x?<hidden>#frag"),
        (
            "git+https://x:tok@host.example/r.git@main",
            "git+https://<hidden>@host.example/r.git@main",
        ),
        ("git+ssh://git@host.example/r.git", "git+ssh://<hidden>@host.example/r.git"),
        ("Authorization: Bearer abcdef123456", "Authorization: Bearer <hidden>"),
        ("/home/amy/t/notes.txt and a@b.example", "/home/amy/t/notes.txt and a@b.example"),
        ("http://u:p@ss@host/x", "http://<hidden>@host/x"),
    ],
)
def test_secrets_in_addresses_are_hidden_and_the_rest_stays(text: str, told: str) -> None:
    assert masked(text) == told


def test_known_secrets_are_hidden_wherever_they_are() -> None:
    known = secrets_of(["https://amy:pa%2Fss-word@host.example/t/tk-123456/x"])

    assert (
        masked("tk-123456 pa/ss-word pa%2Fss-word amy", known) == "<hidden> <hidden> <hidden> amy"
    )


def test_a_short_secret_does_not_hide_half_of_the_log() -> None:
    assert masked("a cat sat", ["a"]) == "a cat sat"


def test_an_address_without_its_secrets_still_works_for_somebody_else() -> None:
    address = "https://amy:word@host.example/t/tk-1/main/linux-64/a-1-0.conda?sig=x#abc"

    assert without_secrets(address) == "https://host.example/main/linux-64/a-1-0.conda#abc"


@pytest.mark.parametrize("size", [1, 2, 7, 64])
def test_output_in_pieces_is_masked_as_one(size: int) -> None:
    text = b"100 %\rfrom https://host.example/t/tk-secret/x\nand \xff https://a:secret@h.example/y"
    output = MaskedOutput(["tk-secret"])

    pieces = [output.feed(text[at : at + size]) for at in range(0, len(text), size)]
    told = b"".join(pieces) + output.end()

    assert told == (
        b"100 %\rfrom https://host.example/t/<hidden>/x\nand \xff https://<hidden>@h.example/y"
    )


def test_a_line_without_end_is_not_held_back_for_ever() -> None:
    output = MaskedOutput()

    told = b"".join(output.feed(b"word " * 4096) for _ in range(10))

    assert len(told) > 100_000
