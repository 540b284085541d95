"""Whom a rule would concern: exactly, while they can be asked one by one; else an estimate that says so."""

from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from frontdesk.core.db import Database
from frontdesk.core.ids import new_id
from frontdesk.engage.seeing import audience as asked
from frontdesk.engage.seeing.audience import Audience, Question, audience
from frontdesk.people.models import Contact
from tests.server.conftest import Home
from tests.server.engage.activation.town import STORY_A, Town
from tests.server.engage.sql.town import condition_of

PRO = condition_of({"contact.plan": "pro"})


@pytest.fixture
def town(runtime: Any, workspace: Home) -> Town:
    town = Town(runtime, workspace)
    town.register("loyal", days_ago=400)
    town.register("new", days_ago=10)
    town.register("paying", days_ago=400, plan="pro")
    return town


def ask(town: Town, **body: Any) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {town.home.api_key}"}
    answer = town.client.post("/api/v1/rules/audience", json=body, headers=headers)
    assert answer.status_code == 200, answer.json
    told: dict[str, Any] = answer.json or {}
    return told


def test_a_condition_is_asked_of_everybody(town: Town) -> None:
    told = ask(town, tree={"contact.plan": "free"})
    assert (told["size"], told["exact"], told["low"], told["high"], told["momentary"]) == (2, True, 2, 2, [])
    assert {one["kind"] for one in told["sample"]} == {"contact"}


def test_a_rule_is_asked_of_those_who_have_the_time_that_it_waits_for(town: Town) -> None:
    town.do("Opened", who="a stranger")
    assert ask(town, yaml=STORY_A)["size"] == 2
    assert ask(town, tree={"rule": "a", "trigger": "page", "do": [{"tag": "a"}]})["size"] == 4


def test_it_says_that_the_trigger_is_not_part_of_it(town: Town) -> None:
    never = {"trigger": {"event": "Never"}, "when": {"contact.plan": "free"}, "do": [{"tag": "a"}]}
    told = ask(town, tree={"rule": "a", **never})
    assert (told["asked"], told["size"]) == ("condition", 2)


def test_rules_decide_about_those_whom_sql_cannot_tell_apart(town: Town) -> None:
    town.identify("loyal", who="browser-loyal", version="2.10.0")
    town.identify("new", who="browser-new", version="2.9.0")
    assert ask(town, yaml="contact.version: {semver_gte: 2.10.0}")["size"] == 1


def test_what_only_a_moment_has_is_taken_to_fit_and_named(town: Town) -> None:
    told = ask(town, tree={"page.path": "/pricing", "contact.plan": "pro"})
    assert (told["size"], told["momentary"]) == (1, ["page.path"])
    assert ask(town, tree={"page.path": "/pricing"})["size"] == 3
    assert ask(town, tree={"all": [{"contact.plan": "pro"}, {"contact.plan": "free"}]})["size"] == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid"),
        ({"yaml": "a: 1", "tree": {}}, "invalid"),
        ({"tree": {"nobody.knows": 1}}, "rules_refused"),
        ({"yaml": "contact.plan: {gt: pro}"}, "rules_refused"),
        ({"yaml": "contact.plan: pro\n---\ncontact.plan: free"}, "rules_refused"),
        ({"yaml": "rule: a\ntrigger: eclipse\ndo: [{tag: a}]"}, "rules_refused"),
        ({"yaml": "- ["}, "rules_refused"),
    ],
)
def test_what_is_no_rule_and_no_condition_is_refused(town: Town, body: dict[str, Any], code: str) -> None:
    headers = {"Authorization": f"Bearer {town.home.api_key}"}
    answer = town.client.post("/api/v1/rules/audience", json=body, headers=headers)
    assert (answer.status_code, (answer.json or {})["code"]) == (422, code)


def test_nobody_is_told_who_does_not_work_here(client: FlaskClient) -> None:
    assert client.post("/api/v1/rules/audience", json={"tree": {"contact.plan": "free"}}).status_code == 401


def test_of_too_many_a_sample_is_asked(
    db: Database, workspace: Home, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "MOST", 500)
    monkeypatch.setattr(asked, "_SAMPLED", 300)
    db.write(lambda session: _settle(session, workspace.id, now))
    found = audience(db, Question(workspace.id, condition_of({"contact.version": {"semver_gt": "1.0"}}), now))
    low, high = found.interval
    assert (found.candidates, found.exact) == (2_000, False)
    assert 150 < found.asked < 500
    assert low <= found.size <= high
    again = audience(db, Question(workspace.id, condition_of({"contact.version": {"semver_gt": "1.0"}}), now))
    assert again == found
    assert audience(db, Question(workspace.id, PRO, now)).exact


def _settle(session: Session, workspace_id: str, now: datetime) -> None:
    for number in range(2_000):
        version = "2.0" if number % 4 == 0 else "1.0"
        row = {"attributes": {"version": version}, "tags": [], "created_at": now, "seen_at": now}
        session.add(Contact(id=new_id("con", now), workspace_id=workspace_id, user_id=str(number), **row))


@given(st.integers(10_001, 10**7), st.integers(1, 3_000), st.floats(0, 1))
def test_an_estimate_lies_within_its_interval_and_within_what_is_known(
    candidates: int, sampled: int, share: float
) -> None:
    found = Audience(candidates, sampled, round(sampled * share))
    low, high = found.interval
    assert found.matched <= low <= found.size <= high <= candidates - sampled + found.matched


def test_of_an_empty_sample_nothing_is_known() -> None:
    assert Audience(20_000).interval == (0, 20_000)
