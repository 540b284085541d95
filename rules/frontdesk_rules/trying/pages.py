"""What pretended people know of the page that they are on."""

from collections.abc import Callable, Mapping
from typing import Final

from frontdesk_rules.urls import host_of


def _query(url: str) -> str | None:
    query = url.partition("?")[2].partition("#")[0]
    return f"?{query}" if query else None


# Asked by few rules, and so made of the page's address only then.
OF_URL: Final[Mapping[str, Callable[[str], str | None]]] = {
    "page.url": lambda url: url,
    "page.host": lambda url: host_of(url) or None,
    "page.query": _query,
}
ON_PAGE: Final = frozenset({*OF_URL, "page.title", "page.referrer"})
"""What nobody can say who is on no page."""
