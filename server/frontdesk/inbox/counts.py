"""How many conversations people have had."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from frontdesk.inbox.models import Conversation


def conversations_of_visitors(session: Session, visitor_ids: Collection[str]) -> dict[str, int]:
    """Visitor id → conversations it has had; absent means none."""
    rows = session.execute(
        select(Conversation.visitor_id, func.count())
        .where(Conversation.visitor_id.in_(visitor_ids))
        .group_by(Conversation.visitor_id)
    )
    return {visitor_id: number for visitor_id, number in rows}  # noqa: C416  a Row is not a tuple to dict()


def talks(session: Session, visitor_id: str) -> bool:
    """Whether the visitor has a conversation, open or over."""
    return bool(conversations_of_visitors(session, [visitor_id]))
