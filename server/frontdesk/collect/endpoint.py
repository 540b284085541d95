"""Collect over HTTP: a plain WSGI callable mounted before Flask, whose dispatch would cost more than our work.

Its routes stand in `ROUTES`, for the tests and documents that walk the URL map.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

import orjson
import structlog

from frontdesk.accounts.queries import SenderKey
from frontdesk.collect.counts import count, count_answer
from frontdesk.collect.door import body as bodies
from frontdesk.collect.door.body import Environ
from frontdesk.collect.door.draft import Client, Received
from frontdesk.collect.door.filters import origin_allowed
from frontdesk.collect.door.page import page_seen
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.door.pipeline import parse_item
from frontdesk.collect.door.place import Places
from frontdesk.collect.door.wire import TYPES
from frontdesk.collect.keys import Keys
from frontdesk.collect.refusals import Drop, Refusal, Rejected
from frontdesk.collect.requests import Answer, Request, Sender
from frontdesk.collect.store import Store
from frontdesk.core.client_ip import client_ip
from frontdesk.core.errors import Declined, Forbidden, Malformed, TooLarge, Unauthenticated, Unavailable
from frontdesk.core.http import problem
from frontdesk.core.metrics import answered
from frontdesk.core.runtime import Runtime

log = structlog.get_logger(__name__)
T = TypeVar("T")
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
ROUTES = tuple(f"/v1/{name}" for name in ("batch", *TYPES, "presence"))
_CORS = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "Retry-After")]
_PREFLIGHT = [
    *_CORS,
    ("Access-Control-Allow-Methods", "POST"),
    ("Access-Control-Allow-Headers", "Authorization, Content-Type, Content-Encoding"),
    ("Access-Control-Max-Age", "86400"),
]
_REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    405: "Method Not Allowed",
    413: "Content Too Large",
    503: "Service Unavailable",
}
_NOT_POST = {
    "type": "about:blank",
    "title": "Method Not Allowed",
    "status": 405,
    "detail": "Send it with POST.",
    "code": "method_not_allowed",
}


class Collect:
    """WSGI: answers `ROUTES`, hands everything else on."""

    def __init__(self, runtime: Runtime, store: Store, otherwise: Callable[..., Iterable[bytes]]) -> None:
        self._runtime = runtime
        self._store = store
        self._otherwise = otherwise
        self._keys = Keys(runtime.db)
        self._places = Places(runtime.settings.city_file)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        if path not in ROUTES:
            return self._otherwise(environ, start_response)
        answer = {"POST": self._respond, "OPTIONS": _preflight}.get(environ["REQUEST_METHOD"], _not_post)
        return answer(environ, path.removeprefix("/v1/"), start_response)

    def _respond(self, environ: Environ, call: str, start_response: StartResponse) -> Iterable[bytes]:
        headers = [("Content-Type", "application/json"), *_CORS]
        try:
            status, payload = 200, self._take(environ, call).on_the_wire()
        except Declined as error:
            status, payload = problem(error)
            headers[0] = ("Content-Type", "application/problem+json")
            if isinstance(error, Unavailable):
                headers.append(("Retry-After", str(error.retry_after)))
        except Exception:  # a sender must never see a traceback; what it sent was not acknowledged
            log.exception("collect_failed", call=call)
            status, payload = problem(Unavailable("This could not be stored just now; send it again."))
            headers.append(("Retry-After", "2"))
        answered("POST", environ["PATH_INFO"], status)
        return _answered(status, payload, headers, start_response)

    def _take(self, environ: Environ, call: str) -> Answer:
        now = self._runtime.clock()
        raw = _read(environ)
        request = {"batch": self._batch, "presence": self._presence}.get(call, self._single)(environ, raw, now, call)
        answer: Answer = self._runtime.db.write_together(self._store, request, size=len(raw))
        count_answer(request.sender.workspace_id, answer)
        if answer.stranger:
            raise Unauthenticated("No visitor holds this token.", code="unknown_token")
        return answer

    def _batch(self, environ: Environ, raw: bytes, now: datetime, _call: str) -> Request:
        envelope = _sound(bodies.read_envelope, raw)
        known = self._known(environ, envelope.write_key, now, len(envelope.batch))
        client = self._client(environ, known)
        received = Received(now, envelope.sent_at, None, envelope.context, known.verified, client=client)
        return _request(_sender(known, envelope.token), received, [bytes(item) for item in envelope.batch])

    def _single(self, environ: Environ, raw: bytes, now: datetime, call: str) -> Request:
        single = _sound(bodies.read_single, raw)
        known = self._known(environ, single.write_key, now, 1)
        received = Received(now, single.sent_at, call, None, known.verified, client=self._client(environ, known))
        return _request(_sender(known, single.token), received, [raw])

    def _presence(self, environ: Environ, raw: bytes, now: datetime, _call: str) -> Request:
        presence = bodies.read_presence(raw)
        known = self._known(environ, presence.write_key, now, 0)
        return Request(_sender(known, presence.token), now, presence=page_seen(presence.page))

    def _known(self, environ: Environ, in_body: str | None, now: datetime, events: int) -> SenderKey:
        """The steps `key` and `origin`, which concern the whole request."""
        origin = environ.get("HTTP_ORIGIN")
        try:
            known = self._keys.sender(bodies.key_of(environ, in_body), now, from_browser=origin is not None)
        except Declined as error:
            count(None, "key", error.code, events)
            raise
        if not origin_allowed(origin, known.rules):
            count(known.workspace_id, "origin", "origin_not_allowed", events)
            raise Forbidden("This site does not take events from pages of this origin.", code="origin_not_allowed")
        return known

    def _client(self, environ: Environ, known: SenderKey) -> Client:
        if known.verified:
            return Client(known.rules)
        ip = client_ip(environ, self._runtime.settings.trusted_proxies)
        agent = environ.get("HTTP_USER_AGENT")
        return Client(known.rules, ip, self._places.of(ip), agent, gpc=environ.get("HTTP_SEC_GPC") == "1")


def _sender(known: SenderKey, token: str | None) -> Sender:
    return Sender(known.workspace_id, known.verified, known.site_id, token, known.rules)


def _read(environ: Environ) -> bytes:
    try:
        return bodies.read_body(environ)
    except TooLarge:
        count(None, "size", Rejected.TOO_LARGE)
        raise


def _sound(read: Callable[[bytes], T], raw: bytes) -> T:
    try:
        return read(raw)
    except Malformed:
        count(None, "parse", Rejected.MALFORMED)
        raise


def _preflight(_environ: Environ, _call: str, start_response: StartResponse) -> Iterable[bytes]:
    start_response("204 No Content", _PREFLIGHT)
    return []


def _not_post(environ: Environ, _call: str, start_response: StartResponse) -> Iterable[bytes]:
    headers = [("Content-Type", "application/problem+json"), *_CORS, ("Allow", "POST, OPTIONS")]
    body = _answered(405, _NOT_POST, headers, start_response)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else body


def _answered(
    status: int, payload: dict[str, Any], headers: list[tuple[str, str]], start_response: StartResponse
) -> Iterable[bytes]:
    body = orjson.dumps(payload)
    start_response(f"{status} {_REASONS[status]}", [*headers, ("Content-Length", str(len(body)))])
    return [body]


def _request(sender: Sender, received: Received, raws: list[bytes]) -> Request:
    outcomes = [parse_item(raw, received) for raw in raws]
    return Request(
        sender,
        received.now,
        items=tuple([one for one in outcomes if isinstance(one, Parsed)]),
        refused=tuple([one for one in outcomes if isinstance(one, Refusal)]),
        dropped=tuple([one for one in outcomes if isinstance(one, Drop)]),
        kind=received.kind,
        sent_at=received.sent_at,
    )
