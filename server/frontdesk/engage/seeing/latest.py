"""The newest moment of a person that a rule's trigger fits: what was stored, or what a clock would bring."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from frontdesk.collect.models import Event
from frontdesk.collect.ports import PageSeen, StoredEvent
from frontdesk.collect.reserved import DWELLED, LEAVING, RULE_CALLED, SCROLLED
from frontdesk.engage.deciding.moments import moment_of
from frontdesk.engage.seeing.lateness import NO_IMPORTS, Imports
from frontdesk.engage.seeing.talks import CLOSES, Talk, talks_of
from frontdesk_rules import CompiledRule, Moment, PastEvent, View, arm, armed, moment_key
from frontdesk_rules.durations import milliseconds
from frontdesk_rules.engine.past import Whom
from frontdesk_rules.engine.waits import Timer
from frontdesk_rules.language.edges import ENTERS, WAITING
from frontdesk_rules.language.triggers import Trigger
from frontdesk_rules.trying.recorded import too_late

_MOST: Final = 500  # events that are looked at for one that fits


@dataclass(frozen=True, slots=True)
class Found:
    """A moment, as it was; what was seen with it; `assumed` where nothing like it was stored. `apart`: a server said
    it, and it is in no session, whatever the person is in. `asked_at`: when rules were asked about it, if that is
    known: what was heard of later they did not see."""

    moment: Moment
    page: PageSeen | None = None
    session_id: str | None = None
    conversation_id: str | None = None
    delivery_id: str | None = None
    assumed: bool = False
    apart: bool = False
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """Among what the person that goes by these ids did, up to `at`."""

    session: Session
    ids: Sequence[str]
    rule: CompiledRule
    at: datetime

    @property
    def trigger(self) -> Any:
        return self.rule.live.rule.trigger

    def events(self, which: ColumnElement[bool]) -> Iterator[tuple[Event, Found]]:
        """The newest first of those that are moments, and had been heard of or were to be in time to act on them."""
        own = and_(Event.person_id.in_(self.ids), Event.occurred_at <= self.at, which)
        query = select(Event).where(own).order_by(Event.occurred_at.desc(), Event.id.desc()).limit(_MOST)
        rows = self.session.scalars(query).all()
        imports = Imports.of(self.session, rows[0].workspace_id, self.at) if rows else NO_IMPORTS
        for row in rows:
            late = imports.late(row)
            found = of_event(row, imports) if late is None or late <= self.at else None
            if found:
                yield row, found


def latest(search: Search, view: View, whom: Whom) -> Found | None:
    """None where nothing that was stored fits."""
    kind = search.trigger.kind
    if kind in _TIMED:
        return _TIMED[kind](search, view, whom)
    if kind == "conversation":
        return _of_talk(search)
    which = _STORED.get(kind)
    return _of_events(search, which(search.trigger)) if which else None


def of_event(row: Event, imports: Imports) -> Found | None:
    """The moment that a stored event is, if it is one."""
    late = imports.late(row)
    page = PageSeen(row.url or "", row.path, row.title) if row.path else None
    stored = StoredEvent(
        id=row.id,
        type=row.type,
        name=row.name,
        properties=row.properties,
        page=page,
        occurred_at=row.occurred_at,
        verified=row.verified,
        live=late is None,
    )
    moment = moment_of(stored, too_late(row.occurred_at, late) if late else row.occurred_at)
    if moment is None:
        return None
    return Found(moment, page, row.session_id, apart=row.session_id is None, asked_at=imports.heard(row))


def _of_events(search: Search, which: ColumnElement[bool]) -> Found | None:
    for _, found in search.events(which):
        if search.rule.triggered(found.moment, moment_key(found.moment)):
            return found
    return None


_STORED: Final[Mapping[str, Callable[[Any], ColumnElement[bool]]]] = {
    "page": lambda _trigger: Event.type == "page",
    "dwell": lambda _trigger: Event.name == DWELLED,
    "scroll": lambda _trigger: Event.name == SCROLLED,
    "exit_intent": lambda _trigger: Event.name == LEAVING,
    "call": lambda _trigger: Event.name == RULE_CALLED,
    "event": lambda trigger: Event.name == trigger.name,
}


def _of_talk(search: Search) -> Found | None:
    change = search.trigger.change
    told = [one for one in talks_of(search.session, search.ids) if one.at <= search.at]
    if change != WAITING:
        return next((_talk(one, one.name, one.at) for one in reversed(told) if one.name == change), None)
    after = timedelta(milliseconds=milliseconds(search.trigger.after or "0s"))
    return next(
        (_talk(one, WAITING, one.at + after) for one in reversed(told) if one.name in ("started", "replied")), None
    )


def _talk(talk: Talk, name: str, at: datetime) -> Found:
    page = talk.page
    url = page.get("url") or page.get("path")
    seen = PageSeen(url, page.get("path") or url, page.get("title"), None, page.get("dwell_ms") or 0) if url else None
    moment = Moment(
        kind="conversation",
        name=name,
        at=at,
        id=talk.conversation_id,
        path=seen.path if seen else None,
        dwell_ms=seen.dwell_ms if seen else None,
    )
    return Found(moment, seen, None, talk.conversation_id, talk.delivery_id)


def going_on(session: Session, ids: Sequence[str], at: datetime) -> bool:
    """Whether a conversation was going on at a time."""
    last: dict[str, str] = {}
    for talk in talks_of(session, ids):
        if talk.at <= at:
            last[talk.conversation_id] = talk.name
    return any(name != CLOSES for name in last.values())


def _absence(search: Search, view: View, whom: Whom) -> Found | None:
    """What the newest of the events that it waits after has set."""
    after = search.trigger.after
    for row, found in search.events(Event.name == after.event):
        if after.fits(PastEvent(row.occurred_at, row.properties, row.id)):
            set_by = arm(search.rule.live, View(found.moment, view.facts, whom.person), whom).set
            return _due(set_by[0], row.session_id, found.asked_at) if set_by else None
    return None


def _due(timer: Timer, session_id: str | None = None, set_at: datetime | None = None) -> Found:
    """What a timer brings when it fires, which is not before it was set."""
    fires_at = timer.fires_at
    asked_at = max(fires_at, set_at or fires_at)
    return Found(timer.moment(fires_at), session_id=session_id, asked_at=asked_at)


def _by_clock(search: Search, view: View, whom: Whom) -> Found | None:
    timer = armed(search.rule.live, view, whom)
    if timer is None:
        return None
    found = _due(timer)
    if timer.kind != "schedule":
        return found
    # its next time is not what is asked about: it is as though it were now
    return Found(replace(found.moment, at=search.at, received_at=search.at), assumed=True, asked_at=search.at)


_TIMED: Final[Mapping[str, Callable[[Search, View, Whom], Found | None]]] = {
    "absence": _absence,
    "reaches": _by_clock,
    "schedule": _by_clock,
}


def assumed(rule: CompiledRule, view: View, at: datetime) -> Found:
    """As though what the rule waits for happened now."""
    return Found(Moment(at=at, **_as_if(rule.live.rule.trigger, view, rule)), assumed=True)


def _as_if(trigger: Trigger, view: View, rule: CompiledRule) -> dict[str, Any]:
    told: Any = trigger
    kind = told.kind
    if kind in ("page", "dwell", "scroll", "exit_intent"):
        return {"kind": kind, **_on_page(told)}
    own: dict[str, dict[str, Any]] = {
        "event": lambda: {"name": told.name},
        "call": lambda: {"name": told.name},
        "conversation": lambda: {"name": told.change},
        "change": lambda: {"name": told.field, "after": told.after[0] if told.after else view[told.field]},
        "segment": lambda: {"name": told.segment, "after": told.change == ENTERS},
    }.get(kind, lambda: {"rule": rule.id})()
    return {"kind": kind, **own}


def _on_page(told: Any) -> dict[str, Any]:
    path = next((path for path in told.paths if "*" not in path), None)
    page = {"path": path} if path else {}
    if told.kind == "dwell":
        return {**page, "dwell_ms": told.threshold_ms}
    return {**page, "scroll": told.percent} if told.kind == "scroll" else page
