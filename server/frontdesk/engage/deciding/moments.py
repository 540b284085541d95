"""What happened, as the moments that rules know: a row for each kind of stored event. Pure.

Beside page views and what a site calls its own events, some `track` events have names that are reserved: what the
probe reports of a page because a rule asked for it, and what code says to the rules by name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from frontdesk.collect.ports import StoredEvent
from frontdesk.collect.reserved import DWELLED, LEAVING, RULE_CALLED, SCROLLED
from frontdesk.people.changes import Change
from frontdesk_rules import MISSING, Moment
from frontdesk_rules.facts.moments import MomentKind

_LONGEST_DWELL_MS: Final = 86_400_000
_DEEPEST_SCROLL: Final = 100


def moment_of(event: StoredEvent, received_at: datetime) -> Moment | None:
    """The moment that an event is, if it is one; `received_at` is when it is stored."""
    make = _RESERVED.get(event.name or "", _named) if event.type == "track" else _OTHERS.get(event.type)
    return make(event, received_at) if make else None


def moments_of(event: StoredEvent, received_at: datetime) -> Iterator[Moment]:
    """All moments that an event is: what happened, and what it changed of its person."""
    happened = moment_of(event, received_at)
    if happened:
        yield happened
    if event.changes:
        yield from changed(event.changes, event.id, event.occurred_at, path=_path(event), received_at=received_at)


def changed(
    changes: Sequence[Change],
    cause_id: str,
    at: datetime,
    *,
    path: str | None = None,
    received_at: datetime | None = None,
) -> Iterator[Moment]:
    """The moments that changes of a person or its company are; `cause_id` names what changed them.

    Attributes that hold more than a value or a list of values cannot be asked, nor what becomes of them.
    """
    for change in changes:
        before, after = _askable(change.before), _askable(change.after)
        if before is MISSING and after is MISSING:
            continue
        yield Moment(
            kind="change",
            at=at,
            id=f"{cause_id}:{change.field}",
            name=change.field,
            path=path,
            before=before,
            after=after,
            received_at=received_at,
        )


def _askable(value: object) -> object:
    return MISSING if value is None or isinstance(value, dict) else value


def _told(event: StoredEvent, received_at: datetime, kind: MomentKind, path: str | None, **more: Any) -> Moment:
    return Moment(kind=kind, at=event.occurred_at, id=event.id, path=path, received_at=received_at, **more)


def _page(event: StoredEvent, received_at: datetime) -> Moment:
    return _told(event, received_at, "page", _path(event), properties=event.properties)


def _named(event: StoredEvent, received_at: datetime) -> Moment:
    return _told(event, received_at, "event", _path(event), name=event.name, properties=event.properties)


def _dwell(event: StoredEvent, received_at: datetime) -> Moment | None:
    """Visible time crossed a threshold that the server had named; properties are the browser's word for it."""
    path, dwell_ms = _told_path(event), whole_ms(event.properties.get("dwell_ms"))
    if path is None or dwell_ms is None:
        return None
    return _told(event, received_at, "dwell", path, dwell_ms=dwell_ms, dwell_before_ms=event.dwell_before_ms)


def _scroll(event: StoredEvent, received_at: datetime) -> Moment | None:
    """The page was seen further down than a threshold that the server had named; `scroll_before` is how far before."""
    path, scroll = _told_path(event), depth(event.properties.get("scroll"))
    if path is None or scroll is None:
        return None
    before = depth(event.properties.get("scroll_before")) or 0
    return _told(event, received_at, "scroll", path, scroll=scroll, scroll_before=before)


def _exit_intent(event: StoredEvent, received_at: datetime) -> Moment | None:
    path = _told_path(event)
    return None if path is None else _told(event, received_at, "exit_intent", path)


def _call(event: StoredEvent, received_at: datetime) -> Moment | None:
    """Code said a name to the rules; the arguments that it gave are `event.*`."""
    name, given = event.properties.get("name"), event.properties.get("args")
    if not isinstance(name, str) or not name:
        return None
    args = given if isinstance(given, dict) else {}
    return _told(event, received_at, "call", _path(event), name=name, properties=args)


_Make = Callable[[StoredEvent, datetime], Moment | None]
_OTHERS: Final[Mapping[str, _Make]] = {"page": _page}
_RESERVED: Final[Mapping[str, _Make]] = {
    DWELLED: _dwell,
    SCROLLED: _scroll,
    LEAVING: _exit_intent,
    RULE_CALLED: _call,
}


def whole_ms(claimed: object) -> int | None:
    """A duration as a browser claims it: whole milliseconds, at most a day; None for anything else."""
    known = _within(claimed, _LONGEST_DWELL_MS)
    return None if known is None else int(known)


def depth(claimed: object) -> float | None:
    """Down to how many percent of its height a page was seen, as a browser claims it; None for anything else.

    A page that is pulled beyond its end is seen to its end.
    """
    known = _within(claimed, 10 * _DEEPEST_SCROLL)
    return None if known is None else min(known, _DEEPEST_SCROLL)


def _within(claimed: object, most: float) -> float | None:
    """A number from 0 to `most`; None for anything else, NaN too."""
    if isinstance(claimed, bool) or not isinstance(claimed, int | float) or not 0 <= claimed <= most:
        return None
    return claimed


def _told_path(event: StoredEvent) -> str | None:
    """The path that the event tells of; else that of the page it came from."""
    told = event.properties.get("path")
    return told if isinstance(told, str) else _path(event)


def _path(event: StoredEvent) -> str | None:
    return event.page.path if event.page else None
