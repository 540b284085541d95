"""What teammates are to do for people: /api/v1/tasks."""

from collections.abc import Callable
from functools import partial
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from frontdesk.accounts.auth import caller
from frontdesk.core.border import Blueprint
from frontdesk.core.paging import ListSchema, PageQuery, listed
from frontdesk.core.runtime import runtime
from frontdesk.success import tasks
from frontdesk.success.models import Task
from frontdesk.success.tasks import STATES, Which

tasks_api = Blueprint("tasks", __name__, url_prefix="/api/v1", description="What teammates are to do for people.")


def _moment(**options: Any) -> fields.String:
    return fields.String(metadata={"format": "date-time"}, required=True, **options)


class TitleSchema(Schema):
    """In the languages that it was written in."""

    en = fields.String()
    zh = fields.String()


class TaskSchema(Schema):
    """With neither `teammate` nor `team` it is anybody's. `person` and `rule` are ids."""

    id = fields.String(required=True)
    title = fields.Nested(TitleSchema, required=True)
    person = fields.String(required=True, allow_none=True)
    teammate = fields.String(required=True, allow_none=True)
    team = fields.String(required=True, allow_none=True)
    rule = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    due_at = _moment(allow_none=True)
    created_at = _moment()
    done_at = _moment(allow_none=True)


class TaskList(ListSchema):
    data = fields.List(fields.Nested(TaskSchema), required=True)


class TaskQuery(PageQuery):
    """Ids of a `teammate`, a `team` (by id), a `person`."""

    state = fields.String(load_default="open", validate=validate.OneOf(STATES))
    teammate = fields.String(load_default=None, allow_none=True)
    team = fields.String(load_default=None, allow_none=True)
    person = fields.String(load_default=None, allow_none=True)


@tasks_api.route("/tasks")
@tasks_api.arguments(TaskQuery, location="query")
@tasks_api.response(200, TaskList)
def list_tasks(asked: dict[str, Any]) -> dict[str, Any]:
    """Tasks, those first that are due first; open ones unless another state is asked for."""
    limit, cursor = asked.pop("limit"), asked.pop("cursor")
    which = Which(caller().workspace_id, **asked)

    def query(session: Session) -> dict[str, Any]:
        rows, following = tasks.tasks(session, which, limit, cursor)
        return listed([tasks.dump(row) for row in rows], following)

    return runtime().db.read(query)


@tasks_api.route("/tasks/<task_id>/done", methods=["POST"])
@tasks_api.response(200, TaskSchema)
def finish_task(task_id: str) -> dict[str, Any]:
    """It is done."""
    return _changed(task_id, partial(tasks.finish, now=runtime().clock()))


@tasks_api.route("/tasks/<task_id>/reopen", methods=["POST"])
@tasks_api.response(200, TaskSchema)
def reopen_task(task_id: str) -> dict[str, Any]:
    """It is not done after all."""
    return _changed(task_id, tasks.reopen)


def _changed(task_id: str, change: Callable[[Session, Task], None]) -> dict[str, Any]:
    me = caller()

    def job(session: Session) -> dict[str, Any]:
        row = tasks.task(session, me.workspace_id, task_id)
        change(session, row)
        return tasks.dump(row)

    return runtime().db.write(job)
