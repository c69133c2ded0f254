"""Public keys of SSH, really read and not only looked at. No I/O, and no private key is repeated.

Source of what Azure takes: "Create and manage SSH keys for authentication to a Linux VM in Azure".
"""

from __future__ import annotations

from collections.abc import Iterator

from ..models import SpecProblem

MIN_RSA_BITS = 2048
_TYPES = (
    "ssh-rsa",
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
)
_HINT = "Paste the one line of a file such as ~/.ssh/id_rsa.pub: ssh-rsa AAAA… amy"
_CODE = "InvalidSshKey"


def ssh_key_problems(field: str, text: str) -> Iterator[SpecProblem]:
    """What is wrong with a public key in OpenSSH's format."""
    problem = _problem(text)
    if problem is not None:
        yield SpecProblem(field, _CODE, problem, _HINT)
    elif text.strip().startswith("ecdsa-"):
        yield SpecProblem(
            field,
            "UnusualSshKey",
            "Azure documents RSA and Ed25519 keys only; this one is ECDSA.",
            "Use an RSA or Ed25519 key if Azure refuses it.",
            severity="warning",
        )


def _problem(text: str) -> str | None:
    text = text.strip()
    if not text:
        return "The public key is missing."
    if "PRIVATE KEY" in text:
        return "This is a private key: it belongs to nobody but you. The public one is needed."
    if text.startswith("---- BEGIN SSH2") or "BEGIN PUBLIC KEY" in text:
        return "The key is not in OpenSSH's format; ssh-keygen -i -f FILE makes it so."
    if len(text.splitlines()) != 1 or not text.isprintable():
        return "A public key is one line."
    kind = text.split(" ", 1)[0]
    if kind not in _TYPES:
        return f"{kind[:32]!r} is none of the kinds of key: {', '.join(_TYPES)}."
    return _content_problem(text)


def _content_problem(text: str) -> str | None:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key

    try:
        key = load_ssh_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm):
        return "The key is damaged: what follows its kind is no such key."
    if isinstance(key, RSAPublicKey) and key.key_size < MIN_RSA_BITS:
        return f"The RSA key has {key.key_size} bits; Azure takes {MIN_RSA_BITS} and more."
    return None
