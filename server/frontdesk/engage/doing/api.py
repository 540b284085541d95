"""Saved texts: /api/v1/templates."""

from functools import partial
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from frontdesk.accounts.auth import caller
from frontdesk.core.border import Blueprint
from frontdesk.core.paging import ListSchema, listed
from frontdesk.core.runtime import runtime
from frontdesk.engage.doing import saved
from frontdesk.engage.doing.shapes import SHAPES
from frontdesk_rules.language.actions import NAME_PATTERN

templates_api = Blueprint(
    "templates",
    __name__,
    url_prefix="/api/v1",
    description="Saved messages, letters, surveys, tours, hints and checklists, which rules name by their keys.",
)
_KIND = validate.OneOf(tuple(SHAPES))


class ContentSchema(Schema):
    """By language; what one holds goes by the kind. Texts are Liquid with the fields of the person.

    message: `text`, `title`, `link`, `reply_label` · email: `subject`, `text` · survey: `title`, `questions` of `key`,
    `kind` (nps, csat, choice, text), `text`, `low`, `high`, `choices`, `optional`, then `thanks` · tour: `title`,
    `steps` of `title`, `text`, `target`, `path` · hint: `title`, `text`, `target`, `path` · checklist: `title`, `items`
    of `key`, `text`, `link`, `event`.
    """

    en = fields.Dict()
    zh = fields.Dict()


class TemplateSchema(Schema):
    id = fields.String(required=True)
    key = fields.String(required=True)
    kind = fields.String(required=True, validate=_KIND)
    content = fields.Nested(ContentSchema, required=True)
    created_at = fields.String(required=True, metadata={"format": "date-time"})
    updated_at = fields.String(required=True, metadata={"format": "date-time"})


class TemplateList(ListSchema):
    data = fields.List(fields.Nested(TemplateSchema), required=True)


class TemplateQuery(Schema):
    kind = fields.String(load_default=None, allow_none=True, validate=_KIND)


class NewTemplate(Schema):
    """`key`: lower case letters, digits, `-` and `_`; rules name it."""

    key = fields.String(required=True, validate=validate.Regexp(f"{NAME_PATTERN[:-1]}\\Z"))
    kind = fields.String(required=True, validate=_KIND)
    content = fields.Nested(ContentSchema, required=True)


class TemplateChange(Schema):
    content = fields.Nested(ContentSchema, required=True)


@templates_api.route("/templates")
@templates_api.arguments(TemplateQuery, location="query")
@templates_api.response(200, TemplateList)
def list_templates(asked: dict[str, Any]) -> dict[str, Any]:
    """All saved texts, or those of one kind, by key."""
    me = caller()
    return runtime().db.read(
        lambda session: listed([saved.dump(row) for row in saved.templates(session, me.workspace_id, asked["kind"])])
    )


@templates_api.route("/templates", methods=["POST"])
@templates_api.arguments(NewTemplate)
@templates_api.response(201, TemplateSchema)
def save_template(body: dict[str, Any]) -> dict[str, Any]:
    """Save a text under a key that is free; refused with the field where a text cannot be said."""
    me, now = caller(), runtime().clock()
    return runtime().db.write(lambda session: saved.dump(saved.save(session, me.workspace_id, body, now)))


@templates_api.route("/templates/<template_id>")
@templates_api.response(200, TemplateSchema)
def show_template(template_id: str) -> dict[str, Any]:
    """One saved text."""
    row = runtime().db.read(partial(saved.template, workspace_id=caller().workspace_id, template_id=template_id))
    return saved.dump(row)


@templates_api.route("/templates/<template_id>", methods=["PUT"])
@templates_api.arguments(TemplateChange)
@templates_api.response(200, TemplateSchema)
def change_template(body: dict[str, Any], template_id: str) -> dict[str, Any]:
    """Say something else under the same key, from the next message on."""
    me, now = caller(), runtime().clock()

    def job(session: Session) -> dict[str, Any]:
        row = saved.template(session, me.workspace_id, template_id)
        saved.change(session, row, body["content"], now)
        return saved.dump(row)

    return runtime().db.write(job)


@templates_api.route("/templates/<template_id>", methods=["DELETE"])
@templates_api.response(204)
def remove_template(template_id: str) -> None:
    """Remove a text that no rule says."""
    me = caller()
    runtime().db.write(lambda session: saved.remove(session, saved.template(session, me.workspace_id, template_id)))
