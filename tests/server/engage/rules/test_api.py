"""Rules and their versions over REST."""

import pytest

from frontdesk.engage.rules import saving
from frontdesk.engage.rules.versions import GIT, Edit
from tests.server.conftest import Home
from tests.server.engage.rule_texts import HELLO, TO_SALES
from tests.server.engage.rules.author import Author
from tests.server.engage.shop import Shop

OTHER = HELLO.replace("Comparing plans", "Choosing")
BARE = "rule: a\ntrigger: page\ndo: [tag: x]\n"
WITH_TESTS = """rule: tagged
trigger: {page: /pricing}
do: [tag: looked]
tests:
  - {name: tags there, given: [{at: 0s, page: /pricing}], expect: [{at: 0s, tag: looked}]}
  - {name: tags everywhere, given: [{at: 0s, page: /docs}], expect: [{at: 0s, tag: looked}]}
"""


def managed(shop: Shop, text: str) -> None:
    edit = Edit(shop.workspace_id, shop.clock(), origin=GIT, over_git=True)
    shop.db.write(lambda session: saving.put(session, edit, saving.drafts(text)))


def test_a_rule_is_drafted_tried_in_shadow_and_set_live(author: Author) -> None:
    rule = author.save(HELLO, "draft")
    assert (rule["state"], rule["version"], rule["origin"]) == ("draft", 1, "api")
    for state in ("shadow", "live", "paused", "live", "archived"):
        assert author.state(rule, 1, state)["state"] == state
    assert author.get(f"/rules/{rule['id']}")["versions"] == {"draft": None, "shadow": None, "standing": None}


def test_a_rule_and_its_versions_are_found_by_its_key_as_by_its_id(author: Author) -> None:
    rule = author.save(HELLO, "draft")
    for below in ("", "/versions", "/versions/1"):
        assert author.get(f"/rules/{rule['key']}{below}") == author.get(f"/rules/{rule['id']}{below}")
    author.state({"id": rule["key"]}, 1, "live")
    assert author.get(f"/rules/{rule['key']}")["state"] == "live"


def test_a_rule_is_shown_by_the_version_that_stands(author: Author) -> None:
    author.save(HELLO)
    rule = author.save(OTHER, "draft")
    assert (rule["state"], rule["version"]) == ("live", 1)
    assert rule["versions"] == {"draft": 2, "shadow": None, "standing": 1}
    assert "Choosing" not in rule["yaml"]


def test_the_list_by_state_shows_the_versions_in_it(author: Author) -> None:
    author.save(HELLO)
    author.save(OTHER, "draft")
    gone = author.save(TO_SALES)
    author.state(gone, 1, "archived")
    shown = {
        state: [(rule["key"], rule["version"]) for rule in author.get(f"/rules?state={state}")["data"]]
        for state in ("draft", "shadow", "live", "paused", "archived")
    }
    assert shown == {
        "draft": [("pricing-hello", 2)],
        "shadow": [],
        "live": [("pricing-hello", 1)],
        "paused": [],
        "archived": [("pricing-to-sales", 1)],
    }
    assert [rule["key"] for rule in author.get("/rules")["data"]] == ["pricing-to-sales", "pricing-hello"]
    assert author.refused("GET", "/rules?state=asleep")


def test_a_rule_is_a_draft_unless_somebody_says_otherwise(author: Author) -> None:
    (rule,) = author.post("/rules", yaml=HELLO)["data"]
    assert (rule["state"], rule["versions"]) == ("draft", {"draft": 1, "shadow": None, "standing": None})
    (planned,) = author.post("/rules/plan", yaml=TO_SALES)["data"]
    assert planned["after"] == "draft"


def listed(author: Author, query: str) -> list[list[str]]:
    """The keys of each page."""
    pages, cursor = [], ""
    while True:
        page = author.get(f"/rules?{query}{cursor}")
        pages.append([rule["key"] for rule in page["data"]])
        if page["next_cursor"] is None:
            return pages
        cursor = f"&cursor={page['next_cursor']}"


def test_rules_come_in_pages_newest_first(author: Author) -> None:
    for n in range(5):
        author.save(HELLO.replace("pricing-hello", f"rule-{n}"), "live" if n % 2 else "draft")
    assert listed(author, "limit=2") == [["rule-4", "rule-3"], ["rule-2", "rule-1"], ["rule-0"]]
    assert listed(author, "limit=5") == [[f"rule-{n}" for n in (4, 3, 2, 1, 0)]]
    assert listed(author, "limit=1&state=live") == [["rule-3"], ["rule-1"]]
    assert listed(author, "limit=2&state=archived") == [[]]
    author.state(author.get("/rules?state=live")["data"][0], 1, "archived")
    assert listed(author, "limit=1&state=archived") == [["rule-3"]]
    assert author.ask("GET", "/rules?limit=201").status_code == 422
    assert author.refused("GET", "/rules?cursor=nothing")["field"] == "cursor"


def test_every_version_can_be_read_and_says_what_it_said(author: Author) -> None:
    rule = author.save(HELLO)
    author.save(OTHER)
    first, second = (author.get(f"/rules/{rule['id']}/versions/{number}") for number in (1, 2))
    assert ("Comparing" in first["yaml"], "Choosing" in second["yaml"]) == (True, True)
    assert (first["state"], second["state"]) == ("archived", "live")
    assert author.get(f"/rules/{rule['id']}/versions")["data"] == [second, first]
    assert author.refused("GET", f"/rules/{rule['id']}/versions/3")["code"] == "not_found"
    assert author.refused("GET", "/rules/rul_1/versions")["code"] == "not_found"


def test_a_move_that_is_none_is_told_with_its_field(author: Author) -> None:
    rule = author.save(HELLO)
    declined = author.refused("POST", f"/rules/{rule['id']}/versions/1/state", state="draft")
    assert (declined["status"], declined["code"], declined["field"]) == (409, "illegal_move", "state")
    assert declined["detail"] == "A version that is live cannot become draft."
    assert author.refused("POST", f"/rules/{rule['id']}/versions/1/state", state="asleep")


def test_what_git_manages_may_be_paused_and_resumed_and_nothing_else(author: Author, shop: Shop) -> None:
    managed(shop, HELLO)
    (rule,) = author.get("/rules")["data"]
    assert rule["origin"] == "git"
    declined = author.refused("POST", "/rules", yaml=OTHER)
    assert (declined["status"], declined["code"], declined["field"]) == (409, "managed_by_git", "pricing-hello")
    assert author.refused("POST", "/rules/plan", yaml=OTHER)["code"] == "managed_by_git"
    path = f"/rules/{rule['id']}/versions/1/state"
    assert author.refused("POST", path, state="archived")["code"] == "managed_by_git"
    assert author.state(rule, 1, "paused")["state"] == "paused"
    assert author.state(rule, 1, "live")["state"] == "live"


def test_a_plan_says_what_would_be_new_changed_and_left_and_changes_nothing(author: Author) -> None:
    author.save(HELLO)
    author.save(OTHER, "draft")
    before = author.get("/rules")
    third = HELLO.replace("Comparing plans", "Pondering")
    plans = {
        "new": TO_SALES,
        "unchanged": "# with a comment\n" + HELLO.lstrip(),
        "moved": OTHER,
        "changed": third,
    }
    for change, text in plans.items():
        (planned,) = author.post("/rules/plan", yaml=text, state="live")["data"]
        assert planned["change"] == change
        assert planned["after"] == "live"
        assert bool(planned["diff"]) == (change != "unchanged")
    (changed,) = author.post("/rules/plan", yaml=third, state="live")["data"]
    assert (changed["version"], changed["before"]) == (1, "live")
    marked = [line for line in changed["diff"].splitlines() if line[0] in "+-"]
    assert [("-", "Comparing" in marked[0]), ("+", "Pondering" in marked[1])] == [(line[0], True) for line in marked]
    assert author.get("/rules") == before


def test_a_plan_comes_with_remarks_and_cost(author: Author) -> None:
    planned = author.post("/rules/plan", yaml=BARE)
    assert [(one["code"], one["line"]) for one in planned["remarks"]] == [("bare_trigger", 2)]
    assert [one["rule"] for one in planned["costs"]] == ["a"]


def test_lint_tells_findings_and_remarks_alike(author: Author) -> None:
    assert [one["code"] for one in author.post("/rules/lint", yaml=BARE)["remarks"]] == ["bare_trigger"]
    stranger = BARE.replace("tag: x", "assign: {team: nobody}")
    told = author.post("/rules/lint", yaml=stranger)
    assert [(one["path"], one["reason"]) for one in told["findings"]] == [
        ("do[0].assign.team", "there is no team nobody")
    ]
    unread = author.post("/rules/lint", yaml="rule: a\nwhen: {page.colour: red}\n")
    assert {one["path"] for one in unread["findings"]} >= {"when.page.colour"}
    assert unread["remarks"] == unread["costs"] == []


@pytest.mark.parametrize("path", ["/rules/lint", "/rules/plan"])
def test_what_people_read_is_wanted_in_the_language_of_the_workspace(author: Author, path: str) -> None:
    said = "rule: a\ntrigger: {event: Paid}\ndo: [{message: {text: {%s: 好}}}]\n"
    (missing,) = author.post(path, yaml=said % "zh")["remarks"]
    assert (missing["code"], missing["path"]) == ("not_said", "do[0].message.text")
    assert author.post(path, yaml=said % "en")["remarks"] == []


def test_tests_of_a_text_run_and_say_what_happened(author: Author) -> None:
    told = author.post("/rules/test", yaml=WITH_TESTS)
    assert told["passed"] is False
    assert [(one["name"], one["passed"], one["actual"]) for one in told["data"]] == [
        ("tags there", True, [{"at": "0s", "tag": "looked"}]),
        ("tags everywhere", False, []),
    ]


def test_a_text_is_written_in_canonical_form(author: Author) -> None:
    once = author.post("/rules/fmt", yaml=BARE + "# why\n")
    assert once["changed"]
    assert "trigger: {page: {}}" in once["yaml"]
    assert "# why" in once["yaml"]
    assert author.post("/rules/fmt", yaml=once["yaml"]) == {"yaml": once["yaml"], "changed": False}


@pytest.mark.parametrize("path", ["/rules", "/rules/plan", "/rules/test", "/rules/fmt"])
def test_a_text_that_cannot_be_read_is_refused_with_path_reason_and_line(author: Author, path: str) -> None:
    declined = author.refused("POST", path, yaml="rule: a\ntrigger: {page: /}\ndo:\n  - dance: {}\n")
    assert (declined["status"], declined["code"]) == (422, "rules_refused")
    assert [(one["rule"], one["line"], one["path"]) for one in declined["errors"]] == [("a", 4, "do[0].dance")]


def test_the_schema_and_the_fields_are_there_for_editors(author: Author) -> None:
    assert author.get("/rules/schema")["title"] == "A Frontdesk rule"
    fields = {one["name"]: one for one in author.get("/rules/fields")["data"]}
    plan = fields["page.path"]
    assert (plan["type"], plan["label"]["zh"], plan["source"], plan["personal"]) == ("path", "页面", "moment", False)
    assert "path_glob" in plan["operators"]
    assert fields["contact.email"]["personal"]
    families = author.get("/rules/fields")["open_families"]
    assert {one["family"] for one in families} == {"event", "contact", "company"}


def test_another_workspace_s_versions_do_not_exist(author: Author, other_workspace: Home) -> None:
    rule = author.save(HELLO)
    stranger = Author(author.app, other_workspace.api_key)
    for path in ("", "/versions", "/versions/1"):
        assert stranger.refused("GET", f"/rules/{rule['id']}{path}")["code"] == "not_found"
    assert stranger.refused("POST", f"/rules/{rule['id']}/versions/1/state", state="paused")["code"] == "not_found"
    assert author.get(f"/rules/{rule['id']}")["state"] == "live"
