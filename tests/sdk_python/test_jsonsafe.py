"""Whatever a host puts into traits comes out as JSON that every reader takes."""

import json
import math
from collections import OrderedDict, UserDict
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from types import MappingProxyType
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk_sdk.jsonsafe import MAX_DEPTH, TooMuch, safe


class Plan(StrEnum):
    TEAM = "team"


class Size(Enum):
    LARGE = 3


class Name(str):
    __slots__ = ()

    def __str__(self) -> str:
        raise RuntimeError("never ask me")


class Shop:
    def __str__(self) -> str:
        return "Bellshop"


class Broken:
    def __str__(self) -> str:
        raise RuntimeError("no")


class BrokenMapping(UserDict):
    def items(self):
        raise RuntimeError("no")


class Liar:
    @property
    def __class__(self):
        raise RuntimeError("no")


TABLE = [
    ({"a": [1, 2.5, True, None, "x"]}, {"a": [1, 2.5, True, None, "x"]}),
    (datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC), "2026-01-02T03:04:05.678Z"),
    (datetime(2026, 1, 2, 8, 0, tzinfo=timezone(timedelta(hours=8))), "2026-01-02T00:00:00.000Z"),
    (date(2026, 1, 2), "2026-01-02"),
    (time(21, 30), "21:30:00"),
    (timedelta(minutes=1.5), 90.0),
    (Decimal("19.90"), 19.9),
    (Decimal("20.00"), 20),
    (Decimal("NaN"), None),
    (Decimal("Infinity"), None),
    (Decimal("1e400"), None),
    (math.nan, None),
    (-math.inf, None),
    (Fraction(1, 4), 0.25),
    (2**63 - 1, 2**63 - 1),
    (2**70, "0x400000000000000000"),
    (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    (b"bell", "bell"),
    (bytearray(b"\xff\x00"), "/wA="),
    (memoryview(b"bell"), "bell"),
    ("a\ud800b", "ab"),
    ("\ud83d\udd14", "\U0001f514"),
    ("a\0b", "ab"),
    ("铃\0铛", "铃铛"),
    (Plan.TEAM, "team"),
    (Size.LARGE, 3),
    (Name("Li Na"), "Li Na"),
    ((1, 2), [1, 2]),
    ({7}, [7]),
    (frozenset({7}), [7]),
    ({1: "a", None: "b", Plan.TEAM: "c"}, {"1": "a", "None": "b", "team": "c"}),
    (OrderedDict(a=1), {"a": 1}),
    (MappingProxyType({"a": 1}), {"a": 1}),
    (Shop(), "Bellshop"),
    (Broken(), "<Broken>"),
    (BrokenMapping(a=1), "<BrokenMapping>"),
    ({"ok": 1, "bad": Broken()}, {"ok": 1, "bad": "<Broken>"}),
    (Liar(), "<Liar>"),
    (datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))), "<datetime>"),
]


@pytest.mark.parametrize(
    ("value", "expected"), TABLE, ids=[f"{type(value).__name__}-{n}" for n, (value, _) in enumerate(TABLE)]
)
def test_a_value_becomes_plain_json(value, expected):
    assert safe(value) == expected


def test_a_cycle_is_cut():
    knot: dict = {}
    knot["self"] = knot

    plain = json.dumps(safe(knot))

    assert plain.count("self") == MAX_DEPTH


def test_a_mapping_without_end_is_refused():
    class Endless(UserDict):
        def items(self):
            while True:
                yield ("a", 1)

    with pytest.raises(TooMuch):
        safe(Endless())


plain_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | plain_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(plain_text, inner, max_size=4),
    max_leaves=20,
)
wild_text = st.text(st.characters(exclude_categories=[]))
any_values = st.recursive(
    st.none()
    | st.floats()
    | st.integers()
    | st.binary()
    | st.decimals()
    | st.datetimes()
    | st.timedeltas()
    | st.uuids()
    | wild_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(wild_text, inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_what_is_json_already_stays_as_it_is(value):
    assert safe(value) == value


@given(any_values)
def test_the_result_is_always_strict_json(value):
    json.dumps(safe(value), allow_nan=False, ensure_ascii=False).encode("utf-8")
