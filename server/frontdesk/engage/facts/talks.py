"""What rules may know of the conversations that they are asked at."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Team
from frontdesk.inbox.models import Conversation


@dataclass(frozen=True, slots=True)
class Talk:
    """`team` is the team's key; `waiting_since` the oldest word of the visitor's that nobody answered."""

    state: str
    team: str | None
    waiting_since: datetime | None

    def waited_ms(self, at: datetime) -> int | None:
        """How long the visitor has been waiting by then; None where nothing is unanswered."""
        return None if self.waiting_since is None else max((at - self.waiting_since) // timedelta(milliseconds=1), 0)


def talks(session: Session, conversation_ids: Collection[str]) -> dict[str, Talk]:
    """Conversation id → what there is to know, in one query."""
    if not conversation_ids:
        return {}
    query = select(Conversation.id, Conversation.state, Team.key, Conversation.waiting_since)
    query = query.outerjoin(Team, Team.id == Conversation.team_id).where(Conversation.id.in_(conversation_ids))
    return {row.id: Talk(row.state, row.key, row.waiting_since) for row in session.execute(query)}
