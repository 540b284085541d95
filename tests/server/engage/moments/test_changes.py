"""What is said of a person changes what is known, and rules hear of each change, whoever made it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from frontdesk.collect.door.draft import Received
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.door.pipeline import parse_item
from frontdesk.collect.imports.importing import unasked
from frontdesk.collect.requests import Request, Sender
from frontdesk.collect.store import Store
from frontdesk.core.clock import iso
from frontdesk.people.models import Contact, Visitor
from tests.server.engage.moments.site import Site, tags

ANY_TIME = "repeat: {every: 1s}"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
PLAN = "{change: contact.plan}"


def tags_of(site: Site, table: type[Contact] | type[Visitor], row_id: str) -> list[str]:
    return site.runtime.db.read(lambda session: session.scalars(select(table.tags).where(table.id == row_id)).one())


def test_a_first_identify_that_sets_a_value_changes_it_from_nothing(site: Site) -> None:
    site.save(tags(PLAN))
    site.page("identify", userId="u1", traits={"plan": "free"})
    assert site.acted() == ["asked"]
    assert tags_of(site, Contact, site.contact_id("u1")) == ["met"]


def test_what_a_browser_says_of_itself_before_anyone_can_name_it_changes_too(site: Site) -> None:
    site.save(tags(PLAN))
    site.page("identify", traits={"plan": "free"})
    assert tags_of(site, Visitor, site.visitor_id()) == ["met"]


@pytest.mark.parametrize(
    ("trigger", "acted"),
    [
        ("{attribute: contact.plan, from: free, to: pro}", ["asked"]),
        ("{attribute: contact.plan, to: [pro, max]}", ["asked"]),
        ("{attribute: contact.plan, from: free}", ["asked"]),
        ("{attribute: contact.plan, to: free}", []),
        ("{attribute: contact.plan, from: pro}", []),
        ("contact.seats", ["asked"]),
        ("contact.email", ["asked"]),
        ("contact.name", ["asked"]),
        ("contact.phone", ["asked"]),
        ("contact.registered_at", ["asked"]),
        ("contact.colour", []),
        ("contact.address", []),
    ],
    ids=str,
)
def test_a_change_knows_what_was_and_what_is(site: Site, trigger: str, acted: list[str]) -> None:
    site.server("identify", userId="u1", traits={"plan": "free", "colour": "blue", "seats": 1, "name": "A"})
    site.save(tags(f"{{change: {trigger}}}"))
    site.clock.advance(DAY)
    new = {"plan": "pro", "colour": "blue", "seats": True, "address": {"city": "Bern"}, "createdAt": "2026-01-01"}
    who = {"email": "anna@shop.example", "phone": "030", "firstName": "Anna", "lastName": "Ott"}
    site.server("identify", userId="u1", traits={**new, **who})
    assert site.acted() == acted


def test_a_change_is_asked_with_what_is_known_since(site: Site) -> None:
    site.save(tags(PLAN, "when: {all: [{contact.plan: pro}, {contact.seats: {gt: 4}}]}"))
    site.server("identify", userId="u1", traits={"plan": "pro", "seats": 5})
    assert site.acted() == ["asked"]


def test_a_value_that_is_taken_away_changes(site: Site) -> None:
    site.save(tags("{change: {attribute: contact.plan, from: free}}"))
    site.server("identify", userId="u1", traits={"plan": "free"})
    assert site.acted() == []
    site.server("identify", userId="u1", traits={"plan": None})
    assert site.acted() == ["asked"]


def test_what_is_said_again_changes_nothing(site: Site) -> None:
    site.save(tags(PLAN, ANY_TIME))
    for _ in range(3):
        site.server("identify", userId="u1", traits={"plan": "free"})
        site.clock.advance(DAY)
    assert site.acted() == ["asked"]


def test_what_is_sent_again_does_nothing_twice(site: Site) -> None:
    site.save(tags(PLAN, ANY_TIME))
    first, second = [_said(n, plan, site.clock() + n * MINUTE) for n, plan in enumerate(["free", "pro"])]
    for said in (first, second, first):
        site.server("identify", userId="u1", **said)
        site.clock.advance(MINUTE)
    assert site.acted() == ["asked", "asked"]


def _said(number: int, plan: str, at: datetime) -> dict[str, Any]:
    return {"messageId": f"m{number}", "timestamp": iso(at), "traits": {"plan": plan}}


def test_whoever_signs_in_on_a_new_browser_is_who_they_were(site: Site) -> None:
    site.server("identify", userId="u1", traits={"plan": "pro", "email": "anna@shop.example"})
    site.page("page", who="phone")
    site.save(tags(PLAN))
    site.save(tags("{change: contact.email}", key="mailed"))
    site.server("identify", userId="u1", anonymousId="phone")
    site.page("alias", who="laptop", userId="u1")
    site.server("identify", anonymousId="tablet", traits={"email": "anna@shop.example"})  # recognised by it
    assert site.acted() == []


def test_an_unverified_word_changes_nothing_of_what_a_server_said(site: Site) -> None:
    site.save(tags("{change: {attribute: contact.plan, to: free}}"))
    site.server("identify", userId="u1", anonymousId="anna", traits={"plan": "pro"})
    site.page("identify", userId="u1", traits={"plan": "free"})
    assert site.acted() == []


def test_whoever_merely_claims_to_be_somebody_changes_what_is_known_of_its_own_browser(site: Site) -> None:
    site.save(tags("{change: {attribute: contact.plan, to: free}}"))
    site.server("identify", userId="u1", traits={"plan": "pro"})
    site.page("identify", who="stranger", userId="u1", traits={"plan": "free"})
    assert tags_of(site, Visitor, site.visitor_id("stranger")) == ["met"]
    assert tags_of(site, Contact, site.contact_id("u1")) == []


def test_a_servers_first_word_takes_away_what_browsers_had_claimed(site: Site) -> None:
    site.page("identify", userId="u1", traits={"colour": "blue"})
    site.save(tags("{change: {attribute: contact.colour, from: blue}}"))
    site.server("identify", userId="u1", traits={"plan": "pro"})
    assert site.acted() == ["asked"]


def test_a_company_changes_for_the_member_who_is_at_hand(site: Site) -> None:
    site.save(tags("{change: {attribute: company.seats, to: 9}}", "when: {company.name: Acme}"))
    site.server("group", userId="u1", groupId="acme", traits={"name": "Acme", "seats": 3})
    assert site.acted() == []
    site.server("group", userId="u1", groupId="acme", traits={"seats": 9})
    assert site.acted() == ["asked"]


def test_a_company_does_not_change_for_who_is_nobodys_member(site: Site) -> None:
    site.save(tags("{change: company.seats}"))
    site.page("group", groupId="acme", traits={"seats": 3})
    site.server("group", userId="u1", groupId="acme", traits={"seats": 3})
    assert site.acted() == []


def test_what_a_rule_does_is_a_change_that_other_rules_hear_of(site: Site) -> None:
    site.save(tags("{change: contact.plan}", tag="payer"))
    site.save(tags("{change: contact.tags}", "when: {contact.tags: {has: payer}}", key="tagged"))
    site.server("identify", userId="u1", traits={"plan": "pro"})
    assert site.acted() == ["asked", "tagged"]


def test_a_trigger_is_an_edge_and_its_condition_is_asked_at_that_moment_only(site: Site) -> None:
    site.save(tags("{event: Asked}", "when: {contact.plan: pro}"))
    site.page("track", event="Asked")
    site.page("identify", traits={"plan": "pro"})
    assert site.acted() == []
    site.page("track", event="Asked")
    assert site.acted() == ["asked"]


def test_of_what_is_not_known_no_comparison_holds(site: Site) -> None:
    site.save(tags("{event: Asked}", "when: {contact.plan: {neq: pro}}", key="differs"))
    site.save(tags("{event: Asked}", "when: {not: {contact.plan: pro}}", key="not"))
    site.save(tags("{event: Asked}", "when: {contact.plan: {missing: true}}", key="missing"))
    site.page("track", event="Asked")
    assert site.acted() == ["missing"]


def test_a_change_that_comes_late_is_kept_and_decides_nothing(site: Site) -> None:
    site.save(tags(PLAN))
    site.server("identify", userId="u1", traits={"plan": "free"}, ago=timedelta(hours=1))
    assert site.acted() == []
    assert site.decisions() == []


ANNIVERSARY = tags("{reaches: {field: contact.registered_at, plus: 365d}}", key="anniversary")


def test_the_time_that_somebody_registered_at_arms_a_timer_and_a_new_one_moves_it(site: Site) -> None:
    site.save(ANNIVERSARY)
    for created in (site.clock() - 100 * DAY, site.clock() - 364 * DAY):
        site.server("identify", userId="u1", traits={"createdAt": created.isoformat()})
        assert site.pending() == [created + 365 * DAY]
    site.wait(DAY)
    assert site.acted() == ["anniversary"]


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=2)], ids=["live", "late"])
def test_a_first_identify_registers_somebody_and_so_arms(site: Site, late: timedelta) -> None:
    site.save(ANNIVERSARY)
    site.page("identify", userId="u1", ago=late)
    assert site.pending() == [site.clock() - late + 365 * DAY]


def test_what_is_imported_asks_nothing(site: Site) -> None:
    site.save(tags(PLAN))
    site.save(ANNIVERSARY)
    call = b'{"type": "identify", "userId": "u1", "messageId": "m", "traits": {"plan": "pro"}}'
    item = parse_item(call, Received(site.clock(), None, None, None, backend=True, historic=True))
    assert isinstance(item, Parsed)
    request = Request(Sender(site.home.id, verified=True), site.clock(), items=(item,))
    site.runtime.db.write(lambda session: Store(unasked, "a secret of the tests")(session, [request]))
    assert site.contact_id("u1")
    assert (site.decisions(), site.timers()) == ([], [])
