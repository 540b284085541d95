"""Timers of one person that are due at one instant: they are decided together, so that groups and caps hold."""

from datetime import timedelta
from functools import partial

import pytest

from frontdesk.engage.rules import saving
from frontdesk.engage.timers import claims
from frontdesk.engage.timers.claims import Claim
from frontdesk.engage.timers.keys import Key
from tests.server.engage.timers.desk import GRACE, Desk

HOUR = timedelta(hours=1)
ABSENCE = "{absence: {of: Paid, after: Ordered, within: 1h}}"
SCHEDULE = '{schedule: {cron: "0 11 * * *", zone: UTC}}'


def rule(key: str, trigger: str, priority: int, **more: str) -> str:
    said = f"[{{message: {{class: support, text: {{en: {key}}}}}}}]"
    lines = {"rule": key, "trigger": trigger, "priority": str(priority), "do": said, **more}
    return "\n".join(f"{name}: {value}" for name, value in lines.items())


def save(desk: Desk, *texts: str) -> list[str]:
    joined = "\n---\n".join(texts)
    saved: list[str] = desk.runtime.db.write(lambda session: saving.save(session, desk.home.id, joined, desk.clock()))
    return saved


def ends(desk: Desk) -> dict[str, str]:
    """What became of each rule, by what its author called it."""
    keys = desk.keys()
    return {keys[row.rule_id]: row.reason or row.outcome for row in desk.decisions()}


@pytest.mark.parametrize("trigger", [ABSENCE, SCHEDULE], ids=["absence", "schedule"])
def test_of_an_exclusive_group_the_best_wins(desk: Desk, trigger: str) -> None:
    save(desk, *(rule(f"r{number}", trigger, number, exclusive="talk") for number in (10, 30, 20)))
    desk.do("Ordered")
    desk.wait(HOUR + GRACE)
    assert ends(desk) == {"r30": "acted", "r20": "lost_to", "r10": "lost_to"}
    assert {row.detail.get("lost_to") for row in desk.decisions()} == {None, desk.decisions()[0].rule_id}
    assert desk.told() == ["r30"]


def test_a_winner_that_a_later_gate_holds_keeps_its_slot(desk: Desk) -> None:
    late = {"exclusive": "talk", "quiet": '{allow: "01:00-02:00", zone: UTC, otherwise: hold}'}
    save(desk, rule("first", ABSENCE, 20, **late), rule("second", ABSENCE, 10, exclusive="talk"))
    desk.do("Ordered")
    desk.wait(HOUR + GRACE)
    assert ends(desk) == {"first": "quiet", "second": "lost_to"}


def test_a_new_priority_counts_though_the_timers_are_older(desk: Desk) -> None:
    save(desk, rule("one", ABSENCE, 20, exclusive="talk"), rule("other", ABSENCE, 10, exclusive="talk"))
    desk.do("Ordered")
    save(desk, rule("other", ABSENCE, 30, exclusive="talk"))
    desk.wait(HOUR + GRACE)
    assert ends(desk) == {"other": "acted", "one": "lost_to"}


def test_other_people_and_other_instants_have_slots_of_their_own(desk: Desk) -> None:
    save(desk, *(rule(f"r{number}", ABSENCE, number, exclusive="talk", repeat="{every: 1s}") for number in (10, 20)))
    desk.do("Ordered", who="anna")
    desk.do("Ordered", who="ben")
    desk.clock.advance(timedelta(minutes=1))
    desk.do("Ordered", who="anna")
    desk.wait(HOUR + GRACE)
    assert sorted(desk.outcomes()) == ["acted"] * 3 + ["lost_to"] * 2  # of a session, one reason is told once


PAIR = [
    rule(f"r{number}", f"{{absence: {{of: Paid, after: Did {number}, within: 1h}}}}", number, exclusive="talk")
    for number in (10, 20)
]


def test_two_browsers_that_became_one_person_have_one_slot_and_the_best_wins(desk: Desk) -> None:
    save(desk, *PAIR)
    _merged_waiting(desk)
    desk.wait(HOUR + GRACE)
    assert ends(desk) == {"r20": "acted", "r10": "lost_to"}


@pytest.mark.parametrize("first", [0, 1])
def test_a_slot_stays_taken_for_who_became_one_person_when_one_claim_comes_after_another(
    desk: Desk, first: int
) -> None:
    save(desk, *PAIR)
    _merged_waiting(desk)
    desk.clock.advance(HOUR + GRACE)
    claimed = desk.runtime.db.write(lambda session: claims.claim(session, desk.clock(), 2))
    for key in sorted(claimed.keys, reverse=bool(first)):
        one = Claim(claimed.lease, (key,))
        desk.runtime.db.write(partial(desk.firing.fire, claim=one, now=desk.clock()))
    assert desk.outcomes() == ["acted", "lost_to"]


def test_a_slot_stays_taken_for_what_is_given_longer_to_be_contradicted(desk: Desk) -> None:
    save(desk, *PAIR)
    desk.do("Did 10")
    at = desk.clock()
    desk.clock.advance(timedelta(minutes=20))
    desk.do("Did 20", ago=desk.clock() - at)
    desk.wait(timedelta(minutes=40) + GRACE)
    assert ends(desk) == {"r10": "acted"}
    desk.wait(timedelta(minutes=2))
    assert ends(desk) == {"r10": "acted", "r20": "lost_to"}


def _merged_waiting(desk: Desk) -> None:
    """Two browsers begin to wait at one instant, then they are one contact."""
    desk.do("Did 10", who="laptop")
    desk.do("Did 20", who="phone")
    for who in ("laptop", "phone"):
        desk.identify("user-1", who=who)
    assert len({row.person_id for row in desk.timers()}) == 2


def test_a_cap_lets_the_most_important_through(desk: Desk) -> None:
    cap = {"caps": "[{limit: 1, window: 1d, otherwise: hold}]"}
    save(desk, *(rule(f"r{number}", ABSENCE, number, **cap) for number in (10, 30, 20)))
    desk.do("Ordered")
    desk.wait(HOUR + GRACE)
    assert ends(desk) == {"r30": "acted", "r20": "capped", "r10": "capped"}


def test_a_full_batch_is_not_cut_between_those_of_one_person(desk: Desk) -> None:
    """The better rules of all people are due before the other ones of any."""
    save(desk, *(rule(f"r{number}", ABSENCE, number, exclusive="talk") for number in (10, 20)))
    for who in ("anna", "ben", "chen"):
        desk.do("Ordered", who=who)
    desk.clock.advance(HOUR + GRACE)
    claimed = desk.runtime.db.write(lambda session: claims.claim(session, desk.clock(), 1))
    assert (len(claimed.keys), len({key.person_id for key in claimed.keys})) == (2, 1)
    desk.runtime.db.write(lambda session: desk.firing.fire(session, claimed, desk.clock()))
    assert desk.outcomes() == ["acted", "lost_to"]


def test_halves_of_a_claim_keep_a_person_together_while_they_can() -> None:
    keys = tuple(Key(f"rul_{n}", who, "a") for n in range(2) for who in ("anna", "ben", "chen"))
    first, second = Claim("lea_1", keys).halves()
    assert sorted(first.keys + second.keys) == sorted(keys)
    assert {key.person_id for key in first.keys}.isdisjoint(key.person_id for key in second.keys)
    one, other = Claim("lea_1", keys[::3]).halves()
    assert (len(one.keys), len(other.keys)) == (1, 1)
