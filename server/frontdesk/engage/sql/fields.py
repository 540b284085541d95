"""Where each field of the catalogue stands in the tables: a row each, for contacts and visitors alike.

A contact is met in one of its browsers, and belongs to one of its companies: which one, SQL does not say. It joins them
all; each row is one way in which the person may be seen, and who is accepted in any of them is selected.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import Select, and_, case, func, or_, select, union_all

from frontdesk.engage.sql import dialects as d
from frontdesk.engage.sql.slots import (
    ANYTHING,
    Column,
    Slot,
    Sql,
    Vague,
    of_flag,
    of_instant,
    of_lists,
    of_member,
    of_text,
)
from frontdesk.people.models import Company, CompanyMember, Contact, Visitor
from frontdesk.people.stand_ins import in_a_browser
from frontdesk.people.trust import counting_link
from frontdesk_rules import FIELDS

OWN_ID: Final[Sql] = func.coalesce(Contact.id, Visitor.id)
"""The id of the person of a row."""


def among_ids(column: Any) -> Sql:
    """Whether a column is one of the ids of the row's person: its own, and those of its trusted browsers.

    Of all of them: of a contact that has more than rules ask about (`people.browsers`), SQL knows more than they do.
    """
    browsers = select(Visitor.id).where(Visitor.contact_id == Contact.id, counting_link()).correlate(Contact)
    own = select(OWN_ID).correlate(Contact, Visitor)
    return d.Among(column, union_all(own, browsers).scalar_subquery())


def slot_of(name: str) -> Slot | Vague:
    """The value of a field; anything, where only a moment has it or the tables do not tell."""
    if row := _FIELDS.get(name):
        return row
    if name in FIELDS and name not in _ATTRIBUTES:
        return ANYTHING
    family, _, leaf = name.partition(".")
    if family == "contact":
        return _attribute(leaf)
    return of_member(Company.attributes, leaf) if family == "company" else ANYTHING


def property_of(document: Column, name: str) -> Slot | Vague:
    """A property of an event. One of a name with dots may stand deeper: only Python digs."""
    return ANYTHING if "." in name else of_member(document, name, objects=True)


def _attribute(leaf: str) -> Slot | Vague:
    """The contact's own goes before what its browser said."""
    if not d.sayable(leaf):
        return ANYTHING
    its_own = d.HasKey(*d.at(Contact.attributes, leaf))
    return of_member(case((its_own, Contact.attributes), else_=Visitor.attributes), leaf)


_ATTRIBUTES: Final = frozenset({"contact.timezone"})  # fields of the catalogue that stand among the attributes
_FIELDS: Final[Mapping[str, Slot | Vague]] = {
    "contact.user_id": of_text(Contact.user_id),
    "contact.name": of_text(func.coalesce(Contact.name, Visitor.name)),
    "contact.email": of_text(func.coalesce(Contact.email, Visitor.email)),
    "contact.phone": of_text(Contact.phone),
    "contact.registered_at": of_instant(Contact.registered_at),
    "contact.tags": of_lists(Contact.tags, Visitor.tags),
    "company.id": of_text(Company.group_id),
    "company.name": of_text(Company.name),
    "visitor.country": of_text(Visitor.country),
    "visitor.city": of_text(Visitor.city),
    "visitor.browser": of_text(Visitor.browser),
    "visitor.os": of_text(Visitor.os),
    "visitor.device": of_text(Visitor.device),
    "visitor.language": of_text(Visitor.language),
    "visitor.timezone": of_text(Visitor.timezone),
    "visitor.known": of_flag(or_(Contact.id.is_not(None), Visitor.contact_id.is_not(None))),
}


def contacts(workspace_id: str, asked: Collection[str]) -> Select[Any]:
    """The workspace's contacts, with a row for each way in which these fields of them may be seen."""
    met_in = and_(Visitor.contact_id == Contact.id, counting_link(), in_a_browser())
    # no index of the workspace: it would be read whole for each batch, which comes in the order of ids
    query = select(Contact.id).where(d.Unindexed(Contact.workspace_id) == workspace_id)
    return _in_companies(query.select_from(Contact).outerjoin(Visitor, met_in), asked).distinct()


def visitors(workspace_id: str, asked: Collection[str]) -> Select[Any]:
    """The workspace's visitors that are no contact's."""
    query = select(Visitor.id).where(d.Unindexed(Visitor.workspace_id) == workspace_id)
    linked = and_(Contact.id == Visitor.contact_id, counting_link())
    query = query.select_from(Visitor).outerjoin(Contact, linked).where(Contact.id.is_(None), in_a_browser())
    return _in_companies(query, asked)


def _in_companies(query: Select[Any], asked: Collection[str]) -> Select[Any]:
    if not any(name.startswith("company.") for name in asked):
        return query
    query = query.outerjoin(CompanyMember, CompanyMember.contact_id == Contact.id)
    return query.outerjoin(Company, Company.id == CompanyMember.company_id)
