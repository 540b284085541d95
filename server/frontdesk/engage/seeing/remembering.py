"""What the past said of one person at a time: the rule library's port `Memory`, for one who looks back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from frontdesk.engage.doing.deliveries import WAITS
from frontdesk.engage.facts.addresses import addressed
from frontdesk.engage.facts.told import NEVER, refused, words_of
from frontdesk.engage.models import DecisionRow, Delivery
from frontdesk.engage.ports import Subject
from frontdesk.engage.seeing.latest import going_on
from frontdesk_rules import Moment, Shown

_SHADOW = "shadow:"
_MOMENT_ID: Final = DecisionRow.detail["moment"]["id"].as_string()


@dataclass(frozen=True, slots=True)
class Turn:
    """When rules were asked: at `at`, of all that came with `moment` in one group in its turn; None: in front of them.

    `decision_id` is what the rule concluded at that moment, if it is kept. Ids sort as they were made.
    """

    at: datetime
    moment: Moment | None = None
    decision_id: str | None = None

    @classmethod
    def of(cls, session: Session, ids: Sequence[str], rule_id: str, at: datetime, moment: Moment) -> "Turn":
        row = DecisionRow
        own = and_(row.person_id.in_(ids), row.rule_id == rule_id, row.at == at, moment.id == _MOMENT_ID)
        return cls(at, moment, session.scalar(select(row.id).where(own).order_by(row.id).limit(1)))

    def after(self, decision: Any) -> bool:
        """Whether it came after a decision: its id, when it was made, and of which moment."""
        if decision.at != self.at or self.moment is None:
            return bool(decision.at < self.at)
        if self.decision_id is not None:
            return bool(decision.id < self.decision_id)
        moment_at = decision.occurred_at or decision.at
        return (moment_at, decision.moment_id or "") < (self.moment.at, self.moment.id)

    def made(self, decision: Any) -> bool:
        """Whether it is of this very moment: of a rival, which was asked in front of the rule, and of nothing else."""
        return self.moment is not None and (decision.at, decision.moment_id) == (self.at, self.moment.id)


@dataclass(frozen=True)
class MemoryAt:
    """What there was when it was the `turn` of a person that goes by these ids. What they refuse, and where to write to
    them, is known only as of now."""

    session: Session
    subject: Subject
    ids: Sequence[str]
    turn: Turn

    @cached_property
    def conversation_open(self) -> bool:
        return going_on(self.session, self.ids, self.turn.at)

    @cached_property
    def has_address(self) -> bool:
        return bool(addressed(self.session, [self.subject]))

    def acted(self, rule_id: str, repeat_key: str, /) -> datetime | None:
        row = DecisionRow
        prefix, key = (_SHADOW, repeat_key[len(_SHADOW) :]) if repeat_key.startswith(_SHADOW) else ("", repeat_key)
        keys = [prefix + one for one in self.ids] if key in self.ids else [repeat_key]
        counted = or_(row.outcome != "held", row.reason == "held_out")
        own = and_(row.person_id.in_(self.ids), row.rule_id == rule_id, row.repeat_key.in_(keys))
        query = select(row.id, row.at, row.occurred_at, _MOMENT_ID.label("moment_id"))
        found = self.session.execute(query.where(own, counted, row.at <= self.turn.at))
        before = (one for one in found if self.turn.after(one) and not self.turn.made(one))
        return max((one.occurred_at or one.at for one in before), default=None)

    def refuses(self, message_class: str, /) -> bool:
        return message_class in self._refused

    @cached_property
    def _refused(self) -> frozenset[str]:
        said = words_of(self.session, self.ids)
        return refused(word for one in self.ids for word in said.get(one, ()))

    def taken(self, _group: str, _at: datetime, /) -> str | None:
        """Whoever looks back asks of one rule alone."""
        return None

    def shown(self, since: datetime, /) -> Iterable[Shown]:
        """What had been shown or sent, and what waited to be. What was held in the end, nobody knows when, is not."""
        row, until = Delivery, self.turn.at
        own = and_(row.person_id.in_(self.ids), row.created_at > since - WAITS, row.created_at <= until)
        told = select(row, DecisionRow.id, DecisionRow.at, DecisionRow.occurred_at, _MOMENT_ID.label("moment_id"))
        found = self.session.execute(told.join(DecisionRow, DecisionRow.id == row.decision_id).where(own))
        shown = [(one.Delivery, at) for one in found if self.turn.after(one) and (at := _at(one.Delivery, until))]
        return [Shown(at, one.message_class, one.session_id, one.conversation_id) for one, at in shown if at > since]


def _at(one: Delivery, until: datetime) -> datetime | None:
    """When it counts as shown, of what was known by then: when it was, or else since when it waits."""
    reached_at = one.sent_at or one.seen_at
    if reached_at and reached_at <= until:
        return reached_at
    over = one.state in NEVER and not (one.state == "expired" and one.expires_at > until)
    return None if over and not reached_at else one.created_at
