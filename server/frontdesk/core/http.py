"""The edge's table of errors, and the shapes that every answer shares."""

from typing import Any

import orjson
import structlog
from flask import Flask, Response, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from frontdesk.core.errors import Declined, Unavailable

log = structlog.get_logger(__name__)

# code → status and title. A Declined has the status of the first code among its class and those above it.
PROBLEMS: dict[str, tuple[int, str]] = {
    "malformed": (400, "The request cannot be read"),
    "unauthenticated": (401, "Please sign in"),
    "forbidden": (403, "Not allowed"),
    "not_found": (404, "Not found"),
    "method_not_allowed": (405, "Not with this method"),
    "conflict": (409, "Not in this state"),
    "too_large": (413, "Too large"),
    "unsupported_type": (415, "Not in this format"),
    "invalid": (422, "A field is not valid"),
    "too_many": (429, "Too many requests"),
    "internal": (500, "Something broke on our side"),
    "unavailable": (503, "Not now"),
}
_BY_STATUS = {status: (code, title) for code, (status, title) in PROBLEMS.items()}


def problem(error: Declined) -> tuple[int, dict[str, Any]]:
    """Status and RFC 9457 body of a declined request."""
    codes = (getattr(kind, "code", None) for kind in type(error).__mro__)
    status, title = PROBLEMS[next(code for code in codes if code in PROBLEMS)]
    return status, _body(status, title, error.detail, error.code) | ({"field": error.field} if error.field else {})


def _body(status: int, title: str, detail: str, code: str) -> dict[str, Any]:
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}


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
    messages = getattr(error, "data", {}).get("messages")
    field, detail = _first_message(messages) if messages else (None, error.description or error.name)
    code, title = _BY_STATUS.get(status, (error.name.lower().replace(" ", "_"), error.name))
    body = _body(status, title, detail, code) | ({"field": field} if field else {})
    response = json_response(body, status, mimetype="application/problem+json")
    response.headers.update([pair for pair in error.get_headers() if pair[0] != "Content-Type"])  # Allow, Retry-After
    return response


def answer_database_gone(error: Exception) -> Response:
    """A database that is locked, full, restarting or out of connections: nothing was kept, asking again may help."""
    log.error("database_unavailable", path=request.path, error=str(error))
    return answer_declined(Unavailable("The database does not answer just now; try again."))


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
    app.register_error_handler(OperationalError, answer_database_gone)
    app.register_error_handler(NoConnectionFree, answer_database_gone)
