"""A cap per session counts each message once: in the session in which it was first shown."""

from datetime import timedelta

import pytest

from tests.server.engage.seeing.street import Street

RULE = """
rule: hello
trigger: {event: Asked}
repeat: {every: 1s}
caps: [{per: session, limit: %s, window: 7d}]
do: [{message: {class: support, text: {en: Hello}}}]
"""


@pytest.mark.parametrize(("limit", "each"), [(1, ["acted", "held", "held"]), (2, ["acted", "acted", "held"])])
def test_what_is_shown_again_because_nobody_saw_it_leaves_room_for_what_is_new(
    street: Street, limit: int, each: list[str]
) -> None:
    street.save(RULE % limit)
    since = street.clock()
    for _ in range(3):
        told = street.page("page", "anna", context={"page": {"url": "https://shop.example/"}})["deliveries"]
        for _ in range(3):
            street.clock.advance(timedelta(minutes=1))
            street.did("anna", "Asked")
        street.wait(hours=2)
    assert told  # what earlier sessions said is given again, in this one
    # one row says that it was held in a session
    outcomes = [row.outcome for row in street.decisions()]
    assert outcomes == (each[: each.index("held") + 1]) * 3
    assert street.would_do("hello", since)["acted"] == each.count("acted") * 3
