"""Where a person came from: what the address, the campaign and the referrer of an event say of it. Pure.

Campaigns are `utm_source`, `_medium`, `_campaign`, `_term`, `_content`, `_id`, `_source_platform`, or the same in
`context.campaign`; click ids as in `clicks`. What is printed, spoken or shown carries a code: `?fd_code=EXPO24` in the
address behind its QR code is the channel `offline` with the campaign EXPO24; `utm_medium=qr`, `print`, `event` … and
`utm_source=offline` are offline as well.
"""

import re
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from frontdesk.collect.ports import PageSeen
from frontdesk.collect.sources.channels import channel_of
from frontdesk.collect.sources.clicks import CLICK_IDS
from frontdesk.collect.sources.sites import site_at
from frontdesk.core.text import clean

Touch = dict[str, Any]
"""channel, source, medium, campaign, term, content, campaign_id, platform, code, click_ids, referrer, and `via`: what
spoke of it, which is utm, code, click or referrer. `internal`: the link stood in the site itself. What has no value is
absent. Never changed in place."""

DIRECT: Final[Touch] = {"channel": "direct"}
_UTM: Final = {
    "utm_source": "source",
    "utm_medium": "medium",
    "utm_campaign": "campaign",
    "utm_term": "term",
    "utm_content": "content",
    "utm_id": "campaign_id",
    "utm_source_platform": "platform",
}
_CODE: Final = "fd_code"
_VOCABULARY: Final = {"source", "medium"}  # words, not names: their case says nothing
_IDENTITY: Final = (*_UTM.values(), "code")
_MEDIA: Final = {"search": "organic", "social": "social", "video": "video", "ai": "ai-assistant", "mail": "email"}
_ARRIVALS: Final = {"utm", "code", "click"}
_MOST_PARAMETERS: Final = 100
_WORTH: Final = re.compile(rf"[?&](?:{'|'.join((*_UTM, _CODE, *CLICK_IDS))})=", re.IGNORECASE)
_HOST: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?(\[[0-9A-Fa-f:.]*\]|[^/?#:]*)")


def touch_of(page: PageSeen | None, campaign: dict[str, str], origins: tuple[str, ...] = ()) -> Touch | None:
    """The source that an event names: campaign or code, else click id, else another site that links here; or None.

    `origins` are the sites of the same owner. A link within them is no source, but may carry one in a redirect.
    """
    if page is None:
        return _touch(None, None, tuple(campaign.items()), origins) if campaign else None
    return _touch(page.url, page.referrer, tuple(campaign.items()), origins)


def campaign_of(touch: Touch) -> tuple[str, ...] | None:
    """What tells one campaign from another; None for a touch that is none, or a link within the site."""
    return identity_of(touch) if touch.get("via") in _ARRIVALS and "internal" not in touch else None


def identity_of(touch: Touch) -> tuple[str, ...]:
    said = tuple(touch.get(key, "").casefold() for key in _IDENTITY)
    return (*said, *(f"{name}={value}" for name, value in sorted(touch.get("click_ids", {}).items())))


def host_of(url: str | None) -> str:
    """Lower case, without port and `www.`; empty where there is none."""
    found = _HOST.match(url) if url else None
    return found.group(1).lower().rstrip(".").removeprefix("www.") if found else ""


@lru_cache(maxsize=2048)
def _touch(
    url: str | None, referrer: str | None, campaign: tuple[tuple[str, str], ...], origins: tuple[str, ...]
) -> Touch | None:
    linking = host_of(referrer)
    inside = bool(linking) and _same_site(linking, host_of(url), origins)
    query = _query(url)
    said = _said(query, dict(campaign))
    clicks = {name: query[name][:300] for name in CLICK_IDS if name in query}
    via, source = _spoken(said, clicks, "" if inside else linking)
    channel = channel_of(*(source.get(key, "") for key in ("source", "medium", "campaign", "code")))
    if channel == "direct":
        return None
    more = {"click_ids": clicks} if clicks else {}
    origin = {"internal": True} if inside else {"referrer": referrer} if linking else {}
    return {"channel": channel, **source, **more, **origin, "via": via}


def _spoken(said: dict[str, str], clicks: dict[str, str], linking: str) -> tuple[str, dict[str, str]]:
    """What speaks of the source, and what it says."""
    network, medium = CLICK_IDS[next(iter(clicks))] if clicks else ("", "")
    if said:
        if network and said.get("source", network) == network:  # the click tells what the campaign leaves out
            said = {"source": network, "medium": medium, **said}
        return "code" if "code" in said else "utm", said
    if network:
        return "click", {"source": network, "medium": medium}
    return "referrer", _linked(linking)


def _linked(host: str) -> dict[str, str]:
    """Source and medium of a site that links here; none of one where people only log in or pay, nor of a machine next
    door, whose name has no dot. An address of IPv6 is in brackets."""
    if "." not in host and not host.startswith("["):
        return {}
    site = site_at(host)
    if site and site.kind == "passage":
        return {}
    known = site is not None and site.kind != "site"
    return {
        "source": site.name if site and known else host,
        "medium": _MEDIA.get(site.kind if site else "", "referral"),
    }


def _said(query: dict[str, str], campaign: dict[str, str]) -> dict[str, str]:
    """What the campaign of an address or of a context says, tidy; the context's words hold."""
    given = {name: query[key] for key, name in _UTM.items() if key in query} | campaign
    if _CODE in query:
        given = {"source": "offline", "medium": "offline", "campaign": query[_CODE], **given, "code": query[_CODE]}
    tidy = {name: " ".join(value.split()) for name, value in given.items()}
    return {name: value.lower() if name in _VOCABULARY else value for name, value in tidy.items() if value}


def _query(url: str | None) -> dict[str, str]:
    """The parameters of an address, if any of them matters; names in lower case, of several the first.

    Those of a route behind the hash (`#/plans?utm_source=x`) come after those before it.
    """
    if not url or not _WORTH.search(url):
        return {}
    try:
        parts = urlsplit(url)
    except ValueError:
        return {}
    pairs = [*_pairs(parts.query), *_pairs(parts.fragment.partition("?")[2])]
    # an escaped NUL is text only now
    return {name.lower(): sound for name, value in reversed(pairs) if (sound := clean(value, 300).strip())}


def _pairs(query: str) -> list[tuple[str, str]]:
    """The first of them: an address may be made of nothing else."""
    return parse_qsl("&".join(query.split("&", _MOST_PARAMETERS)[:_MOST_PARAMETERS]))


def _same_site(host: str, own: str, origins: tuple[str, ...]) -> bool:
    return _related(host, own) or any(_related(host, host_of(one) or one.removeprefix("*.")) for one in origins)


def _related(one: str, other: str) -> bool:
    """The same host, or one below the other."""
    return bool(other) and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))
