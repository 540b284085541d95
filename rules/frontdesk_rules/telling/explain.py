"""Why a rule did or did not act: the condition as a tree of what was expected and what was found, and short reasons
that a teammate reads beside the conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from frontdesk_rules.facts.known import MISSING
from frontdesk_rules.facts.moments import Moment, View
from frontdesk_rules.language.aggregates import Aggregate, Floor
from frontdesk_rules.language.conditions import AtLeast, Compare, Condition, Group, Not, combined, compared, parts
from frontdesk_rules.language.edges import ConversationTrigger
from frontdesk_rules.language.operators import Verdict
from frontdesk_rules.language.triggers import Trigger
from frontdesk_rules.telling.phrases import bare_operator_words, capital, clause, found, label, shown
from frontdesk_rules.urls import normal_path
from frontdesk_rules.words import Words, same, span

_VERDICTS: Final = {True: "true", False: "false", None: "unknown"}
_SAYS_ALL: Final = frozenset({"eq", "in", "exists", "path_eq", "path_glob", "path_prefix"})
_OF_LISTS: Final = frozenset({"has", "has_any", "has_all", "missing"})


@dataclass(frozen=True, slots=True)
class Explanation:
    """One node: `op` of a comparison or a group, verdict, and for a comparison field, expected and actual value.

    `past` is the question about the history, where that is what was compared.
    """

    op: str
    verdict: Verdict
    field: str | None = None
    expected: object = None
    actual: object = MISSING
    of: tuple[Explanation, ...] = ()
    past: dict[str, object] | None = None

    def to_tree(self) -> dict[str, object]:
        """As JSON: the verdict is `true`, `false` or `unknown`; an `actual` that is missing is null."""
        tree: dict[str, object] = {"op": self.op, "verdict": _VERDICTS[self.verdict]}
        if self.field is not None:
            tree |= {"field": self.field, "expected": self.expected, "actual": _plain(self.actual)}
        if self.past is not None:
            tree["past"] = self.past
        if self.of:
            tree["of"] = [part.to_tree() for part in self.of]
        return tree


@dataclass(frozen=True, slots=True)
class Reason:
    """A short reason in both languages; `code` is the field or trigger that it is about."""

    code: str
    text: Words

    def to_tree(self) -> dict[str, str]:
        return {"code": self.code, "text_en": self.text.en, "text_zh": self.text.zh}


def explained(condition: Condition, view: View) -> Explanation:
    """Every node is asked, also those that no longer matter for the verdict."""
    if isinstance(condition, Compare):
        return _explained_leaf(condition, view)
    of = tuple(explained(part, view) for part in parts(condition))
    return Explanation(_op(condition), combined(condition, [part.verdict for part in of]), of=of)


def _explained_leaf(condition: Compare, view: View) -> Explanation:
    asked, actual = condition.field, view[condition.field]
    past = asked.to_tree() if isinstance(asked, Aggregate) else None
    name = f"{asked.kind}({asked.step.event})" if isinstance(asked, Aggregate) else asked
    return Explanation(condition.op, compared(condition, view), name, condition.written, actual, past=past)


def _op(condition: Group | Not | AtLeast) -> str:
    if isinstance(condition, Group):
        return condition.op
    return "not" if isinstance(condition, Not) else f"at_least {condition.count}"


def _plain(value: object) -> object:
    if value is MISSING:
        return None
    if isinstance(value, Floor):
        return {"at_least": value.least}
    return value.isoformat() if isinstance(value, datetime) else value


def reasons_of(trigger: Trigger, when: Condition | None, view: View) -> tuple[Reason, ...]:
    """What speaks for it, most telling first: the trigger, unless it is a chat and the condition says more."""
    told = [] if when is None else list(_told(when, view, positive=True))
    if any(leaf.field == "page.dwell" for leaf, _ in told):
        told = [(leaf, reason) for leaf, reason in told if leaf.field != "page.path"]
    reasons = [reason for _, reason in told]
    if isinstance(trigger, ConversationTrigger) and reasons:
        return tuple(reasons)
    first = trigger_reason(trigger, view.moment)
    if first.code in ("page", "dwell"):
        reasons = [reason for reason in reasons if reason.code != "page.path"]
    return (first, *reasons)


def trigger_reason(trigger: Trigger, moment: Moment) -> Reason:
    if (moment.kind, trigger.kind) in _TOLD:
        return Reason(trigger.kind, _TOLD[trigger.kind, trigger.kind](moment))
    return Reason(trigger.kind, _opened(trigger.words()))


def moment_words(trigger: Trigger, moment: Moment) -> Words:
    """What happened: `Opened /pricing`, `“Project Created” has not happened 24 h after “Registered”`."""
    if tell := _TOLD.get((moment.kind, moment.kind)):
        return tell(moment)
    return _opened(trigger.words()) if moment.kind == trigger.kind else _ELSE.get(moment.kind, _SOMETHING)


def _opened(words: Words) -> Words:
    """What a trigger waits for, as something that came to pass."""
    return capital(Words(words.en.removeprefix("When "), words.zh.removeprefix("当")))


def _page(moment: Moment) -> Words:
    return same(normal_path(moment.path)) if moment.path else Words("a page", "某个页面")


def _told_dwell(moment: Moment) -> Words:
    return Words("{t} on {p}", "在 {p} 停留 {t}").fill_all(t=span(moment.dwell_ms or 0), p=_page(moment))


_CHANGES: Final = {
    "started": Words("Opened a chat", "发起了对话"),
    "replied": Words("Replied in a chat", "在对话中回复了"),
    "closed": Words("The chat was closed", "对话已关闭"),
    "waiting": Words("Waited for an answer", "等待了回复"),
}
_TOLD: Final[dict[tuple[str, str], Callable[[Moment], Words]]] = {
    ("page", "page"): lambda moment: Words("Opened {p}", "打开了 {p}").fill_all(p=_page(moment)),
    ("dwell", "dwell"): _told_dwell,
    ("event", "event"): lambda moment: Words("Did “{e}”", "触发了“{e}”").fill_all(e=same(moment.name or "")),
    ("conversation", "conversation"): lambda moment: _CHANGES.get(moment.name or "", _CHANGES["started"]),
}


# Moments of a person that are of another kind than those that the trigger waits for.
_ELSE: Final = {
    "scroll": Words("Scrolled down", "向下滚动了页面"),
    "exit_intent": Words("Was about to leave the page", "准备离开页面"),
    "call": Words("The site asked", "网站发起了调用"),
    "change": Words("An attribute changed", "属性发生了变更"),
    "segment": Words("Entered or left a segment", "进入或离开了分群"),
}
_SOMETHING: Final = Words("Something else happened", "发生了其他事情")


def _told(condition: Condition, view: View, *, positive: bool) -> Iterator[tuple[Compare, Reason]]:
    """The comparisons that made the condition hold; under a `not`, those that did not."""
    if isinstance(condition, Compare):
        if compared(condition, view) is positive:
            yield condition, _reason(condition, view, positive=positive)
        return
    turned = isinstance(condition, Not) or (isinstance(condition, Group) and condition.op == "none")
    for part in parts(condition):
        yield from _told(part, view, positive=positive is not turned)


def _reason(condition: Compare, view: View, *, positive: bool) -> Reason:
    if condition.field == "page.dwell" and positive:
        return Reason(_code(condition), _dwell(condition, view))
    if condition.field == "page.path" and positive:
        return Reason(_code(condition), Words("On {p}", "在 {p} 页面").fill_all(p=shown(view["page.path"])))
    return Reason(_code(condition), _plainly(condition, view, positive=positive))


def _code(condition: Compare) -> str:
    return condition.field.kind if isinstance(condition.field, Aggregate) else condition.field


def _dwell(condition: Compare, view: View) -> Words:
    """`61 s on /pricing (more than 60 s)`."""
    ms, path = view["page.dwell"], view["page.path"]
    page = shown(path) if path is not MISSING else Words("the page", "页面")
    said = Words("{t} on {p} ({op})", "在 {p} 停留 {t}（{op}）")
    return said.fill_all(t=_apart(ms, condition.expected), p=page, op=bare_operator_words(condition))


def _apart(ms: object, expected: object) -> Words:
    """The time found, with a tenth of a second where it would else read like the one expected."""
    if not isinstance(ms, int | float):
        return shown(ms)
    told = span(ms)
    return span(ms, exact=True) if isinstance(expected, int) and ms != expected and told == span(expected) else told


def _plainly(condition: Compare, view: View, *, positive: bool) -> Words:
    """`Campaign is spring`, `First session`, `Total is 120 (more than 100)`, `Tags include vip`."""
    actual = view[condition.field]
    if positive and (actual is MISSING or condition.op in _OF_LISTS or isinstance(condition.value, bool)):
        return capital(clause(condition))
    said = {
        "label": label(condition),
        "bare": bare_operator_words(condition),
        "actual": found(condition, actual, view),
    }
    if actual is MISSING:
        return capital(Words("{label} is not known", "{label}未知").fill_all(**said))
    if not positive:
        return capital(Words("{label} is {actual} (not: {bare})", "{label}为 {actual}（并非{bare}）").fill_all(**said))
    if condition.op in _SAYS_ALL:
        return capital(Words("{label} is {actual}", "{label}为 {actual}").fill_all(**said))
    return capital(Words("{label} is {actual} ({bare})", "{label}为 {actual}（{bare}）").fill_all(**said))
