"""Lengths of time that are none, schedules that never come or come too often, rules that call themselves."""

from typing import Any

import pytest

from frontdesk_rules import Doubt, lint
from tests.rules.building import rule


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ({"trigger": {"absence": {"of": "A", "after": "B", "within": "0s"}}}, "trigger.absence.within"),
        ({"trigger": {"conversation": "waiting", "after": "0m"}}, "trigger.after"),
        ({"goal": {"event": "Paid", "within": "0d"}}, "goal.within"),
        ({"caps": [{"limit": 2, "window": "1d"}, {"limit": 1, "window": "0h"}]}, "caps[1].window"),
        ({"quiet": {"allow": "09:00-18:00", "at_most": "0s"}}, "quiet.at_most"),
        ({"max_lateness": "0.0s"}, "max_lateness"),
        ({"when": {"count": {"event": "A", "within": "0d"}, "gte": 1}}, "when.count.within"),
        ({"when": {"sequence": {"first": "A", "then": "B", "within": "0h"}}}, "when.sequence.within"),
    ],
)
def test_a_length_of_time_that_is_none_is_told_where_it_stands(tree: dict[str, Any], path: str) -> None:
    (found,) = lint([rule(**{"trigger": {"event": "E"}, **tree})])
    assert (found.code, found.path) == (Doubt.NO_TIME, path)
    assert found.text.en.startswith(f"{path.rpartition('.')[2]} is no time at all: ")


def test_every_moment_may_be_meant_by_a_repeat_without_time_between() -> None:
    assert lint([rule(trigger={"event": "E"}, repeat={"every": "0s"})]) == []


def scheduled(cron: str) -> list[str]:
    return [one.text.en for one in lint([rule(trigger={"schedule": {"cron": cron}})])]


@pytest.mark.parametrize("cron", ["0 9 30 2 *", "0 0 31 4,6,9,11 *"])
def test_a_schedule_of_a_day_that_there_is_not_never_comes(cron: str) -> None:
    assert scheduled(cron) == [f"{cron} never comes: there is no such day"]


@pytest.mark.parametrize(
    ("cron", "every"),
    [
        ("* * * * *", "1 min"),
        ("*/5 * * * *", "5 min"),
        ("0,20 9 * * mon", "20 min"),
        ("10,50 * * * *", "20 min"),
        ("10,50 23,0 * * *", "20 min"),
        ("5,55 9,11 * * *", "50 min"),
    ],
)
def test_a_schedule_that_asks_everybody_more_than_hourly_is_told_how_often(cron: str, every: str) -> None:
    assert scheduled(cron) == [
        f"{cron} comes every {every}, and everybody is asked each time: leave 60 min between",
    ]


@pytest.mark.parametrize("cron", ["0 * * * *", "30 9 * * mon-fri", "0 0 29 2 *", "0 9 30 2 mon"])
def test_a_schedule_that_comes_and_not_too_often_is_left_alone(cron: str) -> None:
    assert scheduled(cron) == []


def emitting(key: str, on: Any, event: Any) -> Any:
    trigger = on if isinstance(on, dict) else {"event": on}
    return rule(key, trigger=trigger, do=[{"tag": "x"}, {"emit": event}])


@pytest.mark.parametrize(
    ("on", "emitted"),
    [
        ("Paid", "Paid"),
        ({"event": "Paid", "where": {"event.total": {"gt": 5}}}, {"event": "Paid", "properties": {"total": 9}}),
        ({"absence": {"of": "Done", "after": "Asked", "within": "1h"}}, "Asked"),
    ],
)
def test_a_rule_that_emits_its_own_trigger_calls_itself(on: Any, emitted: Any) -> None:
    (found,) = lint([emitting("a", on, emitted)])
    assert (found.code, found.path) == (Doubt.CALLS_ITSELF, "do[1].emit")


@pytest.mark.parametrize(
    ("on", "emitted"),
    [
        ("Paid", "Thanked"),
        ({"event": "Paid", "where": {"event.total": {"gt": 5}}}, {"event": "Paid", "properties": {"total": 1}}),
        ({"event": "Paid", "where": {"event.total": {"gt": 5}}}, "Paid"),
        ({"absence": {"of": "Asked", "after": "Begun", "within": "1h"}}, "Asked"),
    ],
)
def test_a_rule_that_emits_something_else_does_not(on: Any, emitted: Any) -> None:
    assert lint([emitting("a", on, emitted)]) == []


def test_rules_that_call_each_other_in_a_ring_are_told_of_the_others() -> None:
    ring = [emitting("a", "A", "B"), emitting("b", "B", "C"), emitting("c", "C", "A"), emitting("d", "A", "D")]
    found = {one.rule: one for one in lint(ring)}
    assert {one.code for one in found.values()} == {Doubt.CALLED_BACK}
    assert found.keys() == {"a", "b", "c"}
    assert found["a"].text.en == "“B” calls this rule again through b, c, round and round until they are stopped"
