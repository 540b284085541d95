"""The OpenAPI document says what the server does: how callers prove who they are, and how they are declined."""

import re
from http import HTTPStatus
from typing import Any

from apispec import BasePlugin
from flask_smorest import Api
from marshmallow import Schema, fields

PROBLEM = "application/problem+json"

# path prefix → the ways in which a caller may say who it is; none: anybody may ask
_CALLERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("/api/v1/setup", ()),
    ("/api/v1/", ("api_key", "session")),
    ("/messenger/v1/", ("visitor_token",)),
    ("/v1/", ("write_key", "api_key", "key_in_body")),
)
_SCHEMES: dict[str, dict[str, str]] = {
    "api_key": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key `sk_…`, of a server and never of a page.",
    },
    "session": {"type": "apiKey", "in": "cookie", "name": "frontdesk_session", "description": "A teammate's log-in."},
    "visitor_token": {"type": "http", "scheme": "bearer", "description": "`vt_…`, from the first answer to a browser."},
    "write_key": {"type": "http", "scheme": "basic", "description": "A site key or API key as user name, no password."},
    "key_in_body": {
        "type": "apiKey",
        "in": "query",
        "name": "key",
        "description": "A site key; or `writeKey` in the body.",
    },
}


class ProblemSchema(Schema):
    """RFC 9457. `code` is stable and meant for programs, `detail` for people.

    `field` says which one is not valid; where several things may be wrong at once, `errors` lists them all.
    """

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    field = fields.String()
    errors = fields.List(fields.Dict())


class DocumentedApi(Api):  # type: ignore[misc]  # flask-smorest carries no types
    """Flask-smorest's API, whose document has problems as `core.http` writes them, callers, and names of operations."""

    ERROR_SCHEMA = ProblemSchema

    def __init__(self, app: Any) -> None:
        super().__init__(app, spec_kwargs={"extra_plugins": [_Conventions()]})
        for name, scheme in _SCHEMES.items():
            self.spec.components.security_scheme(name, scheme)

    def _register_responses(self) -> None:
        """As the original, but for the content type."""
        content = {PROBLEM: {"schema": ProblemSchema}}
        for status in HTTPStatus:
            empty = status < HTTPStatus.OK or status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
            response = {"description": status.phrase} | ({} if empty else {"content": content})
            self.spec.components.response(status.name, response, lazy=True)
        declined = {"description": "The request was declined, and why.", "content": content}
        self.spec.components.response("DEFAULT_ERROR", declined, lazy=True)


class _Conventions(BasePlugin):
    """What every operation has by its path."""

    def operation_helper(self, path: str | None = None, operations: dict[str, Any] | None = None, **_more: Any) -> None:
        for method, operation in (operations or {}).items():
            operation.setdefault("operationId", operation_id(method, path or ""))
            callers = next((ways for prefix, ways in _CALLERS if (path or "").startswith(prefix)), ())
            operation.setdefault("security", [{way: []} for way in callers])


def operation_id(method: str, path: str) -> str:
    """The name of a call in a generated client.

    >>> operation_id("get", "/api/v1/conversations/{conversation_id}/parts")
    'get_conversations_by_conversation_id_parts'
    >>> operation_id("post", "/messenger/v1/conversations")
    'messenger_post_conversations'
    """
    room, _, rest = path.strip("/").partition("v1/")
    name = re.sub(r"\{(\w+)\}", r"by_\1", rest).replace("/", "_")
    prefix = {"api/": "", "": "collect_"}.get(room, room.replace("/", "_"))
    return f"{prefix}{method}_{name}"
