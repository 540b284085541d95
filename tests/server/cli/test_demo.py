"""`frontdesk demo`: one command to a shop, a team, live rules and two weeks that were really lived through."""

import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from random import Random
from typing import Any

import click
import psycopg
import pytest
from sqlalchemy import select

from frontdesk.accounts.models import Teammate, Workspace
from frontdesk.cli.demo import history as past
from frontdesk.cli.demo import words
from frontdesk.cli.demo.folder import DATABASE, Kept, Login, open_folder
from frontdesk.cli.demo.history import Setting, Size
from frontdesk.cli.demo.home import SEATS, furnish, playbooks
from frontdesk.cli.demo.shop import PAGES
from frontdesk.cli.demo.talks import LANGUAGES, talks
from frontdesk.collect.door.times import LIVE
from frontdesk.collect.models import DeadLetter, Event
from frontdesk.core.assets import PLAYBOOKS, SHOP
from frontdesk.core.db import Database, open_database
from frontdesk.core.signals import Bus
from frontdesk.engage.models import DecisionRow, Delivery, RuleRow, RuleVersion, TimerRow
from frontdesk.inbox.models import Conversation, Part
from frontdesk.people.models import Visitor
from frontdesk_rules import DEFAULT_POLICY, parse_rules

SMALL = Size(visitors=8, talks=12)  # the talks still open come first; with twelve, the first of those that are over


NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def live(db: Database) -> None:
    home = db.write(lambda session: furnish(session, NOW))
    setting = Setting(home.workspace_id, home.teammates, "http://127.0.0.1:8160")
    passed = list(past.live_through(db, setting, SMALL, NOW, Random(7)))
    assert passed == sorted(passed)
    assert passed[-1] == 1.0


def rows(db: Database, *columns: Any) -> list[tuple[Any, ...]]:
    return db.read(lambda session: [tuple(row) for row in session.execute(select(*columns))])


def told(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """What a reader of the console sees of a history: everything but the ids."""
    parts = rows(db, Part.created_at, Part.seq, Part.kind, Part.author_name, Part.body)
    events = rows(db, Event.occurred_at, Event.type, Event.name, Event.path)
    decisions = rows(db, DecisionRow.at, DecisionRow.outcome, DecisionRow.reason)
    return {name: sorted(found, key=repr) for name, found in (("p", parts), ("e", events), ("d", decisions))}


@pytest.fixture(scope="module")
def both(
    sqlite_template: Path, postgres: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Database]]:
    """The same history, lived through on each database; tests only look at it."""
    copy = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    shutil.copy(sqlite_template, copy)
    with psycopg.connect(postgres.format("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE demo TEMPLATE template_frontdesk")
    urls = {"sqlite": f"sqlite:///{copy}", "postgres": postgres.format("demo")}
    found = {name: open_database(url, Bus()) for name, url in urls.items()}
    for db in found.values():
        live(db)
    yield found
    for db in found.values():
        db.close()


@pytest.fixture(params=["sqlite", "postgres"])
def lived(request: pytest.FixtureRequest, both: dict[str, Database]) -> Database:
    return both[request.param]


def test_everything_was_heard_of_in_time_to_act_on_it(lived: Database) -> None:
    assert max(heard - at for heard, at in rows(lived, Event.received_at, Event.occurred_at)) < LIVE


def test_conversations_were_routed_by_rules_that_say_why(lived: Database) -> None:
    routed = [row[0] for row in rows(lived, Part.detail) if row[0] and "reasons" in row[0]]
    by_rule = [detail for detail in routed if detail["rule"]]
    assert {detail["team"]["name"] for detail in by_rule} == {"Sales", "Experts"}
    assert all(len(detail["reasons"]) >= 2 and detail["reasons"][0]["text_zh"] for detail in by_rule)
    codes = {reason["code"] for detail in by_rule for reason in detail["reasons"]}
    assert codes >= {"only_one", "nobody_online", "queue"}


def test_visits_passed_through_rules_and_cards_were_answered(lived: Database) -> None:
    assert {outcome for (outcome,) in rows(lived, DecisionRow.outcome)} == {"acted", "held", "deferred"}
    assert "replied" in {state for (state,) in rows(lived, Delivery.state)}
    answered = [delivery for (delivery,) in rows(lived, Conversation.delivery_id) if delivery]
    assert answered
    assert rows(lived, DeadLetter.id) == []


def test_parts_are_numbered_without_gaps_and_in_time(lived: Database) -> None:
    seen: dict[str, list[tuple[int, datetime]]] = {}
    for conversation_id, seq, at in rows(lived, Part.conversation_id, Part.seq, Part.created_at):
        seen.setdefault(conversation_id, []).append((seq, at))
    assert len(seen) == SMALL.talks
    for found in seen.values():
        assert [seq for seq, _ in sorted(found)] == list(range(1, len(found) + 1))
        assert [at for _, at in sorted(found)] == sorted(at for _, at in found)


def test_it_all_lies_in_the_two_weeks_and_nobody_is_said_to_be_here(lived: Database) -> None:
    moments = [at for (at,) in [*rows(lived, Event.occurred_at), *rows(lived, Part.created_at)]]
    assert NOW - timedelta(days=14, hours=1) < min(moments) < max(moments) < NOW
    assert all(until is None or until < NOW for (until,) in rows(lived, Visitor.present_until))
    assert {seen for (seen,) in rows(lived, Teammate.seen_at)} == {None}


def test_the_inbox_is_alive_at_the_first_log_in(lived: Database) -> None:
    found = rows(lived, Conversation.state, Conversation.assignee_id, Conversation.waiting_since)
    assert {state for state, _, _ in found} == {"open", "closed"}
    assert {bool(who) for state, who, _ in found if state == "open"} == {True, False}
    assert {bool(since) for state, _, since in found if state == "open"} == {True, False}


def test_the_same_seed_tells_the_same_story(both: dict[str, Database]) -> None:
    assert told(both["sqlite"]) == told(both["postgres"])


def test_every_ready_made_rule_is_live_in_it(lived: Database) -> None:
    named = select(RuleRow.key, RuleVersion.state).join(RuleVersion, RuleVersion.rule_id == RuleRow.id)
    found = lived.read(lambda session: {tuple(row) for row in session.execute(named)})
    assert {state for _, state in found} == {"live"}
    assert {key for key, _ in found} == {rule.key for text in playbooks() for rule in parse_rules(text)}
    assert len(found) == len(list(PLAYBOOKS.glob("*.yaml"))) >= 16


def test_its_messages_keep_no_quiet_hours_and_it_says_so(lived: Database, tmp_path: Path) -> None:
    ((gates,),) = rows(lived, Workspace.gates)
    assert gates == {**DEFAULT_POLICY.to_tree(), "quiet": None}
    assert "quiet hours" in words.as_text("http://127.0.0.1:8160", KEPT, tmp_path)


def test_what_rules_waited_for_came_when_it_was_due(lived: Database) -> None:
    timers = rows(lived, TimerRow.state, TimerRow.fires_at, TimerRow.fired_at)
    fired = [(due, at) for state, due, at in timers if state == "fired"]
    assert fired
    assert all(timedelta() <= at - due <= timedelta(minutes=30) for due, at in fired)
    assert [due for state, due, _ in timers if state == "pending" and due < NOW - timedelta(minutes=30)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_its_pages_bear_the_titles_of_the_shop(name: str, language: str) -> None:
    page = PAGES[name]
    file = SHOP / page.path(language).removeprefix("/demo/") / "index.html"
    assert f"<title>{page.title(language)}</title>" in unescape(file.read_text("utf-8"))


def test_every_name_says_that_it_is_of_a_demo() -> None:
    named = [talk.who for talk in talks() if talk.who] + [seat.name for seat in SEATS]
    assert [name for name in named if "Demo" not in name and "演示" not in name] == []


KEPT = Kept("pk_1", "sk_1", "is_1", [Login("Olivia Demo", "sales", "owner", "olivia@bellshop.example", "secret")])


def test_a_seeding_that_broke_off_is_made_anew(tmp_path: Path) -> None:
    def break_off(db: Database) -> Kept:
        db.write(lambda session: furnish(session, NOW))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_folder(tmp_path, break_off)
    assert not (tmp_path / DATABASE).exists()
    assert open_folder(tmp_path, lambda db: KEPT if rows(db, Teammate.id) == [] else pytest.fail("half a seed")) == KEPT
    assert open_folder(tmp_path, lambda _db: pytest.fail("seeded twice")) == KEPT
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600


def test_an_installation_that_is_no_demo_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"what people wrote")
    with pytest.raises(click.ClickException, match="no demo"):
        open_folder(tmp_path, lambda _db: KEPT)
    assert (tmp_path / DATABASE).read_bytes() == b"what people wrote"


def test_a_person_is_told_where_to_go_and_what_to_try(tmp_path: Path) -> None:
    text = words.as_text("http://127.0.0.1:8160", KEPT, tmp_path)
    for told in ("http://127.0.0.1:8160/demo/", "olivia@bellshop.example", "secret", "Pricing"):
        assert told in text
