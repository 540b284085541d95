"""The facts of one moment: the ports to whoever gathers them. What nobody knows makes a condition *unknown*."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final, Protocol, runtime_checkable

from frontdesk_rules.facts.history import NO_HISTORY, History


class Missing(Enum):
    """The one value that says: nobody knows."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


class Facts(Protocol):
    """What is known about person, page, session and company. `None` counts as `MISSING`."""

    @property
    def history(self) -> History:
        """What the person did before; asked only by rules that look back."""

    def get(self, name: str, /) -> object:
        """The value of a field of the catalogue: durations in ms, times aware UTC."""


@runtime_checkable
class Belonging(Protocol):
    """Facts of somebody who may belong to a company."""

    @property
    def company_history(self) -> History:
        """What everybody of the person's company did before; nobody knows of who belongs to none."""


@runtime_checkable
class Changing(Protocol):
    """Facts of which some are reckoned, so that they become others though nothing happens."""

    def changes_at(self, name: str, now: datetime, /) -> datetime | None:
        """The first instant after now at which this one may be another by time alone; that an age grows is none."""


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """Facts that are all there already."""

    values: Mapping[str, object]
    history: History = NO_HISTORY

    def get(self, name: str, /) -> object:
        return self.values.get(name, MISSING)
