"""The port to the database. A service takes a session, never commits, never asks which database it is."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session, sessionmaker

from frontdesk.core.db.engines import Engines, open_engines
from frontdesk.core.db.executors import DirectExecutor, Executor, GeventExecutor
from frontdesk.core.db.groups import GroupHandler, Outcome, Work, commit_group
from frontdesk.core.errors import Unavailable
from frontdesk.core.signals import Bus

T = TypeVar("T")
log = structlog.get_logger(__name__)


class Database:
    """Everything that writes is a job on the one writer; everything that reads is a query beside it."""

    def __init__(self, engines: Engines, executor: Executor) -> None:
        self.engines = engines
        self._executor = executor
        self._readers = sessionmaker(engines.reader, expire_on_commit=False)

    def write(self, job: Callable[[Session], T]) -> T:
        """Run `job(session)` in a transaction; returns its value once that is durable. Its errors are raised here."""
        value: T = self._result(self._executor.write(Work(_alone, job), together=False))
        return value

    def write_together(self, handler: GroupHandler, item: Any, *, size: int = 1_000) -> Any:
        """Hand `item` of `size` bytes to `handler` with the others of its group; its value, once that is durable.

        Unavailable where more waits already than the writer can promise to store.
        """
        return self._result(self._executor.write(Work(handler, item, size), together=True))

    def read(self, query: Callable[[Session], T]) -> T:
        """Run `query(session)` beside the writer; nothing that it changes is kept."""
        result: T = self._executor.read(partial(self._read, query))
        return result

    def compute(self, work: Callable[[], T]) -> T:
        """Run what is slow by nature and asks no database (a password's hash) where it holds up nobody."""
        result: T = self._executor.compute(work)
        return result

    def close(self) -> None:
        self._executor.close()
        self.engines.dispose()

    def _read(self, query: Callable[[Session], T]) -> T:
        try:
            with self._readers() as session:
                found = query(session)
                if not self.engines.sqlite:
                    _end(session)
                return found
        except (OperationalError, NoConnectionFree) as error:
            log.warning("database_unavailable", reading=True, error=str(getattr(error, "orig", error)))
            raise Unavailable("The database does not answer just now.") from error

    @staticmethod
    def _result(outcome: Outcome) -> Any:
        if outcome.error is not None:
            raise outcome.error
        return outcome.value


def _end(session: Session) -> None:
    """The end of a transaction that could only read. Were it rolled back, as one that is left is, the driver would
    forget all statements that it has prepared on this connection, which groups are written on, too."""
    session.expunge_all()
    session.commit()


def _alone(session: Session, jobs: list[Callable[[Session], Any]]) -> Sequence[Any]:
    # plain jobs do not share a savepoint: when several come together the group is halved only on failure,
    # so each must be safe to run again, which a rolled back transaction makes it
    return [job(session) for job in jobs]


_HUNG_S = 20.0  # beyond what a busy database takes for anything that a server asks; those who wait are told 503


def open_database(url: str, bus: Bus, *, server: bool = False) -> Database:
    """The database at `url`. With `server`, work runs off gevent's hub and commits in groups."""
    engines = open_engines(url, answers_within_s=_HUNG_S if server else None)
    commit = partial(commit_group, sessionmaker(engines.writer, expire_on_commit=False))
    if server:
        return Database(engines, GeventExecutor(commit, bus.publish, native=engines.sqlite))
    return Database(engines, DirectExecutor(commit, bus.publish))
