"""Rows → what goes over the wire, for teammates and for visitors. Each list costs a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from frontdesk.accounts import queries as accounts
from frontdesk.accounts.models import Team, Teammate
from frontdesk.core.clock import iso
from frontdesk.inbox import queries
from frontdesk.inbox.models import Conversation, Part
from frontdesk.people.queries import persons_of_visitors

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Faces:
    """Names and pictures of a workspace's teammates and teams, by id."""

    teammates: dict[str, Teammate]
    teams: dict[str, Team]

    def assignee(self, conversation: Conversation) -> Wire | None:
        row = self.teammates.get(conversation.assignee_id or "")
        return {"id": row.id, "name": row.name, "avatar": row.avatar} if row else None

    def team(self, conversation: Conversation) -> Wire | None:
        row = self.teams.get(conversation.team_id or "")
        return {"id": row.id, "name": row.name} if row else None

    def author(self, part: Part, visitor_name: str | None = None) -> Wire:
        row = self.teammates.get(part.author_id or "")
        name = visitor_name if part.author_kind == "visitor" else part.author_name
        return {"kind": part.author_kind, "id": part.author_id, "name": name, "avatar": row.avatar if row else None}


def faces(session: Session, workspace_id: str) -> Faces:
    return Faces(
        {row.id: row for row in accounts.teammates(session, workspace_id)},
        {row.id: row for row, _ in accounts.teams(session, workspace_id)},
    )


def for_visitor(session: Session, found: Sequence[Conversation]) -> list[Wire]:
    """Conversation of the messenger's API. Only messages count: notes leave no trace, not even a gap in the dates."""
    if not found:
        return []
    known = faces(session, found[0].workspace_id)
    last = queries.last_messages(session, found)
    unread = queries.unread_by_visitor(session, [each.id for each in found])
    return [_for_visitor(each, known, last.get(each.id), unread.get(each.id, 0)) for each in found]


def _for_visitor(conversation: Conversation, known: Faces, last: Part | None, unread: int) -> Wire:
    return {
        "id": conversation.id,
        "state": conversation.state,
        "assignee": known.assignee(conversation),
        "team": known.team(conversation),
        "last_part": _part_for_visitor(last, known) if last else None,
        "last_seq": conversation.last_message_seq,
        "read_seq": conversation.visitor_read_seq,
        "teammate_read_seq": conversation.teammate_read_seq,
        "unread": unread,
        "created_at": iso(conversation.created_at),
        "updated_at": iso(last.created_at if last else conversation.created_at),
    }


def parts_for_visitor(session: Session, workspace_id: str, found: Sequence[Part]) -> list[Wire]:
    """Part of the messenger's API. The caller has left out what a visitor may not see."""
    known = faces(session, workspace_id)
    return [_part_for_visitor(each, known) for each in found]


def _part_for_visitor(part: Part, known: Faces) -> Wire:
    return _part(part, known.author(part))


def for_teammate(session: Session, found: Sequence[Conversation], teammate_id: str | None, now: datetime) -> list[Wire]:
    """ConversationSummary of the console's API, with `read_seq` and `unread` as they are for this teammate."""
    if not found:
        return []
    ids = [each.id for each in found]
    known = faces(session, found[0].workspace_id)
    people = persons_of_visitors(session, {each.visitor_id for each in found})
    last = queries.last_messages(session, found)
    read = queries.read_by_teammate(session, ids, teammate_id)
    unread = queries.unread_by_teammate(session, ids, teammate_id)
    return [
        _for_teammate(each, known, last.get(each.id), people[each.visitor_id].brief(now))
        | {"read_seq": read.get(each.id, 0), "unread": unread.get(each.id, 0)}
        for each in found
    ]


def _for_teammate(conversation: Conversation, known: Faces, last: Part | None, person: Wire) -> Wire:
    waiting = conversation.waiting_since
    return {
        "id": conversation.id,
        "state": conversation.state,
        "person": person,
        "assignee": known.assignee(conversation),
        "team": known.team(conversation),
        "last_part": _preview(last, known, person["label"]) if last else None,
        "last_seq": conversation.last_seq,
        "visitor_read_seq": conversation.visitor_read_seq,
        "waiting_since": iso(waiting) if waiting else None,
        "channel": "messenger",
        "started_page": conversation.page,
        "tags": conversation.tags,
        "created_at": iso(conversation.created_at),
        "updated_at": iso(conversation.updated_at),
    }


def _preview(part: Part, known: Faces, label: str) -> Wire:
    return {
        "kind": part.kind,
        "author": known.author(part, label),
        "body": part.body,
        "created_at": iso(part.created_at),
    }


def parts_for_teammate(session: Session, conversation: Conversation, found: Sequence[Part]) -> list[Wire]:
    """Part of the console's API: every kind, with what an assignment or change says of itself."""
    known = faces(session, conversation.workspace_id)
    label = persons_of_visitors(session, [conversation.visitor_id])[conversation.visitor_id].label
    return [_part(each, known.author(each, label)) | _said(each, label) for each in found]


def _said(part: Part, label: str) -> Wire:
    detail = part.detail
    if part.kind == "message":
        return {"detail": None, "page": detail.get("page") if detail else None}
    if detail and detail.get("by", {}).get("kind") == "visitor":
        detail = detail | {"by": {"kind": "visitor", "name": label}}
    return {"detail": detail, "page": None}


def _part(part: Part, author: Wire) -> Wire:
    return {
        "id": part.id,
        "seq": part.seq,
        "client_id": part.client_id,
        "conversation": part.conversation_id,
        "kind": part.kind,
        "author": author,
        "body": part.body,
        "files": [],
        "created_at": iso(part.created_at),
    }
