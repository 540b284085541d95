"""Who waits for an answer, of all that there are: for rules that ask about them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.inbox.models import Conversation


def unanswered(session: Session, workspace_id: str, after: str, most: int) -> list[tuple[str, str]]:
    """(conversation, visitor) where somebody waits: the next ones in the order of their ids."""
    query = select(Conversation.id, Conversation.visitor_id).where(
        Conversation.workspace_id == workspace_id, Conversation.waiting_since.is_not(None), Conversation.id > after
    )
    return [(one, visitor_id) for one, visitor_id in session.execute(query.order_by(Conversation.id).limit(most))]


def waiting_since(session: Session, conversation_ids: Iterable[str], *, hold: bool = False) -> dict[str, datetime]:
    """Conversation id → since when its visitor waits, of those where one does.

    With `hold` nobody is answered until we commit.
    """
    query = select(Conversation.id, Conversation.waiting_since).where(Conversation.id.in_(sorted(conversation_ids)))
    if hold:
        query = query.order_by(Conversation.id).with_for_update(read=True)
    return {one: since for one, since in session.execute(query) if since}
