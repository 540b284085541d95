"""How far each side has read."""

from sqlalchemy.orm import Session

from frontdesk.core.signals import announce
from frontdesk.inbox.models import Conversation, Reading
from frontdesk.inbox.signals import ConversationRead, Side


def visitor_has_read(session: Session, conversation: Conversation, seq: int) -> None:
    """The visitor has read up to `seq`; going back is ignored."""
    reached = min(seq, conversation.last_seq)
    if reached > conversation.visitor_read_seq:
        conversation.visitor_read_seq = reached
        announce(session, _read(conversation, reached, "visitor"))


def teammate_has_read(session: Session, conversation: Conversation, teammate_id: str | None, seq: int) -> None:
    """This teammate has read up to `seq`. An API key (None) has no eyes."""
    if teammate_id is None:
        return
    reached = min(seq, conversation.last_seq)
    reading = session.get(Reading, (conversation.id, teammate_id))
    if reading is None:
        session.add(Reading(conversation_id=conversation.id, teammate_id=teammate_id, seq=reached))
    else:
        reading.seq = max(reading.seq, reached)
    if reached > conversation.teammate_read_seq:
        conversation.teammate_read_seq = reached
        announce(session, _read(conversation, reached, "teammate"))
    session.flush()


def _read(conversation: Conversation, seq: int, by: Side) -> ConversationRead:
    return ConversationRead(conversation.id, conversation.workspace_id, conversation.visitor_id, seq, by)
