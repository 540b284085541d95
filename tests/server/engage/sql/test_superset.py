"""SQL never misses one: whomever the interpreter accepts, the query selects, whatever is asked of whomever."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frontdesk.core.db import Database
from frontdesk.engage.sql.matching import matching
from frontdesk_rules import FIELDS
from frontdesk_rules.language.conditions import Condition, Not
from tests.rules.strategies import TIMES, aggregates, comparisons, grouped
from tests.server.conftest import Home
from tests.server.engage.sql.town import KEYS, NOW, PEOPLE, Town, answers, condition_of, town

ASKED = st.sampled_from((
    *(f"contact.{key}" for key in KEYS), *(name for name in FIELDS if name.partition(".")[0] in ("contact", "visitor")),
    "company.plan", "company.seats", "company.id",
)) | st.sampled_from((*FIELDS, "event.total"))  # fmt: skip
CONDITIONS = st.recursive(comparisons(ASKED) | aggregates(), grouped, max_leaves=6)
SINCE = st.none() | TIMES | st.just(NOW - timedelta(days=365))
_RANK = {False: 0, None: 1, True: 2}
thorough = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


def selected(people: Town, condition: Condition) -> set[str]:
    return set(people.session.scalars(matching(condition, people.workspace_id, NOW, {"vip": None, "staff": None})))


@thorough
@given(st.lists(CONDITIONS, min_size=1, max_size=5), st.lists(PEOPLE, min_size=1, max_size=3), SINCE)
def test_whoever_is_accepted_is_selected(
    db: Database, workspace: Home, trees: list[Any], settled: list[Any], since: datetime | None
) -> None:
    with town(db, workspace.id, settled) as seen:
        people = Town(seen.session, workspace.id, since, as_stored=since is None)
        for condition in map(condition_of, trees):
            verdicts = people.verdicts(condition)
            accepted = {person for person, verdict in verdicts.items() if verdict is True}
            refused = {person for person, verdict in verdicts.items() if verdict is False}
            assert accepted <= selected(people, condition)
            assert refused <= selected(people, Not(condition))


@thorough
@given(st.lists(CONDITIONS, min_size=1, max_size=5), st.lists(PEOPLE, min_size=1, max_size=3), SINCE)
def test_wide_is_never_less_than_the_truth_and_narrow_never_more(
    db: Database, workspace: Home, trees: list[Any], settled: list[Any], since: datetime | None
) -> None:
    with town(db, workspace.id, settled) as seen:
        people = Town(seen.session, workspace.id, since, as_stored=since is None)
        for condition in map(condition_of, trees):
            said = answers(people, condition)
            for person, verdict in people.verdicts(condition).items():
                assert any(_RANK[narrow] <= _RANK[verdict] <= _RANK[wide] for wide, narrow in said[person])
