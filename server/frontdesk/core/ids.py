"""Ids: a prefix that says what it names, then 26 characters that sort by time."""

import hmac
import secrets
from datetime import datetime
from hashlib import sha256

from frontdesk.core.clock import to_ms

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
_PAIRS = tuple(high + low for high in _ALPHABET for low in _ALPHABET)


def new_id(prefix: str, now: datetime) -> str:
    """`evt_01hx…`: 48 bits of milliseconds, then 80 random bits, as a ULID has them."""
    number = to_ms(now) << 80 | int.from_bytes(secrets.token_bytes(10), "big")
    return prefix + "_" + "".join(_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10))


def new_secret(prefix: str, *, bits: int = 128) -> str:
    """A random token to hand out once; store only its `fingerprint`."""
    return f"{prefix}_{secrets.token_hex(bits // 8)}"


def derived_secret(prefix: str, key: str, name: str) -> str:
    """The token of `name`, always the same one; without `key` as hard to guess as 128 random bits."""
    return f"{prefix}_{hmac.new(key.encode(), name.encode(), sha256).hexdigest()[:32]}"


def fingerprint(secret: str) -> str:
    """What is stored of a random token. A plain hash will do: the token itself is 128 random bits."""
    return sha256(secret.encode()).hexdigest()
