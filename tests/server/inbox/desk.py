"""A workspace with two visitors and three teammates, beside a workspace that must never come into sight."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask.testing import FlaskClient
from flask_smorest import Api
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from frontdesk.accounts.api import session_api
from frontdesk.accounts.auth import COOKIE, identify_caller
from frontdesk.accounts.models import LoginSession, Team, Teammate, TeamMember, Workspace
from frontdesk.core import http
from frontdesk.core.clock import Clock
from frontdesk.core.config import load_settings
from frontdesk.core.db import Database
from frontdesk.core.ids import fingerprint
from frontdesk.core.runtime import Runtime
from frontdesk.core.signals import Bus
from frontdesk.inbox import ports
from frontdesk.inbox.api import inbox_api
from frontdesk.inbox.messenger_api import messenger_api
from frontdesk.inbox.models import Conversation
from frontdesk.inbox.ports import InboxPorts, Opening, StartedFrom
from frontdesk.inbox.signals import ConversationChanged, ConversationRead, ConversationStarted, PartAdded, Typed
from frontdesk.people.models import Visitor

_numbers = count(1)
SIGNALS = (ConversationStarted, PartAdded, ConversationChanged, ConversationRead, Typed)


def build_workspace(session: Session, key: str, now: datetime) -> None:
    """Workspace `wsp_<key>`: teams sales and experts, Li Na and Tom in sales, Ada in experts, Eve who only watches."""
    session.add(Workspace(id=f"wsp_{key}", name=f"Shop {key}", identity_secret="s", created_at=now))
    session.flush()
    for team in ("sales", "experts"):
        name = team.capitalize()
        session.add(Team(id=f"tem_{team}_{key}", workspace_id=f"wsp_{key}", key=team, name=name, created_at=now))
    for name, team, role in (
        ("Li Na", "sales", "member"), ("Tom", "sales", "admin"), ("Ada", "experts", "owner"), ("Eve", None, "viewer")
    ):  # fmt: skip
        who = name.replace(" ", "").lower()
        teammate_id = f"tmt_{who}_{key}"
        session.add(
            Teammate(
                id=teammate_id,
                workspace_id=f"wsp_{key}",
                email=f"{who}@{key}.example",
                name=name,
                role=role,
                password_hash="-",
                created_at=now,
            )
        )
        session.flush()
        login = LoginSession(
            token_hash=fingerprint(f"ls_{who}_{key}"),
            teammate_id=teammate_id,
            created_at=now,
            expires_at=now + timedelta(days=400),
        )
        session.add(login)
        if team:
            session.add(TeamMember(team_id=f"tem_{team}_{key}", teammate_id=teammate_id))
    for letter in ("a", "b"):
        session.add(
            Visitor(
                id=f"vis_{letter}_{key}",
                workspace_id=f"wsp_{key}",
                anonymous_id=letter,
                token_hash=fingerprint(f"vt_{letter}_{key}"),
                attributes={},
                tags=[],
                first_seen_at=now,
                seen_at=now,
            )
        )


@dataclass
class RecordingPorts:
    """The rooms above, as far as the inbox sees them: one delivery to answer, and a note of what was asked."""

    deliveries: dict[str, str] = field(default_factory=lambda: {"dlv_1": "vis_a_1"})
    calls: list[tuple[str, str]] = field(default_factory=list)

    def opening(self, _session: Session, visitor: Visitor, delivery_id: str, _now: datetime) -> Opening | None:
        if self.deliveries.get(delivery_id) != visitor.id:
            return None
        return Opening("Questions about prices?", "Li Na", delivery_id, "rul_1")

    def started(self, _session: Session, found: Conversation, _origin: StartedFrom, _now: datetime) -> None:
        self.calls.append(("started", found.id))

    def replied(self, _session: Session, found: Conversation, _now: datetime) -> None:
        self.calls.append(("replied", found.id))

    def answered(self, _session: Session, found: Conversation, _now: datetime) -> None:
        self.calls.append(("answered", found.id))

    def closed(self, _session: Session, found: Conversation, _now: datetime) -> None:
        self.calls.append(("closed", found.id))


@dataclass
class Desk:
    """The inbox over HTTP: speak as a visitor or as a teammate of a workspace."""

    app: Flask
    db: Database
    clock: Clock
    ports: RecordingPorts
    heard: list[object]

    def visitor(self, path: str, *, as_: str = "a_1", body: Any = None, **query: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer vt_{as_}"}
        return self._ask(self.app.test_client(), "/messenger/v1" + path, headers, body, query)

    def teammate(self, path: str, *, as_: str = "lina_1", body: Any = None, **query: Any) -> TestResponse:
        client = self.app.test_client()
        client.set_cookie(COOKIE, f"ls_{as_}")
        return self._ask(client, "/api/v1" + path, {"Sec-Fetch-Site": "same-origin"}, body, query)

    def _ask(
        self, client: FlaskClient, path: str, headers: dict[str, str], body: Any, query: dict[str, Any]
    ) -> TestResponse:
        if body is None:
            return client.get(path, headers=headers, query_string=query)
        return client.post(path, headers=headers, query_string=query, json=body)

    def started(self, words: str = "Hello", *, as_: str = "a_1", **more: Any) -> str:
        """The id of a new conversation of a visitor."""
        body = {"client_id": f"c{next(_numbers)}", "body": words, "locale": "en"} | more
        answer = self.visitor("/conversations", as_=as_, body=body)
        assert answer.status_code == 201, answer.text
        conversation_id: str = answer.json["conversation"]["id"]  # type: ignore[index]  # it has a body
        return conversation_id

    def says(self, conversation_id: str, words: str, *, as_: str = "a_1") -> dict[str, Any]:
        body = {"client_id": f"c{next(_numbers)}", "body": words}
        part: dict[str, Any] = self.visitor(f"/conversations/{conversation_id}/parts", as_=as_, body=body).json  # type: ignore[assignment]  # it has a body
        return part

    def replies(
        self, conversation_id: str, words: str, *, as_: str = "lina_1", kind: str = "message"
    ) -> dict[str, Any]:
        body = {"client_id": f"c{next(_numbers)}", "body": words, "kind": kind}
        answer = self.teammate(f"/conversations/{conversation_id}/parts", as_=as_, body=body)
        assert answer.status_code == 201, answer.text
        part: dict[str, Any] = answer.json  # type: ignore[assignment]  # it has a body
        return part

    def parts_seen_by_teammates(self, conversation_id: str) -> list[dict[str, Any]]:
        data: list[dict[str, Any]] = self.teammate(f"/conversations/{conversation_id}/parts").json["data"]  # type: ignore[index]  # it has a body
        return data

    def parts_seen_by_visitor(self, conversation_id: str, *, as_: str = "a_1") -> list[dict[str, Any]]:
        data: list[dict[str, Any]] = self.visitor(f"/conversations/{conversation_id}/parts", as_=as_).json["data"]  # type: ignore[index]  # it has a body
        return data

    def summary(self, conversation_id: str, *, as_: str = "lina_1") -> dict[str, Any]:
        found: dict[str, Any] = self.teammate(f"/conversations/{conversation_id}", as_=as_).json  # type: ignore[assignment]  # it has a body
        return found


def open_desk(db: Database, clock: Clock, bus: Bus, folder: Path) -> Desk:
    """A Flask app with nothing but the inbox, over a database that `build_workspace` has filled."""
    app = Flask("inbox")
    app.config |= {"API_TITLE": "t", "API_VERSION": "1", "OPENAPI_VERSION": "3.1.0"}
    app.extensions["frontdesk"] = Runtime(db, clock, bus, load_settings(folder))
    asked = RecordingPorts()
    ports.install(app, InboxPorts(asked.opening, asked.started, asked.replied, asked.answered, asked.closed))

    @app.before_request
    def identify() -> None:
        if request.path.startswith("/api/v1"):
            identify_caller()

    api = Api(app)
    api.register_blueprint(session_api)
    api.register_blueprint(inbox_api)
    api.register_blueprint(messenger_api)
    http.install(app)
    heard: list[object] = []
    for kind in SIGNALS:
        bus.subscribe(kind, heard.append)
    return Desk(app, db, clock, asked, heard)
