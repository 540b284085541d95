"""The ends of windows, letters beyond ASCII, numbers that round: SQL never misses one there, either."""

from typing import Any

from frontdesk.core.db import Database
from frontdesk_rules.language.conditions import Not
from tests.server.conftest import Home
from tests.server.engage.sql.test_superset import selected
from tests.server.engage.sql.test_worked_examples import browser, person
from tests.server.engage.sql.town import EDGES, Town, condition_of, town

AGO = ("1d", "5d", "14d", "30d")
COMPLETE = {"event": "Paid", "assume_complete": True}
OF_THE_PAST: list[dict[str, Any]] = [
    *({"count": {**COMPLETE, "within": ago}, "gte": 1} for ago in AGO),
    *({"last": {"event": "Paid"}, "within_last": ago} for ago in AGO),
    *({"first": {"event": "Paid"}, "older_than": ago} for ago in AGO),
    *({"time_since_last": {"event": "Paid"}, op: ago} for ago in AGO for op in ("gt", "gte", "lt", "lte", "eq")),
    *({"contact.registered_at": {op: ago}} for ago in AGO for op in ("within_last", "older_than")),
    *({"contact.registered_at": {op: "2026-03-19T12:00Z"}} for op in ("before", "after")),
    *({"contact.registered_at": {op: "2026-03-19", "zone": "Asia/Shanghai"}} for op in ("before", "after")),
    {"count": {**COMPLETE, "since": "contact.registered_at"}, "gte": 1},
    {"count": {**COMPLETE, "since": "2026-03-19T20:00", "zone": "Asia/Shanghai"}, "gte": 1},
    {"count": {**COMPLETE, "calendar": "yesterday", "zone": "Asia/Shanghai"}, "gte": 1},
    {"count": {**COMPLETE, "calendar": "this_month"}, "gte": 1},
    {"count": {"event": "Paid"}, "gte": 1},
]

TEXTS = (
    "Straße",
    "STRASSE",
    "strasse",
    "K",
    "k",
    "\u212a",
    "ſ",
    "S",
    "İ",
    "i",
    "ﬁn",
    "FIN",
    "50%_[a]?*",
    "价格",
    "",
    "É",
)
ASKED = ("STRASSE", "straße", "k", "K", "s", "I", "fin", "50%_[A]?*", "50%_[a]?*", "价", "é", "*ß*", "5?%*", "[a]", "?")
OF_TEXTS: list[dict[str, Any]] = [
    {"contact.name": {op: text}}
    for op in ("icontains", "ieq", "eq", "neq", "contains", "not_contains", "starts_with", "ends_with", "glob")
    for text in ASKED
]

NUMBERS = (
    0,
    -0.0,
    1,
    1.0,
    0.1,
    0.1 + 0.2,
    0.3,
    2.9999999999999996,
    3,
    1e15 + 0.3,
    2**53,
    2**53 + 1,
    -(2**60),
    1e300,
    True,
)
OF_NUMBERS: list[dict[str, Any]] = [
    {"contact.x": {op: number}}
    for op in ("eq", "neq", "gt", "gte", "lt", "lte")
    for number in NUMBERS
    if op in ("eq", "neq") or number is not True
]


def test_who_stands_at_the_end_of_a_window_is_not_missed(db: Database, workspace: Home) -> None:
    by_browser = [browser(past=[("Paid", at, {})]) for at in EDGES]
    settled = [person(registered_at=at, past=[("Paid", at, {})]) for at in EDGES]
    settled += [person(registered_at=EDGES[7], browsers=[one]) for one in by_browser]
    with town(db, workspace.id, settled) as people:
        missed = _missed(people, OF_THE_PAST)
    assert missed == {}


def test_no_letter_and_no_sign_hides_anybody(db: Database, workspace: Home) -> None:
    with town(db, workspace.id, [person(name=text) for text in TEXTS]) as people:
        assert _missed(people, OF_TEXTS) == {}


def test_no_number_rounds_anybody_away(db: Database, workspace: Home) -> None:
    with town(db, workspace.id, [person(attributes={"x": number}) for number in NUMBERS]) as people:
        assert _missed(people, OF_NUMBERS) == {}


def _missed(people: Town, trees: list[dict[str, Any]]) -> dict[str, set[str]]:
    """Condition → those whom it accepts, or its opposite, and SQL does not select."""
    missed = {}
    for tree in trees:
        condition = condition_of(tree)
        verdicts = people.verdicts(condition)
        for asked, wanted in ((condition, True), (Not(condition), False)):
            accepted = {one for one, verdict in verdicts.items() if verdict is wanted}
            missed[f"{wanted}: {tree}"] = accepted - selected(people, asked)
    return {asked: who for asked, who in missed.items() if who}
