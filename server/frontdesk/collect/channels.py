"""Channels of arrival, after Google Analytics 4's default channel groups. Pure."""

from collections.abc import Callable

_CLICK_IDS = {
    "gclid": ("google", "cpc"),
    "msclkid": ("bing", "cpc"),
    "bd_vid": ("baidu", "cpc"),
    "fbclid": ("facebook", "social"),
}
_SEARCH = {
    "google": "google",
    "bing": "bing",
    "baidu": "baidu",
    "duckduckgo": "duckduckgo",
    "yahoo": "yahoo",
    "yandex": "yandex",
    "sogou": "sogou",
    "so.com": "360",
    "ecosia": "ecosia",
}
_SOCIAL = {
    "facebook": "facebook",
    "instagram": "instagram",
    "linkedin": "linkedin",
    "twitter": "twitter",
    "x.com": "twitter",
    "t.co": "twitter",
    "reddit": "reddit",
    "weibo": "weibo",
    "zhihu": "zhihu",
    "weixin.qq": "wechat",
    "wechat": "wechat",
    "xiaohongshu": "xiaohongshu",
    "douyin": "douyin",
    "youtube": "youtube",
}
_PAID = ("cpc", "ppc", "cpm", "cpv", "paid", "retargeting")


def channel(source: dict[str, str]) -> str:
    """The channel of a source, after Google Analytics 4's default channel groups.

    >>> channel({"source": "google", "medium": "cpc"})
    'paid_search'
    >>> channel({})
    'direct'
    """
    if not source:
        return "direct"
    name, medium = source.get("source", "").lower(), source.get("medium", "").lower()
    return next(group for group, matches in _CHANNELS if matches(name, medium))


def _paid(medium: str) -> bool:
    return medium.startswith(_PAID)


_CHANNELS: tuple[tuple[str, Callable[[str, str], bool]], ...] = (
    ("paid_search", lambda source, medium: _paid(medium) and _known(_SEARCH, source) is not None),
    ("paid_social", lambda source, medium: _paid(medium) and _known(_SOCIAL, source) is not None),
    ("display", lambda _source, medium: medium in {"display", "banner", "expandable", "interstitial", "cpm"}),
    ("paid_other", lambda _source, medium: _paid(medium)),
    (
        "organic_search",
        lambda source, medium: medium == "organic" or (not medium and _known(_SEARCH, source) is not None),
    ),
    (
        "organic_social",
        lambda source, medium: medium in {"social", "social-network", "sm"} or _known(_SOCIAL, source) is not None,
    ),
    ("email", lambda source, medium: "email" in {source, medium} or medium in {"e-mail", "newsletter"}),
    ("affiliates", lambda _source, medium: medium == "affiliate"),
    ("sms", lambda source, medium: "sms" in {source, medium}),
    ("offline", lambda _source, medium: medium in {"offline", "qr", "print", "event"}),
    ("referral", lambda _source, _medium: True),
)


def source_of_click(query: dict[str, str]) -> dict[str, str]:
    """Source and medium of the click id that stands in a query, if one does."""
    pair = next((pair for key, pair in _CLICK_IDS.items() if query.get(key)), None)
    return {"source": pair[0], "medium": pair[1]} if pair else {}


def source_of_host(host: str) -> dict[str, str]:
    """Source and medium of a site that links here."""
    search, social = _known(_SEARCH, host), _known(_SOCIAL, host)
    if search:
        return {"source": search, "medium": "organic"}
    return {"source": social, "medium": "social"} if social else {"source": host, "medium": "referral"}


def _known(names: dict[str, str], text: str) -> str | None:
    """The name whose domain label stands in `text`: “www.google.de” is google, “notgoogle.de” is not."""
    labels = f".{text}."
    return next((name for label, name in names.items() if f".{label}." in labels), None)
