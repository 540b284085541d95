"""Runs of activity: the session that an event belongs to, and the touchpoint that began it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from frontdesk.collect.models import Session, Touchpoint
from frontdesk.collect.parse import Parsed
from frontdesk.collect.policy import IDLE, LONGEST, campaign_key, is_campaign, starts_new, touch_of
from frontdesk.core.ids import new_id
from frontdesk.people.models import Visitor


@dataclass(frozen=True, slots=True)
class _Arrived:
    """Where an event says that its person came from."""

    touch: dict[str, Any]
    at: datetime


class Runs:
    """The open sessions of the visitors of a group."""

    def __init__(self, session: Db, visitor_ids: Iterable[str], now: datetime) -> None:
        self._session = session
        wanted = list(visitor_ids)
        recent = (
            select(Session)
            .where(Session.person_id.in_(wanted), Session.last_at > now - LONGEST)
            .order_by(Session.last_at)
        )
        self._open = {row.person_id: row for row in session.scalars(recent)} if wanted else {}

    def current(self, visitor: Visitor) -> Session | None:
        return self._open.get(visitor.id)

    def dwell_ms(self, visitor: Visitor, item: Parsed) -> int:
        """Visible time on the item's path that its session knows of so far."""
        run = self._open.get(visitor.id)
        return run.dwell.get(item.page.path, 0) if run and item.page else 0

    def attach(self, visitor: Visitor, item: Parsed) -> Session | None:
        """The session of this event: the open one, or a new one; None for what happened well before the open one.

        Such an event came late: its own session is over, and it must not change what is known of the present one.
        """
        if item.type == "page":
            visitor.page_views += 1
        run = self._open.get(visitor.id)
        if run and item.occurred_at < run.started_at - IDLE:
            return None
        arrived = _Arrived(_touch(item), item.occurred_at)
        if run is None or self._ended(run, arrived, item):
            run = self._begin(visitor, item, arrived)
        run.last_at = max(run.last_at, item.occurred_at)
        if item.type == "page":
            run.page_views += 1
        self.note_dwell(run, item)
        return run

    def note_dwell(self, run: Session, item: Parsed) -> None:
        """Visible time on a path only grows within a session."""
        if item.page and item.page.dwell_ms > run.dwell.get(item.page.path, 0):
            run.dwell = {**run.dwell, item.page.path: item.page.dwell_ms}

    @staticmethod
    def _ended(run: Session, arrived: _Arrived, item: Parsed) -> bool:
        new_campaign = (
            item.type == "page"
            and is_campaign(arrived.touch)
            and campaign_key(arrived.touch) != campaign_key(run.touch)
        )
        return starts_new(run.last_at, run.started_at, arrived.at, campaign=new_campaign)

    def _begin(self, visitor: Visitor, item: Parsed, arrived: _Arrived) -> Session:
        visitor.sessions += 1
        run = Session(
            id=new_id("ses", arrived.at),
            workspace_id=visitor.workspace_id,
            person_id=visitor.id,
            number=visitor.sessions,
            touch=arrived.touch,
            landing_path=item.page.path if item.page else None,
            page_views=0,
            dwell={},
            started_at=arrived.at,
            last_at=arrived.at,
        )
        self._session.add(run)
        self._open[visitor.id] = run
        self._note_touch(visitor, run, arrived)
        return run

    def _note_touch(self, visitor: Visitor, run: Session, arrived: _Arrived) -> None:
        """First touch never changes; the last one is the last that was not direct."""
        touch = {**arrived.touch, "at": arrived.at.isoformat()}
        visitor.first_touch = visitor.first_touch or touch
        if visitor.last_touch is None or arrived.touch["channel"] != "direct":
            visitor.last_touch = touch
        self._session.add(
            Touchpoint(
                id=new_id("tch", arrived.at),
                workspace_id=visitor.workspace_id,
                person_id=visitor.id,
                session_id=run.id,
                channel=arrived.touch["channel"],
                touch=arrived.touch,
                at=arrived.at,
            )
        )


def _touch(item: Parsed) -> dict[str, Any]:
    page = item.page
    return touch_of(page.url if page else None, page.referrer if page else None, item.campaign)
