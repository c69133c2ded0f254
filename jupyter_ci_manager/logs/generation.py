"""Which log a reader has read, and how far: enough to tell later whether it is still the same.

It does no I/O.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b

HEAD_BYTES = 256
"""By its first bytes a log is known again: most have the time in them, or what is installed."""
BEFORE_BYTES = 64
"""The last bytes that were read: they tell of a log that was written anew and begins alike."""

_FORM = re.compile(r"([0-9a-f]{12})-(\d{1,3})-([0-9a-f]{12})-(\d{1,16})-([0-9a-f]{12})")


def digest(data: bytes) -> str:
    """What tells bytes from others, in twelve characters."""
    return blake2b(data, digest_size=6).hexdigest()


@dataclass(frozen=True)
class Generation:
    """A log as it was read up to ``position``. Whoever reads on passes it back as it is."""

    identity: str
    """Digest of the identity that the source gave it."""
    head_length: int
    head: str
    """Digest of so many of its first bytes."""
    position: int
    before: str
    """Digest of the bytes just before that position."""

    @classmethod
    def of(cls, identity: str, head: bytes, position: int, before: bytes) -> Generation:
        """``before`` are the last bytes before ``position``, at least as many as are looked at."""
        head = head[:HEAD_BYTES]
        return cls(
            digest(identity.encode()),
            len(head),
            digest(head),
            position,
            digest(before[-BEFORE_BYTES:]),
        )

    @classmethod
    def parse(cls, text: str) -> Generation | None:
        """What ``str`` made a text of; None for any other text."""
        found = _FORM.fullmatch(text)
        if found is None:
            return None
        identity, head_length, head, position, before = found.groups()
        return cls(identity, int(head_length), head, int(position), before)

    def __str__(self) -> str:
        return f"{self.identity}-{self.head_length}-{self.head}-{self.position}-{self.before}"

    def same_head(self, head: bytes) -> bool:
        """Whether a log that begins so may be the one that was read."""
        return len(head) >= self.head_length and digest(head[: self.head_length]) == self.head

    def same_before(self, before: bytes) -> bool:
        """Whether these are the bytes before its position."""
        return digest(before[-BEFORE_BYTES:]) == self.before
