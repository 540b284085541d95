"""Collect over HTTP: a plain WSGI callable mounted before Flask, whose dispatch would cost more than our work.

Its routes stand in `ROUTES`, for the tests and documents that walk the URL map.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

import structlog

from frontdesk.accounts.queries import SenderKey
from frontdesk.collect.answering import CORS, StartResponse, not_post, preflight, whole
from frontdesk.collect.counts import count, count_answer
from frontdesk.collect.door import body as bodies
from frontdesk.collect.door.body import MOST_ITEMS, Environ, UnknownEncoding
from frontdesk.collect.door.draft import Client, Received
from frontdesk.collect.door.filters import origin_allowed
from frontdesk.collect.door.page import page_seen
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.door.pipeline import parse_items
from frontdesk.collect.door.place import Places
from frontdesk.collect.door.wire import OTHER_NAMES, TYPES, Envelope
from frontdesk.collect.isolating import Isolating
from frontdesk.collect.keys import Keys
from frontdesk.collect.pace import Pace, who_asks
from frontdesk.collect.refusals import Drop, Refusal, Rejected
from frontdesk.collect.requests import Answer, Request, Sender
from frontdesk.collect.store import Store
from frontdesk.core.client_ip import client_ip
from frontdesk.core.errors import (
    Conflict,
    Declined,
    Forbidden,
    Malformed,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from frontdesk.core.http import problem
from frontdesk.core.metrics import answered
from frontdesk.core.runtime import Runtime

log = structlog.get_logger(__name__)
T = TypeVar("T")
U = TypeVar("U")
# to `m` analytics.js sends what it measures of itself, which nobody wants here
_CALLS = {f"/v1/{name}": OTHER_NAMES.get(name, name) for name in ("batch", *TYPES, "presence", *OTHER_NAMES, "m")}
ROUTES = tuple(_CALLS)


class Collect:
    """WSGI: answers `ROUTES`, hands everything else on."""

    def __init__(self, runtime: Runtime, store: Store, otherwise: Callable[..., Iterable[bytes]]) -> None:
        self._runtime = runtime
        self._store = store
        self._isolating = Isolating(store)
        self._otherwise = otherwise
        self._keys = Keys(runtime.db)
        self._pace = Pace(runtime.settings.limits, runtime.settings.trusted_proxies)
        self._places = Places(runtime.settings.city_file)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        call = _CALLS.get(path) or _CALLS.get(path.rstrip("/"))
        if call is None:
            return self._otherwise(environ, start_response)
        answer = {"POST": self._respond, "OPTIONS": preflight}.get(environ["REQUEST_METHOD"], not_post)
        return answer(environ, call, start_response)

    def _respond(self, environ: Environ, call: str, start_response: StartResponse) -> Iterable[bytes]:
        headers = [("Content-Type", "application/json"), *CORS]
        try:
            status, payload = 200, {"success": True} if call == "m" else self._take(environ, call).on_the_wire()
        except Declined as error:
            status, payload = problem(error)
            headers[0] = ("Content-Type", "application/problem+json")
            if isinstance(error, Unavailable | TooMany):
                headers.append(("Retry-After", str(error.retry_after)))
        except Exception:  # a sender must never see a traceback; what it sent was not acknowledged
            log.exception("collect_failed", call=call)
            status, payload = problem(Unavailable("This could not be stored just now; send it again."))
            headers.append(("Retry-After", "2"))
        answered("POST", f"/v1/{call}", status)
        return whole(status, payload, headers, start_response)

    def _take(self, environ: Environ, call: str) -> Answer:
        now = self._runtime.clock()
        raw = self._sound(environ, now, bodies.read_body, environ)
        request = {"batch": self._batch, "presence": self._presence}.get(call, self._single)(environ, raw, now, call)
        answer = self._stored(request, len(raw))
        count_answer(request.sender.workspace_id, answer)
        if answer.stranger:
            raise Unauthenticated("No visitor holds this token.", code="unknown_token")
        if request.kind is not None and answer.refused:
            raise _declined(answer.refused[0])
        return answer

    def _stored(self, request: Request, size: int) -> Answer:
        """What became of the request, durable. Where all of it cannot be stored, whatever of it can be is."""
        db = self._runtime.db
        answer: Answer
        try:
            answer = db.write_together(self._store, request, size=size)
        except Declined:
            raise
        except Exception:
            if not request.items:
                raise
            answer = db.write_together(self._isolating, request, size=size)
        return answer

    def _batch(self, environ: Environ, raw: bytes, now: datetime, _call: str) -> Request:
        envelope, known = self._envelope(environ, raw, now)
        if len(envelope.batch) > MOST_ITEMS:
            count(known.workspace_id, "size", Rejected.TOO_LARGE, len(envelope.batch))
            raise TooLarge(f"A batch has at most {MOST_ITEMS} items.", field="batch")
        self._pace.refuse_hasty_visitor(environ, known, now, who_asks(envelope.token, envelope.batch))
        client = self._client(environ, known)
        told = envelope.context, known.verified
        received = Received(now, envelope.sent_at, None, *told, client=client, integrations=envelope.integrations)
        return _request(_sender(known, envelope.token), received, [bytes(item) for item in envelope.batch])

    def _envelope(self, environ: Environ, raw: bytes, now: datetime) -> tuple[Envelope, SenderKey]:
        """The batch, and whose it is; a sender named in the head is asked for before anything is read slowly."""
        envelope = bodies.read_envelope(raw)
        if envelope is not None:
            return envelope, self._known(environ, envelope.write_key, now, len(envelope.batch))
        named = bodies.key_of(environ, None)
        known = self._known(environ, None, now, 1) if named else None
        envelope = self._sound(environ, now, bodies.read_slowly, raw)
        if known is None or bodies.key_of(environ, envelope.write_key) != named:
            known = self._known(environ, envelope.write_key, now, len(envelope.batch))
        return envelope, known

    def _single(self, environ: Environ, raw: bytes, now: datetime, call: str) -> Request:
        single = self._sound(environ, now, bodies.read_single, raw)
        known = self._known(environ, single.write_key, now, 1)
        self._pace.refuse_hasty_visitor(environ, known, now, who_asks(single.token, [raw]))
        received = Received(now, single.sent_at, call, None, known.verified, client=self._client(environ, known))
        return _request(_sender(known, single.token), received, [raw])

    def _presence(self, environ: Environ, raw: bytes, now: datetime, _call: str) -> Request:
        presence = self._sound(environ, now, bodies.read_presence, raw)
        known = self._known(environ, presence.write_key, now, 0)
        self._pace.refuse_hasty_visitor(environ, known, now, who_asks(presence.token, []))
        page, hidden = page_seen(presence.page), not presence.visible
        return Request(_sender(known, presence.token), now, presence=page, hidden=hidden)

    def _known(self, environ: Environ, in_body: str | None, now: datetime, events: int) -> SenderKey:
        """The steps `key`, `origin` and `pace`, which concern the whole request."""
        origin = environ.get("HTTP_ORIGIN")
        try:
            known = self._keys.sender(bodies.key_of(environ, in_body), now, from_browser=origin is not None)
        except Declined as error:
            count(None, "key", error.code, events)
            raise
        if not origin_allowed(origin, known.rules):
            count(known.workspace_id, "origin", "origin_not_allowed", events)
            raise Forbidden("This site does not take events from pages of this origin.", code="origin_not_allowed")
        self._pace.refuse_haste(environ, known, now, events)
        return known

    def _sound(self, environ: Environ, now: datetime, read: Callable[[U], T], given: U) -> T:
        """What `read` makes of `given`; what cannot be read is counted for the workspace that the head names."""
        try:
            return read(given)
        except (Malformed, TooLarge, UnknownEncoding) as error:
            ends = ("size", Rejected.TOO_LARGE) if isinstance(error, TooLarge) else ("parse", Rejected.MALFORMED)
            count(self._named_in_the_head(environ, now), *ends)
            raise

    def _named_in_the_head(self, environ: Environ, now: datetime) -> str | None:
        try:
            from_browser = "HTTP_ORIGIN" in environ
            return self._keys.sender(bodies.key_of(environ, None), now, from_browser=from_browser).workspace_id
        except Declined:
            return None

    def _client(self, environ: Environ, known: SenderKey) -> Client:
        if known.verified:
            return Client(known.rules)
        ip = client_ip(environ, self._runtime.settings.trusted_proxies)
        agent = environ.get("HTTP_USER_AGENT")
        return Client(known.rules, ip, self._places.of(ip), agent, gpc=environ.get("HTTP_SEC_GPC") == "1")


def _sender(known: SenderKey, token: str | None) -> Sender:
    return Sender(known.workspace_id, known.verified, known.site_id, token, known.rules)


_DECLINED: dict[Rejected, type[Declined]] = {Rejected.TOO_LARGE: TooLarge, Rejected.CONFLICT: Conflict}


def _declined(refusal: Refusal) -> Declined:
    """What a call of its own is answered when it was refused; a batch names its refused items in an answer 200."""
    return _DECLINED.get(refusal.code, Malformed)(refusal.detail, code=refusal.code.value, field=refusal.field)


def _request(sender: Sender, received: Received, raws: list[bytes]) -> Request:
    outcomes = parse_items(raws, received)
    return Request(
        sender,
        received.now,
        items=tuple([one for one in outcomes if isinstance(one, Parsed)]),
        refused=tuple([one for one in outcomes if isinstance(one, Refusal)]),
        dropped=tuple([one for one in outcomes if isinstance(one, Drop)]),
        client=received.client,
        kind=received.kind,
        context=received.context,
        sent_at=received.sent_at,
    )
