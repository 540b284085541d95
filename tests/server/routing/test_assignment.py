"""A rule routes a conversation: to whom, and what the conversation says about it."""

import threading
from collections import Counter
from datetime import datetime
from functools import partial

import psycopg
import pytest
from sqlalchemy.orm import Session

from frontdesk.core.clock import MovableClock
from frontdesk.core.db import open_database
from frontdesk.core.signals import Bus
from tests.server.inbox.desk import build_workspace
from tests.server.routing.floor import REASON, Floor


def test_the_least_busy_of_the_team_gets_it(floor: Floor) -> None:
    floor.online("lina", "tom")
    first, second, third = (floor.look(floor.start()) for _ in range(3))
    assert {first.assignee, second.assignee} == {"tmt_lina_1", "tmt_tom_1"}
    assert third.assignee == first.assignee
    assert third.team == "tem_sales_1"


def test_the_conversation_says_which_rule_routed_it_and_why(floor: Floor) -> None:
    floor.online("lina", "tom")
    routed = floor.look(floor.start())
    assert routed.details == [
        {
            "team": {"id": "tem_sales_1", "name": "Sales"},
            "teammate": {"id": "tmt_lina_1", "name": "Li Na"},
            "rule": {"id": "rul_1", "name": "Price page", "name_zh": "价格页"},
            "reasons": [
                REASON,
                {
                    "code": "least_busy",
                    "text_en": "Li Na had the fewest open (0)",
                    "text_zh": "Li Na 手上的对话最少（0）",
                },
            ],
            "by": {"kind": "rule", "name": "Price page"},
        }
    ]


@pytest.mark.parametrize(
    ("lina", "tom", "expected"),
    [
        ("online", "offline", "tmt_lina_1"),
        ("online", "away", "tmt_lina_1"),
        ("stale", "online", "tmt_tom_1"),
        ("stale", "away", None),
    ],
)
def test_only_those_count_who_are_available_and_were_seen_in_the_last_minute(
    floor: Floor, lina: str, tom: str, expected: str | None
) -> None:
    for name, state in (("lina", lina), ("tom", tom)):
        if state != "offline":
            floor.online(name, seen_ago=61 if state == "stale" else 0)
        if state == "away":
            floor.away(name)
    assert floor.look(floor.start()).assignee == expected


def test_with_nobody_online_it_waits_in_the_queue_of_the_team(floor: Floor) -> None:
    routed = floor.look(floor.start())
    assert (routed.assignee, routed.team) == (None, "tem_sales_1")
    assert routed.codes == ["dwell", "nobody_online", "queue"]


def test_the_fallback_team_helps_out(floor: Floor) -> None:
    floor.online("ada")
    routed = floor.look(floor.start(fallback_key="experts"))
    assert (routed.assignee, routed.team) == ("tmt_ada_1", "tem_experts_1")
    assert routed.codes == ["dwell", "nobody_online", "only_one"]


def test_with_nobody_online_in_either_team_the_first_team_s_queue_has_it(floor: Floor) -> None:
    routed = floor.look(floor.start(fallback_key="experts"))
    assert (routed.assignee, routed.team) == (None, "tem_sales_1")


@pytest.mark.parametrize("named", ["tmt_tom_1", "tom@1.example", "TOM@1.example"])
def test_a_rule_can_ask_for_one_person(floor: Floor, named: str) -> None:
    floor.online("lina", "tom")
    routed = floor.look(floor.start(teammate=named, team_key=None))
    assert (routed.assignee, routed.codes) == ("tmt_tom_1", ["dwell", "asked_for"])


def test_a_person_who_is_offline_is_replaced_by_the_fallback_team(floor: Floor) -> None:
    floor.online("ada")
    routed = floor.look(floor.start(teammate="tmt_tom_1", team_key=None, fallback_key="experts"))
    assert (routed.assignee, routed.codes) == ("tmt_ada_1", ["dwell", "teammate_offline", "only_one"])


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"teammate": "tmt_tom_1", "team_key": None}, "teammate_offline"),
        ({"teammate": "tmt_tom_2", "team_key": None}, "unknown_teammate"),
        ({"teammate": "tmt_eve_1", "team_key": None}, "unknown_teammate"),
        ({"team_key": "moon"}, "unknown_team"),
    ],
    ids=["offline", "of another workspace", "a viewer", "a team that does not exist"],
)
def test_a_rule_that_finds_nobody_says_so_and_leaves_it_open_to_all(
    floor: Floor, asked: dict[str, str | None], code: str
) -> None:
    floor.online("lina")
    routed = floor.look(floor.start(**asked))
    assert (routed.assignee, routed.team) == (None, None)
    assert routed.codes == ["dwell", code, "unassigned"]


def test_who_has_it_and_is_online_keeps_it_when_the_rule_fires_again(floor: Floor) -> None:
    floor.online("lina", "tom")
    conversation = floor.start()
    floor.route(conversation)
    routed = floor.look(conversation)
    assert (routed.assignee, len(routed.details)) == ("tmt_lina_1", 1)


def test_who_has_it_does_not_lose_it_to_an_empty_team(floor: Floor) -> None:
    floor.online("lina")
    conversation = floor.start()
    floor.route(conversation, team_key="experts")
    assert floor.look(conversation).assignee == "tmt_lina_1"


def test_conversations_of_one_transaction_are_spread(floor: Floor) -> None:
    floor.online("lina", "tom")
    ids = floor.db.write(lambda session: [floor.start_in(session) for _ in range(10)])
    assert Counter(floor.look(each).assignee for each in ids) == {"tmt_lina_1": 5, "tmt_tom_1": 5}


def test_of_two_processes_the_second_counts_what_the_first_assigned(postgres_url: str, now: datetime) -> None:
    first, second = (open_database(postgres_url, Bus()) for _ in range(2))
    first.write(partial(build_workspace, key="1", now=now))
    floor = Floor(first, MovableClock(now))
    floor.online("lina", "tom")
    ids: list[str] = []
    other = Floor(second, MovableClock(now), visitor_id="vis_b_1")
    late = threading.Thread(target=lambda: ids.append(other.start()))

    def route_while_the_other_does(session: Session) -> str:
        mine = floor.start_in(session)
        late.start()
        while late.is_alive() and not _somebody_waits_for_a_lock(postgres_url):
            continue
        return mine

    ids.append(first.write(route_while_the_other_does))
    late.join()
    assert {floor.look(each).assignee for each in ids} == {"tmt_lina_1", "tmt_tom_1"}
    first.close()
    second.close()


def _somebody_waits_for_a_lock(url: str) -> bool:
    with psycopg.connect(url) as connection:
        waiting = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        ).fetchone()
    return bool(waiting and waiting[0])
