"""What a file says of a messageId that stands for other content: found before the store would make it a dead letter.

The refused lines of a file are in its report, and the file is with whoever imports it: there is nothing to keep.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.duplicates import conflict, noted_as
from frontdesk.collect.models import MessageSeen
from frontdesk.collect.refusals import Refusal


def without_conflicts(
    session: Db, workspace_id: str, items: Sequence[Parsed]
) -> tuple[tuple[Parsed, ...], list[Refusal]]:
    """The items of a server that agree with what their ids stand for, here or further up; and the refused others."""
    asked = select(MessageSeen.message_id, MessageSeen.content_hash).where(
        MessageSeen.workspace_id == workspace_id, MessageSeen.message_id.in_(map(noted_as, items))
    )
    known = {row.message_id: row.content_hash for row in session.execute(asked)}
    agreeing = [known.setdefault(noted_as(item), item.content_hash) == item.content_hash for item in items]
    sound = tuple(item for item, agrees in zip(items, agreeing, strict=True) if agrees)
    return sound, [conflict(item) for item, agrees in zip(items, agreeing, strict=True) if not agrees]
