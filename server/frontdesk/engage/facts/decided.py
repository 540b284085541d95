"""What rules concluded for people before: when they acted, and what held them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from frontdesk.core.clock import from_ms
from frontdesk.core.db import bulk
from frontdesk.core.db.texts import Question
from frontdesk.engage.models import DecisionRow
from frontdesk_rules import Held


@dataclass(frozen=True, slots=True)
class Past:
    """When rules last acted or held a person out, by (rule, person, repeat key); what held them otherwise, by (rule,
    person, run, reason)."""

    acted: dict[tuple[str, str, str], datetime] = field(default_factory=dict)
    held: set[tuple[str, str, str, str]] = field(default_factory=set)

    def remember(self, rule_id: str, person_id: str, repeat_key: str, at: datetime) -> None:
        key = (rule_id, person_id, repeat_key)
        self.acted[key] = max(at, self.acted.get(key, at))


def past_of(session: Session, asked: Iterable[tuple[str, str, str]]) -> Past:
    """What there is for each (person id, rule id, run). Both arms of a hold-out count, and what was put off."""
    past = Past()
    for person_id, rule_id, repeat_key, outcome, reason, at in bulk.ask(session, _DECIDED, sorted(set(asked))):
        if outcome == "held" and reason != _HELD_OUT:
            past.held.add((rule_id, person_id, repeat_key, str(reason)))
        else:
            past.remember(rule_id, person_id, repeat_key, from_ms(at))
    return past


_HELD_OUT: Final = str(Held.HELD_OUT)
_GIVEN: Final = ("person_id", "rule_id", "repeat_key")


def _decided(values: str, _dialect: str) -> str:
    """Of what was held, only the runs that are asked for: there is a row for each."""
    chosen = "own.person_id, own.rule_id, own.repeat_key, own.outcome, own.reason"
    counts = f"(own.outcome <> 'held' OR own.reason = '{_HELD_OUT}' OR own.repeat_key = asked.column3)"
    return (
        f"SELECT {chosen}, MAX(COALESCE(own.occurred_at, own.at)) "  # noqa: S608  our own words
        f"FROM ({values}) AS asked CROSS JOIN decision AS own "
        f"WHERE own.person_id = asked.column1 AND own.rule_id = asked.column2 AND {counts} GROUP BY {chosen}"
    )


def done_of(session: Session, person_ids: Collection[str], rule_ids: Collection[str]) -> Past:
    """What these rules have done to these people, or held them out: what they only put off is not done yet."""
    row, past = DecisionRow, Past()
    done = (row.outcome == "acted") & row.detail["deferred"].as_string().is_(None)
    query = select(row.rule_id, row.person_id, row.repeat_key, row.occurred_at, row.at).where(
        row.person_id.in_(person_ids), row.rule_id.in_(rule_ids), done | (row.reason == _HELD_OUT)
    )
    for rule_id, person_id, repeat_key, occurred_at, at in session.execute(query):
        past.remember(rule_id, person_id, repeat_key, occurred_at or at)
    return past


def winner_of(session: Session, person_ids: Collection[str], group: str, at: datetime) -> str | None:
    """The rule that has the slot of an exclusive group among those that the clock brought at this instant, if any."""
    row = DecisionRow
    query = select(row.rule_id).where(
        row.person_id.in_(person_ids), row.occurred_at == at, row.detail["slot"].as_string() == group
    )
    return session.scalar(query.order_by(row.at, row.id).limit(1))


_DECIDED: Final = Question(cast(Table, DecisionRow.__table__), _GIVEN, _GIVEN, _decided)
