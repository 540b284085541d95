"""Where the people of a group stand among the buyers of their workspaces."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final, cast

import orjson
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Workspace
from frontdesk.collect.models import Event
from frontdesk.core.clock import from_ms
from frontdesk.core.db import bulk
from frontdesk.core.db.texts import Question
from frontdesk.engage.facts.rfm.policy import WINDOW, Purchase, Standing, amount_of, changes_at, class_of, standing
from frontdesk.engage.facts.rfm.settings import Settings, settings_of


class Buyers:
    """The purchases of `people` (id → workspace id), from a year before the `first` moment that is asked about.

    Two queries for all of them.
    """

    def __init__(self, session: Session, people: Mapping[str, str], first: datetime) -> None:
        self._workspaces = people
        query = select(Workspace).where(Workspace.id.in_(set(people.values())))
        self._settings = {row.id: settings_of(row) for row in session.scalars(query)}
        asked = [(who, self._settings[people[who]].event, first - WINDOW) for who in sorted(people)]
        self._purchases: dict[str, list[Purchase]] = {}
        for who, _, ms, verified, properties in bulk.ask(session, _PURCHASES_OF, asked):
            settings = self._settings[people[who]]
            if verified or not settings.verified_only:
                at = from_ms(ms)
                amount = amount_of(settings.amount, orjson.loads(properties), at)
                self._purchases.setdefault(who, []).append(Purchase(at, amount))

    def answer(self, leaf: str, ids: Iterable[str], at: datetime) -> object:
        """The field `contact.<leaf>`, one of `RFM_FIELDS`, of the person that goes by these ids."""
        known = list(ids)
        own = standing((one for who in known for one in self._purchases.get(who, ())), at)
        return RFM_FIELDS[leaf](own, self._settings[self._workspaces[known[0]]])

    def changes_at(self, leaf: str, ids: Iterable[str], now: datetime) -> datetime | None:
        """When `contact.<leaf>` is another though nothing is bought; None for never, and for other fields."""
        if leaf not in RFM_FIELDS:
            return None
        known = list(ids)
        purchases = [one for who in known for one in self._purchases.get(who, ())]
        return changes_at(purchases, self._settings[self._workspaces[known[0]]].means, now)


def _class(own: Standing, settings: Settings) -> str | None:
    found = class_of(own, settings.means) if settings.means else None
    return found.key if found else None


RFM_FIELDS: Final[Mapping[str, Callable[[Standing, Settings], object]]] = {
    "rfm.class": _class,
    "rfm.recency": lambda own, _settings: own.recency_ms,
    "rfm.frequency": lambda own, _settings: own.frequency,
    "rfm.monetary": lambda own, _settings: own.monetary,
}


def _purchases(values: str, _dialect: str) -> str:
    return (
        "SELECT own.person_id, own.name, own.occurred_at, own.verified, CAST(own.properties AS TEXT) AS properties "  # noqa: S608  our own words
        f"FROM ({values}) AS asked CROSS JOIN event AS own WHERE own.person_id = asked.column1 "
        "AND own.name = asked.column2 AND own.occurred_at > asked.column3 AND own.type = 'track'"
    )


_PURCHASES_OF: Final = Question(
    cast(Table, Event.__table__), ("person_id", "name", "occurred_at"), ("person_id", "name"), _purchases
)
