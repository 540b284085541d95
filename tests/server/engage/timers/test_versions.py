"""Timers of a rule with several versions: a shadow waits for itself, and no version fires at the time of another."""

from datetime import timedelta
from functools import partial

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
    shadow(desk, STORY_B.replace("24h", "1h"))
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
