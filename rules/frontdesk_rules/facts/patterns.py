"""Regular expressions of authors: RE2 only, so that no pattern costs more than its text is long."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import re2

LONGEST_PATTERN: Final = 500
# RE2 refuses what would need more; 1 MiB is several hundred alternatives, and bounds what a rule set can hold.
_MOST_MEMORY: Final = 1 << 20


def refusal(pattern: str) -> str | None:
    """Why this is no pattern that may be asked, or None."""
    if len(pattern) > LONGEST_PATTERN:
        return f"{LONGEST_PATTERN} characters at most"
    try:
        _compiled(pattern)
    except re2.error as error:
        return f"this is no regular expression that RE2 takes: {error.args[0].decode(errors='replace')}"
    return None


def found(text: str, pattern: str) -> bool:
    """Whether the pattern is found anywhere in the text; half a character, which no UTF-8 has, is a `?`."""
    try:
        return _compiled(pattern).search(text) is not None
    except UnicodeEncodeError:
        return _compiled(pattern).search(text.encode(errors="replace").decode()) is not None


@lru_cache(maxsize=2048)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.max_mem = _MOST_MEMORY
    options.log_errors = False
    return re2.compile(pattern, options)
