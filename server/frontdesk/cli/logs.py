"""Where logs go."""

import sys

import structlog


def log_to_stderr() -> None:
    """One line of JSON a record. Tracebacks name lines, never values: a local may be a token or a message."""
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
