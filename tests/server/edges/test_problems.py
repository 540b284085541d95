"""Whatever goes wrong, the answer is a problem document, and says nothing of our insides."""

import sqlite3

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from frontdesk.core import http
from frontdesk.core.errors import Conflict, Unavailable
from tests.server.conftest import Home

LOCKED = OperationalError("UPDATE person SET name = 'secret'", {}, sqlite3.OperationalError("database is locked"))
RAISED = {
    "locked": (LOCKED, 503, "unavailable"),
    "unavailable": (Unavailable("Not just now."), 503, "unavailable"),
    "taken": (Conflict("Taken.", code="email_taken"), 409, "email_taken"),
    "bug": (KeyError("a secret of ours"), 500, "internal"),
}
ABORTED = [(401, "unauthenticated"), (403, "forbidden"), (404, "not_found"), (413, "too_large"),
           (415, "unsupported_type"), (406, "not_acceptable"), (429, "too_many"), (500, "internal")]  # fmt: skip


@pytest.fixture
def broken() -> FlaskClient:
    """An app whose only route fails as its path says."""
    app = Flask("broken")
    http.install(app)

    @app.get("/raise/<name>")
    def fail(name: str) -> str:
        raise RAISED[name][0]

    @app.get("/abort/<int:status>")
    def refuse(status: int) -> str:
        abort(status)

    return app.test_client()


@pytest.mark.parametrize("name", RAISED)
def test_every_error_has_its_status_and_code_and_no_traceback(broken: FlaskClient, name: str) -> None:
    _, status, code = RAISED[name]
    answer = broken.get(f"/raise/{name}")
    assert (answer.status_code, answer.json["status"], answer.json["code"]) == (status, status, code)
    assert answer.content_type == "application/problem+json"
    assert ("Retry-After" in answer.headers) == (status == 503)
    assert not any(word in answer.text for word in ("secret", "Traceback", "UPDATE"))


@pytest.mark.parametrize(("status", "code"), ABORTED)
def test_what_the_framework_refuses_is_named_as_what_we_refuse(broken: FlaskClient, status: int, code: str) -> None:
    answer = broken.get(f"/abort/{status}")
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.json["title"] == dict(http.PROBLEMS.values()).get(status, "Not Acceptable")


def test_a_wrong_method_is_told_the_right_ones(client: FlaskClient, workspace: Home) -> None:
    answer = client.put("/api/v1/session", headers={"Authorization": f"Bearer {workspace.api_key}"})
    assert (answer.status_code, answer.json["code"]) == (405, "method_not_allowed")
    assert {"GET", "POST", "PATCH", "DELETE"} <= {name.strip() for name in answer.headers["Allow"].split(",")}
