"""Whose ids are whose: pages and servers have each their own."""

import pytest

from frontdesk.collect.models import Event
from frontdesk.core.db import Database
from tests.server.collect.conftest import Post
from tests.server.collect.senders import rows
from tests.server.conftest import Home


@pytest.mark.parametrize("event", ["Order Completed", "Something Else"])
def test_a_page_that_uses_the_id_of_a_server_s_event_does_not_keep_it_out(
    post: Post, db: Database, workspace: Home, event: str
) -> None:
    order = {"type": "track", "messageId": "order-1", "userId": "buyer"}
    post("batch", {"writeKey": workspace.site_key, "batch": [{**order, "event": event}]})
    paid = {**order, "event": "Order Completed"}
    answer = post("batch", {"writeKey": workspace.api_key, "batch": [paid]})
    assert (answer.body["accepted"], answer.body["rejected"]) == (1, [])
    assert {(row.name, row.verified) for row in rows(db, Event)} == {(event, False), ("Order Completed", True)}
