"""How many requests one sender may make: by the address of a browser and by its visitor, by the API key of a backend.

Whoever asks from this machine or a private network is not counted, nor is anybody where the setting is 0.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from math import ceil

import msgspec
import structlog
from msgspec import Struct

from frontdesk.accounts.queries import SenderKey
from frontdesk.collect.counts import count
from frontdesk.collect.door.body import Environ
from frontdesk.core.client_ip import client_ip, is_near
from frontdesk.core.config import Limits
from frontdesk.core.errors import TooMany
from frontdesk.core.limits import RateLimits, network_of

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Asker:
    """The visitor that a request of a page is of, by the `field` that names it; and how many events it brings."""

    field: str
    name: str
    events: int


def who_asks(token: str | None, items: Sequence[bytes]) -> Asker | None:
    """Who holds the token, else whom the first item names: a page sends of one browser. None where that is nobody."""
    if token:
        return Asker("token", token, len(items))
    with suppress(ValueError, RecursionError):  # what cannot be read has no visitor, and is refused later on
        name = _decode(items[0]).anonymous_id if items else None
        return Asker("anonymousId", str(name), len(items)) if name else None
    return None


class Pace:
    """The step `pace`, which concerns the whole request."""

    def __init__(self, limits: Limits, trusted_proxies: int) -> None:
        self._limits = limits
        self._proxies = trusted_proxies
        self._senders = RateLimits()
        self._visitors = RateLimits()  # apart: whoever makes up names must not have its address forgotten for them

    def refuse_haste(self, environ: Environ, known: SenderKey, now: datetime, events: int) -> None:
        """TooMany where this sender has had its share of the minute."""
        wait = self._senders.wait(*self._sender(environ, known), now)
        if wait is None or is_near(environ, self._proxies):
            return
        count(known.workspace_id, "pace", "too_many", events)
        log.warning("sender_too_fast", workspace=known.workspace_id, backend=known.verified)
        raise TooMany(
            "This sender asks more often than it may; what it sent was not stored.", ceil(wait.total_seconds())
        )

    def refuse_hasty_visitor(self, environ: Environ, known: SenderKey, now: datetime, asker: Asker | None) -> None:
        """TooMany where this visitor has had its share of the minute; others at its address are not held up by it.

        To be asked of what passed `refuse_haste`. A backend speaks for many, and is no visitor.
        """
        if asker is None or known.verified:
            return
        # an anonymousId is no secret: whoever knows it must not use up the share of its browser
        near = network_of(client_ip(environ, self._proxies) or "") if asker.field == "anonymousId" else None
        wait = self._visitors.wait((known.site_id, near, asker.name), self._limits.visitor, now)
        if wait is None or is_near(environ, self._proxies):
            return
        self._senders.give_back(*self._sender(environ, known))
        count(known.workspace_id, "pace", "too_many_of_visitor", asker.events)
        log.warning("visitor_too_fast", workspace=known.workspace_id)
        detail = "This visitor asks more often than one may; what it sent was not stored."
        raise TooMany(detail, ceil(wait.total_seconds()), field=asker.field)

    def _sender(self, environ: Environ, known: SenderKey) -> tuple[tuple[str, str], int]:
        """Whose requests are counted, and how many a minute there may be."""
        if known.verified:
            return ("key", known.key_id or known.workspace_id), self._limits.api_key
        return (known.site_id or "", network_of(client_ip(environ, self._proxies) or "")), self._limits.address


class _Named(Struct, rename="camel"):
    anonymous_id: str | int | None = None


_decode = msgspec.json.Decoder(_Named).decode
