"""What people said to messages: a word for each class. Without one nothing was said, which is no refusal.

A refusal holds for the person under every id that it goes by; where ids that were joined say otherwise, the newest word
counts. What keeps an order or an account going (`transactional`) cannot be refused.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from frontdesk.core.clock import iso
from frontdesk.core.db import bulk
from frontdesk.core.errors import Invalid
from frontdesk.people import queries
from frontdesk.people.models import Consent
from frontdesk.people.queries import Person

CLASSES = ("marketing", "onboarding", "support")
ALWAYS = "transactional"
_CONSENT = cast(Table, Consent.__table__)
_KEYS = ("person_id", "message_class")
_COLUMNS = (*_KEYS, "workspace_id", "granted", "at")

Said = tuple[str, str, bool]
"""Whose word it is (a person's id), of which class, and whether it is a yes."""


def consents(session: Session, person: Person) -> dict[str, Any]:
    """Class → `{granted, at}`, None where nothing was said."""
    newest = said_by(session, queries.event_person_ids(session, person))
    return {each: _dump(newest.get(each)) for each in CLASSES}


def said_by(session: Session, person_ids: Collection[str]) -> dict[str, tuple[datetime, bool]]:
    """Class → when the newest word of one person, under these ids, was said, and whether it is a yes."""
    query = select(Consent.message_class, Consent.at, Consent.granted).where(Consent.person_id.in_(person_ids))
    newest: dict[str, tuple[datetime, bool]] = {}
    for message_class, at, granted in session.execute(query.order_by(Consent.at, Consent.granted.desc())):
        newest[message_class] = (at, granted)  # of two at once the no
    return newest


def change(session: Session, person: Person, said: Mapping[str, bool], now: datetime) -> None:
    """The person says yes or no to these classes. Invalid names one that there is not, or that cannot be refused."""
    for message_class, granted in said.items():
        if message_class == ALWAYS and granted:
            continue
        if message_class == ALWAYS:
            raise Invalid("What keeps an order or an account going cannot be refused.", field=ALWAYS)
        if message_class not in CLASSES:
            raise Invalid(f"Messages are of these classes: {', '.join(CLASSES)}.", field=message_class)
    own = [(person.id, message_class, granted) for message_class, granted in said.items() if message_class != ALWAYS]
    workspace_id = (person.contact or person.visitor).workspace_id  # type: ignore[union-attr]  # a person is one of them
    store(session, workspace_id, own, now)


def store(session: Session, workspace_id: str, said: Collection[Said], now: datetime) -> None:
    """Put these words in the place of older ones."""
    rows = {(person_id, message_class): granted for person_id, message_class, granted in said}
    wanted = [(*key, workspace_id, granted, now) for key, granted in sorted(rows.items())]
    new = {(who, of) for who, of in bulk.insert_new(session, _CONSENT, _COLUMNS, wanted, _KEYS)}
    known = [(*key, granted, now) for key, granted in sorted(rows.items()) if key not in new]
    bulk.update(session, _CONSENT, _KEYS, ("granted", "at"), known)


def _dump(word: tuple[datetime, bool] | None) -> dict[str, Any] | None:
    return {"granted": word[1], "at": iso(word[0])} if word else None
