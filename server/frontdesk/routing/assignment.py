"""Assign a conversation as a rule asks: to a person or a team, else the fallback team, else the first team's queue."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from frontdesk.accounts.models import Team
from frontdesk.inbox import conversations, queries
from frontdesk.inbox.conversations import Assigned
from frontdesk.inbox.models import Conversation
from frontdesk.inbox.parts import Author
from frontdesk.routing import availability
from frontdesk.routing.policy import Candidate, Reason, choose, reason


@dataclass(frozen=True, slots=True)
class Cause:
    """Why the conversation is routed. `rule_name` is {"en", "zh"}; `by` is {kind: rule|teammate|system, name}."""

    rule_id: str | None
    rule_name: dict[str, str] | None
    reasons: list[dict[str, Any]]
    by: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Assignment:
    """To whom: a `teammate` (id or e-mail), or a team by key; `strategy` names how one of a team is chosen."""

    conversation_id: str
    team_key: str | None
    teammate: str | None
    strategy: str
    fallback_key: str | None
    cause: Cause


@dataclass(slots=True)
class Choice:
    """What was found so far, and why each step came out as it did."""

    teammate: Candidate | None = None
    team: Team | None = None
    reasons: list[Reason] = field(default_factory=list)


def assign(session: Session, asked: Assignment, now: datetime) -> None:
    """Choose and assign, in the transaction of the rule's decision.

    Nobody who is offline is ever chosen, and nobody who has the conversation loses it to an empty team.
    """
    conversation = queries.for_rules(session, asked.conversation_id)
    choice = _choose(session, conversation, asked, now)
    cause = asked.cause
    to = Assigned(
        teammate={"id": choice.teammate.id, "name": choice.teammate.name} if choice.teammate else None,
        team={"id": choice.team.id, "name": choice.team.name} if choice.team else None,
        author=Author(cause.by["kind"], cause.rule_id, cause.by["name"]),
        rule=_rule(cause),
        reasons=[*cause.reasons, *choice.reasons],
    )
    if choice.teammate or conversation.assignee_id is None:
        conversations.assign(session, conversation, to, now)


def _choose(session: Session, conversation: Conversation, asked: Assignment, now: datetime) -> Choice:
    choice = Choice()
    if asked.teammate:
        _try_teammate(session, conversation, asked.teammate, choice, now)
    for key in dict.fromkeys(key for key in (asked.team_key, asked.fallback_key) if key):
        if choice.teammate is None:
            _try_team(session, conversation, key, choice, now)
    if choice.teammate is None:
        choice.reasons.append(_waits(choice))
    return choice


def _try_teammate(session: Session, conversation: Conversation, named: str, choice: Choice, now: datetime) -> None:
    found = availability.teammate(session, conversation.workspace_id, named, now)
    if found is None:
        choice.reasons.append(reason("unknown_teammate", name=named))
    elif found.online:
        choice.teammate = found
        choice.reasons.append(reason("asked_for", name=found.name))
    else:
        choice.reasons.append(reason("teammate_offline", name=found.name))


def _try_team(session: Session, conversation: Conversation, key: str, choice: Choice, now: datetime) -> None:
    team = availability.team_in_turn(session, conversation.workspace_id, key)
    if team is None:
        choice.reasons.append(reason("unknown_team", team=key))
        return
    members = availability.members(session, team, now)
    choice.teammate, code = choose(members, conversation.assignee_id)
    if choice.teammate:
        choice.team = team
        names = {"name": choice.teammate.name, "open": choice.teammate.open}
        choice.reasons.append(reason(code, team=team.name, **names))
    else:
        choice.team = choice.team or team
        choice.reasons.append(reason(code, team=team.name))


def _waits(choice: Choice) -> Reason:
    return reason("queue", team=choice.team.name) if choice.team else reason("unassigned")


def _rule(cause: Cause) -> dict[str, Any] | None:
    if cause.rule_id is None:
        return None
    names = cause.rule_name or {}
    english = names.get("en") or names.get("zh") or cause.rule_id
    return {"id": cause.rule_id, "name": english, "name_zh": names.get("zh") or english}
