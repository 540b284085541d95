"""Words of others as keys: a page may say anything, and an index takes only so much."""

from hashlib import sha256
from typing import Final

LONGEST: Final = 200


def anchored(said: str) -> str:
    """The anchor for what an event said: itself, and where it is longer than 200 characters its SHA-256.

    >>> anchored("order 7"), len(anchored("7" * 201))
    ('order 7', 71)
    """
    if len(said) <= LONGEST:
        return said
    return f"sha256:{sha256(said.encode(errors='surrogatepass')).hexdigest()}"
