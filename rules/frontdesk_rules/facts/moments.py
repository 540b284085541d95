"""What just happened: the edge at which rules are asked, and the view of all facts at that moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final, Literal, TypeAlias

from frontdesk_rules.facts.catalogue import FIELDS, PATH_FIELDS, ZONE_FIELDS, as_compared
from frontdesk_rules.facts.history import NO_HISTORY, History
from frontdesk_rules.facts.known import MISSING, Belonging, Facts
from frontdesk_rules.facts.zones import first_zone, zone_named
from frontdesk_rules.urls import normal_path

MomentKind: TypeAlias = Literal[
    "page", "dwell", "scroll", "exit_intent", "event", "conversation", "change", "segment", "call",
    "reaches", "absence", "schedule", "waiting",
]  # fmt: skip
# Live decisions are for what happens now; what comes later is recorded, and may correct nothing.
LIVE_FOR: Final = timedelta(minutes=10)
DEEPEST_CAUSE: Final = 5
PERSON: Final = "person"
WORKSPACE: Final = "workspace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that happened to one person.

    `id` is that of the event behind it: it makes the actions of a repeating rule distinct. `name`: of an event or call;
    `started`, `replied`, `waiting`, `closed` of a conversation; the field of a change; the segment entered or left.
    `path` may be a whole URL; in a conversation it is the page it was started from. `dwell_ms` is the visible time on
    that path, `scroll` how far down it was seen (percent), `…_before` what was known of each before. `before` and
    `after` are the values of a change; of a segment, `after` is whether the person is in it now. `rule` is the id of
    the one rule whose timer is due, `anchor_at` what that timer was armed by. `depth` counts the actions that caused
    this: 0 for what a person did. `received_at` is when we heard of it.
    """

    kind: MomentKind
    at: datetime
    id: str = ""
    name: str | None = None
    path: str | None = None
    dwell_ms: int | None = None
    dwell_before_ms: int = 0
    scroll: float | None = None
    scroll_before: float = 0
    properties: Mapping[str, object] = field(default_factory=dict)
    before: object = MISSING
    after: object = MISSING
    rule: str | None = None
    anchor_at: datetime | None = None
    depth: int = 0
    received_at: datetime | None = None

    @property
    def normal_path(self) -> str | None:
        return None if self.path is None else normal_path(self.path)

    @property
    def late(self) -> bool:
        """Too old for a live decision."""
        return self.received_at is not None and self.received_at - self.at > LIVE_FOR

    def fact(self, name: str) -> object:
        """What the moment itself knows; it goes before gathered facts, so that index and conditions agree."""
        if own := _OWN.get(name):
            value = getattr(self, own)
            return MISSING if value is None or (own == "name" and self.kind != "event") else value
        if name.startswith("event."):
            return _dug(self.properties, name[6:])
        return self.after if self.kind == "change" and name == self.name else MISSING


_OWN: Final = {
    "page.path": "normal_path",
    "page.dwell": "dwell_ms",
    "page.scroll": "scroll",
    "time.now": "at",
    "event.name": "name",
}


# Most facts: not the moment's to tell, and compared as they are.
_PLAIN: Final = frozenset(FIELDS) - frozenset(_OWN) - PATH_FIELDS - {"time.zone"}


def _dug(properties: Mapping[str, object], name: str) -> object:
    """A property by its name; `cart.total` also finds `{"cart": {"total": …}}`."""
    if name in properties:
        return properties[name]
    head, dot, rest = name.partition(".")
    inner = properties.get(head) if dot else None
    return _dug(inner, rest) if isinstance(inner, Mapping) else MISSING


class View(dict[Any, Any]):
    """All facts of one moment, each gathered once and only when a condition asks: `view["page.path"]`.

    What is no name knows itself how it is measured (`asked.measured(view)`): an aggregate over the past, or a part that
    several rules share.
    """

    __slots__ = ("facts", "moment", "now")

    def __init__(self, moment: Moment, facts: Facts, person: str | None = None) -> None:
        super().__init__()
        self.moment = moment
        self.facts = facts
        self.now = moment.at
        if person is not None:
            self["person.id"] = person

    def __missing__(self, asked: Any) -> object:
        if not isinstance(asked, str):
            value = asked.measured(self)
        elif asked in _PLAIN and self.moment.kind != "change":
            value = self.facts.get(asked)
            value = MISSING if value is None else value
        elif asked == "time.zone":
            value = self._zone_name()
        else:
            value = self._fact(asked)
        self[asked] = value
        return value

    def _zone_name(self) -> str:
        """The person's: where it was found before, at once."""
        known = self.facts.get("time.zone")
        if isinstance(known, str) and zone_named(known):
            return known
        return first_zone(self._fact(name) for name in ZONE_FIELDS)

    def _fact(self, name: str) -> object:
        value = self.moment.fact(name)
        return as_compared(name, self.facts.get(name) if value is MISSING else value)

    @property
    def history(self) -> History:
        return self.facts.history

    @property
    def company_history(self) -> History:
        """What the company of the person did."""
        return self.facts.company_history if isinstance(self.facts, Belonging) else NO_HISTORY

    def zone(self, name: str | None = None) -> tzinfo:
        """The zone of the person (None, or `person`), of the `workspace`, or of an IANA name; UTC if there is none."""
        if name in (None, PERSON):
            name = self["time.zone"]
        elif name == WORKSPACE:
            name = first_zone([self["workspace.timezone"]])
        return zone_named(str(name)) or UTC
