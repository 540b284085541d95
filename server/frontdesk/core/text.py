"""Text at the border: NUL and lone surrogates out, NFC, cut to the field's length."""

import unicodedata
from typing import Any


def clean(text: str, most: int) -> str:
    """`text` as we keep it: at most `most` characters.

    >>> clean("e\\u0301\\x00", 10) == "é"
    True
    """
    if text.isascii():
        return text.replace("\x00", "")[:most]
    sound = text.encode("utf-8", "ignore").decode().replace("\x00", "")
    return unicodedata.normalize("NFC", sound)[:most]


_MOST_KEYS = 256
_LARGEST = 2**63


def clean_map(given: dict[str, Any], most: int = 8_000) -> dict[str, Any]:
    """A JSON object as both databases can hold it: sound text, no integer beyond 64 bits, at most 256 keys."""
    return {clean(key, 100): _clean_value(value, most) for key, value in list(given.items())[:_MOST_KEYS]}


def _clean_value(value: Any, most: int) -> Any:
    if isinstance(value, str):
        return clean(value, most)
    if isinstance(value, dict):
        return clean_map(value, most)
    if isinstance(value, list):
        return [_clean_value(item, most) for item in value]
    if isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
        return float(value) if abs(value) < 10**300 else str(value)[:100]
    return value
