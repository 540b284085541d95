"""Since when people are known, and what they did is still stored."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from frontdesk.collect.models import Event
from frontdesk.collect.models import Session as Run
from frontdesk.core.db import bulk
from frontdesk.people.models import Contact, Visitor

_VISITOR, _CONTACT = cast(Table, Visitor.__table__), cast(Table, Contact.__table__)
_RUN = cast(Table, Run.__table__)
_OF_CONTACT = ("id", "created_at", "registered_at", "registered_said")


def first_seen(session: Session, person_ids: Collection[str]) -> dict[str, datetime]:
    """Id of a visitor or contact → the first that we saw of it, imported events included.

    When somebody says that a contact registered is no such time: nobody watched what it did from then on.
    """
    keys = [(one,) for one in sorted(person_ids)]
    seen = {row[0]: row[1] for row in bulk.find(session, _VISITOR, ("id", "first_seen_at"), {("id",): keys})}
    for person_id, created_at, registered_at, said in bulk.find(session, _CONTACT, _OF_CONTACT, {("id",): keys}):
        seen[person_id] = created_at if said or registered_at is None else min(created_at, registered_at)
    first = [(*key, 1) for key in keys]
    for person_id, at in bulk.find(session, _RUN, ("person_id", "started_at"), {("person_id", "number"): first}):
        seen[person_id] = min(at, seen.get(person_id, at))
    return seen


def first_kept(session: Session, workspace_id: str) -> datetime | None:
    """When the oldest event happened that the workspace still has; older ones are deleted, or nobody sent any yet."""
    query = select(Event.occurred_at).where(Event.workspace_id == workspace_id)
    return session.scalar(query.order_by(Event.occurred_at).limit(1))
