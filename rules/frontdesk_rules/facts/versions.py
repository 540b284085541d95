"""Version numbers as Semantic Versioning 2.0.0 orders them; `v2` and `2.1` are read as `2.0.0` and `2.1.0`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, TypeAlias

Version: TypeAlias = tuple[tuple[int, int, int], int, tuple[tuple[int, int, str], ...]]

PATTERN: Final = r"^[vV]?(0|[1-9][0-9]{0,8})(\.(0|[1-9][0-9]{0,8})){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$"
_SHAPE: Final = re.compile(PATTERN)


@lru_cache(maxsize=4096)
def version(text: str) -> Version | None:
    """What orders a version among others; None for what is none.

    >>> version("1.0.0-rc.2") < version("1.0.0-rc.10") < version("1.0")
    True
    """
    if not _SHAPE.fullmatch(text):
        return None
    core, _, before = text.lstrip("vV").partition("+")[0].partition("-")
    numbers = [int(part) for part in core.split(".")]
    numbers += [0] * (3 - len(numbers))
    major, minor, patch = numbers
    return (major, minor, patch), 0 if before else 1, tuple(_rank(part) for part in before.split(".")) if before else ()


def _rank(identifier: str) -> tuple[int, int, str]:
    """Numbers go before words, and by their size: by how long they are, and then as text."""
    number = identifier.lstrip("0")
    return (0, len(number), number) if identifier.isdigit() else (1, 0, identifier)
