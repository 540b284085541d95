"""Channels of arrival: Google Analytics 4's default channel groups in its order, and one for what came offline.

Source: support.google.com/analytics/answer/9756891, with the AI assistants of May 2026. Beyond it we know more sites,
Chinese ones above all, and some more spellings of media.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from frontdesk.collect.sources.sites import site_named

_NOT_SET: Final = {"", "(none)", "(not set)"}
_PAID: Final = re.compile(r".*cp.*|ppc|retargeting|paid.*")
_SHOP: Final = re.compile(r"(?:^|[^a-df-z])shop|shopping")
_DISPLAY: Final = {"display", "banner", "expandable", "interstitial", "cpm"}
_SOCIAL: Final = {"social", "social-network", "social-media", "sm", "social network", "social media", "社交"}
_EMAIL: Final = {"email", "e-mail", "e_mail", "e mail", "newsletter", "edm", "邮件", "电子邮件"}
_AFFILIATE: Final = {"affiliate", "affiliates", "联盟"}
_SMS: Final = {"sms", "短信"}
_OFFLINE: Final = {
    "offline", "qr", "qr-code", "qr_code", "qrcode", "print", "flyer", "poster", "brochure", "billboard", "event",
    "expo", "fair", "direct-mail", "direct_mail", "tv", "radio",
    "线下", "二维码", "扫码", "展会", "海报", "传单", "名片", "门店", "地推",
}  # fmt: skip


class Source(NamedTuple):
    """What is said of an arrival, in lower case. `code` is that of something offline; `kind` is the site's."""

    name: str
    medium: str
    campaign: str
    code: str
    kind: str
    paid: bool


class Channel(NamedTuple):
    """A channel: its key on the wire, its names for people, and which sources come by it."""

    key: str
    en: str
    zh: str
    takes: Callable[[Source], bool]


def _says_nothing(one: Source) -> bool:
    named = one.campaign or one.code or one.name not in {"direct", *_NOT_SET, "(direct)"}
    return not named and one.medium in _NOT_SET


def _is_offline(one: Source) -> bool:
    return bool(one.code) or one.medium in _OFFLINE or one.name in {"offline", "线下"}


def _shops(one: Source) -> bool:
    return one.kind == "shopping" or _SHOP.search(one.campaign) is not None


def _pushes(one: Source) -> bool:
    mobile = one.medium.endswith("push") or "mobile" in one.medium or "notification" in one.medium
    return mobile or one.name == "firebase"


CHANNELS: Final = (
    Channel("direct", "Direct", "直接访问", _says_nothing),
    Channel("offline", "Offline", "线下", _is_offline),
    Channel("cross_network", "Cross-network", "跨网络广告", lambda one: "cross-network" in one.campaign),
    Channel("paid_shopping", "Paid shopping", "付费购物", lambda one: one.paid and _shops(one)),
    Channel("paid_search", "Paid search", "付费搜索", lambda one: one.paid and one.kind == "search"),
    Channel("paid_social", "Paid social", "付费社交", lambda one: one.paid and one.kind == "social"),
    Channel("paid_video", "Paid video", "付费视频", lambda one: one.paid and one.kind == "video"),
    Channel("display", "Display", "展示广告", lambda one: one.medium in _DISPLAY),
    Channel("paid_other", "Paid, other", "其他付费", lambda one: one.paid),
    Channel("ai_assistant", "AI assistants", "AI 助手", lambda one: one.kind == "ai" or one.medium == "ai-assistant"),
    Channel("organic_shopping", "Organic shopping", "自然购物", _shops),
    Channel("organic_social", "Organic social", "自然社交", lambda one: one.kind == "social" or one.medium in _SOCIAL),
    Channel("organic_video", "Organic video", "自然视频", lambda one: one.kind == "video" or "video" in one.medium),
    Channel(
        "organic_search", "Organic search", "自然搜索", lambda one: one.kind == "search" or one.medium == "organic"
    ),
    Channel("referral", "Referral", "外部链接", lambda one: one.medium in {"referral", "app", "link"}),
    Channel(
        "email", "E-mail", "电子邮件", lambda one: one.kind == "mail" or not _EMAIL.isdisjoint({one.name, one.medium})
    ),
    Channel("affiliates", "Affiliates", "联盟推广", lambda one: one.medium in _AFFILIATE),
    Channel("audio", "Audio", "音频", lambda one: one.medium == "audio"),
    Channel("sms", "SMS", "短信", lambda one: not _SMS.isdisjoint({one.name, one.medium})),
    Channel("mobile_push", "Mobile push", "移动推送", _pushes),
    Channel("unassigned", "Unassigned", "未归类", lambda _one: True),
)


@lru_cache(maxsize=2048)
def channel_of(source: str = "", medium: str = "", campaign: str = "", code: str = "") -> str:
    """The key of the first channel that takes what is said of an arrival; case does not count.

    >>> channel_of("Google", "cpc"), channel_of()
    ('paid_search', 'direct')
    """
    name, medium = source.lower(), medium.lower()
    site = site_named(name)
    paid = _PAID.fullmatch(medium) is not None
    one = Source(name, medium, campaign.lower(), code, site.kind if site else "", paid)
    return next(channel.key for channel in CHANNELS if channel.takes(one))
