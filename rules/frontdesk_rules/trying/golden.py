"""Runs the `tests:` of a rule on a fake clock, through the same index and decision as the live ones.

A fresh person, known to nobody, in their first session. `page` opens a page, `dwell` is the visible time reached on
it, `event` comes with `properties`, `conversation` is started, replied to or closed; `facts` sets fields from then on.
Half an hour without anything ends the session. Each action expected names at least one of its keys; others may differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from frontdesk_rules.durations import milliseconds
from frontdesk_rules.engine.decide import Decision, Whom, decide
from frontdesk_rules.engine.index import RuleSet
from frontdesk_rules.facts.catalogue import MISSING, FieldType, field_of
from frontdesk_rules.facts.moments import Moment
from frontdesk_rules.language.rule import LiveRule, Rule, Test
from frontdesk_rules.urls import host_of, normal_path

_START: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)  # a Monday morning
_IDLE: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class TestResult:
    """`actual` lists what the rule did, in the form of `expected`."""

    __test__ = False
    name: str
    passed: bool
    expected: tuple[dict[str, object], ...]
    actual: tuple[dict[str, object], ...]


def run_tests(rule: Rule) -> list[TestResult]:
    """The results of all tests of a rule, in their order."""
    rules = RuleSet.compile([LiveRule("rul_test", 1, rule)])
    return [_run(rules, test) for test in rule.tests]


def _run(rules: RuleSet, test: Test) -> TestResult:
    scene, actual = _Scene(), list[dict[str, object]]()
    for given in sorted(test.given, key=lambda entry: milliseconds(str(entry["at"]))):
        for moment in scene.play(given):
            decisions = decide(moment, rules.candidates(moment), scene, scene, scene.whom)
            for decision in decisions:
                scene.remember(decision, moment)
                actual += [{"at": given["at"], **one.action.to_tree()} for one in decision.actions]
    return TestResult(test.name, _as_expected(test.expect, actual), test.expect, tuple(actual))


def _as_expected(expected: tuple[dict[str, object], ...], actual: list[dict[str, object]]) -> bool:
    return len(expected) == len(actual) and all(map(_within, map(_timed, expected), map(_timed, actual)))


def _timed(entry: dict[str, object]) -> dict[str, object]:
    return {**entry, "at": milliseconds(str(entry["at"]))}


def _within(expected: object, actual: object) -> bool:
    """Mappings may leave keys out; anything else is equal."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return all(key in actual and _within(value, actual[key]) for key, value in expected.items())
    return expected == actual


@dataclass(slots=True)
class _Scene:
    """The pretended person: facts, memory and ids in one."""

    now: datetime = _START
    path: str | None = None
    sessions: int = 1
    conversations: int = 0
    conversation_open: bool = False
    dwelt: dict[str, int] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=lambda: {"session.is_first": True, "session.page_views": 0})
    done: dict[tuple[str, str], datetime] = field(default_factory=dict)

    @property
    def whom(self) -> Whom:
        conversation = f"cnv_{self.conversations}" if self.conversations else None
        return Whom("vis_test", f"ses_{self.sessions}", conversation)

    def get(self, name: str, /) -> object:
        return self.facts.get(name, MISSING)

    def acted(self, rule_id: str, repeat_key: str, /) -> datetime | None:
        return self.done.get((rule_id, repeat_key))

    def remember(self, decision: Decision, moment: Moment) -> None:
        if decision.outcome == "acted":
            self.done[decision.rule.id, decision.repeat_key] = moment.at

    def play(self, given: Mapping[str, Any]) -> list[Moment]:
        """What happens at this entry: one moment, or none if it only sets facts."""
        at = _START + timedelta(milliseconds=milliseconds(given["at"]))
        if at - self.now > _IDLE:
            self._new_session()
        self.now = at
        happening = next((kind for kind in ("page", "dwell", "event", "conversation") if kind in given), None)
        if happening == "page":
            self._open(given["page"])
        self.facts |= {name: _gathered(name, value) for name, value in given.get("facts", {}).items()}
        return [self._moment(happening, given)] if happening else []

    def _new_session(self) -> None:
        self.sessions += 1
        self.dwelt = {}
        self.facts |= {"session.is_first": False, "session.page_views": 0}

    def _open(self, url: str) -> None:
        self.path = normal_path(url)
        views = self.facts["session.page_views"]
        landing = self.facts.get("session.landing_path", self.path) if views else self.path
        query = url.partition("?")[2].partition("#")[0]
        self.facts |= {
            "session.page_views": views + 1 if isinstance(views, int) else 1,
            "session.landing_path": landing,
            "page.url": url,
            "page.host": host_of(url) or None,
            "page.query": f"?{query}" if query else None,
        }

    def _moment(self, kind: str, given: Mapping[str, Any]) -> Moment:
        before = self.dwelt.get(self.path or "", 0)
        now = milliseconds(given["dwell"]) if kind == "dwell" else before
        self.dwelt[self.path or ""] = now
        if kind == "conversation":
            self._talk(given["conversation"])
        return Moment(
            kind=kind,  # type: ignore[arg-type]  # one of the four, by `play`
            at=self.now,
            name=given[kind] if kind in ("event", "conversation") else None,
            path=self.path,
            dwell_ms=now if self.path else None,
            dwell_before_ms=before,
            properties=given.get("properties", {}),
        )

    def _talk(self, change: str) -> None:
        self.conversations += change == "started"
        self.conversation_open = change != "closed"


def _gathered(name: str, value: object) -> object:
    """A fact as the server would gather it: durations in ms, times aware."""
    row = field_of(name)
    if row and row.type is FieldType.DURATION and isinstance(value, str):
        return milliseconds(value)
    return datetime.fromisoformat(value) if row and row.type is FieldType.TIME and isinstance(value, str) else value
