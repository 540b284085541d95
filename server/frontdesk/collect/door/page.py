"""The page of an event, as its browser or its server tells of it."""

from typing import Any

from frontdesk.collect.door.wire import WirePage
from frontdesk.collect.ports import PageSeen
from frontdesk.core.text import clean
from frontdesk_rules.urls import normal_path

_DAY_MS = 86_400_000


def page_seen(page: WirePage) -> PageSeen:
    """The page that somebody is still on."""
    url = clean(page.url or "/", 2000)
    return PageSeen(url, path_of(url), _title(page.title), None, min(max(page.dwell_ms, 0), _DAY_MS))


def page_of(page: WirePage | None, properties: dict[str, Any], *, is_page: bool) -> PageSeen | None:
    """Where an event happened. Page calls of servers have no context: their address is among the properties."""
    url = (page.url if page else None) or (properties.get("url") if is_page else None)
    sound = clean(url, 2000) if isinstance(url, str) else ""
    if not sound:
        return None
    return PageSeen(
        url=sound,
        path=path_of(sound),
        title=_title((page.title if page else None) or properties.get("title")),
        referrer=clean(page.referrer, 2000) if page and page.referrer else None,
        dwell_ms=dwell_ms_of(properties),
    )


def dwell_ms_of(properties: dict[str, Any]) -> int:
    """Visible milliseconds on the path of an event, as it tells."""
    told = properties.get("dwell_ms", 0)
    return told if type(told) is int and 0 <= told < _DAY_MS else 0


def path_of(url: str) -> str:
    """The path of a URL as rules compare it: `/pricing` and `/pricing/` are one page, and so is their visible time."""
    return clean(normal_path(url), 500)


def _title(given: object) -> str | None:
    return clean(given, 300) if isinstance(given, str) and given else None
