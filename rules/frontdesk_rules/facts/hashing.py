"""Stable buckets: the same person stands in the same one for ever.

FNV-1a, 32 bits (Fowler, Noll, Vo: draft-eastlake-fnv), taken twice, because one pass spreads ids that differ only at
their end badly over the high bits. `rules/cases/buckets.json` holds it fast.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

OFFSET: Final = 0x811C9DC5
PRIME: Final = 0x01000193
BUCKETS: Final = 10_000  # a bucket is a hundredth of a percent
_PER_PERCENT: Final = BUCKETS // 100


def fnv1a(text: str) -> int:
    """The 32-bit FNV-1a hash of the text's UTF-8.

    >>> hex(fnv1a("foobar"))
    '0xbf9cf968'
    """
    value = OFFSET
    for byte in text.encode():
        value = ((value ^ byte) * PRIME) & 0xFFFFFFFF
    return value


@lru_cache(maxsize=65_536)
def bucket(salt: str, person: str) -> int:
    """Which of the 10,000 buckets an id falls in under this salt: 0 … 9999."""
    return fnv1a(str(fnv1a(f"{salt}:{person}"))) % BUCKETS


def among(salt: str, person: str, low: float, high: float) -> bool:
    """Whether a person is in the share from `low` to `high` percent, half open: [low, high)."""
    return low * _PER_PERCENT <= bucket(salt, person) < high * _PER_PERCENT
