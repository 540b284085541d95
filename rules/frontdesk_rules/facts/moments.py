"""What just happened: the edge at which rules are asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from frontdesk_rules.facts.catalogue import MISSING, Facts, as_compared
from frontdesk_rules.urls import normal_path

MomentKind: TypeAlias = Literal["page", "dwell", "event", "conversation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that happened to one person.

    `id` is that of the event behind it: it makes the actions of a repeating rule distinct. `name` is the event's name,
    or `started`, `replied`, `closed` for a conversation. `path` may be a whole URL; in a conversation it is the page it
    was started from. `dwell_ms` is the visible time on that path, `dwell_before_ms` what was known of it before.
    """

    kind: MomentKind
    at: datetime
    id: str = ""
    name: str | None = None
    path: str | None = None
    dwell_ms: int | None = None
    dwell_before_ms: int = 0
    properties: Mapping[str, object] = field(default_factory=dict)

    @property
    def normal_path(self) -> str | None:
        return None if self.path is None else normal_path(self.path)

    def fact(self, name: str) -> object:
        """What the moment itself knows; it goes before gathered facts, so that index and conditions agree."""
        if own := _OWN.get(name):
            value = getattr(self, own)
            return MISSING if value is None or (own == "name" and self.kind != "event") else value
        return _dug(self.properties, name[6:]) if name.startswith("event.") else MISSING


_OWN = {"page.path": "normal_path", "page.dwell": "dwell_ms", "time.now": "at", "event.name": "name"}


def _dug(properties: Mapping[str, object], name: str) -> object:
    """A property by its name; `cart.total` also finds `{"cart": {"total": …}}`."""
    if name in properties:
        return properties[name]
    head, dot, rest = name.partition(".")
    inner = properties.get(head) if dot else None
    return _dug(inner, rest) if isinstance(inner, Mapping) else MISSING


class View(dict[str, object]):
    """All facts of one moment, each gathered once and only when a condition asks: `view["page.path"]`."""

    __slots__ = ("_facts", "moment")

    def __init__(self, moment: Moment, facts: Facts) -> None:
        super().__init__()
        self.moment = moment
        self._facts = facts

    def __missing__(self, name: str) -> object:
        value = self.moment.fact(name) if name in _OWN or name.startswith("event.") else MISSING
        if value is MISSING:
            value = self._facts.get(name)
        value = as_compared(name, value)
        self[name] = value
        return value
