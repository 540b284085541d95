"""What people were told by rules, and what they said to being told."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, cast

from sqlalchemy import ColumnElement, Table, bindparam, case, func, select, type_coerce
from sqlalchemy.orm import Session

from frontdesk.core.db import bulk
from frontdesk.core.db.columns import Instant
from frontdesk.engage.doing.deliveries import WAITS
from frontdesk.engage.models import Delivery, RuleRow
from frontdesk.people.models import Consent
from frontdesk_rules import Shown

_DELIVERY, _CONSENT = cast(Table, Delivery.__table__), cast(Table, Consent.__table__)
_SHOWN = (
    "person_id", "message_class", "session_id", "first_session_id", "conversation_id", "state", "created_at", "sent_at",
    "seen_at",
)  # fmt: skip
_SAID = ("person_id", "message_class", "at", "granted")
NEVER: Final = frozenset({"held", "expired"})


def shown_to(session: Session, person_ids: Collection[str], since: datetime) -> dict[str, list[Shown]]:
    """Person id → what was shown or sent after an instant, or waits to be. What went by unseen counts for nothing."""
    found: dict[str, list[Shown]] = {}
    for person_id, message_class, run, first_run, conversation, state, created_at, sent_at, seen_at in _rows(
        session, person_ids, since
    ):
        reached_at = sent_at or seen_at
        at = reached_at or created_at
        if at > since and (reached_at or state not in NEVER):
            found.setdefault(person_id, []).append(Shown(at, message_class, first_run or run, conversation))
    return found


def handed_to(session: Session, person_ids: Collection[str], since: datetime) -> dict[str, list[Shown]]:
    """Person id → what was really shown or sent after an instant, when it was."""
    found: dict[str, list[Shown]] = {}
    for person_id, message_class, run, first_run, conversation, _, _, sent_at, seen_at in _rows(
        session, person_ids, since
    ):
        at = sent_at or seen_at
        if at and at > since:
            found.setdefault(person_id, []).append(Shown(at, message_class, first_run or run, conversation))
    return found


def _rows(session: Session, person_ids: Collection[str], since: datetime) -> list[bulk.Row]:
    keys = [(one,) for one in sorted(person_ids)]
    return bulk.find(session, _DELIVERY, _SHOWN, {("person_id",): keys}, ("created_at", since - WAITS))


@dataclass(slots=True)
class Reached:
    """How many auto-messages reached one person, and what became of them; when the last was sent, and of which rules
    they were, by key."""

    sent: int = 0
    seen: int = 0
    clicked: int = 0
    dismissed: int = 0
    replied: int = 0
    last_sent_at: datetime | None = None
    rules: list[str] = field(default_factory=list)

    def answer(self, name: str) -> object:
        """The field `history.<name>` of the rule language."""
        return getattr(self, name) if name in _FIELDS else None

    def __add__(self, other: "Reached") -> "Reached":
        return Reached(
            sent=self.sent + other.sent,
            seen=self.seen + other.seen,
            clicked=self.clicked + other.clicked,
            dismissed=self.dismissed + other.dismissed,
            replied=self.replied + other.replied,
            last_sent_at=max(filter(None, (self.last_sent_at, other.last_sent_at)), default=None),
            rules=sorted({*self.rules, *other.rules}),
        )


_FIELDS: Final = frozenset({"sent", "seen", "clicked", "dismissed", "replied", "last_sent_at", "rules"})


def reached(session: Session, person_ids: Collection[str]) -> dict[str, Reached]:
    """Person id → all that reached it."""
    found: dict[str, Reached] = {}
    for row in session.execute(_REACHED, {"people": sorted(person_ids)}):
        who, rule, sent, seen, clicked, dismissed, replied, last_sent_at = row
        one = Reached(sent, seen, clicked, dismissed, replied, last_sent_at, [rule])
        person_id = str(who)
        found[person_id] = found.get(person_id, Reached()) + one
    return found


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


_SENT_AT: Final = func.coalesce(Delivery.sent_at, Delivery.seen_at)
_REACHED: Final = (
    select(
        Delivery.person_id,
        RuleRow.key,
        func.count(),
        _how_many(Delivery.seen_at.is_not(None)),
        _how_many(Delivery.clicked_at.is_not(None)),
        _how_many(Delivery.state == "dismissed"),
        _how_many(Delivery.state == "replied"),
        type_coerce(func.max(_SENT_AT), Instant),
    )
    .join(RuleRow, RuleRow.id == Delivery.rule_id)
    .where(Delivery.person_id.in_(bindparam("people", expanding=True)), _SENT_AT.is_not(None))
    .group_by(Delivery.person_id, RuleRow.key)
)

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
