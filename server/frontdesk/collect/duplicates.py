"""Once per (workspace, messageId): the same content again is a duplicate, other content is a conflict.

Browsers and servers have each their own ids: a page that guesses the id of a server's event must not keep it out, and
would, if what it says first were the event. Nor may it by any other name: no two of all ids are noted alike.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.models import MessageSeen
from frontdesk.collect.refusals import Dropped, Refusal, Rejected
from frontdesk.core.db import bulk

_TABLE = cast(Table, MessageSeen.__table__)
_KEY = ("workspace_id", "message_id")
_MARKS = ("~", "=")
_HASHED = (*_KEY, "content_hash")


def sift(session: Session, items: Sequence[tuple[str, Parsed]], now: datetime) -> list[Dropped | Rejected | None]:
    """For each (workspace id, item): None when it is new, else DUPLICATE or CONFLICT. New ones are noted as seen."""
    first: dict[tuple[str, str], str] = {}
    for workspace_id, item in items:
        first.setdefault((workspace_id, noted_as(item)), item.content_hash)
    rows = [(*key, content_hash, now) for key, content_hash in sorted(first.items())]  # sorted: no deadlocks
    new = {tuple(row) for row in bulk.insert_new(session, _TABLE, (*_HASHED, "seen_at"), rows, _KEY)}
    if known := [key for key in first if key not in new]:
        first |= {
            (workspace_id, message_id): content_hash
            for workspace_id, message_id, content_hash in bulk.find(session, _TABLE, _HASHED, {_KEY: known})
        }
    verdicts: list[Dropped | Rejected | None] = []
    for workspace_id, item in items:
        key = (workspace_id, noted_as(item))
        if first[key] != item.content_hash:
            verdicts.append(Rejected.CONFLICT)
        elif key in new:
            new.discard(key)  # the first of several in one group is the new one
            verdicts.append(None)
        else:
            verdicts.append(Dropped.DUPLICATE)
    return verdicts


def noted_as(item: Parsed) -> str:
    """What stands for the messageId among all ids: as it is for a server's, but for those that begin as others do."""
    if not item.verified:
        return f"~{item.message_id}"
    return f"={item.message_id}" if item.message_id.startswith(_MARKS) else item.message_id


def conflict(item: Parsed) -> Refusal:
    detail = "This messageId was used before, for other content."
    return Refusal(item.message_id, Rejected.CONFLICT, "messageId", detail, item.body, "duplicate")
