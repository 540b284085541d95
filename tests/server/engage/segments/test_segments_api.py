"""Segments over HTTP: made, changed, refused and deleted; people put into them by hand."""

import pytest

from tests.server.conftest import Home
from tests.server.engage.segments.town import Town

ASKS = """
rule: greet-vips
trigger: {event: Asked}
when: {in_segment: vip}
do: [{tag: greeted}]
"""


def test_a_condition_may_be_a_tree_or_yaml_and_is_kept_in_its_canonical_form(town: Town) -> None:
    town.segment("pros", {"contact.plan": "pro"}, name={"en": "Pros", "zh": "专业版用户"})
    town.segment("same", "contact.plan: pro")
    pros, same = town.site.get("/segments")["data"]
    assert pros["condition"] == same["condition"] == {"field": "contact.plan", "op": "eq", "value": "pro"}
    assert (pros["name"], same["name"]) == ({"en": "Pros", "zh": "专业版用户"}, {"en": "same", "zh": "same"})
    assert (pros["by"], pros["kept"], pros["size"]) == ("condition", False, None)
    assert (
        town.call("POST", "/segments", {"key": "again", "condition": pros["yaml"]}).json["condition"]
        == (pros["condition"])
    )


REFUSED = [
    ("contact.plan: {gt: }", "contact.plan.gt", "a number"),
    ("any:\n  - contact.plan: pro\n  - in_segment: nobodys", "", "there is no segment nobodys"),
    ("in_segment: mine", "", "mine would have to be asked before itself"),
    ("page.path: /pricing", "", "page.path belongs to a moment"),
    ("session.campaign: spring", "", "session.campaign belongs to a moment"),
    ("{all: [{event.price: {gt: 3}}]}", "", "event.price belongs to a moment"),
    ("team.online: true", "", "team.online belongs to a moment"),
    ("[", "", "this is not YAML"),
    ("", "", "one condition is needed here"),
    ("contact.plan: a\n---\ncontact.plan: b", "", "one condition is needed here"),
    ({}, "", "this condition is empty"),
    (7, "", "a condition is needed here"),
]


@pytest.mark.parametrize(("condition", "path", "reason"), REFUSED, ids=[str(row[0]) for row in REFUSED])
def test_a_condition_is_refused_with_path_and_reason(town: Town, condition: object, path: str, reason: str) -> None:
    answer = town.call("POST", "/segments", {"key": "mine", "condition": condition})
    assert (answer.status_code, answer.json["code"]) == (422, "segment_refused")
    [finding] = answer.json["errors"]
    assert finding["path"] == path
    assert reason in finding["reason"]
    assert town.site.get("/segments")["data"] == []


def test_a_line_is_named_where_yaml_was_sent(town: Town) -> None:
    answer = town.call("POST", "/segments", {"key": "mine", "condition": "all:\n  - contact.plan: pro\n  - nothing: 1"})
    assert answer.json["errors"] == [{"path": "all[1].nothing", "reason": "there is no field named nothing", "line": 3}]


def test_segments_name_others_and_never_themselves(town: Town) -> None:
    pros = town.segment("pros", "contact.plan: pro")
    town.segment("vips", "in_segment: pros")
    town.segment("few", "{not: {in_segment: vips}}")
    answer = town.call("PATCH", f"/segments/{pros}", {"condition": "in_segment: few"})
    assert answer.json["errors"][0]["reason"] == "pros would have to be asked before itself"
    gone = town.call("DELETE", f"/segments/{pros}")
    assert (gone.status_code, gone.json["code"], gone.json["detail"]) == (
        409,
        "conflict",
        "These segments name it: vips. Change them first.",
    )


def test_a_key_is_taken_once_and_is_a_plain_word(town: Town) -> None:
    town.segment("vip")
    assert town.call("POST", "/segments", {"key": "vip"}).json["code"] == "conflict"
    assert town.call("POST", "/segments", {"key": "Very Important"}).json["field"] == "key"


def test_a_segment_that_a_rule_names_is_not_deleted(town: Town) -> None:
    vip = town.segment("vip")
    town.rules(ASKS)
    refused = town.call("DELETE", f"/segments/{vip}")
    assert (refused.status_code, refused.json["detail"]) == (
        409,
        "These rules name it: greet-vips. Archive them, or change them first.",
    )
    town.rules(ASKS.replace("when: {in_segment: vip}\n", ""))
    assert town.call("DELETE", f"/segments/{vip}").status_code == 204
    assert town.call("GET", f"/segments/{vip}").status_code == 404


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ("trigger: {segment: {leaves: vip}}\ndo: [{tag: a}]", "trigger.segment.leaves"),
        ("trigger: {event: Asked}\nwhen: {not_in_segment: vip}\ndo: [{tag: a}]", "when.not_in_segment"),
        (
            "trigger: {event: Asked}\nwhen: {any: [{contact.plan: pro}, {not: {in_segment: vip}}]}\ndo: [{tag: a}]",
            "when.any[1].not.in_segment",
        ),
        (
            "trigger: {event: Asked}\nwhen: {at_least: 1, of: [{contact.plan: pro}, {contact.segments: vip}]}\n"
            "do: [{tag: a}]",
            "when.of[1].in_segment",
        ),
        ("trigger: {event: Asked}\ndo: [{tag: a}, {segment: {add: vip}}]", "do[1].segment.add"),
    ],
)
def test_a_rule_may_only_name_segments_that_are_there(town: Town, rule: str, path: str) -> None:
    answer = town.call("POST", "/rules", {"yaml": f"rule: mine\n{rule}\n"})
    assert answer.json["errors"] == [{"path": path, "reason": "there is no segment vip", "line": None, "rule": "mine"}]


def test_a_rule_puts_nobody_into_a_segment_by_condition(town: Town) -> None:
    town.segment("pros", "contact.plan: pro")
    answer = town.call(
        "POST", "/rules", {"yaml": "rule: mine\ntrigger: {event: Asked}\ndo: [{segment: {add: pros}}]\n"}
    )
    assert "by its condition" in answer.json["errors"][0]["reason"]


def test_people_are_put_into_a_segment_by_hand_and_taken_out(town: Town) -> None:
    vip = town.segment("vip")
    town.says("li", name="Li")
    town.says("bo", name="Bo")
    li, bo = town.person("li"), town.person("bo")
    for who in (li, bo, bo):
        assert town.call("POST", f"/segments/{vip}/members", {"person": who}).status_code == 200
    assert town.site.get(f"/segments/{vip}")["size"] == 2
    assert town.call("DELETE", f"/segments/{vip}/members/{li}").status_code == 204
    assert town.members(vip) == {"Bo"}
    town.rules(ASKS)
    town.does("li", "Asked")
    town.does("bo", "Asked")
    assert town.told() == [("tag", "greeted")]
    assert town.site.person(bo)["tags"] == ["greeted"]


def test_members_come_page_by_page(town: Town) -> None:
    hand, asked = town.segment("hand"), town.segment("asked", "contact.plan: pro")
    for number in range(5):
        town.says(f"u{number}", name=f"N{number}", plan="pro" if number % 2 == 0 else "free")
        town.call("POST", f"/segments/{hand}/members", {"person": town.person(f"u{number}")})
    for segment, expected in ((hand, {f"N{n}" for n in range(5)}), (asked, {"N0", "N2", "N4"})):
        found, cursor = [], None
        while True:
            page = town.site.get(f"/segments/{segment}/members", limit=2, **({"cursor": cursor} if cursor else {}))
            found += [one["label"] for one in page["data"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert (set(found), len(found)) == (expected, len(expected))


def test_nobody_is_put_by_hand_where_a_condition_says_who_is_in_it(town: Town) -> None:
    pros = town.segment("pros", "contact.plan: pro")
    town.says("li", name="Li", plan="free")
    refused = town.call("POST", f"/segments/{pros}/members", {"person": town.person("li")})
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")
    changed = town.call("PATCH", f"/segments/{pros}", {"condition": None})
    assert (changed.status_code, changed.json["field"]) == (409, "condition")


def test_another_workspaces_segments_do_not_exist(town: Town, other_workspace: Home) -> None:
    vip = town.segment("vip")
    headers = {"Authorization": f"Bearer {other_workspace.api_key}"}
    for method, path in (
        ("GET", f"/segments/{vip}"),
        ("PATCH", f"/segments/{vip}"),
        ("DELETE", f"/segments/{vip}"),
        ("GET", f"/segments/{vip}/members"),
        ("POST", f"/segments/{vip}/members"),
        ("DELETE", f"/segments/{vip}/members/con_1"),
    ):
        body = {"person": "con_1"} if method == "POST" else {} if method == "PATCH" else None
        assert town.client.open(f"/api/v1{path}", method=method, headers=headers, json=body).status_code == 404
    assert town.client.get("/api/v1/segments", headers=headers).json["data"] == []
    assert town.client.get("/api/v1/segments").status_code == 401
