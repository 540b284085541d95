"""Fields that nobody knows at the moment of a rule, or that are spelled almost like one that somebody does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Final

from frontdesk_rules.doubting.logic import nodes
from frontdesk_rules.doubting.remarks import Doubt, Remark, remark
from frontdesk_rules.facts.catalogue import FIELDS
from frontdesk_rules.findings import Path
from frontdesk_rules.language.conditions import Compare
from frontdesk_rules.language.edges import WAITING, ConversationTrigger
from frontdesk_rules.language.rule import Rule
from frontdesk_rules.language.triggers import without_session
from frontdesk_rules.words import Words, same

_BY_CLOCK: Final = frozenset({"absence", "reaches", "schedule"})
_ON_PAGE: Final = frozenset({"page", "dwell", "scroll", "exit_intent"})
# Family of fields → the moments that know nothing of it.
_UNKNOWN_AT: Final = {
    "event": frozenset(
        {"dwell", "scroll", "exit_intent", "conversation", WAITING, "change", "segment", "reaches", "schedule"}
    ),
    "page": _BY_CLOCK | {WAITING, "segment"},
    "conversation": _BY_CLOCK | _ON_PAGE | {"call"},
}
# Family of fields → whether of most people nothing of it is known at the moments of a rule.
_HARDLY_KNOWN: Final[dict[str, Callable[[Rule], bool]]] = {
    "session": lambda rule: without_session(rule.trigger),
    # at what these bring about, what a rule did in a conversation may be the cause
    "conversation": lambda rule: rule.trigger.kind in {"event", "change", "segment"},
}
_WHETHER: Final = frozenset({"exists", "missing"})
_INSTEAD: Final = {
    "event": Words(
        "write {last: {event: …, property: …}} for what an event said",
        "请改用 {last: {event: …, property: …}} 查询事件的属性",
    ),
    "page": Words(
        "tag people while they are on the page, and ask for contact.tags here",
        "请在用户浏览该页面时打标签，再在此处判断 contact.tags",
    ),
    "session": Words(
        "the session is over and forgotten when the clock brings the rule. Tag people while they are there, and ask "
        "for contact.tags here",
        "定时触发时，访问早已结束。请在访问期间打标签，再在此处判断 contact.tags",
    ),
    "conversation": Words(
        "no conversation is at hand. Write {conversation: started}, or replied, waiting or closed, as the trigger",
        "此时没有相关对话。请改用 {conversation: started} 作为触发条件，也可用 replied、waiting 或 closed",
    ),
}
_KNOWN_ANYWHERE: Final = frozenset({"page.locale"})
# How alike two names must be to be taken for one with a slip of the pen.
_ALIKE: Final = 0.75


def unknown(rule: Rule) -> Iterator[Remark]:
    for name, path in asked_fields(rule).items():
        family = name.partition(".")[0]
        if never_known(rule, family) and name not in _KNOWN_ANYWHERE:
            yield remark(Doubt.NEVER_KNOWN, rule.key, path, what=same(name), so=_INSTEAD[family])
        if name not in FIELDS and (near := _meant(name)):
            yield remark(Doubt.MISSPELLED, rule.key, path, what=same(near))


def hardly_known(rule: Rule) -> Iterator[Remark]:
    """Whoever asks whether it is there knows that it may be missing."""
    families = {family for family in _HARDLY_KNOWN if mostly_unknown(rule, family)}
    told = set[str]()
    for path, part in nodes(rule.when, ("when",)) if families and rule.when else ():
        if isinstance(part, Compare) and isinstance(part.field, str) and part.op not in _WHETHER:
            family = part.field.partition(".")[0]
            if family in families and part.field not in told:
                told.add(part.field)
                yield remark(Doubt.HARDLY_KNOWN, rule.key, path, what=same(part.field), so=_INSTEAD[family])


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


def mostly_unknown(rule: Rule, family: str) -> bool:
    """Whether of most people nothing of such fields is known at its moments."""
    return family in _HARDLY_KNOWN and _HARDLY_KNOWN[family](rule)


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
