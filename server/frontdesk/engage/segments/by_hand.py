"""People put into segments and taken out of them, by a teammate, a server or a rule."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from frontdesk.core.errors import Conflict, NotFound
from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.deciding.engine import Engine
from frontdesk.engage.facts.subjects import subjects
from frontdesk.engage.ports import ActionContext
from frontdesk.people import queries
from frontdesk.people import segments as people
from frontdesk.people.models import Segment
from frontdesk.people.queries import Person
from frontdesk_rules import Moment
from frontdesk_rules.language.deeds import Segment as Put


def put(session: Session, engine: Engine, row: Segment, person: Person, now: datetime) -> None:
    """The person is in it from now on, and rules hear of it; Conflict where a condition says who is."""
    _refuse_condition(row)
    if people.join(session, row, person, now):
        _tell(session, engine, _moment(row, f"{row.id}:{person.id}:{now.isoformat()}", now, inside=True), person)


def take(session: Session, engine: Engine, row: Segment, person: Person, now: datetime) -> None:
    """The person is in it no longer, and rules hear of it; Conflict where a condition says who is."""
    _refuse_condition(row)
    if people.leave(session, row, person):
        _tell(session, engine, _moment(row, f"{row.id}:{person.id}:{now.isoformat()}", now, inside=False), person)


def segment(session: Session, context: ActionContext, action: Put) -> Sequence[Moment]:
    """A rule puts the person into a segment, or takes it out; the moment that this is, if it is one."""
    subject = context.subject
    row = people.named(session, subject.workspace_id, action.segment)
    if row is None:
        raise NotFound(f"There is no segment {action.segment}.")
    _refuse_condition(row)
    person = queries.person(session, subject.workspace_id, subject.contact_id or subject.person_id)
    inside = action.change == "add"
    changed = people.join(session, row, person, context.now) if inside else people.leave(session, row, person)
    return [_moment(row, context.key, context.now, inside=inside)] if changed else []


def _refuse_condition(row: Segment) -> None:
    if row.tree is not None:
        raise Conflict("A condition says who is in this segment; nobody is added or removed by hand.")


def _moment(row: Segment, cause: str, now: datetime, *, inside: bool) -> Moment:
    return Moment(kind="segment", at=now, id=cause, name=row.key, after=inside)


def _tell(session: Session, engine: Engine, moment: Moment, person: Person) -> None:
    workspace_id = (person.contact or person.visitor).workspace_id  # type: ignore[union-attr]  # it is one of them
    subject = subjects(session, workspace_id, [person.id], moment.at).get(person.id)
    if subject:
        rules = engine.live.get(session, workspace_id)
        case = Case(subject, moment, (), None, rules=rules)
        entered = engine.segments.moments_of(session, [(subject, moment)], moment.at)
        engine.conclude(session, [case, *entered], moment.at)
