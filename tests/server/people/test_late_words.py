"""Whose word is later: of companies, of names told in parts, and of clocks that are ahead."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select

from frontdesk.core.clock import MovableClock, iso
from frontdesk.core.db import Database
from frontdesk.people.models import Company, Consent, Contact, Visitor
from tests.server.people.site import Site, group, identify


def only(db: Database, model: Any) -> Any:
    return db.read(lambda session: session.scalars(select(model)).one())


def ago(now: datetime, **passed: float) -> str:
    return iso(now - timedelta(**passed))


WORDS: tuple[tuple[int, dict[str, Any]], ...] = (
    (5, {"name": "Acme (trial)", "plan": "free", "city": "Bonn"}),
    (4, {"plan": "pro", "size": 1, "name": "Acme"}),
    (3, {"size": 2, "city": None}),
    (2, {}),
)


@pytest.mark.parametrize("order", list(permutations(WORDS)), ids=lambda order: "".join(str(day) for day, _ in order))
@pytest.mark.parametrize("together", [True, False])
def test_of_each_trait_of_a_company_the_newest_word_holds_in_whichever_order_they_come(
    site: Site, db: Database, now: datetime, order: tuple[tuple[int, dict[str, Any]], ...], *, together: bool
) -> None:
    said = [group("acme", userId="vera", traits=traits, timestamp=ago(now, days=day)) for day, traits in order]
    for items in [said] if together else [[one] for one in said]:
        site.server(*items)
    company = only(db, Company)
    assert (company.name, company.attributes) == ("Acme", {"plan": "pro", "size": 2})


def test_what_is_said_of_a_company_again_is_as_new_as_when_it_was_said_last(
    site: Site, db: Database, now: datetime
) -> None:
    for day, plan in ((5, "pro"), (1, "pro"), (3, "free")):
        site.server(group("acme", userId="vera", traits={"plan": plan}, timestamp=ago(now, days=day)))
    company = only(db, Company)
    assert (company.attributes, company.said_at) == ({"plan": "pro"}, None)


def test_whoever_only_belongs_to_a_company_says_nothing_of_it(site: Site, db: Database, now: datetime) -> None:
    site.server(group("acme", userId="vera", traits={"plan": "pro"}, timestamp=ago(now, days=5)))
    site.server(group("acme", userId="olga", timestamp=ago(now, days=1)))
    site.server(group("acme", userId="vera", traits={"plan": "free"}, timestamp=ago(now, days=3)))
    assert only(db, Company).attributes == {"plan": "free"}


def test_the_first_word_of_a_server_about_a_company_holds_however_late_it_comes(
    site: Site, db: Database, now: datetime
) -> None:
    site.page(group("acme", anonymousId="ana", traits={"name": "Evil", "plan": "none"}))
    site.server(group("acme", userId="vera", traits={"name": "Acme"}, timestamp=ago(now, days=2)))
    company = only(db, Company)
    assert (company.name, company.attributes) == ("Acme", {})


WHOLE, PARTS, HALF = {"name": "Vera Li"}, {"firstName": "Vera", "lastName": "Lin"}, {"firstName": "Wera"}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ([(3, PARTS), (2, WHOLE)], "Vera Li"),
        ([(3, WHOLE), (2, PARTS)], "Vera Lin"),
        ([(4, WHOLE), (2, PARTS), (3, {"name": "Old"})], "Vera Lin"),
        ([(3, PARTS | {"name": "Old"}), (2, WHOLE)], "Vera Li"),
        ([(3, WHOLE), (2, HALF)], "Vera Li"),
        ([(3, PARTS), (2, HALF)], "Wera Lin"),
        ([(4, {"lastName": "Lin"}), (3, WHOLE), (2, HALF)], "Wera Lin"),
        ([(3, PARTS), (2, {"name": None})], None),
        ([(3, HALF), (2, {"plan": "pro"})], "Wera"),
    ],
)
@pytest.mark.parametrize("who", ["contact", "visitor"])
def test_a_name_told_in_parts_is_as_new_as_its_newer_part_in_whichever_order_they_come(
    site: Site, db: Database, now: datetime, said: list[tuple[int, dict[str, Any]]], name: str | None, who: str
) -> None:
    send = site.server if who == "contact" else site.page
    own = "userId" if who == "contact" else "anonymousId"
    for number, order in enumerate(permutations(said)):
        for day, traits in order:
            send(identify(traits=traits, timestamp=ago(now, days=day), **{own: f"vera {number}"}))
    names = db.read(lambda session: set(session.scalars(select((Contact if who == "contact" else Visitor).name))))
    assert names == {name}


AHEAD = timedelta(minutes=4)


@pytest.mark.parametrize("who", ["contact", "visitor", "company"])
def test_a_clock_that_is_ahead_silences_no_later_word(
    site: Site, db: Database, now: datetime, clock: MovableClock, who: str
) -> None:
    def say(plan: str, **when: str) -> None:
        if who == "company":
            site.server(group("acme", userId="vera", traits={"plan": plan}, **when))
        elif who == "contact":
            site.server(identify(userId="vera", traits={"plan": plan}, **when))
        else:
            site.page(identify(anonymousId="ana", traits={"plan": plan}, **when))

    say("a", timestamp=iso(now + AHEAD))
    clock.advance(timedelta(minutes=1))
    say("b")
    model = {"company": Company, "contact": Contact, "visitor": Visitor}[who]
    assert only(db, model).attributes == {"plan": "b"}


def test_nobody_registered_after_we_heard_of_it(site: Site, db: Database, now: datetime) -> None:
    site.server(identify(userId="vera", timestamp=iso(now + AHEAD)))
    assert only(db, Contact).registered_at == now


def test_a_yes_by_a_clock_that_is_ahead_silences_no_later_no(
    site: Site, db: Database, now: datetime, clock: MovableClock
) -> None:
    def say(*, granted: bool, **when: str) -> None:
        preferences = {"categoryPreferences": {"marketing": granted}}
        site.server(
            {
                "type": "track",
                "event": "Segment Consent Preference Updated",
                "userId": "vera",
                **when,
                "context": {"consent": preferences},
            }
        )

    say(granted=True, timestamp=iso(now + AHEAD))
    clock.advance(timedelta(minutes=1))
    say(granted=False)
    assert not only(db, Consent).granted
