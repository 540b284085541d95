"""What a site does not take: each question as a table of its edges."""

from ipaddress import IPv4Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.accounts.site_rules import SiteRules, checked
from frontdesk.collect.door.filters import consents, ignored, is_bot, is_staff, origin_allowed
from frontdesk.collect.refusals import Dropped
from tests.server.collect.conftest import CHROME

ANYWHERE = SiteRules()


def rules(**lists: list[str]) -> SiteRules:
    return SiteRules(**{name: tuple(entries) for name, entries in checked(lists).items()})


SHOP = rules(origins=["https://shop.example", "*.bell.example", "http://localhost:3000", "https://bücher.example"])
ORIGINS = [
    ("https://shop.example", True),
    ("HTTPS://SHOP.EXAMPLE", True),
    ("http://shop.example", False),
    ("https://shop.example:8443", False),
    ("https://www.shop.example", False),
    ("https://evilshop.example", False),
    ("https://shop.example.evil.example", False),
    ("https://a.bell.example", True),
    ("http://a.b.bell.example:8080", True),
    ("https://bell.example", False),
    ("https://evilbell.example", False),
    ("https://evil.example/.bell.example", False),
    ("https://evil.example?.bell.example", False),
    ("https://x.bell.example@evil.example", False),
    ("http://localhost:3000", True),
    ("http://localhost:3001", False),
    ("https://xn--bcher-kva.example", True),
    ("null", False),
    ("", False),
    (None, True),
]


@pytest.mark.parametrize(("origin", "allowed"), ORIGINS)
def test_a_key_works_in_the_pages_of_its_origins(origin: str | None, *, allowed: bool) -> None:
    assert origin_allowed(origin, SHOP) is allowed
    assert origin_allowed(origin, ANYWHERE) is True


OFFICE = rules(ignore_ips=["203.0.113.7", "10.0.0.0/8", "198.51.100.128/25", "2001:db8:1::/48", "2001:db8:2::5"])
ADDRESSES = [
    ("203.0.113.7", True),
    ("203.0.113.8", False),
    ("10.255.0.1", True),
    ("11.0.0.1", False),
    ("198.51.100.128", True),
    ("198.51.100.127", False),
    ("::ffff:203.0.113.7", True),
    ("2001:db8:1:ffff::1", True),
    ("2001:db8:3::1", False),
    ("2001:DB8:2:0::5", True),
    ("2001:db8:2::5%eth0", True),
    ("2001:db8:2::6", False),
    ("office", False),
    ("203.0.113.7, 8.8.8.8", False),
    ("", False),
    (None, False),
]


@pytest.mark.parametrize(("ip", "listed"), ADDRESSES)
def test_nothing_is_taken_from_an_ignored_address(ip: str | None, *, listed: bool) -> None:
    assert ignored(ip, "/", OFFICE) == (Dropped.IGNORED_IP if listed else None)
    assert ignored(ip, "/", ANYWHERE) is None


@given(
    address=st.ip_addresses(v=4),
    ranges=st.lists(st.tuples(st.ip_addresses(v=4), st.integers(min_value=1, max_value=32)), min_size=1, max_size=6),
)
def test_ranges_hold_what_the_standard_library_says(address: IPv4Address, ranges: list) -> None:
    entries = [f"{base}/{bits}" for base, bits in ranges]
    expected = any(address in ip_network(entry, strict=False) for entry in entries)
    assert (ignored(str(address), None, rules(ignore_ips=entries)) is not None) == expected


BACKSTAGE = rules(ignore_paths=["/admin/**", "/drafts/*/edit", "/价格"])
PATHS = [
    ("/admin", True),
    ("/admin/users/1", True),
    ("/administration", False),
    ("/drafts/7/edit", True),
    ("/drafts/7/8/edit", False),
    ("/价格", True),
    ("/pricing", False),
    (None, False),
]


@pytest.mark.parametrize(("path", "listed"), PATHS)
def test_nothing_is_taken_of_an_ignored_page(path: str | None, *, listed: bool) -> None:
    assert ignored("8.8.8.8", path, BACKSTAGE) == (Dropped.IGNORED_PATH if listed else None)


def test_an_address_is_named_before_a_page() -> None:
    both = rules(ignore_ips=["203.0.113.7"], ignore_paths=["/admin/**"])
    assert ignored("203.0.113.7", "/admin", both) is Dropped.IGNORED_IP


US = rules(staff=["li@shop.example", "@bell.example", "User-42", "ops@partner.example"])
STAFF = [
    ("li@shop.example", None, True),
    ("LI@Shop.Example", None, True),
    ("sam@shop.example", None, False),
    ("anyone@bell.example", None, True),
    ("anyone@sub.bell.example", None, False),
    ("anyone@evilbell.example", None, False),
    (None, "User-42", True),
    (None, "user-42", False),
    (None, "Ops@Partner.example", True),
    (None, "new@bell.example", True),
    ("stranger@web.example", "7", False),
    ("stranger@web.example", "User-42", True),
    (42, None, False),
    (["li@shop.example"], None, False),
    ("", "", False),
    (None, None, False),
]


@pytest.mark.parametrize(("email", "user_id", "staff"), STAFF)
def test_our_own_people_are_known_by_mail_domain_or_user_id(email: object, user_id: str | None, *, staff: bool) -> None:
    assert is_staff(email, user_id, US) is staff
    assert is_staff(email, user_id, ANYWHERE) is False


BOTS = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.1; +https://openai.com/gptbot)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
    "Bytespider; spider-feedback@bytedance.com",
    "facebookexternalhit/1.1",
    "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1",
    "Mozilla/5.0 (Linux; Android 11; moto g power) AppleWebKit/537.36 Chrome/119.0.0.0 Mobile Safari/537.36 "
    "Chrome-Lighthouse",
]
PEOPLE = [
    CHROME,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604",
    "Mozilla/5.0 (Linux; Android 9; CUBOT_X18_Plus) AppleWebKit/537.36 Chrome/74.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 MicroMessenger/8.0.49",
    "python-requests/2.31",
    "Python-urllib/3.11",
    "Java/17.0.1",
    "analytics-node/1.0",
    "",
    None,
]


@pytest.mark.parametrize("user_agent", BOTS)
def test_a_bot_is_known_by_its_name(user_agent: str) -> None:
    assert is_bot(user_agent)


@pytest.mark.parametrize("user_agent", PEOPLE)
def test_people_and_programs_are_no_bots_unless_the_probe_marked_them(user_agent: str | None) -> None:
    assert not is_bot(user_agent)
    assert not is_bot(user_agent, webdriver=None)
    assert is_bot(user_agent, webdriver=True)


OPT_IN = SiteRules(consent="opt_in")


def preferences(**said: object) -> dict[str, object]:
    return {"categoryPreferences": said}


CONSENTS = [
    # what is stated, by the general signal, → at a site that asks first, at one that does not
    (None, False, False, True),
    (None, True, False, False),
    (preferences(Analytics=True), False, True, True),
    (preferences(Analytics=True), True, True, True),
    (preferences(Analytics=False), False, False, False),
    (preferences(analytics=False, Advertising=True), False, False, False),
    (preferences(Advertising=True), False, False, True),
    (preferences(Advertising=False), False, False, True),
    (preferences(Advertising=True), True, False, False),
    (preferences(C0002=True, C0004=False), False, True, True),
    (preferences(statistics=False), False, False, False),
    (preferences(analytics_storage=True), False, True, True),
    (preferences(Analytics=True, performance=False), False, False, False),
    (preferences(Analytics="true"), False, False, True),
    (preferences(Analytics=1), False, False, True),
    (preferences(), False, False, True),
    ({"categoryPreferences": None}, False, False, True),
    ({"categoryPreferences": ["Analytics"]}, False, False, True),
    ({}, False, False, True),
]


@pytest.mark.parametrize(("stated", "gpc", "asked_first", "otherwise"), CONSENTS)
def test_a_stated_choice_goes_before_the_browser_s_and_that_before_the_site_s(
    stated: dict | None, *, gpc: bool, asked_first: bool, otherwise: bool
) -> None:
    assert consents(stated, OPT_IN, gpc=gpc) is asked_first
    assert consents(stated, ANYWHERE, gpc=gpc) is otherwise
