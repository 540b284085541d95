"""The tests that a rule brings along, on a fake clock."""

from pathlib import Path
from typing import Any

import pytest

from frontdesk_rules import Rule, parse_rules, run_tests
from tests.rules.building import rule

FILES = sorted((Path(__file__).parents[2] / "rules" / "playbooks").glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_ready_made_rule_passes_its_own_tests(file: Path) -> None:
    (one,) = parse_rules(file.read_text("utf-8"))
    assert len(one.tests) >= 3
    assert [result for result in run_tests(one) if not result.passed] == []


def outcome_of(given: list[dict[str, Any]], expect: list[dict[str, Any]], **tree: Any) -> tuple[bool, tuple[Any, ...]]:
    one: Rule = rule(tests=[{"name": "a test", "given": given, "expect": expect}], **tree)
    (result,) = run_tests(one)
    return result.passed, result.actual


def test_a_wrong_expectation_fails_and_shows_what_the_rule_did() -> None:
    done = ({"at": "0s", "tag": "seen"},)
    assert outcome_of([{"at": "0s", "page": "/"}], []) == (False, done)
    assert outcome_of([{"at": "0s", "page": "/"}], [{"at": "1s", "tag": "seen"}]) == (False, done)
    assert outcome_of([{"at": "0s", "page": "/"}], [{"at": "0s", "tag": "else"}]) == (False, done)
    assert outcome_of([{"at": "0s", "page": "/"}], [{"at": "0s", "tag": "seen"}]) == (True, done)


def test_what_is_expected_may_leave_keys_out_but_not_contradict() -> None:
    do = [{"assign": {"team": "sales", "fallback": "experts"}}]
    given = [{"at": "0s", "conversation": "started"}]
    talks: dict[str, Any] = {"trigger": {"conversation": "started"}, "do": do}
    assert outcome_of(given, [{"at": "0s", "assign": {"team": "sales"}}], **talks)[0]
    assert not outcome_of(given, [{"at": "0s", "assign": {"team": "experts"}}], **talks)[0]


def test_the_same_instant_may_be_written_in_other_units() -> None:
    assert outcome_of([{"at": "60s", "page": "/"}], [{"at": "1m", "tag": "seen"}])[0]


def test_an_instant_is_told_to_the_millisecond_however_late_it_is() -> None:
    given = [{"at": "0s", "page": "/a"}, {"at": "31.002d", "page": "/b"}, {"at": "999999999.5s", "page": "/c"}]
    expect = [{"at": at, "tag": "seen"} for at in ("0s", "31.002d", "999999999.5s")]
    assert outcome_of(given, expect, repeat={"every": "0s"}) == (True, (
        {"at": "0s", "tag": "seen"}, {"at": "2678572.8s", "tag": "seen"}, {"at": "999999999.5s", "tag": "seen"},
    ))  # fmt: skip


def test_half_an_hour_of_silence_ends_the_session() -> None:
    given = [{"at": "0s", "page": "/"}, {"at": "29m", "page": "/a"}, {"at": "60m", "page": "/b"}]
    expect = [{"at": "0s", "tag": "seen"}, {"at": "60m", "tag": "seen"}]
    assert outcome_of(given, expect, repeat={"per": "session"})[0]


def test_facts_properties_and_dwell_of_each_page_are_as_given() -> None:
    given = [
        {"at": "0s", "page": "/a", "facts": {"contact.plan": "pro"}},
        {"at": "10s", "dwell": "10s"},
        {"at": "11s", "page": "/b"},
        {"at": "20s", "event": "Paid", "properties": {"total": 7}},
        {"at": "21s", "page": "/a"},
        {"at": "22s", "event": "Paid", "properties": {"total": 7}},
    ]
    when = {"contact.plan": "pro", "event.total": {"gt": 5}, "page.path": "/a", "page.dwell": {"gte": "10s"}}
    assert outcome_of(given, [{"at": "22s", "tag": "seen"}], trigger={"event": "Paid"}, when=when)[0]


@pytest.mark.parametrize(
    ("trigger", "given"),
    [
        ({"scroll": 50}, [{"at": "1s", "page": "/a"}, {"at": "5s", "scroll": 60}]),
        ("exit_intent", [{"at": "1s", "page": "/a"}, {"at": "5s", "exit_intent": True}]),
        ({"call": "demo"}, [{"at": "5s", "call": "demo", "properties": {"step": 1}}]),
        ({"change": {"attribute": "contact.plan", "to": "pro"}}, [{"at": "5s", "change": {"contact.plan": "pro"}}]),
        ({"segment": {"enters": "vip"}}, [{"at": "5s", "segment": {"enters": "vip"}}]),
        ({"conversation": "waiting", "after": "4s"}, [{"at": "1s", "conversation": "started"}]),
        ({"absence": {"of": "A", "after": "B", "within": "5s"}}, [{"at": "0s", "event": "B"}]),
        ({"schedule": "5 9 * * *"}, [{"at": "0s", "facts": {"contact.plan": "pro"}}]),
    ],
)
def test_everything_that_triggers_can_be_played(trigger: object, given: list[dict[str, Any]]) -> None:
    at = "5m" if isinstance(trigger, dict) and "schedule" in trigger else "5s"
    assert outcome_of(given, [{"at": at, "tag": "seen"}], trigger=trigger)[0]


def test_an_answer_ends_the_wait() -> None:
    given = [
        {"at": "1s", "conversation": "started"},
        {"at": "3s", "conversation": "answered"},
        {"at": "1h", "page": "/"},
    ]
    assert outcome_of(given, [], trigger={"conversation": "waiting", "after": "4s"})[0]


def test_a_message_that_the_night_puts_off_is_expected_in_the_morning() -> None:
    do = [{"message": {"text": {"en": "Hello"}}}]
    one = rule(
        do=do,
        quiet={"allow": "09:00-21:00"},
        tests=[
            {
                "name": "at nine",
                "start": "2026-03-02T22:00+08:00",
                "given": [{"at": "0s", "page": "/", "facts": {"visitor.timezone": "Asia/Shanghai"}}],
                "expect": [{"at": "11h", "message": {}}],
            }
        ],
    )
    assert [result.passed for result in run_tests(one)] == [True]


def test_a_test_in_which_a_rule_is_asked_without_end_is_stopped_and_says_so() -> None:
    (rule,) = parse_rules("""
        rule: every-minute
        trigger: {schedule: "* * * * *"}
        do: [tag: x]
        repeat: {every: 1s}
        tests: [{name: years of it, given: [{at: 0s, facts: {contact.plan: pro}}, {at: 3650d, page: /}], expect: []}]
    """)
    (result,) = run_tests(rule)
    assert not result.passed
    assert "more than 5,000 decisions" in str(result.actual)


def test_who_enters_a_segment_does_so_on_no_page() -> None:
    given = [{"at": "0s", "page": "/a", "facts": {"page.title": "A"}}, {"at": "1s", "segment": {"enters": "vip"}}]
    entered: dict[str, Any] = {"trigger": {"segment": {"enters": "vip"}}}
    assert outcome_of(given, [{"at": "1s", "tag": "seen"}], **entered)[0]
    for asked in ({"page.path": "/a"}, {"page.title": "A"}):
        assert outcome_of(given, [], when=asked, **entered)[0]
    assert outcome_of(given, [{"at": "1s", "tag": "seen"}], when={"session.page_views": 1}, **entered)[0]


WEEKLY = {"trigger": {"schedule": "0 9 * * mon"}, "repeat": {"every": "1d"}}


@pytest.mark.parametrize(
    "given",
    [[], [{"at": "0s"}], [{"at": "0s", "page": "/"}], [{"at": "1h", "event": "Paid"}], [{"at": "3d", "facts": {}}]],
)
def test_a_schedule_comes_to_whoever_is_known(given: list[dict[str, Any]]) -> None:
    assert outcome_of(given, [{"at": "7d", "tag": "seen"}, {"at": "14d", "tag": "seen"}], **WEEKLY)[0]


def test_a_schedule_goes_by_the_zone_of_the_workspace_or_of_the_person() -> None:
    def times(zone: str, **test: Any) -> list[str]:
        trigger = {"schedule": {"cron": "0 9 * * *", "zone": zone}}
        given = [{"at": "0s", "page": "/", "facts": {"visitor.timezone": "Asia/Tokyo"}}, {"at": "23h", "page": "/"}]
        one = rule(trigger=trigger, tests=[{"name": "a test", "given": given, "expect": [], **test}])
        return [str(entry["at"]) for result in run_tests(one) for entry in result.actual]

    shanghai = {"workspace": {"zone": "Asia/Shanghai"}}
    assert times("workspace", **shanghai) == ["16h"]
    assert times("person", **shanghai) == ["15h"]
    assert times("workspace") == []  # nine in the morning it is already


def told_at(workspace: object, given: list[dict[str, Any]], **tree: Any) -> list[str]:
    """When a marketing message is sent, tried for three days from nine in the morning of a Monday."""
    last = {"at": "3d", "facts": {}}
    test = {"name": "a test", "given": [*given, last], "expect": [], **({"workspace": workspace} if workspace else {})}
    do = [{"message": {"text": {"en": "Hello"}}}]
    (result,) = run_tests(rule(**{"do": do, "tests": [test], "repeat": {"every": "1m"}, **tree}))
    return [str(entry["at"]) for entry in result.actual]


PAGES = [{"at": at, "page": "/"} for at in ("1h", "2h", "3h", "13h", "26h")]
ONE_A_DAY = [{"limit": 1, "window": "1d"}]


@pytest.mark.parametrize(
    ("workspace", "times"),
    [
        (None, ["1h", "2h", "3h", "13h", "26h"]),
        ("default", ["1h", "2h", "26h"]),
        ({"caps": "default"}, ["1h", "2h", "26h"]),
        ({"quiet": "default"}, ["1h", "2h", "3h", "1d", "26h"]),
        ({"quiet": "default", "zone": "Asia/Shanghai"}, ["1h", "2h", "3h", "16h", "26h"]),
        ({"caps": ONE_A_DAY}, ["1h", "26h"]),
        ({"quiet": {"allow": "09:00-12:00", "otherwise": "hold"}}, ["1h", "2h", "26h"]),
    ],
)
def test_a_test_may_name_the_gates_of_its_workspace(workspace: object, times: list[str]) -> None:
    assert told_at(workspace, PAGES) == times


def test_what_other_rules_have_said_counts_for_caps() -> None:
    others = [{"at": "0s", "told": "marketing"}, {"at": "30m", "page": "/news", "told": "marketing"}]
    assert told_at("default", [*others, {"at": "1h", "page": "/"}, {"at": "25h", "page": "/"}]) == ["30m", "25h"]
    assert told_at("default", [{**one, "told": "support"} for one in others]) == ["30m"]


def test_what_a_cap_puts_off_is_expected_when_it_lets_one_more_through() -> None:
    others = [{"at": "0s", "event": "Ordered", "told": "marketing"}, {"at": "2h", "page": "/", "told": "marketing"}]
    absence = {"trigger": {"absence": {"of": "Paid", "after": "Ordered", "within": "5h"}}}
    assert told_at("default", others, **absence) == ["1d"]
    assert told_at("default", [*others, {"at": "6h", "event": "Paid"}], **absence) == []
    third = {"at": "23h", "page": "/", "told": "marketing"}  # went first
    assert told_at("default", [*others, third], **absence) == ["26h"]
    assert told_at("default", [*others, third], max_lateness="20h", **absence) == []


def test_a_letter_reaches_who_has_an_address() -> None:
    def letters(facts: dict[str, Any]) -> list[str]:
        do = [{"email": {"subject": {"en": "Dear"}, "text": {"en": "Hi"}}}]
        return told_at(None, [{"at": "1h", "page": "/", "facts": facts}], do=do)

    assert letters({}) == letters({"contact.email": "li@example.com"}) == ["1h"]
    assert letters({"contact.email": None}) == []


def test_the_workspace_of_a_test_stays_as_it_is_written() -> None:
    for workspace in ("default", {"caps": "default", "quiet": {"allow": "09:00-18:00"}, "zone": "Asia/Shanghai"}):
        tree = {"name": "a", "workspace": workspace, "given": [], "expect": []}
        assert rule(tests=[tree]).to_tree()["tests"] == [tree]
