"""Alias calls: the browser that was known by `previousId` becomes known as `userId`."""

from collections.abc import Sequence, Set

from msgspec.structs import replace
from sqlalchemy.orm import Session as Db

from frontdesk.collect.door.parse import Parsed
from frontdesk.people.roster import known_browsers
from frontdesk.people.shelf import Key


def follow(session: Db, items: Sequence[tuple[str, Parsed]]) -> list[Parsed]:
    """The items of (workspace id, item), with alias calls told of the browser whose anonymousId their previousId is.

    A previousId of nobody we know makes nobody; one that is a user id changes nothing: two user ids never merge. Such a
    call is taken all the same, and its event says what it asked for.
    """
    asked = {(workspace, item.previous_id) for workspace, item in items if item.type == "alias" and item.previous_id}
    if not asked:
        return [item for _, item in items]
    named: set[Key] = {(workspace, item.anonymous_id) for workspace, item in items if item.anonymous_id}
    known = known_browsers(session, asked - named) | named
    return [item if item.type != "alias" else _followed(workspace, item, known) for workspace, item in items]


def _followed(workspace: str, item: Parsed, known: Set[Key]) -> Parsed:
    asked = item.previous_id
    noted = {**item.properties, "previousId": asked} if asked else item.properties
    browser = asked if asked and (workspace, asked) in known else item.anonymous_id
    return replace(item, anonymous_id=browser, properties=noted)
