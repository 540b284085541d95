"""The edge's table of errors, and the shapes that every answer shares."""

from typing import Any

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from frontdesk.core.errors import (
    Conflict,
    Declined,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    TooLarge,
    Unauthenticated,
    Unavailable,
)

STATUS: dict[type[Declined], tuple[int, str]] = {
    Malformed: (400, "The request cannot be read"),
    Unauthenticated: (401, "Please sign in"),
    Forbidden: (403, "Not allowed"),
    NotFound: (404, "Not found"),
    Conflict: (409, "Not in this state"),
    TooLarge: (413, "Too large"),
    Invalid: (422, "A field is not valid"),
    Unavailable: (503, "Not now"),
}


def problem(error: Declined) -> tuple[int, dict[str, Any]]:
    """Status and RFC 9457 body of a declined request."""
    status, title = STATUS[next(kind for kind in type(error).__mro__ if kind in STATUS)]
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": error.detail,
        "code": error.code,
    }
    return status, body | ({"field": error.field} if error.field else {})


def json_response(body: Any, status: int = 200, *, mimetype: str = "application/json") -> Response:
    return Response(orjson.dumps(body), status=status, mimetype=mimetype)


def answer_declined(error: Declined) -> Response:
    status, body = problem(error)
    response = json_response(body, status, mimetype="application/problem+json")
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def answer_http_exception(error: HTTPException) -> Response:
    """Flask's and smorest's own refusals in the same shape; smorest's carry the messages of the schema."""
    status = error.code or 500
    messages = getattr(error, "data", {}).get("messages") if hasattr(error, "data") else None
    field, detail = _first_message(messages) if messages else (None, error.description or error.name)
    codes = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 422: "invalid", 400: "malformed"}
    body = {
        "type": "about:blank",
        "title": error.name,
        "status": status,
        "detail": detail,
        "code": codes.get(status, "error"),
    }
    return json_response(body | ({"field": field} if field else {}), status, mimetype="application/problem+json")


def _first_message(messages: Any, path: str = "") -> tuple[str, str]:
    """The first field and reason of marshmallow's nested messages: {"json": {"email": ["Missing…"]}}."""
    if isinstance(messages, dict):
        key, inner = next(iter(messages.items()))
        skipped = key in {"json", "query", "_schema"}
        return _first_message(inner, path if skipped else f"{path}.{key}".lstrip("."))
    return path, str(messages[0] if isinstance(messages, list) else messages)


def bearer() -> str | None:
    """The token of `Authorization: Bearer …`, if the request has one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token else None


def install(app: Flask) -> None:
    """Answer every refusal as a problem document."""
    app.register_error_handler(Declined, answer_declined)
    app.register_error_handler(HTTPException, answer_http_exception)
