"""Visitors that stand in for a browser, so that no event lies about whose it is.

One stands for all that pages and apps say of a user without naming a browser: anybody with a site key may name anybody,
so that it is no part of the contact itself, but is linked to it as any browser is that claims to be it. Another stands
for a browser in the hands of a second user: from then on it is a new visitor, as with SDKs that take a new anonymousId
when the user changes.

They hold no token. Their names are derived with a secret, for nobody else is to go by them.
"""

from sqlalchemy import ColumnElement, not_

from frontdesk.core.ids import derived_secret
from frontdesk.people.models import Visitor

_OF_USER, _OF_BROWSER = "frontdesk-user", "frontdesk-browser"


def stand_in(secret: str, anonymous_id: str | None, user_id: str) -> str:
    """The anonymous id of whoever stands in for this browser, or for none, where it is said to be this user's."""
    prefix = _OF_BROWSER if anonymous_id else _OF_USER
    return derived_secret(prefix, secret, f"{anonymous_id or ''}\0{user_id}")


def in_a_browser() -> ColumnElement[bool]:
    """Of visitors: those whom a browser belongs to."""
    return not_(Visitor.anonymous_id.startswith(_OF_USER, autoescape=True))


def stands_in(anonymous_id: str) -> bool:
    """Whether whoever goes by this name stands in for a browser, or for none: nothing can be shown to it."""
    return anonymous_id.startswith((_OF_USER, _OF_BROWSER))


def stands_for_user(anonymous_id: str) -> bool:
    """Whether whoever goes by this name stands for what is said of a user without naming a browser."""
    return anonymous_id.startswith(_OF_USER)
