"""Group commit: what shares a transaction, and who fails with whom."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from frontdesk.accounts.models import SetupLink
from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from frontdesk.core.db.executors import GeventExecutor
from frontdesk.core.db.groups import Commit, Work, commit_group
from frontdesk.core.signals import Bus, announce


def keep(clock: MovableClock):
    def handler(session: Session, names: list[str]) -> list[int]:
        for name in names:
            if name == "bad":
                raise ValueError(name)
            session.add(SetupLink(token_hash=name, created_at=clock(), expires_at=clock()))
            announce(session, name)
        session.flush()
        return [len(names)] * len(names)

    return handler


def stored(db: Database) -> list[str]:
    return db.read(lambda session: sorted(session.scalars(select(SetupLink.token_hash))))


def group_of(db: Database, handler, names: list[str]) -> Commit:
    return commit_group(sessionmaker(db.engines.writer, expire_on_commit=False), [Work(handler, n) for n in names])


def test_items_of_one_handler_are_handed_to_it_together(db: Database, clock: MovableClock) -> None:
    done = group_of(db, keep(clock), ["a", "b", "c"])
    assert [outcome.value for outcome in done.outcomes] == [3, 3, 3]
    assert done.signals == ["a", "b", "c"]


def test_an_item_that_fails_fails_alone(db: Database, clock: MovableClock) -> None:
    done = group_of(db, keep(clock), ["a", "b", "bad", "c", "d"])
    assert [type(outcome.error) for outcome in done.outcomes] == [
        type(None), type(None), ValueError, type(None), type(None)
    ]  # fmt: skip
    assert stored(db) == ["a", "b", "c", "d"]
    assert sorted(map(str, done.signals)) == ["a", "b", "c", "d"]


def test_an_item_that_only_the_commit_refuses_fails_alone(db: Database, clock: MovableClock) -> None:
    group_of(db, keep(clock), ["taken"])
    done = group_of(db, keep(clock), ["a", "taken", "b"])
    assert [outcome.error is None for outcome in done.outcomes] == [True, False, True]
    assert stored(db) == ["a", "b", "taken"]


def test_a_job_raises_to_the_one_who_asked_and_leaves_nothing(db: Database, clock: MovableClock, bus: Bus) -> None:
    heard: list[object] = []
    bus.subscribe(str, heard.append)

    def job(session: Session) -> None:
        session.add(SetupLink(token_hash="x", created_at=clock(), expires_at=clock()))
        announce(session, "x")
        session.flush()
        raise LookupError("no")

    with pytest.raises(LookupError):
        db.write(job)
    assert stored(db) == []
    assert heard == []


def test_signals_are_published_after_the_commit(db: Database, clock: MovableClock, bus: Bus) -> None:
    seen: list[list[str]] = []
    bus.subscribe(str, lambda _signal: seen.append(stored(db)))
    db.write_together(keep(clock), "durable")
    assert seen == [["durable"]]


def test_the_server_s_writer_groups_what_waits_and_answers_each(db: Database, clock: MovableClock) -> None:
    import gevent

    sessions = sessionmaker(db.engines.writer, expire_on_commit=False)
    executor = GeventExecutor(lambda works: commit_group(sessions, works), Bus().publish, native=db.engines.sqlite)
    handler = keep(clock)
    greenlets = [gevent.spawn(executor.write, Work(handler, f"n{number:03}")) for number in range(50)]
    gevent.joinall(greenlets)
    executor.close()
    assert len(stored(db)) == 50
    assert max(greenlet.value.value for greenlet in greenlets) > 1
