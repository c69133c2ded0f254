"""The SSH keys of a user in a folder such as ``~/.ssh``: read the public ones, make a pair.

It knows nothing of Azure and never reads a private key. It blocks: call it on a thread.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import stat
from pathlib import Path

from ..errors import InvalidSshKeyName, SshKeyExists, SshKeysUnusable
from ..models import SshKey

MAX_KEY_FILE_BYTES = 64 * 1024
MAX_KEYS = 200
RSA_BITS = 3072
"""What ssh-keygen makes. RSA, because Azure's description of ``adminPublicKey`` says so."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_OF_OPENSSH = {"config", "authorized_keys", "authorized_keys2", "known_hosts", "environment", "rc"}
"""Names that OpenSSH reads for other purposes: sshd(8), "FILES"."""
_PUBLIC = ".pub"


def public_keys(folder: Path) -> list[SshKey]:
    """The public keys in ``folder``, by name; what is none is left out.

    Raises SshKeysUnusable where the folder is there and cannot be read.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.name.endswith(_PUBLIC))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise SshKeysUnusable(f"{folder} cannot be read: {error.strerror}.") from error
    found = (_key(path) for path in paths[:MAX_KEYS])
    return [key for key in found if key is not None]


def make_key_pair(folder: Path, name: str) -> SshKey:
    """Make ``name`` and ``name.pub`` in ``folder``, which is made where it is not there.

    Raises InvalidSshKeyName, SshKeyExists or SshKeysUnusable; then no file has changed.
    """
    if not _NAME.fullmatch(name) or name.endswith(_PUBLIC) or name.lower() in _OF_OPENSSH:
        raise InvalidSshKeyName(f"{name[:80]!r} cannot be the name of a key.").about("name")
    private, public = folder / name, folder / f"{name}{_PUBLIC}"
    try:
        if not folder.is_dir():
            _make_folder(folder)
        if os.path.lexists(private) or os.path.lexists(public):
            raise SshKeyExists(f"There is a key {name} in {folder} already.").about("name")
        private_text, public_text = _key_pair(name)
        _write_new(private, private_text, 0o600)
        try:
            _write_new(public, public_text, 0o644)
        except OSError:
            private.unlink(missing_ok=True)
            raise
    except FileExistsError as error:
        raise SshKeyExists(f"There is a key {name} in {folder} already.").about("name") from error
    except OSError as error:
        raise SshKeysUnusable(f"{folder} cannot be written to: {error.strerror}.") from error
    return _parsed(public.name, public_text.decode())


def _make_folder(folder: Path) -> None:
    """Raises OSError, and SshKeysUnusable where something else is of that name."""
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError as error:
        raise SshKeysUnusable(f"{folder} is no folder.") from error


def _key_pair(comment: str) -> tuple[bytes, bytes]:
    """A private and a public key in OpenSSH's formats."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    return private, public + b" " + comment.encode() + b"\n"


def _write_new(path: Path, content: bytes, mode: int) -> None:
    """Write a file that must not be there yet, and nothing of it where that fails."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _key(path: Path) -> SshKey | None:
    """The key in a file, whatever else may be called so: a pipe, a folder, a page of text."""
    try:
        # A pipe that nobody writes to must not be waited for.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode) or about.st_size > MAX_KEY_FILE_BYTES:
            return None
        content = os.read(descriptor, MAX_KEY_FILE_BYTES)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    try:
        return _parsed(path.name, content.decode())
    except ValueError:
        return None


def _parsed(name: str, text: str) -> SshKey:
    """A key of its line. Raises ValueError where that is none: sshd(8), AUTHORIZED_KEYS."""
    line = text.strip()
    kind, _, rest = line.partition(" ")
    encoded, _, comment = rest.strip().partition(" ")
    try:
        blob = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ValueError("What follows the kind of key is not base64.") from error
    # The key says its kind itself: RFC 4253, section 6.6.
    if not line.isprintable() or not kind or blob[4 : 4 + len(kind)] != kind.encode():
        raise ValueError("This is no public key.")
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return SshKey(
        name=name,
        public_key=line,
        type=kind,
        fingerprint=f"SHA256:{digest}",
        comment=comment.strip() or None,
    )
