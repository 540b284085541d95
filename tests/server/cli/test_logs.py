"""Logs go to standard error, one JSON object a line, and hold no values: a local may be a token or a message."""

import json

import pytest
import structlog

from frontdesk.cli.logs import log_to_stderr


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
