"""A contact of any number of browsers is asked about by the newest hundred, the one first seen among them."""

from typing import Any, cast

import pytest
from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from frontdesk.core.db import bulk
from frontdesk.engage.facts.gathering import Gathered
from frontdesk.engage.facts.subjects import subjects
from frontdesk.people import browsers, queries
from frontdesk.people.browsers import MOST
from frontdesk.people.models import Visitor
from tests.server.engage.facts.world import World

_VISITOR = cast(Table, Visitor.__table__)
_COLUMNS = (
    "id", "workspace_id", "anonymous_id", "contact_id", "contact_verified", "first_seen_at", "seen_at",
    "attributes", "tags", "sessions", "page_views", "token_presented", "email_verified",
)  # fmt: skip


def crowd(world: World, count: int, *, verified: bool, first: int = 0) -> list[str]:
    """So many browsers of `con_5`, in the order of their making; their ids."""
    ids = [f"vis_{number:07}" for number in range(first, first + count)]
    told = (world.now, world.now, {}, [], 0, 0, False, False)
    rows = [(one, world.workspace_id, one, "con_5", verified, *told) for one in ids]
    world.db.write(lambda session: bulk.insert(session, _VISITOR, _COLUMNS, rows))
    return ids


def known(world: World) -> list[str]:
    return world.db.read(lambda session: queries.visitor_ids(session, ["con_5"])["con_5"])


def test_of_as_many_as_are_asked_none_is_left_out(world: World) -> None:
    world.contact("con_5", verified=True)
    ids = crowd(world, MOST, verified=True)
    assert known(world) == ids[::-1]


def test_of_more_the_newest_are_and_the_one_that_came_first(world: World) -> None:
    world.contact("con_5", verified=True)
    ids = crowd(world, 3 * MOST, verified=True)
    assert known(world) == [*ids[:-MOST:-1], ids[0]]


def test_who_merely_claims_to_be_the_contact_takes_nobody_s_place(world: World) -> None:
    world.contact("con_5", verified=True)
    ids = crowd(world, 2, verified=True)
    crowd(world, 3 * MOST, verified=False, first=2)
    assert known(world) == ids[::-1]


def test_of_a_contact_whom_nobody_verified_claims_count_beside_what_is_verified(world: World) -> None:
    world.contact("con_5", verified=False)
    ids = [*crowd(world, 2, verified=True), *crowd(world, 3 * MOST, verified=False, first=2)]
    assert known(world) == [*ids[:-MOST:-1], ids[0]]


def test_everybody_is_asked_about_as_if_there_were_no_others(world: World) -> None:
    world.contact("con_5", verified=True)
    world.contact("con_6", verified=True)
    crowd(world, 3 * MOST, verified=True)
    found = world.db.read(lambda session: queries.visitor_ids(session, ["con_5", "con_6", "con_none"]))
    assert {who: len(ids) for who, ids in found.items()} == {"con_5": MOST, "con_6": 0, "con_none": 0}


def test_the_person_at_hand_is_one_of_them_and_stays_in_the_arm_of_the_id_first_seen(world: World) -> None:
    world.contact("con_5", verified=True)
    ids = crowd(world, 3 * MOST, verified=True)
    case = world.case(world.subject(ids[MOST], contact_id="con_5"), world.rule("a"))
    asked = world.db.read(lambda session: Gathered(session, [case], world.now).ids(case.subject))
    assert (asked[0], set(asked)) == (ids[0], {ids[0], ids[MOST], "con_5", *ids[-MOST + 1 :]})


def test_a_contact_is_met_in_one_of_them(world: World) -> None:
    world.contact("con_5", verified=True)
    ids = crowd(world, 3 * MOST, verified=True)
    world.db.write(
        lambda session: session.execute(text("UPDATE visitor SET token_hash = id WHERE id = :it"), {"it": ids[-9]})
    )
    met = world.db.read(lambda session: subjects(session, world.workspace_id, ["con_5"], world.now)["con_5"])
    latest = world.db.read(lambda session: queries.latest_visitors(session, ["con_5"])["con_5"].id)
    assert (met.visitor_id, latest) == (ids[-9], ids[-9])


@pytest.mark.parametrize("verified", [True, False])
def test_no_more_are_looked_at_than_are_asked(world: World, *, verified: bool) -> None:
    world.contact("con_5", verified=True)
    crowd(world, 40 * MOST, verified=verified)
    looked_at = _SEEN[world.db.engines.writer.dialect.name]
    assert world.db.write(looked_at) <= 2 * MOST + 2


def seen_by_sqlite(session: Session) -> int:
    """Each look is bound by its LIMIT, if nothing is sorted before it and the index holds all that is asked."""
    plan = [str(row[3]) for row in session.execute(text(f"EXPLAIN QUERY PLAN {_question('sqlite')}"))]
    looks = [step for step in plan if " own " in step]
    assert looks == ["SEARCH own USING COVERING INDEX ix_visitor_contact (contact_id=? AND contact_verified=?)"] * 4
    assert not [step for step in plan if "ORDER BY" in step or step.startswith(("SCAN own", "SCAN met"))]
    return 0


def seen_by_postgres(session: Session) -> int:
    session.execute(text("ANALYZE visitor"))
    explained = session.scalar(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {_question('postgresql')}"))
    return sum(_rows(explained[0]["Plan"]))


_SEEN = {"sqlite": seen_by_sqlite, "postgresql": seen_by_postgres}


def _question(dialect: str) -> str:
    return browsers._linked("VALUES ('con_5')", dialect)


def _rows(plan: dict[str, Any]) -> list[int]:
    """The rows that each look into the visitors found or threw away."""
    own = (
        [plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)] if plan.get("Alias", "").startswith("own") else []
    )
    return own + [rows for part in plan.get("Plans", []) for rows in _rows(part)]
