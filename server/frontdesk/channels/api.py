"""What leaves the house, and what could not: /api/v1/outbox."""

from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from frontdesk.accounts.auth import caller
from frontdesk.channels import outbox, queries, webhooks
from frontdesk.channels.queries import STATES, Which
from frontdesk.core.border import Blueprint
from frontdesk.core.errors import Conflict
from frontdesk.core.paging import ListSchema, PageQuery, listed
from frontdesk.core.runtime import runtime

outbox_api = Blueprint("outbox", __name__, url_prefix="/api/v1", description="Webhooks and e-mail on their way out.")
CHANNELS = ("webhook", "email")


def _moment(**options: Any) -> fields.String:
    return fields.String(metadata={"format": "date-time"}, required=True, **options)


class ParcelSchema(Schema):
    """Something to send. `endpoint` is the receiver's origin, or `smtp`; `error` why the last try failed.

    One that is `dead` was tried eight times in 21 hours, or refused for good; replay it when the receiver is mended.
    """

    id = fields.String(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    endpoint = fields.String(required=True)
    key = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf([*STATES, "done"]))
    tries = fields.Integer(required=True)
    error = fields.String(required=True, allow_none=True)
    next_at = _moment(allow_none=True)
    created_at = _moment()
    done_at = _moment(allow_none=True)


class ParcelList(ListSchema):
    data = fields.List(fields.Nested(ParcelSchema), required=True)


class ParcelQuery(PageQuery):
    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(STATES))
    channel = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(CHANNELS))


class WebhookSecretSchema(Schema):
    """What the receiver checks `Frontdesk-Signature` with; two while the installation's own secret changes."""

    secrets = fields.List(fields.String(), required=True)


@outbox_api.route("/outbox")
@outbox_api.arguments(ParcelQuery, location="query")
@outbox_api.response(200, ParcelList)
def list_parcels(asked: dict[str, Any]) -> dict[str, Any]:
    """What waits to be sent and what was given up, newest first."""
    which = Which(caller().workspace_id, asked["state"], asked["channel"])

    def query(session: Session) -> dict[str, Any]:
        found, following = queries.left(session, which, asked["limit"], asked["cursor"])
        return listed([queries.dump(row) for row in found], following)

    return runtime().db.read(query)


@outbox_api.route("/outbox/<parcel_id>/replay", methods=["POST"])
@outbox_api.response(200, ParcelSchema)
def replay_parcel(parcel_id: str) -> dict[str, Any]:
    """Send one that was given up again, with all its tries. One that waits is left to wait."""
    me, now = caller(), runtime().clock()

    def job(session: Session) -> dict[str, Any]:
        row = queries.parcel(session, me.workspace_id, parcel_id)
        if row.state == "done":
            raise Conflict("It was sent; what was in it is not kept.")
        outbox.replay(session, row, now)
        return queries.dump(row)

    return runtime().db.write(job)


@outbox_api.route("/outbox/webhook_secret")
@outbox_api.response(200, WebhookSecretSchema)
def show_webhook_secret() -> dict[str, Any]:
    """The secret that this workspace's webhooks are signed with, for owners and admins."""
    me = caller()
    me.must_be("admin")
    return {"secrets": webhooks.secrets_of(runtime().settings, me.workspace_id)}
