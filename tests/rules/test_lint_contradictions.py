"""Where a contradiction is told, in which words, and what comes of it."""

from typing import Any

import pytest

from frontdesk_rules import Doubt, lint
from tests.rules.building import rule


@pytest.mark.parametrize(
    ("tree", "path", "so"),
    [
        ({"when": {"all": [{"contact.a": 1}, {"contact.a": 2}]}}, "when.all[1]", "the rule never acts"),
        ({"when": {"not": {"all": [{"contact.a": 1}, {"contact.a": 2}]}}}, "when.not.all[1]", "this part asks in vain"),
        (
            {"when": {"at_least": 2, "of": [{"contact.a": 1}, {"contact.a": 2}, {"contact.a": 3}]}},
            "when.of[1]",
            "the rule never acts",
        ),
        (
            {"when": {"not": {"at_least": 2, "of": [{"contact.a": 1}, {"contact.a": 2}, {"contact.a": 3}]}}},
            "when.not.of[1]",
            "this part asks in vain",
        ),
        (
            {"when": {"any": [{"contact.b": 1}, {"all": [{"contact.a": 1}, {"contact.a": 2}]}]}},
            "when.any[1].all[1]",
            "this part asks in vain",
        ),
        (
            {"trigger": {"event": "E", "where": {"all": [{"event.a": 1}, {"event.a": 2}]}}},
            "trigger.where.all[1]",
            "the rule never acts",
        ),
        (
            {"goal": {"event": "E", "within": "1d", "where": {"all": [{"event.a": 1}, {"event.a": 2}]}}},
            "goal.where.all[1]",
            "this part asks in vain",
        ),
        (
            {"trigger": {"absence": {"of": "E", "after": {"event": "A", "where": [{"event.a": 1}, {"event.a": 2}]},
                                     "within": "1d"}}},
            "trigger.absence.after.where.all[1]",
            "this part asks in vain",
        ),
        (
            {"when": {"sequence": {"first": "A", "then": {"event": "B", "where": [{"event.a": 1}, {"event.a": 2}]},
                                   "within": "1d"}}},
            "when.sequence.then.where.all[1]",
            "this part asks in vain",
        ),
    ],
)  # fmt: skip
def test_a_contradiction_is_told_where_it_stands_and_what_comes_of_it(tree: dict[str, Any], path: str, so: str) -> None:
    (found,) = lint([rule(**{"trigger": {"event": "E"}, **tree})])
    assert (found.code, found.path) == (Doubt.CONTRADICTION, path)
    assert found.text.en.endswith(f"cannot both hold: {so}")


def test_what_must_not_hold_and_has_no_opposite_is_said_as_it_stands() -> None:
    (found,) = lint([rule(when={"all": [{"contact.tags": {"has": "a"}}, {"not": {"contact.tags": {"has": "a"}}}]})])
    assert found.path == "when.all[1].not"
    assert found.text.en == "tags include a and not: tags include a cannot both hold: the rule never acts"
