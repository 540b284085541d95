"""Things that cannot be stored together, stored apart: whichever fails is left out, and the others are kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from sqlalchemy.orm import Session

from frontdesk.core.db.failures import unavailable
from frontdesk.core.db.savepoints import undone_if_it_fails

T = TypeVar("T")
R = TypeVar("R")
# one in 2,500 is found by some 25 tries; where many fail, the writer on which others wait must not be held for long
MOST_TRIES: Final = 100


@dataclass(frozen=True, slots=True)
class Part(Generic[T, R]):
    """Some of the things, in their order, and what came of them: a value, or the error that undid them."""

    things: Sequence[T]
    value: R | None = None
    error: Exception | None = None


def apart(session: Session, attempt: Callable[[Sequence[T]], R], things: Sequence[T]) -> list[Part[T, R]]:
    """`attempt` what stands in halves, each in a savepoint, until what fails stands alone; all parts, in order.

    After `MOST_TRIES` none is halved any more. Raises where the database does not answer: that is no thing's fault.
    """
    done: list[Part[T, R]] = []
    waiting = [things]
    tries = 0
    while waiting:
        part = waiting.pop()
        tries += 1
        tried = _tried(session, attempt, part)
        if tried.error and len(part) > 1 and tries < MOST_TRIES:
            half = len(part) // 2
            waiting += [part[half:], part[:half]]
        else:
            done.append(tried)
    return done


def _tried(session: Session, attempt: Callable[[Sequence[T]], R], part: Sequence[T]) -> Part[T, R]:
    try:
        with undone_if_it_fails(session):
            return Part(part, attempt(part))
    except Exception as error:
        if unavailable(error):
            raise
        return Part(part, error=error)
