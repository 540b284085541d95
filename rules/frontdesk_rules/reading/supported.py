"""What whoever carries rules out is able to do: a rule that asks for more is refused by name, never half done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from frontdesk_rules.facts.catalogue import field_of
from frontdesk_rules.findings import NOT_YET, Path, Place
from frontdesk_rules.language.aggregates import Aggregate
from frontdesk_rules.language.conditions import Condition, leaves
from frontdesk_rules.language.edges import WAITING, ConversationTrigger
from frontdesk_rules.language.messages import Message
from frontdesk_rules.language.rule import Rule


@dataclass(frozen=True, slots=True)
class Supported:
    """Names of triggers (`page`, `waiting`, …), of actions (`message`, also `banner`, `template`, …), of the sources of
    fields, and of those of `holdout`, `variants`, `goal`, `caps`, `quiet`, `max_lateness` that are heeded. `history`:
    whether aggregates are answered. `lacking`: fields that these sources do not answer all the same."""

    triggers: frozenset[str]
    actions: frozenset[str]
    sources: frozenset[str]
    gates: frozenset[str] = frozenset()
    history: bool = False
    lacking: frozenset[str] = frozenset()

    def check(self, rule: Rule, place: Place) -> None:
        """A finding for everything that the rule asks for beyond this."""
        for path, name in _asked(rule, self):
            place.at(*path).refuse(f"{NOT_YET}{name}")


_GATES = ("variants", "holdout", "goal", "caps", "quiet", "max_lateness")


def _asked(rule: Rule, able: Supported) -> Iterator[tuple[Path, str]]:
    kind = rule.trigger.kind
    if kind not in able.triggers:
        yield ("trigger", kind), kind
    waits = isinstance(rule.trigger, ConversationTrigger) and rule.trigger.change == WAITING
    if waits and WAITING not in able.triggers:
        yield ("trigger", kind), WAITING
    yield from (((gate,), gate) for gate in _GATES if getattr(rule, gate) and gate not in able.gates)
    yield from ((("when",), name) for name in _conditions(rule.when, able))
    for path, action in rule.actions():
        spot = (*path, action.name)
        if action.name not in able.actions:
            yield spot, action.name
        elif isinstance(action, Message):
            yield from (((*spot, key), name) for key, name in _extras(action) if name not in able.actions)


def _conditions(condition: Condition | None, able: Supported) -> Iterator[str]:
    for leaf in leaves(condition):
        if isinstance(leaf.field, Aggregate):
            if not able.history:
                yield leaf.field.kind
        elif (row := field_of(leaf.field)) and (row.source not in able.sources or leaf.field in able.lacking):
            yield leaf.field


def _extras(message: Message) -> Iterator[tuple[str, str]]:
    if message.kind != "chat":
        yield "kind", message.kind
    if message.template:
        yield "template", "template"
