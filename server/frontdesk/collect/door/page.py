"""The page of an event, as its browser or its server tells of it."""

from typing import Any

from frontdesk.collect.door.wire import WirePage
from frontdesk.collect.ports import PageSeen
from frontdesk.core.text import clean, cut
from frontdesk_rules.urls import normal_path

_DAY_MS = 86_400_000
_ADDRESS, LONGEST_TITLE = 2_000, 300
_NOWHERE = WirePage()


def page_seen(page: WirePage) -> PageSeen:
    """The page that somebody is still on."""
    url = clean(page.url or "/", _ADDRESS)
    return PageSeen(url, path_of(url), _title(page.title), None, min(max(page.dwell_ms, 0), _DAY_MS))


def page_of(page: WirePage | None, properties: dict[str, Any], *, is_page: bool) -> PageSeen | None:
    """Where an event happened. Page calls of servers have no context: their page is among the properties."""
    url, title, referrer = _told(page or _NOWHERE, properties, is_page=is_page)
    sound = clean(url, _ADDRESS) if url else ""
    if not sound:
        return None
    return PageSeen(
        url=sound,
        path=path_of(sound),
        title=_title(title),
        referrer=clean(referrer, _ADDRESS) if referrer else None,
        dwell_ms=dwell_ms_of(properties),
    )


def cut_of(page: WirePage | None, properties: dict[str, Any], *, is_page: bool) -> list[str]:
    """The fields of which `page_of` keeps only the beginning."""
    told = page or _NOWHERE
    texts = _told(told, properties, is_page=is_page)
    return [
        f"{'context.page' if getattr(told, name) else 'properties'}.{name}"
        for name, text, most in zip(
            ("url", "title", "referrer"), texts, (_ADDRESS, LONGEST_TITLE, _ADDRESS), strict=True
        )
        if text and cut(text, most)
    ]


def _told(page: WirePage, properties: dict[str, Any], *, is_page: bool) -> tuple[str | None, str | None, str | None]:
    """Address, title and referrer, as they were written."""
    own = properties if is_page else {}
    url, title = page.url or own.get("url"), page.title or properties.get("title")
    referrer = page.referrer or own.get("referrer")
    return (
        _searched(url, page.search or own.get("search")) if isinstance(url, str) else None,
        title if isinstance(title, str) else None,
        referrer if isinstance(referrer, str) else None,
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


def _title(given: str | None) -> str | None:
    return clean(given, LONGEST_TITLE) if given else None
