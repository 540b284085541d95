"""What waits for somebody who is away: when they come, the gates are asked as they are by then."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.core.clock import iso
from frontdesk.engage.models import Delivery
from frontdesk.engage.rules import saving
from frontdesk.people.models import Consent, Visitor
from frontdesk.realtime import broadcast
from frontdesk.realtime.rooms import Push
from tests.server.engage.timers.desk import DAY, GRACE, STORY_B, Desk

HOUR = timedelta(hours=1)
OFFER = """
rule: offer
trigger: {event: Asked}
do: [{message: {text: {en: An offer}}}]
"""


@pytest.fixture
def queued(desk: Desk) -> str:
    """An offer waits for Anna, who is a contact; the rule's id."""
    desk.do("Opened")
    desk.identify("user-1", plan="free")
    rule_id = desk.save(OFFER)
    desk.as_backend("Asked", "user-1")
    return rule_id


def rows(desk: Desk, model: type[Any]) -> list[Any]:
    return desk.runtime.db.read(lambda session: list(session.scalars(select(model).order_by(model.id))))


def states(desk: Desk) -> list[str]:
    return [row.state for row in rows(desk, Delivery)]


def left_undone(desk: Desk) -> list[dict[str, str]]:
    """What the last decision says of it; it has acted all the same."""
    decision = desk.decisions()[-1]
    assert decision.outcome == "acted"
    left: list[dict[str, str]] = decision.detail.get("left_undone", [])
    assert decision.reason == (left[0]["reason"] if left else None)
    return left


def refuse(desk: Desk, message_class: str = "marketing") -> None:
    contact = next(row.contact_id for row in rows(desk, Visitor) if row.contact_id)

    def job(session: Session) -> None:
        one = Consent(person_id=contact, message_class=message_class, granted=False, at=desk.clock())
        one.workspace_id = desk.home.id
        session.add(one)

    desk.runtime.db.write(job)


@pytest.mark.parametrize("sent", ["queued", "sent"])
def test_who_wants_no_such_messages_any_more_is_shown_none(desk: Desk, queued: str, sent: str) -> None:
    if sent == "sent":
        assert desk.told() == ["An offer"]
    refuse(desk)
    desk.clock.advance(DAY)
    assert desk.told() == []
    assert (states(desk), left_undone(desk)) == (["held"], [{"action": "message", "reason": "no_consent"}])


def test_a_no_to_other_messages_changes_nothing(desk: Desk, queued: str) -> None:
    refuse(desk, "support")
    assert desk.told() == ["An offer"]


def test_what_a_paused_rule_has_said_waits_until_it_goes_on(desk: Desk, queued: str) -> None:
    desk.pause(queued)
    assert (desk.told(), states(desk)) == ([], ["queued"])
    resume = partial(saving.set_state, workspace_id=desk.home.id, rule_id=queued, state="live", now=desk.clock())
    desk.runtime.db.write(resume)
    assert desk.told() == ["An offer"]


def test_what_an_archived_rule_has_said_is_never_shown(desk: Desk, queued: str) -> None:
    desk.archive(queued)
    assert desk.told() == []
    assert (states(desk), left_undone(desk)) == (["held"], [{"action": "message", "reason": "paused"}])


def test_what_a_version_has_said_is_shown_also_when_the_next_one_runs(desk: Desk, queued: str) -> None:
    desk.save(OFFER.replace("An offer", "Another offer"))
    assert desk.told() == ["An offer"]


def test_a_rule_that_this_process_has_not_heard_of_yet_is_not_taken_for_an_archived_one(desk: Desk) -> None:
    other = desk.restart()
    other.do("Opened")
    desk.tokens |= other.tokens
    desk.save(OFFER)
    desk.do("Asked")
    assert (other.told(), states(desk)) == ([], ["sent"])
    [follow] = [job for job in other.house.jobs if job.name == "rules"]
    follow.run()
    assert other.told() == ["An offer"]


def test_nobody_is_shown_anything_at_night_and_it_is_not_lost(desk: Desk, queued: str) -> None:
    desk.clock.advance(17 * HOUR)  # 03:00
    assert (desk.told(), states(desk)) == ([], ["queued"])
    desk.clock.advance(6 * HOUR)
    assert desk.told() == ["An offer"]


def test_of_what_came_while_they_were_away_a_cap_shows_so_many_a_day_the_most_important_first(desk: Desk) -> None:
    """Nine times that are reached, one a day; the workspace allows two marketing messages a day, and none at night."""
    desk.do("Opened")
    for number in range(9):
        trigger = f"{{reaches: {{field: contact.registered_at, plus: {365 + number}d}}}}"
        said = f"[{{message: {{text: {{en: News {number}}}}}}}]"
        desk.save(f"rule: r{number}\ntrigger: {trigger}\npriority: {50 + (number == 5)}\ndo: {said}\n")
    desk.identify("user-1", createdAt=iso(desk.clock() - 365 * DAY))
    for _ in range(9):
        desk.drain()
        desk.clock.advance(DAY)
    assert states(desk) == ["queued"] * 9
    desk.clock.advance(17 * HOUR)
    assert desk.told() == []
    desk.clock.advance(6 * HOUR)
    first = desk.told()
    assert first == ["News 0", "News 5"]
    desk.clock.advance(HOUR)
    assert desk.told() == first  # again, for they have not been seen, and nothing else
    desk.clock.advance(DAY)
    assert len(desk.told()) == 3  # of one kind, no more at once
    assert sorted(states(desk)) == ["queued"] * 6 + ["sent"] * 3


def test_a_guide_to_what_they_have_done_meanwhile_is_not_shown(desk: Desk) -> None:
    desk.save(STORY_B)
    desk.do("Registered")
    desk.identify("user-1")
    desk.wait(DAY + GRACE)
    desk.clock.advance(HOUR)
    desk.as_backend("Project Created", "user-1")
    desk.clock.advance(HOUR)
    assert desk.told() == []
    assert (states(desk), left_undone(desk)) == (["held"], [{"action": "message", "reason": "overtaken"}])


def test_a_time_that_has_moved_meanwhile_was_not_reached(desk: Desk) -> None:
    desk.do("Opened")
    desk.save("rule: y\ntrigger: {reaches: {field: contact.ends_at}}\ndo: [{message: {text: {en: It ends}}}]\n")
    desk.identify("user-1", ends_at=iso(desk.clock() + HOUR))
    desk.wait(HOUR)
    assert states(desk) == ["queued"]
    desk.identify("user-1", ends_at=iso(desk.clock() + 30 * DAY))
    assert (desk.told(), states(desk)) == ([], ["held"])


@pytest.mark.parametrize(("recheck", "told"), [("true", []), ("false", ["Still free"])])
def test_with_recheck_the_condition_is_asked_again_when_it_is_shown(desk: Desk, recheck: str, told: list[str]) -> None:
    desk.do("Opened")
    desk.identify("user-1", plan="free")
    desk.save(
        "rule: f\ntrigger: {event: Asked}\nwhen: {contact.plan: free}\n"
        f'quiet: {{allow: "00:00-24:00", recheck: {recheck}}}\ndo: [{{message: {{text: {{en: Still free}}}}}}]\n'
    )
    desk.as_backend("Asked", "user-1")
    desk.identify("user-1", plan="pro")
    assert desk.told() == told
    assert [one["reason"] for one in left_undone(desk)] == ([] if told else ["not_matched"])


def test_a_push_asks_the_gates_of_everything_that_waits(desk: Desk, queued: str) -> None:
    """A socket is open, and something new is said: what waits goes with it where it may."""
    pushes: list[Push] = []
    desk.save("rule: help\ntrigger: {event: Stuck}\ndo: [{message: {class: support, text: {en: May we help}}}]\n")
    broadcast.subscribe(desk.runtime, pushes.append, lambda _room: True, desk.firing.engine.showing)
    refuse(desk)
    desk.as_backend("Stuck", "user-1")
    said = [push.payload["content"]["text"] for push in pushes if push.event == "delivery"]
    assert (said, states(desk)) == (["May we help"], ["held", "sent"])


def test_what_was_seen_comes_again_in_its_session_only_where_it_is_still_wanted(desk: Desk) -> None:
    desk.save(OFFER)
    desk.do("Opened")
    desk.identify("user-1")
    [shown] = desk.send([{"type": "track", "event": "Asked", "messageId": "a1", "anonymousId": "anna"}])["deliveries"]
    seen = desk.client.post(
        f"/messenger/v1/deliveries/{shown['id']}/seen", headers={"Authorization": f"Bearer {desk.tokens['anna']}"}
    )
    assert seen.status_code == 204, seen.json
    assert desk.told() == ["An offer"]
    refuse(desk)
    assert (desk.told(), states(desk)) == ([], ["seen"])
