"""Simulations over the API: queued, carried out by a child, told how far, ended, taken up again."""

import os
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from frontdesk.core.clock import iso
from frontdesk.core.db import Database
from frontdesk.engage.seeing import simulations
from frontdesk.engage.seeing.children import Simulations
from frontdesk.engage.seeing.simulations import LEASE, MOST_QUEUED
from tests.running import until
from tests.server.conftest import Home
from tests.server.engage.seeing.street import Street
from tests.server.engage.seeing.test_simulating import RULES

YAML = f"rule: third-page{RULES['third-page']}"
QUESTION = {"yaml": YAML, "since": "2026-03-01T00:00:00.000Z", "until": "2026-03-09T00:00:00.000Z"}


@pytest.fixture
def runner(street: Street) -> Iterator[Simulations]:
    at = street.runtime
    found = Simulations(at.db, at.clock, at.settings.data)
    yield found
    found.close()


def ask(street: Street, **question: Any) -> dict[str, Any]:
    answer = street.api("POST", "/simulations", json=question)
    assert answer.status_code == 202, answer.json
    return dict(answer.json or {})


def shown(street: Street, job: dict[str, Any]) -> dict[str, Any]:
    return dict(street.api("GET", f"/simulations/{job['id']}").json or {})


def carried_out(street: Street, runner: Simulations, job: dict[str, Any]) -> dict[str, Any]:
    def ended() -> bool:
        runner.tick()
        return shown(street, job)["state"] not in ("queued", "running")

    assert until(ended, within=60)
    return shown(street, job)


def test_a_child_carries_it_out_and_says_what_the_library_says(street: Street, runner: Simulations) -> None:
    since = street.clock()
    for path in ("/", "/docs", "/blog"):
        street.opened("anna", path)
    street.clock.advance(timedelta(minutes=1))
    job = ask(street, yaml=YAML, since=iso(since), until=iso(street.clock()))
    assert (job["state"], job["progress"], job["result"]) == ("queued", 0, None)
    done = carried_out(street, runner, job)
    assert (done["state"], done["progress"], done["error"]) == ("done", 1, None)
    assert [act["at"] for act in done["result"]["acts"]] == [since.isoformat()]
    assert (done["result"]["events"], done["result"]["asked"], runner.pids) == (3, 3, [])


def test_a_rule_that_is_kept_is_tried_in_its_draft(street: Street) -> None:
    rule_id = street.save(YAML)
    job = ask(street, rule="third-page")
    assert job["question"]["rule"] == rule_id
    assert (job["question"]["since"], job["question"]["until"]) == (
        iso(street.clock() - timedelta(days=30)),
        iso(street.clock()),
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"yaml": YAML, "rule": "third-page"}, 422),
        ({"yaml": "rule: x"}, 422),
        ({"yaml": f"{YAML}---\n{YAML.replace('third', 'fourth')}"}, 422),
        ({"rule": "nobody"}, 404),
        ({"rule": "../../etc/passwd"}, 404),
        ({"yaml": YAML, "since": "2026-03-09T00:00:00Z"}, 422),
    ],
)
def test_what_cannot_be_asked_is_refused_at_once(street: Street, body: dict[str, Any], status: int) -> None:
    assert street.api("POST", "/simulations", json=body).status_code == status
    assert street.api("GET", "/simulations").json == {"data": [], "next_cursor": None}


def test_one_of_a_workspace_runs_at_a_time_and_ten_may_wait(street: Street, db: Database) -> None:
    jobs = []
    for _ in range(MOST_QUEUED):
        jobs.append(ask(street, yaml=YAML))
        street.clock.advance(timedelta(milliseconds=1))  # ids sort by time
    refused = street.api("POST", "/simulations", json={"yaml": YAML})
    assert (refused.status_code, (refused.json or {})["code"]) == (409, "too_many_simulations")
    claim = partial(simulations.claim, now=street.clock())
    first, second = (db.write(partial(claim, runner=name)) for name in ("run_1", "run_2"))
    assert first is not None
    assert (first.id, second) == (jobs[0]["id"], None)


def test_one_that_is_cancelled_is_not_begun_and_its_child_is_ended(street: Street, runner: Simulations) -> None:
    running, waiting = ask(street, yaml=YAML), ask(street, yaml=YAML)
    runner.tick()
    (pid,) = runner.pids
    for job in (running, waiting):
        assert (street.api("POST", f"/simulations/{job['id']}/cancel").json or {})["state"] == "cancelled"
    street.clock.advance(timedelta(seconds=5))
    runner.tick()
    assert (runner.pids, is_alive(pid)) == ([], False)
    assert [one["state"] for one in (street.api("GET", "/simulations").json or {})["data"]] == ["cancelled"] * 2


def test_at_shutdown_its_child_ends_and_the_next_server_takes_it_up(street: Street, runner: Simulations) -> None:
    job = ask(street, yaml=YAML)
    runner.tick()
    (pid,) = runner.pids
    runner.close()
    assert (is_alive(pid), shown(street, job)["state"]) == (False, "queued")
    assert carried_out(street, runner, job)["state"] == "done"


def test_what_a_killed_server_held_is_taken_up_once_more_and_then_has_failed(street: Street, db: Database) -> None:
    job = ask(street, yaml=YAML)
    claimed = []
    for name in ("run_1", "run_2", "run_3"):
        claimed.append(db.write(partial(simulations.claim, runner=name, now=street.clock())))
        street.clock.advance(LEASE + timedelta(seconds=1))
    assert [bool(one) for one in claimed] == [True, True, False]
    failed = shown(street, job)
    assert (failed["state"], failed["error"]) == ("failed", "The server stopped while it ran, twice.")


def test_one_that_fails_says_why(street: Street, runner: Simulations, db: Database) -> None:
    question = {**QUESTION, "yaml": "rule: x"}
    row = db.write(lambda session: simulations.ask(session, street.home.id, question, None, street.clock()).id)
    failed = carried_out(street, runner, {"id": row})
    assert failed["state"] == "failed"
    assert "trigger" in failed["error"]


def test_those_of_another_workspace_do_not_exist(street: Street, other_workspace: Home) -> None:
    job = ask(street, yaml=YAML)
    theirs = {"Authorization": f"Bearer {other_workspace.api_key}"}
    for method, path in (("GET", ""), ("POST", "/cancel")):
        answer = street.client.open(f"/api/v1/simulations/{job['id']}{path}", method=method, headers=theirs)
        assert answer.status_code == 404
    assert shown(street, job)["state"] == "queued"


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
