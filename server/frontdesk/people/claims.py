"""What browsers say of contacts that no server has described, kept with what it took the place of.

Anybody with a site key may claim to be such a contact and describe it. Once a teammate undoes that, the contact is what
it was: each value that still stands as the browser said it is again what it was before. So is when it was said, for a
word of an earlier moment than what was taken back comes late to nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from frontdesk.core.clock import from_ms, to_ms
from frontdesk.core.db import bulk
from frontdesk.core.ids import new_id
from frontdesk.people.models import Claim, Contact
from frontdesk.people.rows import ContactRow, VisitorRow
from frontdesk.people.said_at import Moments, moments_of, restore
from frontdesk.people.traits import alike, renewed

_CLAIM = cast(Table, Claim.__table__)
_KEY = ("person_id", "contact_id")
_ATTRIBUTE = "."  # before the name of an attribute, which no column begins with
_MOMENT = "@"  # before the name of a trait, of when it was said
Told = Mapping[str, Any]


class State(NamedTuple):
    """What is known of a contact, by reference."""

    name: str | None
    email: str | None
    phone: str | None
    registered_at: datetime | None
    registered_said: bool
    identified_at: datetime | None
    attributes: dict[str, Any]
    said_at: dict[str, Any] | None


_COLUMNS = State._fields[:-2]
_MOMENTS = ("registered_at", "identified_at")
Said = dict[str, list[Any]]
"""Field → what it was before, what the browser said, and an id that sorts by when it was said."""


class Claims:
    """What the browsers of a group of requests claim, stored together."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        self._said: dict[tuple[str, str], Said] = {}
        self._fresh: set[tuple[str, str]] = set()

    def say(self, visitor: VisitorRow, contact: ContactRow, before: State, *, fresh: bool) -> None:
        """The visitor described the contact, which was `before`. Of a `fresh` pair nothing is stored yet."""
        after = state(contact)
        if after.attributes is before.attributes and after == before:
            return
        key, moved = (visitor.id, contact.id), renewed(before.attributes, after.attributes)
        then, now = moments_of(before), moments_of(after)
        spoken = [name for name in then.keys() | now.keys() if then.get(name) != now.get(name)]
        new = difference(
            told(before, _only(moved, before.attributes), _only(spoken, then)),
            told(after, _only(moved, after.attributes), _only(spoken, now)),
            new_id("clm", self._now),
        )
        self._said[key] = joined(self._said.get(key, {}), new)
        if fresh:
            self._fresh.add(key)

    def store(self) -> None:
        said = {key: each for key, each in sorted(self._said.items()) if each}
        older = [key for key in said if key not in self._fresh]
        known = {(who, of): was for who, of, was in bulk.find(self._session, _CLAIM, (*_KEY, "said"), {_KEY: older})}
        bulk.insert(
            self._session, _CLAIM, (*_KEY, "said"), [(*key, each) for key, each in said.items() if key not in known]
        )
        both = [(*key, joined(known[key], each)) for key, each in said.items() if key in known]
        bulk.update(self._session, _CLAIM, _KEY, ("said",), both)
        self._said, self._fresh = {}, set()


def state(contact: ContactRow | Contact) -> State:
    return State._make(_state_of(contact))


_state_of = attrgetter(*State._fields)


def _only(names: Iterable[str], known: Mapping[str, Any]) -> dict[str, Any]:
    return {name: known[name] for name in names if name in known}


def told(known: State, attributes: Mapping[str, Any], moments: Moments) -> Told:
    """What is known of a contact, field by field, as JSON has it; what is not known is absent."""
    columns = zip(_COLUMNS, known[: len(_COLUMNS)], strict=True)
    return {
        **{name: to_ms(value) if isinstance(value, datetime) else value for name, value in columns if value},
        **{f"{_ATTRIBUTE}{name}": value for name, value in attributes.items()},
        **{f"{_MOMENT}{name}": moment for name, moment in moments.items()},
    }


def difference(before: Told, after: Told, word: str) -> Said:
    """
    >>> difference({"name": "Vera", ".plan": "pro"}, {"name": "Eve", ".plan": "pro"}, "clm_7")
    {'name': ['Vera', 'Eve', 'clm_7']}
    """
    return {
        name: [before.get(name), after.get(name), word]
        for name in sorted(before.keys() | after.keys())
        if not alike(before.get(name), after.get(name))
    }


def joined(first: Said, then: Said) -> Said:
    """Both as one: what it was before the first, unless somebody else spoke between the two.

    >>> joined({"name": [None, "Eve", "clm_7"]}, {"name": ["Eve", "Eva", "clm_8"]})
    {'name': [None, 'Eva', 'clm_8']}
    >>> joined({"name": [None, "Eve", "clm_7"]}, {"name": ["Vera", "Eva", "clm_9"]})
    {'name': ['Vera', 'Eva', 'clm_9']}
    """
    over = {
        name: [first[name][0] if name in first and alike(first[name][1], before) else before, after, word]
        for name, (before, after, word) in then.items()
    }
    return first | over


def take_back(session: Session, visitor_id: str, contact: Contact) -> None:
    """The contact is what it was without what this browser claimed of it. The contact is locked by then."""
    claims = {row.person_id: row for row in session.scalars(select(Claim).where(Claim.contact_id == contact.id))}
    own = claims.pop(visitor_id, None)
    if own is None:
        return
    session.delete(own)
    now = told(state(contact), contact.attributes, moments_of(contact))
    back: dict[str, Any] = {}
    for name, (before, after, word) in own.said.items():
        heirs = [row for row in claims.values() if _took_its_place(row.said.get(name), after, word)]
        for row in heirs:  # now it takes the place of what was before
            row.said = {**row.said, name: [before, *row.said[name][1:]]}
        if heirs or not alike(now.get(name), after):
            continue
        again = _said_again(claims.values(), name, word)
        if again:
            again.said = joined(again.said, {name: [before, after, again.said[_moment_of(name)][2]]})
        else:
            back[name] = before
    _restore(contact, back)


def _took_its_place(said: list[Any] | None, after: Any, word: str) -> bool:
    """Whether this was said after that, and of a field that was still as that had left it."""
    return said is not None and said[2] > word and alike(said[0], after)


def _said_again(claims: Iterable[Claim], name: str, word: str) -> Claim | None:
    """The first claim by which somebody else said the very same since."""
    if name == "identified_at":
        return None
    moment = _moment_of(name)
    since = [row for row in claims if moment in row.said and row.said[moment][2] > word]
    return min(since, key=lambda row: row.said[moment][2], default=None)


def _moment_of(name: str) -> str:
    """The field of when a field was said."""
    wire = _ON_THE_WIRE.get(name, name)
    return f"{_MOMENT}{wire.removeprefix(_ATTRIBUTE)}"


_ON_THE_WIRE = {"registered_at": "createdAt", "registered_said": "createdAt"}


def _restore(contact: Contact, back: Told) -> None:
    moments = moments_of(contact)  # as long as it is what it was
    for name in _COLUMNS:
        if name in back:
            value = back[name]
            read = from_ms(value) if name in _MOMENTS and value is not None else value
            setattr(contact, name, bool(value) if name == "registered_said" else read)
    contact.attributes = _put_back(contact.attributes, _under(_ATTRIBUTE, back))
    if spoken := _under(_MOMENT, back):
        restore(contact, moments=_put_back(moments, spoken))


def _under(prefix: str, fields: Told) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in fields.items() if name.startswith(prefix)}


def _put_back(known: Mapping[str, Any], back: Mapping[str, Any]) -> dict[str, Any]:
    left = {name: value for name, value in known.items() if name not in back}
    return left | {name: value for name, value in back.items() if value is not None}
