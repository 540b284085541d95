"""What was refused: /api/v1/dead_letters."""

from functools import partial
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from frontdesk.accounts.auth import caller
from frontdesk.collect.keeping.letters import Which, dump_letter, dump_whole, letter, letters
from frontdesk.collect.refusals import Rejected
from frontdesk.core.paging import ListSchema, PageQuery, listed
from frontdesk.core.runtime import runtime

letters_api = Blueprint("dead_letters", __name__, url_prefix="/api/v1", description="What was refused, and why.")

_ONE_OF_THE_CODES = validate.OneOf([code.value for code in Rejected])


class LetterSchema(Schema):
    """A refused item. `step` of the pipeline refused it; `site` is whose key it came with, none for an API key."""

    id = fields.String(required=True)
    message_id = fields.String(required=True, allow_none=True)
    step = fields.String(required=True)
    code = fields.String(required=True, validate=_ONE_OF_THE_CODES)
    field = fields.String(required=True, allow_none=True)
    detail = fields.String(required=True)
    verified = fields.Boolean(required=True)
    site = fields.String(required=True, allow_none=True)
    received_at = fields.String(required=True)
    replayed_at = fields.String(required=True, allow_none=True)


class WholeLetterSchema(LetterSchema):
    """With its `body`, and the `context` that its batch gave all its items, both as JSON."""

    body = fields.String(required=True)
    context = fields.String(required=True, allow_none=True)


class LetterList(ListSchema):
    data = fields.List(fields.Nested(LetterSchema), required=True)


class LetterQuery(PageQuery):
    """Those of one `code`, received `since`; with `replayed`, only those that were, or were not, sent again."""

    code = fields.String(load_default=None, allow_none=True, validate=_ONE_OF_THE_CODES)
    since = fields.AwareDateTime(load_default=None, allow_none=True)
    replayed = fields.Boolean(load_default=None, allow_none=True)


@letters_api.route("/dead_letters")
@letters_api.arguments(LetterQuery, location="query")
@letters_api.response(200, LetterList)
def list_letters(asked: dict[str, Any]) -> dict[str, Any]:
    """Refused items, newest first, without their bodies."""
    which = Which(caller().workspace_id, asked["code"], asked["since"], asked["replayed"])

    def query(session: Session) -> dict[str, Any]:
        found, following = letters(session, which, asked["limit"], asked["cursor"])
        return listed([dump_letter(row) for row in found], following)

    return runtime().db.read(query)


@letters_api.route("/dead_letters/<letter_id>")
@letters_api.response(200, WholeLetterSchema)
def show_letter(letter_id: str) -> dict[str, Any]:
    """A refused item with its body as it was sent and what its batch said for all, keys left out."""
    row = runtime().db.read(partial(letter, workspace_id=caller().workspace_id, letter_id=letter_id))
    return dump_whole(row)
