"""The law of sessions: in whatever order events arrive, they make the sessions of the fold over all of them."""

import itertools
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select

from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.models import Event, Touchpoint
from frontdesk.collect.models import Session as Row
from frontdesk.collect.ports import Verdict
from frontdesk.collect.requests import Request, Sender
from frontdesk.collect.sessions.fold import Mark, cut, in_order
from frontdesk.collect.sources.touches import touch_of
from frontdesk.collect.store import Store
from frontdesk.core.clock import iso
from frontdesk.core.db import Database
from frontdesk.people.models import Visitor
from tests.server.collect.lives import Life, lives
from tests.server.conftest import Home

Told = dict[str, Any]
"""What is known of one visitor: counters and touches, sessions, touchpoints, and which events belong together."""


@pytest.fixture
def quick(db: Database, request: pytest.FixtureRequest) -> int:
    return 120 if "sqlite" in request.node.name else 15


def test_every_order_of_arrival_makes_the_sessions_of_the_fold(db: Database, workspace: Home, quick: int) -> None:
    numbers = itertools.count()
    store = Store(lambda _session, arrivals, _now: [Verdict() for _ in arrivals], "a secret of the tests")
    sender = Sender(workspace.id, verified=True)

    @settings(max_examples=quick, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(lives())
    def law(life: Life) -> None:
        example = f"{next(numbers)}-"
        items = tuple(_of_example(item, example) for item in life.items)
        for places in life.groups:
            requests = [Request(sender, life.now, items=(items[place],)) for place in places]
            db.write(lambda session, requests=requests: store(session, requests))
        people = sorted({item.anonymous_id or "" for item in items})
        assert {who: _stored(db, who) for who in people} == {who: _folded(items, who) for who in people}

    law()


def _of_example(item: Parsed, example: str) -> Parsed:
    """The same event, of people and with ids that no other example has."""
    return msgspec.structs.replace(
        item, anonymous_id=example + (item.anonymous_id or ""), message_id=example + item.message_id
    )


def _folded(items: Iterable[Parsed], who: str) -> Told:
    marks = [_mark(item) for item in items if item.anonymous_id == who]
    runs = cut(sorted(marks, key=in_order))
    touches = [{**run.touch, "at": iso(run.started_at)} for run, _ in runs]
    named = [touch for touch in touches if touch["channel"] != "direct"]
    return {
        "sessions": len(runs),
        "page_views": sum(mark.is_page for mark in marks),
        "first_touch": touches[0],
        "last_touch": [*touches[:1], *named][-1],
        "runs": [_columns(replace(run)) for run, _ in runs],
        "touchpoints": [(run.touch["channel"], run.touch, run.started_at) for run, _ in runs],
        "events": [sorted(mark.message_id for mark in own) for _, own in runs],
    }


def _mark(item: Parsed) -> Mark:
    page = item.page
    seen = (page.url, page.path) if page else (None, None)
    touch = touch_of(page, item.campaign)
    return Mark(item.occurred_at, item.message_id, item.type == "page", *seen, touch, page.dwell_ms if page else 0)


def _stored(db: Database, who: str) -> Told:
    def told(session: Any) -> Told:
        visitor = session.scalars(select(Visitor).where(Visitor.anonymous_id == who)).one()
        runs = session.scalars(select(Row).where(Row.person_id == visitor.id).order_by(Row.number)).all()
        touches = session.scalars(select(Touchpoint).where(Touchpoint.person_id == visitor.id)).all()
        events = session.scalars(select(Event).where(Event.person_id == visitor.id)).all()
        by_run = {touch.session_id: (touch.channel, touch.touch, touch.at) for touch in touches}
        assert len(by_run) == len(touches) == len(runs)
        return {
            "sessions": visitor.sessions,
            "page_views": visitor.page_views,
            "first_touch": visitor.first_touch,
            "last_touch": visitor.last_touch,
            "runs": [_columns(run) for run in runs],
            "touchpoints": [by_run[run.id] for run in runs],
            "events": [sorted(event.message_id for event in events if event.session_id == run.id) for run in runs],
        }

    return db.read(told)


_COLUMNS = (
    "number", "started_at", "last_at", "touch", "landing_path", "landed_at", "page_views", "events", "dwell",
)  # fmt: skip


def _columns(run: Any) -> dict[str, Any]:
    return {name: getattr(run, name) for name in _COLUMNS}
