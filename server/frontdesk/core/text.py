"""Text at the border: NUL and lone surrogates out, NFC, cut to the field's length."""

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any


def clean(text: str, most: int) -> str:
    """`text` as we keep it: at most `most` characters.

    >>> clean("e\\u0301\\x00", 10) == "é"
    True
    """
    if text.isascii():
        return text if len(text) <= most and "\x00" not in text else text.replace("\x00", "")[:most]
    sound = text.encode("utf-8", "ignore").decode().replace("\x00", "")
    return unicodedata.normalize("NFC", sound)[:most]


def cut(text: str, most: int) -> bool:
    """Whether `clean` leaves out what `text` ends with.

    >>> cut("eee", 2), cut("e\\u0301\\x00", 1)
    (True, False)
    """
    longest = len(text) * _GROWS
    return longest > most and len(clean(text, longest)) > most


_GROWS = 3  # times at most, in NFC: one character becomes three


def deeper_than(value: Any, most: int) -> bool:
    """Whether objects and lists nest more than `most` deep; looks no deeper than that.

    >>> deeper_than({"a": [1]}, 1), deeper_than({"a": [1]}, 2)
    (True, False)
    """
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return most == 0 or any(deeper_than(one, most - 1) for one in inner)


MOST_KEYS = 256
LONGEST_KEY = 100
LONGEST_TEXT = 8_000
SURELY_WHOLE = LONGEST_KEY // _GROWS
"""Of a key that is no longer nothing is cut."""
_INTEGERS = range(-(2**63), 2**64)  # what JSON readers take for an integer


def clean_map(given: dict[str, Any], most: int = LONGEST_TEXT) -> dict[str, Any]:
    """A JSON object as both databases can hold it: sound text, no integer beyond 64 bits, at most 256 keys.

    It must not be nested deep: ask `deeper_than` first.
    """
    pairs = given.items() if len(given) <= MOST_KEYS else list(given.items())[:MOST_KEYS]
    return {
        _clean_key(key): _CLEAN[type(value)](value, most) if type(value) in _CLEAN else value for key, value in pairs
    }


@lru_cache(maxsize=4096)
def _clean_key(key: str) -> str:
    return clean(key, LONGEST_KEY)


def _clean_list(values: list[Any], most: int) -> list[Any]:
    return [_CLEAN[type(value)](value, most) if type(value) in _CLEAN else value for value in values]


def _clean_number(value: int, _most: int) -> Any:
    if value in _INTEGERS:
        return value
    return float(value) if abs(value) < 10**300 else str(value)[:100]


# what JSON holds beside these (true, false, null, fractions) is sound as it is
_CLEAN: dict[type, Callable[[Any, int], Any]] = {
    str: clean,
    dict: clean_map,
    list: _clean_list,
    int: _clean_number,
}
