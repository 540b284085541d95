"""Stable buckets: what must never change, and that shares are as large as they say."""

import json
from pathlib import Path

import pytest

from frontdesk_rules.facts.hashing import BUCKETS, among, bucket, fnv1a

CASES = json.loads((Path(__file__).parents[2] / "rules" / "cases" / "buckets.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["hash"], ids=lambda case: repr(case["text"]))
def test_a_text_hashes_as_the_shared_vector_says(case: dict[str, object]) -> None:
    assert fnv1a(str(case["text"])) == case["expect"]


@pytest.mark.parametrize("case", CASES["bucket"], ids=lambda case: f"{case['salt']} {case['person']}")
def test_a_person_stands_in_the_bucket_that_the_shared_vector_says(case: dict[str, object]) -> None:
    assert bucket(str(case["salt"]), str(case["person"])) == case["expect"]


@pytest.mark.parametrize("salt", ["holdout:rul_1", "holdout:rul_2", "x"])
def test_people_with_ids_in_a_row_spread_evenly(salt: str) -> None:
    people = [f"vis_{n:08d}" for n in range(20_000)]
    tenths = [sum(among(salt, person, low, low + 10) for person in people) for low in range(0, 100, 10)]
    assert sum(tenths) == len(people)
    # Chi-square with 9 degrees of freedom: beyond 33.7 once in ten thousand draws.
    assert sum((tenth - 2_000) ** 2 / 2_000 for tenth in tenths) < 33.7


def test_two_salts_do_not_pick_the_same_people() -> None:
    people = [f"vis_{n:08d}" for n in range(20_000)]
    both = sum(among("a", person, 0, 50) and among("b", person, 0, 50) for person in people)
    assert abs(both - 5_000) < 300


def test_shares_that_touch_leave_no_one_out_and_take_no_one_twice() -> None:
    for n in range(0, BUCKETS, 7):
        share = n / (BUCKETS // 100)
        inside = [among("s", "vis_1", 0, share), among("s", "vis_1", share, 100)]
        assert inside.count(True) == 1
