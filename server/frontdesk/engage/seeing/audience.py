"""How many people a condition selects, and who some of them are: SQL finds whoever may be, rules decide.

Up to ten thousand are asked one by one. Of more, a sample is: those whose ids end in certain characters, which are
random and stay what they are, so that the same question has the same answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from math import sqrt
from typing import Any, Final

from sqlalchemy import Select, String, func, select, type_coerce
from sqlalchemy.orm import Session

from frontdesk.core.db import Database
from frontdesk.engage.activation.views import Looking
from frontdesk.engage.activation.whom import EVERYBODY
from frontdesk.engage.segments.compiled import load
from frontdesk.engage.segments.conditions import rule_of
from frontdesk.engage.sql.dialects import Bytewise
from frontdesk.engage.sql.matching import matching
from frontdesk.people import queries as people
from frontdesk_rules import CompiledRule, LiveRule, RuleSet
from frontdesk_rules.language.conditions import Condition

MOST: Final = 10_000
_SAMPLED: Final = 2_000
_SHOWN: Final = 20
_BATCH: Final = 500
_SURE: Final = 1.96  # standard deviations on either side: 95 %
_ENDS: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # of ids, in their order
_ENDING: Final = 4


@dataclass(frozen=True, slots=True)
class Question:
    """Whom a condition selects in a workspace, as they are now; None: everybody."""

    workspace_id: str
    condition: Condition | None
    now: datetime


@dataclass(slots=True)
class Audience:
    """`size` people of `candidates` whom SQL found; where not all of those were asked, between `low` and `high`."""

    candidates: int
    asked: int = 0
    matched: int = 0
    sample: list[str] = field(default_factory=list)

    @property
    def exact(self) -> bool:
        return self.candidates <= MOST

    @property
    def size(self) -> int:
        return self.matched if self.exact else round(self.candidates * self.matched / max(self.asked, 1))

    @property
    def interval(self) -> tuple[int, int]:
        """The true size, with 95 % certainty (E. B. Wilson, 1927)."""
        if self.exact or not self.asked:
            return (self.size, self.size) if self.exact else (0, self.candidates)
        share, squared = self.matched / self.asked, _SURE**2 / self.asked
        middle = (share + squared / 2) / (1 + squared)
        off = _SURE / (1 + squared) * sqrt(share * (1 - share) / self.asked + squared / (4 * self.asked))
        low, high = max(0.0, middle - off), min(1.0, middle + off)
        # those of the sample are known, whatever is said of the others
        known, others = self.matched, self.candidates - self.asked + self.matched
        return max(known, int(low * self.candidates)), min(others, -int(-high * self.candidates // 1))


def audience(db: Database, question: Question) -> Audience:
    """Ask in steps beside the writer, so that other readers get their turn."""
    candidates = db.read(lambda session: session.scalar(_count(session, question))) or 0
    found = Audience(candidates)
    ids = db.read(lambda session: list(session.scalars(_asked(session, question, candidates))))
    looking = Looking(question.workspace_id, _compiled(question.condition))
    for start in range(0, len(ids), _BATCH):
        db.read(partial(_ask, looking=looking, ids=ids[start : start + _BATCH], now=question.now, found=found))
    return found


def shown(session: Session, question: Question, found: Audience) -> list[dict[str, Any]]:
    """Some of those who match, as PersonBriefs."""
    known = people.persons(session, question.workspace_id, found.sample)
    return [known[one].brief(question.now) for one in found.sample if one in known]


def _compiled(condition: Condition | None) -> CompiledRule:
    """As a rule that does nothing: what it may ask for is gathered as for any other."""
    return RuleSet.compile(
        [LiveRule("rul_audience", 1, replace(rule_of("audience", EVERYBODY), when=condition))]
    ).rules[0]


def _selected(session: Session, question: Question) -> Select[Any]:
    segments = {key: one.condition for key, one in load(session, question.workspace_id).by_key.items()}
    return matching(question.condition or EVERYBODY, question.workspace_id, question.now, segments)


def _count(session: Session, question: Question) -> Select[Any]:
    return select(func.count()).select_from(_selected(session, question).subquery())


def _asked(session: Session, question: Question, candidates: int) -> Select[Any]:
    """All of the candidates, or a sample that no order of theirs has a part in."""
    query = _selected(session, question)
    person_id = query.selected_columns.id
    if candidates > MOST:
        ending = func.substr(person_id, func.length(person_id) - _ENDING + 1)
        query = query.where(Bytewise(type_coerce(ending, String)) < _share(_SAMPLED / candidates))
    return query.order_by(person_id).limit(MOST)


def _share(share: float) -> str:
    """The ending of ids before which this share of all endings lies."""
    place, text = round(share * len(_ENDS) ** _ENDING), ""
    for _ in range(_ENDING):
        place, digit = divmod(place, len(_ENDS))
        text = _ENDS[digit] + text
    return text


def _ask(session: Session, looking: Looking, ids: Sequence[str], now: datetime, found: Audience) -> None:
    accepted = list(_accepted(session, looking, ids, now))
    found.asked += len(ids)
    found.matched += len(accepted)
    found.sample += accepted[: _SHOWN - len(found.sample)]


def _accepted(session: Session, looking: Looking, ids: Sequence[str], now: datetime) -> Iterator[str]:
    test = looking.rule.test
    for one in looking.at(session, ids, now):
        if test is None or test(one.view):
            yield one.person_id
