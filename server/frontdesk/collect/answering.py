"""How collect answers over WSGI: to a call, to a browser that asks before it calls, to what is no call."""

from collections.abc import Callable, Iterable
from typing import Any

import orjson

from frontdesk.collect.door.body import Environ

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
CORS = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "Retry-After")]
_PREFLIGHT = [
    *CORS,
    ("Access-Control-Allow-Methods", "POST"),
    ("Access-Control-Allow-Headers", "Authorization, Content-Type, Content-Encoding, X-Retry-Count"),
    ("Access-Control-Max-Age", "86400"),
]
_REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    503: "Service Unavailable",
}
_NOT_POST = {
    "type": "about:blank",
    "title": "Method Not Allowed",
    "status": 405,
    "detail": "Send it with POST.",
    "code": "method_not_allowed",
}


def preflight(_environ: Environ, _call: str, start_response: StartResponse) -> Iterable[bytes]:
    start_response("204 No Content", _PREFLIGHT)
    return []


def not_post(environ: Environ, _call: str, start_response: StartResponse) -> Iterable[bytes]:
    headers = [("Content-Type", "application/problem+json"), *CORS, ("Allow", "POST, OPTIONS")]
    body = whole(405, _NOT_POST, headers, start_response)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else body


def whole(
    status: int, payload: dict[str, Any], headers: list[tuple[str, str]], start_response: StartResponse
) -> Iterable[bytes]:
    body = orjson.dumps(payload)
    start_response(f"{status} {_REASONS[status]}", [*headers, ("Content-Length", str(len(body)))])
    return [body]
