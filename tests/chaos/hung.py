"""A PostgreSQL that hangs: every process of it is stopped, so that it takes what it is sent and answers nothing."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def hung(url: str) -> Iterator[None]:
    """Stop the server with this URL, whose folder is on this machine; let it go on at the end."""
    folder = Path(url.partition("host=")[2])
    postmaster = int((folder / "postmaster.pid").read_text().splitlines()[0])
    pids = [postmaster, *_children(postmaster)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in reversed(pids):
            os.kill(pid, signal.SIGCONT)


def _children(pid: int) -> list[int]:
    return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
