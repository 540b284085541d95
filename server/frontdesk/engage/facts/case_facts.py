"""The facts of one case: most are at hand, the rest is gathered for the whole group when first asked."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from frontdesk.accounts.queries import workspace
from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.facts.companies import company_history
from frontdesk.engage.facts.country_zones import country_zone
from frontdesk.engage.facts.gathering import Gathered
from frontdesk.engage.facts.history import PersonHistory
from frontdesk.engage.facts.instants import place_of
from frontdesk.engage.facts.rfm.standings import RFM_FIELDS
from frontdesk.engage.facts.talks import Talk
from frontdesk.engage.models import Delivery, RuleRow
from frontdesk_rules import MISSING, History

_VISITOR = ("country", "browser", "os", "device", "language", "timezone", "city")
_TOUCH = ("source", "medium", "campaign", "term", "content", "channel")
_CONTACT = ("user_id", "name", "email", "phone", "registered_at")
_OF_VISITOR_TOO = ("name", "email")  # what a visitor told us before anyone could name them


class CaseFacts:
    """The rule library's port to what is known. Every name is answered, with MISSING where nothing is known."""

    def __init__(self, session: Session, case: Case, gathered: Gathered) -> None:
        self._session = session
        self._case = case
        self._subject = case.subject
        self._gathered = gathered

    @cached_property
    def history(self) -> History:
        """What the person did, under all its ids."""
        ids = tuple(self._gathered.ids(self._subject))
        return PersonHistory(self._gathered.pasts, ids, self._gathered.known_since, place_of(self._case.moment))

    @cached_property
    def company_history(self) -> History:
        """What everybody of its company did; of several companies, of the one seen last."""
        return company_history(self._session, self._subject.contact_id, place_of(self._case.moment))

    def get(self, name: str, /) -> object:
        family, _, leaf = name.partition(".")
        ask = _FAMILIES.get(family)
        value = ask(self, leaf) if ask else None
        return MISSING if value is None else value

    def changes_at(self, name: str, now: datetime, /) -> datetime | None:
        """Of what is reckoned of purchases: a year's window moves on."""
        leaf = name.removeprefix("contact.")
        return self._gathered.buyers.changes_at(leaf, self._gathered.ids(self._subject), now)

    def page(self, leaf: str) -> object:
        seen = self._case.page
        ask = _PAGE.get(leaf)
        if leaf == "locale":
            return self._subject.locale or None
        return ask(seen) if seen and ask else None

    def session(self, leaf: str) -> object:
        seen = self._subject.session
        if seen is None:
            return None
        if leaf in _TOUCH:
            return seen.touch.get(leaf)
        return {
            "number": seen.number,
            "page_views": seen.page_views,
            "is_first": seen.number == 1,
            "landing_path": seen.landing_path,
        }.get(leaf)

    def visitor(self, leaf: str) -> object:
        if leaf == "known":
            return bool(self._subject.contact_id or self._subject.visitor.get("contact_id"))
        if leaf == "region_timezone":
            known, country = self._subject.visitor.get(leaf), self._subject.visitor.get("country")
            return known or (country_zone(country) if country else None)
        if leaf == "first_seen_at":
            return self._gathered.first_seen([self._subject.visitor_id] if self._subject.visitor_id else ())
        return self._subject.visitor.get(leaf) if leaf in _VISITOR else None

    def person(self, leaf: str) -> object:
        """The id first seen: what was told apart by it stays so after a merge."""
        return self._gathered.ids(self._subject)[0] if leaf == "id" else None

    def told(self, leaf: str) -> object:
        """How many auto-messages reached the person, under any id."""
        return self._gathered.reached(self._subject).answer(leaf)

    def contact(self, leaf: str) -> object:
        """The contact's own where this person may be told it, else what the browser says of its person."""
        if leaf in RFM_FIELDS:
            return self._gathered.buyers.answer(leaf, self._gathered.ids(self._subject), self._case.moment.at)
        visitor, row = self._subject.visitor, None
        if self._subject.contact_id:
            row = self._gathered.contacts.get(self._subject.contact_id)
        if leaf == "segments":
            return self._gathered.segments.keys(self._case, self, self._gathered.ids(self._subject))
        if leaf == "tags":
            return sorted({*(row.tags if row else ()), *(visitor.get("tags") or ())})
        if leaf in _CONTACT:
            own = getattr(row, leaf) if row else None
            return own if own is not None or leaf not in _OF_VISITOR_TOO else visitor.get(leaf)
        return _attribute({**(visitor.get("attributes") or {}), **(row.attributes if row else {})}, leaf)

    def company(self, leaf: str) -> object:
        """Of several companies, the one seen last."""
        return next((_of_company(row, leaf) for row in self._companies), None)

    def of_other_companies(self, leaf: str) -> list[object]:
        """The same of those that were seen before."""
        return [_of_company(row, leaf) for row in self._companies[1:]]

    @property
    def _companies(self) -> Sequence[Row[Any]]:
        return self._gathered.companies.get(self._subject.contact_id or "", ())

    def conversation(self, leaf: str) -> object:
        if leaf == "id":
            return self._case.conversation_id
        if leaf in _TALK:
            talk = self._gathered.talks.get(self._case.conversation_id or "")
            return _TALK[leaf](talk, self._case.moment.at) if talk else None
        delivery_id = self._case.delivery_id
        if leaf != "delivery_rule" or delivery_id is None:
            return None
        query = select(RuleRow.key).join(Delivery, Delivery.rule_id == RuleRow.id).where(Delivery.id == delivery_id)
        return self._session.scalar(query)

    def workspace(self, leaf: str) -> object:
        row = workspace(self._session, self._subject.workspace_id)
        return {"name": row.name, "timezone": row.timezone}.get(leaf)

    def team(self, leaf: str) -> object:
        return self._subject.workspace_id in self._gathered.staffed if leaf == "online" else None


_FAMILIES: Mapping[str, Callable[[CaseFacts, str], object]] = {
    "page": CaseFacts.page,
    "session": CaseFacts.session,
    "visitor": CaseFacts.visitor,
    "person": CaseFacts.person,
    "contact": CaseFacts.contact,
    "company": CaseFacts.company,
    "conversation": CaseFacts.conversation,
    "history": CaseFacts.told,
    "team": CaseFacts.team,
    "workspace": CaseFacts.workspace,
}
_TALK: Mapping[str, Callable[[Talk, datetime], object]] = {
    "state": lambda talk, _at: talk.state,
    "team": lambda talk, _at: talk.team,
    "waiting": lambda talk, at: talk.waited_ms(at),
}
_PAGE: Mapping[str, Callable[[Any], object]] = {
    "url": lambda page: page.url,
    "path": lambda page: page.path,
    "host": lambda page: _split(page.url)[0],
    "query": lambda page: _split(page.url)[1],
    "title": lambda page: page.title,
    "referrer": lambda page: page.referrer,
    "dwell": lambda page: page.dwell_ms,
}


def _split(url: str) -> tuple[str | None, str]:
    """Host and query string; nothing of what is no URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None, ""
    return parts.hostname, parts.query


def _of_company(row: Row[Any], leaf: str) -> object:
    own = {"id": row.group_id, "name": row.name}
    return own[leaf] if leaf in own else _attribute(row.attributes, leaf)


def _attribute(attributes: Mapping[str, Any] | None, leaf: str) -> object:
    """An attribute by name; those that hold more than a value or a list of values cannot be asked."""
    value = (attributes or {}).get(leaf)
    return None if isinstance(value, dict) else value
