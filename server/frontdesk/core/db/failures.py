"""Whose fault it is that the database raised: its own, that of the work it was given, or nobody's."""

import sqlite3
from typing import Final

from sqlalchemy.exc import OperationalError

# PostgreSQL. Drivers raise much else as an `OperationalError`, such as a value too long for an index.
_PASSING: Final = frozenset({"40001", "40P01"})  # serialization failure, deadlock
_GONE_CLASSES: Final = frozenset({"08", "53", "57", "58"})  # connection, resources, operator, system
_LOCKED: Final = "55P03"
# SQLite: the low byte of an extended code says what kind it is.
_KIND: Final = 0xFF
_GONE_KINDS: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
    }
)


def passes(error: Exception) -> bool:
    """Whether the transaction only met another one: again, it may do. Let such an error through."""
    return isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", None) in _PASSING


def unavailable(error: Exception) -> bool:
    """Whether the database is locked, full, gone or kept busy by others: it is so for all that waits for it.

    Any other error is that of the work which met it, and would be met by it again.
    """
    if not isinstance(error, OperationalError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", None)
        return code is None or code & _KIND in _GONE_KINDS
    state = getattr(error.orig, "sqlstate", None)
    return state is None or state[:2] in _GONE_CLASSES or state == _LOCKED or state in _PASSING
