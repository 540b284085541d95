"""A rule as a frozen value, and its canonical tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from frontdesk_rules.durations import milliseconds
from frontdesk_rules.language.actions import Action
from frontdesk_rules.language.conditions import Condition
from frontdesk_rules.language.triggers import Trigger
from frontdesk_rules.words import Localised

SUBJECTS: Final = ("person", "session", "conversation")
DEFAULT_PRIORITY: Final = 50


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often a rule may act: once per person, session or conversation; or, with `every`, again after that long."""

    per: str = "person"
    every: str | None = None

    @property
    def every_ms(self) -> int | None:
        return None if self.every is None else milliseconds(self.every)

    def to_tree(self) -> dict[str, object]:
        return {"per": self.per} if self.every is None else {"every": self.every}


ONCE: Final = Repeat()


@dataclass(frozen=True, slots=True)
class Test:
    """A golden test as written: what is given at which second, and which actions are expected."""

    __test__ = False  # pytest would take it for a class of tests
    name: str
    given: tuple[dict[str, object], ...]
    expect: tuple[dict[str, object], ...]

    def to_tree(self) -> dict[str, object]:
        return {"name": self.name, "given": list(self.given), "expect": list(self.expect)}


@dataclass(frozen=True, slots=True)
class Rule:
    """What an author wrote, checked. `key` is the word after `rule:`; priority 0..100, higher wins."""

    key: str
    trigger: Trigger
    do: tuple[Action, ...]
    when: Condition | None = None
    name: Localised | None = None
    priority: int = DEFAULT_PRIORITY
    exclusive: str | None = None
    repeat: Repeat = ONCE
    tests: tuple[Test, ...] = ()

    def to_tree(self) -> dict[str, object]:
        """The canonical tree; what has its default value is left out."""
        tree: dict[str, object] = {
            "rule": self.key,
            "name": self.name.to_tree() if self.name else None,
            "priority": self.priority if self.priority != DEFAULT_PRIORITY else None,
            "exclusive": self.exclusive,
            "trigger": self.trigger.to_tree(),
            "when": self.when.to_tree() if self.when else None,
            "do": [action.to_tree() for action in self.do],
            "repeat": self.repeat.to_tree() if self.repeat != ONCE else None,
            "tests": [test.to_tree() for test in self.tests] or None,
        }
        return {key: value for key, value in tree.items() if value is not None}


@dataclass(frozen=True, slots=True)
class LiveRule:
    """One saved, immutable version of a rule. `id` stays the same across versions; repeats are counted by it."""

    id: str
    version: int
    rule: Rule
    active: bool = True
