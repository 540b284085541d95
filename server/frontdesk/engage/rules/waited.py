"""What a version waits for, by its meaning, and for how long: told apart, as the one may change without the other."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, NamedTuple

from frontdesk_rules import RuleErrors, parse_tree
from frontdesk_rules.durations import lasting
from frontdesk_rules.language.edges import ConversationTrigger
from frontdesk_rules.language.timed import AbsenceTrigger, ReachesTrigger

# Trigger → what it calls the time that it lasts.
_LASTS: Final[Mapping[type, str]] = {AbsenceTrigger: "within", ReachesTrigger: "offset", ConversationTrigger: "after"}
_NO_TIME: Final = "0s"


class Waited(NamedTuple):
    """`what` is a trigger as a tree, without its time; `lasts` that time, where it has one."""

    kind: type | None
    what: Any
    lasts: timedelta | None = None

    def only_lasts_otherwise(self, other: "Waited") -> bool:
        """Whether both are the same absence, of which another time may be said while it is waited for."""
        return self.kind is AbsenceTrigger and self[:2] == other[:2]


def waited(tree: Mapping[str, Any]) -> Waited:
    """Of the tree of a rule; where a later release saved it, in the words in which it stands there.

    >>> day, hours = ({"rule": "a", "trigger": {"absence": {"of": "B", "after": "A", "within": within}},
    ...     "do": [{"tag": "t"}]} for within in ("1d", "24h"))
    >>> waited(day) == waited(hours)
    True
    """
    try:
        trigger = parse_tree(tree).trigger
    except RuleErrors:
        return Waited(None, tree.get("trigger"))
    name = _LASTS.get(type(trigger))
    text = getattr(trigger, name) if name else None
    if name is None or text is None:
        return Waited(type(trigger), trigger.to_tree())
    without: Any = replace(trigger, **{name: _NO_TIME})  # type: ignore[arg-type]  # a text, in each of them
    return Waited(type(trigger), without.to_tree(), lasting(text))
