"""Something else is known of a company than before: everybody who belongs to it is asked again.

A company may have a hundred thousand members, so they are not asked by whoever changed it. A row is left in the same
transaction; from there they are walked through in the order of their ids, a few at a time, each few in a transaction
that leaves the row for the next. Of one company there is one walk at a time, and one that begins after it: whatever
changes meanwhile, each member is asked again after the last change, and nobody for each change.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Final, cast

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.collect.ports import Arrival
from frontdesk.engage.deciding import walks
from frontdesk.engage.deciding.cases import COMPANY, Case
from frontdesk.engage.deciding.walks import FEW, Walk
from frontdesk.engage.facts.subjects import subjects
from frontdesk.engage.models import TimerRow
from frontdesk.engage.ports import Subject
from frontdesk.engage.rules.live import LiveRules
from frontdesk.engage.segments.compiled import CompiledSegment
from frontdesk.engage.segments.keeping import Segments
from frontdesk.engage.segments.verdicts import Touch
from frontdesk.engage.timers.cancelling import PENDING, delete_timers
from frontdesk.engage.timers.claims import Due
from frontdesk.engage.timers.keys import Key
from frontdesk.engage.timers.lookings import look_again
from frontdesk.people import queries
from frontdesk_rules import CompiledRule, Moment

log = structlog.get_logger(__name__)

KIND: Final = "company"


@dataclass(frozen=True, slots=True)
class Fellows:
    """`walked` is what timers of our kind bring."""

    live: LiveRules
    segments: Segments

    def of_arrivals(self, session: Session, arrivals: Sequence[Arrival], now: datetime) -> None:
        """After what collect has just stored."""
        told = [
            Walk(arrival.workspace_id, event.company[0], event.occurred_at, frozenset(event.company[1]), not event.live)
            for arrival in arrivals
            for event in arrival.events
            if event.company
        ]
        self._begin(session, told, now)

    def of_moments(self, session: Session, happened: Iterable[tuple[Subject, Moment]], now: datetime) -> None:
        """After what actions made happen: rules speak of the company seen last."""
        told = [
            (subject, moment.at, moment.name)
            for subject, moment in happened
            if subject.contact_id and moment.kind == "change" and moment.name and moment.name.startswith(COMPANY)
        ]
        of = queries.company_ids(session, {one.contact_id for one, _, _ in told if one.contact_id}) if told else {}
        walks_of = [
            Walk(one.workspace_id, of[one.contact_id or ""], at, frozenset({name}))
            for one, at, name in told
            if one.contact_id in of
        ]
        self._begin(session, walks_of, now)

    def walked(self, session: Session, due: Sequence[Due], now: datetime) -> list[Case]:
        """The next few members of these companies, and rows for those behind them."""
        cases, left = list[Case](), FEW
        for company_id in sorted({one.rule_id for one in due}):
            mine = [walks.read(one) for one in due if one.rule_id == company_id]
            walk, *later = walks.in_turn([*mine, *_taken(session, company_id)])
            few = min(left, walk.few)
            ids = queries.members_of(session, company_id, walk.after, few) if few else ()
            if len(ids) == few:
                later.append(walk.behind(ids[-1]) if ids else walk)
            left -= len(ids)
            look_again(session, KIND, [walks.written(one) for one in later], now)
            cases += self._ask(session, walk, ids, now)
        return cases

    def _begin(self, session: Session, told: Sequence[Walk], now: datetime) -> None:
        """Where a rule waits for anything of companies; else it is a look into memory."""
        begun = [walk for walk in told if any(self._concerned(session, walk.workspace_id, walk.fields))]
        begun.sort(key=attrgetter("company_id"))
        joined = [walks.joined(of_one) for _, of_one in groupby(begun, attrgetter("company_id"))]
        look_again(session, KIND, [walks.written(walk) for walk in joined], now)

    def _ask(self, session: Session, walk: Walk, person_ids: Sequence[str], now: datetime) -> list[Case]:
        if walk.stuck and person_ids:
            log.error("company_member_left_out", company=walk.company_id, person=person_ids[0])
            return []
        rules, touched = self._concerned(session, walk.workspace_id, walk.fields)
        watched = self.segments.live.get(session, walk.workspace_id)
        people = subjects(session, walk.workspace_id, person_ids, now).values()
        met = Moment(kind="schedule", at=now, received_at=now)
        cases = [Case(one, met, (), None, by_facts=rules, since=walk.at) for one in people] if rules else []
        touches = [Touch(one, watched, touched, now, silent=walk.silent) for one in people] if touched else []
        return cases + self.segments.ask(session, touches, now)

    def _concerned(
        self, session: Session, workspace_id: str, fields: Iterable[str]
    ) -> tuple[tuple[CompiledRule, ...], tuple[CompiledSegment, ...]]:
        """The rules that wait for a time of these, and the segments of which these may change who is in them."""
        armed_by = self.live.get(session, workspace_id).armed_by
        rules = {rule.live.timer_id: rule for name in sorted(fields) for rule in armed_by.get(f"change:{name}", ())}
        watched = self.segments.live.get(session, workspace_id).segments
        return tuple(rules.values()), tuple(one for one in watched if not one.fields.isdisjoint(fields))


def _taken(session: Session, company_id: str) -> list[Walk]:
    """The other rows of this company, but for those that somebody works on: ours from now on."""
    row = TimerRow
    query = select(row.rule_id, row.person_id, row.anchor, row.workspace_id, row.anchor_at, row.payload, row.tries)
    mine = query.where(row.rule_id == company_id, row.kind == KIND, row.state == PENDING)
    rows = session.execute(mine.with_for_update(skip_locked=True, key_share=True)).all()
    delete_timers(session, [Key(*found[:3]) for found in rows])
    return [walks.read(cast("walks.Kept", found)) for found in rows]
