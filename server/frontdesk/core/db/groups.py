"""Group commit: many jobs, one transaction, one fsync; a job that fails, fails alone.

Jobs that share a `handler` are handed to it together, so that it can load and store for all of them in one query.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import structlog
from sqlalchemy.orm import Session, sessionmaker

from frontdesk.core.db.failures import passes, unavailable
from frontdesk.core.db.savepoints import undone_if_it_fails
from frontdesk.core.errors import Unavailable
from frontdesk.core.signals import announced

log = structlog.get_logger(__name__)

GroupHandler = Callable[[Session, list[Any]], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Work:
    """`handler(session, [item, …])` returns one value for each item, in order. `size`: the bytes that it holds."""

    handler: GroupHandler
    item: Any
    size: int = 1_000


@dataclass(slots=True)
class Outcome:
    """What became of one piece of work: a value once durable, or the error that undid it."""

    value: Any = None
    error: Exception | None = None


@dataclass(slots=True)
class Commit:
    """The outcomes of a group, in its order, and the signals to publish now that it is durable."""

    outcomes: list[Outcome]
    signals: list[object] = field(default_factory=list)


def commit_group(sessions: sessionmaker[Session], works: Sequence[Work]) -> Commit:
    """Run `works` in one transaction. If the commit itself fails, halve the group until the culprit stands alone.

    A database that is locked, full or gone is nobody's fault: then all are told `Unavailable`, without trying on. What
    it refuses of one is that one's.
    """
    for tries_left in reversed(range(_TRIES)):
        try:
            return _commit(sessions, works)
        except Exception as error:  # noqa: BLE001  whatever it was, it is handed to the one who asked
            if tries_left and passes(error):
                continue
            if unavailable(error):
                log.warning("database_unavailable", waiting=len(works), error=str(getattr(error, "orig", error)))
                return Commit([Outcome(error=Unavailable("The database does not answer just now.")) for _ in works])
            if len(works) == 1:
                return Commit([Outcome(error=error)])
            break
    half = len(works) // 2
    first, second = commit_group(sessions, works[:half]), commit_group(sessions, works[half:])
    return Commit(first.outcomes + second.outcomes, first.signals + second.signals)


_TRIES = 3


def _commit(sessions: sessionmaker[Session], works: Sequence[Work]) -> Commit:
    runs = [(handler, [work.item for work in run]) for handler, run in groupby(works, key=lambda work: work.handler)]
    with sessions.begin() as session:
        if len(runs) == 1:  # nothing beside it to save: what fails is halved by whoever called
            ((handler, items),) = runs
            outcomes = [Outcome(value=value) for value in handler(session, items)]
        else:
            outcomes = [outcome for handler, items in runs for outcome in _run(session, handler, items)]
        session.flush()
    return Commit(outcomes, announced(session))


def _run(session: Session, handler: GroupHandler, items: list[Any]) -> list[Outcome]:
    try:
        with undone_if_it_fails(session):
            values = handler(session, items)
        return [Outcome(value=value) for value in values]
    except Exception as error:
        if unavailable(error):
            raise  # the database's fault, not an item's
        if len(items) == 1:
            return [Outcome(error=error)]
        half = len(items) // 2
        return _run(session, handler, items[:half]) + _run(session, handler, items[half:])
