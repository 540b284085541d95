"""What people were told by rules, and what they said to being told."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from frontdesk.core.db import bulk
from frontdesk.engage.doing.deliveries import WAITS
from frontdesk.engage.models import Delivery
from frontdesk.people.models import Consent
from frontdesk_rules import Shown

_DELIVERY, _CONSENT = cast(Table, Delivery.__table__), cast(Table, Consent.__table__)
_SHOWN = (
    "person_id", "message_class", "session_id", "conversation_id", "state", "created_at", "sent_at", "seen_at",
)  # fmt: skip
_SAID = ("person_id", "message_class", "at", "granted")
_NEVER: Final = frozenset({"held", "expired"})


def shown_to(session: Session, person_ids: Collection[str], since: datetime) -> dict[str, list[Shown]]:
    """Person id → what was shown or sent after an instant, or waits to be. What went by unseen counts for nothing."""
    keys = [(one,) for one in sorted(person_ids)]
    rows = bulk.find(session, _DELIVERY, _SHOWN, {("person_id",): keys}, ("created_at", since - WAITS))
    found: dict[str, list[Shown]] = {}
    for person_id, message_class, run, conversation, state, created_at, sent_at, seen_at in rows:
        reached_at = sent_at or seen_at
        at = reached_at or created_at
        if at > since and (reached_at or state not in _NEVER):
            found.setdefault(person_id, []).append(Shown(at, message_class, run, conversation))
    return found


Word = tuple[datetime, bool, str]
"""When it was said, whether it is a no, and of which message class."""


def words_of(session: Session, person_ids: Collection[str]) -> dict[str, list[Word]]:
    """Person id → what was said to messages."""
    keys = [(one,) for one in sorted(person_ids)]
    words: dict[str, list[Word]] = {}
    for person_id, message_class, at, granted in bulk.find(session, _CONSENT, _SAID, {("person_id",): keys}):
        words.setdefault(person_id, []).append((at, not granted, message_class))
    return words


def refused(words: Iterable[Word]) -> frozenset[str]:
    """The classes that one person does not want, who said these words under any id: the newest counts, of two at once
    the no."""
    newest = {message_class: no for _, no, message_class in sorted(words)}
    return frozenset(message_class for message_class, no in newest.items() if no)
