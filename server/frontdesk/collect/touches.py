"""Where a person came from: what the address, the campaign and the referrer of an event say of it. Pure."""

import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from frontdesk.collect.channels import channel, source_of_click, source_of_host
from frontdesk.collect.ports import PageSeen
from frontdesk.core.text import clean

Touch = dict[str, Any]
"""channel, source, medium, campaign, term, content, referrer…; what has no value is absent.

`via` says what spoke: utm, click, or referrer; `internal` that the link stood in the site itself.
"""

DIRECT: Final[Touch] = {"channel": "direct"}
_UTM = {
    "utm_source": "source",
    "utm_medium": "medium",
    "utm_campaign": "campaign",
    "utm_term": "term",
    "utm_content": "content",
}
_CAMPAIGN = ("source", "medium", "campaign", "term", "content")
_NAMED = {"utm", "click"}


def touch_of(page: PageSeen | None, campaign: dict[str, str], origins: Iterable[str] = ()) -> Touch | None:
    """The source that an event names: UTM or campaign, else click id, else another site that links here; or None.

    `origins` are further sites of the same owner.
    """
    url, referrer = (page.url, page.referrer) if page else (None, None)
    query = _query(url)
    said = {name: query[key] for key, name in _UTM.items() if query.get(key)} | campaign
    host, own = host_of(referrer), host_of(url)
    inside = bool(host) and _same_site(host, own, origins)
    via, source = _source(said, query, "" if inside else host)
    if not source:
        return None
    touch = {"channel": channel(source), **source, "via": via}
    if inside:
        return {**touch, "internal": True}
    return {**touch, "referrer": referrer} if referrer else touch


def campaign_of(touch: Touch) -> tuple[Any, ...] | None:
    """What tells one campaign from another; None for a touch that is none, or a link within the site."""
    return identity_of(touch) if touch.get("via") in _NAMED and "internal" not in touch else None


def identity_of(touch: Touch) -> tuple[Any, ...]:
    return tuple(touch.get(key) for key in _CAMPAIGN)


def _source(said: dict[str, str], query: dict[str, str], host: str) -> tuple[str, dict[str, str]]:
    if said:
        return "utm", said
    click = source_of_click(query)
    if click:
        return "click", click
    return "referrer", source_of_host(host) if host else {}


_HOST = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:]*)")


def host_of(url: str | None) -> str:
    """Lower case, without port and `www.`; empty where there is none."""
    found = _HOST.match(url) if url else None
    return found.group(1).lower().rstrip(".").removeprefix("www.") if found else ""


def _same_site(host: str, own: str, origins: Iterable[str]) -> bool:
    return _related(host, own) or any(_related(host, host_of(one) or one.removeprefix("*.")) for one in origins)


def _related(one: str, other: str) -> bool:
    """The same host, or one below the other."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _query(url: str | None) -> dict[str, str]:
    if not url or "?" not in url:
        return {}
    try:
        pairs = parse_qsl(urlsplit(url).query, max_num_fields=100)
    except ValueError:
        return {}
    return {name: clean(value, 200) for name, value in pairs}  # an escaped NUL is text only now
