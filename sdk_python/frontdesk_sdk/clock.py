"""The only place of the SDK that reads the clock or draws a new id."""

import time
import uuid
from datetime import UTC, datetime

monotonic = time.monotonic


def now() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the SDK stands alone; this is its own core.clock


def stamp(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds, as Frontdesk writes every time.

    A naive moment is in the local zone, which is what Python itself says of it.
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def fresh_id() -> str:
    """A message id nobody else has; it stays with its event through every retry."""
    return str(uuid.uuid4())  # noqa: TID251 - and its own core.ids
