"""What is known of a person at a moment, field by field."""

from datetime import timedelta
from typing import Any

import pytest

from frontdesk.inbox.models import Conversation
from frontdesk_rules import FIELDS, MISSING, View
from tests.server.conftest import Home
from tests.server.engage.facts.storing import Done
from tests.server.engage.facts.world import World

DAY = timedelta(days=1)


def test_the_session_tells_its_number(world: World) -> None:
    case = world.case(world.subject(world.visitor("vis_1")))
    assert world.known(case, "session.number", "session.is_first", "session.page_views") == [3, False, 2]


def test_a_person_is_called_by_the_id_first_seen(world: World) -> None:
    world.contact("con_5")
    world.visitor("vis_3", contact_id="con_5")
    case = world.case(world.subject(world.visitor("vis_7", contact_id="con_5"), "con_5"))
    assert world.known(case, "person.id") == ["vis_3"]
    assert world.known(world.case(world.subject("vis_7")), "person.id") == ["vis_7"]


def test_a_visitor_was_first_seen_with_its_first_event_even_if_that_was_imported(world: World) -> None:
    world.visitor("vis_1", first_seen_at=world.now - DAY)
    assert world.known(world.case(world.subject("vis_1")), "visitor.first_seen_at") == [world.now - DAY]
    world.session("vis_1", started_at=world.now - 90 * DAY)
    assert world.known(world.case(world.subject("vis_1")), "visitor.first_seen_at") == [world.now - 90 * DAY]


@pytest.mark.parametrize(
    ("said", "since"),
    [
        ({"registered_at": -400 * DAY, "registered_said": True}, -2 * DAY),  # nobody watched what it did from then on
        ({"registered_at": -30 * DAY, "registered_said": False}, -30 * DAY),  # its first identify, which we saw
        ({}, -2 * DAY),
    ],
)
def test_somebody_is_known_since_we_saw_anything_of_it(world: World, said: dict[str, Any], since: timedelta) -> None:
    at = {name: world.now + value if isinstance(value, timedelta) else value for name, value in said.items()}
    world.contact("con_1", created_at=world.now - 2 * DAY, **at)
    world.visitor("vis_1", contact_id="con_1", first_seen_at=world.now - DAY)
    world.did(Done("vis_9", "Bell", world.now - 90 * DAY))
    case = world.case(world.subject("vis_1", "con_1"))
    assert world.facts(case, lambda facts: facts.history.known_since) == world.now + since


def test_of_what_is_deleted_by_now_or_was_never_sent_nobody_can_say_that_it_was_not_done(world: World) -> None:
    world.visitor("vis_1", first_seen_at=world.now - 900 * DAY)
    case = world.case(world.subject("vis_1"))
    assert world.facts(case, lambda facts: facts.history.known_since) is None
    world.did(Done("vis_9", "Bell", world.now - 395 * DAY), Done("vis_9", "Bell", world.now))
    assert world.facts(case, lambda facts: facts.history.known_since) == world.now - 395 * DAY


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("JP", "Asia/Tokyo"),
        ("CN", "Asia/Shanghai"),
        ("DE", "Europe/Berlin"),
        ("AR", "America/Argentina/Buenos_Aires"),
        ("US", MISSING),
        ("ZZ", MISSING),
        (None, MISSING),
    ],
)
def test_a_country_tells_the_zone_where_nearly_all_of_it_lives_in_one(world: World, country: Any, zone: Any) -> None:
    case = world.case(world.subject("vis_1", country=country))
    assert world.known(case, "visitor.region_timezone") == [zone]


def test_a_city_tells_its_zone_better_than_a_country(world: World) -> None:
    case = world.case(world.subject("vis_1", country="CN", region_timezone="Asia/Urumqi"))
    assert world.known(case, "visitor.region_timezone") == ["Asia/Urumqi"]


@pytest.mark.parametrize(
    ("attribute", "browser", "country", "zone"),
    [
        ("Europe/Paris", "Asia/Tokyo", "CN", "Europe/Paris"),
        ("Mars/Olympus", "Asia/Tokyo", "CN", "Asia/Tokyo"),
        (None, None, "CN", "Asia/Shanghai"),
        (None, "", "US", "America/Lima"),
    ],
)
def test_the_zone_of_a_person_is_the_attribute_s_else_the_browser_s_the_region_s_the_workspace_s(
    world: World, attribute: str | None, browser: str | None, country: str, zone: str
) -> None:
    world.workspace(timezone="America/Lima")
    world.contact("con_1", attributes={"timezone": attribute} if attribute else {})
    case = world.case(world.subject("vis_1", "con_1", timezone=browser, country=country))
    assert world.facts(case, lambda facts: View(case.moment, facts)["time.zone"]) == zone


def talk(world: World, workspace: Home, **columns: Any) -> str:
    world.visitor("vis_1")
    row = {"state": "open", "tags": [], "created_at": world.now, "updated_at": world.now, **columns}
    world.add(Conversation(id="cnv_1", workspace_id=workspace.id, visitor_id="vis_1", client_id="c", **row))
    return "cnv_1"


TALK = ("conversation.id", "conversation.state", "conversation.team", "conversation.waiting")


def test_a_conversation_tells_its_state_its_team_and_how_long_it_waits(world: World, workspace: Home) -> None:
    since = world.now - timedelta(minutes=7)
    conversation_id = talk(world, workspace, team_id=workspace.teams["sales"], waiting_since=since)
    case = world.case(world.subject("vis_1"), conversation_id=conversation_id)
    assert world.known(case, *TALK) == ["cnv_1", "open", "sales", 420_000]


def test_where_nobody_waits_and_no_team_is_asked_both_are_unknown(world: World, workspace: Home) -> None:
    case = world.case(world.subject("vis_1"), conversation_id=talk(world, workspace, state="closed"))
    assert world.known(case, *TALK) == ["cnv_1", "closed", MISSING, MISSING]


def test_without_a_conversation_nothing_is_known_of_one(world: World, workspace: Home) -> None:
    talk(world, workspace)
    assert set(world.known(world.case(world.subject("vis_1")), *TALK)) == {MISSING}


HISTORY = ("sent", "seen", "clicked", "dismissed", "replied", "last_sent_at", "rules")


def history(world: World, *case: Any) -> list[object]:
    return world.known(world.case(world.subject(*case)), *(f"history.{name}" for name in HISTORY))


def test_nobody_was_sent_anything_at_first(world: World) -> None:
    world.visitor("vis_1")
    assert history(world, "vis_1") == [0, 0, 0, 0, 0, MISSING, []]


def test_what_reached_a_person_under_any_id_is_counted_by_what_became_of_it(world: World) -> None:
    world.contact("con_5")
    world.visitor("vis_3", contact_id="con_5")
    world.visitor("vis_7", contact_id="con_5")
    world.rule("hello")
    world.rule("offer")
    earlier = {"sent_at": world.now - DAY, "created_at": world.now - DAY}
    seen = {"seen_at": world.now}
    world.delivered("rul_offer", "vis_3", state="dismissed", **seen, **earlier)
    world.delivered("rul_offer", "vis_3", state="dismissed", clicked_at=world.now, **seen, **earlier)
    world.delivered("rul_hello", "con_5", state="replied", **seen)
    world.delivered("rul_hello", "vis_7", state="sent")
    world.delivered("rul_hello", "vis_7", state="queued", sent_at=None)
    world.delivered("rul_hello", "vis_7", state="expired", sent_at=None)
    assert history(world, "vis_7", "con_5") == [4, 3, 1, 2, 1, world.now, ["hello", "offer"]]
    assert history(world, "vis_7")[0] == 1


def test_every_field_of_the_catalogue_is_answered(world: World) -> None:
    world.visitor("vis_1")
    case = world.case(world.subject("vis_1"))
    assert len(world.known(case, *FIELDS)) == len(FIELDS)
