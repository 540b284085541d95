"""Punctuation as a Chinese keyboard writes it, where YAML has its own: named, for the parser's words do not tell."""

from __future__ import annotations

import re
from typing import Final

# Character → what it is called, and what YAML has for it.
_MEANT: Final = {
    "：": ("colon", ":"),
    "，": ("comma", ","),
    "“": ("quote", '"'),
    "”": ("quote", '"'),
    "‘": ("quote", "'"),
    "’": ("quote", "'"),
    "｛": ("brace", "{"),
    "｝": ("brace", "}"),
    "【": ("bracket", "["),
    "】": ("bracket", "]"),
    "－": ("dash", "-"),
    "＃": ("number sign", "#"),
}
_ANY: Final = re.compile(f"[{''.join(_MEANT)}]")
_KEY: Final = re.compile(r"(?:^|[{,])[\s-]*[A-Za-z_][\w.]*(：)")


def named(text: str) -> str | None:
    """What to write for the first such character; None where there is none.

    >>> named("name：欢迎")
    '“：” is a full-width colon: write : and a space'
    """
    character = colon_of_key(text) or next(iter(_ANY.findall(text)), None)
    if character is None:
        return None
    called, meant = _MEANT[character]
    return f"“{character}” is a full-width {called}: write {meant}{' and a space' if meant in ':,' else ''}"


def colon_of_key(text: str) -> str | None:
    """The colon behind what would be a key; in most other places it is only punctuation."""
    found = _KEY.search(text)
    return found[1] if found else None
