"""What is asked as of a time, or at an event, is concluded from what was known then; asked now, anew."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.collect.models import Event, ImportRun
from frontdesk.core.clock import iso
from frontdesk.core.ids import new_id
from frontdesk.engage.models import Delivery
from tests.server.engage.seeing.street import Street

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
READER = """
rule: reader
trigger: {page: {}}
when: {count: {event: Paid, ever: true}, op: gte, value: 1}
repeat: {every: 1s}
do: [{tag: paid}]
"""
BUYER = """
rule: buyer
trigger: {event: Paid}
when: {count: {event: Paid, ever: true}, op: gte, value: 1}
do: [{tag: paid}]
"""
SILENT = """
rule: silent
trigger: {absence: {of: Paid, after: Ordered, within: 1h}}
do: [{tag: waits}]
"""


def explained(street: Street, rule_id: str, **query: Any) -> dict[str, Any]:
    asked = {"person": street.visitor_id("anna"), **query}
    answer = street.api("GET", f"/rules/{rule_id}/explain", query_string=asked)
    assert answer.status_code == 200, answer.json
    return dict(answer.json or {})


def newest(street: Street, kind: str) -> str:
    query = select(Event.id).where(Event.type == kind).order_by(Event.received_at.desc(), Event.id.desc())
    return street.runtime.db.read(lambda session: str(session.scalars(query.limit(1)).one()))


def paid_late(street: Street) -> tuple[str, str]:
    """Somebody paid an hour before they opened a page, and it is heard of an hour after it: that page, and when it
    was opened."""
    street.opened("anna")
    street.clock.advance(HOUR)
    street.opened("anna")
    page, opened_at = newest(street, "page"), iso(street.clock())
    street.clock.advance(HOUR)
    street.page("track", event="Paid", ago=2 * HOUR - MINUTE)
    street.clock.advance(MINUTE)
    return page, opened_at


def test_what_was_heard_of_later_was_not_known_then(street: Street) -> None:
    rule_id = street.save(READER)
    page, opened_at = paid_late(street)
    for asked in ({"at": opened_at}, {"moment": page}):
        then = explained(street, rule_id, **asked)
        assert (then["outcome"], then["stage"], then["condition"]["events"]) == ("held", "when", 0)
        assert then["condition"]["sources"] == []
    assert street.outcomes() == []


def test_what_is_known_only_as_of_now_is_told_with_a_time_and_with_an_event(street: Street) -> None:
    rule_id = street.save(SILENT.replace("do:", "when: {contact.plan: pro}\ndo:"))
    page, opened_at = paid_late(street)
    notes = [explained(street, rule_id, **asked)["notes"] for asked in ({"at": opened_at}, {"moment": page}, {})]
    assert ["as_of_now" in {note["code"] for note in told} for told in notes] == [True, True, False]


def test_asked_now_everything_that_is_known_counts(street: Street) -> None:
    rule_id = street.save(READER)
    paid_late(street)
    now = explained(street, rule_id)
    assert (now["outcome"], now["condition"]["events"]) == ("acted", 1)
    assert explained(street, rule_id, at=iso(street.clock()))["outcome"] == "acted"


def test_what_was_on_its_way_still_was_not_known_and_the_moment_itself_was(street: Street) -> None:
    reader, buyer = street.save(READER), street.save(BUYER)
    street.opened("anna")
    street.clock.advance(MINUTE)
    asked_at = iso(street.clock())
    street.clock.advance(3 * SECOND)
    street.page("track", event="Paid", ago=4 * SECOND)
    assert explained(street, reader, at=asked_at)["condition"]["events"] == 0
    told = explained(street, buyer, at=asked_at)
    assert (told["outcome"], told["moment"]["assumed"], told["condition"]["events"]) == ("acted", False, 1)


def test_an_event_that_came_with_an_import_was_known_when_it_happened(street: Street) -> None:
    rule_id = street.save(READER)
    page, opened_at = paid_late(street)

    def imported(session: Session) -> None:
        heard = session.scalars(select(Event.received_at).where(Event.name == "Paid")).one()
        run = ImportRun(id=new_id("imp", heard), workspace_id=street.home.id, kind="events", file_hash="1", name="past")
        run.started_at, run.finished_at = heard - SECOND, heard + SECOND
        session.add(run)

    street.runtime.db.write(imported)
    for asked in ({"at": opened_at}, {"moment": page}):
        assert explained(street, rule_id, **asked)["outcome"] == "acted"


def test_a_clock_that_went_off_knew_what_had_been_heard_of_by_then(street: Street) -> None:
    rule_id = street.save(SILENT)
    street.did("anna", "Ordered")
    street.wait(hours=2)
    asked_at = iso(street.clock())
    assert street.outcomes() == ["acted"]
    street.page("track", event="Paid", ago=90 * MINUTE)
    street.clock.advance(MINUTE)
    assert explained(street, rule_id, at=asked_at)["outcome"] == "acted"
    assert explained(street, rule_id, at=iso(street.clock()))["outcome"] == "acted"
    assert explained(street, rule_id)["reason"] == "overtaken"


def test_of_a_company_too_only_what_was_known_then_counts(street: Street) -> None:
    rule_id = street.save(SILENT.replace("within: 1h", "within: 1h, by: company"))
    for who in ("anna", "ben"):
        street.is_known(who)
        street.server("group", userId=f"user-{who}", groupId="acme")
    street.did("anna", "Ordered")
    street.wait(hours=2)
    asked_at = iso(street.clock())
    assert street.outcomes() == ["acted"]
    street.server("track", userId="user-ben", event="Paid", ago=90 * MINUTE)
    street.clock.advance(MINUTE)
    assert explained(street, rule_id, at=asked_at)["outcome"] == "acted"
    assert explained(street, rule_id)["reason"] == "overtaken"


def test_at_an_event_it_is_told_what_the_server_concluded_where_others_were_heard_of_before(street: Street) -> None:
    rule_id = street.save("rule: once\ntrigger: {page: {}}\ndo: [{tag: came}]\n")
    street.opened("anna")
    first = newest(street, "page")
    street.clock.advance(MINUTE)
    street.page("page", ago=5 * MINUTE)
    late = newest(street, "page")
    assert explained(street, rule_id, moment=first)["outcome"] == "acted"
    assert explained(street, rule_id, moment=late)["reason"] == "repeated"


def test_only_the_messages_that_had_reached_somebody_by_then_count(street: Street) -> None:
    street.save("rule: news\ntrigger: {page: /docs}\ndo: [{message: {class: support, text: {en: News}}}]\n")
    rule_id = street.save(
        "rule: told\ntrigger: {page: /}\nwhen: {all: [{history.sent: 1}, {history.seen: 1}, {history.rules: news}]}\n"
        "repeat: {every: 1s}\ndo: [{tag: told}]\n"
    )
    street.opened("anna", "/docs")
    street.clock.advance(MINUTE)
    street.opened("anna")
    before, page = iso(street.clock()), newest(street, "page")
    street.clock.advance(MINUTE)

    def shown(session: Session) -> None:
        delivery = session.scalars(select(Delivery)).one()
        delivery.sent_at, delivery.seen_at = street.clock() - SECOND, street.clock()

    street.runtime.db.write(shown)
    street.clock.advance(MINUTE)
    for asked in ({"at": before}, {"moment": page}):
        then = explained(street, rule_id, **asked)
        assert [part["actual"] for part in then["condition"]["of"]] == [0, 0, []]
        assert "as_of_now" not in {note["code"] for note in then["notes"]}
    assert explained(street, rule_id, at=iso(street.clock()))["outcome"] == "acted"
    assert explained(street, rule_id, at=iso(street.clock() - MINUTE))["condition"]["of"][1]["actual"] == 0
    assert explained(street, rule_id)["outcome"] == "acted"
