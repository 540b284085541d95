"""The page of an event, as its browser or its server tells of it."""

from typing import Any

from frontdesk.collect.door.wire import WirePage
from frontdesk.collect.ports import PageSeen
from frontdesk.core.text import clean
from frontdesk_rules.urls import normal_path

_DAY_MS = 86_400_000
_NOWHERE = WirePage()


def page_seen(page: WirePage) -> PageSeen:
    """The page that somebody is still on."""
    url = clean(page.url or "/", 2000)
    return PageSeen(url, path_of(url), _title(page.title), None, min(max(page.dwell_ms, 0), _DAY_MS))


def page_of(page: WirePage | None, properties: dict[str, Any], *, is_page: bool) -> PageSeen | None:
    """Where an event happened. Page calls of servers have no context: their page is among the properties."""
    told = page or _NOWHERE
    own = properties if is_page else {}
    url = told.url or own.get("url")
    sound = clean(_searched(url, told.search or own.get("search")), 2000) if isinstance(url, str) else ""
    if not sound:
        return None
    referrer = told.referrer or own.get("referrer")
    return PageSeen(
        url=sound,
        path=path_of(sound),
        title=_title(told.title or properties.get("title")),
        referrer=clean(referrer, 2000) if referrer and isinstance(referrer, str) else None,
        dwell_ms=dwell_ms_of(properties),
    )


def _searched(url: str, search: object) -> str:
    """The address with its query. Some tell it apart, as Segment's `search`, and give an address that has none."""
    if not search or not isinstance(search, str) or "?" in url.partition("#")[0]:
        return url
    address, mark, behind = url.partition("#")
    return f"{address}?{search.removeprefix('?')}{mark}{behind}"


def dwell_ms_of(properties: dict[str, Any]) -> int:
    """Visible milliseconds on the path of an event, as it tells."""
    told = properties.get("dwell_ms", 0)
    return told if type(told) is int and 0 <= told < _DAY_MS else 0


def path_of(url: str) -> str:
    """The path of a URL as rules compare it: `/pricing` and `/pricing/` are one page, and so is their visible time."""
    return clean(normal_path(url), 500)


def _title(given: object) -> str | None:
    return clean(given, 300) if isinstance(given, str) and given else None
