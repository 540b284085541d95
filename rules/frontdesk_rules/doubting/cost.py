"""What a rule costs each time it is asked, and how often that is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from frontdesk_rules.doubting.remarks import Doubt, Remark, remark
from frontdesk_rules.engine.anchors import anchors_of
from frontdesk_rules.engine.compile import cost
from frontdesk_rules.language.aggregates import Aggregate
from frontdesk_rules.language.conditions import leaves
from frontdesk_rules.language.rule import Rule
from frontdesk_rules.telling.pasts import aggregate_label
from frontdesk_rules.words import Words, same

STEP_NS: Final = 50
# What happens all the time, and how it is called; other events are as frequent as their author makes them.
_FREQUENT: Final = {"page": Words("page view", "页面浏览"), "scroll": Words("scroll", "滚动")}


def cost_ns(rule: Rule) -> int:
    """About what one asking takes when every part of the condition is asked, in ns."""
    return STEP_NS * (1 + (cost(rule.when) if rule.when else 0))


def costs(rule: Rule) -> Iterator[Remark]:
    frequent = _FREQUENT.get(rule.trigger.kind)
    everywhere = anchors_of(rule) is None
    if frequent and everywhere:
        if rule.when is None:
            yield remark(Doubt.BARE_TRIGGER, rule.key, ("trigger",), what=frequent)
        else:
            about = same(f"{cost_ns(rule) / 1000:.1f}")
            yield remark(Doubt.LAST_BUCKET, rule.key, ("when",), what=frequent, cost=about)
    for leaf in leaves(rule.when):
        if leaf.op == "regex" and str(leaf.value).lstrip("^(").startswith((".*", ".+")):
            yield remark(Doubt.COSTLY_REGEX, rule.key, ("when",), what=same(str(leaf.value)))
        asked = leaf.field
        if isinstance(asked, Aggregate) and asked.window.kind == "ever" and frequent and everywhere:
            yield remark(Doubt.COSTLY_PAST, rule.key, ("when",), what=aggregate_label(asked))
