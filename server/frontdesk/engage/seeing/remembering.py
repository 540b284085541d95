"""What the past said of one person at a time: the rule library's port `Memory`, for one who looks back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from frontdesk.engage.facts.addresses import addressed
from frontdesk.engage.facts.told import refused, shown_to, words_of
from frontdesk.engage.models import DecisionRow
from frontdesk.engage.ports import Subject
from frontdesk.engage.seeing.latest import going_on
from frontdesk_rules import Shown

_SHADOW = "shadow:"


@dataclass(frozen=True)
class MemoryAt:
    """Before `at`, of a person that goes by these ids. What they refuse, and where to write to them, is known only as
    of now."""

    session: Session
    subject: Subject
    ids: Sequence[str]
    at: datetime

    @cached_property
    def conversation_open(self) -> bool:
        return going_on(self.session, self.ids, self.at)

    @cached_property
    def has_address(self) -> bool:
        return bool(addressed(self.session, [self.subject]))

    def acted(self, rule_id: str, repeat_key: str, /) -> datetime | None:
        row = DecisionRow
        prefix, key = (_SHADOW, repeat_key[len(_SHADOW) :]) if repeat_key.startswith(_SHADOW) else ("", repeat_key)
        keys = [prefix + one for one in self.ids] if key in self.ids else [repeat_key]
        counted = or_(row.outcome != "held", row.reason == "held_out")
        own = and_(row.person_id.in_(self.ids), row.rule_id == rule_id, row.repeat_key.in_(keys))
        query = select(row.occurred_at, row.at).where(own, counted, row.at < self.at)
        return max((occurred or at for occurred, at in self.session.execute(query)), default=None)

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
        found = shown_to(self.session, self.ids, since)
        return [one for of in found.values() for one in of if one.at < self.at]
