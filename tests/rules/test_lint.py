"""What lint says of rules that can be read, and what it leaves alone."""

from pathlib import Path
from typing import Any

import pytest

from frontdesk_rules import Doubt, RuleErrors, lint, lint_text, parse_rules, parse_tree
from frontdesk_rules.doubting.cost import cost_ns
from frontdesk_rules.doubting.remarks import SAID
from tests.rules.building import rule

PLAYBOOKS = sorted((Path(__file__).parents[2] / "rules" / "playbooks").glob("*.yaml"))
STARTED = {"conversation": "started"}


def codes(**tree: Any) -> list[str]:
    return [str(one.code) for one in lint([rule(**{"trigger": {"event": "E"}, **tree})])]


MESSAGE = {"message": {"text": {"en": "Hi"}}}


@pytest.mark.parametrize(
    ("do", "language", "expected"),
    [
        ([MESSAGE], None, []),
        ([MESSAGE], "en", []),
        ([MESSAGE], "zh", [("do[0].message.text", "it is not said in Chinese")]),
        ([{"message": {"text": {"zh": "好"}}}], "en", [("do[0].message.text", "it is not said in English")]),
        (
            [{"message": {"kind": "post", "title": {"en": "A"}, "text": {"en": "Hi", "zh": "好"}}}],
            None,
            [("do[0].message.title", "it is not said in Chinese")],
        ),
        (
            [MESSAGE, {"email": {"subject": {"zh": "好"}, "text": {"zh": "好"}}}],
            None,
            [
                ("do[0].message.text", "it is not said in Chinese"),
                ("do[1].email.subject", "it is not said in English"),
                ("do[1].email.text", "it is not said in English"),
            ],
        ),
        ([MESSAGE, {"notify": {"owner": True, "text": {"zh": "好"}}}], None, []),
        ([{"message": {"template": "hello"}}], "zh", []),
    ],
)
def test_what_people_read_is_said_in_the_language_of_the_workspace_and_all_of_it_in_the_same(
    do: list[Any], language: str | None, expected: list[tuple[str, str]]
) -> None:
    found = lint([rule(trigger={"event": "E"}, do=do)], language)
    assert [(one.path, one.text.en) for one in found] == expected
    assert {one.code for one in found} <= {Doubt.NOT_SAID}


@pytest.mark.parametrize(
    ("do", "path"),
    [
        ([{"tag": "vip"}, {"untag": "vip"}], "do[1].untag"),
        ([{"segment": {"add": "vip"}}, {"segment": {"remove": "vip"}}], "do[1].segment"),
        ([{"set": {"contact.stage": "new"}}, {"tag": "x"}, {"set": {"contact.stage": "won"}}], "do[2].set"),
    ],
)
def test_an_action_that_another_takes_back_is_told(do: list[Any], path: str) -> None:
    (found,) = lint([rule(trigger={"event": "E"}, do=do)])
    assert (found.code, found.path) == (Doubt.TAKEN_BACK, path)


def test_what_is_taken_back_is_said_in_words() -> None:
    (found,) = lint([rule(trigger={"event": "E"}, do=[{"tag": "vip"}, {"untag": "vip"}])])
    assert found.text.en == "“tag vip” is taken back by “remove the tag vip”"


@pytest.mark.parametrize(
    "tree",
    [
        {"do": [{"tag": "vip"}, {"untag": "trial"}]},
        {"do": [{"tag": "vip"}, {"tag": "vip"}]},
        {"do": [{"set": {"contact.stage": "new"}}, {"set": {"contact.plan": "pro"}}]},
    ],
)
def test_actions_upon_different_things_take_nothing_back(tree: dict[str, Any]) -> None:
    assert codes(**tree) == []


def test_variants_do_different_things_to_different_people() -> None:
    several = [{"name": name, "share": "50%", "do": [{name: "vip"}]} for name in ("tag", "untag")]
    tree = {"rule": "a", "trigger": {"event": "E"}, "variants": several}
    assert lint([parse_tree(tree)]) == []


def test_values_are_needed_where_one_of_several_is_asked_for() -> None:
    with pytest.raises(RuleErrors, match="this list is empty"):
        rule(when={"contact.plan": {"in": []}})


DAILY = {"schedule": {"cron": "0 9 * * *"}}
YEARLY = {"reaches": {"field": "contact.registered_at", "plus": "365d"}}


def silent(within: str) -> Any:
    return {"absence": {"of": "Paid", "after": "Ordered", "within": within}}


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ({"trigger": "page"}, ["bare_trigger"]),
        ({"trigger": "page", "when": {"contact.seats": {"neq": 3}}}, ["last_bucket"]),
        ({"trigger": "page", "when": {"contact.seats": 3}}, []),
        ({"trigger": "page", "when": {"contact.plan": "pro"}}, []),
        ({"trigger": {"page": "/pricing"}}, []),
        ({"when": {"contact.x": {"regex": ".*sale"}}}, ["costly_regex"]),
        ({"when": {"contact.x": {"regex": "^sale"}}}, []),
        ({"trigger": "page", "when": {"count": "Paid", "gte": 3}}, ["last_bucket", "costly_past"]),
        ({"trigger": "page", "when": {"count": {"event": "Paid", "within": "30d"}, "gte": 3}}, ["last_bucket"]),
        ({"trigger": {"page": "/a"}, "when": {"count": "Paid", "gte": 3}}, []),
        ({"trigger": STARTED, "when": {"event.total": 3}}, ["never_known"]),
        ({"when": {"event.total": 3}}, []),
        ({"trigger": {"schedule": {"cron": "0 9 * * *"}}, "when": {"page.path": "/a"}}, ["never_known"]),
        ({"trigger": {"conversation": "waiting", "after": "5m"}, "when": {"page.path": "/a"}}, ["never_known"]),
        ({"trigger": {"schedule": {"cron": "0 9 * * *"}}, "when": {"page.locale": "zh"}}, []),
        ({"trigger": {"segment": {"enters": "vip"}}, "when": {"page.title": "a"}}, ["never_known"]),
        ({"trigger": {"page": "/a"}, "when": {"conversation.state": "open"}}, ["never_known"]),
        ({"trigger": STARTED, "when": {"conversation.team": "sales"}}, []),
        ({"trigger": DAILY, "when": {"session.channel": "paid"}}, ["hardly_known"]),
        ({"trigger": YEARLY, "when": {"not": {"session.is_first": True}}}, ["hardly_known"]),
        ({"trigger": silent("24h"), "when": {"session.channel": "paid"}}, ["hardly_known"]),
        ({"trigger": silent("23h"), "when": {"session.channel": "paid"}}, []),
        ({"trigger": DAILY, "when": {"session.channel": {"exists": True}}}, []),
        ({"trigger": {"page": "/a"}, "when": {"session.channel": "paid"}}, []),
        ({"trigger": {"event": "E"}, "when": {"conversation.state": "open"}}, ["hardly_known"]),
        ({"trigger": {"change": "contact.plan"}, "when": {"conversation.team": "sales"}}, ["hardly_known"]),
        ({"trigger": {"segment": {"enters": "vip"}}, "when": {"conversation.team": "sales"}}, ["hardly_known"]),
        ({"trigger": {"event": "E"}, "when": {"conversation.id": {"missing": True}}}, []),
        ({"when": {"contact.emial": "a"}}, ["misspelled"]),
        ({"when": {"contact.plan": "a"}}, []),
        ({"holdout": "10%"}, ["unmeasured"]),
        ({"holdout": "10%", "goal": {"event": "Paid", "within": "7d"}}, []),
    ],
)
def test_other_doubts(tree: dict[str, Any], expected: list[str]) -> None:
    assert codes(**tree) == expected


@pytest.mark.parametrize(
    ("trigger", "field", "en", "zh"),
    [
        (DAILY, "session.channel", "ask for contact.tags here", "contact.tags"),
        (DAILY, "page.title", "tag people while they are on the page", "打标签"),
        (
            {"exit_intent": "/a"},
            "event.total",
            "write {last: {event: …, property: …}}",
            "{last: {event: …, property: …}}",
        ),
        ({"event": "E"}, "conversation.team", "Write {conversation: started}", "请改用 {conversation: started}"),
    ],
)
def test_what_is_not_known_is_told_with_what_to_write_instead(trigger: Any, field: str, en: str, zh: str) -> None:
    (found,) = lint([rule(trigger=trigger, when={field: "a"})])
    assert field in found.text.en
    assert field in found.text.zh
    assert en in found.text.en
    assert zh in found.text.zh


def routing(key: str, priority: int, **tree: Any) -> Any:
    whole = {"trigger": STARTED, "exclusive": "g", "repeat": {"per": "conversation"}, "priority": priority, **tree}
    return rule(key, **whole)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({}, {}, ["second"]),
        ({}, {"when": {"contact.plan": "pro"}}, ["second"]),
        ({"when": {"contact.plan": "pro"}}, {"when": {"all": [{"contact.plan": "pro"}, {"contact.a": 1}]}}, ["second"]),
        ({"when": {"contact.plan": "pro"}}, {}, []),
        ({"when": {"any": [{"contact.plan": "pro"}, {"contact.a": 1}]}}, {"when": {"contact.b": 1}}, []),
        ({"repeat": {"per": "person"}}, {}, []),
        ({"exclusive": "h"}, {}, []),
        ({"trigger": {"conversation": "closed"}}, {}, []),
    ],
)
def test_a_rule_behind_one_that_always_goes_first_is_never_reached(
    first: dict[str, Any], second: dict[str, Any], expected: list[str]
) -> None:
    remarks = lint([routing("first", 90, **first), routing("second", 10, **second)])
    assert [one.rule for one in remarks if one.code is Doubt.UNREACHABLE] == expected


def test_a_remark_knows_where_it_stands() -> None:
    text = "rule: a\ntrigger: {event: E}\nwhen:\n  all:\n    - contact.a: 1\n    - contact.a: 2\ndo: [tag: x]\n"
    (one,) = lint_text(text)
    assert (one.rule, one.path, one.line) == ("a", "when.all[1]", 6)
    assert one.text.en == "a is 1 and a is 2 cannot both hold: the rule never acts"


def test_every_doubt_is_said_in_both_languages() -> None:
    assert set(SAID) == set(Doubt)
    assert all(words.en and words.zh for words in SAID.values())


def test_a_question_about_the_past_costs_more_than_one_about_the_page() -> None:
    assert cost_ns(rule(when={"page.path": "/a"})) < 1_000 < cost_ns(rule(when={"count": "A", "gte": 1}))


@pytest.mark.parametrize("file", PLAYBOOKS, ids=lambda file: file.stem)
def test_there_is_nothing_to_be_said_against_the_ready_made_rules(file: Path) -> None:
    assert lint(parse_rules(file.read_text("utf-8"))) == []
