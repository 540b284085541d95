"""The inbox's views: which conversations each shows, how many, and page by page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from frontdesk.accounts import queries as accounts
from frontdesk.accounts.auth import Caller
from frontdesk.core.errors import NotFound
from frontdesk.core.paging import paged, read_cursor
from frontdesk.inbox.models import Conversation
from frontdesk.inbox.policy import CLOSED, OPEN
from frontdesk.inbox.queries import open_counts

Where = ColumnElement[bool]

# each view is a state and a condition; `team:<id>` is the one that carries an argument
FIXED: dict[str, tuple[str, Callable[[Caller], Where | None]]] = {
    "mine": (OPEN, lambda caller: Conversation.assignee_id == caller.teammate_id),
    "unassigned": (OPEN, lambda _: Conversation.assignee_id.is_(None)),
    "all": (OPEN, lambda _: None),
    "closed": (CLOSED, lambda _: None),
}


@dataclass(frozen=True, slots=True)
class Page:
    """At most `limit` conversations of `view`, after `cursor`."""

    view: str
    limit: int
    cursor: str | None = None


def page(session: Session, caller: Caller, asked: Page) -> tuple[Sequence[Conversation], str | None]:
    """The conversations of a view, newest activity first, and the cursor of the next page."""
    query = (
        select(Conversation)
        .where(Conversation.workspace_id == caller.workspace_id, *_conditions(session, caller, asked.view))
        .order_by(Conversation.updated_at.desc(), Conversation.id.desc())
        .limit(asked.limit + 1)
    )
    if asked.cursor:
        query = query.where(_before(asked.cursor))
    return paged(session.scalars(query).all(), asked.limit, lambda row: (row.updated_at, row.id))


def counts(session: Session, caller: Caller) -> list[dict[str, Any]]:
    """InboxView of the console's API, in the order in which they are shown."""
    unassigned = func.sum(case((Conversation.assignee_id.is_(None), 1), else_=0))
    states = {
        state: (count, alone or 0)
        for state, count, alone in session.execute(
            select(Conversation.state, func.count(), unassigned)
            .where(Conversation.workspace_id == caller.workspace_id)
            .group_by(Conversation.state)
        )
    }
    loads = open_counts(session, caller.workspace_id)
    opened, nobody = states.get(OPEN, (0, 0))
    teams = [
        _view(f"team:{team.id}", loads.teams.get(team.id, 0), name=team.name)
        for team, _ in accounts.teams(session, caller.workspace_id)
    ]
    return [
        _view("mine", loads.teammates.get(caller.teammate_id or "", 0)),
        _view("unassigned", nobody),
        _view("all", opened),
        *teams,
        _view("closed", states.get(CLOSED, (0, 0))[0]),
    ]


def _view(key: str, count: int, *, name: str | None = None) -> dict[str, Any]:
    return {"key": key, "name": name, "kind": key.partition(":")[0], "count": count}


def _conditions(session: Session, caller: Caller, view: str) -> list[Where]:
    kind, _, team_id = view.partition(":")
    if kind == "team" and team_id:
        team = accounts.team(session, caller.workspace_id, team_id)
        return [Conversation.state == OPEN, Conversation.team_id == team.id]
    if view not in FIXED:
        raise NotFound("There is no such view.")
    state, condition = FIXED[view]
    more = condition(caller)
    return [Conversation.state == state] + ([] if more is None else [more])


def _before(cursor: str) -> Where:
    moment, conversation_id = read_cursor(cursor)
    at_once = and_(Conversation.updated_at == moment, Conversation.id < conversation_id)
    return and_(Conversation.updated_at <= moment, or_(Conversation.updated_at < moment, at_once))
