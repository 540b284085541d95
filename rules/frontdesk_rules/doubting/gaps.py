"""Texts with a gap in them: a field that is not known when they are said, and nothing that is said instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from frontdesk_rules.doubting.places import texts
from frontdesk_rules.doubting.remarks import Doubt, Remark, remark
from frontdesk_rules.doubting.unknown import mostly_unknown, never_known
from frontdesk_rules.language.rule import Rule
from frontdesk_rules.words import same

# Whether the text can be read at all, whoever renders templates has said; this only finds the fields in it.
_SAID: Final = re.compile(r"\{\{-?\s*([a-z]+\.[a-z_]+)\b([^}]*)\}\}")
_TAG: Final = re.compile(r"\{%.*?%\}", re.DOTALL)
_INSTEAD: Final = re.compile(r"\|\s*default\b")


def gaps(rule: Rule) -> Iterator[Remark]:
    for path, _, text in texts(rule):
        for language, said in text.to_tree().items():
            for name in _bare(str(said)):
                family = name.partition(".")[0]
                if never_known(rule, family) or mostly_unknown(rule, family):
                    so = same(f"{{{{ {name} | default: '…' }}}}")
                    yield remark(Doubt.LEFT_EMPTY, rule.key, (*path, language), what=same(name), so=so)


def _bare(text: str) -> list[str]:
    """The fields that a text says without a `default`; of one that a tag asks about, its author knows that it may be
    missing.

    >>> _bare("{{ page.title }} {{ page.path | default: 'here' }}")
    ['page.title']
    >>> _bare("{% if session.campaign %}{{ session.campaign }}{% endif %}")
    []
    """
    asked = " ".join(_TAG.findall(text))
    found = {name for name, filters in _SAID.findall(text) if not _INSTEAD.search(filters)}
    return sorted(name for name in found if name not in asked)
