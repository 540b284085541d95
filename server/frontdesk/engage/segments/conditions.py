"""What a segment's condition says: read at the border, in the language of rules, and refused where it cannot be kept.

A segment is asked when nothing happens, too; so it cannot speak of a page, a property of an event, a session or a
conversation, which belong to a moment. What people did is asked by `count`, `sum` and the like.
"""

from collections.abc import Mapping
from typing import Any, Final

from frontdesk.engage.rules.supported import SUPPORTED
from frontdesk_rules import Finding, Rule, RuleErrors, field_of
from frontdesk_rules.facts.catalogue import Source
from frontdesk_rules.findings import Path, Place
from frontdesk_rules.language.conditions import Condition, leaves
from frontdesk_rules.language.edges import ENTERS, SegmentTrigger
from frontdesk_rules.reading import conditions as reading

SEGMENTS: Final = "contact.segments"
_FLEETING: Final = frozenset({Source.MOMENT, Source.SESSION, Source.CONVERSATION})
_LASTING: Final = frozenset({"time.now", "time.zone", "person.id"})
_OF_NOBODY: Final = frozenset({"team.online"})


def read_condition(given: object) -> Condition:
    """The condition of a tree, short or canonical, or of the same as YAML text. Raises RuleErrors with path and reason.

    >>> read_condition("contact.plan: pro").to_tree()
    {'field': 'contact.plan', 'op': 'eq', 'value': 'pro'}
    """
    tree, lines = _unfolded(given) if isinstance(given, str) else (given, {})
    place = Place(lines=lines)
    condition = reading.read_condition(tree, place)
    if condition:
        SUPPORTED.check(rule_of("segment", condition), place)
        _refuse_moments(condition, place)
    if condition is None or place.found:
        raise RuleErrors(place.found)
    return condition


def kept_condition(tree: Mapping[str, Any]) -> Condition:
    """The condition of a tree that was kept. Raises RuleErrors where a release that knew more has kept it."""
    place = Place()
    condition = reading.read_condition(tree, place)
    if condition is None:
        raise RuleErrors(place.found)
    return condition


def rule_of(key: str, condition: Condition) -> Rule:
    """The condition in the clothes of a rule that does nothing, so that facts are gathered for it as for rules."""
    return Rule(key, SegmentTrigger(ENTERS, key), when=condition)


def names_of(condition: Condition | None) -> frozenset[str]:
    """The keys of the segments that a condition asks for."""
    return frozenset(leaf.value for leaf in leaves(condition) if leaf.field == SEGMENTS and isinstance(leaf.value, str))


def _unfolded(text: str) -> tuple[object, dict[Path, int]]:
    from frontdesk_rules.reading.yaml_text import documents  # as the library does: only who reads YAML loads it

    read = list(documents(text))
    if len(read) != 1:
        raise RuleErrors([Finding("", "one condition is needed here, such as contact.plan: pro")])
    return read[0]


def _refuse_moments(condition: Condition, place: Place) -> None:
    for leaf in leaves(condition):
        row = field_of(leaf.field) if isinstance(leaf.field, str) else None
        fleeting = row is not None and row.source in _FLEETING and row.name not in _LASTING
        if row and (fleeting or row.name in _OF_NOBODY):
            place.refuse(f"{row.name} belongs to a moment; a segment says what people are, and what they did")
