"""Why somebody did or did not get it, and what would have to be different."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from frontdesk_rules import KnownFacts, Moment, PastEvent, RememberedHistory, Shown, Whom, Why, Words, why
from tests.rules.building import NOON, Remembered, decided, live, page, rule, started


def told(
    moment: Moment,
    facts: dict[str, object] | None = None,
    memory: Remembered | None = None,
    **tree: Any,
) -> tuple[str, str]:
    (one,) = live(rule(**tree)).rules
    history = RememberedHistory(NOON - timedelta(days=99), {"Paid": [PastEvent(NOON - timedelta(days=1))]})
    found = why(one, moment, KnownFacts(facts or {}, history), memory or Remembered(), Whom("vis_1", "ses_1", "cnv_1"))
    return found.text.en, found.text.zh


STARTED = {"conversation": "started"}


@pytest.mark.parametrize(
    ("when", "facts", "en", "zh"),
    [
        ({"page.dwell": {"gt": "60s"}}, {}, "2 s more on /pricing", "在 /pricing 再停留 2 秒"),
        ({"page.dwell": {"gte": "60.5s"}}, {}, "2.5 s more on /pricing", "在 /pricing 再停留 2.5 秒"),
        ({"contact.plan": "pro"}, {"contact.plan": "free"}, "Plan is pro (is free)", "plan 为 pro（现为 free）"),
        ({"contact.plan": "pro"}, {}, "Plan is pro (not known)", "plan 为 pro（未知）"),
        (
            {"not": {"contact.plan": "free"}},
            {"contact.plan": "free"},
            "Not: plan is free (is free)",
            "并非：plan 为 free（现为 free）",
        ),
        (
            {"count": "Paid", "gte": 3},
            {},
            "2 more: number of “Paid”",
            "“Paid”的次数再多 2",
        ),
        (
            {"contact.registered_at": {"older_than": "365d"}},
            {"contact.registered_at": NOON - timedelta(days=353)},
            "12 days from now: registered is more than 365 days ago",
            "再过 12 天：注册时间早于 365 天前",
        ),
        (
            {"all": [{"page.dwell": {"gt": "60s"}}, {"contact.plan": "pro"}, {"page.path": "/pricing"}]},
            {"contact.plan": "free"},
            "2 s more on /pricing and plan is pro (is free)",
            "在 /pricing 再停留 2 秒，且plan 为 pro（现为 free）",
        ),
        (
            {"any": [{"all": [{"contact.a": 1}, {"contact.b": 2}]}, {"contact.c": 3}]},
            {},
            "C is 3 (not known)",
            "c 为 3（未知）",
        ),
        (
            {"none": [{"contact.a": 1}, {"contact.b": 2}]},
            {"contact.a": 1, "contact.b": 1},
            "Not: a is 1 (is 1)",
            "并非：a 为 1（现为 1）",
        ),
        (
            {"at_least": 2, "of": [{"contact.a": 1}, {"contact.b": 1}, {"contact.c": 1}]},
            {"contact.a": 1, "contact.b": 2, "contact.c": 2},
            "B is 1 (is 2)",
            "b 为 1（现为 2）",
        ),
    ],
)
def test_the_nearest_difference_is_said(when: object, facts: dict[str, object], en: str, zh: str) -> None:
    told_en, told_zh = told(started("/pricing", 58_000), facts, trigger=STARTED, when=when)
    assert (told_en.partition(": ")[2], told_zh.partition("：")[2]) == (en, zh)


def test_a_stage_that_will_say_yes_later_says_when() -> None:
    memory = Remembered(told=[Shown(NOON - timedelta(hours=23), "marketing")])
    message = {"message": {"text": {"en": "Hi"}}}
    capped = told(page(), {}, memory, do=[message], caps=[{"limit": 1, "window": "1d"}])
    assert capped[0] == "The person has had enough messages: until 13:00 UTC"
    quiet = told(page(), {}, do=[message], quiet={"allow": "09:00-10:00"})
    assert quiet == (
        "It is put off until 2026-03-03 09:00 UTC: It is not the time for messages",
        "推迟到 2026-03-03 09:00 UTC：当前为免打扰时段",
    )
    held = told(page(), {}, do=[message], quiet={"allow": "09:00-10:00", "otherwise": "hold"})
    assert held[0] == "It is not the time for messages: until 2026-03-03 09:00 UTC"


def test_a_message_that_is_held_at_a_moment_that_comes_once_is_said_to_be_lost() -> None:
    due = Moment(kind="reaches", at=NOON, rule="rul_a-rule", anchor_at=NOON - timedelta(days=365), received_at=NOON)
    facts: dict[str, object] = {"contact.registered_at": NOON - timedelta(days=365)}
    trigger = {"reaches": {"field": "contact.registered_at", "plus": "365d"}}
    letter = {"email": {"class": "support", "subject": {"en": "Dear"}, "text": {"en": "Hi"}}}
    assert told(due, facts, Remembered(has_address=False), trigger=trigger, do=[letter]) == (
        "There is no address that a letter may be sent to; its moment does not come again",
        "没有可以发送邮件的地址；该时机不会再来",
    )
    memory = Remembered(told=[Shown(NOON - timedelta(hours=23), "support")])
    cap = {"limit": 1, "window": "1d", "otherwise": "hold"}
    assert told(due, facts, memory, trigger=trigger, do=[letter], caps=[cap])[0] == (
        "The person has had enough messages: until 13:00 UTC; its moment does not come again"
    )


def test_a_rule_that_acts_says_so() -> None:
    assert told(page()) == ("It acts", "会执行")


def test_a_rule_that_acts_says_what_it_leaves_out_and_puts_off() -> None:
    letter = {"email": {"class": "support", "subject": {"en": "Dear"}, "text": {"en": "Hi"}}}
    message = {"message": {"class": "marketing", "text": {"en": "Hi"}}}
    without = told(page(), {}, Remembered(has_address=False), do=[letter, message])
    assert without == (
        "It acts, without the letter (There is no address that a letter may be sent to)",
        "会执行，但不含邮件（没有可以发送邮件的地址）",
    )
    quiet = {"allow": "09:00-10:00", "classes": ["marketing"]}
    later = told(page(), {}, Remembered(has_address=False), do=[letter, {"tag": "x"}, message], quiet=quiet)
    assert later[0] == (
        "It acts, without the letter (There is no address that a letter may be sent to), "
        "the rest is put off until 2026-03-03 09:00 UTC (It is not the time for messages)"
    )


def test_a_rule_that_lost_says_to_which() -> None:
    first, second = rule("first", priority=90, exclusive="g"), rule("second", exclusive="g")
    (_, lost) = decided(live(first, second), page())
    assert Why(lost, (), Words("Welcome", "欢迎")).text.en == "Another rule of its group went first: Welcome"


def test_as_json_it_names_stage_condition_and_nearest() -> None:
    (one,) = live(rule(when={"contact.plan": "pro"})).rules
    tree = why(one, page(), KnownFacts({"contact.plan": "free"}), Remembered(), Whom("vis_1")).to_tree()
    assert (tree["outcome"], tree["reason"]) == ("held", "not_matched")
    assert tree["nearest"] == [
        {
            "condition": {"field": "contact.plan", "op": "eq", "value": "pro"},
            "holds": True,
            "text_en": "plan is pro (is free)",
            "text_zh": "plan 为 pro（现为 free）",
        }
    ]


BERLIN = {"time.zone": "Europe/Berlin"}
DAY = timedelta(days=1)
AT_NIGHT = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)  # half past eleven in Berlin, and Tuesday in Shanghai


@pytest.mark.parametrize(
    ("when", "facts", "en", "zh"),
    [
        (
            {"time.now": {"time_between": ["09:00", "18:00"]}},
            BERLIN,
            "Now is between 09:00 and 18:00 (is 2026-03-02 23:30 Europe/Berlin)",
            "当前时间在 09:00 至 18:00之间（现为 2026-03-02 23:30 Europe/Berlin）",
        ),
        (
            {"field": "time.now", "op": "on_weekday", "value": ["Mon"], "zone": "Asia/Shanghai"},
            BERLIN,
            "Now is on Mon (is 2026-03-03 06:30 Asia/Shanghai)",
            "当前时间在 Mon（现为 2026-03-03 06:30 Asia/Shanghai）",
        ),
        (
            {"contact.registered_at": {"before": "2026-03-01"}},
            {**BERLIN, "contact.registered_at": AT_NIGHT},
            "Registered is before 2026-03-01 (is 2026-03-02 23:30 Europe/Berlin)",
            "注册时间早于 2026-03-01（现为 2026-03-02 23:30 Europe/Berlin）",
        ),
        (
            {"contact.trial_ends": {"before": "2026-03-01"}},
            {**BERLIN, "contact.trial_ends": "2026-03-02"},
            "Trial_ends is before 2026-03-01 (is 2026-03-02 00:00 Europe/Berlin)",
            "trial_ends 早于 2026-03-01（现为 2026-03-02 00:00 Europe/Berlin）",
        ),
        (
            {"contact.registered_at": {"within_last": "1h"}},
            {**BERLIN, "contact.registered_at": AT_NIGHT},
            "Registered is within the last 1 h (is 2026-03-02 22:30 UTC)",
            "注册时间在最近 1 小时内（现为 2026-03-02 22:30 UTC）",
        ),
    ],
)
def test_a_time_is_said_in_the_zone_in_which_it_was_compared_which_is_named(
    when: object, facts: dict[str, object], en: str, zh: str
) -> None:
    moment = replace(started("/pricing", 1_000), at=AT_NIGHT if "time.now" in str(when) else AT_NIGHT + DAY)
    told_en, told_zh = told(moment, facts, trigger=STARTED, when=when)
    assert (told_en.partition(": ")[2], told_zh.partition("：")[2]) == (en, zh)
