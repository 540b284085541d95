"""Logs go to standard error, one JSON object a line, and hold no values: a local may be a token or a message."""

import json
import logging
import socket
from collections.abc import Iterator
from typing import NoReturn

import pytest
import structlog
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.http.errors import (
    InvalidHeader,
    InvalidHeaderName,
    InvalidHTTPVersion,
    InvalidRequestLine,
    InvalidRequestMethod,
    LimitRequestLine,
)
from gunicorn.workers.base import Worker as Carrier

from frontdesk.cli.logs import log_to_stderr, unnamed


def test_a_logged_exception_names_lines_and_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr()
    token = "vt_" + "secret".upper()
    try:
        len(token) / 0
    except ZeroDivisionError:
        structlog.get_logger("test").exception("failed", call="batch")
    finally:
        structlog.reset_defaults()
    told = capsys.readouterr()
    assert told.out == ""
    (line,) = told.err.splitlines()
    assert json.loads(line)["call"] == "batch"
    assert "ZeroDivisionError" in line
    assert "vt_SECRET" not in line


class Worker(Carrier):  # type: ignore[misc]  # gunicorn is untyped
    """gunicorn's own, as far as it goes without a server around it."""

    def __init__(self, log: Logger) -> None:
        self.cfg = log.cfg
        self.log = log


@pytest.fixture
def _put_back() -> Iterator[None]:
    yield
    structlog.reset_defaults()
    for handler in list(logging.getLogger("gunicorn.error").handlers):
        logging.getLogger("gunicorn.error").removeHandler(handler)


def worker() -> Worker:
    """One that logs to what is standard error just now."""
    log_to_stderr()
    cfg = Config()
    cfg.set("loglevel", "warning")
    return Worker(Logger(cfg))


KEY = "pk_0123456789abcdef0123456789abcdef"
LINE = f"GET /v1/batch?key={KEY}&email=ana@shop.example HTP/1.1"
UNREADABLE = [
    InvalidRequestLine(LINE),
    InvalidHTTPVersion(LINE),
    InvalidRequestMethod(LINE),
    InvalidHeader(f"Authorization: Bearer {KEY}"),
    InvalidHeaderName(f"X-Forwarded-For 203.0.113.9 {KEY}"),
    LimitRequestLine(9_000, 8_190),
]


def handled(error: Exception, address: str) -> None:
    """Have gunicorn deal with what its parser has raised."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        try:
            _raise(error)
        except Exception as raised:  # noqa: BLE001  as gunicorn has it
            worker().handle_error(None, ours, (address, 4711), raised)


def _raise(error: Exception) -> NoReturn:
    raise error


@pytest.mark.usefixtures("_put_back")
@pytest.mark.parametrize("address", ["203.0.113.9", "2001:db8::7", "::ffff:203.0.113.9"])
@pytest.mark.parametrize("error", UNREADABLE, ids=lambda error: type(error).__name__)
def test_a_request_that_nobody_can_read_is_logged_without_what_it_said_and_who_sent_it(
    capsys: pytest.CaptureFixture[str], error: Exception, address: str
) -> None:
    handled(error, address)
    told = capsys.readouterr().err
    assert f"Invalid request: {type(error).__name__}" in told
    assert not any(secret in told for secret in (address, "203.0.113.9", KEY, "ana@", "/v1/batch"))


@pytest.mark.usefixtures("_put_back")
def test_an_error_of_the_app_is_logged_with_its_path_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """As gunicorn has it: the method and the address, then what was raised."""
    address = "203.0.113.9"
    try:
        _raise(ValueError(f"no room for {KEY} of {address}"))
    except ValueError:
        worker().log.exception("Error handling request %s %s", "GET", f"/v1/batch?key={KEY}")
    told = capsys.readouterr().err
    assert "Error handling request GET /v1/batch?…" in told
    assert "ValueError: no room for pk_… of …" in told
    assert not any(secret in told for secret in (KEY, address))


@pytest.mark.parametrize("text", ["at 10:00:00", "line 12 of running.py:12", "3.11.7", "http://shop.example/"])
def test_what_is_no_address_is_logged_as_it_is(text: str) -> None:
    assert unnamed(text) == text
