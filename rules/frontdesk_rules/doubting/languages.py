"""Texts that some of the people who get them cannot read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Final

from frontdesk_rules.doubting.remarks import Doubt, Remark, remark
from frontdesk_rules.findings import Path
from frontdesk_rules.language.rule import Rule
from frontdesk_rules.words import LANGUAGES, Localised, Words

NAMES: Final = {"en": Words("English", "英文"), "zh": Words("Chinese", "中文")}


def unsaid(rule: Rule, language: str | None) -> Iterator[Remark]:
    """A text must be said in the language of its workspace, and in whatever another text of the rule is said in."""
    texts = [(path, set(text.to_tree())) for path, text in _texts(rule)]
    wanted = {one for one in LANGUAGES if one == language or any(one in said for _, said in texts)}
    for path, said in texts:
        for missing in sorted(wanted - said):
            yield remark(Doubt.NOT_SAID, rule.key, path, what=NAMES[missing])


def _texts(rule: Rule) -> Iterator[tuple[Path, Localised]]:
    """What the person reads."""
    for path, action in rule.actions():
        told: Any = action
        for field in fields(told) if action.shown else ():
            text = getattr(told, field.name)
            if isinstance(text, Localised) and text.to_tree():
                yield (*path, action.name, field.name), text
