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
