"""What must be done before serving, done beside the start in a process of its own: what it loads ends with it."""

import mmap
import os
import sys
from collections.abc import Callable
from typing import NoReturn

import click
from gevent.monkey import get_original

# the system's: nothing runs yet that should go on meanwhile, and gevent closes files only when its loop turns
_select, _close = get_original("select", "select"), get_original("os", "close")
_DONE = 1
_A_SECOND = 1.0
_MOST_AT_ONCE = 4096


class NotDoneError(Exception):
    """The work failed; it has said so itself."""


class Apart:
    """`work()` in a child process, begun at once. This process and those that it forks may wait for it."""

    def __init__(self, work: Callable[[], str | None]) -> None:
        self._state = mmap.mmap(-1, 1)  # shared with every child: the pipe can be read but once
        self._answers, writes = os.pipe()
        if os.fork() == 0:
            _close(self._answers)
            self._work(work, writes)
        _close(writes)

    @property
    def done(self) -> bool:
        return self._state[0] == _DONE

    def answer(self, beat: Callable[[], None]) -> str | None:
        """Wait; what `work()` returned, for the first who asks. Calls `beat` every second; raises NotDoneError."""
        parts = []
        while part := self._next(beat):
            parts.append(part)
        if not self.done:
            raise NotDoneError
        return b"".join(parts).decode() or None

    def _next(self, beat: Callable[[], None]) -> bytes:
        while not _select([self._answers], [], [], _A_SECOND)[0]:
            beat()
        return os.read(self._answers, _MOST_AT_ONCE)

    def _work(self, work: Callable[[], str | None], answers: int) -> NoReturn:
        """In the child, whose end is not the end of the program: what that one does at its exit must not run here."""
        try:
            os.write(answers, (work() or "").encode())
            self._state[0] = _DONE
        except click.ClickException as error:
            error.show()
        except Exception:  # noqa: BLE001  whatever it was, it is told here and nowhere else
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)  # another code would be taken for a worker's
