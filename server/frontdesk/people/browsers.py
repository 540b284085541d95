"""The browsers that may be taken for a contact: as many as tell who it is, however many there are.

A browser that forgets itself each week, as some do, is fifty visitors a year; a contact that a test signs in as, or
that anybody with a site key claims to be, is any number. So what is asked of a contact is asked of the `MOST` newest,
the oldest of all among them: by the id first seen people are told apart for good. An index holds them in this order, so
that what there is beyond them costs nothing.
"""

from collections.abc import Collection
from typing import Final, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from frontdesk.core.db import bulk
from frontdesk.core.db.texts import Question
from frontdesk.people.models import Visitor

MOST: Final = 100  # of a contact: two browsers that forget each week, for a year


def browsers_of(session: Session, contact_ids: Collection[str]) -> dict[str, list[str]]:
    """Contact id → the ids of these browsers, the newest first: ids sort by when they were made. In one query."""
    found: dict[str, set[str]] = {contact_id: set() for contact_id in contact_ids}
    for contact_id, visitor_id in bulk.ask(session, _LINKED, [(one,) for one in sorted(found)]):
        found[contact_id].add(visitor_id)
    return {contact_id: _newest(ids) for contact_id, ids in found.items()}


def _newest(ids: set[str]) -> list[str]:
    newest = sorted(ids, reverse=True)
    return newest if len(newest) <= MOST else [*newest[: MOST - 1], newest[-1]]


def _linked(values: str, dialect: str) -> str:
    """Both ends of either half of a contact's links: the index tells them apart, as `people.trust` does."""
    own = "SELECT own.id FROM visitor AS own WHERE own.contact_id = asked.column1 AND own.contact_verified = "
    halves = (f"{own}TRUE", f"{own}FALSE AND contact.verified = FALSE")
    ends = (f"DESC LIMIT {MOST}", "ASC LIMIT 1")
    parts = [f"SELECT id FROM ({half} ORDER BY own.id {end}) AS part" for half in halves for end in ends]  # noqa: S608  our own words
    found = " UNION ".join(parts)
    # SQLite knows no LATERAL
    met = f"LATERAL ({found}) AS met" if dialect == "postgresql" else f"visitor AS met ON met.id IN ({found})"
    asked = f"({values}) AS asked CROSS JOIN contact CROSS JOIN {met}"
    return f"SELECT asked.column1, met.id FROM {asked} WHERE contact.id = asked.column1"  # noqa: S608  our own words


_LINKED: Final = Question(cast(Table, Visitor.__table__), ("contact_id",), ("contact_id", "id"), _linked)
