"""Actions that are never done at the moment of their rule: what lint says of them, and what it leaves alone."""

from typing import Any

import pytest

from frontdesk_rules import Doubt, lint
from tests.rules.building import rule

HELLO = {"message": {"kind": "chat", "class": "support", "text": {"en": "Hi"}}}
LETTER = {"email": {"class": "transactional", "subject": {"en": "Hi"}, "text": {"en": "Hi"}}}
ASSIGN: dict[str, Any] = {"assign": {"team": "sales"}}
NIGHTLY = {"schedule": {"cron": "0 3 * * *", "zone": "person"}}


def found(trigger: object, do: list[Any], **more: Any) -> list[tuple[str, str]]:
    return [(str(one.code), one.path) for one in lint([rule(trigger=trigger, do=do, **more)])]


@pytest.mark.parametrize(
    "trigger",
    [{"conversation": "started"}, {"conversation": "replied"}, {"conversation": "waiting", "after": "5m"}],
)
def test_nothing_is_shown_while_a_conversation_is_going_on(trigger: object) -> None:
    assert found(trigger, [{"tag": "x"}, HELLO, LETTER]) == [
        ("never_shown", "do[1].message"),
        ("never_shown", "do[2].email"),
    ]


def test_when_a_conversation_is_closed_something_may_be_shown() -> None:
    assert found({"conversation": "closed"}, [HELLO]) == []


DAY = {"allow": "09:00-18:00", "zone": "person", "otherwise": "hold"}


@pytest.mark.parametrize("hours", ["09:00-18:00", ["Mon-Fri 09:00-18:00", "Sat 22:00-02:00"]])
def test_what_comes_only_in_quiet_hours_that_hold_is_never_shown(hours: object) -> None:
    assert found(NIGHTLY, [HELLO], quiet={**DAY, "allow": hours}) == [("never_shown", "do[0].message")]


def test_what_is_put_off_for_less_than_the_quiet_hours_last_is_never_shown() -> None:
    quiet = {**DAY, "otherwise": "defer", "at_most": "1h"}
    assert found(NIGHTLY, [HELLO], quiet=quiet) == [("never_shown", "do[0].message")]


@pytest.mark.parametrize(
    ("cron", "zone", "quiet"),
    [
        ("0 3 * * *", "person", {**DAY, "otherwise": "defer"}),
        ("0 3 * * *", "person", {**DAY, "otherwise": "defer", "at_most": "5h"}),
        ("0 3,8 * * *", "person", {**DAY, "otherwise": "defer", "at_most": "1h"}),
        ("0 3 * * *", "workspace", DAY),
        ("0 3,9 * * *", "person", DAY),
        ("0 3 * * *", "person", {**DAY, "allow": "Sat 22:00-04:00"}),
        ("0 3 * * *", "person", {**DAY, "classes": ["marketing"]}),
    ],
)
def test_what_may_come_at_another_time_or_waits_or_is_of_another_class_is_left_alone(
    cron: str, zone: str, quiet: dict[str, Any]
) -> None:
    assert found({"schedule": {"cron": cron, "zone": zone}}, [HELLO], quiet=quiet) == []


@pytest.mark.parametrize("action", [ASSIGN, {"close": {}}])
@pytest.mark.parametrize(
    "trigger",
    [
        {"page": "/pricing"},
        {"dwell": {"path": "/pricing", "seconds": 60}},
        {"call": "help"},
        {"event": "Asked"},
        {"change": "contact.plan"},
        {"segment": {"enters": "vip"}},
        {"absence": {"of": "Paid", "after": "Placed", "within": "1d"}},
        {"reaches": {"field": "contact.registered_at", "plus": "7d"}},
        NIGHTLY,
    ],
)
def test_without_a_conversation_there_is_none_to_assign_or_close(action: dict[str, Any], trigger: object) -> None:
    (name,) = action
    assert found(trigger, [{"tag": "x"}, action]) == [("no_conversation", f"do[1].{name}")]


@pytest.mark.parametrize(
    "trigger",
    [{"conversation": "started"}, {"conversation": "closed"}, {"conversation": "waiting", "after": "5m"}],
)
def test_where_a_conversation_is_the_moment_it_can_be_assigned(trigger: object) -> None:
    assert found(trigger, [ASSIGN]) == []


def test_who_asks_for_the_conversation_knows_that_there_may_be_none() -> None:
    assert found({"event": "Asked"}, [ASSIGN], when={"conversation.id": {"exists": True}}) == []
    assert found({"call": "help"}, [ASSIGN], when={"conversation.id": {"exists": True}}) == [
        ("never_known", "when"),
        ("no_conversation", "do[0].assign"),
    ]


@pytest.mark.parametrize("action", [{"tag": "x"}, {"segment": {"add": "vip"}}, {"tour": "first"}])
def test_what_is_done_to_a_person_at_a_change_of_a_company_is_done_to_one_of_its_members(
    action: dict[str, Any],
) -> None:
    assert found({"change": "company.plan"}, [action]) == [("one_member", f"do[0].{next(iter(action))}")]
    assert found({"change": "contact.plan"}, [action]) == []


RENEWS = {"reaches": {"field": "company.renews_at", "minus": "30d"}}


@pytest.mark.parametrize(
    "action",
    [
        {"task": {"owner": True, "title": {"en": "Call"}}},
        {"notify": {"owner": True, "text": {"en": "Due"}}},
        {"webhook": "https://hooks.shop.example/due"},
    ],
)
def test_what_is_done_among_us_at_a_time_of_a_company_is_done_for_each_of_its_members(action: dict[str, Any]) -> None:
    assert found(RENEWS, [{"tour": "first"}, action]) == [("each_member", f"do[1].{next(iter(action))}")]
    assert found({"reaches": {"field": "contact.renews_at"}}, [action]) == []


def test_a_company_that_is_told_its_stage_by_each_of_its_members_changes_once() -> None:
    assert found(RENEWS, [{"set": {"company.stage": "renewal"}}]) == []


def test_what_is_done_among_us_at_a_change_of_a_company_comes_once_as_it_should() -> None:
    ours = [{"notify": {"team": "sales", "text": {"en": "Upgraded"}}}, {"set": {"company.stage": "grown"}}]
    assert found({"change": {"attribute": "company.plan", "to": "pro"}}, ours) == []


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ({"from": "free", "to": "free"}, True),
        ({"from": ["free"], "to": "free"}, True),
        ({"from": ["free", "trial"], "to": ["free", "trial"]}, False),
        ({"from": "free", "to": "pro"}, False),
        ({"to": "free"}, False),
    ],
)
def test_a_change_to_the_same_value_is_none(ends: dict[str, Any], *, told: bool) -> None:
    remarks = lint([rule(trigger={"change": {"attribute": "contact.plan", **ends}})])
    assert [(one.code, one.path) for one in remarks] == ([(Doubt.NO_CHANGE, "trigger.change")] if told else [])
