"""Alias calls: the browser that was known by `previousId` becomes known as `userId`."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from msgspec.structs import replace
from sqlalchemy.orm import Session as Db

from frontdesk.collect.door.parse import Parsed
from frontdesk.people.roster import known_browsers, known_users
from frontdesk.people.shelf import Key

_LONGEST = 100  # of an anonymousId


@dataclass(frozen=True, slots=True)
class _Known:
    """Whom we know by the ids that alias calls ask about."""

    browsers: Set[Key]
    users: Set[Key]


def follow(session: Db, items: Sequence[tuple[str, Parsed]]) -> list[Parsed]:
    """The items of (workspace id, item), with alias calls told of the browser whose anonymousId their previousId is.

    A browser that is yet to come is made, so that it is who the call says when it comes; but where the call comes from
    a browser of its own, that is meant. A previousId that is a user id changes nothing: two user ids never merge. Such
    a call is taken all the same, and its event says what it asked for.
    """
    asked = {(workspace, item.previous_id) for workspace, item in items if item.type == "alias" and item.previous_id}
    if not asked:
        return [item for _, item in items]
    named: set[Key] = {(workspace, item.anonymous_id) for workspace, item in items if item.anonymous_id}
    said: set[Key] = {(workspace, item.user_id) for workspace, item in items if item.user_id}
    known = _Known(known_browsers(session, asked - named) | named, known_users(session, asked - said) | said)
    return [item if item.type != "alias" else _followed(workspace, item, known) for workspace, item in items]


def _followed(workspace: str, item: Parsed, known: _Known) -> Parsed:
    asked = item.previous_id
    if not asked:
        return item
    key, browser = (workspace, asked), item.anonymous_id
    yet_to_come = browser is None and key not in known.users and len(asked) <= _LONGEST
    if key in known.browsers or yet_to_come:
        browser = asked
    return replace(item, anonymous_id=browser, properties={**item.properties, "previousId": asked})
