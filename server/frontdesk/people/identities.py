"""Write what a sender says of a person: who it is, and its traits.

All that a verified contact or company holds was said by verified senders: what unverified ones had claimed goes with
the first verified word, and their later claims stay on the visitor.
What was said of an earlier moment than a trait was overrides none of it: it comes late, or by import.
"""

from datetime import datetime
from typing import Any, NamedTuple

import orjson
import structlog

from frontdesk.people.names import put_together, told_in_parts
from frontdesk.people.rows import CompanyRow, ContactRow, VisitorRow
from frontdesk.people.said_at import in_time
from frontdesk.people.traits import Traits, alike
from frontdesk.people.trust import counts

MOST_BYTES = 64 * 1024
"""Of the attributes of one person or company: they are read with each of its events."""
log = structlog.get_logger(__name__)


class Described(NamedTuple):
    """Whether somebody is verified since this very word, and the attributes for which there was no room."""

    first: bool = False
    left_out: tuple[str, ...] = ()


def describe_contact(contact: ContactRow, traits: Traits, *, verified: bool, at: datetime) -> Described:
    """Apply traits that were said `at` that moment, if the sender's word counts for this contact."""
    if not counts(contact, verified=verified):
        return Described()
    first = verified and not contact.verified
    if first:
        contact.verified, contact.registered_said = True, False
        contact.name = contact.email = contact.phone = contact.registered_at = contact.identified_at = None
        contact.attributes, contact.said_at = {}, None
    said = in_time(contact, traits, at)
    _register(contact, said, at)
    return Described(first, _describe(contact, said, at))


def describe_visitor(visitor: VisitorRow, traits: Traits, *, verified: bool, at: datetime) -> Described:
    """What was said of a browser by its anonymous id. An e-mail that a verified sender gave is changed by none else."""
    own = _of_browsers(traits)
    if visitor.email_verified and not verified:
        own.columns.pop("email", None)
    said = in_time(visitor, own, at)
    if verified and "email" in said.columns:
        visitor.email_verified = said.columns["email"] is not None
    return Described(left_out=_describe(visitor, said, at))


def describe_company(company: CompanyRow, traits: Traits, *, verified: bool, at: datetime) -> Described:
    """Apply traits that were said `at` that moment, if the sender's word counts for this company."""
    if not counts(company, verified=verified):
        return Described()
    first = verified and not company.verified
    if first:
        company.verified = True
        company.name = company.identified_at = company.said_at = None
        company.attributes = {}
    if not (traits.columns or traits.attributes):
        return Described(first)  # who only belongs to it says nothing of it, often
    return Described(first, _describe(company, in_time(company, traits, at), at))


def _of_browsers(traits: Traits) -> Traits:
    return Traits({name: value for name, value in traits.columns.items() if name in _OF_BROWSERS}, traits.attributes)


def _register(contact: ContactRow, traits: Traits, at: datetime) -> None:
    """As the trait createdAt says, which then no longer stands among `traits`; else with the first identify."""
    if "registered_at" in traits.columns:
        said = traits.columns.pop("registered_at")
        if said or contact.registered_said:
            contact.registered_at, contact.registered_said = said, said is not None
    if not contact.registered_said:
        contact.registered_at = min(at, contact.registered_at or at)


def _describe(row: ContactRow | VisitorRow | CompanyRow, traits: Traits, at: datetime) -> tuple[str, ...]:
    row.attributes = merged(row.attributes, traits.attributes)
    for name, value in traits.columns.items():
        setattr(row, name, value)
    if "name" not in traits.columns and told_in_parts(traits.attributes):
        put_together(row, at)
    left_out = [key for key, value in traits.attributes.items() if value is not None and key not in row.attributes]
    if left_out:
        log.warning("attributes_left_out", of=row.id, count=len(left_out), most_bytes=MOST_BYTES)
    return tuple(left_out)


_OF_BROWSERS = frozenset({"name", "email"})


def merged(known: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """`known` with what was said; `known` itself where that is nothing new. What would not fit is left out.

    None takes an attribute away, as Segment's destinations do.

    >>> merged({"a": 1, "b": 2}, {"a": True, "b": None})
    {'a': True}
    """
    new = {key: value for key, value in said.items() if not alike(known.get(key), value)}
    if not new:
        return known
    both = known.copy()
    for key in new:
        both.pop(key, None)
    room = MOST_BYTES - len(orjson.dumps(both))
    for key, value in new.items():
        needed = len(orjson.dumps({key: value}))
        if value is not None and needed <= room:
            both[key] = value
            room -= needed
    return both
