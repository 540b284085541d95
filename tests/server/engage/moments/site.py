"""What a page or a server says to a whole Frontdesk, and which rules acted on it."""

from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from frontdesk.core.clock import iso
from frontdesk.engage.models import DecisionRow, RuleRow
from frontdesk.people.models import Contact, Visitor
from tests.server.engage.timers.desk import Desk

NOW = timedelta(0)
PRICING = {"url": "https://shop.example/pricing", "title": "Pricing", "dwell_ms": 61_000}
_numbers = count(1)


class Site(Desk):
    """`page` says things with the site key, as the browser of `who`; `server` with an API key."""

    def page(self, kind: str, who: str = "anna", ago: timedelta = NOW, **fields: Any) -> dict[str, Any]:
        return self.send([self._item(kind, ago, fields) | {"anonymousId": who}], who)

    def server(self, kind: str, ago: timedelta = NOW, **fields: Any) -> None:
        body = {"writeKey": self.home.api_key, "batch": [self._item(kind, ago, fields)], "sentAt": iso(self.clock())}
        answer = self.client.post("/v1/batch", json=body)
        assert (answer.json or {}).get("rejected") == [], answer.json

    def _item(self, kind: str, ago: timedelta, fields: dict[str, Any]) -> dict[str, Any]:
        own = {"messageId": f"s{next(_numbers)}", "timestamp": iso(self.clock() - ago)}
        return {"type": kind, **own, **fields}

    def start_chat(self, who: str = "anna") -> str:
        """Write a first message; the conversation's id."""
        asked = {"client_id": f"c{next(_numbers)}", "body": "Hello?", "page": PRICING}
        told = self._say("/messenger/v1/conversations", asked, self.tokens[who])
        return str(told["conversation"]["id"])

    def write_again(self, conversation_id: str, who: str = "anna") -> None:
        path = f"/messenger/v1/conversations/{conversation_id}/parts"
        self._say(path, {"client_id": f"c{next(_numbers)}", "body": "Still there?"}, self.tokens[who])

    def answer(self, conversation_id: str, client_id: str | None = None) -> None:
        """A teammate writes."""
        said = {"client_id": client_id or f"c{next(_numbers)}", "body": "Here I am.", "kind": "message"}
        self._say(f"/api/v1/conversations/{conversation_id}/parts", said, self.home.api_key)

    def close_chat(self, conversation_id: str) -> None:
        self._say(f"/api/v1/conversations/{conversation_id}/close", {}, self.home.api_key)

    def _say(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        answer = self.client.post(path, json=body, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code in (200, 201), answer.json
        told: dict[str, Any] = answer.json or {}
        return told

    def acted(self) -> list[str]:
        """The rules that acted, by key, as often as they did."""
        query = (
            select(RuleRow.key)
            .join(DecisionRow, DecisionRow.rule_id == RuleRow.id)
            .where(DecisionRow.outcome == "acted")
            .order_by(RuleRow.key)
        )
        return self.runtime.db.read(lambda session: list(session.scalars(query)))

    def visitor_id(self, who: str = "anna") -> str:
        query = select(Visitor.id).where(Visitor.anonymous_id == who)
        return self.runtime.db.read(lambda session: session.scalars(query).one())

    def contact_id(self, user_id: str) -> str:
        query = select(Contact.id).where(Contact.user_id == user_id)
        return self.runtime.db.read(lambda session: session.scalars(query).one())


def tags(trigger: str, *more: str, key: str = "asked", tag: str = "met") -> str:
    """A rule that tags whoever its trigger is about, at each moment anew."""
    return "\n".join([f"rule: {key}", f"trigger: {trigger}", *more, f"do: [{{tag: {tag}}}]"])
