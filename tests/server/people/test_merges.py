"""Who was recognised as whom: the log, merging by hand, and undoing it exactly."""

from datetime import timedelta
from typing import Any

import pytest

from frontdesk.core.clock import MovableClock
from tests.server.conftest import Home
from tests.server.people.conftest import IdOf
from tests.server.people.site import Site, alias, group, identify, track

VERA = {"userId": "vera", "anonymousId": "ana"}


@pytest.fixture
def claimed(site: Site) -> None:
    """A browser with a history says that it is Vera."""
    site.page(track("Looked", anonymousId="ana"))
    site.page(identify(**VERA))


def told(merge: dict[str, Any]) -> dict[str, Any]:
    return {name: merge[name] for name in ("cause", "verified", "by", "undone_by", "undone_at")}


@pytest.mark.usefixtures("claimed")
def test_the_log_says_who_was_recognised_as_whom_and_on_whose_word(
    site: Site, visitor: IdOf, contact: IdOf, clock: MovableClock
) -> None:
    clock.advance(timedelta(seconds=1))
    site.server(track(**VERA))
    second, first = site.merges(visitor("ana"))
    assert (first["visitor"], first["contact"]) == (visitor("ana"), contact("vera"))
    assert told(first) == {"cause": "identify", "verified": False, "by": None, "undone_by": None, "undone_at": None}
    assert told(second) == {"cause": "track", "verified": True, "by": None, "undone_by": None, "undone_at": None}
    assert site.merges(contact("vera")) == [second, first]


@pytest.mark.usefixtures("claimed")
def test_what_is_already_known_is_not_logged_again(site: Site, visitor: IdOf) -> None:
    site.page(identify(**VERA), track(**VERA))
    assert len(site.merges(visitor("ana"))) == 1


@pytest.mark.usefixtures("claimed")
def test_undone_a_visitor_is_itself_again_with_its_history(
    site: Site, workspace: Home, visitor: IdOf, contact: IdOf, clock: MovableClock
) -> None:
    (merge,) = site.merges(visitor("ana"))
    assert site.events(contact("vera")) == ["Looked", "identify"]
    clock.advance(timedelta(minutes=1))
    undone = site.as_sam(f"/merges/{merge['id']}/undo").json
    assert (undone["undone_by"], undone["undone_at"]) == (workspace.teammates["sam"], "2026-03-02T10:01:00.000Z")
    person = site.person(visitor("ana"))
    assert (person["id"], person["kind"], person["user_id"]) == (visitor("ana"), "visitor", None)
    assert site.events(visitor("ana")) == ["Looked", "identify"]
    assert site.events(contact("vera")) == []


@pytest.mark.usefixtures("claimed")
def test_undone_twice_is_undone_once(site: Site, visitor: IdOf, clock: MovableClock) -> None:
    (merge,) = site.merges(visitor("ana"))
    first = site.as_sam(f"/merges/{merge['id']}/undo")
    clock.advance(timedelta(minutes=1))
    again = site.post(f"/merges/{merge['id']}/undo")
    assert (again.status_code, again.json) == (200, first.json)


@pytest.mark.usefixtures("claimed")
def test_the_claim_that_was_undone_counts_no_more_and_its_events_are_the_browser_s_own(
    site: Site, visitor: IdOf, contact: IdOf
) -> None:
    (merge,) = site.merges(visitor("ana"))
    site.as_sam(f"/merges/{merge['id']}/undo")
    site.page(identify(**VERA, traits={"name": "Vera"}), track("Bought", **VERA), alias("ana", userId="vera"))
    person = site.person(visitor("ana"))
    assert (person["kind"], person["name"], person["user_id"]) == ("visitor", "Vera", None)
    assert site.events(visitor("ana")) == ["Bought", "Looked", "alias", "identify", "identify"]
    assert site.events(contact("vera")) == []


@pytest.mark.usefixtures("claimed")
def test_after_an_undo_it_may_claim_to_be_another(site: Site, visitor: IdOf, contact: IdOf) -> None:
    (merge,) = site.merges(visitor("ana"))
    site.as_sam(f"/merges/{merge['id']}/undo")
    site.page(identify(userId="bob", anonymousId="ana"))
    assert site.person(visitor("ana"))["id"] == contact("bob")


@pytest.mark.usefixtures("claimed")
def test_a_verified_word_recognises_even_whom_a_teammate_told_apart(site: Site, visitor: IdOf, contact: IdOf) -> None:
    (merge,) = site.merges(visitor("ana"))
    site.as_sam(f"/merges/{merge['id']}/undo")
    site.server(track("Paid", **VERA))
    assert site.person(visitor("ana"))["id"] == contact("vera")
    assert site.events(contact("vera")) == ["Looked", "Paid", "identify"]


def test_a_teammate_merges_a_stranger_with_a_contact_and_undoes_it_exactly(
    site: Site, workspace: Home, visitor: IdOf, contact: IdOf
) -> None:
    site.page(identify(anonymousId="ana", traits={"name": "Someone", "plan": "trial"}), track(anonymousId="ana"))
    site.server(identify(userId="vera", traits={"name": "Vera", "email": "vera@true.example"}))
    before = [site.person(visitor("ana")), site.person(contact("vera"))]
    merge = site.as_sam("/merges", {"visitor": visitor("ana"), "contact": contact("vera")}).json
    assert told(merge)["by"] == workspace.teammates["sam"]
    assert (merge["cause"], merge["verified"]) == ("teammate", True)
    known = site.person(visitor("ana"))
    assert (known["id"], known["name"], known["verified"]) == (contact("vera"), "Vera", True)
    assert site.as_sam(f"/merges/{merge['id']}/undo").status_code == 200
    assert [site.person(visitor("ana")), site.person(contact("vera"))] == before


@pytest.mark.usefixtures("claimed")
def test_a_teammate_confirms_a_claim_and_undoing_that_leaves_the_claim(
    site: Site, visitor: IdOf, contact: IdOf
) -> None:
    site.server(identify(userId="vera", traits={"name": "Vera"}))
    assert site.person(visitor("ana"))["id"] == visitor("ana"), "a claim to be somebody whom a server described"
    pair = {"visitor": visitor("ana"), "contact": contact("vera")}
    merge = site.as_sam("/merges", pair).json
    assert site.person(visitor("ana"))["id"] == contact("vera")
    assert site.as_sam("/merges", pair).json == merge, "who is known already is not merged again"
    site.as_sam(f"/merges/{merge['id']}/undo")
    assert (site.person(visitor("ana"))["id"], site.person(visitor("ana"))["user_id"]) == (visitor("ana"), "vera")


@pytest.mark.usefixtures("claimed")
def test_merges_are_undone_in_reverse(site: Site, visitor: IdOf, clock: MovableClock) -> None:
    clock.advance(timedelta(seconds=1))
    site.server(track(**VERA))
    second, first = site.merges(visitor("ana"))
    refused = site.as_sam(f"/merges/{first['id']}/undo")
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")
    assert [site.as_sam(f"/merges/{row['id']}/undo").status_code for row in (second, first)] == [200, 200]
    assert site.person(visitor("ana"))["user_id"] is None


@pytest.mark.usefixtures("claimed")
def test_two_user_ids_are_never_merged_by_hand_either(site: Site, visitor: IdOf, contact: IdOf) -> None:
    site.server(identify(userId="bob"))
    refused = site.as_sam("/merges", {"visitor": visitor("ana"), "contact": contact("bob")})
    assert (refused.status_code, refused.json["code"], refused.json["field"]) == (409, "conflict", "visitor")
    assert site.person(visitor("ana"))["user_id"] == "vera"


@pytest.mark.usefixtures("claimed")
def test_the_log_comes_in_pages(site: Site, visitor: IdOf, contact: IdOf, clock: MovableClock) -> None:
    clock.advance(timedelta(minutes=1))
    site.page(identify(userId="vera", anonymousId="phone"))
    first = site.get("/merges", person=contact("vera"), limit=1)
    second = site.get("/merges", person=contact("vera"), limit=1, cursor=first["next_cursor"])
    assert [row["visitor"] for row in first["data"] + second["data"]] == [visitor("phone"), visitor("ana")]
    assert second["next_cursor"] is None


@pytest.mark.usefixtures("claimed")
def test_another_workspace_sees_and_changes_none_of_it(
    site: Site, other_workspace: Home, visitor: IdOf, contact: IdOf
) -> None:
    site.server(identify(userId="bob"))
    (merge,) = site.merges(visitor("ana"))
    other = Site(site.client, other_workspace)
    other.server(identify(userId="theirs"))
    by_key = {"Authorization": f"Bearer {other_workspace.api_key}"}
    asked = site.client.get("/api/v1/merges", headers=by_key, query_string={"person": visitor("ana")})
    assert (asked.status_code, asked.json["code"]) == (404, "not_found")
    assert other.post(f"/merges/{merge['id']}/undo").status_code == 404
    for pair in ((visitor("ana"), contact("theirs")), (contact("vera"), contact("bob")), ("vis_0", "con_0")):
        assert other.post("/merges", dict(zip(("visitor", "contact"), pair, strict=True))).status_code == 404
    mixed = site.post("/merges", {"visitor": visitor("ana"), "contact": contact("theirs")})
    assert (mixed.status_code, mixed.json["code"]) == (404, "not_found")
    assert site.merges(visitor("ana")) == [merge]


@pytest.mark.parametrize("person", ["nope", "con_nope", "vis_nope"])
@pytest.mark.parametrize("path", ["/api/v1/merges", "/api/v1/events"])
def test_who_is_not_here_has_no_list(site: Site, path: str, person: str) -> None:
    asked = site.client.get(
        path, headers={"Authorization": f"Bearer {site.home.api_key}"}, query_string={"person": person}
    )
    assert (asked.status_code, asked.get_json()["code"]) == (404, "not_found")


@pytest.mark.usefixtures("claimed")
def test_a_claim_gives_way_to_a_server_that_names_somebody_else(
    site: Site, visitor: IdOf, contact: IdOf, clock: MovableClock
) -> None:
    site.page(identify(**VERA, traits={"plan": "pro"}), group("acme", **VERA))
    clock.advance(timedelta(seconds=1))
    site.server(identify(userId="bob", anonymousId="ana", traits={"name": "Bob"}))
    moved, claim = site.merges(visitor("ana"))
    assert (moved["contact"], moved["verified"], moved["undone_at"]) == (contact("bob"), True, None)
    assert (claim["contact"], claim["undone_at"]) == (contact("vera"), moved["at"])
    assert site.person(visitor("ana"))["id"] == contact("bob")
    left = site.person(contact("vera"))
    assert (left["attributes"], left["companies"]) == ({}, []), "what the browser claimed of her is taken back"
    site.page(identify(**VERA))
    site.server(identify(**VERA))
    assert site.person(visitor("ana"))["id"] == contact("bob"), "two words of servers stay two"
    site.as_sam(f"/merges/{moved['id']}/undo")
    assert site.person(visitor("ana"))["user_id"] is None
