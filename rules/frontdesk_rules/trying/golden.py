"""Runs the `tests:` of a rule on a fake clock, through the same index and decisions as the live ones.

A fresh person, known to nobody until the first line, in their first session, who has an address unless a fact says that
`contact.email` is null; in a workspace without caps, quiet hours and zone, unless the test names one. `page` opens a
page, `dwell` is the visible time reached on it, `scroll` how far down, `event` and `call` come with `properties`,
`conversation` is started, replied to, answered or closed, `change` gives attributes other values, `segment` lets the
person enter or leave one; `facts` sets fields from then on, and `told` is the class of a message that another rule has
said. Half an hour without anything ends the session. Timers that are due by the last line of the test fire. Each action
expected names at least one of its keys; others may differ. Lines that name `who` are of somebody else than lines that
do not, and so is what is done then; who has the same `company.id` is of one company.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final

from frontdesk_rules.durations import milliseconds
from frontdesk_rules.engine.decide import Decision
from frontdesk_rules.engine.index import RuleSet
from frontdesk_rules.engine.past import Shown
from frontdesk_rules.engine.ready import NO_POLICY
from frontdesk_rules.engine.waits import GRACE
from frontdesk_rules.facts.catalogue import FieldType, field_of
from frontdesk_rules.facts.history import RememberedHistory
from frontdesk_rules.facts.known import MISSING
from frontdesk_rules.facts.moments import Moment
from frontdesk_rules.language.edges import ENTERS
from frontdesk_rules.language.literals import read_instant
from frontdesk_rules.language.rule import LiveRule, Rule, Test, TestPlace
from frontdesk_rules.reading.tests import HAPPENINGS
from frontdesk_rules.trying.people import Someone
from frontdesk_rules.trying.play import Play
from frontdesk_rules.trying.recorded import Recorded

_START: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)  # a Monday morning
_PERSON: Final = "vis_test"
_OTHERS: Final = "vis_test_"
MOST_DECISIONS: Final = 5_000  # a schedule of every day for ten years; somebody waits for the answer
_BARE: Final = TestPlace(None, NO_POLICY)
_NOTHING: Final[dict[str, Any]] = {"at": "0s"}
_NAMED: Final = frozenset({"event", "call", "conversation"})


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
    return [_run(rule, test) for test in rule.tests]


class _EndlessError(Exception):
    """A test in which more is decided than anybody means."""


def _run(rule: Rule, test: Test) -> TestResult:
    last = max((milliseconds(str(entry["at"])) for entry in (*test.given, *test.expect)), default=0)
    try:
        actual = _played(rule, test, last)
    except _EndlessError:
        stopped: dict[str, object] = {"stopped": f"it takes more than {MOST_DECISIONS:,} decisions: let less time pass"}
        return TestResult(test.name, passed=False, expected=test.expect, actual=(stopped,))
    done = [entry for entry in actual if milliseconds(str(entry["at"])) <= last]
    return TestResult(test.name, _as_expected(test.expect, done), test.expect, tuple(done))


def _played(rule: Rule, test: Test, last: int) -> list[dict[str, object]]:
    """What the rule did, and when."""
    start = _start(test)
    actual: list[dict[str, object]] = []
    decided = count(1)

    def told(decision: Decision, someone: Someone, moment: Moment) -> None:
        if next(decided) > MOST_DECISIONS:
            raise _EndlessError
        at: dict[str, object] = {"at": _after(start, moment.at)}
        if someone.id != _PERSON:
            at["who"] = someone.id.removeprefix(_OTHERS)
        actual.extend({**at, **one.action.to_tree()} for one in decision.actions)

    place = test.workspace or _BARE
    rules = RuleSet.compile([LiveRule("rul_test", 1, rule)], place.policy)
    whom = {_who(given) for given in test.given or [_NOTHING]}
    play = Play(rules, told, beforehand={person: _newcomer(person, start, place.zone) for person in whom})
    for given in sorted(test.given or [_NOTHING], key=_since):
        _give(play, given, start)
    # What is due by then fires with its grace; what that brings about later is beyond the test.
    play.run_until(start + timedelta(milliseconds=last) + GRACE)
    return actual


def _give(play: Play, given: Mapping[str, Any], start: datetime) -> None:
    """Let it happen; what another rule said counts from then on."""
    one = _recorded(given, start)
    play.play([one])
    if "told" in given:
        someone = play.someone(_who(given))
        someone.told.append(Shown(one.at, given["told"], someone.session, someone.conversation))


def _newcomer(person: str, start: datetime, zone: str | None) -> Someone:
    facts: dict[str, object] = {"workspace.timezone": zone} if zone else {}
    return Someone(person, facts, RememberedHistory(start))


def _who(given: Mapping[str, Any]) -> str:
    return f"{_OTHERS}{given['who']}" if "who" in given else _PERSON


def _start(test: Test) -> datetime:
    if test.start is None:
        return _START
    start = read_instant(test.start)
    return start.astimezone(UTC) if start.tzinfo else start.replace(tzinfo=UTC)


def _after(start: datetime, at: datetime) -> str:
    """`65s`, `24h`: how long after the start, as a test writes it."""
    ms = round((at - start) / timedelta(milliseconds=1))
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000)):
        if ms and ms % size == 0:
            return f"{ms // size}{unit}"
    return f"{ms // 1000}.{ms % 1000:03}".rstrip("0").rstrip(".") + "s"


def _since(given: Mapping[str, Any]) -> int:
    """So long after the start, in ms."""
    return milliseconds(given["at"])


def _recorded(given: Mapping[str, Any], start: datetime) -> Recorded:
    at = start + timedelta(milliseconds=_since(given))
    kind = next((kind for kind in HAPPENINGS if kind in given), "facts")
    facts = {**given.get("facts", {}), **(given["change"] if kind == "change" else {})}
    name, after = _named(kind, given)
    return Recorded(
        at=at,
        person=_who(given),
        kind=kind,
        name=name,
        path=given.get("page"),
        properties=given.get("properties", {}),
        value=milliseconds(given["dwell"]) if kind == "dwell" else given.get("scroll"),
        facts={name: _gathered(name, value) for name, value in facts.items()},
        after=after,
    )


def _named(kind: str, given: Mapping[str, Any]) -> tuple[str | None, object]:
    if kind == "segment":
        ((change, segment),) = given["segment"].items()
        return segment, change == ENTERS
    return (given[kind] if kind in _NAMED else None), MISSING


def _as_expected(expected: tuple[dict[str, object], ...], actual: list[dict[str, object]]) -> bool:
    return len(expected) == len(actual) and all(map(_within, map(_timed, expected), map(_timed, actual)))


def _timed(entry: dict[str, object]) -> dict[str, object]:
    return {**entry, "at": milliseconds(str(entry["at"]))}


def _within(expected: object, actual: object) -> bool:
    """Mappings may leave keys out; anything else is equal."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return all(key in actual and _within(value, actual[key]) for key, value in expected.items())
    return expected == actual


def _gathered(name: str, value: object) -> object:
    """A fact as the server would gather it: durations in ms, times aware."""
    row = field_of(name)
    if row and row.type is FieldType.DURATION and isinstance(value, str):
        return milliseconds(value)
    if row and row.type is FieldType.TIME and isinstance(value, str):
        at = read_instant(value)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    return value
