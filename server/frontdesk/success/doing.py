"""What rules do here: tasks for teammates."""

from datetime import timedelta

from sqlalchemy.orm import Session

from frontdesk.engage.doing.persons import owner_of, team_of, teammate_of
from frontdesk.engage.doing.voice import in_every_language
from frontdesk.engage.ports import ActionContext
from frontdesk.success import tasks
from frontdesk.success.tasks import NewTask
from frontdesk_rules.durations import milliseconds
from frontdesk_rules.language.deeds import Task


def task(session: Session, context: ActionContext, action: Task) -> None:
    """Make the task, once. Where nobody owns the person it is anybody's."""
    subject, whom = context.subject, action.to
    if whom.teammate:
        teammate_id: str | None = teammate_of(session, subject.workspace_id, whom.teammate)
    else:
        teammate_id = None if whom.team else owner_of(session, context)
    new = NewTask(
        workspace_id=subject.workspace_id,
        key=context.key,
        title=in_every_language(session, context, action.title),
        person_id=subject.contact_id or subject.person_id,
        teammate_id=teammate_id,
        team_id=team_of(session, subject.workspace_id, whom.team) if whom.team else None,
        rule_id=context.rule_id,
        due_at=context.now + timedelta(milliseconds=milliseconds(action.due)) if action.due else None,
    )
    tasks.make(session, new, context.now)
