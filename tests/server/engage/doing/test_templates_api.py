"""Saved texts over HTTP: each kind has its shape, texts are checked as rules' own are, and what is said stays."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.server.conftest import Home
from tests.server.engage.doing.stage import TEXTS

RULE = "rule: r\ntrigger: {event: Signed Up}\ndo: [{tour: first-steps}]\n"


class Desk:
    def __init__(self, client: FlaskClient, home: Home) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {home.api_key}"}

    def ask(self, method: str, path: str, body: Any = None, **query: Any) -> TestResponse:
        return self._client.open(f"/api/v1{path}", method=method, json=body, headers=self._headers, query_string=query)

    def save(self, kind: str, said: Any, key: str = "first-steps") -> TestResponse:
        return self.ask("POST", "/templates", {"key": key, "kind": kind, "content": {"en": said}})


@pytest.fixture
def desk(client: FlaskClient, workspace: Home) -> Desk:
    return Desk(client, workspace)


@pytest.mark.parametrize("kind", TEXTS)
def test_each_kind_is_saved_shown_changed_and_removed(desk: Desk, kind: str) -> None:
    made = desk.save(kind, TEXTS[kind])
    assert made.status_code == 201, made.text
    path = f"/templates/{made.json['id']}"
    assert desk.ask("GET", path).json == made.json
    assert [row["key"] for row in desk.ask("GET", "/templates", kind=kind).json["data"]] == ["first-steps"]
    changed = desk.ask("PUT", path, {"content": {"zh": TEXTS[kind]}})
    assert (changed.status_code, changed.json["content"]) == (200, {"zh": TEXTS[kind]})
    assert desk.ask("DELETE", path).status_code == 204
    assert desk.ask("GET", path).status_code == 404


REFUSED = [
    ("message", {"text": "{{ contact.password }}"}, "content.en.text"),
    ("message", {"text": "{{ contact.name"}, "content.en.text"),
    ("message", {"text": "x" * 2_001}, "content.en.text"),
    ("message", {"text": " "}, "content.en.text"),
    ("message", {"title": "Only a title"}, "content.en.text"),
    ("message", {"text": "Hi", "link": "javascript:alert(1)"}, "content.en.link"),
    ("message", {"text": "Hi", "colour": "red"}, "content.en.colour"),
    ("email", {"subject": "{% for a in b %}", "text": "Hi"}, "content.en.subject"),
    ("survey", {"questions": []}, "content.en.questions"),
    ("survey", {"questions": [{"key": "a", "kind": "stars", "text": "Hi"}]}, "content.en.questions.0.kind"),
    ("survey", {"questions": [{"key": "a", "kind": "choice", "text": "Hi", "choices": ["{{"]}]}, None),
    ("tour", {"steps": [{"title": "No text"}]}, "content.en.steps.0.text"),
    ("tour", {"steps": [{"text": "Hi", "path": "//evil.example"}]}, "content.en.steps.0.path"),
    ("hint", {"text": "Nowhere"}, "content.en.target"),
    ("checklist", {"title": "To do", "items": [{"key": "A b", "text": "Hi"}]}, "content.en.items.0.key"),
]


@pytest.mark.parametrize(("kind", "said", "field"), REFUSED)
def test_what_cannot_be_said_is_refused_with_its_place(desk: Desk, kind: str, said: Any, field: str | None) -> None:
    answer = desk.save(kind, said)
    assert answer.status_code == 422
    assert field in {answer.json["field"], None}
    assert desk.ask("GET", "/templates").json["data"] == []


@pytest.mark.parametrize("body", [
    {"key": "Not A Key", "kind": "message", "content": {"en": {"text": "Hi"}}},
    {"key": "a", "kind": "poem", "content": {"en": {"text": "Hi"}}},
    {"key": "a", "kind": "message", "content": {}},
    {"key": "a", "kind": "message", "content": {"fr": {"text": "Hi"}}},
    {"key": "a\n", "kind": "message", "content": {"en": {"text": "Hi"}}},
])  # fmt: skip
def test_a_template_has_a_key_a_kind_and_a_language(desk: Desk, body: Any) -> None:
    assert desk.ask("POST", "/templates", body).status_code == 422


def test_a_key_is_taken_once(desk: Desk) -> None:
    assert desk.save("message", {"text": "Hi"}).status_code == 201
    answer = desk.save("tour", TEXTS["tour"])
    assert (answer.status_code, answer.json["field"]) == (409, "key")


def test_a_rule_names_only_what_is_saved_of_its_kind(desk: Desk) -> None:
    refused = desk.ask("POST", "/rules", {"yaml": RULE})
    assert refused.status_code == 422
    assert [one["path"] for one in refused.json["errors"]] == ["do[0].tour"]
    desk.save("message", {"text": "Hi"})
    assert desk.ask("POST", "/rules", {"yaml": RULE}).status_code == 422
    desk.save("tour", TEXTS["tour"], key="another")
    assert desk.ask("POST", "/rules", {"yaml": RULE.replace("first-steps", "another")}).status_code == 200


def test_what_a_rule_says_is_not_removed(desk: Desk) -> None:
    path = f"/templates/{desk.save('tour', TEXTS['tour']).json['id']}"
    desk.ask("POST", "/rules", {"yaml": RULE, "state": "live"})
    answer = desk.ask("DELETE", path)
    assert (answer.status_code, answer.json["detail"]) == (409, "It is said by r.")


def test_a_draft_whose_text_was_removed_does_not_go_live(desk: Desk) -> None:
    path = f"/templates/{desk.save('tour', TEXTS['tour']).json['id']}"
    (rule,) = desk.ask("POST", "/rules", {"yaml": RULE}).json["data"]
    assert desk.ask("DELETE", path).status_code == 204
    refused = desk.ask("POST", f"/rules/{rule['id']}/versions/1/state", {"state": "live"})
    assert (refused.status_code, [one["path"] for one in refused.json["errors"]]) == (422, ["do[0].tour"])
    desk.save("tour", TEXTS["tour"])
    assert desk.ask("POST", f"/rules/{rule['id']}/versions/1/state", {"state": "live"}).json["state"] == "live"


def test_another_workspace_s_texts_do_not_exist(desk: Desk, client: FlaskClient, other_workspace: Home) -> None:
    path = f"/templates/{desk.save('tour', TEXTS['tour']).json['id']}"
    elsewhere = Desk(client, other_workspace)
    assert elsewhere.ask("GET", "/templates").json["data"] == []
    for method, body in (("GET", None), ("PUT", {"content": {"en": TEXTS["tour"]}}), ("DELETE", None)):
        assert elsewhere.ask(method, path, body).status_code == 404
    assert desk.ask("GET", path).status_code == 200
