"""Questions about the past, read aloud: `number of “Order Completed” in the last 30 days`."""

from __future__ import annotations

from typing import Final

from frontdesk_rules.durations import milliseconds
from frontdesk_rules.facts.catalogue import label_of
from frontdesk_rules.language.aggregates import Aggregate
from frontdesk_rules.language.windows import Window
from frontdesk_rules.words import Words, same, span

_LABELS: Final = {
    "count": Words("number of “{e}”", "“{e}”的次数"),
    "sum": Words("sum of {p} of “{e}”", "“{e}”的 {p} 总和"),
    "avg": Words("average {p} of “{e}”", "“{e}”的 {p} 平均值"),
    "min": Words("lowest {p} of “{e}”", "“{e}”的 {p} 最小值"),
    "max": Words("highest {p} of “{e}”", "“{e}”的 {p} 最大值"),
    "first": Words("first “{e}”", "首次“{e}”"),
    "last": Words("last “{e}”", "最近一次“{e}”"),
    "time_since_first": Words("time since the first “{e}”", "距首次“{e}”的时间"),
    "time_since_last": Words("time since the last “{e}”", "距最近一次“{e}”的时间"),
    "distinct": Words("number of different {p} of “{e}”", "“{e}”的不同 {p} 数"),
    "distinct_days": Words("number of days with “{e}”", "有“{e}”的天数"),
    "sequence": Words("“{e}”, then “{then}” within {gap}", "“{e}”之后 {gap}内发生“{then}”"),
}
_OF_ENDS: Final = Words("{p} of the {end}", "{end}的 {p}")
_PERIODS: Final = {
    "today": Words(" today", "（今天）"),
    "yesterday": Words(" yesterday", "（昨天）"),
    "this_week": Words(" this week", "（本周）"),
    "last_week": Words(" last week", "（上周）"),
    "this_month": Words(" this month", "（本月）"),
    "last_month": Words(" last month", "（上月）"),
    "this_year": Words(" this year", "（今年）"),
    "last_year": Words(" last year", "（去年）"),
}


def aggregate_label(asked: Aggregate) -> Words:
    said = _LABELS[asked.kind].fill_all(
        e=same(asked.step.event),
        p=same(asked.about or ""),
        then=same(asked.then.event if asked.then else ""),
        gap=span(milliseconds(asked.gap or "0s")),
    )
    if asked.kind in ("first", "last") and asked.about:
        said = _OF_ENDS.fill_all(p=same(asked.about), end=said)
    where = Words(" of some kind", "（限特定条件）") if any(step.where for step in asked.steps) else same("")
    window = _window(asked.window)
    return Words(said.en + where.en + window.en, said.zh + where.zh + window.zh)


def _window(window: Window) -> Words:
    if window.kind == "within":
        return Words(" in the last {t}", "（最近 {t}）").fill_all(t=span(milliseconds(window.value)))
    if window.kind == "since":
        start = label_of(window.since_field) if window.since_field else same(window.value)
        return Words(" since {s}", "（自{s}起）").fill_all(s=start)
    return _PERIODS.get(window.value, same(""))
