"""Where people come from: the channel of every kind of source, and what an address says of it."""

import pytest

from frontdesk.collect.ports import PageSeen
from frontdesk.collect.sources.channels import CHANNELS, channel_of
from frontdesk.collect.sources.clicks import CLICK_IDS
from frontdesk.collect.sources.sites import SITES, site_at, site_named
from frontdesk.collect.sources.touches import Touch, campaign_of, touch_of

SHOP = "https://shop.example/"
ROWS = (  # source, medium, campaign → channel, as Google's table of manual traffic has them, in its order
    ("", "", "", "direct"),
    ("(direct)", "(none)", "", "direct"),
    ("direct", "(not set)", "", "direct"),
    ("google", "cpc", "q3-cross-network-de", "cross_network"),
    ("amazon", "cpc", "", "paid_shopping"),
    ("ebay.co.uk", "paid", "", "paid_shopping"),
    ("google", "ppc", "summer-shop", "paid_shopping"),
    ("google", "cpc", "google shopping", "paid_shopping"),
    ("google", "cpc", "eshop", "paid_shopping"),
    ("google", "cpc", "workshop", "paid_search"),
    ("bing", "retargeting", "", "paid_search"),
    ("baidu.com", "paid-search", "", "paid_search"),
    ("yahoo.co.jp", "cpc", "", "paid_search"),
    ("facebook", "paid_social", "", "paid_social"),
    ("ig", "cpc", "", "paid_social"),
    ("小红书", "cpc", "", "paid_social"),
    ("youtube.com", "cpv", "", "paid_video"),
    ("douyin", "cpc", "", "paid_video"),
    ("dv360", "display", "", "display"),
    ("network", "banner", "", "display"),
    ("network", "expandable", "", "display"),
    ("network", "interstitial", "", "display"),
    ("network", "cpm", "", "display"),
    ("google", "cpm", "", "paid_search"),
    ("partner", "cpa", "", "paid_other"),
    ("chatgpt", "cpc", "", "paid_other"),
    ("perplexity.ai", "referral", "", "ai_assistant"),
    ("anything", "ai-assistant", "", "ai_assistant"),
    ("豆包", "", "", "ai_assistant"),
    ("etsy", "referral", "", "organic_shopping"),
    ("newsletter", "email", "spring-shop", "organic_shopping"),
    ("weibo", "", "", "organic_social"),
    ("partner", "social-media", "", "organic_social"),
    ("partner", "social network", "", "organic_social"),
    ("partner", "sm", "", "organic_social"),
    ("t.co", "referral", "", "organic_social"),
    ("bilibili", "", "", "organic_video"),
    ("partner", "in-video", "", "organic_video"),
    ("google", "", "", "organic_search"),
    ("unknown-engine", "organic", "", "organic_search"),
    ("blog.example", "referral", "", "referral"),
    ("partner", "app", "", "referral"),
    ("partner", "link", "", "referral"),
    ("email", "", "", "email"),
    ("letter", "e-mail", "", "email"),
    ("letter", "e_mail", "", "email"),
    ("letter", "E Mail", "", "email"),
    ("letter", "newsletter", "", "email"),
    ("partner", "affiliate", "", "affiliates"),
    ("podcast", "audio", "", "audio"),
    ("sms", "", "", "sms"),
    ("partner", "SMS", "", "sms"),
    ("app", "web-push", "", "mobile_push"),
    ("app", "mobile-message", "", "mobile_push"),
    ("app", "notification", "", "mobile_push"),
    ("firebase", "", "", "mobile_push"),
    ("fair", "offline", "", "offline"),
    ("booth-7", "QR", "", "offline"),
    ("booth-7", "二维码", "", "offline"),
    ("offline", "", "", "offline"),
    ("partner", "", "", "unassigned"),
    ("", "", "spring", "unassigned"),
)


@pytest.mark.parametrize(("source", "medium", "campaign", "channel"), ROWS)
def test_each_source_comes_by_the_channel_of_google_s_table(
    source: str, medium: str, campaign: str, channel: str
) -> None:
    assert channel_of(source, medium, campaign) == channel


def test_every_channel_has_a_row_and_a_name_in_both_languages() -> None:
    assert {row[3] for row in ROWS} == {channel.key for channel in CHANNELS}
    assert len({(channel.en, channel.zh) for channel in CHANNELS}) == len(CHANNELS)


CLICKS = {
    "paid_search": {"gclid", "gbraid", "wbraid", "msclkid", "yclid", "bd_vid", "qhclickid", "sg_vid", "uctrackid"},
    "organic_search": {"ysclid"},
    "display": {"dclid"},
    "paid_social": {"twclid", "li_fat_id", "rdt_cid", "sccid", "gdt_vid", "qz_gdt"},
    "paid_video": {"ttclid"},
    "organic_social": {"fbclid", "igshid", "igsh", "epik"},
    "paid_other": {"tblci", "dicbo"},
    "email": {"mc_cid", "mkt_tok", "_hsmi", "_kx"},
    "affiliates": {"irclickid", "cjevent", "awc"},
}


@pytest.mark.parametrize("name", CLICK_IDS)
def test_each_click_id_tells_source_medium_and_channel(name: str) -> None:
    touch = named(f"{SHOP}?{name.upper()}=a1")
    assert (touch["source"], touch["medium"]) == CLICK_IDS[name]
    assert touch["click_ids"] == {name: "a1"}
    assert touch["channel"] == next(channel for channel, names in CLICKS.items() if name in names)


REFERRERS = (
    ("https://www.google.co.uk/search", "google", "organic", "organic_search"),
    ("https://google.com.hk/", "google", "organic", "organic_search"),
    ("android-app://com.google.android.googlequicksearchbox/", "google", "organic", "organic_search"),
    ("https://m.baidu.com/s?wd=x", "baidu", "organic", "organic_search"),
    ("https://www.so.com/", "360", "organic", "organic_search"),
    ("https://notgoogle.com/", "notgoogle.com", "referral", "referral"),
    ("http://[2001:DB8::1]:8080/links", "[2001:db8::1]", "referral", "referral"),
    ("http://203.0.113.9:8080/links", "203.0.113.9", "referral", "referral"),
    ("https://google.evil.com/", "google.evil.com", "referral", "referral"),
    ("https://google.com.evil.net/", "google.com.evil.net", "referral", "referral"),
    ("https://docs.google.com/d", "docs.google.com", "referral", "referral"),
    ("https://gemini.google.com/", "gemini", "ai-assistant", "ai_assistant"),
    ("https://chat.deepseek.com/", "deepseek", "ai-assistant", "ai_assistant"),
    ("https://mail.google.com/mail", "gmail", "email", "email"),
    ("https://l.facebook.com/l.php", "facebook", "social", "organic_social"),
    ("https://mp.weixin.qq.com/s/x", "wechat", "social", "organic_social"),
    ("https://channels.weixin.qq.com/", "wechat-channels", "video", "organic_video"),
    ("https://tieba.baidu.com/p/1", "tieba", "social", "organic_social"),
    ("https://www.bilibili.com/video", "bilibili", "video", "organic_video"),
    ("https://www.amazon.co.jp/", "amazon", "referral", "organic_shopping"),
    ("https://www.Blog.Example:8443/post", "blog.example", "referral", "referral"),
)


@pytest.mark.parametrize(("referrer", "source", "medium", "channel"), REFERRERS)
def test_a_site_that_links_here_is_known_by_its_domain(referrer: str, source: str, medium: str, channel: str) -> None:
    touch = named(SHOP, referrer)
    assert touch == {"channel": channel, "source": source, "medium": medium, "referrer": referrer, "via": "referrer"}


@pytest.mark.parametrize(
    "referrer",
    [
        "https://shop.example/cart",
        "https://www.shop.example/",
        "https://blog.shop.example/",
        "https://checkout.stripe.com/pay",
        "https://accounts.google.com/",
        "http://localhost:3000/",
        "about:blank",
        "://",
    ],
)
def test_neither_the_site_itself_nor_a_passage_is_a_source(referrer: str) -> None:
    assert touch_of(PageSeen(SHOP, "/", None, referrer), {}) is None


def test_the_sites_of_one_owner_are_one_site() -> None:
    page = PageSeen(SHOP, "/", None, "https://app.bell.example/")
    assert touch_of(page, {}, ("https://bell.example", "*.bells.example")) is None
    assert touch_of(page, {}, ("https://hell.example",)) is not None


TIDY = (
    ("?utm_source=%20Google%20&UTM_MEDIUM=CPC", {"source": "google", "medium": "cpc"}),
    ("?utm_source=a&utm_source=b&utm_medium=", {"source": "a"}),
    ("?utm_source=a&utm_campaign=Spring++Sale%00", {"source": "a", "campaign": "Spring Sale"}),
    ("?utm_source=a&utm_id=7&utm_source_platform=Ads", {"source": "a", "campaign_id": "7", "platform": "Ads"}),
    ("?utm_source=a&utm_term=bell&utm_content=top", {"source": "a", "term": "bell", "content": "top"}),
    ("?utm_campaign=s&gclid=1", {"source": "google", "medium": "cpc", "campaign": "s", "click_ids": {"gclid": "1"}}),
    ("?utm_source=letter&fbclid=1", {"source": "letter", "click_ids": {"fbclid": "1"}}),
    ("?fd_code=EXPO24", {"source": "offline", "medium": "offline", "campaign": "EXPO24", "code": "EXPO24"}),
    (
        "?fd_code=B7&utm_source=fair&utm_medium=qr&utm_campaign=expo",
        {"source": "fair", "medium": "qr", "campaign": "expo", "code": "B7"},
    ),
)


@pytest.mark.parametrize(("query", "said"), TIDY)
def test_what_an_address_says_is_kept_tidy(query: str, said: Touch) -> None:
    touch = named(SHOP + query)
    assert {key: value for key, value in touch.items() if key not in {"channel", "via"}} == said


def test_offline_codes_come_by_the_channel_offline() -> None:
    assert named(f"{SHOP}?fd_code=EXPO24&utm_medium=cpc")["channel"] == "offline"
    assert touch_of(None, {"source": "Fair", "medium": "print"}) == {
        "channel": "offline", "source": "fair", "medium": "print", "via": "utm",
    }  # fmt: skip


@pytest.mark.parametrize(
    "url", [SHOP, f"{SHOP}?plan=pro&note=utm_source", "/", "?", "http://[", f"{SHOP}?utm_source=+"]
)
def test_an_address_without_a_source_names_none(url: str) -> None:
    assert touch_of(PageSeen(url, "/"), {}) is None


MANY = "&".join(f"p{number}=1" for number in range(150))
WHEREVER = [
    f"?utm_source=news&{MANY}",
    "#/plans?utm_source=news",
    f"?{MANY}#/plans?a=1&utm_source=news",
    "?utm_source=news#/plans?utm_source=another",
]


@pytest.mark.parametrize("where", WHEREVER)
def test_a_source_is_found_among_many_parameters_and_in_a_route_behind_the_hash(where: str) -> None:
    touch = touch_of(PageSeen(SHOP + where, "/"), {})
    assert touch is not None
    assert touch["source"] == "news"


def test_only_another_campaign_or_another_click_is_a_new_campaign() -> None:
    spring = named(f"{SHOP}?utm_source=letter&utm_campaign=Spring")
    assert campaign_of(named(f"{SHOP}prices?UTM_SOURCE=Letter&utm_campaign=spring&page=2")) == campaign_of(spring)
    others = (
        "utm_source=letter&utm_campaign=Autumn",
        "utm_source=letter&utm_campaign=Spring&gclid=1",
        "gclid=1",
        "gclid=2",
    )
    assert len({campaign_of(named(f"{SHOP}?{query}")) for query in others} - {campaign_of(spring)}) == 4
    assert campaign_of(named(SHOP, "https://blog.example/")) is None
    inside = named(f"{SHOP}sale?utm_source=home", SHOP)
    assert (inside["internal"], campaign_of(inside)) == (True, None)


def test_no_site_is_there_twice() -> None:
    words = [word for text in SITES.values() for line in text.strip().splitlines() for word in line.split()]
    names = [line.split()[0] for text in SITES.values() for line in text.strip().splitlines()]
    again = {word for word in words if words.count(word) > 1}
    assert again == {name for name in names if names.count(name) > 1}
    assert all(site_at(word) for word in words if "." in word and "*" not in word)
    assert all(site_named(word) for word in words if "." not in word)


def named(url: str, referrer: str | None = None) -> Touch:
    touch = touch_of(PageSeen(url, "/", None, referrer), {})
    assert touch is not None
    return touch
