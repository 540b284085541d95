"""The order within one instant: what came before an event has happened, and what came after it has not yet.

A page may send a batch of events that all have one time. Of what was received in one transaction, ids sort as it came;
what was received before that came before, whatever its id, for another process may have made it.
"""

from datetime import UTC, datetime
from typing import Final, NamedTuple

from frontdesk_rules import Moment, Span


class Place(NamedTuple):
    """Where an event stands among those of its own instant."""

    at: datetime
    received_at: datetime
    event_id: str

    def ending(self, span: Span) -> "Place | None":
        """Itself where the span ends at its instant: of any other, all that is in it had happened."""
        return self if span.until == self.at else None


LAST: Final = Place(datetime.max.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), "")
"""After which nothing came."""


def place_of(moment: Moment) -> Place | None:
    """That of the event that a moment is about; None where it is about none that was just received."""
    if moment.received_at is None or moment.rule is not None or not moment.id.startswith("evt_"):
        return None
    return Place(moment.at, moment.received_at, moment.id.partition(":")[0])
