"""Fields that nobody knows at the moment of a rule, or that are spelled almost like one that somebody does."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from frontdesk_rules.doubting.logic import nodes
from frontdesk_rules.doubting.remarks import Doubt, Remark, remark
from frontdesk_rules.facts.catalogue import FIELDS
from frontdesk_rules.findings import Path
from frontdesk_rules.language.conditions import Compare
from frontdesk_rules.language.edges import WAITING, ConversationTrigger
from frontdesk_rules.language.rule import Rule
from frontdesk_rules.words import same

_BY_CLOCK: Final = frozenset({"absence", "reaches", "schedule"})
_ON_PAGE: Final = frozenset({"page", "dwell", "scroll", "exit_intent"})
# Family of fields → the moments that know nothing of it.
_UNKNOWN_AT: Final = {
    "event": frozenset(
        {"dwell", "scroll", "exit_intent", "conversation", WAITING, "change", "segment", "reaches", "schedule"}
    ),
    "page": _BY_CLOCK | {WAITING},
    "conversation": _BY_CLOCK | _ON_PAGE | {"call"},
}
_KNOWN_ANYWHERE: Final = frozenset({"page.locale"})
# How alike two names must be to be taken for one with a slip of the pen.
_ALIKE: Final = 0.75


def unknown(rule: Rule) -> Iterator[Remark]:
    for name, path in asked_fields(rule).items():
        if never_known(rule, name.partition(".")[0]) and name not in _KNOWN_ANYWHERE:
            yield remark(Doubt.NEVER_KNOWN, rule.key, path, what=same(name))
        if name not in FIELDS and (near := _meant(name)):
            yield remark(Doubt.MISSPELLED, rule.key, path, what=same(near))


def asked_fields(rule: Rule) -> dict[str, Path]:
    """Each once, where the condition asks it first."""
    asked: dict[str, Path] = {}
    for path, part in nodes(rule.when, ("when",)) if rule.when else ():
        if isinstance(part, Compare) and isinstance(part.field, str):
            asked.setdefault(part.field, path)
    return asked


def never_known(rule: Rule, family: str) -> bool:
    """Whether no moment of this rule knows anything of such fields."""
    return _moment_of(rule) in _UNKNOWN_AT.get(family, ())


def _moment_of(rule: Rule) -> str:
    """The kind of its moments; those of one that waits for an answer are a clock's."""
    trigger = rule.trigger
    waits = isinstance(trigger, ConversationTrigger) and trigger.change == WAITING
    return WAITING if waits else trigger.kind


def _meant(name: str) -> str | None:
    """A field of the catalogue that is spelled almost like an attribute."""
    family, _, rest = name.partition(".")
    near = get_close_matches(rest, [known.removeprefix(f"{family}.") for known in FIELDS], 1, _ALIKE)
    meant = f"{family}.{near[0]}" if near else ""
    return meant if meant in FIELDS else None
