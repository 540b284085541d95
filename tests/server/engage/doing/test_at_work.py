"""Actions through the whole server: refused at save where they cannot be, failing alone, stopped where they loop."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from frontdesk.accounts.models import Team
from frontdesk.app import compose
from frontdesk.channels.models import OutboxRow
from frontdesk.collect.models import Event
from frontdesk.core.db import Database
from frontdesk.core.mailing import read_mail
from frontdesk.core.runtime import Runtime
from frontdesk.engage.models import DecisionRow
from frontdesk.inbox.models import Notification
from frontdesk.people.models import Visitor
from tests.server.conftest import Home

LETTER = "rule: r\ntrigger: {event: Signed Up}\ndo: [{email: {subject: {en: Hello}, text: {en: Hi}}}]\n"
HOOK = "rule: r\ntrigger: {{event: Signed Up}}\ndo: [{{webhook: '{}'}}]\n"


class Site:
    """A page and its console, over HTTP alone; `rows` looks behind it."""

    def __init__(self, runtime: Runtime, home: Home) -> None:
        self.client: FlaskClient = compose(runtime).app.test_client()
        self.db, self.home = runtime.db, home

    def save(self, text: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.home.api_key}"}
        return self.client.post("/api/v1/rules", json={"yaml": text, "state": "live"}, headers=headers)

    def track(self, name: str, **properties: Any) -> None:
        event = {"type": "track", "event": name, "anonymousId": "ana", "properties": properties}
        answer = self.client.post("/v1/batch", json={"writeKey": self.home.site_key, "batch": [event]})
        assert answer.json["accepted"] == 1, answer.text

    def identify(self, **traits: Any) -> None:
        """A backend says who she is."""
        event = {"type": "identify", "userId": "user-1", "anonymousId": "ana", "traits": traits}
        answer = self.client.post("/v1/batch", json={"writeKey": self.home.api_key, "batch": [event]})
        assert answer.json["accepted"] == 1, answer.text

    def rows(self, kind: type[Any]) -> list[Any]:
        return self.db.read(lambda session: list(session.scalars(select(kind).order_by(kind.id))))

    def outcomes(self) -> Counter[tuple[str, str | None]]:
        return Counter((row.outcome, row.reason) for row in self.rows(DecisionRow))


@pytest.fixture
def site(runtime: Runtime, workspace: Home) -> Site:
    return Site(runtime, workspace)


def errors(answer: TestResponse) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(one["path"], one["reason"]) for one in answer.json["errors"]]


def test_a_letter_is_refused_at_save_where_there_is_no_mail_server(site: Site) -> None:
    assert errors(site.save(LETTER)) == [
        ("do[0].email", "no e-mail can be sent from here: FRONTDESK_SMTP_URL is not set")
    ]


@pytest.fixture
def posting(runtime: Runtime, workspace: Home) -> Site:
    """One with a mail server."""
    mail = read_mail("smtp://mail.example", "Bellshop <hello@bellshop.example>")
    return Site(replace(runtime, settings=replace(runtime.settings, mail=mail)), workspace)


def test_a_letter_that_is_all_a_rule_does_is_sent_once_there_is_an_address(posting: Site) -> None:
    assert posting.save(LETTER).status_code == 200
    posting.track("Signed Up")
    assert (posting.outcomes(), posting.rows(OutboxRow)) == ({("held", "no_address"): 1}, [])
    posting.identify(email="ana@example.com")
    posting.track("Signed Up")
    posting.track("Signed Up")
    assert posting.outcomes() == {("held", "no_address"): 1, ("acted", None): 1, ("held", "repeated"): 1}
    assert [row.payload["to"] for row in posting.rows(OutboxRow)] == ["ana@example.com"]


def test_a_letter_without_an_address_is_noted_and_takes_nothing_else_with_it(
    posting: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site = posting
    site.save(LETTER.replace("do: [", "do: [{tag: asked}, "))
    site.track("Signed Up")
    [decision] = site.rows(DecisionRow)
    assert decision.detail["left_undone"] == [{"action": "email", "reason": "no_address"}]
    assert (decision.outcome, decision.reason, "failed" in decision.detail) == ("acted", "no_address", False)
    assert (site.rows(OutboxRow), [row.tags for row in site.rows(Visitor)]) == ([], [["asked"]])
    assert "action_failed" not in "".join(capsys.readouterr())


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "https://169.254.169.254/latest", "http://[::ffff:7f00:1]/a"])
def test_a_webhook_into_our_own_network_is_refused_at_save(site: Site, url: str) -> None:
    [(path, reason)] = errors(site.save(HOOK.format(url)))
    assert path == "do[0].webhook.url"
    assert "network of its own" in reason


def test_a_webhook_to_a_private_host_is_saved_where_the_operator_says_so(runtime: Runtime, workspace: Home) -> None:
    settings = replace(runtime.settings, private_hosts=frozenset({"127.0.0.1"}))
    site = Site(replace(runtime, settings=settings), workspace)
    assert site.save(HOOK.format("http://127.0.0.1:9000/hook")).status_code == 200


BOTH = """
rule: both
trigger: {event: Signed Up}
do:
  - notify: {team: sales, text: {en: Look}}
  - tag: new
  - webhook: https://hooks.example.com/a
repeat: {every: 0s}
"""


def test_an_action_that_fails_is_undone_alone_and_named(site: Site, db: Database) -> None:
    assert site.save(BOTH).status_code == 200

    def rename(session: Session) -> None:
        session.scalars(select(Team).where(Team.key == "sales")).one().key = "renamed"

    db.write(rename)
    site.track("Signed Up")
    [decision] = site.rows(DecisionRow)
    assert decision.outcome == "acted"
    assert decision.detail["failed"] == [{"action": "notify", "error": "NotFound"}]
    assert site.rows(Notification) == []
    assert [row.tags for row in site.rows(Visitor)] == [["new"]]
    assert len(site.rows(OutboxRow)) == 1


ECHO = """
rule: echo
trigger: {event: Ping}
do: [{emit: Ping}]
repeat: {every: 0s}
"""
PING_PONG = """
rule: ping
trigger: {event: Ping}
do: [{emit: Pong}]
repeat: {every: 0s}
---
rule: pong
trigger: {event: Pong}
do: [{emit: Ping}]
repeat: {every: 0s}
"""
COUNTER = """
rule: counter
trigger: {change: contact.turn}
do: [{set: {contact.turn: a}}, {set: {contact.turn: b}}]
repeat: {every: 0s}
---
rule: begins
trigger: {event: Ping}
do: [{set: {contact.turn: c}}]
repeat: {every: 0s}
"""


@pytest.mark.parametrize("rules", [ECHO, PING_PONG], ids=["one rule", "two rules"])
def test_a_rule_that_emits_what_triggers_it_stops_at_depth_five(site: Site, rules: str) -> None:
    assert site.save(rules).status_code == 200
    site.track("Ping")
    assert site.outcomes() == {("acted", None): 6, ("held", "loop"): 1}
    events = site.rows(Event)
    assert len(events) == 7
    decisions = {row.id for row in site.rows(DecisionRow)}
    assert sum(row.cause in decisions for row in events) == 6


def test_rules_that_set_what_triggers_them_stop_too(site: Site) -> None:
    assert site.save(COUNTER).status_code == 200
    site.track("Ping")
    assert ("held", "loop") in site.outcomes()


CHAIN = """
rule: first
trigger: {event: Signed Up}
do: [{set: {contact.stage: trial}}]
---
rule: second
trigger: {change: contact.stage}
when: {contact.stage: trial}
do: [{emit: {event: Trial Started, properties: {days: 14}}}]
---
rule: third
trigger: {event: Trial Started}
when: {event.days: {gte: 14}}
do: [{tag: on-trial}]
---
rule: fourth
trigger: {change: contact.tags}
when: {contact.tags: {has: on-trial}}
do: [{message: {class: transactional, text: {en: Your trial has begun}}}]
"""


HOOKED = """
rule: hooked
trigger: {event: Order Completed}
do: [{webhook: {url: https://hooks.example.com/a, include: [event.total, event.name, page.path]}}]
"""


def test_a_webhook_takes_along_what_the_moment_knows(site: Site) -> None:
    assert site.save(HOOKED).status_code == 200
    site.track("Order Completed", total=49.5)
    [parcel] = site.rows(OutboxRow)
    assert parcel.payload["body"]["fields"] == {
        "event.total": 49.5, "event.name": "Order Completed", "page.path": None,
    }  # fmt: skip


def test_what_an_action_makes_happen_other_rules_hear_of(site: Site) -> None:
    assert site.save(CHAIN).status_code == 200
    site.track("Signed Up")
    page = {"type": "page", "anonymousId": "ana", "context": {"page": {"url": "https://shop.example/"}}}
    answer = site.client.post("/v1/batch", json={"writeKey": site.home.site_key, "batch": [page]})
    told = answer.json["deliveries"]
    assert [each["content"]["text"] for each in told] == ["Your trial has begun"]
