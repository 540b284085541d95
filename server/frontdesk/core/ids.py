"""Ids: a prefix that says what it names, then 26 characters that sort by time."""

import hmac
import secrets
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from os import urandom

from frontdesk.core.clock import to_ms

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
_PAIRS = tuple(high + low for high in _ALPHABET for low in _ALPHABET)


def new_id(prefix: str, now: datetime) -> str:
    """`evt_01hx…`: 48 bits of milliseconds, then 80 random bits, as a ULID has them."""
    chance = int.from_bytes(urandom(10), "big")
    pairs = _PAIRS
    return (
        f"{prefix}_{_time_part(to_ms(now))}"
        f"{pairs[chance >> 70]}{pairs[chance >> 60 & 1023]}{pairs[chance >> 50 & 1023]}{pairs[chance >> 40 & 1023]}"
        f"{pairs[chance >> 30 & 1023]}{pairs[chance >> 20 & 1023]}{pairs[chance >> 10 & 1023]}{pairs[chance & 1023]}"
    )


@lru_cache(maxsize=256)
def _time_part(ms: int) -> str:
    """The first ten characters, which many ids of a group share."""
    return "".join(_PAIRS[ms >> shift & 1023] for shift in (40, 30, 20, 10, 0))


def new_secret(prefix: str, *, bits: int = 128) -> str:
    """A random token to hand out once; store only its `fingerprint`."""
    return f"{prefix}_{secrets.token_hex(bits // 8)}"


def derived_secret(prefix: str, key: str, name: str) -> str:
    """The token of `name`, always the same one; without `key` as hard to guess as 128 random bits."""
    return f"{prefix}_{hmac.new(key.encode(), name.encode(), sha256).hexdigest()[:32]}"


def fingerprint(secret: str) -> str:
    """What is stored of a random token. A plain hash will do: the token itself is 128 random bits."""
    return sha256(secret.encode()).hexdigest()
