"""The calendar months of events: on PostgreSQL each is a table of its own, made ahead of time, dropped whole.

What no month covers lies in the DEFAULT partition, and moves when its month is made. SQLite keeps one table; there
nothing here does anything. This is the only module of the room that asks which database it is.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple, Self

from sqlalchemy import text
from sqlalchemy.orm import Session

from frontdesk.core.clock import to_ms

AHEAD = 2  # months beside the present one, so that a ticker may stand still for weeks
# earlier ones hold a few stray rows of broken clocks: not worth a table each
_FIRST_YEAR = 2000
_NAME = re.compile(r"event_(?P<year>[0-9]{4})_(?P<number>[0-9]{2})")
# a maker must not queue for a lock behind a long query, since everyone else then queues behind the maker
_PATIENCE = "SET LOCAL lock_timeout = '3s'"


class Month(NamedTuple):
    """A calendar month, UTC."""

    year: int
    number: int

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """The month of an aware UTC datetime.

        >>> Month.of(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)).following()
        Month(year=2027, number=1)
        """
        at = moment.astimezone(UTC)
        return cls(at.year, at.month)

    def following(self) -> "Month":
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def table(self) -> str:
        return f"event_{self.year:04}_{self.number:02}"

    @property
    def start_ms(self) -> int:
        return to_ms(datetime(self.year, self.number, 1, tzinfo=UTC))

    @property
    def end_ms(self) -> int:
        """The first millisecond that is no longer in it."""
        return self.following().start_ms


def keep_ahead(session: Session, now: datetime) -> list[Month]:
    """See that this month and the next two exist; returns those that were made. To be run at least once a month."""
    months = [Month.of(now)]
    for _ in range(AHEAD):
        months.append(months[-1].following())
    return make(session, months)


def make(session: Session, months: Iterable[Month]) -> list[Month]:
    """Make those of `months` that are missing, and move into each what lies in DEFAULT; returns those.

    To be called in a transaction of its own, which others that store events wait for.
    """
    wanted = sorted(month for month in set(months) if month.year >= _FIRST_YEAR)
    if not _partitioned(session) or not set(wanted) - set(existing(session)):
        return []
    session.execute(text(_PATIENCE))
    session.execute(text("LOCK TABLE event IN SHARE UPDATE EXCLUSIVE MODE"))  # one maker at a time
    missing = sorted(set(wanted) - set(existing(session)))
    if missing:
        session.execute(text("LOCK TABLE event_default IN ACCESS EXCLUSIVE MODE"))
    for month in missing:
        _make(session, month)
    return missing


def existing(session: Session) -> list[Month]:
    """The months that have a table of their own, in order."""
    if not _partitioned(session):
        return []
    names = session.scalars(
        text("SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = 'event'::regclass")
    )
    found = (_NAME.fullmatch(name) for name in names)
    return sorted(Month(int(named["year"]), int(named["number"])) for named in found if named)


def drop_before(session: Session, moment: datetime) -> list[Month]:
    """Drop the months that had ended at `moment`, whole; returns them. To be called in a transaction of its own."""
    over = [month for month in existing(session) if month.end_ms <= to_ms(moment)]
    if over:
        session.execute(text(_PATIENCE))
    for month in over:
        session.execute(text(f"DROP TABLE {month.table}"))
    return over


def _make(session: Session, month: Month) -> None:
    """Made beside the others and attached, which, unlike making it in its place, lets everyone else read and write."""
    table, first, last = month.table, month.start_ms, month.end_ms
    within = f"occurred_at >= {first} AND occurred_at < {last}"
    for statement in (
        f"CREATE TABLE {table} (LIKE event INCLUDING ALL)",
        f"WITH moved AS (DELETE FROM event_default WHERE {within} RETURNING *) INSERT INTO {table} SELECT * FROM moved",  # noqa: S608  our own names
        f"ALTER TABLE event ATTACH PARTITION {table} FOR VALUES FROM ({first}) TO ({last})",
    ):
        session.execute(text(statement))


def _partitioned(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
