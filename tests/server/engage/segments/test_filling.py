"""What becomes of everybody who is there already when a rule begins to watch a segment, and when it ends."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from frontdesk.engage.rules import saving
from frontdesk.engage.segments.filling import BATCH
from frontdesk.people.models import Contact, Segment, SegmentMember
from tests.server.engage.segments.town import Town, open_town

WATCH = """
rule: watch
trigger: {segment: {enters: pros}}
repeat: {every: 1s}
do: [{tag: hello}]
"""
MANY = 2 * BATCH + 50


def settle_many(town: Town, **columns: Any) -> None:
    """More people than two batches hold."""
    now = town.clock()
    row = {"workspace_id": town.home.id, "tags": [], "created_at": now, "seen_at": now, **columns}

    def job(session: Session) -> None:
        session.add_all(Contact(id=f"con_{n:04}", user_id=f"n{n}", **row) for n in range(MANY))

    town.runtime.db.write(job)


def rows(town: Town) -> int:
    return town.runtime.db.read(lambda session: session.scalar(select(func.count()).select_from(SegmentMember)) or 0)


def state(town: Town) -> str:
    return town.runtime.db.read(lambda session: session.scalars(select(Segment.state)).one())


def test_many_people_are_asked_in_batches_and_none_of_them_enters(town: Town) -> None:
    pros = town.segment("pros", "contact.plan: pro")
    settle_many(town, attributes={"plan": "pro"})
    town.rules(WATCH)
    assert (state(town), rows(town), town.site.get(f"/segments/{pros}")["size"]) == ("filling", BATCH, None)
    town.tick()
    assert (state(town), rows(town), town.site.get(f"/segments/{pros}")["size"]) == ("settling", MANY, MANY)
    town.passes(timedelta(seconds=5))
    assert (state(town), town.told()) == ("kept", [])


def test_who_has_not_been_asked_yet_enters_nothing_meanwhile(town: Town) -> None:
    town.segment("pros", "contact.plan: pro")
    settle_many(town, attributes={"plan": "free"})
    town.segment("all-timed", "contact.registered_at: {older_than: 1d}")
    town.rules(WATCH.replace("pros", "all-timed"))
    town.says(f"n{MANY - 1}", createdAt="2026-01-01T00:00:00Z")
    town.says("n0", createdAt="2026-01-01T00:00:00Z")
    assert len(town.told()) == 1
    town.tick()
    assert (rows(town), len(town.told())) == (2, 1)


def test_filling_goes_on_after_a_restart(town: Town) -> None:
    town.segment("pros", "contact.plan: pro")
    settle_many(town, attributes={"plan": "pro"})
    town.rules(WATCH)
    again = open_town(town.runtime, town.clock, town.home)
    assert (state(again), rows(again)) == ("settling", MANY)


def test_what_another_process_missed_is_looked_at_again(town: Town) -> None:
    pros = town.segment("pros", "contact.plan: pro")
    town.says("li", name="Li", plan="free")
    town.rules(WATCH)
    li = town.person("li")

    def unheard(session: Session) -> None:
        session.get_one(Contact, li).attributes = {"plan": "pro"}

    town.runtime.db.write(unheard)
    assert town.members(pros) == set()
    town.passes(timedelta(seconds=5))
    assert (town.members(pros), town.told(), state(town)) == ({"Li"}, [("tag", "hello")], "kept")


def test_a_segment_that_nobody_watches_any_more_has_neither_rows_nor_timers(town: Town) -> None:
    pros = town.segment("pros", "any: [{contact.plan: pro}, {contact.registered_at: {older_than: 300d}}]")
    town.says("li", name="Li", plan="pro", createdAt="2026-01-01T00:00:00Z")
    [rule] = town.rules(WATCH)
    assert (state(town), rows(town), len(town.timers())) == ("settling", 1, 1)

    def pause(session: Session) -> None:
        saving.set_state(session, town.home.id, rule, "paused", town.clock())

    town.runtime.db.write(pause)
    assert (state(town), rows(town), town.timers()) == ("idle", 0, [])
    assert town.members(pros) == {"Li"}


def test_by_another_condition_nobody_enters_or_leaves(town: Town) -> None:
    pros = town.segment("pros", "contact.plan: pro")
    for user, plan in (("li", "pro"), ("bo", "team")):
        town.says(user, name=user.title(), plan=plan)
    town.rules(WATCH)
    assert town.call("PATCH", f"/segments/{pros}", {"condition": "contact.plan: team"}).status_code == 200
    assert (town.members(pros), town.told()) == ({"Bo"}, [])
    town.says("li", plan="team")
    assert (town.members(pros), town.told()) == ({"Li", "Bo"}, [("tag", "hello")])
