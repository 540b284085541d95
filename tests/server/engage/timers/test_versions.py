"""Timers of a rule with several versions: a shadow waits for itself, and no version fires at the time of another."""

from datetime import timedelta
from functools import partial

import pytest

from frontdesk.core.clock import iso
from frontdesk.engage.rules import saving
from frontdesk.engage.rules.versions import Edit
from tests.server.engage.timers.desk import DAY, GRACE, STORY_B, Desk

HOUR = timedelta(hours=1)


def shadow(desk: Desk, text: str) -> None:
    """A version on trial, beside the one that is live."""
    edit, draft = Edit(desk.home.id, desk.clock()), saving.drafts(text)
    desk.runtime.db.write(lambda session: saving.put(session, edit, draft, saving.Wanted("shadow")))


def decided(desk: Desk) -> list[tuple[bool, str]]:
    return [(row.shadow, row.reason or row.outcome) for row in desk.decisions()]


def test_a_shadow_that_waits_less_long_does_not_hurry_the_live_version(desk: Desk) -> None:
    desk.save(STORY_B)
    shadow(desk, STORY_B.replace("24h", "1h").replace("do:", "priority: 80\ndo:"))
    desk.do("Registered")
    desk.wait(HOUR + GRACE)
    assert decided(desk) == [(True, "acted")]
    desk.wait(23 * HOUR)
    assert decided(desk) == [(True, "acted"), (False, "acted")]


def test_a_shadow_that_waits_for_something_else_does_not_make_the_live_version_act(desk: Desk) -> None:
    desk.save(STORY_B)
    shadow(desk, STORY_B.replace("after: Registered", "after: Opened"))
    desk.do("Opened")
    desk.wait(DAY + GRACE)
    assert decided(desk) == [(True, "acted")]


def test_what_was_waited_for_cancels_the_timers_of_both(desk: Desk) -> None:
    desk.save(STORY_B)
    shadow(desk, STORY_B.replace("24h", "1h"))
    desk.do("Registered")
    assert len(desk.pending()) == 2
    desk.do("Project Created")
    assert desk.pending() == []


def test_what_came_too_late_is_noted_with_each_decision(desk: Desk) -> None:
    desk.save(STORY_B)
    shadow(desk, STORY_B.replace("do:", "priority: 80\ndo:"))
    desk.do("Registered")
    desk.wait(DAY + GRACE)
    desk.do("Project Created", ago=HOUR)
    assert [row.outcome for row in desk.decisions()] == ["acted", "acted"]
    assert all(row.contradicted_at for row in desk.decisions())


def test_a_shadow_that_waits_for_something_else_from_now_on_leaves_the_live_timers(desk: Desk) -> None:
    rule_id = desk.save(STORY_B)
    shadow(desk, STORY_B.replace("24h", "2h"))
    desk.do("Registered")
    shadow(desk, STORY_B.replace("after: Registered", "after: Opened"))
    assert [row.rule_id for row in desk.timers()] == [rule_id]


def test_an_archived_rule_leaves_nobody_waiting_in_shadow_either(desk: Desk) -> None:
    rule_id = desk.save(STORY_B)
    shadow(desk, STORY_B.replace("24h", "2h"))
    desk.do("Registered")
    for version in (1, 2):
        edit = Edit(desk.home.id, desk.clock())
        archive = partial(saving.set_version, edit=edit, rule_id=rule_id, number=version, state="archived")
        desk.runtime.db.write(archive)
    assert desk.timers() == []


@pytest.mark.parametrize(("within", "due_in"), [("1d", 14 * HOUR), ("48h", 38 * HOUR), ("630m", HOUR / 2)])
def test_who_waits_is_due_by_the_new_window(desk: Desk, within: str, due_in: timedelta) -> None:
    desk.save(STORY_B)
    desk.do("Registered")
    desk.wait(10 * HOUR)
    desk.save(STORY_B.replace("24h", within))
    assert desk.pending() == [desk.clock() + due_in + GRACE]
    desk.wait(due_in)
    assert desk.outcomes() == []
    desk.wait(GRACE)
    assert (desk.outcomes(), len(desk.told())) == (["acted"], 1)


@pytest.mark.parametrize(("late", "outcome"), [("", "acted"), ("max_lateness: 8h\n", "expired")])
def test_what_should_have_been_due_by_the_new_window_is_late(desk: Desk, late: str, outcome: str) -> None:
    desk.save(STORY_B)
    desk.do("Registered")
    desk.wait(10 * HOUR)
    desk.save(STORY_B.replace("24h", "1h") + late)
    assert desk.drain() == 1
    assert desk.outcomes() == [outcome]


def test_what_is_held_while_the_rule_is_paused_is_due_by_the_new_window_too(desk: Desk) -> None:
    rule_id = desk.save(STORY_B)
    desk.do("Registered")
    desk.pause(rule_id)
    keep = partial(saving.put, edit=Edit(desk.home.id, desk.clock()), new=saving.drafts(STORY_B.replace("24h", "2h")))
    desk.runtime.db.write(partial(keep, wanted=saving.Wanted(keep=True)))
    desk.wait(2 * HOUR + GRACE)
    assert desk.outcomes() == ["paused"]


def test_a_new_window_of_the_shadow_leaves_the_live_timers_where_they_are(desk: Desk) -> None:
    desk.save(STORY_B)
    shadow(desk, STORY_B.replace("24h", "2h"))
    desk.do("Registered")
    at = desk.clock() + GRACE
    shadow(desk, STORY_B.replace("24h", "1h"))
    assert desk.pending() == [at + HOUR, at + DAY]


def test_who_did_it_in_time_is_waited_for_under_no_window(desk: Desk) -> None:
    desk.save(STORY_B)
    desk.do("Registered")
    desk.wait(HOUR)
    desk.save(STORY_B.replace("24h", "48h"))
    desk.do("Project Created")
    assert desk.pending() == []


@pytest.mark.parametrize("other", [
    STORY_B.replace("of: Project Created", "of: Task Created"),
    STORY_B.replace("after: Registered", "after: Opened"),
    STORY_B.replace("24h", "48h, key: plan"),
    STORY_B.replace("24h", "48h, by: company"),
])  # fmt: skip
def test_who_waits_for_something_else_than_the_new_text_says_waits_no_more(desk: Desk, other: str) -> None:
    desk.save(STORY_B)
    desk.do("Registered")
    desk.save(other)
    assert desk.pending() == []


@pytest.mark.parametrize(("plus", "waiting"), [("1d", 1), ("48h", 0)])
def test_a_time_that_is_reached_is_waited_for_while_it_is_the_same_in_other_words(
    desk: Desk, plus: str, waiting: int
) -> None:
    soon = "rule: soon\ntrigger: {reaches: {field: contact.renews_at, plus: 24h}}\ndo: [tag: renewed]\n"
    desk.save(soon)
    desk.do("Opened")
    desk.identify("user-1", renews_at=iso(desk.clock()))
    assert len(desk.pending()) == 1
    desk.save(soon.replace("24h", plus))
    assert len(desk.pending()) == waiting


def test_what_a_process_with_older_rules_has_set_fires_when_the_new_ones_say(desk: Desk) -> None:
    desk.save(STORY_B)
    other = desk.restart()
    other.do("Opened", who="ben")
    desk.save(STORY_B.replace("24h", "48h"))
    other.do("Registered", who="ben")
    assert other.pending() == [desk.clock() + DAY + GRACE]
    desk.wait(DAY + GRACE)
    assert (desk.outcomes(), desk.pending()) == ([], [desk.clock() + DAY])
    desk.wait(DAY)
    assert desk.outcomes() == ["acted"]


OFFER = """
rule: offer
trigger: {event: Bought}
quiet: {allow: "Mon-Sun 12:00-18:00", zone: workspace, otherwise: defer}
do: [{message: {class: support, text: {en: Thank you}}}]
"""


def test_what_was_put_off_is_told_as_the_version_that_decided_it_says(desk: Desk) -> None:
    desk.save(OFFER)
    desk.do("Bought")
    desk.save(OFFER.replace("Bought", "Paid").replace("Thank you", "Your invoice"))
    assert desk.restart().wait(6 * HOUR) == 1
    assert [(row.reason or row.outcome, row.rule_version) for row in desk.decisions()] == [("quiet", 1), ("acted", 1)]
    assert desk.told() == ["Thank you"]


def test_what_was_put_off_by_an_older_version_is_not_told_while_the_rule_is_paused(desk: Desk) -> None:
    desk.save(OFFER)
    desk.do("Bought")
    desk.pause(desk.save(OFFER.replace("Thank you", "Thanks")))
    desk.wait(6 * HOUR)
    assert (desk.outcomes(), desk.told()) == (["quiet", "paused"], [])


def test_what_was_put_off_is_dropped_with_its_rule_and_a_decision_says_so(desk: Desk) -> None:
    rule_id = desk.save(OFFER)
    desk.do("Bought")
    desk.archive(rule_id)
    assert (desk.outcomes(), desk.timers()) == (["quiet", "paused"], [])
    first, dropped = desk.decisions()
    assert dropped.detail["released"] == first.id
