"""People and time: what becomes of what was sent."""

from datetime import datetime, timedelta

from sqlalchemy import select

from frontdesk.collect.models import Event
from frontdesk.core.clock import iso
from frontdesk.core.db import Database
from frontdesk.people.models import Company, CompanyMember, Contact, Merge, Visitor
from tests.server.collect.conftest import Post
from tests.server.collect.senders import basic, batch, page, rows, track
from tests.server.conftest import Home


def test_identify_links_the_visitor_and_keeps_its_history(post: Post, db: Database, workspace: Home) -> None:
    post("batch", batch(workspace, page("m1")))
    identify = {
        "type": "identify", "messageId": "m2", "anonymousId": "ana", "userId": "u1",
        "traits": {"name": "Li Na", "email": "Li@Example.com", "plan": "pro", "createdAt": "2025-01-01T00:00:00Z"},
    }  # fmt: skip
    post("batch", batch(workspace, identify))
    (contact,), (visitor,) = rows(db, Contact), rows(db, Visitor)
    assert visitor.contact_id == contact.id
    assert (contact.name, contact.email, contact.attributes) == ("Li Na", "li@example.com", {"plan": "pro"})
    assert contact.registered_at.year == 2025
    assert {event.person_id for event in rows(db, Event)} == {visitor.id}
    assert [(merge.visitor_id, merge.contact_id) for merge in rows(db, Merge)] == [(visitor.id, contact.id)]


def test_two_user_ids_are_never_merged(post: Post, db: Database, workspace: Home) -> None:
    for number, user in (("1", "u1"), ("2", "u2")):
        post("batch", batch(workspace, track(f"m{number}", userId=user)))
    contacts = {contact.user_id: contact.id for contact in rows(db, Contact)}
    visitors = {visitor.contact_id: visitor.id for visitor in rows(db, Visitor)}
    assert sorted(visitors) == sorted(contacts.values())
    stored = {event.message_id: event.person_id for event in rows(db, Event)}
    assert stored == {"m1": visitors[contacts["u1"]], "m2": visitors[contacts["u2"]]}


def test_a_page_cannot_change_the_email_that_a_server_gave(post: Post, db: Database, workspace: Home) -> None:
    said = {"type": "identify", "userId": "u1", "traits": {"email": "true@example.com"}, "messageId": "m1"}
    post("identify", said, **basic(workspace.api_key))
    claim = said | {"traits": {"email": "thief@example.com"}, "messageId": "m2", "anonymousId": "thief"}
    post("batch", batch(workspace, claim))
    assert [contact.email for contact in rows(db, Contact)] == ["true@example.com"]


def test_group_makes_a_company_of_the_contact(post: Post, db: Database, workspace: Home) -> None:
    group = {"type": "group", "userId": "u1", "groupId": "acme", "traits": {"name": "Acme"}, "messageId": "m1"}
    post("group", group, **basic(workspace.api_key))
    (company,), (contact,) = rows(db, Company), rows(db, Contact)
    assert company.name == "Acme"
    members = db.read(lambda session: list(session.execute(select(CompanyMember.company_id, CompanyMember.contact_id))))
    assert [tuple(row) for row in members] == [(company.id, contact.id)]


def test_a_wrong_clock_is_corrected_and_a_future_one_clamped(
    post: Post, db: Database, workspace: Home, now: datetime
) -> None:
    hour = timedelta(hours=1)
    late = track("m1", timestamp=iso(now - hour - timedelta(seconds=5)))
    post("batch", batch(workspace, late, sentAt=iso(now - hour)))
    post("batch", batch(workspace, track("m2", timestamp=iso(now + timedelta(days=3)))))
    first, second = sorted(rows(db, Event), key=lambda event: event.message_id)
    assert first.occurred_at == now - timedelta(seconds=5)
    assert second.occurred_at == now


ALIAS = {"type": "alias", "messageId": "a1", "previousId": "ana", "userId": "u1"}


def test_alias_makes_a_browser_known_as_a_contact(post: Post, db: Database, workspace: Home) -> None:
    post("batch", batch(workspace, page("m1")))
    assert post("alias", ALIAS, **basic(workspace.api_key)).status == 200
    (visitor,), (contact,) = rows(db, Visitor), rows(db, Contact)
    assert visitor.contact_id == contact.id
    assert [merge.cause for merge in rows(db, Merge)] == ["alias"]


def test_alias_follows_a_browser_of_the_same_batch(post: Post, db: Database, workspace: Home) -> None:
    post("batch", batch(workspace, page("m1"), ALIAS))
    (visitor,), (contact,) = rows(db, Visitor), rows(db, Contact)
    assert visitor.contact_id == contact.id


def test_an_alias_of_a_browser_that_another_workspace_knows_leaves_that_one_alone(
    post: Post, db: Database, workspace: Home, other_workspace: Home
) -> None:
    post("batch", batch(other_workspace, page("m1")))
    post("alias", ALIAS, **basic(workspace.api_key))
    known = {visitor.workspace_id: visitor.contact_id for visitor in rows(db, Visitor)}
    assert known[other_workspace.id] is None
    assert known[workspace.id] is not None


def test_a_server_says_where_its_visitor_is_and_a_page_cannot(post: Post, db: Database, workspace: Home) -> None:
    post("batch", batch(workspace, page("m1", context={"ip": "81.2.69.142"})))
    assert [visitor.country for visitor in rows(db, Visitor)] == ["US"]
    elsewhere = track("m2", anonymousId="bob", context={"ip": "81.2.69.142"})
    post("track", elsewhere, **basic(workspace.api_key))
    post("track", track("m3", anonymousId="cyd", context={"ip": "no address"}), **basic(workspace.api_key))
    countries = {visitor.anonymous_id: visitor.country for visitor in rows(db, Visitor)}
    assert countries == {"ana": "US", "bob": "GB", "cyd": None}
