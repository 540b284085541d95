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

Key = tuple[str, str]
"""Whose word it is (a person's id), and of which class."""

Word = tuple[datetime, bool]
"""When it was said, and whether it is a yes."""


class Consents:
    """What the people of a group of requests say, stored together. Anybody may say no; yes is a verified sender's."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        self._said: dict[str, dict[Key, Word]] = {}

    def say(self, of: Key, said: Mapping[str, bool], at: datetime, *, verified: bool) -> None:
        """`of` is the workspace and the person; of two words about a class the later holds.

        Nothing was said after we heard it, however far ahead the sender's clock is.
        """
        at = min(at, self._now)
        words = self._said.setdefault(of[0], {})
        for message_class, granted in said.items():
            before = words.get((of[1], message_class))
            if (verified or not granted) and (before is None or before[0] <= at):
                words[of[1], message_class] = (at, granted)

    def store(self) -> None:
        for workspace_id, words in self._said.items():
            store(self._session, workspace_id, words)
        self._said = {}


def consents(session: Session, person: Person) -> dict[str, Any]:
    """Class → `{granted, at}`, None where nothing was said."""
    newest = said_by(session, queries.event_person_ids(session, person))
    return {each: _dump(newest.get(each)) for each in CLASSES}


def said_by(session: Session, person_ids: Collection[str]) -> dict[str, Word]:
    """Class → when the newest word of one person, under these ids, was said, and whether it is a yes."""
    query = select(Consent.message_class, Consent.at, Consent.granted).where(Consent.person_id.in_(person_ids))
    newest: dict[str, Word] = {}
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
    workspace_id = (person.contact or person.visitor).workspace_id  # type: ignore[union-attr]  # it is one of them
    own = {(person.id, each): (now, granted) for each, granted in said.items() if each != ALWAYS}
    store(session, workspace_id, own)


def store(session: Session, workspace_id: str, said: Mapping[Key, Word]) -> None:
    """Put these words in the place of older ones; what is older than what is known changes nothing."""
    keys = sorted(key for key in said if key[1] in CLASSES)
    found = bulk.find_locked(session, _CONSENT, (*_KEYS, "at"), {_KEYS: keys})
    known = {(who, of): at for who, of, at in found}
    new = [(*key, workspace_id, said[key][1], said[key][0]) for key in keys if key not in known]
    bulk.insert_new(session, _CONSENT, _COLUMNS, new, ("person_id",))
    newer = [(*key, said[key][1], said[key][0]) for key in keys if key in known and said[key][0] >= known[key]]
    bulk.update(session, _CONSENT, _KEYS, ("granted", "at"), newer)


def _dump(word: Word | None) -> dict[str, Any] | None:
    return {"granted": word[1], "at": iso(word[0])} if word else None
