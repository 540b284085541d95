"""How many requests one sender may make: by the address of a browser, and by the API key of a backend.

Whoever asks from this machine or a private network is not counted, nor is anybody where the setting is 0.
"""

from datetime import datetime
from math import ceil

import structlog

from frontdesk.accounts.queries import SenderKey
from frontdesk.collect.counts import count
from frontdesk.collect.door.body import Environ
from frontdesk.core.client_ip import client_ip, is_near
from frontdesk.core.config import Limits
from frontdesk.core.errors import TooMany
from frontdesk.core.limits import RateLimits, network_of

log = structlog.get_logger(__name__)


class Pace:
    """The step `pace`, which concerns the whole request."""

    def __init__(self, limits: Limits, trusted_proxies: int) -> None:
        self._limits = limits
        self._proxies = trusted_proxies
        self._senders = RateLimits()

    def refuse_haste(self, environ: Environ, known: SenderKey, now: datetime, events: int) -> None:
        """TooMany where this sender has had its share of the minute."""
        ip = client_ip(environ, self._proxies) or ""
        who, most = ("key", known.key_id or known.workspace_id), self._limits.api_key
        if not known.verified:
            who, most = (known.site_id or "", network_of(ip)), self._limits.address
        wait = self._senders.wait(who, most, now)
        if wait is None or is_near(environ, self._proxies):
            return
        count(known.workspace_id, "pace", "too_many", events)
        log.warning("sender_too_fast", workspace=known.workspace_id, backend=known.verified)
        raise TooMany(
            "This sender asks more often than it may; what it sent was not stored.", ceil(wait.total_seconds())
        )
