"""Pretended people: facts, history and memory in one, changed by what happens to them. For tests and simulations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from frontdesk_rules.engine.decide import Deferred
from frontdesk_rules.engine.past import Shown, Whom
from frontdesk_rules.engine.waits import Timer
from frontdesk_rules.facts.history import History, PastEvent, RememberedHistory
from frontdesk_rules.facts.known import MISSING
from frontdesk_rules.facts.moments import Moment, MomentKind
from frontdesk_rules.trying.companies import Companies
from frontdesk_rules.trying.pages import OF_URL, ON_PAGE
from frontdesk_rules.trying.recorded import Recorded, heard_late
from frontdesk_rules.urls import normal_path

IDLE: Final = timedelta(minutes=30)
# So long after its last event a session is still asked about where no event is: a clock, something put off.
REMEMBERED: Final = timedelta(days=1)


@dataclass(slots=True)
class Someone:
    """A person while events are played: the ports that a decision asks, answered from memory.

    `addressed`: whether a letter may be sent to them; None: unless a fact says that they have no e-mail. `timers` go by
    rule and anchor, and stay when they have fired, as rows do; `waiting` is what is still to come, by the number under
    which the clock knows it. `slots`: the latest that a rule took among those of one instant, by exclusive group.
    `seen`: when a session in a browser last went on. `away`: what is asked about is nothing that they do on a page, but
    a clock, a segment or a server's word. `apart`: nor is it in any session.
    """

    id: str
    facts: dict[str, object] = field(default_factory=dict)
    history: RememberedHistory = field(default_factory=RememberedHistory)
    conversation_open: bool = False
    consents: Mapping[str, bool] = field(default_factory=dict)
    addressed: bool | None = None
    now: datetime | None = None
    path: str | None = None
    url: str = ""
    dwelt: dict[str, int] = field(default_factory=dict)
    scrolled: float = 0
    sessions: int = 0
    session: str | None = None
    conversations: int = 0
    conversation: str | None = None
    done: dict[tuple[str, str], datetime] = field(default_factory=dict)
    told: list[Shown] = field(default_factory=list)
    timers: dict[tuple[str, str], Timer] = field(default_factory=dict)
    waiting: dict[int, tuple[datetime, Timer | Deferred]] = field(default_factory=dict)
    companies: Companies = field(default_factory=Companies, repr=False, compare=False)
    slots: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    seen: datetime | None = None
    away: bool = False
    apart: bool = False

    @property
    def whom(self) -> Whom:
        return Whom(self.id, None if self.apart else self.session, self.conversation)

    def whom_at(self, moment: Moment) -> Whom:
        """With the conversation, where that is the moment."""
        return self.whom if moment.kind == "conversation" else replace(self.whom, conversation=None)

    @property
    def company_history(self) -> History:
        return self.companies.past_of(self)

    def get(self, name: str, /) -> object:
        if (self.away and name in ON_PAGE) or (self.apart and name.startswith(_OF_SESSIONS)):
            return MISSING
        found = self.facts.get(name, MISSING)
        if found is MISSING and self.url and name in OF_URL:
            return OF_URL[name](self.url)
        return found

    @property
    def has_address(self) -> bool:
        return self.get("contact.email") is not None if self.addressed is None else self.addressed

    def acted(self, rule_id: str, repeat_key: str, /) -> datetime | None:
        return self.done.get((rule_id, repeat_key))

    def refuses(self, message_class: str, /) -> bool:
        return self.consents.get(message_class, True) is False

    def shown(self, since: datetime, /) -> Iterable[Shown]:
        return [one for one in self.told if one.at > since] if self.told else ()

    def taken(self, group: str, at: datetime, /) -> str | None:
        when, rule_id = self.slots.get(group, (None, None))
        return rule_id if when == at else None

    def leave(self, at: datetime) -> None:
        """Nobody is on a page when a clock comes; and a session that ended a day before is none any more."""
        self.away, self.apart = True, False
        if self.session is None or (self.seen is not None and at - self.seen < REMEMBERED):
            return
        self.session = None
        self.facts = {name: value for name, value in self.facts.items() if not name.startswith(_OF_SESSIONS)}

    def copy(self) -> Someone:
        """The same person as known now, to whom other things may happen."""
        past = RememberedHistory(
            self.history.known_since, {name: list(events) for name, events in self.history.by_name.items()}
        )
        return replace(
            self,
            facts=dict(self.facts),
            history=past,
            dwelt=dict(self.dwelt),
            done=dict(self.done),
            told=list(self.told),
            timers=dict(self.timers),
            waiting={},
            slots=dict(self.slots),
        )

    def live_through(self, one: Recorded, names: frozenset[str], *, heard: bool = True) -> list[Moment]:
        """The moments that it makes; none if it only changes what is known. `names`: the events worth remembering. Of
        one that is not `heard`, a page view may be left out: nobody asks for its moment."""
        if one.late is not None:
            return self._hear_of(one, names)
        self._meet(one)
        before = {name: self.facts.get(name, MISSING) for name in one.facts} if one.facts else {}
        if before:
            self.facts.update(one.facts)
            self.companies.note(self)
        if one.kind == "event" and one.name in names:
            self.history.add(one.name, PastEvent(one.at, one.properties, one.id))
        if one.kind == "facts":
            return []
        if one.kind == "change":
            return [self._changed(one, name, before[name]) for name in one.facts]
        if one.kind != "page":
            return [self._moment(one)]
        if heard:
            return [self._opened(one)]
        self._open(one.path or "/")
        return []

    def _meet(self, one: Recorded) -> None:
        self.away = not one.in_person or one.kind == "segment"
        self.apart = not one.in_person and one.session is None
        if one.session is None or one.session != self.session or self.history.known_since is None:
            self._come(one)
        self.now = one.at
        if one.in_person and one.kind not in _SAID:
            self.seen = one.at

    def _hear_of(self, one: Recorded, names: frozenset[str]) -> list[Moment]:
        """Of what was long ago: it belongs to the past, and they are where they were."""
        if one.kind == "event" and one.name in names:
            self.history.add(one.name, PastEvent(one.at, one.properties, one.id))
        if one.kind == "page" and self.session is not None and one.session == self.session:
            self._view()
        self.facts.update(one.facts)
        self.companies.note(self)
        return [] if one.kind == "facts" else [heard_late(one)]

    def _come(self, one: Recorded) -> None:
        """For the first time, or for another session."""
        if self.history.known_since is None:
            self.history.known_since = one.at
        if self.apart or (one.kind == "facts" and one.session is None):
            return
        silent = self.session is None or self.now is None or one.at - self.now > IDLE
        if one.session == self.session if one.session else not silent:
            return
        self.sessions += 1
        self.session = one.session or f"ses_{self.sessions}"
        self.dwelt = {}
        self.facts["session.is_first"] = self.sessions == 1
        self.facts["session.number"] = self.sessions
        self.facts["session.page_views"] = 0

    def _changed(self, one: Recorded, name: str, before: object) -> Moment:
        return Moment(kind="change", at=one.at, id=one.id, name=name, before=before, after=one.facts[name])

    def _moment(self, one: Recorded) -> Moment:
        kind: MomentKind = one.kind  # type: ignore[assignment]  # a kind of moment, by the promise of `Recorded`
        if kind == "conversation":
            self._talk(one)
        elif kind == "segment":
            self._segment(one)
        path = one.path or (None if self.away else self.path)
        place = normal_path(path) if path else ""
        before, seen = self.dwelt.get(place, 0), self.scrolled
        dwelt = before if kind == "scroll" else max(int(one.value or 0), before)
        if kind == "scroll":
            self.scrolled = max(one.value or 0, seen)
        elif dwelt and kind != "conversation":  # who writes claims it for this moment only
            self.dwelt[place] = dwelt
        return Moment(
            kind=kind,
            at=one.at,
            id=one.id,
            name=one.name,
            path=path,
            dwell_ms=dwelt if path else None,
            dwell_before_ms=before,
            scroll=one.value if kind == "scroll" else None,
            scroll_before=seen,
            properties=one.properties,
            after=one.after,
        )

    def _opened(self, one: Recorded) -> Moment:
        """A page, by far the most frequent of all."""
        url = one.path or "/"
        self._open(url)
        dwelt = self.dwelt.get(self.path or "", 0) if self.dwelt else 0
        properties = one.properties
        return Moment(
            kind="page", at=one.at, id=one.id, path=url, dwell_ms=dwelt, dwell_before_ms=dwelt, properties=properties
        )

    def _open(self, url: str) -> None:
        self.path, self.scrolled = normal_path(url), 0
        if not self.facts["session.page_views"]:
            self.facts.setdefault("session.landing_path", self.path)
        self._view()
        self.url = url

    def _view(self) -> None:
        views: Any = self.facts["session.page_views"]
        self.facts["session.page_views"] = views + 1

    def _talk(self, one: Recorded) -> None:
        if one.name == "started":
            self.conversations += 1
            self.conversation = f"cnv_{self.conversations}"
        self.conversation = one.conversation or self.conversation
        self.conversation_open = one.name != "closed"

    def _segment(self, one: Recorded) -> None:
        segments: Any = self.facts.get("contact.segments") or ()
        rest = [segment for segment in segments if segment != one.name]
        self.facts["contact.segments"] = [*rest, one.name] if one.after is True else rest


_OF_SESSIONS: Final = "session."
_SAID: Final = frozenset({"conversation", "segment"})  # no events: no session goes on by them
