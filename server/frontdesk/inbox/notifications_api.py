"""What a teammate is told: /api/v1/notifications."""

from functools import partial
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from frontdesk.accounts.auth import caller
from frontdesk.core.border import Blueprint
from frontdesk.core.paging import ListSchema, PageQuery, listed
from frontdesk.core.runtime import runtime
from frontdesk.inbox import notifications

notifications_api = Blueprint(
    "notifications", __name__, url_prefix="/api/v1", description="What rules tell a teammate; an API key has none."
)


class LocalisedSchema(Schema):
    """A text in the languages that it was written in; each that is there is to be shown to who reads it."""

    en = fields.String()
    zh = fields.String()


class NotificationSchema(Schema):
    """Pushed as `notification` over the socket, too. `person`, `conversation` and `rule` are ids."""

    id = fields.String(required=True)
    text = fields.Nested(LocalisedSchema, required=True)
    person = fields.String(required=True, allow_none=True)
    conversation = fields.String(required=True, allow_none=True)
    rule = fields.String(required=True, allow_none=True)
    created_at = fields.String(required=True, metadata={"format": "date-time"})
    read_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})


class NotificationList(ListSchema):
    data = fields.List(fields.Nested(NotificationSchema), required=True)


class NotificationQuery(PageQuery):
    unread = fields.Boolean(load_default=False)


@notifications_api.route("/notifications")
@notifications_api.arguments(NotificationQuery, location="query")
@notifications_api.response(200, NotificationList)
def list_notifications(asked: dict[str, Any]) -> dict[str, Any]:
    """What I was told, newest first; with `unread`, only what I have not read."""
    me = caller().teammate_id or ""

    def query(session: Session) -> dict[str, Any]:
        rows, following = notifications.of_teammate(session, me, **asked)
        return listed([notifications.dump(row) for row in rows], following)

    return runtime().db.read(query)


@notifications_api.route("/notifications/<notification_id>/read", methods=["POST"])
@notifications_api.response(204)
def read_notification(notification_id: str) -> None:
    """I have read it."""
    me, now = caller().teammate_id or "", runtime().clock()
    runtime().db.write(partial(notifications.read, teammate_id=me, notification_id=notification_id, now=now))


@notifications_api.route("/notifications/read", methods=["POST"])
@notifications_api.response(204)
def read_notifications() -> None:
    """I have read all of them."""
    me, now = caller().teammate_id or "", runtime().clock()
    runtime().db.write(partial(notifications.read_all, teammate_id=me, now=now))
