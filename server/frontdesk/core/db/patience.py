"""How long we wait for a PostgreSQL that hangs: it still takes connections and questions, and answers none."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

import gevent

# a group is stored in some 20 ms; whoever sent it is told within a second
GROUP_S: Final = 0.7
# and what is by far larger takes longer: 2,500 people in 500 KB some seconds
_BYTES_A_SECOND: Final = 128 * 1024
_REST_S: Final = 0.5


class Hung(Exception):  # noqa: N818  it says how the database is
    """The database did not answer in time; what it was asked to do it may have done."""


@contextmanager
def answered_within(seconds: float) -> Iterator[None]:
    """Raise `Hung` when what is done here, on this greenlet, takes longer. Its connection is closed, not used again."""
    until = monotonic() + seconds
    timeout = gevent.Timeout.start_new(seconds)
    try:
        yield
    except (gevent.Timeout, Exception) as error:
        # what is interrupted may raise something else on its way out: a connection cannot be given back as it is
        if error is timeout or (isinstance(error, Exception) and monotonic() >= until):
            raise Hung(f"No answer within {seconds:.1f} s.") from None
        raise
    finally:
        timeout.close()


class Patience:
    """That with groups. After a database hung, those of the next moment are told so at once, and one tries again."""

    def __init__(self) -> None:
        self._hung_until = 0.0

    @contextmanager
    def with_group(self, largest: int) -> Iterator[None]:
        """For a group whose largest item has so many bytes; raises `Hung`."""
        if monotonic() < self._hung_until:
            raise Hung("No answer a moment ago.")
        try:
            with answered_within(GROUP_S + largest / _BYTES_A_SECOND):
                yield
        except Hung:
            self._hung_until = monotonic() + _REST_S
            raise
