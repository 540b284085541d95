"""Where logs go, and what stays out of them."""

import logging
import re
import sys
from ipaddress import ip_address
from typing import Final

import structlog

from frontdesk.collect.refusals import without_keys

_QUERY: Final = re.compile(r"\?[^\s'\"]+")
_ADDRESS: Final = re.compile(r"(?<![\w.:])(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)")
_UNREADABLE: Final = "Invalid request from"


def log_to_stderr() -> None:
    """One line of JSON a record. Tracebacks name lines, never values: a local may be a token or a message.

    What the server that carries us logs of its own accord names no address, no key and no query.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.getLogger("gunicorn.error").addFilter(_nobody_named)


def _nobody_named(record: logging.LogRecord) -> bool:
    """Let a record of gunicorn's pass, without who asked and what with."""
    message = record.getMessage()
    if message.startswith(_UNREADABLE):  # what follows is the request as it came, or a header of it
        kind = sys.exc_info()[0]
        message = f"Invalid request: {kind.__name__ if kind else 'unreadable'}"
    record.msg, record.args = unnamed(message), ()
    if record.exc_info:
        record.exc_text = unnamed(_formatter.formatException(record.exc_info))
    return True


def unnamed(text: str) -> str:
    """Text without addresses, keys and queries.

    >>> unnamed("GET /v1/batch?key=abc of 203.0.113.9 at 10:00:00")
    'GET /v1/batch?… of … at 10:00:00'
    """
    return _ADDRESS.sub(_hidden, _QUERY.sub("?…", without_keys(text)))


def _hidden(found: re.Match[str]) -> str:
    try:
        ip_address(found[0].rstrip(".:") or found[0])
    except ValueError:
        return found[0]
    return "…"


_formatter = logging.Formatter()
