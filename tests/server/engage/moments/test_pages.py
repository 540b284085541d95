"""What a page tells because rules asked for it, and what code says to the rules by name."""

from typing import Any

import pytest

from tests.server.engage.moments.site import Site, tags

PRICING = {"context": {"page": {"url": "https://shop.example/pricing?plan=pro"}}}
ANY_TIME = "repeat: {every: 1s}"


def tell(site: Site, event: str, properties: dict[str, Any], **more: Any) -> None:
    site.page("track", event=event, properties=properties, **{**PRICING, **more})


def test_a_page_is_told_what_to_watch_and_others_are_not(site: Site) -> None:
    site.save(tags("{scroll: {path: /pricing, percent: 50}}", key="read"))
    site.save(tags("{exit_intent: {path: /pricing}}", key="leaves"))
    watch = site.page("page", **PRICING)["watch"]
    assert (watch["scroll"], watch["exit_intent"]) == ([50], True)
    watch = site.page("page", context={"page": {"url": "https://shop.example/docs"}})["watch"]
    assert (watch["scroll"], watch["exit_intent"]) == ([], False)


@pytest.mark.parametrize(
    ("scroll", "before", "acted"),
    [
        (50, 0, ["read"]),
        (100, 49, ["read"]),
        (103, 0, ["read"]),  # pulled beyond its end
        (55.5, None, ["read"]),
        (49, 0, []),
        (90, 50, []),
        ("90", 0, []),
        (True, 0, []),
        (-1, 0, []),
        (1e12, 0, []),
        (None, 0, []),
    ],
)
def test_a_scroll_crosses_a_threshold_once(site: Site, scroll: object, before: object, acted: list[str]) -> None:
    site.save(tags("{scroll: {path: /pricing, percent: 50}}", "when: {page.scroll: {gte: 50}}", key="read"))
    tell(site, "Page Scroll", {"path": "/pricing", "scroll": scroll, "scroll_before": before})
    assert site.acted() == acted


@pytest.mark.parametrize(("path", "acted"), [("/pricing/", ["leaves"]), (None, ["leaves"]), ("/docs", [])])
def test_whoever_is_about_to_leave_a_page_may_be_asked_to_stay(site: Site, path: str | None, acted: list[str]) -> None:
    site.save(tags("{exit_intent: {path: /pricing}}", "when: {page.query: {query_eq: plan=pro}}", key="leaves"))
    tell(site, "Exit Intent", {"path": path, "dwell_ms": 4_000})
    assert site.acted() == acted


def test_what_shows_at_an_exit_comes_with_the_answer(site: Site) -> None:
    site.save("rule: stay\ntrigger: exit_intent\ndo: [{message: {class: marketing, text: {en: Before you go…}}}]")
    site.page("page", **PRICING)
    told = site.page("track", event="Exit Intent", properties={"path": "/pricing"}, **PRICING)
    assert [one["content"]["text"] for one in told["deliveries"]] == ["Before you go…"]


CALLED = tags("{call: offer-help}", "when: {event.plan: pro}", ANY_TIME, key="called")


def test_code_calls_rules_by_name_and_its_arguments_are_what_they_ask_for(site: Site) -> None:
    site.save(CALLED)
    for name, args in (("offer-help", {"plan": "pro"}), ("offer-help", {"plan": "free"}), ("other", {"plan": "pro"})):
        tell(site, "Rule Call", {"name": name, "args": args})
    assert site.acted() == ["called"]


def test_a_server_calls_rules_about_somebody(site: Site) -> None:
    site.save(CALLED)
    site.server("track", userId="u1", event="Rule Call", properties={"name": "offer-help", "args": {"plan": "pro"}})
    assert site.acted() == ["called"]


@pytest.mark.parametrize(
    "properties", [{}, {"name": 7}, {"name": ""}, {"name": ["offer-help"]}, {"name": "offer-help", "args": ["pro"]}]
)
def test_a_call_that_is_none_calls_nobody(site: Site, properties: dict[str, Any]) -> None:
    site.save(CALLED)
    tell(site, "Rule Call", properties)
    assert site.acted() == []


def test_what_a_site_calls_its_own_events_is_up_to_the_site(site: Site) -> None:
    site.save(tags("{event: Page Scrolled}", key="own"))
    tell(site, "Page Scrolled", {"scroll": 90})
    assert site.acted() == ["own"]
