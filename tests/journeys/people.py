"""What a visitor and a teammate do, in their own words. Each step waits for what must follow it."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

STORED = re.compile("^(sent|seen)$")


@dataclass
class Visitor:
    """Somebody in the demo shop. Playwright's locators see into the messenger's open shadow root."""

    page: Page

    def visit(self, path: str) -> None:
        self.page.goto(path)

    def at(self, test_id: str) -> Locator:
        return self.page.get_by_test_id(test_id)

    def open_messenger(self) -> None:
        self.at("launcher").click()
        expect(self.at("panel")).to_be_visible()

    def write_first(self, text: str) -> None:
        """Open the messenger and start a conversation."""
        self.open_messenger()
        self.at("new-message").click()
        self.say(text)

    def say(self, text: str) -> None:
        """Send a message and see it acknowledged by the server."""
        self.at("composer").fill(text)
        self.at("send").click()
        expect(self.message(text)).to_have_attribute("data-state", STORED)

    def message(self, text: str) -> Locator:
        return self.at("message").filter(has_text=text)

    def thread(self) -> list[str]:
        return [text.strip() for text in self.at("message").all_inner_texts()]


@dataclass
class Teammate:
    """Somebody at the console."""

    page: Page

    def at(self, test_id: str) -> Locator:
        return self.page.get_by_test_id(test_id)

    def sign_in(self, account: dict[str, str]) -> None:
        self.page.goto("/login")
        self.at("login-email").fill(account["email"])
        self.at("login-password").fill(account["password"])
        self.at("login-submit").click()
        expect(self.at("view-mine")).to_be_visible()

    def open(self, view: str, words: str) -> None:
        """Open the conversation whose last words these are, in a view of the inbox."""
        self.at(f"view-{view}").click()
        self.at("conversation-row").filter(has_text=words).first.click()
        expect(self.part(words)).to_be_visible()

    def part(self, text: str) -> Locator:
        return self.at("part").filter(has_text=text)

    def reply(self, text: str) -> None:
        self.at("composer").fill(text)
        self.at("send").click()
        expect(self.part(text)).to_be_visible()
