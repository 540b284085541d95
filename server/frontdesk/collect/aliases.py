"""Alias calls: the browser that was known by `previousId` becomes known as `userId`."""

from collections.abc import Sequence, Set
from dataclasses import replace

from sqlalchemy.orm import Session as Db

from frontdesk.collect.parse import Parsed
from frontdesk.people.roster import known_browsers
from frontdesk.people.shelf import Key


def follow(session: Db, items: Sequence[tuple[str, Parsed]]) -> list[Parsed]:
    """The items of (workspace id, item), with alias calls told of the browser whose anonymousId their previousId is.

    A previousId of nobody we know makes nobody; one that is a user id changes nothing: two user ids never merge.
    """
    asked = {(workspace, item.previous_id) for workspace, item in items if item.type == "alias" and item.previous_id}
    if not asked:
        return [item for _, item in items]
    named: set[Key] = {(workspace, item.anonymous_id) for workspace, item in items if item.anonymous_id}
    known = known_browsers(session, asked - named) | named
    return [_followed(item) if _follows(workspace, item, known) else item for workspace, item in items]


def _follows(workspace: str, item: Parsed, known: Set[Key]) -> bool:
    return item.type == "alias" and (workspace, item.previous_id) in known


def _followed(item: Parsed) -> Parsed:
    return replace(item, anonymous_id=item.previous_id)
