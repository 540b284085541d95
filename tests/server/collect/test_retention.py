"""What is older than its class is kept goes, a little at a time; all else stays."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from environs import EnvError
from sqlalchemy import func, select
from sqlalchemy.orm import Session as Db

from frontdesk.collect.keeping import partitions, retention
from frontdesk.collect.models import DeadLetter, Event, MessageSeen, Session, Touchpoint
from frontdesk.core.config import Retention, load_settings
from frontdesk.core.db import Base, Database
from frontdesk.core.ids import new_id
from frontdesk.inbox.models import Conversation
from frontdesk.people.models import Company, Consent, Contact, Segment, SegmentMember, Visitor, VisitorCompany
from tests.server.conftest import Home

USUAL = Retention()


@pytest.fixture(autouse=True)
def _no_months(db: Database, now: datetime) -> Iterator[None]:
    """PostgreSQL's months are dropped whole, which is a test of its own."""
    yield
    db.write(partial(partitions.drop_before, moment=now + timedelta(days=9_000)))


def event(home: Home, at: datetime, person_id: str = "vis_1") -> Event:
    return Event(
        id=new_id("evt", at), workspace_id=home.id, person_id=person_id, type="page", properties={},
        verified=False, message_id="m", occurred_at=at, received_at=at,
    )  # fmt: skip


def seen(home: Home, at: datetime) -> MessageSeen:
    return MessageSeen(workspace_id=home.id, message_id=new_id("m", at), content_hash="h", seen_at=at)


def letter(home: Home, at: datetime) -> DeadLetter:
    return DeadLetter(
        id=new_id("ltr", at), workspace_id=home.id, code="missing", detail="No.", body="{}", received_at=at
    )


def run(home: Home, at: datetime) -> Session:
    return Session(
        id=new_id("ses", at), workspace_id=home.id, person_id="vis_1", number=1, touch={},
        started_at=at - timedelta(hours=2), last_at=at,
    )  # fmt: skip


def touchpoint(home: Home, at: datetime) -> Touchpoint:
    return Touchpoint(
        id=new_id("tch", at), workspace_id=home.id, person_id="vis_1", session_id="ses_1", channel="direct", touch={},
        at=at,
    )  # fmt: skip


def visitor(home: Home, at: datetime, **more: Any) -> Visitor:
    own = new_id("vis", at)
    return Visitor(id=own, workspace_id=home.id, anonymous_id=own, first_seen_at=at, seen_at=at, **more)


def keep(db: Database, *rows: Base) -> None:
    db.write(lambda session: session.add_all(rows))


def count(db: Database, model: type[Base]) -> int:
    return db.read(lambda session: session.scalar(select(func.count()).select_from(model)) or 0)


@pytest.mark.parametrize(
    ("row", "days"),
    [(event, 395), (seen, 8), (letter, 30), (run, 395), (touchpoint, 395), (visitor, 395)],
)
def test_each_class_has_its_age_and_not_a_millisecond_less(
    db: Database, workspace: Home, now: datetime, row: Any, days: int
) -> None:
    age = timedelta(days=days)
    keep(db, row(workspace, now - age), row(workspace, now - age - timedelta(milliseconds=1)), row(workspace, now))
    gone = retention.clean(db, now, USUAL)
    model = type(row(workspace, now))
    assert count(db, model) == 2
    assert sum(gone.values()) == gone[model.__tablename__] == 1


def test_the_age_of_a_class_is_a_setting(db: Database, workspace: Home, now: datetime) -> None:
    keep(db, event(workspace, now - timedelta(days=50)), letter(workspace, now - timedelta(days=50)))
    retention.clean(db, now, replace(USUAL, events=40, dead_letters=60))
    assert (count(db, Event), count(db, DeadLetter)) == (0, 1)


def test_every_workspace_is_cleaned(db: Database, workspace: Home, other_workspace: Home, now: datetime) -> None:
    old = now - timedelta(days=400)
    keep(db, event(workspace, old), event(other_workspace, old), event(other_workspace, now))
    assert retention.clean(db, now, USUAL)["event"] == 2
    assert count(db, Event) == 1


def test_much_goes_in_transactions_of_a_batch_each(
    db: Database, workspace: Home, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 10)
    old = now - timedelta(days=400)
    keep(
        db, *(event(workspace, old + timedelta(seconds=n)) for n in range(25)), *(letter(workspace, old) for _ in "abc")
    )
    largest: list[int] = []
    write = db.write

    def watched(job: Any) -> Any:
        before = count(db, Event)
        result = write(job)
        largest.append(before - count(db, Event))
        return result

    monkeypatch.setattr(db, "write", watched)
    assert retention.clean(db, now, USUAL)["event"] == 25
    assert max(largest) == 10
    assert (count(db, Event), count(db, DeadLetter)) == (0, 0)


def conversation(session: Db, home: Home, of: Visitor) -> None:
    session.add(
        Conversation(
            id=new_id("cnv", of.seen_at), workspace_id=home.id, visitor_id=of.id, client_id="c", state="closed",
            created_at=of.seen_at, updated_at=of.seen_at,
        )
    )  # fmt: skip


def test_a_visitor_of_whom_anything_is_kept_stays(
    db: Database, workspace: Home, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    old = now - timedelta(days=500)
    nobody, talked, recognised, active, lately = (visitor(workspace, old) for _ in range(5))
    lately.seen_at = now - timedelta(days=3)

    def store(session: Db) -> None:
        contact = Contact(id="con_1", workspace_id=workspace.id, user_id="u", created_at=old, seen_at=old)
        session.add_all([nobody, talked, active, lately, contact])
        session.flush()
        recognised.contact_id = contact.id
        session.add(recognised)
        session.flush()
        conversation(session, workspace, talked)
        session.add(event(workspace, now - timedelta(days=450), active.id))

    db.write(store)
    retention.clean(db, now, replace(USUAL, events=1000))
    left = db.read(lambda session: set(session.scalars(select(Visitor.id))))
    assert left == {talked.id, recognised.id, active.id, lately.id}


def test_old_months_go_whole_and_the_rest_of_a_month_by_rows(db: Database, workspace: Home, now: datetime) -> None:
    old = [now - timedelta(days=days) for days in (500, 430, 396, 394)]
    db.write(partial(partitions.make, months=[partitions.Month.of(at) for at in old]))
    keep(db, *(event(workspace, at) for at in old), event(workspace, now))
    gone = retention.clean(db, now, USUAL)
    assert count(db, Event) == 2
    assert (gone["event_month"], gone["event"]) == ((0, 3) if db.engines.sqlite else (2, 1))


def test_a_setting_that_would_break_a_promise_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDESK_RETENTION_EVENTS_DAYS", "90")
    assert load_settings(tmp_path).retention == replace(USUAL, events=90)
    monkeypatch.setenv("FRONTDESK_RETENTION_MESSAGE_IDS_DAYS", "7")
    with pytest.raises(EnvError, match="RETENTION_MESSAGE_IDS_DAYS"):
        load_settings(tmp_path)


def test_what_was_said_of_a_visitor_goes_with_it(db: Database, workspace: Home, now: datetime) -> None:
    old = now - timedelta(days=500)
    gone, stays = visitor(workspace, old), visitor(workspace, now)
    segment = Segment(id="seg_1", workspace_id=workspace.id, key="vip", name={}, created_at=old, updated_at=old)
    company = Company(id="cmp_1", workspace_id=workspace.id, group_id="acme", created_at=old, seen_at=old)
    keep(db, gone, stays, segment, company)
    for one in (gone.id, stays.id):
        said = Consent(
            person_id=one, message_class="marketing", workspace_id=workspace.id, granted=False, at=old
        )  # fmt: skip
        belongs = VisitorCompany(person_id=one, company_id="cmp_1")
        keep(db, SegmentMember(segment_id="seg_1", person_id=one, entered_at=old), said, belongs)
    retention.clean(db, now, USUAL)
    for model in (SegmentMember, Consent, VisitorCompany):
        assert db.read(lambda session, model=model: list(session.scalars(select(model.person_id)))) == [stays.id]
