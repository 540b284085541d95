"""What people answer to surveys: checked against what was asked, stored once, heard by rules."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from frontdesk.collect.models import Event
from frontdesk.core.runtime import Runtime
from frontdesk.engage.models import Delivery, Template
from frontdesk.people.models import Visitor
from tests.server.conftest import Home
from tests.server.engage.doing.test_at_work import Site

RULES = """
rule: ask
trigger: {page: /thanks}
do: [{survey: {kind: nps, class: transactional}}]
---
rule: sad
trigger: {event: Survey Answered}
when: {event.score: {lte: 6}}
do: [{tag: detractor}]
"""
FORM = {
    "key": "why",
    "kind": "survey",
    "content": {
        "en": {
            "questions": [
                {"key": "how", "kind": "choice", "text": "How?", "choices": ["well", "badly"]},
                {"key": "stars", "kind": "csat", "text": "Stars?", "optional": True},
                {"key": "why", "kind": "text", "text": "Why?", "optional": True},
            ]
        }
    },
}
FORM_RULE = "rule: ask\ntrigger: {page: /thanks}\ndo: [{survey: {template: why, class: transactional}}]\n"


class Asked(Site):
    """A visitor who has been asked."""

    def ask(self, rules: str) -> None:
        assert self.save(rules).status_code == 200
        page = {"type": "page", "anonymousId": "ana", "context": {"page": {"url": "https://shop.example/thanks"}}}
        told = self.client.post("/v1/batch", json={"writeKey": self.home.site_key, "batch": [page]}).json
        self.token = told["visitor_token"]
        [self.delivery] = told["deliveries"]

    def answer(self, answers: dict[str, Any], delivery: str | None = None, token: str | None = None) -> TestResponse:
        path = f"/messenger/v1/deliveries/{delivery or self.delivery['id']}/answered"
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return self.client.post(path, json={"answers": answers}, headers=headers)

    def said(self) -> list[dict[str, Any]]:
        query = select(Event).where(Event.name == "Survey Answered")
        return self.db.read(lambda session: [row.properties for row in session.scalars(query)])


@pytest.fixture
def asked(runtime: Runtime, workspace: Home) -> Asked:
    return Asked(runtime, workspace)


def test_an_answer_is_an_event_once_and_ends_the_delivery(asked: Asked) -> None:
    asked.ask(RULES)
    for _ in range(2):
        assert asked.answer({"score": 6}).status_code == 204
    [said] = asked.said()
    assert (said["score"], said["survey"], said["delivery"]) == (6, "nps", asked.delivery["id"])
    [row] = asked.rows(Delivery)
    assert (row.state, row.answered_at is not None) == ("answered", True)


@pytest.mark.parametrize(("score", "tags"), [(6, ["detractor"]), (9, [])])
def test_rules_hear_of_it(asked: Asked, score: int, tags: list[str]) -> None:
    asked.ask(RULES)
    asked.answer({"score": score})
    assert [row.tags for row in asked.rows(Visitor)] == [tags]


@pytest.mark.parametrize(
    "answers", [{"score": 11}, {"score": -1}, {"score": "6"}, {"score": True}, {"score": None}, {"mood": 1}, {}]
)
def test_what_is_no_answer_is_refused(asked: Asked, answers: dict[str, Any]) -> None:
    asked.ask(RULES)
    assert asked.answer(answers).status_code == 422
    assert asked.said() == []


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ({"how": "well"}, 204),
        ({"how": "badly", "stars": 5, "why": " Because "}, 204),
        ({"how": "so so"}, 422),
        ({"stars": 5}, 422),
        ({"how": "well", "stars": 6}, 422),
        ({"how": "well", "why": ""}, 422),
        ({"how": ["well"]}, 422),
    ],
)
def test_a_form_takes_what_its_questions_take(asked: Asked, answers: dict[str, Any], status: int) -> None:
    headers = {"Authorization": f"Bearer {asked.home.api_key}"}
    assert asked.client.post("/api/v1/templates", json=FORM, headers=headers).status_code == 201
    asked.ask(FORM_RULE)
    assert asked.answer(answers).status_code == status
    assert [said["how"] for said in asked.said()] == ([answers["how"]] if status == 204 else [])


def form_asking(key: str) -> dict[str, Any]:
    return {**FORM, "content": {"en": {"questions": [{"key": key, "kind": "text", "text": "?"}]}}}


@pytest.mark.parametrize("key", ["delivery", "rule", "survey"])
def test_a_question_may_not_be_called_as_what_an_answer_says_itself(asked: Asked, key: str) -> None:
    headers = {"Authorization": f"Bearer {asked.home.api_key}"}
    answer = asked.client.post("/api/v1/templates", json=form_asking(key), headers=headers)
    assert answer.status_code == 422
    assert asked.client.post("/api/v1/templates", json=form_asking("rules"), headers=headers).status_code == 201


@pytest.mark.parametrize("key", ["delivery", "rule", "survey"])
def test_nor_does_one_that_is_called_so_change_that(asked: Asked, key: str) -> None:
    headers = {"Authorization": f"Bearer {asked.home.api_key}"}
    assert asked.client.post("/api/v1/templates", json=FORM, headers=headers).status_code == 201

    def rename(session: Session) -> None:
        row = session.scalars(select(Template)).one()
        row.content = form_asking(key)["content"]

    asked.db.write(rename)
    asked.ask(FORM_RULE)
    assert asked.answer({key: "forged"}).status_code == 204
    [said] = asked.said()
    assert said["delivery"] == asked.delivery["id"]
    assert "forged" not in said.values()


def test_only_the_visitor_who_was_asked_may_answer(asked: Asked) -> None:
    asked.ask(RULES)
    assert asked.answer({"score": 1}, delivery="dlv_other").status_code == 404
    assert asked.answer({"score": 1}, token="vt_nobody").status_code == 401
    assert asked.said() == []


def test_a_message_asks_nothing(asked: Asked) -> None:
    asked.ask("rule: hi\ntrigger: {page: /thanks}\ndo: [{message: {class: transactional, text: {en: Hi}}}]\n")
    assert asked.answer({"score": 1}).status_code == 409
