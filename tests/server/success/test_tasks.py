"""Tasks: made by rules for whom they are, listed as they are due, done once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from frontdesk.core.db import Database
from frontdesk.people.models import Contact
from frontdesk.success import tasks
from frontdesk.success.models import Task
from frontdesk.success.tasks import NewTask
from tests.server.conftest import Home
from tests.server.engage.doing.stage import Stage


@pytest.fixture
def stage(db: Database, workspace: Home, now: datetime) -> Stage:
    return Stage.built(db, workspace, now)


@pytest.mark.parametrize(
    ("whom", "teammate", "team"),
    [
        ("team: sales", None, "sales"),
        ("teammate: emma@bellshop.example", "emma", None),
        ("owner: true", "sam", None),
    ],
)
def test_a_rule_makes_a_task_for_whom_it_names(stage: Stage, whom: str, teammate: str | None, team: str | None) -> None:
    stage.change(Contact, "con_1", owner_id=stage.home.teammates["sam"])
    stage.do(f"{{task: {{{whom}, title: {{en: 'Call {{{{ contact.name }}}}', zh: 致电}}, due: 2d}}}}")
    [row] = stage.rows(Task)
    assert row.title == {"en": "Call Li Na", "zh": "致电"}
    assert row.teammate_id == (stage.home.teammates[teammate] if teammate else None)
    assert row.team_id == (stage.home.teams[team] if team else None)
    assert (row.person_id, row.rule_id, row.state, row.due_at) == (
        "con_1", "rul_1", "open", stage.now + timedelta(days=2),
    )  # fmt: skip


def test_a_task_for_the_owner_of_whom_nobody_owns_is_anybody_s(stage: Stage) -> None:
    stage.do("{task: {owner: true, title: {en: Call}}}")
    [row] = stage.rows(Task)
    assert (row.teammate_id, row.team_id, row.due_at) == (None, None, None)


@pytest.fixture
def made(db: Database, workspace: Home, now: datetime) -> dict[str, str]:
    """Ids by key: two for Sam, one of them due, one for Sales."""

    def job(session: Any) -> dict[str, str]:
        for_sam = {"teammate_id": workspace.teammates["sam"]}
        new = {
            "some day": for_sam,
            "tomorrow": {**for_sam, "due_at": now + timedelta(days=1)},
            "today": {"team_id": workspace.teams["sales"], "due_at": now},
        }
        return {
            key: tasks.make(session, NewTask(workspace.id, key, {"en": key}, "con_1", **more), now) or ""  # type: ignore[arg-type]  # two kinds of values in one mapping
            for key, more in new.items()
        }

    return db.write(job)


def ask(client: FlaskClient, home: Home, path: str, method: str = "GET", **query: Any) -> TestResponse:
    headers = {"Authorization": f"Bearer {home.api_key}"}
    return client.open(f"/api/v1{path}", method=method, headers=headers, query_string=query)


def titles(answer: TestResponse) -> list[str]:
    return [row["title"]["en"] for row in answer.json["data"]]


def test_what_is_due_first_comes_first_page_by_page(client: FlaskClient, workspace: Home, made: dict[str, str]) -> None:
    assert titles(ask(client, workspace, "/tasks")) == ["today", "tomorrow", "some day"]
    seen, cursor = [], None
    while True:
        page = ask(client, workspace, "/tasks", limit=1, **({"cursor": cursor} if cursor else {}))
        seen += titles(page)
        cursor = page.json["next_cursor"]
        if cursor is None:
            break
    assert seen == ["today", "tomorrow", "some day"]


def test_those_of_one_teammate_or_team_or_person_are_asked_for(
    client: FlaskClient, workspace: Home, made: dict[str, str]
) -> None:
    sam, sales = workspace.teammates["sam"], workspace.teams["sales"]
    assert titles(ask(client, workspace, "/tasks", teammate=sam)) == ["tomorrow", "some day"]
    assert titles(ask(client, workspace, "/tasks", team=sales)) == ["today"]
    assert titles(ask(client, workspace, "/tasks", person="con_2")) == []


def test_a_task_is_done_once_and_may_be_opened_again(
    client: FlaskClient, workspace: Home, made: dict[str, str]
) -> None:
    done = ask(client, workspace, f"/tasks/{made['today']}/done", "POST")
    assert (done.status_code, done.json["state"]) == (200, "done")
    assert ask(client, workspace, f"/tasks/{made['today']}/done", "POST").json == done.json
    assert titles(ask(client, workspace, "/tasks")) == ["tomorrow", "some day"]
    assert titles(ask(client, workspace, "/tasks", state="done")) == ["today"]
    again = ask(client, workspace, f"/tasks/{made['today']}/reopen", "POST")
    assert (again.json["state"], again.json["done_at"]) == ("open", None)


def test_another_workspace_s_tasks_do_not_exist(
    client: FlaskClient, other_workspace: Home, made: dict[str, str]
) -> None:
    assert titles(ask(client, other_workspace, "/tasks")) == []
    for what in ("done", "reopen"):
        assert ask(client, other_workspace, f"/tasks/{made['today']}/{what}", "POST").status_code == 404
