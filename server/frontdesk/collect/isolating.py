"""A request that cannot be stored as it is: the items at fault are refused, and all others are stored.

A fault of ours, as of a rule, must not keep a sender sending the same batch for ever. What fails is kept as a letter,
to be sent again once the fault is mended.
"""

from collections.abc import Sequence
from dataclasses import replace

import structlog
from sqlalchemy.orm import Session as Db

from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.refusals import Refusal, Rejected
from frontdesk.collect.requests import Answer, Request
from frontdesk.collect.store import Store
from frontdesk.core.db.apart import apart
from frontdesk.core.faults import place_of

log = structlog.get_logger(__name__)


class Isolating:
    """A handler like `Store`, for requests at which that one failed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __call__(self, session: Db, requests: Sequence[Request]) -> list[Answer]:
        """One answer for each request, in order."""
        return [self._isolated(session, request) for request in requests]

    def _isolated(self, session: Db, request: Request) -> Answer:
        def attempt(items: Sequence[Parsed]) -> Answer:
            return self._store(session, [replace(request, items=tuple(items), refused=(), dropped=())])[0]

        parts = apart(session, attempt, request.items)
        failed = tuple(no for part in parts if part.error for no in failures(part.error, part.things))
        (rest,) = self._store(session, [replace(request, items=(), refused=(*request.refused, *failed))])
        return _joined(rest, [part.value for part in parts if part.value is not None])


def failures(error: Exception, items: Sequence[Parsed]) -> list[Refusal]:
    """What is told of items at which storing failed. An error's own words may repeat theirs, and are not."""
    log.error("items_not_stored", count=len(items), error=type(error).__name__, at=place_of(error))
    return [Refusal(item.message_id, Rejected.FAILED, None, _DETAIL, item.body, "store") for item in items]


_DETAIL = "Storing this failed, by a fault of ours; it was put aside."


def _joined(rest: Answer, answers: Sequence[Answer]) -> Answer:
    """One answer to the whole request. What the rules say of its person last is what they say."""
    for one in answers:
        rest.stored += one.stored
        rest.duplicates += one.duplicates
        rest.refused += one.refused
        rest.dropped += one.dropped
        rest.left_out += one.left_out
        rest.visitor_token = one.visitor_token or rest.visitor_token
        rest.verdict, rest.next_in = one.verdict, one.next_in
    return rest
