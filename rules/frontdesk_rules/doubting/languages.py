"""Texts that some of the people who get them cannot read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from frontdesk_rules.doubting.places import texts
from frontdesk_rules.doubting.remarks import Doubt, Remark, remark
from frontdesk_rules.language.rule import Rule
from frontdesk_rules.words import LANGUAGES, Words

NAMES: Final = {"en": Words("English", "英文"), "zh": Words("Chinese", "中文")}


def unsaid(rule: Rule, language: str | None) -> Iterator[Remark]:
    """A text must be said in the language of its workspace, and in whatever another text of the rule is said in."""
    read = [(path, set(text.to_tree())) for path, action, text in texts(rule) if action.shown]
    wanted = {one for one in LANGUAGES if one == language or any(one in said for _, said in read)}
    for path, said in read:
        for missing in sorted(wanted - said):
            yield remark(Doubt.NOT_SAID, rule.key, path, what=NAMES[missing])
