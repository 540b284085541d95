"""Two people at two browsers, one server: nothing is faked, and every wait is for something that must happen."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.journeys.chromium import ARGUMENTS, executable
from tests.journeys.people import Teammate, Visitor
from tests.running import Server, running

PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.xdist_group("journeys"))  # they share one server and one browser


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("journeys")) as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """`new_page(locale="zh-CN")`: a browser of its own, whose uncaught errors fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(base_url=server.url, viewport={"width": 1440, "height": 900}, **options)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def visitor(new_page: Callable[..., Page]) -> Visitor:
    return Visitor(new_page())


@pytest.fixture
def sam(new_page: Callable[..., Page], server: Server) -> Teammate:
    """A teammate of Sales, signed in, with the inbox open."""
    teammate = Teammate(new_page())
    teammate.sign_in(next(one for one in server.said["teammates"] if one["email"].startswith("sam")))
    return teammate


@pytest.fixture
def rules(server: Server) -> Callable[[float], None]:
    """`rules(seconds)` makes story C live with this threshold."""

    def save(seconds: float) -> None:
        text = (Path(__file__).with_name("story_c.yaml")).read_text("utf-8")
        answer = server.api("POST", "/rules", json={"yaml": text.replace("SECONDS", str(seconds)), "state": "live"})
        assert answer.ok, answer.text

    return save
