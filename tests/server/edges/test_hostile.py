"""What nobody sends by accident, sent to every route of the app: no answer is ever our fault."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from frontdesk.app import compose
from frontdesk.core.runtime import Runtime
from tests.server.conftest import Home

HOSTILE_VALUES = ("\x00", "a\x00b", "1.\x00", "team:\x00", "MToA", "999999999999999.x", "٣.x", "9" * 5000, "%", "'", "")
ASKED = ("cursor", "q", "name", "rule", "person", "view", "limit", "after", "token", "key", "online", "\x00")
HOSTILE_PATHS = ("%00", "x%00", "%ED%A0%80", "%FF", "%F0%9F%92%A9", "9" * 3000, "..%2f..", "%25s", "'")
HOSTILE_BODIES = {
    "nested lists": b"[" * 100_000,
    "nested objects": b'{"a":' * 100_000,
    "nested, closed": b"[" * 990 + b"]" * 990,
    "nothing": b"",
    "half": b'{"client_id": ',
    "no object": b"[]",
    "null": b"null",
    "text": b'"\\ud800"',
    "not UTF-8": b'{"a": "\xff"}',
    "not a number": b'{"seq": NaN}',
    "no end of digits": b'{"seq": ' + b"9" * 5_000 + b"}",
    "infinite": b'{"seq": 1e999}',
    "a name with a NUL": b'{"\\u0000": 1}',
    "a name with half a letter": b'{"\\ud800": 1}',
}
WORDS = ("\x00", "\ud800", "a\x00b", "\u200b", "x" * 20_000)
FIELDS = (
    "client_id", "body", "delivery", "locale", "person", "teammate", "team", "kind", "yaml", "email", "password",
    "token", "workspace", "name", "language", "seq", "online",
)  # fmt: skip


@dataclass(frozen=True)
class Call:
    """One request, and how a failing test shows it."""

    method: str
    path: str
    body: bytes | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path[:90]} {(self.body or b'')[:90]!r}"


def routes(client: FlaskClient) -> list[Rule]:
    return [rule for rule in client.application.url_map.iter_rules() if rule.endpoint != "static"]


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})


def filled(rule: Rule, value: str) -> str:
    """The rule's path with `value` for each variable; `any(seen, …)` takes its first word."""
    return re.sub(r"<(?:any\((\w+)[^>]*)?[^>]*>", lambda found: found[1] or value, rule.rule)


def paths(rule: Rule) -> Iterator[Call]:
    if rule.arguments:
        for hostile in HOSTILE_PATHS:
            yield from (Call(method, filled(rule, hostile), b"{}") for method in methods(rule))


def queries(rule: Rule) -> Iterator[Call]:
    if "GET" in methods(rule):
        for name in (
            "cursor",
            "q",
            "name",
            "rule",
            "person",
            "view",
            "limit",
            "after",
            "token",
            "key",
            "online",
            "\x00",
        ):
            for value in HOSTILE_VALUES:
                yield Call("GET", f"{filled(rule, 'x')}?{urlencode({name: value})}")


def bodies(rule: Rule, known: dict[str, str]) -> Iterator[Call]:
    usual: dict[str, Any] = {"client_id": "c1", "body": "Hello", "seq": 1, "kind": "message", "email": "a@b.example",
                             "password": "a long password", "person": known["person"], "yaml": "rule: a"}  # fmt: skip
    for method in methods(rule):
        if method == "GET":
            continue
        path = filled(rule, known["conversation"] if "conversation_id" in rule.arguments else known["delivery"])
        yield from (Call(method, path, body) for body in HOSTILE_BODIES.values())
        for name in FIELDS:
            for value in (*WORDS, 10**30, -1, [], {"a": []}, None, True):
                yield Call(method, path, json.dumps(usual | {name: value}).encode())
        for page in ({"url": "https://a.example/\ud800", "title": "\x00"}, {"url": "http://[", "dwell_ms": 10**30}):
            asked = usual | {"client_id": f"p{len(json.dumps(page))}", "page": page}
            del asked["seq"], asked["kind"], asked["email"], asked["password"], asked["person"], asked["yaml"]
            yield Call(method, path, json.dumps(asked).encode())


@pytest.fixture
def client(runtime: Runtime) -> FlaskClient:
    """In front of a server that shows every page there is, the demo's shop too."""
    return compose(replace(runtime, settings=replace(runtime.settings, demo=True))).app.test_client()


@pytest.fixture
def known(client: FlaskClient, workspace: Home) -> dict[str, str]:
    """A visitor with a token and a conversation, made through the front door."""
    batch = {"writeKey": workspace.site_key, "batch": [{"type": "page", "anonymousId": "ana", "messageId": "m1",
             "context": {"page": {"url": "https://shop.example/"}}}]}  # fmt: skip
    token = client.post("/v1/batch", json=batch).json["visitor_token"]
    headers = {"Authorization": f"Bearer {token}"}
    asked = {"client_id": "first", "body": "Hello"}
    begun = client.post("/messenger/v1/conversations", json=asked, headers=headers).json["conversation"]["id"]
    inside = client.get(f"/api/v1/conversations/{begun}", headers={"Authorization": f"Bearer {workspace.api_key}"})
    return {"token": token, "conversation": begun, "delivery": "dlv_none", "person": inside.json["person"]["id"]}


def parts_of(known: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Where the visitor writes, and with which headers."""
    path = f"/messenger/v1/conversations/{known['conversation']}/parts"
    return path, {"Authorization": f"Bearer {known['token']}"}


@pytest.mark.parametrize("kind", ["paths", "queries", "bodies"])
def test_no_input_to_any_route_is_answered_with_our_fault(
    client: FlaskClient, workspace: Home, known: dict[str, str], kind: str
) -> None:
    makers = {"paths": paths, "queries": queries, "bodies": lambda rule: bodies(rule, known)}
    calls = [(rule, call) for rule in routes(client) for call in makers[kind](rule)]
    assert len(calls) > 100
    ours = []
    for rule, call in calls:
        key = known["token"] if rule.rule.startswith("/messenger") else workspace.api_key
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        answer = client.open(call.path, method=call.method, data=call.body, headers=headers)
        if answer.status_code >= 500:
            ours.append(f"{answer.status_code} {call}")
    assert ours == []


REFUSED = [
    ("/api/v1/people/x%00", 404, "not_found", None),
    ("/api/v1/people?q=a%00", 422, "invalid", "q"),
    ("/api/v1/people?cursor=999999999999999.x", 422, "invalid", "cursor"),
    ("/api/v1/events?cursor=999999999999999.x", 422, "invalid", "cursor"),
    ("/api/v1/events?cursor=%D9%A3.x", 422, "invalid", "cursor"),
    ("/api/v1/events?cursor=1.%00", 422, "invalid", "cursor"),
    ("/api/v1/decisions?cursor=x", 422, "invalid", "cursor"),
    ("/api/v1/conversations?view=team:%00", 422, "invalid", "view"),
    ("/api/v1/conversations?view=all&cursor=MToA", 422, "invalid", "cursor"),
]


@pytest.mark.parametrize(("path", "status", "code", "field"), REFUSED)
def test_an_address_that_holds_no_text_is_refused_with_its_field(
    client: FlaskClient, workspace: Home, path: str, status: int, code: str, field: str | None
) -> None:
    answer = client.get(path, headers={"Authorization": f"Bearer {workspace.api_key}"})
    assert (answer.status_code, answer.json["code"], answer.json.get("field")) == (status, code, field)


def test_a_body_that_is_too_deep_or_no_json_is_malformed(client: FlaskClient, known: dict[str, str]) -> None:
    path, headers = parts_of(known)
    for name in ("nested lists", "nested objects", "half", "not UTF-8", "not a number", "no end of digits"):
        answer = client.post(path, data=HOSTILE_BODIES[name], headers=headers, content_type="application/json")
        assert (name, answer.status_code, answer.json["code"]) == (name, 400, "malformed")


def test_half_an_emoji_does_not_cost_the_message(client: FlaskClient, known: dict[str, str]) -> None:
    path, headers = parts_of(known)
    page = {"url": "https://shop.example/\ud800", "title": "Sale \ud83d"}
    said = {"client_id": "half", "body": "Is it on sale\x00? \ud83d", "page": page}
    answer = client.post(path, data=json.dumps(said), headers=headers, content_type="application/json")
    assert (answer.status_code, answer.json["body"]) == (201, "Is it on sale?")


@pytest.mark.parametrize("blank", [" \n\t", "\u200b\u200d", "\u3000\ufeff", "\u2060 \u00a0", "\u00ad"])
def test_a_message_that_nobody_could_see_is_refused(client: FlaskClient, known: dict[str, str], blank: str) -> None:
    path, headers = parts_of(known)
    answer = client.post(path, json={"client_id": "blank", "body": blank}, headers=headers)
    assert (answer.status_code, answer.json["field"]) == (422, "body")
