"""Conversations that wait already when a rule about waiting goes live: their wait began when it began."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, event

from frontdesk.core.db import Database
from frontdesk.core.runtime import Runtime
from frontdesk.engage.activation import steps
from frontdesk.engage.activation.batches import PEOPLE
from frontdesk.inbox.models import Conversation
from frontdesk.inbox.waiting import unanswered
from tests.server.conftest import Home
from tests.server.engage.activation.town import SECOND, Town
from tests.server.engage.moments.site import Site, tags

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WAITS = tags("{conversation: waiting, after: 10m}", "repeat: {per: conversation}", key="waits")


class Inbox(Town, Site):
    """A town whose people write."""

    def written(self, ago: timedelta, who: str = "anna") -> str:
        """Somebody wrote so long ago, and nobody answered; the conversation."""
        self.clock.advance(-ago)
        self.page("page", who)
        chat = self.start_chat(who)
        self.clock.advance(ago)
        return chat


@pytest.fixture
def inbox(runtime: Runtime, workspace: Home) -> Inbox:
    return Inbox(runtime, workspace)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_those_who_wait_are_found_by_their_index_among_all_that_were_answered(db: Database) -> None:
    """PostgreSQL plans by what is in the table, and here is nothing."""
    said: list[str] = []

    def explain(connection: Connection, _cursor: Any, statement: str, given: Any, *_more: Any) -> None:
        if "waiting_since" in statement and not statement.startswith("EXPLAIN"):
            said.extend(str(row) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given))

    event.listen(db.engines.reader, "before_cursor_execute", explain)
    db.read(lambda session: unanswered(session, "wsp_1", "", PEOPLE))
    event.remove(db.engines.reader, "before_cursor_execute", explain)
    assert ["ix_conversation_waits" in step for step in said] == [True]


def test_who_has_waited_for_a_while_waits_for_the_rest(inbox: Inbox) -> None:
    inbox.written(ago=5 * MINUTE)
    inbox.rule(WAITS)
    inbox.tick(5)
    inbox.wait(5 * MINUTE - 6 * SECOND)
    assert inbox.acted() == []
    inbox.wait(SECOND)
    assert inbox.acted() == ["waits"]


def test_who_is_answered_after_that_waits_no_longer(inbox: Inbox) -> None:
    chat = inbox.written(ago=5 * MINUTE)
    inbox.rule(WAITS)
    inbox.tick(5)
    inbox.answer(chat)
    inbox.wait(HOUR)
    assert (inbox.acted(), inbox.pending()) == ([], [])


def test_who_was_answered_before_that_does_not_wait(inbox: Inbox) -> None:
    inbox.answer(inbox.written(ago=5 * MINUTE))
    inbox.rule(WAITS)
    inbox.tick(5)
    assert inbox.timers() == []


def test_who_is_answered_while_it_is_asked_does_not_wait(inbox: Inbox) -> None:
    """What was read beside the writer is looked at again when it is written."""
    chat = inbox.written(ago=5 * MINUTE)
    rule_id = inbox.rule(WAITS)
    inbox.clock.advance(2 * SECOND)
    step, came = inbox.read_step()
    assert len(came.wanted) == 1
    inbox.answer(chat)
    inbox.runtime.db.write(partial(steps.store, step=step, came=came, now=inbox.clock()))
    assert (inbox.timers(), inbox.activation(rule_id).asked) == ([], 1)


def test_who_has_waited_for_longer_already_has_waited_enough(inbox: Inbox) -> None:
    inbox.written(ago=40 * MINUTE)
    inbox.rule(WAITS)
    inbox.tick(5)
    assert inbox.acted() == ["waits"]


@pytest.mark.parametrize(
    ("more", "ago", "outcome"),
    [
        ("", DAY + 9 * MINUTE, "acted"),
        ("", DAY + 11 * MINUTE, "expired"),
        ("max_lateness: 1h", 69 * MINUTE, "acted"),
        ("max_lateness: 1h", 71 * MINUTE, "expired"),
    ],
)
def test_who_has_waited_for_far_too_long_is_overdue(inbox: Inbox, more: str, ago: timedelta, outcome: str) -> None:
    inbox.written(ago)
    inbox.rule(f"{WAITS}\n{more}")
    inbox.tick(5)
    assert inbox.outcomes() == [outcome]


def test_of_two_conversations_of_a_person_each_waits_by_itself(inbox: Inbox) -> None:
    inbox.written(ago=8 * MINUTE)
    inbox.written(ago=3 * MINUTE)
    rule_id = inbox.rule(WAITS)
    inbox.tick(5)
    inbox.wait(2 * MINUTE)
    assert inbox.acted() == ["waits"]
    inbox.wait(5 * MINUTE)
    assert inbox.acted() == ["waits", "waits"]
    assert (inbox.activation(rule_id).asked, inbox.activation(rule_id).armed) == (2, 2)


def test_another_time_counts_from_when_the_wait_began(inbox: Inbox) -> None:
    inbox.rule(WAITS)
    inbox.written(ago=0 * MINUTE)
    inbox.wait(5 * MINUTE)
    inbox.save_by_http(WAITS.replace("10m", "20m"))
    inbox.tick(5)
    inbox.wait(14 * MINUTE)
    assert inbox.acted() == []
    inbox.wait(MINUTE)
    assert inbox.acted() == ["waits"]


def test_who_wrote_while_a_rule_was_paused_waits_when_it_is_resumed(inbox: Inbox) -> None:
    rule_id = inbox.rule(WAITS)
    inbox.tick(5)
    inbox.pause(rule_id)
    inbox.run("rules")
    inbox.written(ago=5 * MINUTE)
    inbox.resume(rule_id)
    inbox.tick(5)
    inbox.wait(5 * MINUTE)
    assert inbox.acted() == ["waits"]


def test_nobody_has_waited_twice_when_a_rule_is_resumed(inbox: Inbox) -> None:
    inbox.written(ago=40 * MINUTE)
    rule_id = inbox.rule(WAITS.replace("repeat: {per: conversation}", "repeat: {every: 1s}"))
    inbox.tick(5)
    inbox.pause(rule_id)
    inbox.resume(rule_id)
    inbox.tick(5)
    assert inbox.outcomes() == ["acted"]


def test_after_a_restart_it_goes_on_where_it_was(inbox: Inbox) -> None:
    inbox.page("page")
    since, visitor_id = inbox.clock() - 5 * MINUTE, inbox.visitor_id()
    told = {"visitor_id": visitor_id, "workspace_id": inbox.home.id, "state": "open", "tags": []}
    when = {"waiting_since": since, "created_at": since, "updated_at": since}
    talks = [Conversation(id=f"cnv_{n:05}", client_id=f"c{n}", **told, **when) for n in range(PEOPLE + 20)]
    inbox.runtime.db.write(lambda session: session.add_all(talks))
    rule_id = inbox.rule(WAITS)
    inbox.clock.advance(2 * SECOND)
    inbox.step()
    assert (inbox.activation(rule_id).asked, inbox.activation(rule_id).cursor) == (PEOPLE, f"cnv_{PEOPLE - 1:05}")
    restarted = Inbox(inbox.restart().runtime, inbox.home)
    restarted.run("activation")
    assert (restarted.activation(rule_id).state, len(restarted.pending())) == ("done", PEOPLE + 20)
