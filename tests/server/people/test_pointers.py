"""Nothing is rewritten: conversations, decisions and deliveries follow a merge and its undoing by the pointer alone."""

from typing import Any

import pytest

from tests.server.people.conftest import IdOf
from tests.server.people.site import Site, identify, track

GREETING = """
rule: greeting
trigger: {event: Asked}
repeat: {per: person}
do: [{message: {class: support, text: {en: "Hi {{ contact.name | default: 'friend' }}", zh: 你好}}}, {tag: asked}]
"""


@pytest.fixture
def token(site: Site) -> str:
    """A browser that asked, and was greeted by a rule; the token that it holds."""
    assert site.post("/rules", {"yaml": GREETING, "state": "live"}).status_code in (200, 201)
    held: str = site.page(track("Looked", anonymousId="ana"))["visitor_token"]
    site.page(track(anonymousId="ana"), token=held)
    site.server(identify(userId="vera", traits={"name": "Vera"}))
    return held


@pytest.fixture
def chat(site: Site, token: str) -> None:
    """The same browser talks to us."""
    begun = {"client_id": "c1", "body": "Hello", "page": None}
    headers = {"Authorization": f"Bearer {token}"}
    assert site.client.post("/messenger/v1/conversations", headers=headers, json=begun).status_code == 201


def seen(site: Site, person_id: str) -> dict[str, Any]:
    """What the console shows of a person and of what belongs to it."""
    person = site.person(person_id)
    conversations = site.get("/conversations", view="all")["data"]
    return {
        "conversations": person["conversations"],
        "talks": [row["id"] for row in conversations if row["person"]["id"] == person["id"]],
        "decisions": [row["rule"] for row in site.get("/decisions", person=person_id)["data"]],
        "events": site.events(person_id),
        "tags": person["tags"],
        "sessions": person["sessions"],
    }


NOTHING = {"conversations": 0, "talks": [], "decisions": [], "events": ["identify"], "tags": [], "sessions": 0}


@pytest.mark.usefixtures("chat")
def test_all_that_a_visitor_did_is_the_contact_s_while_they_are_merged_and_its_own_again_after(
    site: Site, visitor: IdOf, contact: IdOf
) -> None:
    stranger = seen(site, visitor("ana"))
    assert stranger["events"] == ["Asked", "Looked"]
    assert (stranger["conversations"], len(stranger["talks"]), len(stranger["decisions"])) == (1, 1, 1)
    assert seen(site, contact("vera")) == NOTHING
    merge = site.as_sam("/merges", {"visitor": visitor("ana"), "contact": contact("vera")}).json
    both = seen(site, contact("vera"))
    assert both == stranger | {"events": ["Asked", "Looked", "identify"]}
    assert seen(site, visitor("ana")) == both
    site.as_sam(f"/merges/{merge['id']}/undo")
    assert (seen(site, visitor("ana")), seen(site, contact("vera"))) == (stranger, NOTHING)


def test_what_waits_for_a_browser_reaches_it_whoever_it_is(
    site: Site, token: str, visitor: IdOf, contact: IdOf
) -> None:
    def waiting() -> list[str]:
        items = site.page(track("Looked", anonymousId="ana"), token=token)["deliveries"]
        return [item["id"] for item in items]

    before = waiting()
    assert len(before) == 1
    merge = site.as_sam("/merges", {"visitor": visitor("ana"), "contact": contact("vera")}).json
    assert waiting() == before
    site.as_sam(f"/merges/{merge['id']}/undo")
    assert waiting() == before


@pytest.mark.usefixtures("token")
def test_a_rule_that_acted_once_a_person_counts_both_as_one_while_they_are_merged(
    site: Site, visitor: IdOf, contact: IdOf
) -> None:
    site.as_sam("/merges", {"visitor": visitor("ana"), "contact": contact("vera")})
    site.server(track(userId="vera"))
    assert [row["outcome"] for row in site.get("/decisions", person=contact("vera"))["data"]].count("acted") == 1
