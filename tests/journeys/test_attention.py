"""A page that is read far enough, or about to be left: the browser tells, and the answer brings what a rule says."""

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Visitor
from tests.running import Server

READ = """
rule: read-the-docs
trigger: {scroll: {path: /demo/docs, percent: 60}}
do: [{message: {class: support, text: {en: Did you find what you were looking for?}}}]
"""
LEAVES = """
rule: before-you-go
trigger: {exit_intent: {path: /demo/checkout}}
do: [{message: {class: support, text: {en: Before you go… may we help?}}}]
"""


@pytest.fixture
def attentive(server: Server) -> None:
    for text in (READ, LEAVES):
        answer = server.api("POST", "/rules", json={"yaml": text, "state": "live"})
        assert answer.ok, answer.text


def test_a_page_that_was_read_far_enough_says_so(visitor: Visitor, attentive: None) -> None:
    visitor.page.set_viewport_size({"width": 1440, "height": 300})
    with visitor.page.expect_response("**/v1/batch"):
        visitor.visit("/demo/docs/")
    expect(visitor.at("card")).to_have_count(0)
    visitor.page.mouse.move(200, 150)
    visitor.page.mouse.wheel(0, 5_000)
    expect(visitor.at("card")).to_contain_text("Did you find what you were looking for?")


def test_whoever_is_about_to_leave_is_asked_before(visitor: Visitor, attentive: None) -> None:
    with visitor.page.expect_response("**/v1/batch"):
        visitor.visit("/demo/checkout/")
    visitor.page.mouse.move(200, 150)
    visitor.page.mouse.move(200, 400)
    expect(visitor.at("card")).to_have_count(0)
    visitor.page.mouse.move(200, -5)
    expect(visitor.at("card")).to_contain_text("Before you go… may we help?")
