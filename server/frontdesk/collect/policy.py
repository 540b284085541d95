"""Pure decisions about sessions and channels."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from frontdesk.core.text import clean

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=24)
_UTM = {
    "utm_source": "source",
    "utm_medium": "medium",
    "utm_campaign": "campaign",
    "utm_term": "term",
    "utm_content": "content",
}
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
Touch = dict[str, Any]


def starts_new(last_at: datetime, started_at: datetime, at: datetime, *, campaign: bool) -> bool:
    """Whether an event at `at` begins a new session: 30 idle minutes, 24 hours, or a new campaign."""
    return campaign or at - last_at > IDLE or at - started_at > LONGEST


def touch_of(url: str | None, referrer: str | None, campaign: dict[str, str]) -> Touch:
    """Where an arrival came from: UTM, else click id, else referrer, else direct. Keys without a value are absent."""
    query = _query(url)
    utm = {name: query[key] for key, name in _UTM.items() if query.get(key)} | campaign
    click = next((pair for key, pair in _CLICK_IDS.items() if query.get(key)), None)
    source = utm or (click and {"source": click[0], "medium": click[1]}) or _from_referrer(url, referrer)
    touch = {**source, "referrer": referrer, "landing_url": url}
    return {"channel": channel(source), **{key: value for key, value in touch.items() if value}}


def is_campaign(touch: Touch) -> bool:
    """A touch that starts a session of its own: it says source or campaign, or carries a click id."""
    return touch["channel"] not in {"direct", "referral", "organic_search", "organic_social"} or "campaign" in touch


def campaign_key(touch: Touch) -> tuple[Any, ...]:
    return tuple(touch.get(key) for key in ("source", "medium", "campaign", "term", "content"))


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


def _from_referrer(url: str | None, referrer: str | None) -> dict[str, str]:
    host = _host(referrer)
    if not host or host == _host(url):
        return {}
    search, social = _known(_SEARCH, host), _known(_SOCIAL, host)
    if search:
        return {"source": search, "medium": "organic"}
    return {"source": social, "medium": "social"} if social else {"source": host, "medium": "referral"}


def _known(names: dict[str, str], text: str) -> str | None:
    """The name whose domain label stands in `text`: “www.google.de” is google, “notgoogle.de” is not."""
    labels = f".{text}."
    return next((name for label, name in names.items() if f".{label}." in labels), None)


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _query(url: str | None) -> dict[str, str]:
    try:
        pairs = parse_qsl(urlsplit(url or "").query, max_num_fields=100)
    except ValueError:
        return {}
    return {name: clean(value, 200) for name, value in pairs}  # an escaped NUL is text only now
