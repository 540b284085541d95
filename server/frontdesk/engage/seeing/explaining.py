"""Why a rule acts for a person or does not: asked as the server would, at one moment of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.collect.models import Event
from frontdesk.core.clock import iso
from frontdesk.core.errors import Invalid, NotFound
from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.deciding.decisions import rule_name
from frontdesk.engage.deciding.words import clock_words, concluded_words
from frontdesk.engage.facts.case_facts import CaseFacts
from frontdesk.engage.facts.gathering import Gathered
from frontdesk.engage.facts.subjects import subjects
from frontdesk.engage.models import DecisionRow
from frontdesk.engage.ports import Subject
from frontdesk.engage.seeing.asked import Asked, rule_tree
from frontdesk.engage.seeing.heard import FactsThen
from frontdesk.engage.seeing.lateness import Imports
from frontdesk.engage.seeing.latest import Found, Search, assumed, latest, of_event
from frontdesk.engage.seeing.lived import CLOCKED, Then, in_session, with_dwell
from frontdesk.engage.seeing.remembering import MemoryAt, Turn
from frontdesk.engage.seeing.saying import FIRED, MOVED, STAGE_WORDS, STAGES, notes_of
from frontdesk.engage.seeing.sources import sourced
from frontdesk.people import queries as people
from frontdesk_rules import CompiledRule, Held, Moment, Rule, RuleSet, View, Whom, Why, Words, decide
from frontdesk_rules.language.rule import ONCE
from frontdesk_rules.telling.explain import moment_words
from frontdesk_rules.telling.nearest import nearest
from frontdesk_rules.words import same

_MOST_STORED: Final = 5
_TICK: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class At:
    """Now, with all that is known; or as it was at `at`, or at the event `moment`, with what was known then."""

    now: datetime
    at: datetime | None = None
    moment: str | None = None

    @property
    def then(self) -> datetime:
        return self.at or self.now

    def known_by(self, asked_at: datetime | None) -> datetime | None:
        """What was heard of later than that did not count for what was asked at a time; None: everything does."""
        return None if self.at is None and self.moment is None else asked_at or self.then


@dataclass(frozen=True, slots=True)
class _Whose:
    """A person as rules meet them."""

    subject: Subject
    ids: Sequence[str]
    facts: CaseFacts
    known_by: datetime | None


def explain(session: Session, workspace_id: str, asked: Asked, person_id: str, when: At) -> dict[str, Any]:
    """As JSON. NotFound for a person or event that is not of this workspace, or of whom no rule is asked; Invalid for
    a time that is still to come."""
    if when.then > when.now:
        raise Invalid("This is still to come. A time that is over is needed here.", field="at")
    rule, others = _compiled(asked)
    subject = _subject(session, workspace_id, person_id, when.then)
    plain = _whose(session, subject, Found(Moment(kind="page", at=when.then)), rule, when)
    found = _found(session, workspace_id, when, rule, plain)
    then = _then(session, workspace_id, found, when)
    found = with_dwell(found, session, then)
    whose = _whose(session, in_session(subject, found, session, then), found, rule, when)
    why = _why(session, rule, others, found, whose)
    winner = next((one for one in asked.live if one.id == why.decision.lost_to), None)
    told = replace(why, winner=Words(**rule_name(winner)) if winner else None).to_tree()
    condition, explanation = rule.live.rule.when, why.decision.explanation
    past = when.moment is not None or when.then < when.now
    moved = iso(found.moment.at) != iso(when.then) and when.moment is None
    stored = _stored(session, rule.id, whose.ids, when.now if moved else when.then)
    return {
        "rule": rule_tree(rule.live) | {"state": asked.state},
        "person": person_id,
        "asked_at": iso(when.then),
        "at": iso(found.moment.at),
        "moment": _moment(found, when, moment_words(rule.live.rule.trigger, found.moment)),
        **_stage(why.decision.reason),
        **told,
        "until": why.decision.until and iso(why.decision.until),
        "lost_to": winner and winner.rule.key,
        "condition": sourced(condition, explanation, why.decision.view) if condition and explanation else None,
        "stored": stored,
        "notes": [
            *(_of_timer(rule.live.rule, found, when, stored) if moved else ()),
            *notes_of(asked, found, when.then if past else None, whose.subject.session, session),
        ],
    }


def _compiled(asked: Asked) -> tuple[CompiledRule, list[CompiledRule]]:
    """The rule, and those that may take the slot of its group."""
    group = asked.rule.rule.exclusive
    rivals = [one for one in asked.live if group and one.rule.exclusive == group and one.id != asked.rule.id]
    rules = RuleSet.compile([asked.rule, *rivals], asked.policy).rules
    (own,) = [rule for rule in rules if rule.live is asked.rule]
    return own, [rule for rule in rules if rule is not own]


def _subject(session: Session, workspace_id: str, person_id: str, now: datetime) -> Subject:
    try:
        people.person(session, workspace_id, person_id)
    except NotFound as error:
        raise NotFound("There is no such visitor or contact.", field="person") from error
    found = subjects(session, workspace_id, [person_id], now).get(person_id)
    if found is None:
        raise NotFound("No rule is asked about this person: only servers may speak of them.", field="person")
    return found


def _whose(session: Session, subject: Subject, found: Found, rule: CompiledRule, when: At) -> _Whose:
    case = Case(subject, found.moment, (rule,), found.page, found.conversation_id, found.delivery_id)
    gathered = Gathered(session, [case], found.moment.at)
    known_by = when.known_by(found.asked_at)
    if known_by is None:
        return _Whose(subject, gathered.ids(subject), CaseFacts(session, case, gathered), None)
    imports = Imports.of(session, subject.workspace_id, when.now)
    return _Whose(subject, gathered.ids(subject), FactsThen(session, case, gathered, known_by, imports), known_by)


def _then(session: Session, workspace_id: str, found: Found, when: At) -> Then | None:
    """None where it is asked as of now: everything counts."""
    by = when.known_by(found.asked_at)
    until = found.moment.at if when.moment is None else None
    return Then(session, by, until, Imports.of(session, workspace_id, when.now)) if by else None


def _found(session: Session, workspace_id: str, when: At, rule: CompiledRule, whose: _Whose) -> Found:
    """The event that is named, as it was; else the newest moment that fits, as though it came now; else an assumed."""
    if when.moment is not None:
        return _named(session, workspace_id, when, whose)
    view = View(Moment(kind="page", at=when.then), whose.facts, whose.ids[0])
    run = whose.subject.session
    whom = Whom(whose.ids[0], run.id if run else None)
    found = latest(Search(session, whose.ids, rule, when.then), view, whom)
    if found is None:
        return assumed(rule, view, when.then)
    if found.moment.kind in CLOCKED:
        return found
    # what happened by then was heard of a little later, and rules were asked about it then
    asked_at = max(when.then, found.asked_at or when.then)
    return replace(found, moment=replace(found.moment, at=when.then, received_at=None), asked_at=asked_at)


def _named(session: Session, workspace_id: str, when: At, whose: _Whose) -> Found:
    row, now = session.scalars(select(Event).where(Event.id == when.moment)).first(), when.now
    if row is None or row.workspace_id != workspace_id or row.person_id not in whose.ids:
        raise NotFound("There is no such event of this person.", field="moment")
    found = of_event(row, Imports.of(session, workspace_id, now))
    if found is None:
        raise Invalid("Rules are not asked at an event of this kind.", field="moment")
    return found


def _why(session: Session, rule: CompiledRule, others: list[CompiledRule], found: Found, whose: _Whose) -> Why:
    moment = found.moment
    seen = whose.subject.session
    whom = Whom(whose.ids[0], seen.id if seen else None, found.conversation_id)
    memory = MemoryAt(session, whose.subject, whose.ids, _turn(session, rule, moment, whose))
    view = View(moment, whose.facts, whom.person)
    decisions = decide(moment, [rule, *others], view, memory, whom)
    (decision,) = [one for one in decisions if one.rule is rule.live]
    when = rule.live.rule.when
    asked = when is not None and decision.reason in (Held.NOT_MATCHED, Held.UNKNOWN)
    return Why(decision, nearest(when, decision.view) if when and asked else ())


def _turn(session: Session, rule: CompiledRule, moment: Moment, whose: _Whose) -> Turn:
    """What the moment itself brought about is not before it; what was at the very time that is asked about, is."""
    if not moment.received_at:
        return Turn(moment.at + _TICK)
    if whose.known_by is None:
        return Turn(moment.at)
    return Turn.of(session, whose.ids, rule.id, whose.known_by, moment)


def _of_timer(rule: Rule, found: Found, when: At, stored: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """That another time is told of than was asked about; and that the timer has fired, where nothing comes after."""
    due = iso(found.moment.at)
    told = [("moved", MOVED.fill_all(a=same(clock_words(when.then)), d=same(clock_words(found.moment.at))))]
    concluded = [one for one in stored if one["outcome"] != "held" and not one["shadow"]]
    fired = next((one for one in concluded if rule.repeat == ONCE or one["occurred_at"] == due), None)
    if fired:
        at = same(clock_words(datetime.fromisoformat(fired["at"])))
        told.append(("fired", FIRED.fill_all(t=at, o=Words(fired["text_en"], fired["text_zh"]))))
    return [{"code": code, "text_en": text.en, "text_zh": text.zh} for code, text in told]


def _stage(reason: Held | None) -> dict[str, Any]:
    """The one that said no."""
    stage = STAGES[reason] if reason else None
    return {"stage": stage, "stage_words": STAGE_WORDS[stage].to_tree() if stage else None}


def _moment(found: Found, when: At, words: Words) -> dict[str, Any]:
    moment = found.moment
    told = {
        "kind": moment.kind,
        "name": moment.name,
        "id": moment.id or None,
        "path": moment.path,
        "dwell_ms": moment.dwell_ms,
        "session": found.session_id,
        "conversation": found.conversation_id,
    }
    kept = {key: value for key, value in told.items() if value is not None}
    due = moment.kind not in CLOCKED or moment.at <= when.then
    return kept | {"assumed": found.assumed, "due": due, "text_en": words.en, "text_zh": words.zh}


def _stored(session: Session, rule_id: str, ids: Sequence[str], until: datetime) -> list[dict[str, Any]]:
    """What the rule had concluded for this person, newest first."""
    row = DecisionRow
    query = select(row).where(row.person_id.in_(ids), row.rule_id == rule_id, row.at <= until)
    return list(map(_concluded, session.scalars(query.order_by(row.at.desc(), row.id.desc()).limit(_MOST_STORED))))


def _concluded(row: DecisionRow) -> dict[str, Any]:
    words = concluded_words(row)
    return {
        "id": row.id,
        "at": iso(row.at),
        "occurred_at": row.occurred_at and iso(row.occurred_at),
        "version": row.rule_version,
        "outcome": row.outcome,
        "reason": row.reason,
        "shadow": row.shadow,
        "text_en": words.en,
        "text_zh": words.zh,
        "moment": row.detail.get("moment"),
        "reasons": row.detail.get("reasons", []),
    }
