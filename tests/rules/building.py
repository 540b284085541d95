"""Rules, moments and people for the tests of the rule library, with what does not matter filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from frontdesk_rules import (
    NO_HISTORY,
    Decision,
    History,
    KnownFacts,
    LiveRule,
    Moment,
    Policy,
    Rule,
    RuleSet,
    Shown,
    Whom,
    decide,
    parse_tree,
)

NO_POLICY = Policy()
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PERSON = Whom("vis_1", "ses_1", "cnv_1")


def rule(key: str = "a-rule", **tree: Any) -> Rule:
    """A rule that tags on any page, unless said otherwise."""
    return parse_tree({"rule": key, "trigger": "page", "do": [{"tag": "seen"}], **tree})


def live(*rules: Rule, policy: Policy = NO_POLICY) -> RuleSet:
    """Live under the id `rul_<key>`."""
    return RuleSet.compile([LiveRule(f"rul_{one.key}", 1, one) for one in rules], policy)


def page(path: str = "/", **more: Any) -> Moment:
    return Moment(**{"kind": "page", "at": NOON, "path": path, **more})


def dwell(ms: int, path: str = "/", before_ms: int = 0) -> Moment:
    return Moment(kind="dwell", at=NOON, path=path, dwell_ms=ms, dwell_before_ms=before_ms)


def event(name: str, **properties: object) -> Moment:
    return Moment(kind="event", at=NOON, name=name, properties=properties)


def started(path: str = "/", dwell_ms: int | None = None) -> Moment:
    return Moment(kind="conversation", at=NOON, name="started", path=path, dwell_ms=dwell_ms)


@dataclass
class Remembered:
    """What the past says, as a fake."""

    conversation_open: bool = False
    has_address: bool = True
    done: dict[tuple[str, str], datetime] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    told: list[Shown] = field(default_factory=list)
    slots: dict[tuple[str, datetime], str] = field(default_factory=dict)

    def refuses(self, message_class: str, /) -> bool:
        return message_class in self.refused

    def shown(self, since: datetime, /) -> list[Shown]:
        return [one for one in self.told if one.at > since]

    def taken(self, group: str, at: datetime, /) -> str | None:
        return self.slots.get((group, at))

    def acted(self, rule_id: str, repeat_key: str, /) -> datetime | None:
        return self.done.get((rule_id, repeat_key))

    def remember(self, decision: Decision, at: datetime = NOON) -> None:
        self.done[decision.rule.id, decision.repeat_key] = at


def decided(
    rules: RuleSet,
    moment: Moment,
    facts: Mapping[str, object] | None = None,
    memory: Remembered | None = None,
    whom: Whom = PERSON,
    history: History = NO_HISTORY,
) -> tuple[Decision, ...]:
    return decide(moment, rules.candidates(moment), KnownFacts(facts or {}, history), memory or Remembered(), whom)


def outcome(decision: Decision) -> str:
    return decision.outcome if decision.reason is None else f"{decision.outcome}: {decision.reason}"


def later(**span: float) -> datetime:
    return NOON + timedelta(**span)
