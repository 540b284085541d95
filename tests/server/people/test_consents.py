"""What people said to messages: by class, over the API and by what senders tell of their preferences."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from frontdesk.core.clock import MovableClock, iso
from tests.server.conftest import Home
from tests.server.people.conftest import IdOf
from tests.server.people.site import Site, identify, track

NOTHING_SAID = {"marketing": None, "onboarding": None, "support": None}


def wants(**classes: Any) -> dict[str, Any]:
    """What Segment's consent managers put beside a call."""
    return {"consent": {"categoryPreferences": classes}}


def words(site: Site, person_id: str) -> dict[str, bool]:
    said = site.get(f"/people/{person_id}/consents")
    return {name: word["granted"] for name, word in said.items() if word}


def put(client: FlaskClient, home: Home, person_id: str, body: dict[str, Any]) -> Any:
    headers = {"Authorization": f"Bearer {home.api_key}"}
    return client.put(f"/api/v1/people/{person_id}/consents", headers=headers, json=body)


def test_a_word_is_kept_by_class_and_what_is_not_named_stays(site: Site, contact: IdOf, workspace: Home) -> None:
    site.server(identify(userId="li"))
    li = contact("li")
    assert site.get(f"/people/{li}/consents") == NOTHING_SAID
    put(site.client, workspace, li, {"marketing": False, "support": True})
    answer = put(site.client, workspace, li, {"support": False})
    assert answer.json["marketing"] == {"granted": False, "at": "2026-03-02T10:00:00.000Z"}
    assert words(site, li) == {"marketing": False, "support": False}


def test_what_keeps_an_order_going_cannot_be_refused(site: Site, contact: IdOf, workspace: Home) -> None:
    site.server(identify(userId="li"))
    li = contact("li")
    refused = put(site.client, workspace, li, {"transactional": False, "marketing": False})
    assert (refused.status_code, refused.json["field"]) == (422, "transactional")
    assert put(site.client, workspace, li, {"transactional": True}).json == NOTHING_SAID
    assert put(site.client, workspace, li, {"newsletter": False}).status_code == 422


@pytest.mark.parametrize("word", ["no", "false", "true", 0, 1, None, []])
def test_a_word_is_yes_or_no_and_nothing_like_it(site: Site, contact: IdOf, workspace: Home, word: object) -> None:
    site.server(identify(userId="li"))
    li = contact("li")
    refused = put(site.client, workspace, li, {"support": True, "marketing": word})
    assert (refused.status_code, refused.json["field"]) == (422, "marketing")
    assert words(site, li) == {}


def test_nobody_elses_words_can_be_read_or_put(site: Site, contact: IdOf, other_workspace: Home) -> None:
    site.server(identify(userId="li"))
    path = f"/api/v1/people/{contact('li')}/consents"
    headers = {"Authorization": f"Bearer {other_workspace.api_key}"}
    assert site.client.get(path, headers=headers).status_code == 404
    assert site.client.put(path, headers=headers, json={"marketing": False}).status_code == 404
    assert site.client.get(path).status_code == 401
    assert words(site, contact("li")) == {}


def test_a_server_says_yes_and_no_for_its_users(site: Site, contact: IdOf, clock: MovableClock) -> None:
    site.server(identify(userId="li", context=wants(marketing=True, Support=False, Advertising=False)))
    assert words(site, contact("li")) == {"marketing": True, "support": False}
    changed = track("Segment Consent Preference Updated", userId="li", context=wants(marketing=False))
    site.server({**changed, "timestamp": iso(clock())})
    assert words(site, contact("li")) == {"marketing": False, "support": False}


def test_other_events_and_odd_values_say_nothing(site: Site, contact: IdOf) -> None:
    site.server(track("Asked", userId="li", context=wants(marketing=False)))
    site.server(identify(userId="li", context=wants(marketing="no", support=0, transactional=False)))
    assert words(site, contact("li")) == {}


def test_a_page_may_withdraw_and_not_consent(site: Site, visitor: IdOf) -> None:
    site.page(identify(anonymousId="b1", context=wants(marketing=True, support=False)))
    assert words(site, visitor("b1")) == {"support": False}


def test_a_page_withdraws_nothing_for_a_contact_that_only_servers_describe(
    site: Site, visitor: IdOf, contact: IdOf
) -> None:
    site.server(identify(userId="li", traits={"name": "Li"}, context=wants(marketing=True)))
    site.page(identify(anonymousId="b1", userId="li", context=wants(marketing=False)))
    assert words(site, contact("li")) == {"marketing": True}
    assert words(site, visitor("b1")) == {"marketing": False}


def test_a_word_follows_its_person_and_the_newest_counts(
    site: Site, visitor: IdOf, contact: IdOf, workspace: Home, clock: MovableClock
) -> None:
    site.server(identify(userId="li", traits={"name": "Li"}, context=wants(marketing=True), timestamp=iso(clock())))
    site.page(identify(anonymousId="b1", context=wants(marketing=False), timestamp="2026-03-01T10:00:00Z"))
    merged = site.post("/merges", {"visitor": visitor("b1"), "contact": contact("li")})
    assert words(site, contact("li")) == {"marketing": True}
    assert words(site, visitor("b1")) == {"marketing": True}
    assert put(site.client, workspace, visitor("b1"), {"marketing": False}).status_code == 200
    assert words(site, contact("li")) == {"marketing": False}
    site.post(f"/merges/{merged.json['id']}/undo")
    assert (words(site, contact("li")), words(site, visitor("b1"))) == ({"marketing": False}, {"marketing": False})


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_older_word_that_comes_later_changes_nothing(site: Site, contact: IdOf, order: tuple[int, int]) -> None:
    said = [
        identify(userId="li", context=wants(marketing=True), timestamp="2026-03-01T10:00:00Z"),
        identify(userId="li", context=wants(marketing=False), timestamp="2026-03-02T09:00:00Z"),
    ]
    for place in order:
        site.server(said[place])
    assert words(site, contact("li")) == {"marketing": False}
