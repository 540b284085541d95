"""A part of a transaction that may fail without the rest."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from frontdesk.core.signals import announced


@contextmanager
def undone_if_it_fails(session: Session) -> Iterator[None]:
    """What is done within is undone by what it raises, and what it announced is taken back."""
    mark = len(announced(session))
    try:
        with session.begin_nested():
            yield
    except Exception:
        del announced(session)[mark:]
        raise
