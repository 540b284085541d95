"""What actions cause is asked about in its turn: of everybody, and not without end."""

from datetime import timedelta
from threading import Thread
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import func, select, text

from frontdesk.core.clock import iso
from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.deciding.engine import Engine
from frontdesk.engage.deciding.share import MOST_CAUSED, Share
from frontdesk.engage.models import Delivery
from tests.running import until
from tests.server.engage.moments.site import Site

CAPPED = """
caps: [{per: person, class: support, limit: 1, window: 1d}]
do: [{message: {class: support, text: {en: Hi}}}]
"""


def case_of(person_id: str) -> Case:
    return cast("Case", SimpleNamespace(subject=SimpleNamespace(person_id=person_id, workspace_id="wsp")))


def test_of_a_large_batch_everybody_s_change_is_asked_about(site: Site) -> None:
    site.save("rule: a\ntrigger: {event: Bought}\ndo: [{tag: buyer}]\n")
    site.save("rule: b\ntrigger: {change: {attribute: contact.tags}}\ndo: [{set: {contact.bought: true}}]\n")
    many = MOST_CAUSED * 2
    bought = [
        {"type": "track", "event": "Bought", "userId": f"u{n}", "messageId": f"b{n}", "timestamp": iso(site.clock())}
        for n in range(many)
    ]
    body = {"writeKey": site.home.api_key, "batch": bought, "sentAt": iso(site.clock())}
    assert site.client.post("/v1/batch", json=body).status_code == 200
    acted = site.acted()
    assert (acted.count("a"), acted.count("b")) == (many, many)


def test_a_tag_that_is_put_on_or_taken_off_is_a_trigger_by_its_name(site: Site) -> None:
    for event, action in (("Bought", "tag: vip"), ("Called", "tag: called"), ("Left", "untag: vip")):
        site.save(f"rule: on-{event.lower()}\ntrigger: {{event: {event}}}\ndo: [{{{action}}}]\nrepeat: {{every: 1s}}\n")
    for key, end in (("came", "to"), ("went", "from")):
        trigger = f"{{change: {{attribute: contact.tags, {end}: vip}}}}"
        site.save(f"rule: {key}\ntrigger: {trigger}\ndo: [{{set: {{contact.{key}: true}}}}]\nrepeat: {{every: 1s}}\n")

    def acted() -> tuple[int, int]:
        return site.acted().count("came"), site.acted().count("went")

    told = []
    for event in ("Called", "Bought", "Called", "Left", "Bought"):
        site.clock.advance(timedelta(minutes=1))
        site.do(event)
        told.append(acted())
    assert told == [(0, 0), (1, 0), (1, 0), (1, 1), (2, 1)]


def test_one_person_s_rules_that_multiply_end_and_leave_others_their_share() -> None:
    share = Share()
    first = share.within([case_of("anna")] * MOST_CAUSED)
    assert len(first) == MOST_CAUSED
    assert len(share.within([case_of("anna")] * 10 + [case_of("bert")])) == 1


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_two_moments_of_a_person_at_once_do_not_say_more_than_the_cap(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL a timer fires beside a request: the second waits for what the first has said."""
    site.save("rule: a\ntrigger: {event: Bought}" + CAPPED)
    site.save("rule: b\ntrigger: {absence: {of: Paid, after: Opened, within: 1h}}" + CAPPED)
    site.do("Opened")
    site.clock.advance(timedelta(hours=2))
    beside = Thread(target=site.do, args=("Bought",))
    conclude = Engine.conclude

    def and_meanwhile(self: Engine, *asked: Any) -> Any:
        concluded = conclude(self, *asked)
        monkeypatch.setattr(Engine, "conclude", conclude)
        beside.start()
        assert until(lambda: waiting(site))
        return concluded

    monkeypatch.setattr(Engine, "conclude", and_meanwhile)
    site.drain()
    beside.join()
    said = site.runtime.db.read(lambda session: session.scalar(select(func.count()).select_from(Delivery)))
    assert said == 1


def waiting(site: Site) -> bool:
    """Whether another transaction waits for a lock."""
    query = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'")
    return bool(site.runtime.db.read(lambda session: session.scalar(query)))
