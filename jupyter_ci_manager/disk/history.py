"""How fast a file system fills, from samples of how much of it was in use.

It knows no file system, no file and no clock.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SLOT_SECONDS = 600
"""At most one sample of a file system is kept for each."""
KEEP_SECONDS = 8 * 86_400
DAY_SECONDS = 86_400.0

WINDOW_SECONDS = 2 * DAY_SECONDS
"""What lies further back says little of how it goes on."""
LEAST_SECONDS = 3600.0
LEAST_SAMPLES = 4
POINTS = 48
"""Of the window: the slope of more of them is no better, and slow."""
NOISE_BYTES_PER_DAY = 50_000_000
"""The logs and caches of a machine that nobody works on come and go by about as much."""
CLEANED_FRACTION = 0.01
"""Of the file system: whoever removes that much between two samples has cleaned up."""
FORESEEABLE_SECONDS = 365 * DAY_SECONDS


@dataclass(frozen=True, order=True)
class Sample:
    """How much was in use at a time, in seconds since 1970."""

    time: float
    used_bytes: int
    total_bytes: int

    @property
    def slot(self) -> int:
        """The number of its ten minutes."""
        return int(self.time // SLOT_SECONDS)


@dataclass
class DiskHistory:
    """The samples of the last days, by the name of their file system."""

    _samples: dict[str, list[Sample]] = field(default_factory=dict)
    _growth: dict[str, float | None] = field(default_factory=dict)

    def add(self, name: str, sample: Sample) -> bool:
        """Note a sample; False where these ten minutes have one already."""
        samples = self._samples.setdefault(name, [])
        if samples and samples[-1].slot == sample.slot:
            return False
        self._take(name, [sample], sample.time)
        return True

    def load(self, samples: Iterable[tuple[str, Sample]], now: float) -> None:
        """Take in what an earlier process noted."""
        by_name: dict[str, list[Sample]] = {}
        for name, sample in samples:
            by_name.setdefault(name, []).append(sample)
        for name, found in by_name.items():
            self._take(name, found, now)

    def growth_bytes_per_day(self, name: str) -> float | None:
        """Negative where it empties; None until it has been watched for an hour.

        None as well where it hardly changes.
        """
        return self._growth.get(name)

    def _take(self, name: str, samples: Iterable[Sample], now: float) -> None:
        known = {each.slot: each for each in (*samples, *self._samples.get(name, []))}
        # A clock that was wrong and has been set back leaves samples of a time to come.
        kept = sorted(each for each in known.values() if now - KEEP_SECONDS <= each.time <= now)
        self._samples[name] = kept
        self._growth[name] = growth_bytes_per_day(kept)


def growth_bytes_per_day(samples: Sequence[Sample]) -> float | None:
    """The slope of the last two days, or since the disk was cleaned up.

    None as ``DiskHistory`` says. It is the median of the slopes between all pairs
    (Theil-Sen), on which a file of a few gigabytes that came and went has no influence.
    """
    recent = _since_cleanup([each for each in samples if each.time >= _window_start(samples)])
    if len(recent) < LEAST_SAMPLES or recent[-1].time - recent[0].time < LEAST_SECONDS:
        return None
    slopes = [
        (later[1] - earlier[1]) / (later[0] - earlier[0])
        for earlier, later in itertools.combinations(_thinned(recent), 2)
    ]
    per_day = statistics.median(slopes) * DAY_SECONDS
    return per_day if abs(per_day) >= NOISE_BYTES_PER_DAY else None


def full_in_seconds(available_bytes: int, growth_per_day: float | None) -> float | None:
    """When nothing is left; None where it does not grow, or not within a year."""
    if growth_per_day is None or growth_per_day <= 0:
        return None
    seconds = available_bytes / growth_per_day * DAY_SECONDS
    return seconds if seconds <= FORESEEABLE_SECONDS else None


def _window_start(samples: Sequence[Sample]) -> float:
    return samples[-1].time - WINDOW_SECONDS if samples else 0.0


def _since_cleanup(samples: Sequence[Sample]) -> Sequence[Sample]:
    for index in range(len(samples) - 1, 0, -1):
        freed = samples[index - 1].used_bytes - samples[index].used_bytes
        if freed > CLEANED_FRACTION * samples[index].total_bytes:
            return samples[index:]
    return samples


def _thinned(samples: Sequence[Sample]) -> list[tuple[float, float]]:
    """At most ``POINTS`` points of time and bytes: the medians of equal stretches."""
    size = -(-len(samples) // POINTS)
    stretches = [samples[start : start + size] for start in range(0, len(samples), size)]
    return [
        (
            statistics.median(each.time for each in stretch),
            statistics.median(each.used_bytes for each in stretch),
        )
        for stretch in stretches
    ]
