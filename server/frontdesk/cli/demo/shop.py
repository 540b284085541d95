"""The demo shop as its visitors see it: pages, prices, and the ways that lead to it. Tables only."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the shop in both languages. `stay`: least, usual and most seconds that people look at it."""

    slug: str
    en: str
    zh: str
    stay: tuple[int, int, int]

    def path(self, language: str) -> str:
        return f"/demo/{'zh/' if language == 'zh' else ''}{self.slug and f'{self.slug}/'}"

    def title(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


PAGES = {
    "home": Page("", "Bellshop: bells for front desks", "铃铛小店：给前台的一只铃", (4, 15, 70)),
    "product": Page("product", "The No. 1 bell · Bellshop", "一号铃 · 铃铛小店", (8, 30, 120)),
    "pricing": Page("pricing", "Pricing · Bellshop", "价格 · 铃铛小店", (8, 35, 170)),
    "docs": Page("docs", "Docs · Bellshop", "使用说明 · 铃铛小店", (15, 80, 320)),
    "signup": Page("signup", "Sign up · Bellshop", "注册 · 铃铛小店", (20, 40, 90)),
    "checkout": Page("checkout", "Checkout · Bellshop", "结算 · 铃铛小店", (15, 35, 130)),
}

FINISHES = ("brass", "lake", "ink")


@dataclass(frozen=True, slots=True)
class Price:
    """What things cost in one language's shop."""

    currency: str
    bell_name: str
    bell: int
    plans: dict[str, tuple[str, int]]


PRICES = {
    "en": Price("EUR", "No. 1 bell", 49, {"lobby": ("Ringlist Lobby", 19), "grand": ("Ringlist Grand", 79)}),
    "zh": Price("CNY", "一号铃", 368, {"lobby": ("来客簿·大堂版", 139), "grand": ("来客簿·华庭版", 579)}),
}


@dataclass(frozen=True, slots=True)
class Origin:
    """A way to the shop: the query of the link, the page it stands on, and how often each language takes it."""

    query: str
    referrer: str | None
    en: int
    zh: int


def _ad(source: str, term: str, click_id: str) -> str:
    return f"utm_source={source}&utm_medium=cpc&utm_campaign=front-desks&utm_term={quote(term)}&{click_id}=demo"


ORIGINS = {
    "direct": Origin("", None, 22, 16),
    "google": Origin("", "https://www.google.com/", 24, 3),
    "google_ads": Origin(_ad("google", "reception bell", "gclid"), "https://www.google.com/", 12, 0),
    "newsletter": Origin("utm_source=newsletter&utm_medium=email&utm_campaign=autumn", None, 15, 9),
    "bing": Origin("", "https://www.bing.com/", 5, 5),
    "linkedin": Origin("", "https://www.linkedin.com/", 5, 0),
    "reddit": Origin("", "https://www.reddit.com/", 3, 0),
    "magazine": Origin("", "https://innkeepers.example/ten-bells-we-like", 8, 0),
    "fair": Origin("utm_source=innkeepers-fair&utm_medium=qr&utm_campaign=fair", None, 4, 0),
    "baidu": Origin("", "https://www.baidu.com/", 0, 24),
    "baidu_ads": Origin(_ad("baidu", "前台服务铃", "bd_vid"), "https://www.baidu.com/", 0, 10),
    "wechat": Origin("utm_source=wechat&utm_medium=social&utm_campaign=moments", "https://mp.weixin.qq.com/", 0, 22),
    "zhihu": Origin("", "https://www.zhihu.com/", 0, 6),
    "xiaohongshu": Origin("", "https://www.xiaohongshu.com/", 0, 7),
}

# How people walk through the shop, and how many of a hundred do it that way.
WALKS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (24, ("home",)),
    (13, ("home", "product")),
    (12, ("home", "pricing")),
    (8, ("home", "product", "pricing")),
    (7, ("pricing", "home", "product")),
    (8, ("docs",)),
    (6, ("home", "docs", "pricing")),
    (11, ("home", "pricing", "signup")),
    (7, ("product", "checkout")),
    (4, ("home", "product", "pricing", "checkout")),
)
