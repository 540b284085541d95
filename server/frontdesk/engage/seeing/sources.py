"""Where each part of a condition was seen: the events behind an aggregate, and the one that the moment is."""

from datetime import datetime
from typing import Any, Final

from frontdesk.core.clock import iso
from frontdesk_rules import MISSING, Explanation, View
from frontdesk_rules.language.aggregates import Aggregate
from frontdesk_rules.language.conditions import Compare, Condition, parts
from frontdesk_rules.telling.nodes import node_words

_MOST: Final = 5


def sourced(condition: Condition, explained: Explanation, view: View) -> dict[str, Any]:
    """The tree of the explanation, each node in words; `sources` of a comparison are `[{id, at}]`, newest first, and
    `events` how many there are."""
    words = node_words(condition, explained.verdict, explained.actual, view)
    tree: dict[str, Any] = explained.to_tree() | {"text_en": words.en, "text_zh": words.zh}
    if isinstance(condition, Compare):
        return tree | _sources(condition, view)
    pairs = zip(parts(condition), explained.of, strict=True)
    return tree | {"of": [sourced(part, told, view) for part, told in pairs]}


def _sources(condition: Compare, view: View) -> dict[str, Any]:
    if isinstance(condition.field, Aggregate):
        return _of_past(condition.field, view)
    moment = view.moment
    if moment.id and moment.fact(condition.field) is not MISSING and condition.field != "time.now":
        return {"sources": [_source(moment.id, moment.at)]}
    return {}


def _of_past(asked: Aggregate, view: View) -> dict[str, Any]:
    span = asked.window.span(view)
    if span is None:
        return {"sources": [], "events": 0}
    found = [past for step in asked.steps for past in step.among(view.history, span) or ()]
    newest = sorted(found, key=lambda past: (past.at, past.id), reverse=True)[:_MOST]
    return {"sources": [_source(past.id, past.at) for past in newest], "events": len(found)}


def _source(event_id: str, at: datetime) -> dict[str, str]:
    return {"id": event_id, "at": iso(at)}
