"""A simulation over what was stored concludes what the live server concluded; and says what it would have."""

from datetime import datetime

import pytest

from tests.server.engage.seeing.street import Doing, Street

RULES = {
    "pricing-hello": """
trigger: {dwell: {path: /pricing, seconds: 60}}
do: [{message: {class: support, text: {en: Comparing plans?}}}]
repeat: {every: 8h}
""",
    "third-page": """
trigger: {page: {}}
when: {session.page_views: {gte: 3}}
do: [{message: {text: {en: Looking around?}}}]
repeat: {every: 4h}
""",
    "spring": """
trigger: {page: {}}
when: {session.campaign: spring}
exclusive: greetings
priority: 60
do: [{tag: spring}]
repeat: {per: session}
""",
    "greeting": """
trigger: {page: {}}
exclusive: greetings
holdout: 30%
do: [{tag: greeted}]
repeat: {per: session}
""",
    "to-sales": """
trigger: {conversation: started}
when: {all: [{page.path: /pricing}, {page.dwell: {gt: 60s}}]}
do: [{assign: {team: sales}}]
repeat: {per: conversation}
""",
    "wrote-again": """
trigger: {conversation: replied}
do: [{tag: insists}]
repeat: {every: 1h}
""",
    "first-project": """
trigger: {absence: {of: Project Created, after: Registered, within: 5h}}
do: [{tag: needs-help}]
repeat: {every: 1s}
""",
    "buys-often": """
trigger: {event: Order Completed}
when: {count: {event: Order Completed, within: 1d}, op: gte, value: 2}
do: [{tag: loyal}]
repeat: {every: 2h}
""",
    "known": """
trigger: {page: /docs}
when: {visitor.known: true}
do: [{tag: reader}]
repeat: {every: 6h}
""",
    "waiting": """
trigger: {conversation: waiting, after: 10m}
do: [{tag: waits}]
repeat: {per: conversation}
""",
}


def live(street: Street, *keys: str) -> datetime:
    for key in keys:
        street.save(f"rule: {key}{RULES[key]}")
    return street.clock()


def said(street: Street, key: str, since: datetime) -> set[Doing]:
    found = street.would_do(key, since)
    return {(key, act["person"], datetime.fromisoformat(act["at"])) for act in found["acts"]}


@pytest.mark.parametrize("seed", [2, 4])
def test_over_recorded_history_it_concludes_what_the_live_server_did(street: Street, seed: int) -> None:
    since = live(street, *RULES)
    street.go_about(seed, steps=200)
    done = street.done()
    assert {key for key, _, _ in done} >= RULES.keys() - {"to-sales"}
    for key in RULES:
        assert said(street, key, since) == {one for one in done if one[0] == key}, key
