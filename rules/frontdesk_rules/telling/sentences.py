"""A whole rule in one sentence, English and Chinese."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from frontdesk_rules.language.actions import Action
from frontdesk_rules.language.conditions import AtLeast, Compare, Condition, Group, Not
from frontdesk_rules.language.rule import ONCE, PER_KEY, Rule
from frontdesk_rules.language.timed import AbsenceTrigger
from frontdesk_rules.telling.phrases import bare_operator_words, clause, expected_words
from frontdesk_rules.words import Words, joined, same, span

_AND: Final = Words(" and ", "，且")
_ON: Final = frozenset({"eq", "in", "path_eq", "path_prefix", "path_glob"})
_NOWHERE: Final = Words("", "")


def sentence(rule: Rule) -> dict[str, str]:
    """`{"en": "When someone opens a chat, after more than 60 s on /pricing, assign to Sales", "zh": …}`."""
    on, after, others = _sorted(rule.when)
    opening, place = rule.trigger.words(), _place(on, after)
    what = _what(rule)
    tail = _often(rule)
    condition = joined([_clause(part) for part in others], _AND)
    en = [opening.en, place.en, f"if {condition.en}" if others else "", what.en + tail.en]
    begun = f"{opening.zh}，且{place.zh}" if place.zh else opening.zh
    begun += "" if begun.endswith("后") else "时"
    zh = [begun, f"若{condition.zh}" if others else "", what.zh + tail.zh]
    return {"en": ", ".join(filter(None, en)), "zh": "，".join(filter(None, zh))}


def _what(rule: Rule) -> Words:
    if not rule.variants:
        return actions_words(rule.do)
    said = Words("{a} for {n} %", "对 {n}% 的用户{a}")
    each = [said.fill_all(a=actions_words(one.do), n=same(f"{one.share:g}")) for one in rule.variants]
    return joined(each, Words(" or ", "，或"))


def actions_words(do: Iterable[Action]) -> Words:
    """What is done: `assign to Sales and tag vip`."""
    return joined([action.words() for action in do], Words(" and ", "，并"))


def _sorted(when: Condition | None) -> tuple[Compare | None, Compare | None, list[Condition]]:
    """The page and the dwell that the whole condition stands on, and everything else."""
    parts = list(when.of) if isinstance(when, Group) and when.op == "all" else [when] if when else []
    on = next((p for p in parts if isinstance(p, Compare) and p.field == "page.path" and p.op in _ON), None)
    after = next((p for p in parts if isinstance(p, Compare) and p.field == "page.dwell"), None)
    return on, after, [part for part in parts if part is not on and part is not after]


def _place(on: Compare | None, after: Compare | None) -> Words:
    page = _page(on) if on else Words("the page", "页面")
    if after:
        return Words("after {t} on {p}", "在 {p} 停留{t}").fill_all(t=bare_operator_words(after), p=page)
    return Words("on {p}", "在 {p} 页面上").fill_all(p=page) if on else _NOWHERE


def _page(on: Compare) -> Words:
    below = Words("{p} or below", "{p} 及其下级") if on.op == "path_prefix" else Words("{p}", "{p}")
    return below.fill_all(p=expected_words(on))


def _clause(condition: Condition) -> Words:
    if isinstance(condition, Compare):
        return clause(condition)
    if isinstance(condition, Not):
        return Words("not ({c})", "并非（{c}）").fill_all(c=_clause(condition.of))
    clauses = [_clause(part) for part in condition.of]
    if isinstance(condition, AtLeast):
        several = Words("at least {n} of ({c})", "至少满足 {n} 项（{c}）")
        return several.fill_all(n=same(str(condition.count)), c=joined(clauses, Words("; ", "；")))
    frame, between = _FRAMES[condition.op]
    return frame.fill_all(c=joined(clauses, between))


_FRAMES: Final = {
    "all": (Words("({c})", "（{c}）"), _AND),
    "any": (Words("({c})", "（{c}）"), Words(" or ", " 或 ")),
    "none": (Words("none of ({c})", "以下都不成立（{c}）"), Words("; ", "；")),
}


def _often(rule: Rule) -> Words:
    """How often it may act; that once for a person is all goes without saying, unless something has a key."""
    every = rule.repeat.every_ms
    if every is not None:
        return _NOWHERE if rule.repeat.unlimited else _EVERY.fill_all(t=span(every))
    trigger = rule.trigger
    key = trigger.key_property if isinstance(trigger, AbsenceTrigger) else None
    if rule.repeat == ONCE and key is None:
        return _NOWHERE
    return _ONCE_IN[rule.repeat.per].fill_all(k=same(key or ""))


_EVERY: Final = Words(", at most once every {t}", "，每 {t}最多一次")
_ONCE_IN: Final = {
    "person": Words(", at most once for each person", "，每人最多一次"),
    "session": Words(", at most once in each session", "，每次访问最多一次"),
    "conversation": Words(", at most once in each conversation", "，每个对话最多一次"),
    PER_KEY.per: Words(", at most once for each {k}", "，每个 {k} 最多一次"),
}
