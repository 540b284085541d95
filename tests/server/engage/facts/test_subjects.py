"""Whom a timer, an activation or a segment means by an id."""

from datetime import timedelta

from frontdesk.core.db import Database
from tests.server.conftest import Home
from tests.server.engage.facts.site import Site, identify, track


def test_a_visitor_is_met_as_it_is_with_the_session_that_it_is_in(site: Site) -> None:
    site.page("ada", path="/pricing")
    visitor_id = site.visitor("ada")
    subject = site.subjects(visitor_id)[visitor_id]
    assert (subject.person_id, subject.visitor_id, subject.contact_id) == (visitor_id, visitor_id, None)
    assert subject.session is not None
    assert (subject.session.number, subject.session.landing_path) == (1, "/pricing")
    assert subject.visitor["first_seen_at"] == site.clock()


def test_a_session_of_the_day_before_yesterday_is_over(site: Site) -> None:
    site.page("ada")
    site.clock.advance(timedelta(days=2))
    [subject] = site.subjects(site.visitor("ada")).values()
    assert subject.session is None


def test_a_contact_is_met_in_the_browser_that_was_seen_last_under_the_id_that_was_asked(site: Site) -> None:
    site.page("laptop", identify("vera"))
    site.clock.advance(timedelta(days=3))
    site.page("phone", identify("vera"))
    laptop, phone, vera = site.visitor("laptop"), site.visitor("phone"), site.contact("vera")
    found = site.subjects(laptop, vera)
    assert [found[one].person_id for one in (laptop, vera)] == [laptop, vera]
    assert {(one.visitor_id, one.contact_id) for one in found.values()} == {(phone, vera)}


def test_a_contact_that_no_browser_was_seen_of_is_nobody_s_visitor(site: Site) -> None:
    site.server(identify("vera", name="Vera"))
    vera = site.contact("vera")
    subject = site.subjects(vera)[vera]
    assert (subject.person_id, subject.visitor_id, subject.contact_id, subject.session) == (vera, None, vera, None)
    assert subject.visitor == {}


def test_who_only_claims_to_be_a_contact_is_a_visitor_alone_and_the_contact_is_not_met_there(site: Site) -> None:
    site.server(identify("vera", name="Vera"))
    site.page("stranger", identify("vera"))
    stranger, vera = site.visitor("stranger"), site.contact("vera")
    found = site.subjects(stranger, vera)
    assert (found[stranger].visitor_id, found[stranger].contact_id) == (stranger, None)
    assert (found[vera].visitor_id, found[vera].contact_id) == (None, vera)


def test_what_stands_in_for_a_user_without_a_browser_counts_as_the_contact_or_as_nobody(site: Site) -> None:
    site.claim("vera", track("Asked"))
    site.server(identify("olga", name="Olga"))
    site.claim("olga", track("Asked"))
    of_vera, of_olga = site.stand_in("vera"), site.stand_in("olga")
    found = site.subjects(of_vera, of_olga)
    assert list(found) == [of_vera]
    vera = site.contact("vera")
    assert (found[of_vera].person_id, found[of_vera].visitor_id, found[of_vera].contact_id) == (vera, None, vera)


def test_nobody_of_another_workspace_is_found(site: Site, db: Database, other_workspace: Home) -> None:
    site.page("ada", identify("vera"))
    stranger = Site(site.client, db, site.clock, other_workspace)
    assert stranger.subjects(site.visitor("ada"), site.contact("vera"), "vis_unknown") == {}
