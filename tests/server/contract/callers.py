"""A composed server with something of everything in it, and whoever may call it."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from frontdesk.accounts.api_keys import make
from frontdesk.app import House, compose
from frontdesk.core.clock import system_clock
from frontdesk.core.config import load_settings
from frontdesk.core.db import open_database
from frontdesk.core.runtime import Runtime
from frontdesk.core.signals import Bus
from frontdesk.inbox.models import Notification
from tests.server.conftest import Home, seed

URL = "https://shop.example/pricing?utm_source=news&utm_medium=email"
RULE = """rule: hello
trigger: {page: /pricing}
do: [{message: {class: transactional, text: {en: Hello, zh: 你好}}}]
"""
BUSY = """rule: busy
trigger: {event: Tried}
do:
  - tour: first-steps
  - notify: {teammate: olivia@bellshop.example, text: {en: Look, zh: 看}}
  - task: {owner: true, title: {en: Call, zh: 致电}, due: 1d}
  - webhook: https://hooks.example.com/tried
"""
STEPS = {"key": "first-steps", "kind": "tour", "content": {"en": {"steps": [{"text": "Click here"}]}}}


@dataclass(frozen=True)
class Caller:
    """What a caller sends along to prove who it is."""

    headers: dict[str, str]
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class World:
    """The app, its workspace, and what there is by the names under which calls ask for it."""

    house: House
    home: Home
    known: dict[str, str]

    @property
    def app(self) -> Flask:
        return self.house.app

    def callers(self, path: str) -> list[Caller]:
        """Everyone who may call this path."""
        if path.startswith("/v1/"):
            basic = base64.b64encode(f"{self.home.site_key}:".encode()).decode()
            return [Caller({"Authorization": f"Basic {basic}"}), _bearer(self.home.api_key)]
        if path.startswith("/messenger/"):
            return [_bearer(self.known["token"])]
        return [Caller({})] if path == "/api/v1/setup" else [_bearer(self.home.api_key), self._teammate()]

    def _teammate(self) -> Caller:
        """Somebody who signs in just now: one of the calls under test ends the session."""
        login = {"email": "olivia@bellshop.example", "password": "olivia-password"}
        answer = self.app.test_client().post("/api/v1/session", json=login, headers=_SAME_ORIGIN)
        assert answer.status_code == 200, answer.text
        name, _, value = answer.headers["Set-Cookie"].partition(";")[0].partition("=")
        return Caller(_SAME_ORIGIN, {name: value})


def _bearer(key: str) -> Caller:
    return Caller({"Authorization": f"Bearer {key}"})


_SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def build(database_url: str, folder: Path) -> World:
    """Compose it on a migrated, empty database, and let one visitor do one of everything."""
    bus = Bus()
    db = open_database(database_url, bus)
    home = db.write(lambda session: seed(session, datetime.now(UTC)))  # noqa: TID251  tests of calls run by the clock
    house = compose(Runtime(db, system_clock, bus, load_settings(folder)))
    client = house.app.test_client()
    key = {"Authorization": f"Bearer {home.api_key}"}
    _json(client.post("/api/v1/rules", json={"yaml": RULE, "state": "live"}, headers=key))
    template = _json(client.post("/api/v1/templates", json=STEPS, headers=key))["id"]
    _json(client.post("/api/v1/rules", json={"yaml": BUSY, "state": "live"}, headers=key))
    token, delivery = _visit(client, home)
    tried = {"type": "track", "event": "Tried", "anonymousId": "ana"}
    _json(client.post("/v1/batch", json={"writeKey": home.site_key, "batch": [tried]}))
    conversation, person = _talk(client, token, delivery, key)
    letter = _json(client.get("/api/v1/dead_letters", headers=key))["data"][0]["id"]
    merges = _json(client.get("/api/v1/merges", query_string={"person": person}, headers=key))["data"]
    site = _json(client.get("/api/v1/sites", headers=key))["data"][0]["id"]
    spare = db.write(lambda session: make(session, home.id, "to be ended", system_clock()).row.id)
    segment = _json(client.post("/api/v1/segments", json={"key": "vip"}, headers=key))["id"]
    # named by another, so that the calls that would delete it are refused, and leave it to the others
    _json(client.post("/api/v1/segments", json={"key": "few", "condition": "in_segment: vip"}, headers=key))
    known = {
        "template_id": template,
        "task_id": _json(client.get("/api/v1/tasks", headers=key))["data"][0]["id"],
        "parcel_id": _json(client.get("/api/v1/outbox", headers=key))["data"][0]["id"],
        "notification_id": db.read(lambda session: session.scalars(select(Notification.id)).one()),
        "segment_id": segment,
        "simulation_id": _json(client.post("/api/v1/simulations", json={"yaml": RULE}, headers=key))["id"],
        "conversation_id": conversation,
        "person_id": person,
        "delivery_id": delivery,
        "rule_id": _json(client.get("/api/v1/rules", headers=key))["data"][0]["id"],
        "letter_id": letter,
        "merge_id": merges[0]["id"],
        "person": person,
        "token": token,
        "site_id": site,
        "api_key_id": spare,
        "key": home.site_key,
    }
    return World(house, home, known)


def _visit(client: FlaskClient, home: Home) -> tuple[str, str]:
    """A visitor opens a page, is greeted and says who they are; something of it is refused."""
    page = {"type": "page", "anonymousId": "ana", "context": {"page": {"url": URL}}}
    greeted = _json(client.post("/v1/batch", json={"writeKey": home.site_key, "batch": [page]}))
    who = {"anonymousId": "ana", "userId": "u-1", "traits": {"name": "Ana"}, "writeKey": home.site_key}
    client.post("/v1/identify", json=who)
    client.post("/v1/batch", json={"writeKey": home.site_key, "batch": [{"type": "nonsense"}]})
    return greeted["visitor_token"], greeted["deliveries"][0]["id"]


def _talk(client: FlaskClient, token: str, delivery: str, key: dict[str, str]) -> tuple[str, str]:
    said = {"client_id": "first", "body": "Hello", "locale": "en", "delivery": delivery}
    begun = client.post("/messenger/v1/conversations", json=said, headers={"Authorization": f"Bearer {token}"})
    conversation = _json(begun)["conversation"]["id"]
    seen = _json(client.get(f"/api/v1/conversations/{conversation}", headers=key))
    return conversation, seen["person"]["id"]


def _json(answer: Any) -> Any:
    assert answer.status_code < 300, answer.text
    return answer.json
