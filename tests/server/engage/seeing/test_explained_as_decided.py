"""Whatever was concluded at an event is explained as it was concluded, whenever it is asked."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.collect.models import Event
from frontdesk.core.clock import iso
from frontdesk.engage.models import DecisionRow
from frontdesk.engage.seeing.explaining import At, explain
from tests.server.engage.seeing.street import Street

SECOND = timedelta(seconds=1)
RULES = (
    "rule: newcomer\npriority: 60\nexclusive: hello\ntrigger: {page: {}}\nwhen: {session.campaign: spring}\n"
    "repeat: {per: session}\ndo: [{message: {class: support, text: {en: Hi}}}]",
    "rule: hello\nexclusive: hello\ntrigger: {page: {}}\nwhen: {session.page_views: {lte: 2}}\n"
    "repeat: {per: session}\ndo: [{message: {class: support, text: {en: Hello}}}]",
    "rule: paid\ntrigger: {event: Order Completed}\nrepeat: {every: 1s}\ncaps: [{per: person, limit: 2, window: 1d}]\n"
    "do: [{message: {class: onboarding, text: {en: Thanks}}}]",
    "rule: first\ntrigger: {event: Order Completed}\nwhen: {session.page_views: {gte: 2}}\ndo: [{tag: buyer}]",
    "rule: stays\ntrigger: {dwell: {path: /pricing, seconds: 60}}\nwhen: {page.dwell: {lt: 80s}}\n"
    "repeat: {per: session}\ndo: [{tag: stays}]",
    "rule: asks\ntrigger: {event: Project Created}\nwhen: {history.sent: {gte: 1}}\nrepeat: {per: session}\n"
    "do: [{message: {class: support, text: {en: Need a hand?}}}]",
)


def in_one_batch(street: Street, who: str) -> None:
    """What a browser that was without a network for a minute sends of it."""
    begun = street.clock()
    street.clock.advance(60 * SECOND)
    page = {"page": {"url": "https://shop.example/docs", "path": "/docs"}}
    said: list[dict[str, Any]] = [{"type": "page", "context": page}, {"type": "track", "event": "Order Completed"}]
    items = [
        one
        | {"messageId": f"{who}-{n}-{m}-{iso(begun)}", "anonymousId": who}
        | {"timestamp": iso(begun + (7 * n + m) * SECOND)}
        for n in range(3)
        for m, one in enumerate(said)
    ]
    street.send(items, who)
    street.clock.advance(5 * SECOND)


def at_events(session: Session) -> list[tuple[DecisionRow, str]]:
    """What was concluded at stored events: not what a clock brought, or what was put off before."""
    events = set(session.scalars(select(Event.id)))
    rows = session.scalars(select(DecisionRow).order_by(DecisionRow.id))
    return [(row, row.detail["moment"]["id"]) for row in rows if row.detail["moment"].get("id") in events]


def test_every_decision_at_an_event_is_explained_as_it_was_made(street: Street) -> None:
    for rule in RULES:
        street.save(rule)
    for who in ("buyer", "another"):
        street.opened(who)
        in_one_batch(street, who)
    street.go_about(seed=3, steps=50)
    in_one_batch(street, "person-0")
    street.wait(hours=2)
    street.opened("person-0")
    now, keys = street.clock(), street.keys()

    def read(session: Session) -> list[tuple[Any, ...]]:
        found = []
        for row, event_id in at_events(session):
            asked = street.asked(session, keys[row.rule_id])
            told = explain(session, street.home.id, asked, row.person_id, At(now, moment=event_id))
            was, is_now = (row.outcome, row.reason), (told["outcome"], told["reason"])
            found.append((keys[row.rule_id], event_id, was, is_now))
        return found

    told = street.runtime.db.read(read)
    assert [one for one in told if one[2] != one[3]] == []
    reasons = {(key, *was) for key, _, was, _ in told}
    assert reasons >= {
        ("newcomer", "acted", None),
        ("hello", "acted", None),
        ("hello", "held", "lost_to"),
        ("hello", "held", "repeated"),
        ("paid", "acted", None),
        ("paid", "held", "capped"),
        ("first", "acted", None),
        ("first", "held", "repeated"),
        ("stays", "acted", None),
        ("stays", "held", "not_matched"),
        ("asks", "acted", None),
    }
