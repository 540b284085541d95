"""Traits: the reserved ones by their types, all others exactly as they were written, on both databases."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from structlog.testing import capture_logs

from frontdesk.core.db import Database
from frontdesk.people.identities import MOST_BYTES, merged
from frontdesk.people.models import Contact
from frontdesk.people.traits import CONTACT_COLUMNS, OF_COMPANIES, OF_CONTACTS, of_company, of_contact
from tests.server.people.conftest import IdOf
from tests.server.people.site import Site, identify

SEGMENT_CONTACT = """address age avatar birthday company createdAt description email firstName gender id lastName name
phone title username website"""
SEGMENT_COMPANY = "address avatar createdAt description email employees id industry name phone website plan"
MORNING = datetime(2024, 5, 1, 8, 30, tzinfo=UTC)


def test_the_reserved_traits_are_those_of_segment() -> None:
    assert set(OF_CONTACTS) == set(SEGMENT_CONTACT.split())
    assert set(OF_COMPANIES) == set(SEGMENT_COMPANY.split())


@pytest.mark.parametrize(
    ("name", "written", "kept"),
    [
        ("name", " Li Na ", "Li Na"),
        ("name", 7, "7"),
        ("email", "Li@Example.COM ", "li@example.com"),
        ("phone", 491234, "491234"),
        ("createdAt", "2024-05-01T10:30:00+02:00", MORNING),
        ("createdAt", "2024-05-01T08:30:00", MORNING),
        ("createdAt", 1714552200, MORNING),
        ("createdAt", 1714552200000, MORNING),
        ("birthday", "1990-05-17", "1990-05-17"),
        ("birthday", "1990-05-17T23:30:00-05:00", "1990-05-17"),
        ("birthday", 642902400, "1990-05-17"),
        ("age", 33, 33),
        ("age", "33", 33),
        ("age", 33.5, 33.5),
        ("address", {"city": "Köln", "postalCode": "50667"}, {"city": "Köln", "postalCode": "50667"}),
        ("company", {"name": "Acme", "employees": 5}, {"name": "Acme", "employees": 5}),
        ("avatar", "https://cdn.example/a.png", "https://cdn.example/a.png"),
        ("website", "bell.example", "bell.example"),
    ],
)
def test_a_reserved_trait_is_read_as_its_type(name: str, written: Any, kept: Any) -> None:
    read = of_contact({name: written})
    assert read.columns | read.attributes == {CONTACT_COLUMNS.get(name, name): kept}
    assert of_contact({name: None}).columns | of_contact({name: None}).attributes == {
        CONTACT_COLUMNS.get(name, name): None
    }


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("name", {}), ("name", True), ("name", " "), ("email", "nobody"), ("email", "@"), ("email", 5),
        ("email", "a@b.example\n\rBcc: x@y.example"), ("email", "a\x0b@b.example"),
        ("email", "a b@c.example"), ("email", "a@b.example\u2028Bcc: x"), ("phone", []),
        ("createdAt", "yesterday"), ("createdAt", True), ("createdAt", 10**30), ("createdAt", 1e300),
        ("birthday", "May"), ("birthday", {}), ("age", "old"), ("age", True), ("age", "9" * 40),
        ("address", "Köln"), ("company", "Acme"), ("avatar", "javascript:alert(1)"), ("avatar", "data:text/html,x"),
    ],
)  # fmt: skip
def test_what_is_nothing_of_its_type_was_not_said(name: str, written: Any) -> None:
    read = of_contact({name: written})
    assert (read.columns, read.attributes) == ({}, {})


def test_of_a_company_all_but_the_name_are_attributes() -> None:
    read = of_company({"name": "Acme", "createdAt": "2024-05-01T08:30:00Z", "employees": "42", "email": "A@b.example"})
    assert read.columns == {"name": "Acme"}
    assert read.attributes == {"createdAt": "2024-05-01T08:30:00.000Z", "employees": 42, "email": "a@b.example"}


KINDS = {
    "yes": True, "one": 1, "one_float": 1.0, "one_text": "1", "zero": 0, "no": False, "half": 0.5, "tiny": 5e-324,
    "large": 2**63 - 1, "negative": -(2**63), "whole_float": 1e16, "unsigned": 1e19, "huge": 1e308,
    "most": 2**64 - 1, "just_more": 2**63 + 7168, "empty": "",
    "list": [1, True, "1", None, 1.0, {"a": [False]}], "map": {"b": 1, "a": {"c": True}}, "text": "ünï 漢字 😀",
}  # fmt: skip


def attributes(db: Database, user_id: str = "vera") -> dict[str, Any]:
    query = select(Contact.attributes).filter_by(user_id=user_id)
    return dict(db.read(lambda session: session.scalars(query).one()))


def exactly(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def test_attributes_come_back_with_the_types_that_they_had(site: Site, db: Database) -> None:
    site.server(identify(userId="vera", traits=KINDS))
    found = attributes(db)
    whole = {"whole_float": 10**16, "unsigned": 10**19}  # a float without a fraction that JSON could show
    assert exactly(found) == exactly(KINDS | whole)
    site.server(identify(userId="vera", traits=KINDS))
    assert exactly(attributes(db)) == exactly(found)


@pytest.mark.parametrize("before", [1, True, 1.0, "1"], ids=repr)
@pytest.mark.parametrize("after", [1, True, 1.0, "1"], ids=repr)
def test_a_value_that_only_python_takes_for_the_same_is_a_change(
    site: Site, db: Database, before: Any, after: Any
) -> None:
    for value in (before, after):
        site.server(identify(userId="vera", traits={"seats": value, "deep": [{"seats": value}]}))
    assert exactly(attributes(db)) == exactly({"seats": after, "deep": [{"seats": after}]})


def test_null_takes_away_what_was_known(site: Site, contact: IdOf) -> None:
    site.server(identify(userId="vera", traits={"name": "Vera", "email": "v@x.example", "plan": "pro", "age": 33}))
    site.server(identify(userId="vera", traits={"name": None, "email": None, "plan": None, "unknown": None}))
    person = site.person(contact("vera"))
    assert (person["name"], person["email"], person["attributes"]) == (None, None, {"age": 33})


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ([{"firstName": "Li"}, {"lastName": "Na"}], "Li Na"),
        ([{"name": "Li Na"}, {"firstName": "Lili"}], "Li Na"),
        ([{"name": "Li"}, {"firstName": "Li", "lastName": "Na"}], "Li Na"),
        ([{"firstName": "Li", "name": "Dr. Li"}], "Dr. Li"),
    ],
)
def test_first_and_last_name_make_the_name(site: Site, contact: IdOf, said: list[dict[str, str]], name: str) -> None:
    for traits in said:
        site.server(identify(userId="vera", traits=traits))
    assert site.person(contact("vera"))["name"] == name


def test_the_day_of_registration_is_what_was_said_even_late(site: Site, db: Database, now: datetime) -> None:
    registered = partial(db.read, lambda session: session.scalars(select(Contact.registered_at)).one())
    site.server(identify(userId="vera"))
    assert registered() == now
    site.server(identify(userId="vera", traits={"createdAt": "2024-05-01T08:30:00Z"}))
    site.server(identify(userId="vera", traits={"plan": "pro"}))
    assert registered() == MORNING


def test_attributes_have_room_and_no_more() -> None:
    known = {"kept": "x" * 1000}
    for number in range(100):
        known = merged(known, {f"key {number}": "x" * 8000})
    assert len(orjson.dumps(known)) <= MOST_BYTES
    assert {"kept", "key 0"} <= known.keys()
    assert "key 99" not in known
    assert "small" in merged(known, {"key 1": None, "small": 1})


def test_of_attributes_that_do_not_fit_the_log_tells_how_many_and_nothing_else(site: Site, contact: IdOf) -> None:
    parts = [{f"secret {number}": "x" * 8000} for number in range(9)]
    with capture_logs() as logs:
        for traits in parts:
            site.server(identify(userId="vera", traits=traits))
    left_out = [line for line in logs if line["event"] == "attributes_left_out"]
    assert [(line["of"], line["count"]) for line in left_out] == [(contact("vera"), 1)]
    assert "secret" not in str(left_out)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
MAPS = st.dictionaries(st.sampled_from("abc"), VALUES)


@given(MAPS, MAPS)
def test_saying_the_same_again_changes_nothing(known: dict[str, Any], said: dict[str, Any]) -> None:
    known = merged({}, known)
    once = merged(known, said)
    assert merged(once, said) is once
    assert None not in once.values()
    assert exactly({key: once.get(key) for key in said}) == exactly(said)
