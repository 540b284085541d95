"""Laws of who is who, for any order of what browsers, servers and teammates say."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.collect.models import Event
from frontdesk.core.db import open_database
from frontdesk.core.errors import Conflict
from frontdesk.core.signals import Bus
from frontdesk.people import merges, queries
from frontdesk.people.models import Contact, Merge, Visitor
from frontdesk.people.policy import CHANGES, NOBODY, Link, Recognised, Word, linked, recognise
from tests.server.conftest import seed
from tests.server.people.world import STORE, STORY, Hand, Said, World


@given(st.lists(st.tuples(st.sampled_from(["con_1", "con_2"]), st.sampled_from(Word)) | st.just("undo"), max_size=12))
def test_a_link_moves_only_by_undoing_and_is_never_claimed_again(story: list[Any]) -> None:
    link, before, apart = NOBODY, list[Link](), set[str]()
    for said in story:
        if said == "undo":
            if before:
                apart.add(link.contact_id or "")
                link = before.pop()
            continue
        contact_id, word = said
        recognised = recognise(link, contact_id, word, apart=contact_id in apart)
        if recognised is Recognised.MOVED:
            assert (word, link.verified) == (Word.SERVER, False), "only a claim gives way, and to a server's word"
            apart.add(link.contact_id or "")
            link, before = NOBODY, []
        if recognised in CHANGES:
            assert link.contact_id in (None, contact_id), "two user ids never share a visitor"
            assert link.contact_id or contact_id not in apart or word in {Word.SERVER, Word.TEAMMATE}
            before.append(link)
            link = linked(contact_id, word)
        assert len(before) == (link != NOBODY) + link.verified * (before[-1:] != [NOBODY])
    assert (before[0] if before else link) == NOBODY, "undoing all of it leaves the visitor itself"


NUMBERS = count()
World_ = Callable[[], World]


@pytest.fixture(scope="module")
def new_world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World_]:
    path = tmp_path_factory.mktemp("laws") / "laws.sqlite3"
    copy(sqlite_template, path)
    db = open_database(f"sqlite:///{path}", Bus())
    home = db.write(partial(seed, now=World.now))
    yield lambda: World(db, home.id, next(NUMBERS))
    db.close()


def happen(world: World, story: Sequence[list[Said] | Hand]) -> None:
    for part in story:
        world.now += timedelta(milliseconds=1)
        if isinstance(part, Hand):
            world.db.write(partial(by_hand, world=world, hand=part))
        else:
            requests = [world.request(said) for said in part]
            world.db.write(partial(STORE, requests=requests))
        world.db.read(partial(each_event_has_one_person, world=world))
        world.db.read(partial(links_are_what_the_log_says, world=world))


def by_hand(session: Session, world: World, hand: Hand) -> None:
    visitors, contacts = world.visitors(session), world.contacts(session)
    if hand.browser >= len(visitors) or hand.user >= len(contacts):
        return
    visitor = visitors[hand.browser]
    log = session.scalars(select(Merge).where(Merge.visitor_id == visitor.id).order_by(Merge.id)).all()
    try:
        if hand.undo is None:
            merges.merge(session, visitor, contacts[hand.user], None, world.now)
        elif hand.undo < len(log):
            merges.undo(session, log[hand.undo], None, world.now)
    except Conflict:
        return


def persons(session: Session, world: World) -> dict[str, queries.Person]:
    """All whom the console can show, by id."""
    visitors = [*world.visitors(session), *world.stand_ins(session)]
    found = [queries.person(session, world.workspace_id, row.id) for row in visitors]
    known = [queries.person(session, world.workspace_id, row.id) for row in world.contacts(session)]
    return {one.id: one for one in (*found, *known)}


def reachable(session: Session, world: World) -> dict[str, list[str]]:
    """Person id → the ids of the events that are found from it."""
    ids = {one_id: queries.event_person_ids(session, one) for one_id, one in persons(session, world).items()}
    return {
        one_id: list(session.scalars(select(Event.id).where(Event.person_id.in_(under)).order_by(Event.id)))
        for one_id, under in ids.items()
    }


def each_event_has_one_person(session: Session, world: World) -> None:
    found = reachable(session, world)
    stored = session.scalars(select(Event).where(Event.message_id.in_(world.said))).all()
    assert len(stored) == len(world.said)
    for event in stored:
        known = queries.person(session, world.workspace_id, event.person_id)
        assert [one for one, events in found.items() if event.id in events] == [known.id]
        assert whom(session, world, event) in whose(world.said[event.message_id])
        if not event.verified and known.contact and known.contact.verified:
            assert known.visitor, "what a page says is a browser's, or of whoever stands in for one"
            assert known.visitor.contact_verified, "whom a server knows has no history of claims"


def whom(session: Session, world: World, event: Event) -> tuple[str | None, str | None]:
    """(browser, None) or (None, user), or both of a stand-in: under whose id the event is stored, and that it is
    nobody else's."""
    said = world.said[event.message_id]
    if event.person_id.startswith("con_"):
        return None, session.get_one(Contact, event.person_id).user_id.partition(".")[0]
    visitor = session.get_one(Visitor, event.person_id)
    named = [row.id for row in world.contacts(session) if row.user_id == world.own(said.user)]
    ever = set(session.scalars(select(Merge.contact_id).where(Merge.visitor_id == visitor.id)))
    assert set(named) <= ever, "it was recognised as whom the event names, if only for a while"
    return world.stands().get(visitor.anonymous_id) or (visitor.anonymous_id.partition(".")[0], None)


def whose(said: Said) -> set[tuple[str | None, str | None]]:
    browsers = {said.browser, said.previous} if said.kind == "alias" else {said.browser}
    own: set[tuple[str | None, str | None]] = {(browser, None) for browser in browsers if browser}
    return own | {(browser, said.user) for browser in (None, *browsers)}


def links_are_what_the_log_says(session: Session, world: World) -> None:
    for visitor in [*world.visitors(session), *world.stand_ins(session)]:
        log = session.scalars(select(Merge).where(Merge.visitor_id == visitor.id)).all()
        assert all(row.before_contact_id in (None, row.contact_id) for row in log), "two user ids never share a visitor"
        standing = [row for row in log if row.undone_at is None]
        assert {row.contact_id for row in standing} == ({visitor.contact_id} - {None})
        assert visitor.contact_verified == any(row.verified for row in standing)


ON_ONE_DATABASE = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@ON_ONE_DATABASE
@given(story=STORY)
def test_in_any_order_each_event_is_of_one_person_and_two_user_ids_never_merge(
    new_world: World_, story: list[Any]
) -> None:
    happen(new_world(), story)


@ON_ONE_DATABASE
@given(story=STORY, browser=st.integers(0, 1), user=st.integers(0, 2))
def test_merging_and_undoing_it_changes_nothing(new_world: World_, story: list[Any], browser: int, user: int) -> None:
    world = new_world()
    happen(world, story)

    def there_and_back(session: Session) -> None:
        visitors, contacts = world.visitors(session), world.contacts(session)
        if browser >= len(visitors) or user >= len(contacts):
            return
        before = (tables(session, world), reachable(session, world))
        known = set(session.scalars(select(Merge.id)))
        try:
            row = merges.merge(session, visitors[browser], contacts[user], None, world.now)
        except Conflict:
            return
        if row.id not in known:
            merges.undo(session, row, None, world.now)
        assert (tables(session, world), reachable(session, world)) == before

    world.db.write(there_and_back)


def tables(session: Session, world: World) -> list[dict[str, Any]]:
    """All columns of all visitors and contacts."""
    session.flush()
    rows = [*world.visitors(session), *world.stand_ins(session), *world.contacts(session)]
    return [{column.key: getattr(row, column.key) for column in row.__table__.columns} for row in rows]
