"""What a condition asks of people once the moment suits."""

import pytest

from frontdesk.engage.seeing.momentary import lasting, momentary
from tests.server.engage.sql.town import condition_of

PAGE, PLAN, TAG = {"page.path": "/pricing"}, {"contact.plan": "pro"}, {"contact.tags": {"has": "vip"}}


@pytest.mark.parametrize(
    ("tree", "left"),
    [
        (PLAN, PLAN),
        (PAGE, True),
        ({"not": PAGE}, True),
        ({"not": PLAN}, {"not": PLAN}),
        ({"all": [PAGE, PLAN]}, PLAN),
        ({"all": [PAGE, PAGE]}, True),
        ({"all": [PAGE, PLAN, TAG]}, {"all": [PLAN, TAG]}),
        ({"any": [PAGE, PLAN]}, True),
        ({"any": [PLAN, TAG]}, {"any": [PLAN, TAG]}),
        ({"none": [PAGE, PLAN]}, {"not": PLAN}),
        ({"none": [PLAN, TAG]}, {"not": {"any": [PLAN, TAG]}}),
        ({"not": {"any": [PAGE, PLAN]}}, {"not": PLAN}),
        ({"not": {"all": [PAGE, PLAN]}}, True),
        ({"at_least": 2, "of": [PAGE, PLAN, TAG]}, {"any": [PLAN, TAG]}),
        ({"at_least": 3, "of": [PAGE, PLAN, TAG]}, {"all": [PLAN, TAG]}),
        ({"at_least": 2, "of": [PLAN, TAG, {"contact.x": 1}]}, {"at_least": 2, "of": [PLAN, TAG, {"contact.x": 1}]}),
        ({"count": {"event": "Paid"}, "gte": 1}, {"count": {"event": "Paid"}, "gte": 1}),
    ],
)
def test_what_only_a_moment_knows_is_taken_to_fit(tree: object, left: object) -> None:
    expected = left if isinstance(left, bool) else condition_of(left)
    assert lasting(condition_of(tree)) == expected


def test_no_condition_concerns_everybody() -> None:
    assert (lasting(None), momentary(None)) == (True, [])


def test_what_was_taken_to_fit_is_named_once() -> None:
    asked = {"any": [PAGE, {"not": PAGE}, {"session.campaign": "spring"}, {"time.now": {"on_weekday": ["Mon"]}}, PLAN]}
    assert momentary(condition_of(asked)) == ["page.path", "session.campaign"]
