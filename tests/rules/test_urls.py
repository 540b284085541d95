"""The shared cases of URLs, and those of thresholds, which the browser runs as well."""

import json
from pathlib import Path
from typing import Any

import pytest

from frontdesk_rules import urls
from frontdesk_rules.language.operators import OPERATORS
from frontdesk_rules.language.pages import reached

CASES = Path(__file__).parents[2] / "rules" / "cases"


def cases(name: str) -> list[Any]:
    rows = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    return [pytest.param(row, id=f"{row['op']} {row.get('pattern', '')}: {row['name']}") for row in rows]


@pytest.mark.parametrize("case", cases("urls"))
def test_a_url_pattern_answers_as_the_shared_case_says(case: dict[str, Any]) -> None:
    assert getattr(urls, case["op"])(case["url"], case["pattern"]) is case["expect"]
    assert OPERATORS[case["op"]].ask(case["url"], case["pattern"]) is case["expect"]


@pytest.mark.parametrize("case", cases("thresholds"))
def test_a_threshold_is_crossed_as_the_shared_case_says(case: dict[str, Any]) -> None:
    assert reached(case["threshold_ms"], case["before_ms"], case["dwell_ms"]) is case["expect"]


@pytest.mark.parametrize(
    ("text", "pattern", "fits"),
    [
        ("spring-sale", "spring*", True),
        ("spring-sale", "*sale", True),
        ("spring-sale", "s*g*e", True),
        ("spring-sale", "spring", False),
        ("aa", "a*a*a", False),
        ("", "*", True),
        ("a/b", "a*b", True),
        ("a?c", "a?c", True),
        ("abc", "a?c", False),
    ],
)
def test_a_text_glob_knows_only_the_star(text: str, pattern: str, *, fits: bool) -> None:
    assert urls.text_glob(text, pattern) is fits


def test_hostile_patterns_cost_no_more_than_their_length() -> None:
    # Backtracking would need longer than the age of the universe for either.
    assert not urls.text_glob("a" * 5_000 + "b", "*a" * 500 + "c")
    assert not urls.path_glob("/a" * 500, "/**/a/*" * 100 + "/b")
