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


def deeper_than(value: Any, most: int) -> bool:
    """Whether objects and lists nest more than `most` deep; looks no deeper than that.

    >>> deeper_than({"a": [1]}, 1), deeper_than({"a": [1]}, 2)
    (True, False)
    """
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return most == 0 or any(deeper_than(one, most - 1) for one in inner)


_MOST_KEYS = 256
_LARGEST = 2**63


def clean_map(given: dict[str, Any], most: int = 8_000) -> dict[str, Any]:
    """A JSON object as both databases can hold it: sound text, no integer beyond 64 bits, at most 256 keys.

    It must not be nested deep: ask `deeper_than` first.
    """
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
