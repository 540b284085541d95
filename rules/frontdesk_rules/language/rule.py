"""A rule as a frozen value, and its canonical tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from frontdesk_rules.durations import lasting, milliseconds
from frontdesk_rules.language.actions import Action
from frontdesk_rules.language.conditions import Condition
from frontdesk_rules.language.gates import Cap, Goal, Policy, Quiet
from frontdesk_rules.language.timed import AbsenceTrigger
from frontdesk_rules.language.triggers import Trigger
from frontdesk_rules.words import Localised

SUBJECTS: Final = ("person", "session", "conversation")
DEFAULT_PRIORITY: Final = 50
_SHADOW: Final = ":shadow"


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often a rule may act: once per person, session or conversation, or for each key that a person is waited for
    by; or, with `every`, again after that long."""

    per: str = "person"
    every: str | None = None

    @property
    def every_ms(self) -> int | None:
        return None if self.every is None else milliseconds(self.every)

    @property
    def unlimited(self) -> bool:
        """Whether it may act at every moment, also at one that we hear of after a later one."""
        return self.every_ms == 0

    def to_tree(self) -> dict[str, object]:
        return {"per": self.per} if self.every is None else {"every": self.every}


ONCE: Final = Repeat()
PER_KEY: Final = Repeat(per="key")


def repeat_unsaid(trigger: Trigger | None) -> Repeat:
    """Of a rule that does not say it: what is waited for by a key acts once for each."""
    return PER_KEY if isinstance(trigger, AbsenceTrigger) and trigger.key_property else ONCE


@dataclass(frozen=True, slots=True)
class Variant:
    """One of several things to do: `share` percent of the people get it, always the same ones."""

    name: str
    share: float
    do: tuple[Action, ...]

    def to_tree(self) -> dict[str, object]:
        return {"name": self.name, "share": percent(self.share), "do": [action.to_tree() for action in self.do]}


def percent(share: float) -> str:
    """
    >>> percent(12.5)
    '12.5%'
    """
    return f"{share:g}%"


@dataclass(frozen=True, slots=True)
class TestPlace:
    """The workspace that a test is played in: as written, and what that means."""

    __test__ = False  # pytest would take it for a class of tests
    written: object
    policy: Policy
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Test:
    """A golden test as written: what is given how long after `start`, and which actions are expected. Where it names no
    `workspace`, it is played in one without caps and quiet hours."""

    __test__ = False
    name: str
    given: tuple[dict[str, object], ...]
    expect: tuple[dict[str, object], ...]
    start: str | None = None
    workspace: TestPlace | None = None

    def to_tree(self) -> dict[str, object]:
        start = {"start": self.start} if self.start else {}
        workspace = {"workspace": self.workspace.written} if self.workspace else {}
        return {"name": self.name, **start, **workspace, "given": list(self.given), "expect": list(self.expect)}


@dataclass(frozen=True, slots=True)
class Rule:
    """What an author wrote, checked. `key` is the word after `rule:`; priority 0..100, higher wins.

    `do` is empty where `variants` say what is done. `holdout` is in percent. `moment` names the moment of the
    customer's journey that the rule serves. What is due later than `max_lateness` is not done any more.
    """

    key: str
    trigger: Trigger
    do: tuple[Action, ...] = ()
    when: Condition | None = None
    name: Localised | None = None
    priority: int = DEFAULT_PRIORITY
    exclusive: str | None = None
    moment: str | None = None
    variants: tuple[Variant, ...] = ()
    repeat: Repeat = ONCE
    holdout: float = 0
    goal: Goal | None = None
    caps: tuple[Cap, ...] = ()
    quiet: Quiet | None = None
    max_lateness: str | None = None
    tests: tuple[Test, ...] = ()

    @property
    def lateness(self) -> timedelta | None:
        return lasting(self.max_lateness) if self.max_lateness else None

    def actions(self) -> Iterator[tuple[tuple[str | int, ...], Action]]:
        """Every action with its place in the tree: those of `do`, and of each variant."""
        for n, action in enumerate(self.do):
            yield ("do", n), action
        for at, variant in enumerate(self.variants):
            for n, action in enumerate(variant.do):
                yield ("variants", at, "do", n), action

    def to_tree(self) -> dict[str, object]:
        """The canonical tree; what has its default value is left out."""
        tree: dict[str, object] = {
            "rule": self.key,
            "name": self.name.to_tree() if self.name else None,
            "priority": self.priority if self.priority != DEFAULT_PRIORITY else None,
            "exclusive": self.exclusive,
            "moment": self.moment,
            "trigger": self.trigger.to_tree(),
            "when": self.when.to_tree() if self.when else None,
            "do": [action.to_tree() for action in self.do] or None,
            "variants": [variant.to_tree() for variant in self.variants] or None,
            "repeat": self.repeat.to_tree() if self.repeat != repeat_unsaid(self.trigger) else None,
            "holdout": percent(self.holdout) if self.holdout else None,
            "goal": self.goal.to_tree() if self.goal else None,
            "caps": [cap.to_tree() for cap in self.caps] or None,
            "quiet": self.quiet.to_tree() if self.quiet else None,
            "max_lateness": self.max_lateness,
            "tests": [test.to_tree() for test in self.tests] or None,
        }
        return {key: value for key, value in tree.items() if value is not None}


def timer_id(rule_id: str, *, shadow: bool = False) -> str:
    """What the timers of a version go by: a shadow waits for itself, and never makes its live sister act.

    >>> timer_id("rul_1", shadow=True)
    'rul_1:shadow'
    """
    return f"{rule_id}{_SHADOW}" if shadow else rule_id


def rule_of(waiting: str) -> str:
    """The rule that a `timer_id` is of."""
    return waiting.removesuffix(_SHADOW)


@dataclass(frozen=True, slots=True)
class LiveRule:
    """One saved, immutable version of a rule. `id` stays the same across versions; repeats are counted by it.

    `shadow`: it is decided for real, and nothing is done.
    """

    id: str
    version: int
    rule: Rule
    active: bool = True
    shadow: bool = False

    @property
    def timer_id(self) -> str:
        return timer_id(self.id, shadow=self.shadow)
