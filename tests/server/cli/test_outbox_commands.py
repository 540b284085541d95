"""`frontdesk outbox`: what could not be sent, and sending it again, from the shell."""

import json
from datetime import datetime
from typing import Any

import pytest

from frontdesk.channels import outbox
from frontdesk.channels.outbox import NotSent, Parcel
from frontdesk.core.db import Database
from tests.server.cli.conftest import Command
from tests.server.conftest import Home

HOOKS = "https://hooks.example:443"


@pytest.fixture
def dead(db: Database, workspace: Home, now: datetime) -> str:
    """The id of a parcel that was given up; another one waits."""

    def job(session: Any) -> str:
        parcel_id = outbox.put(session, Parcel(workspace.id, "webhook", HOOKS, "dead", {}), now)
        outbox.failed(session, outbox.claim(session, HOOKS, 1, now)[0], NotSent("answered 410", final=True), 0.5, now)
        outbox.put(session, Parcel(workspace.id, "webhook", HOOKS, "waits", {}), now)
        return parcel_id or ""

    return db.write(job)


def test_what_was_given_up_is_listed_with_its_reason(command: Command, dead: str) -> None:
    rows = json.loads(command("outbox", "list", "--json").stdout)
    assert {row["key"] for row in rows} == {"dead", "waits"}
    [row] = json.loads(command("outbox", "list", "--state", "dead", "--json").stdout)
    assert (row["id"], row["error"]) == (dead, "answered 410")
    assert "answered 410" in command("outbox", "list").stdout


@pytest.mark.parametrize("which", ["by its id", "all"])
def test_it_is_sent_again_and_what_waits_is_left_to_wait(command: Command, dead: str, which: str) -> None:
    words = ["--all"] if which == "all" else [dead]
    [row] = json.loads(command("outbox", "replay", *words, "--json").stdout)
    assert (row["id"], row["state"]) == (dead, "pending")
    assert command("outbox", "replay", *words).stdout == "0 parcels wait to be sent again.\n"


@pytest.mark.parametrize("words", [(), ("--all", "out_1")])
def test_which_must_be_said_in_one_way(command: Command, dead: str, words: tuple[str, ...]) -> None:
    assert command("outbox", "replay", *words).exit_code == 2


def test_a_parcel_that_is_not_here_is_named_so(command: Command, workspace: Home) -> None:
    answer = command("outbox", "replay", "out_none")
    assert answer.exit_code == 1
    assert "There is no such parcel." in answer.output
