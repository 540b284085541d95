"""Whose word counts: what a verified sender has described, an unverified one neither changes nor is told.

An unverified sender is a browser with the site key: it may claim to be anybody. Where all that is known was claimed, a
further claim is as good as the first; once a server has spoken, only a server's word counts.
"""

from typing import Protocol

from sqlalchemy import ColumnElement, not_, or_

from frontdesk.people.models import Contact, Visitor


class Described(Protocol):
    """A contact or company, as a row of the hot path or of the ORM."""

    @property
    def verified(self) -> bool: ...


def counts(described: Described, *, verified: bool) -> bool:
    """Whether the word of a sender, or a link that a sender made, counts for this contact or company."""
    return verified or not described.verified


def counting_link() -> ColumnElement[bool]:
    """The same of a visitor's link to its contact, for a query that joins the two."""
    return or_(Visitor.contact_verified, not_(Contact.verified))
