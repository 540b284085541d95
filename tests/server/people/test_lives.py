"""The profile of a person tells of all of its browsers, and since when it is known indeed."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from frontdesk.core.clock import MovableClock, iso
from frontdesk.core.db import Database
from tests.server.conftest import Home
from tests.server.people.conftest import IdOf
from tests.server.people.site import Site, identify, track
from tests.server.people.test_late import ago, past


def view(browser: str, url: str, **more: Any) -> dict[str, Any]:
    return {"type": "page", "anonymousId": browser, "context": {"page": {"url": f"https://shop.example{url}"}}, **more}


def test_a_contact_has_the_visits_of_all_of_its_browsers_and_the_source_of_the_first(
    site: Site, contact: IdOf, clock: MovableClock, now: datetime
) -> None:
    site.page(view("laptop", "/?utm_source=fair&utm_medium=qr"), view("laptop", "/pricing"))
    clock.advance(timedelta(days=1))
    site.page(view("phone", "/?utm_source=newsletter&utm_medium=email"))
    clock.advance(timedelta(days=1))
    site.page(identify(anonymousId="phone", userId="vera"), identify(anonymousId="laptop", userId="vera"))
    site.page(view("phone", "/?utm_source=ads&utm_medium=cpc"))
    person = site.person(contact("vera"))
    assert (person["sessions"], person["page_views"]) == (4, 4)
    assert (person["first_touch"]["source"], person["last_touch"]["source"]) == ("fair", "ads")
    assert person["first_seen_at"] == iso(now)
    assert person["last_seen_at"] == iso(now + timedelta(days=2))
    (listed,) = site.get("/people")["data"]
    assert listed == person


def test_a_contact_has_had_the_conversations_of_all_of_its_browsers(
    site: Site, contact: IdOf, visitor: IdOf, clock: MovableClock
) -> None:
    for browser, times in (("laptop", 2), ("phone", 1), ("stranger", 1)):
        bearer = {"Authorization": f"Bearer {site.page(view(browser, '/'))['visitor_token']}"}
        for number in range(times):
            begun = {"client_id": f"{browser}{number}", "body": "Hello", "page": None}
            assert site.client.post("/messenger/v1/conversations", headers=bearer, json=begun).status_code == 201
        clock.advance(timedelta(minutes=1))
    site.page(identify(anonymousId="laptop", userId="vera"), identify(anonymousId="phone", userId="vera"))
    assert site.person(contact("vera"))["conversations"] == 3
    assert site.person(visitor("stranger"))["conversations"] == 1
    (listed,) = site.get("/people")["data"]
    assert listed["conversations"] == 3


def test_a_browser_that_only_claims_to_be_somebody_adds_nothing_to_the_profile(site: Site, contact: IdOf) -> None:
    site.server(identify(userId="vera"))
    site.page(view("wrong", "/"), identify(anonymousId="wrong", userId="vera"))
    person = site.person(contact("vera"))
    assert (person["sessions"], person["page_views"], person["first_touch"]) == (0, 0, None)


@pytest.mark.parametrize("who", [{"userId": "vera"}, {"userId": "vera", "anonymousId": "ana"}], ids=str)
def test_who_is_imported_is_known_since_its_first_event_and_seen_last_at_its_last(
    site: Site, db: Database, workspace: Home, now: datetime, contact: IdOf, who: dict[str, str]
) -> None:
    days = (200, 300, 100)
    past(db, workspace, now, *(track(**who, timestamp=ago(now, days=day)) for day in days))
    person = site.person(contact("vera"))
    assert (person["first_seen_at"], person["last_seen_at"]) == (ago(now, days=300), ago(now, days=100))


def test_what_is_imported_later_moves_the_beginning_of_who_was_here_before(
    site: Site, db: Database, workspace: Home, now: datetime, visitor: IdOf
) -> None:
    token = site.page(view("ana", "/"))["visitor_token"]
    past(db, workspace, now, track(anonymousId="ana", timestamp=ago(now, days=300)))
    assert site.person(visitor("ana"))["first_seen_at"] == ago(now, days=300)
    assert site.page(view("ana", "/"))["visitor_token"] == token, "an answer that was lost is given again all the same"
