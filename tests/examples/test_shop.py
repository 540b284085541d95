"""The demo shop as files: whole in both languages, every link leads somewhere, nothing comes from elsewhere."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

SHOP = Path(__file__).parents[2] / "examples" / "shop"
NAMES = ["", "product", "pricing", "docs", "signup", "checkout"]
LANGUAGES = {"en": "", "zh-Hans": "zh"}
PAGES = {
    (language, name): SHOP / folder / name / "index.html" for language, folder in LANGUAGES.items() for name in NAMES
}
CONSOLE = "/"
EMPHASIS = {"em"}  # Chinese sets a term in quotes where English sets it in italics
PROBE = "/js/{{SITE_KEY}}.js"


class Page(HTMLParser):
    """The tags of one page, with their attributes, in order."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = path.read_text(encoding="utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    def links(self):
        return [
            attributes[name] for _, attributes in self.tags for name in ("href", "src", "action") if name in attributes
        ]


@pytest.fixture(params=PAGES, ids=lambda key: "-".join(filter(None, key)))
def key(request):
    return request.param


@pytest.fixture
def page(key):
    return Page(PAGES[key])


def found(path: str) -> Path | None:
    """The file that answers /demo/…, as a server of clean URLs finds it."""
    place = SHOP / path.removeprefix("/demo").strip("/")
    place = place / "index.html" if place.is_dir() else place
    return place if place.is_file() else None


def test_both_languages_have_the_same_pages_and_no_others():
    assert sorted(SHOP.rglob("*.html")) == sorted(PAGES.values())


def test_a_page_says_its_language_title_and_subject(key, page):
    language, _ = key
    assert page.of("html")[0]["lang"] == language
    assert re.search(r"<title>[^<]{4,}</title>", page.text)
    assert any(meta.get("name") == "description" and meta["content"] for meta in page.of("meta"))
    assert len(page.of("main")) == 1


def test_titles_differ_from_page_to_page():
    titles = [re.search("<title>(.*)</title>", path.read_text(encoding="utf-8"))[1] for path in PAGES.values()]

    assert len(set(titles)) == len(PAGES)


def test_a_page_loads_the_public_script_and_none_inline(page):
    scripts = page.of("script")

    assert [script["src"] for script in scripts if "async" in script] == [PROBE]
    assert all("src" in script for script in scripts)
    assert not [name for _, attributes in page.tags for name in attributes if name == "style" or name.startswith("on")]


def test_every_link_of_a_page_leads_to_a_file_of_the_shop(page):
    for link in page.links():
        if link in {CONSOLE, PROBE}:
            continue
        address = urlsplit(link)
        assert (address.scheme, address.netloc) == ("", ""), link
        target = found(address.path) if address.path else None
        assert target or not address.path, f"{link} leads nowhere"
        if address.fragment and (target is None or target.suffix in {".html", ".svg"}):
            text = target.read_text(encoding="utf-8") if target else page.text
            assert f'id="{address.fragment}"' in text, f"{link} names no place"


def test_a_page_links_to_itself_in_the_other_language(key, page):
    language, name = key
    (switch,) = [link for link in page.of("a") if link.get("data-testid") == "nav-language"]

    assert switch["hreflang"] != language
    assert found(switch["href"]) == PAGES[switch["hreflang"], name]


def test_both_languages_of_a_page_are_built_alike(key):
    _, name = key

    def skeleton(language):
        tags = Page(PAGES[language, name]).tags
        return [(tag, attributes.get("data-testid")) for tag, attributes in tags if tag not in EMPHASIS]

    assert skeleton("en") == skeleton("zh-Hans")


def test_every_picture_has_words_or_is_hidden(page):
    for picture in page.of("svg"):
        assert picture.get("aria-label") or picture.get("aria-hidden") == "true"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_home_page_offers_arrivals_by_campaign(language):
    links = [urlsplit(link) for link in Page(PAGES[language, ""]).links()]

    campaigns = [parse_qs(link.query) for link in links if "utm_source" in link.query]
    assert [campaign["utm_medium"] for campaign in campaigns] == [["email"], ["cpc"]]


@pytest.mark.parametrize("name", ["shop.css", "pages.css", "shop.js", "art.svg", "icon.svg"])
def test_nothing_is_fetched_from_another_host(name):
    text = (SHOP / name).read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")

    assert not re.search(r"https?://|//[a-z]+\.|@import|url\(", text)
