"""What happened to pretended people, as it was stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from frontdesk_rules.facts.known import MISSING
from frontdesk_rules.facts.moments import LIVE_FOR, Moment, MomentKind

_NONE: Final[Mapping[str, object]] = MappingProxyType({})
_TICK: Final = timedelta(milliseconds=1)


class Recorded(NamedTuple):
    """One thing that happened, as it was stored.

    `kind` is that of a moment, or `facts`, which only changes what is known. `path` may be a whole URL. `value`:
    the percent of a scroll, else the visible ms that its page had by then. `facts` are known from then on; of a
    change, they are what changed; of a segment, `after` says whether the person is in it. `session`: its id; None:
    half an hour of silence begins another. `late`: when it was heard of, where that was too late to act on it; it
    comes then, not at its own time, and is only remembered. `in_person`: not only a server's word, which is said on
    no page; with no id of a session it is in none. A tuple and no dataclass, because a simulation makes millions.
    """

    at: datetime
    person: str
    kind: str
    name: str | None = None
    path: str | None = None
    properties: Mapping[str, object] = _NONE
    value: float | None = None
    facts: Mapping[str, object] = _NONE
    session: str | None = None
    conversation: str | None = None
    id: str = ""
    after: object = MISSING
    late: datetime | None = None
    in_person: bool = True


def heard_late(one: Recorded) -> Moment:
    """The moment of something of which we heard too late to act on it."""
    kind: MomentKind = one.kind  # type: ignore[assignment]  # a kind of moment, by the promise of `Recorded`
    return Moment(
        kind=kind,
        at=one.at,
        id=one.id,
        name=one.name,
        path=one.path,
        dwell_ms=int(one.value or 0) if kind == "dwell" else None,
        scroll=one.value if kind == "scroll" else None,
        properties=one.properties,
        received_at=too_late(one.at, one.late or one.at),
    )


def too_late(at: datetime, heard: datetime) -> datetime:
    """When something was heard of, for a moment that is late by it: what a clock says that nobody can believe was heard
    of at once, and is late all the same."""
    return max(heard, at + LIVE_FOR + _TICK)
