"""What goes over the wire about accounts."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from frontdesk.accounts.site_rules import BOTS, CONSENTS, SettingsRefused, checked
from frontdesk.core.paging import ListSchema

NAME = validate.Length(min=1, max=120)


class LoginSchema(Schema):
    email = fields.String(required=True, validate=validate.Length(max=254))
    password = fields.String(required=True, validate=validate.Length(max=1024))


class SetupSchema(LoginSchema):
    token = fields.String(required=True)
    workspace = fields.String(required=True, validate=NAME)
    name = fields.String(required=True, validate=NAME)


class SetupQuery(Schema):
    token = fields.String(required=True)


class SetupState(Schema):
    valid = fields.Boolean(required=True)


class MeChange(Schema):
    online = fields.Boolean()
    language = fields.String(validate=validate.OneOf(["en", "zh"]))


class TeammateSchema(Schema):
    id = fields.String(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    role = fields.String(required=True)
    avatar = fields.String(required=True, allow_none=True)
    online = fields.Boolean(required=True)
    teams = fields.List(fields.String(), required=True)
    open_count = fields.Integer(required=True)


class MyselfSchema(TeammateSchema):
    available = fields.Boolean(required=True)
    open_count = fields.Integer()


class TeamSchema(Schema):
    id = fields.String(required=True)
    key = fields.String(required=True)
    name = fields.String(required=True)
    member_ids = fields.List(fields.String(), required=True)
    open_count = fields.Integer(required=True)


class NewApiKey(Schema):
    name = fields.String(required=True, validate=NAME)


class ApiKeySchema(Schema):
    id = fields.String(required=True)
    name = fields.String(required=True)
    created_at = fields.String(required=True)


class ShownApiKey(ApiKeySchema):
    """The only answer that holds the key."""

    key = fields.String(required=True)


class ApiKeyList(ListSchema):
    data = fields.List(fields.Nested(ApiKeySchema), required=True)


class WorkspaceSchema(Schema):
    id = fields.String(required=True)
    name = fields.String(required=True)


class SiteSchema(WorkspaceSchema):
    key = fields.String(required=True)


class _Entries(fields.List[Any]):
    """A list of `site_rules.READERS`; each bad entry is named by its place, beside all else that is wrong."""

    def _deserialize(self, *given: Any, **more: Any) -> list[Any]:
        entries: list[Any] = super()._deserialize(*given, **more)
        try:
            checked({str(self.name): entries})
        except SettingsRefused as refused:
            told = {path.partition(".")[2]: [reason] for path, reason in refused.errors}
            raise ValidationError(told.get("", told)) from refused
        return entries


class SiteRulesSchema(Schema):
    """What a site takes; `frontdesk.accounts.site_rules` says how each entry is written."""

    origins = _Entries(fields.String())
    ignore_ips = _Entries(fields.String())
    ignore_paths = _Entries(fields.String())
    staff = _Entries(fields.String())
    consent = fields.String(validate=validate.OneOf(CONSENTS))
    bots = fields.String(validate=validate.OneOf(BOTS))


class WholeSite(Schema):
    """A site and all that it takes."""

    origins = fields.List(fields.String(), required=True)
    ignore_ips = fields.List(fields.String(), required=True)
    ignore_paths = fields.List(fields.String(), required=True)
    staff = fields.List(fields.String(), required=True)
    consent = fields.String(required=True, validate=validate.OneOf(CONSENTS))
    bots = fields.String(required=True, validate=validate.OneOf(BOTS))
    id = fields.String(required=True)
    name = fields.String(required=True)
    key = fields.String(required=True)
    color = fields.String(required=True)
    corner = fields.String(required=True)
    created_at = fields.String(required=True)


class SiteList(ListSchema):
    data = fields.List(fields.Nested(WholeSite), required=True)


class MeSchema(Schema):
    teammate = fields.Nested(MyselfSchema, required=True)
    workspace = fields.Nested(WorkspaceSchema, required=True)
    site = fields.Nested(SiteSchema, required=True)
    language = fields.String(required=True, allow_none=True)


class TeammateList(ListSchema):
    data = fields.List(fields.Nested(TeammateSchema), required=True)


class TeamList(ListSchema):
    data = fields.List(fields.Nested(TeamSchema), required=True)
