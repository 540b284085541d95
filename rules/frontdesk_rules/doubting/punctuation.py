"""Full-width punctuation that has become a part of a value: `“vip”` with its quotes, `/a，/b` as one path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from frontdesk_rules.doubting.remarks import Doubt, Remark, remark
from frontdesk_rules.findings import Path
from frontdesk_rules.language.rule import Rule
from frontdesk_rules.words import LANGUAGES, same

_QUOTED: Final = re.compile("[“‘「『].*[”’」』]")
_JOINED: Final = re.compile("/[^，；：、]*[，；：、]")
# What people read has whatever punctuation it likes.
_READ: Final = frozenset({*LANGUAGES, "name", "tests"})


def punctuation(rule: Rule) -> Iterator[Remark]:
    for path, text in _texts(rule.to_tree(), ()):
        if _QUOTED.fullmatch(text) or _JOINED.match(text):
            yield remark(Doubt.FULL_WIDTH, rule.key, path, what=same(text))


def _texts(tree: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(tree, str):
        yield path, tree
    elif isinstance(tree, dict):
        for key, part in tree.items():
            yield from _texts(part, (*path, key)) if key not in _READ else ()
    elif isinstance(tree, list):
        for n, part in enumerate(tree):
            yield from _texts(part, (*path, n))
