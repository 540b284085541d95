"""Events that rules make, stored as any other, under a message id that tells a second one of the same cause."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from frontdesk.collect.models import Event, MessageSeen
from frontdesk.collect.ports import PageSeen
from frontdesk.core.db import bulk
from frontdesk.core.ids import fingerprint, new_id

_EVENT: Final = (
    "id", "workspace_id", "person_id", "session_id", "type", "name", "properties", "url", "path", "title", "verified",
    "message_id", "occurred_at", "received_at", "cause",
)  # fmt: skip
_SEEN: Final = ("workspace_id", "message_id", "content_hash", "seen_at")


@dataclass(frozen=True, slots=True)
class Emitted:
    """What happens to whom. `key` is that of the action; `cause` the decision behind it, if a rule's."""

    workspace_id: str
    person_id: str
    session_id: str | None
    name: str
    properties: dict[str, Any]
    page: PageSeen | None
    key: str
    cause: str | None


def store(session: Session, new: Emitted, now: datetime) -> str | None:
    """Its id, or None where this key of the workspace was stored before.

    It is not verified: whoever sets the rule off may be anybody.
    """
    message_id = f"rule-{fingerprint(new.key)[:40]}"
    seen = (new.workspace_id, message_id, fingerprint(new.name), now)
    if not bulk.insert_new(session, cast(Table, MessageSeen.__table__), _SEEN, [seen], ("message_id",)):
        return None
    event_id = new_id("evt", now)
    url, path, title = (new.page.url, new.page.path, new.page.title) if new.page else (None, None, None)
    row = (
        event_id, new.workspace_id, new.person_id, new.session_id, "track", new.name, new.properties, url, path, title,
        False, message_id, now, now, new.cause,
    )  # fmt: skip
    bulk.insert(session, cast(Table, Event.__table__), _EVENT, [row])
    return event_id
