"""Whether an event is one of our own people's, who may look at their site as they like.

A browser may claim to be anybody, so what it claims concerns its own events alone: not those of other browsers that
name the same contact, and never what a server says.
"""

from collections.abc import Iterator

from frontdesk.accounts.site_rules import SiteRules
from frontdesk.collect.door.filters import is_staff
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.known import Known
from frontdesk.people.traits import email_of

Name = tuple[str | None, str | None]
"""(e-mail, user id)."""


def of_staff(item: Parsed, known: Known, rules: SiteRules) -> bool:
    """By what the item says itself, by what its own browser said before, or by what servers said of its contact."""
    return any(is_staff(email, user_id, rules) for email, user_id in _names(item, known))


def _names(item: Parsed, known: Known) -> Iterator[Name]:
    yield email_of(item.traits), item.user_id
    visitor, contact = known.visitor, known.contact
    if visitor and not item.verified:
        # of the contact that it named, its e-mail may be another browser's word; its user id is this one's
        yield visitor.email, known.claimed.user_id if known.claimed else None
    elif visitor and visitor.email_verified:
        yield visitor.email, None
    if contact and contact.verified:
        yield contact.email, contact.user_id
