"""Rate limits: so many requests a minute of one sender. Kept in this process's memory, a number for each sender.

By the generic cell rate algorithm (ITU-T I.371): a sender has a moment up to which it has used its share, and may be
ahead of the clock by a minute. A minute's share may so come at once, and after it requests at an even pace.
"""

from collections.abc import Hashable
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

_MINUTE = timedelta(minutes=1)
_MOST_SENDERS = 100_000


class RateLimits:
    """`wait(who, per_minute, now)` for each request; those that may go on count."""

    def __init__(self, most_senders: int = _MOST_SENDERS) -> None:
        self._used_up_to: dict[int, datetime] = {}  # by hash: a sender chooses how long its name is
        self._most = most_senders

    def wait(self, who: Hashable, per_minute: int, now: datetime) -> timedelta | None:
        """None where this request may go on, else how long to wait. No limit where `per_minute` is 0."""
        if not per_minute:
            return None
        key = hash(who)
        used = max(self._used_up_to.get(key, now), now) + _MINUTE / per_minute
        if used - now > _MINUTE:
            return used - now - _MINUTE
        if len(self._used_up_to) >= self._most:
            self._forget(now)
        self._used_up_to[key] = used
        return None

    def give_back(self, who: Hashable, per_minute: int) -> None:
        """What `wait` counted last of this sender did not go on after all."""
        key = hash(who)
        used = self._used_up_to.get(key)
        if used is not None and per_minute:
            self._used_up_to[key] = used - _MINUTE / per_minute

    def _forget(self, now: datetime) -> None:
        """Whoever has its whole share again need not be remembered; if all are busy, nobody is."""
        busy = {key: used for key, used in self._used_up_to.items() if used > now}
        self._used_up_to = busy if len(busy) < self._most else {}


def network_of(ip: str) -> str:
    """Whom an address stands for: an IPv4 address, or the /64 that one subscriber of IPv6 has.

    >>> network_of("203.0.113.9"), network_of("2001:db8:1:2:3::4")
    ('203.0.113.9', '2001:db8:1:2::/64')
    """
    if ":" not in ip:
        return ip
    try:
        address = ip_address(ip)
    except ValueError:
        return ip
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped) if mapped else str(ip_network((address, 64), strict=False))
