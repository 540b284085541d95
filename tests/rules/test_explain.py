"""What people read: why a rule acted, why not, and what a rule says."""

from typing import Any

import pytest

from frontdesk_rules import Held, KnownFacts, Moment, explain, parse_rules, sentence
from tests.rules.building import NOON, Remembered, decided, dwell, event, live, page, rule, started
from tests.rules.test_parse import STORY_C


def reasons(moment: Moment, facts: dict[str, object] | None = None, **tree: Any) -> list[tuple[str, str, str]]:
    (decision,) = decided(live(rule(**tree)), moment, facts)
    return [tuple(reason.to_tree().values()) for reason in decision.reasons]  # type: ignore[misc]  # three texts


def test_story_c_says_why_sales_got_it() -> None:
    rules = live(*parse_rules(STORY_C))
    (decision,) = decided(rules, started("/pricing", 61_400))
    assert [reason.to_tree() for reason in decision.reasons] == [
        {
            "code": "page.dwell",
            "text_en": "61 s on /pricing (more than 60 s)",
            "text_zh": "在 /pricing 停留 61 秒（超过 60 秒）",
        }
    ]


@pytest.mark.parametrize(
    ("ms", "op", "en", "zh"),
    [
        (60_400, {"gt": "60s"}, "60.4 s on /a (more than 60 s)", "在 /a 停留 60.4 秒（超过 60 秒）"),
        (60_000, {"gte": "60s"}, "60 s on /a (at least 60 s)", "在 /a 停留 60 秒（不少于 60 秒）"),
        (2_500, {"gt": "2s"}, "2.5 s on /a (more than 2 s)", "在 /a 停留 2.5 秒（超过 2 秒）"),
        (301_000, {"gt": "5m"}, "5 min 1 s on /a (more than 5 min)", "在 /a 停留 5 分 1 秒（超过 5 分钟）"),
        (
            3_000,
            {"between": ["2s", "5s"]},
            "3 s on /a (between 2 s and 5 s)",
            "在 /a 停留 3 秒（介于 2 秒 至 5 秒）",
        ),
    ],
)
def test_time_on_a_page_is_said_as_a_person_says_it(ms: int, op: object, en: str, zh: str) -> None:
    told = reasons(started("/a", ms), trigger={"conversation": "started"}, when={"page.dwell": op})
    assert told == [("page.dwell", en, zh)]


@pytest.mark.parametrize(
    ("when", "facts", "en", "zh"),
    [
        ({"session.campaign": "spring"}, {"session.campaign": "spring"}, "Campaign is spring", "推广活动为 spring"),
        ({"session.is_first": True}, {"session.is_first": True}, "First session", "首次到访"),
        ({"team.online": False}, {"team.online": False}, "Team online: no", "团队在线：否"),
        ({"contact.email": {"missing": True}}, {}, "E-mail is not known", "邮箱未知"),
        ({"contact.tags": {"has": "vip"}}, {"contact.tags": ["vip"]}, "Tags include vip", "标签包含 vip"),
        ({"contact.seats": {"gt": 5}}, {"contact.seats": 9}, "Seats is 9 (more than 5)", "seats 为 9（超过 5）"),
        (
            {"not": {"contact.plan": "pro"}},
            {"contact.plan": "free"},
            "Plan is free (not: pro)",
            "plan 为 free（并非为 pro）",
        ),
    ],
)
def test_each_condition_that_holds_is_a_reason(when: object, facts: dict[str, object], en: str, zh: str) -> None:
    (told,) = reasons(started(), facts, trigger={"conversation": "started"}, when=when)
    assert told[1:] == (en, zh)


def test_only_what_held_is_told_of_an_any() -> None:
    when = {"any": [{"contact.plan": "pro"}, {"contact.plan": "free"}, {"session.source": "ads"}]}
    told = reasons(started(), {"contact.plan": "free"}, trigger={"conversation": "started"}, when=when)
    assert [text for _, text, _ in told] == ["Plan is free"]


@pytest.mark.parametrize(
    ("trigger", "moment", "code", "en", "zh"),
    [
        ("page", page("/a?x"), "page", "Opened /a", "打开了 /a"),
        ({"dwell": {"seconds": 60}}, dwell(61_000, "/a"), "dwell", "61 s on /a", "在 /a 停留 61 秒"),
        ({"event": "Paid"}, event("Paid"), "event", "Did “Paid”", "触发了“Paid”"),
        ({"conversation": "started"}, started(), "conversation", "Opened a chat", "发起了对话"),
    ],
)
def test_a_rule_without_condition_has_its_trigger_for_a_reason(
    trigger: object, moment: Moment, code: str, en: str, zh: str
) -> None:
    assert reasons(moment, trigger=trigger) == [(code, en, zh)]


def test_a_rule_that_is_held_says_why_in_both_languages() -> None:
    (decision,) = decided(live(rule()), page(), memory=Remembered(done={("rul_a-rule", "vis_1"): NOON}))
    assert [reason.to_tree() for reason in decision.reasons] == [
        {"code": Held.REPEATED.value, "text_en": "It has acted already", "text_zh": "此前已执行过"}
    ]


def test_an_explanation_shows_expected_and_actual_at_every_node() -> None:
    when = {"all": [{"page.path": "/pricing"}, {"not": {"contact.plan": "pro"}}, {"page.dwell": {"gt": "60s"}}]}
    (candidate,) = live(rule(when=when)).candidates(page("/pricing", dwell_ms=9_000))
    found = explain(candidate, page("/pricing", dwell_ms=9_000), KnownFacts({}))
    assert found is not None
    assert found.to_tree() == {
        "op": "all",
        "verdict": "false",
        "of": [
            {"op": "eq", "verdict": "true", "field": "page.path", "expected": "/pricing", "actual": "/pricing"},
            {
                "op": "not",
                "verdict": "unknown",
                "of": [{"op": "eq", "verdict": "unknown", "field": "contact.plan", "expected": "pro", "actual": None}],
            },
            {"op": "gt", "verdict": "false", "field": "page.dwell", "expected": "60s", "actual": 9_000},
        ],
    }


def test_a_decision_carries_the_explanation_of_its_condition() -> None:
    (held,) = decided(live(rule(when={"contact.plan": "pro"})), page(), {"contact.plan": "free"})
    assert held.explanation is not None
    assert held.explanation.to_tree()["actual"] == "free"


KEYED = {"of": "Paid", "after": "Ordered", "within": "2d", "key": "order_id"}
SAID = [
    (
        {
            "trigger": {"conversation": "started"},
            "when": {"all": [{"page.path": "/pricing"}, {"page.dwell": {"gt": "60s"}}]},
            "do": [{"assign": {"team": "sales"}}],
        },
        "When someone opens a chat, after more than 60 s on /pricing, assign to Sales",
        "当有人发起对话，且在 /pricing 停留超过 60 秒时，指派给 Sales",
    ),
    (
        {
            "trigger": {"dwell": {"path": "/**/pricing", "seconds": 60}},
            "do": [{"message": {"text": {"en": "Hello there", "zh": "您好"}}}],
        },
        "After 60 s on …/pricing, say “Hello there”",
        "在 …/pricing 停留 60 秒后，发送“您好”",
    ),
    (
        {
            "when": {
                "all": [
                    {"session.is_first": True},
                    {"any": [{"session.campaign": "spring"}, {"contact.plan": {"exists": False}}]},
                ]
            }
        },
        "When someone opens a page, if first session and (campaign is spring or plan is not known), tag seen",
        "当有人打开任意页面时，若首次到访，且（推广活动为 spring 或 plan 未知），打上标签 seen",
    ),
    (
        {
            "trigger": {"event": "Paid"},
            "when": {"at_least": 2, "of": [{"contact.a": 1}, {"contact.b": 2}, {"contact.c": 3}]},
            "repeat": {"every": "7d"},
        },
        "When “Paid” happens, if at least 2 of (a is 1; b is 2; c is 3), tag seen, at most once every 7 days",
        "当发生“Paid”时，若至少满足 2 项（a 为 1；b 为 2；c 为 3），打上标签 seen，每 7 天最多一次",
    ),
    (
        {"trigger": {"absence": KEYED}},
        "When “Paid” has not happened 2 days after “Ordered”, tag seen, at most once for each order_id",
        "当“Ordered”之后 2 天内没有发生“Paid”时，打上标签 seen，每个 order_id 最多一次",
    ),
    (
        {"trigger": {"absence": KEYED}, "repeat": {"per": "person"}},
        "When “Paid” has not happened 2 days after “Ordered”, tag seen, at most once for each person",
        "当“Ordered”之后 2 天内没有发生“Paid”时，打上标签 seen，每人最多一次",
    ),
    (
        {"trigger": {"event": "Read"}, "repeat": {"per": "session"}},
        "When “Read” happens, tag seen, at most once in each session",
        "当发生“Read”时，打上标签 seen，每次访问最多一次",
    ),
    (
        {"trigger": {"conversation": "replied"}, "repeat": {"per": "conversation"}},
        "When someone replies in a chat, tag seen, at most once in each conversation",
        "当有人在对话中回复时，打上标签 seen，每个对话最多一次",
    ),
    (
        {"trigger": {"event": "Paid"}, "repeat": {"every": "0s"}},
        "When “Paid” happens, tag seen",
        "当发生“Paid”时，打上标签 seen",
    ),
    (
        {
            "trigger": {"conversation": "started"},
            "when": {"page.path": {"path_prefix": "/docs"}},
            "do": [{"assign": {"team": "experts", "fallback": "sales"}}, {"untag": "new"}],
        },
        "When someone opens a chat, on /docs or below, assign to Experts (else Sales) and remove the tag new",
        "当有人发起对话，且在 /docs 及其下级 页面上时，指派给 Experts（无人时转 Sales），并移除标签 new",
    ),
    (
        {"trigger": {"event": "{e} 100%"}, "do": [{"message": {"text": {"en": "Hi {{ contact.name }}"}}}]},
        "When “{e} 100%” happens, say “Hi {{ contact.name }}”",
        "当发生“{e} 100%”时，发送“Hi {{ contact.name }}”",
    ),
]


@pytest.mark.parametrize(("tree", "en", "zh"), SAID)
def test_a_rule_is_said_in_one_sentence(tree: dict[str, Any], en: str, zh: str) -> None:
    assert sentence(rule(**tree)) == {"en": en, "zh": zh}
