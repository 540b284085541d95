"""Whom an action is done for, and who of us is meant by it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Team, Teammate, TeamMember
from frontdesk.core.errors import NotFound
from frontdesk.engage.ports import ActionContext
from frontdesk.inbox.parts import Author
from frontdesk.people import queries as people
from frontdesk.people.queries import Person
from frontdesk_rules.language.deeds import Whom


def person_of(session: Session, context: ActionContext) -> Person:
    """The person that the rule was asked about."""
    subject = context.subject
    return people.person(session, subject.workspace_id, subject.contact_id or subject.visitor_id or subject.person_id)


def rule_of(context: ActionContext) -> Author:
    """The rule as the author of what it does in a conversation."""
    return Author("rule", context.rule_id, context.rule_name["en"])


def team_of(session: Session, workspace_id: str, key: str) -> str:
    """The id of the team with this key; NotFound where there is none."""
    team_id = session.scalar(select(Team.id).where(Team.workspace_id == workspace_id, Team.key == key))
    if team_id is None:
        raise NotFound(f"There is no team {key}.")
    return team_id


def teammate_of(session: Session, workspace_id: str, named: str) -> str:
    """The id of the teammate with this id or e-mail; NotFound where there is none."""
    query = select(Teammate.id).where(
        Teammate.workspace_id == workspace_id, (Teammate.id == named) | (Teammate.email == named)
    )
    teammate_id = session.scalar(query)
    if teammate_id is None:
        raise NotFound(f"Nobody here is named {named}.")
    return teammate_id


def owner_of(session: Session, context: ActionContext) -> str | None:
    """The id of the teammate who is the person's steward, if one is."""
    contact = person_of(session, context).contact
    return contact.owner_id if contact else None


def teammates_of(session: Session, context: ActionContext, whom: Whom) -> list[str]:
    """The ids of those who are meant. Where nobody owns the person, or a team is empty, it is the workspace's owners:
    somebody must hear of it."""
    workspace_id = context.subject.workspace_id
    if whom.teammate:
        return [teammate_of(session, workspace_id, whom.teammate)]
    if whom.team:
        team_id = team_of(session, workspace_id, whom.team)
        meant = list(session.scalars(select(TeamMember.teammate_id).where(TeamMember.team_id == team_id)))
    else:
        owner = owner_of(session, context)
        meant = [owner] if owner else []
    owners = select(Teammate.id).where(Teammate.workspace_id == workspace_id, Teammate.role == "owner")
    return meant or list(session.scalars(owners))
