"""Why a rule acts for a person or does not: asked over the API, as a teammate would."""

from datetime import timedelta
from typing import Any

import pytest

from frontdesk.core.clock import iso
from tests.server.conftest import Home
from tests.server.engage.seeing.street import Street

PRICING = """
rule: pricing-to-sales
trigger: {conversation: started}
when: {all: [{page.path: /pricing}, {page.dwell: {gt: 63s}}]}
do: [{assign: {team: sales}}]
"""
LOYAL = """
rule: loyal
trigger: {event: Order Completed}
when: {count: {event: Order Completed, within: 30d}, op: gte, value: 3}
do: [{tag: loyal}]
"""
NEWS = """
rule: news
trigger: {page: /docs}
do: [{message: {class: marketing, text: {en: News}}}]
repeat: {every: 1s}
caps: [{per: person, limit: 1, window: 1d}]
"""
STAY = "rule: stay\ntrigger: {dwell: {path: /pricing, seconds: 60}}\ndo: [{tag: stays}]\n"
PROJECT = """
rule: project
trigger: {absence: {of: Project Created, after: Registered, within: 24h}}
do: [{tag: stuck}]
"""


def explained(street: Street, rule_id: str, who: str = "anna", **query: Any) -> dict[str, Any]:
    asked = {"person": street.visitor_id(who), **query}
    answer = street.api("GET", f"/rules/{rule_id}/explain", query_string=asked)
    assert answer.status_code == 200, answer.json
    return dict(answer.json or {})


def test_it_says_the_stage_the_tree_and_what_would_have_to_be_different(street: Street) -> None:
    rule_id = street.save(PRICING)
    street.opened("anna", "/pricing")
    conversation = street.start_chat("anna")  # after 61 seconds
    found = explained(street, rule_id)
    assert (found["outcome"], found["reason"], found["stage"]) == ("held", "not_matched", "when")
    assert found["text_en"] == "The condition does not hold: 2 s more on /pricing"
    assert found["text_zh"].startswith("条件不成立：")
    assert found["moment"] == {
        "kind": "conversation", "name": "started", "id": conversation, "path": "/pricing", "dwell_ms": 61_000,
        "conversation": conversation, "assumed": False, "due": True,
        "text_en": "Opened a chat", "text_zh": "发起了对话",
    }  # fmt: skip
    path, dwell = found["condition"]["of"]
    assert (path["verdict"], dwell["verdict"], dwell["expected"], dwell["actual"]) == ("true", "false", "63s", 61_000)
    assert dwell["sources"] == [{"id": conversation, "at": iso(street.clock())}]
    assert (dwell["text_en"], dwell["text_zh"]) == (
        "Visible time is more than 63 s (is 61 s)", "停留时间超过 63 秒（现为 61 秒）",
    )  # fmt: skip
    assert (found["condition"]["text_en"], path["text_en"]) == ("All of these", "Page is /pricing")
    assert found["stage_words"] == {"en": "condition", "zh": "条件"}
    assert [(one["outcome"], one["reason"]) for one in found["stored"]] == [("held", "not_matched")]
    assert [one["text_en"] for one in found["stored"]] == ["The condition does not hold"]


def test_an_aggregate_names_the_events_that_it_counted(street: Street) -> None:
    rule_id = street.save(LOYAL)
    for _ in range(2):
        street.clock.advance(timedelta(days=1))
        street.did("anna", "Order Completed")
    found = explained(street, rule_id)
    # two that we saw; of somebody met yesterday nobody can say that there were no more
    assert found["text_en"].endswith(": 1 more: number of “Order Completed” in the last 30 days")
    condition = found["condition"]
    assert (condition["events"], len(condition["sources"])) == (2, 2)
    assert condition["sources"][0]["at"] == iso(street.clock())


def test_it_says_until_when_somebody_has_had_enough(street: Street) -> None:
    rule_id = street.save(NEWS)
    street.opened("anna", "/docs")
    street.clock.advance(timedelta(hours=2))
    found = explained(street, rule_id)
    assert (found["reason"], found["stage"]) == ("capped", "caps")
    assert found["text_en"] == "The person has had enough messages: until 2026-03-03 10:00 UTC"
    assert found["until"] == "2026-03-03T10:00:00.000Z"


def test_as_of_then_it_knows_only_what_was_so_then(street: Street) -> None:
    rule_id = street.save(LOYAL)
    for _ in range(4):
        street.clock.advance(timedelta(days=1))
        street.did("anna", "Order Completed")
    now = street.clock()
    assert explained(street, rule_id)["reason"] == "repeated"
    third = explained(street, rule_id, at=iso(now - timedelta(days=1)))
    before = explained(street, rule_id, at=iso(now - timedelta(days=2)))
    assert (before["reason"], before["condition"]["actual"], before["stored"]) == ("unknown", {"at_least": 2}, [])
    assert (third["condition"]["actual"], [one["outcome"] for one in third["stored"]]) == ({"at_least": 3}, ["acted"])


def test_an_event_can_be_named_and_is_asked_about_as_it_was(street: Street) -> None:
    rule_id = street.save(LOYAL)
    for _ in range(3):
        street.clock.advance(timedelta(days=1))
        street.did("anna", "Order Completed")
    events = (street.api("GET", "/events", query_string={"name": "Order Completed"}).json or {})["data"]
    outcomes = [explained(street, rule_id, moment=event["id"])["outcome"] for event in reversed(events)]
    # nothing of its own counts against the one at which it acted
    assert outcomes == ["held", "held", "acted"]


def test_where_nothing_fits_the_trigger_an_assumed_moment_is_asked_and_it_says_so(street: Street) -> None:
    rule_id = street.save(STAY)
    street.opened("anna", "/pricing")
    street.stayed("anna", "/pricing", 58)
    found = explained(street, rule_id)
    assert found["moment"]["assumed"]
    notes = {note["code"]: note["text_en"] for note in found["notes"]}
    assert notes.keys() == {"assumed", "trigger"}
    assert notes["trigger"] == "2 s more on /pricing, and its trigger is reached"


def test_what_a_clock_brings_is_asked_about_at_its_time(street: Street) -> None:
    rule_id = street.save(PROJECT)
    street.did("anna", "Registered")
    due = street.clock() + timedelta(hours=24)
    waits = explained(street, rule_id)
    assert (waits["at"], waits["moment"]["due"], waits["outcome"]) == (iso(due), False, "acted")
    street.clock.advance(timedelta(hours=3))
    street.did("anna", "Project Created")
    overtaken = explained(street, rule_id)
    assert (overtaken["reason"], overtaken["stage"]) == ("overtaken", "trigger")


def test_of_a_timer_it_says_that_another_time_is_told_of_and_that_it_has_fired(street: Street) -> None:
    rule_id = street.save(PROJECT)
    street.did("anna", "Registered")
    asked = street.clock() + timedelta(hours=1)
    due = street.clock() + timedelta(hours=24)
    street.clock.advance(timedelta(hours=1))
    before = explained(street, rule_id)
    notes = {note["code"]: note for note in before["notes"]}
    assert (before["asked_at"], before["at"], before["stored"]) == (iso(asked), iso(due), [])
    at = due.strftime("%Y-%m-%d %H:%M UTC")
    assert before["moment"]["text_en"] == "“Project Created” has not happened 1 day after “Registered”"
    assert at in notes["moved"]["text_en"]
    assert at in notes["moved"]["text_zh"]
    assert "fired" not in notes
    street.wait(hours=25)
    for query in ({}, {"at": iso(asked)}):
        after = explained(street, rule_id, **query)
        assert {"moved", "fired"} <= {note["code"] for note in after["notes"]}
        assert [one["outcome"] for one in after["stored"]] == ["acted"]


def test_a_version_can_be_named_and_one_that_is_none_is_refused(street: Street) -> None:
    rule_id = street.save(STAY)
    street.save(STAY.replace("60", "90"))
    street.opened("anna")
    assert [explained(street, rule_id, version=version)["rule"]["version"] for version in (1, 2)] == [1, 2]
    for version in ("3", "0", "newest"):
        for what in ("explain", "why-nobody"):
            asked = {"person": street.visitor_id(), "version": version} if what == "explain" else {"version": version}
            answer = street.api("GET", f"/rules/{rule_id}/{what}", query_string=asked)
            assert (answer.status_code, "version" in str(answer.json)) == (422, True)


def test_it_says_which_rule_went_first(street: Street) -> None:
    first = "rule: first\nname: {en: Welcome, zh: 欢迎}\ntrigger: {page: /docs}\nexclusive: g\npriority: 90\n"
    street.save(first + "do: [{tag: a}]\nrepeat: {every: 1s}")
    second = street.save("rule: second\ntrigger: {page: /docs}\nexclusive: g\ndo: [{tag: b}]")
    street.opened("anna", "/docs")
    street.clock.advance(timedelta(minutes=1))
    found = explained(street, second)
    assert (found["reason"], found["lost_to"]) == ("lost_to", "first")
    assert found["text_en"] == "Another rule of its group went first: Welcome"
    assert found["text_zh"] == "同组的另一条规则优先：欢迎"


def test_of_a_rule_that_is_paused_it_says_so(street: Street) -> None:
    rule_id = street.save(STAY)
    street.opened("anna")
    street.pause(rule_id)
    (note,) = [note for note in explained(street, rule_id)["notes"] if note["code"] == "not_live"]
    assert note["text_en"] == "The rule is paused: it is asked as though it were live"
    assert note["text_zh"] == "规则状态：已暂停；按运行中来判断"


@pytest.mark.parametrize("query", [{"person": "vis_nobody"}, {"moment": "evt_nothing"}])
def test_who_and_what_is_not_there_is_not_found(street: Street, query: dict[str, str]) -> None:
    rule_id = street.save(STAY)
    street.opened("anna")
    asked = {"person": street.visitor_id(), **query}
    assert street.api("GET", f"/rules/{rule_id}/explain", query_string=asked).status_code == 404


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59+00:00"])
def test_a_time_that_no_calendar_goes_around_is_refused_by_name(street: Street, at: str) -> None:
    rule_id = street.save(STAY)
    street.opened("anna")
    whom = {"person": street.visitor_id()}
    explained = street.api("GET", f"/rules/{rule_id}/explain", query_string={**whom, "at": at})
    counted = street.api("GET", f"/rules/{rule_id}/funnel", query_string={"since": at})
    assert (explained.status_code, counted.status_code) == (422, 422)
    assert [str(answer.json).count(name) > 0 for answer, name in ((explained, "at"), (counted, "since"))] == [True] * 2
    assert "1970" in str(explained.json)


@pytest.mark.parametrize("at", ["1970-01-01T00:00:00Z", "1970-01-01", "2026-01-01"])
def test_every_time_within_reach_is_answered(street: Street, at: str) -> None:
    street.opened("anna")
    weekly = "rule: weekly\ntrigger: {schedule: '0 9 29 2 *'}\ndo: [{tag: a}]\n"
    for text in (STAY, PROJECT, LOYAL, weekly):
        assert explained(street, street.save(text), at=at)["at"]


def test_a_time_that_is_still_to_come_is_refused_by_its_name(street: Street) -> None:
    street.opened("anna")
    asked = {"person": street.visitor_id(), "at": "9989-12-31T23:59:59Z"}
    answer = street.api("GET", f"/rules/{street.save(STAY)}/explain", query_string=asked)
    assert (answer.status_code, (answer.json or {})["field"]) == (422, "at")


def test_people_and_events_of_another_workspace_do_not_exist(street: Street, other_workspace: Home) -> None:
    rule_id = street.save(STAY)
    street.opened("anna")
    theirs = Street(street.runtime, other_workspace)
    theirs.opened("eve")
    eve = {"person": theirs.visitor_id("eve")}
    assert street.api("GET", f"/rules/{rule_id}/explain", query_string=eve).status_code == 404
    for what in ("explain", "funnel", "lift", "why-nobody"):
        assert theirs.api("GET", f"/rules/{rule_id}/{what}", query_string=eve).status_code == 404
