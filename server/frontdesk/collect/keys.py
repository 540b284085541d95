"""Whose key a request carries: remembered for a few seconds, so that a revoked key ends within them."""

from datetime import datetime, timedelta

from frontdesk.accounts.queries import SenderKey, sender
from frontdesk.core.db import Database
from frontdesk.core.errors import Forbidden, Unauthenticated

_REMEMBERED = timedelta(seconds=5)
_MOST = 10_000
_LONGEST = 100


def spelled_like_a_key(text: str) -> bool:
    """Whether this may be a key at all; anything else must not even reach a database, which may choke on it."""
    return text.isascii() and text.isprintable() and len(text) <= _LONGEST


class Keys:
    """Site keys and API keys that were asked for lately, and those that nobody has."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[str, tuple[SenderKey | None, datetime]] = {}

    def sender(self, key: str | None, now: datetime, *, from_browser: bool) -> SenderKey:
        """Who sends with this key; Unauthenticated for an unknown one, Forbidden for an API key in a page."""
        if not key:
            raise Unauthenticated("Send the site key as `writeKey`.", code="missing_key")
        if not spelled_like_a_key(key):
            raise Unauthenticated("Nobody here has this key.", code="unknown_key")
        if from_browser and key.startswith("sk_"):
            raise Forbidden("An API key must never stand in a page; take the site key.", code="api_key_in_browser")
        known = self._known.get(key)
        if known is None or known[1] < now:
            if len(self._known) >= _MOST:
                self._known.clear()
            known = self._known[key] = (self._db.read(lambda session: sender(session, key)), now + _REMEMBERED)
        if known[0] is None:
            raise Unauthenticated("Nobody here has this key.", code="unknown_key")
        return known[0]
