"""What a timer is unique by."""

from typing import NamedTuple

from sqlalchemy import Table

from frontdesk.engage.models import TimerRow

TABLE: Table = TimerRow.__table__  # type: ignore[assignment]  # it is one
KEY = ("rule_id", "person_id", "anchor")


class Key(NamedTuple):
    """One rule, one person by the id it was armed under, one reason."""

    rule_id: str
    person_id: str
    anchor: str
