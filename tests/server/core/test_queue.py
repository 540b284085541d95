"""The writer's queue: bounded by jobs and bytes, and emptied before the server ends."""

import threading
from collections.abc import Sequence

import gevent
import pytest

from frontdesk.core.db import executors
from frontdesk.core.db.executors import GeventExecutor
from frontdesk.core.db.groups import Commit, Outcome, Work
from frontdesk.core.errors import Unavailable


class Disk:
    """A commit that takes until it is let go; notes the groups."""

    def __init__(self) -> None:
        self.free = threading.Event()
        self.groups: list[list[object]] = []

    def commit(self, works: Sequence[Work]) -> Commit:
        assert self.free.wait(30)
        self.groups.append([work.item for work in works])
        return Commit([Outcome(value=work.item) for work in works])


def work(number: int, size: int = 1_000) -> Work:
    return Work(lambda _session, items: items, number, size)


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def executor(disk: Disk) -> GeventExecutor:
    return GeventExecutor(disk.commit, lambda _signals: None, native=True)


def send(executor: GeventExecutor, works: Sequence[Work]) -> list[gevent.Greenlet]:
    sent = [gevent.spawn(executor.write, one, together=True) for one in works]
    gevent.idle()
    return sent


def finish(executor: GeventExecutor, disk: Disk) -> None:
    disk.free.set()
    executor.close()


@pytest.mark.parametrize(
    ("bound", "most", "size"), [("MOST_WAITING", 5, 1_000), ("MOST_BYTES_WAITING", 50_000, 10_000)]
)
def test_beyond_its_bound_the_queue_asks_to_come_again(
    executor: GeventExecutor, disk: Disk, monkeypatch: pytest.MonkeyPatch, bound: str, most: int, size: int
) -> None:
    monkeypatch.setattr(executors, bound, most)
    first = send(executor, [work(0)])  # is being committed, and no longer waits
    waiting = send(executor, [work(number, size) for number in range(1, 6)])
    with pytest.raises(Unavailable) as refused:
        executor.write(work(9, size), together=True)
    assert refused.value.retry_after > 0
    finish(executor, disk)
    assert [one.get(timeout=10).value for one in (*first, *waiting)] == [0, 1, 2, 3, 4, 5]


def test_what_was_stored_makes_room(executor: GeventExecutor, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "MOST_BYTES_WAITING", 1_000)
    disk.free.set()
    for number in range(5):
        assert executor.write(work(number, 1_000), together=True).value == number
    executor.close()


def test_a_group_takes_no_more_bytes_than_it_can_store_in_a_moment(
    executor: GeventExecutor, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "MOST_BYTES_IN_A_GROUP", 3_000)
    sent = send(executor, [work(number) for number in range(8)])
    finish(executor, disk)
    gevent.joinall(sent)
    assert max(len(group) for group in disk.groups) == 3
    assert [one for group in disk.groups for one in group] == list(range(8))


def test_the_end_stores_what_waits_and_takes_no_more(executor: GeventExecutor, disk: Disk) -> None:
    sent = send(executor, [work(number) for number in range(50)])
    closing = gevent.spawn(executor.close)
    gevent.idle()
    with pytest.raises(Unavailable):
        executor.write(work(99), together=True)
    disk.free.set()
    closing.get(timeout=10)
    assert [one.get(timeout=0).value for one in sent] == list(range(50))


def test_what_a_query_declines_is_raised_where_it_was_asked_and_printed_nowhere(
    executor: GeventExecutor, disk: Disk, capfd: pytest.CaptureFixture[str]
) -> None:
    def declined() -> None:
        raise Unavailable("Not now.")

    for run in (executor.read, executor.compute):
        with pytest.raises(Unavailable, match="Not now"):
            run(declined)
    assert capfd.readouterr() == ("", "")
    finish(executor, disk)
