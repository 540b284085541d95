"""Who counts as staff: a claim leaves out the claiming browser's own events, and nobody else's."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from frontdesk.accounts import sites
from frontdesk.accounts.queries import first_site
from frontdesk.collect.models import Event
from frontdesk.core.db import Database
from tests.server.collect.conftest import Post
from tests.server.collect.senders import basic, batch, rows
from tests.server.conftest import Home

STAFF = {"email": "li@bell.example"}


class Senders:
    """A server and pages of a site whose staff are `@bell.example` and the user id `boss`."""

    def __init__(self, post: Post, home: Home) -> None:
        self._post = post
        self._home = home
        self._sent = 0

    def page(self, **said: Any) -> bool:
        """Whether an event of a page was kept."""
        return bool(self._post("batch", batch(self._home, self._item(said))).body["accepted"])

    def server(self, **said: Any) -> bool:
        item = self._item(said)
        return bool(self._post(item["type"], item, **basic(self._home.api_key)).body["accepted"])

    def _item(self, said: dict[str, Any]) -> dict[str, Any]:
        self._sent += 1
        kind = {"type": "identify"} if "traits" in said else {"type": "track", "event": "Asked"}
        return {"messageId": f"m{self._sent}", **kind, **said}


@pytest.fixture
def senders(post: Post, db: Database, workspace: Home) -> Senders:
    def set_staff(session: Session) -> None:
        site_id = first_site(session, workspace.id).id
        sites.change(session, workspace.id, site_id, {"staff": ["@bell.example", "boss"]})

    db.write(set_staff)
    return Senders(post, workspace)


@pytest.mark.parametrize("known", [True, False], ids=["described by a server", "new"])
def test_a_browser_that_claims_a_staff_email_keeps_out_nothing_that_a_server_says(
    senders: Senders, db: Database, *, known: bool
) -> None:
    if known:
        senders.server(userId="victim", traits={"plan": "pro"})
    assert not senders.page(anonymousId="thief", userId="victim", traits=STAFF)
    assert not senders.page(userId="victim", traits=STAFF)
    assert senders.server(userId="victim")
    assert senders.server(userId="victim", anonymousId="phone")
    assert senders.server(userId="victim", traits={"plan": "free"})
    assert senders.server(userId="victim", anonymousId="thief")
    assert all(event.verified for event in rows(db, Event))


def test_a_browser_that_claims_a_staff_email_keeps_out_no_other_browser_of_that_person(senders: Senders) -> None:
    assert senders.page(anonymousId="ana", userId="victim")
    assert not senders.page(anonymousId="thief", userId="victim", traits=STAFF)
    assert senders.page(anonymousId="ana")
    assert senders.page(anonymousId="ana", userId="victim", traits={"plan": "pro"})
    assert senders.page(userId="victim")
    assert not senders.page(anonymousId="thief")


def test_a_browser_of_staff_is_left_out_from_then_on(senders: Senders) -> None:
    assert not senders.page(anonymousId="ana", traits=STAFF)
    assert not senders.page(anonymousId="ana")
    assert not senders.page(anonymousId="bob", userId="boss")
    assert not senders.page(anonymousId="bob")


def test_whom_a_server_described_as_staff_is_left_out_on_every_browser_that_a_server_confirmed(
    senders: Senders,
) -> None:
    assert senders.page(anonymousId="ana")
    assert not senders.server(userId="li", traits=STAFF)
    assert not senders.server(userId="li")
    assert not senders.server(userId="li", anonymousId="ana")
    assert not senders.page(anonymousId="ana")
    assert not senders.server(anonymousId="ana")


def test_a_browser_is_not_told_that_whom_it_claims_to_be_is_staff(senders: Senders) -> None:
    senders.server(userId="li", traits=STAFF)
    assert senders.page(anonymousId="ana", userId="li")


def test_an_email_that_a_server_gave_to_a_browser_leaves_out_what_the_server_says_of_it(senders: Senders) -> None:
    assert not senders.server(anonymousId="ana", traits=STAFF)
    assert not senders.server(anonymousId="ana")
    assert not senders.page(anonymousId="ana")
