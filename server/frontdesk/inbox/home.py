"""What a visitor finds on opening the messenger: who is there, how soon they answer, what was said."""

from datetime import datetime

from sqlalchemy.orm import Session

from frontdesk.accounts import queries as accounts
from frontdesk.inbox import dump, queries
from frontdesk.inbox.policy import reply_time
from frontdesk.inbox.queries import Scope

FACES = 5


def home(session: Session, scope: Scope, now: datetime) -> dump.Wire:
    """Home of the messenger's API; teammates who are online come first."""
    answering = [row for row in accounts.teammates(session, scope.workspace_id) if row.role != "viewer"]
    online = {row.id: accounts.online(row, now) for row in answering}
    shown = sorted(answering, key=lambda row: (not online[row.id], row.name))[:FACES]
    conversations = dump.for_visitor(session, queries.of_visitor(session, scope))
    return {
        "workspace": {"name": accounts.workspace(session, scope.workspace_id).name},
        "team": [{"name": row.name, "avatar": row.avatar} for row in shown],
        "online": any(online.values()),
        "reply_time": reply_time(queries.first_replies(session, scope.workspace_id, now)),
        "conversations": conversations,
        "unread": sum(each["unread"] for each in conversations),
    }
