"""PostgreSQL's driver on gevent's hub: most answers come at once, and to let others run meanwhile costs more than that.

So a connection first looks whether its answer is there, for a millisecond at most; only then do others run. What waits
for a lock, or for a database that is far away, holds up nobody.
"""

from collections.abc import Generator
from select import POLLIN, POLLOUT
from typing import Any, Final, TypeVar

from gevent.monkey import get_original
from psycopg import Connection, OperationalError, RawCursor
from psycopg.errors import _WaitTimeout
from psycopg.waiting import Ready, Wait

V = TypeVar("V")
_LOOK_MS: Final = 1
_POLL: Any = get_original("select", "poll")  # the system's own, which does not let others run
_ASKED: Final = {Wait.R: POLLIN, Wait.W: POLLOUT, Wait.RW: POLLIN | POLLOUT}
_FOUND: Final = {POLLIN: Ready.R, POLLOUT: Ready.W, POLLIN | POLLOUT: Ready.RW}


class PromptConnection(Connection[Any]):
    """`raw` runs statements whose parameters are `$1`, `$2`: one at a time, and its result is gone with the next.

    With `answers_within_s` a database that says nothing for so long is given up: an OperationalError, and closed.
    """

    answers_within_s: float | None = None
    _raw: RawCursor[Any] | None = None

    @property
    def raw(self) -> RawCursor[Any]:
        if self._raw is None:
            self._raw = RawCursor(self)
        return self._raw

    @property
    def spoken_to(self) -> bool:
        """Whether the database has said something that nobody asked for."""
        looking = _POLL()
        looking.register(self.pgconn.socket, POLLIN)
        return bool(looking.poll(0))

    def wait(self, gen: Generator[Any, Any, V], *args: Any, **kwargs: Any) -> V:
        """As the driver waits, after a look."""
        try:
            wanted = next(gen)
            looking = _POLL()
            while True:
                looking.register(self.pgconn.socket, _ASKED[wanted])
                found = looking.poll(_LOOK_MS)
                ready = _FOUND.get(found[0][1]) if found else None
                if ready is None:
                    break  # not yet, or the connection is gone: that is the driver's to tell
                wanted = gen.send(ready)
        except StopIteration as done:
            value: V = done.value
            return value
        return self._wait_on(_resumed(gen, wanted), *args, **kwargs)

    def _wait_on(self, gen: Generator[Any, Any, V], *args: Any, **kwargs: Any) -> V:
        if self.answers_within_s is None or args or kwargs:  # it is about to be closed, or cancelled
            return super().wait(gen, *args, **kwargs)
        try:
            return super().wait(gen, timeout=self.answers_within_s)
        except _WaitTimeout as error:
            self.pgconn.finish()
            raise OperationalError(f"The database has not answered for {self.answers_within_s} s.") from error


def _resumed(gen: Generator[Any, Any, V], wanted: Any) -> Generator[Any, Any, V]:
    """`gen`, which has asked for `wanted` and was told nothing yet."""
    try:
        while True:
            wanted = gen.send((yield wanted))
    except StopIteration as done:
        value: V = done.value
        return value
