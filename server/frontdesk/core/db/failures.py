"""Whose fault it is that the database raised: its own, that of the work it was given, or nobody's."""

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

# PostgreSQL. Drivers raise much else as an `OperationalError`, such as a value too long for an index.
_PASSING: Final = frozenset({"40001", "40P01"})  # serialization failure, deadlock
_GONE_CLASSES: Final = frozenset({"08", "53", "57", "58"})  # connection, resources, operator, system
_GONE: Final = frozenset({"55P03", "25006"})  # locked; read only, as a standby is
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
    if isinstance(error, NoConnectionFree):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.OperationalError):
        code = getattr(error.orig, "sqlite_errorcode", None)
        return code is None or code & _KIND in _GONE_KINDS
    if isinstance(error.orig, sqlite3.Error):
        return False
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # the driver's own word: of these two, that there is no connection
        return isinstance(error, OperationalError | InterfaceError)
    return state[:2] in _GONE_CLASSES or state in _GONE or state in _PASSING
