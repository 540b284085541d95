"""Ids: a prefix that says what it names, then 26 characters that sort by time."""

import hmac
import secrets
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from itertools import count
from os import urandom

from frontdesk.core.clock import to_ms

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
_PAIRS = tuple(high + low for high in _ALPHABET for low in _ALPHABET)


def new_id(prefix: str, now: datetime) -> str:
    """`evt_01hx…`: 48 bits of milliseconds, then 80 by chance, as a ULID has them.

    Ids that one process makes for the same millisecond sort in the order in which it made them.
    """
    time_part, chances = _instant(to_ms(now))
    chance = next(chances)
    pairs = _PAIRS
    return (
        f"{prefix}_{time_part}"
        f"{pairs[chance >> 70]}{pairs[chance >> 60 & 1023]}{pairs[chance >> 50 & 1023]}{pairs[chance >> 40 & 1023]}"
        f"{pairs[chance >> 30 & 1023]}{pairs[chance >> 20 & 1023]}{pairs[chance >> 10 & 1023]}{pairs[chance & 1023]}"
    )


@lru_cache(maxsize=256)
def _instant(ms: int) -> tuple[str, Iterator[int]]:
    """The first ten characters of its ids, and what follows: by chance first, then up by a step of chance.

    A count needs no lock, which the hub and the writer's native thread could not share.
    """
    time_part = "".join(_PAIRS[ms >> shift & 1023] for shift in (40, 30, 20, 10, 0))
    first = int.from_bytes(urandom(10), "big") >> 1  # half of the room is kept for those that follow
    return time_part, count(first, int.from_bytes(urandom(5), "big") + 1)


def new_secret(prefix: str, *, bits: int = 128) -> str:
    """A random token to hand out once; store only its `fingerprint`."""
    return f"{prefix}_{secrets.token_hex(bits // 8)}"


def derived_secret(prefix: str, key: str, name: str) -> str:
    """The token of `name`, always the same one; without `key` as hard to guess as 128 random bits."""
    return f"{prefix}_{hmac.new(key.encode(), name.encode(), sha256).hexdigest()[:32]}"


def fingerprint(secret: str) -> str:
    """What is stored of a random token. A plain hash will do: the token itself is 128 random bits."""
    return sha256(secret.encode()).hexdigest()
