"""A site whose visitors and servers send to collect, on the whole server; and whom we then know."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from frontdesk.engage.facts.subjects import subjects
from frontdesk.engage.ports import Subject
from frontdesk.people.models import Contact, Visitor
from tests.server.conftest import Home

_numbers = count(1)


@dataclass
class Site:
    client: FlaskClient
    db: Database
    clock: MovableClock
    home: Home
    tokens: dict[str, str] = field(default_factory=dict)

    def page(self, anonymous_id: str, *items: dict[str, Any], path: str = "/") -> Any:
        """A browser sends a page view and these items; it keeps the token that it is given."""
        seen = {"type": "page", "context": {"page": {"url": f"https://shop.example{path}", "path": path}}}
        sent = [{**item, "anonymousId": anonymous_id} for item in (seen, *items)]
        answer = self._send(self.home.site_key, self.tokens.get(anonymous_id), sent)
        self.tokens.setdefault(anonymous_id, answer.get("visitor_token", ""))
        return answer

    def server(self, *items: dict[str, Any]) -> Any:
        return self._send(self.home.api_key, None, items)

    def claim(self, user_id: str, *items: dict[str, Any]) -> Any:
        """A page says something of a user and names no browser."""
        return self._send(self.home.site_key, None, [{**item, "userId": user_id} for item in items])

    def _send(self, key: str, token: str | None, items: Sequence[dict[str, Any]]) -> Any:
        batch = [{"messageId": f"m{next(_numbers)}", **item} for item in items]
        answer: Any = self.client.post("/v1/batch", json={"writeKey": key, "token": token, "batch": batch}).json
        assert answer["rejected"] == []
        return answer

    def visitor(self, anonymous_id: str) -> str:
        return self._one(select(Visitor.id).where(Visitor.anonymous_id == anonymous_id))

    def contact(self, user_id: str) -> str:
        return self._one(select(Contact.id).where(Contact.user_id == user_id))

    def stand_in(self, user_id: str) -> str:
        query = select(Visitor.id).join(Contact, Contact.id == Visitor.contact_id)
        return self._one(query.where(Contact.user_id == user_id, Visitor.anonymous_id.startswith("frontdesk-")))

    def _one(self, query: Any) -> str:
        return self.db.read(lambda session: str(session.execute(query).scalar_one()))

    def subjects(self, *person_ids: str) -> dict[str, Subject]:
        def read(session: Session) -> dict[str, Subject]:
            return subjects(session, self.home.id, person_ids, self.clock())

        return self.db.read(read)


def identify(user_id: str, **traits: Any) -> dict[str, Any]:
    return {"type": "identify", "userId": user_id, "traits": traits}


def track(name: str, **properties: Any) -> dict[str, Any]:
    return {"type": "track", "event": name, "properties": properties}
