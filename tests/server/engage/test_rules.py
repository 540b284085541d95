"""Rules as they are kept: refused with path and reason, or saved whole; live at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from frontdesk.accounts.queries import workspace
from frontdesk.core.errors import Conflict, NotFound
from frontdesk.engage.models import RuleVersion
from frontdesk.engage.rules import saving as rules
from frontdesk.engage.rules.live import LiveRules
from frontdesk.engage.rules.refused import RulesRefused
from frontdesk.engage.rules.saving import sources
from tests.server.conftest import Home
from tests.server.engage.rule_texts import HELLO, TO_SALES
from tests.server.engage.shop import Shop
from tests.server.engage.web import Web


def versions(shop: Shop) -> list[tuple[int, str]]:
    query = select(RuleVersion.version, RuleVersion.state).order_by(RuleVersion.rule_id, RuleVersion.version)
    return [(version, state) for version, state in shop.db.read(lambda session: session.execute(query).all())]


def revision(shop: Shop) -> int:
    return shop.db.read(lambda session: workspace(session, shop.workspace_id).rules_revision)


def says(shop: Shop) -> list[str]:
    """What a new visitor is told after a minute on the pricing page."""
    return [found["content"]["text"] for found in shop.visitor().stay("/pricing", 61).deliveries]


REFUSED = (
    ("{assign: {team: nobody}}", "do[0].assign.team", "there is no team nobody"),
    ("{assign: {team: sales, fallback: void}}", "do[0].assign.fallback", "there is no team void"),
    ("{assign: {teammate: x@y.example}}", "do[0].assign.teammate", "nobody here is named x@y.example"),
)


def test_who_does_not_work_here_is_refused_with_path_and_reason(shop: Shop) -> None:
    text = "\n---\n".join(f"rule: r{n}\ntrigger: {{page: /}}\ndo: [{do}]" for n, (do, _, _) in enumerate(REFUSED))
    with pytest.raises(RulesRefused) as refused:
        shop.save(text)
    assert [(found.rule, found.path, found.reason) for found in refused.value.findings] == [
        (f"r{n}", path, reason) for n, (_, path, reason) in enumerate(REFUSED)
    ]


def test_a_text_that_cannot_be_rendered_or_read_is_refused_with_path_and_reason(shop: Shop) -> None:
    with pytest.raises(RulesRefused) as refused:
        shop.save("""
            rule: a
            trigger: {page: /}
            when: {page.colour: red}
            do: [{message: {text: {en: "{{ contact.password }}"}}}]
        """)
    assert [found.path for found in refused.value.findings] == ["when.page.colour", "do[0].message.text.en"]
    assert "there is no field contact.password" in refused.value.findings[1].reason
    assert versions(shop) == []


def test_of_several_rules_all_are_saved_or_none(shop: Shop) -> None:
    with pytest.raises(RulesRefused):
        shop.save(HELLO + "---\nrule: broken\n")
    assert versions(shop) == []
    assert len(shop.save(HELLO + "---" + TO_SALES)) == 2
    assert versions(shop) == [(1, "live"), (1, "live")]


def test_a_new_version_is_live_after_the_save_and_the_old_one_archived(shop: Shop) -> None:
    shop.save(HELLO)
    assert says(shop) == ["Comparing plans, friend?"]
    shop.save(HELLO.replace("Comparing plans", "Choosing"))
    assert says(shop) == ["Choosing, friend?"]
    assert versions(shop) == [(1, "archived"), (2, "live")]


def test_an_unchanged_text_makes_no_new_version(shop: Shop) -> None:
    first = shop.save(HELLO)
    before = revision(shop)
    assert shop.save(HELLO) == first
    assert (versions(shop), revision(shop)) == ([(1, "live")], before)


def test_what_a_person_was_told_by_an_old_version_is_not_told_by_the_new(shop: Shop) -> None:
    shop.save(HELLO)
    visitor = shop.visitor()
    [delivery] = visitor.stay("/pricing", 61).deliveries
    shop.save(HELLO.replace("Comparing plans", "Choosing"))
    assert [found["id"] for found in visitor.stay("/pricing", 62).deliveries] == [delivery["id"]]
    assert shop.held() == ["repeated"]


@pytest.mark.parametrize("state", ["paused", "archived"])
def test_a_rule_that_was_taken_out_does_nothing_until_its_text_is_saved_again(shop: Shop, state: str) -> None:
    [rule_id] = shop.save(HELLO)
    shop.db.write(
        partial(rules.set_state, workspace_id=shop.workspace_id, rule_id=rule_id, state=state, now=shop.clock())
    )
    assert says(shop) == []
    assert shop.visitor().look("/pricing").watch.dwell_ms == ()
    shop.save(HELLO)
    assert says(shop) == ["Comparing plans, friend?"]


def test_a_paused_rule_can_be_resumed_and_an_archived_one_cannot(shop: Shop) -> None:
    [rule_id] = shop.save(HELLO)
    change = partial(rules.set_state, workspace_id=shop.workspace_id, rule_id=rule_id, now=shop.clock())
    for state in ("paused", "live", "archived"):
        shop.db.write(partial(change, state=state))
    with pytest.raises(Conflict):
        shop.db.write(partial(change, state="live"))


def test_a_rule_of_another_workspace_does_not_exist(shop: Shop, other_workspace: Home) -> None:
    [rule_id] = shop.save(HELLO)
    with pytest.raises(NotFound):
        shop.db.write(
            partial(rules.set_state, workspace_id=other_workspace.id, rule_id=rule_id, state="paused", now=shop.clock())
        )


def test_rules_of_one_workspace_say_nothing_in_another(shop: Shop, other_workspace: Home) -> None:
    shop.save(HELLO)
    elsewhere = Shop(shop.db, shop.clock, other_workspace.id, shop.live)
    assert says(elsewhere) == []


def test_what_another_process_saved_is_live_after_the_next_refresh(shop: Shop) -> None:
    ours = LiveRules(shop.db)
    shop.db.read(ours.refresh)
    shop.save(HELLO)
    shop.live = ours
    assert says(shop) == []
    shop.db.read(ours.refresh)
    assert says(shop) == ["Comparing plans, friend?"]


@contextmanager
def statements(shop: Shop) -> Iterator[list[str]]:
    """What SQLite is asked meanwhile, whoever asks it."""
    seen: list[str] = []
    with shop.db.engines.writer.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
    driver.set_trace_callback(seen.append)
    yield seen
    driver.set_trace_callback(None)


ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@ON_SQLITE
def test_deciding_never_asks_the_database_for_rules(shop: Shop) -> None:
    shop.save(HELLO)
    visitor = shop.visitor()
    with statements(shop) as seen:
        visitor.stay("/pricing", 61)
        visitor.look("/")
    assert seen
    assert not [text for text in seen if "FROM rule" in text or text.startswith("SELECT workspace.rules_revision")]


@ON_SQLITE
def test_a_page_that_no_rule_names_costs_two_queries_for_all_requests_of_a_group(shop: Shop) -> None:
    shop.save(HELLO)
    browsers = [shop.visitor() for _ in range(16)]
    with statements(shop) as seen:
        shop.arrive([browser.arrival(browser.event("page", None, "/docs")) for browser in browsers])
    assert len([text for text in seen if text.startswith("SELECT")]) == 2


def test_the_source_of_each_rule_is_kept_with_its_comments() -> None:
    text = "# first\nrule: a\ntrigger: x\n--- # next\n\n# second\nrule: b\nnote: |\n  --- not a mark\n"
    assert sources(text) == [
        "# first\nrule: a\ntrigger: x\n",
        "# second\nrule: b\nnote: |\n  --- not a mark\n",
    ]


def test_the_console_saves_and_reads_rules(web: Web, shop: Shop, workspace: Home, other_workspace: Home) -> None:
    saved = web.server(workspace.api_key, "/rules", {"yaml": TO_SALES, "state": "live"})
    assert saved.status_code == 200, saved.text
    [rule] = saved.json["data"]
    assert rule["name"] == {"en": "Pricing page to sales", "zh": "价格页转销售"}
    assert (rule["key"], rule["state"], rule["version"]) == ("pricing-to-sales", "live", 1)
    assert rule["yaml"] == TO_SALES.strip() + "\n"
    assert set(rule["sentence"]) == {"en", "zh"}
    shop.visitor().open_chat("/pricing", 61_000)
    shop.visitor().open_chat("/pricing", 6_000)
    shown = web.server(workspace.api_key, f"/rules/{rule['id']}").json
    assert shown["counts"] == {"matched": 2, "acted": 1, "held": 1, "deferred": 0}
    assert web.server(workspace.api_key, "/rules").json["data"] == [shown]
    assert web.server(other_workspace.api_key, "/rules").json["data"] == []
    assert web.server(other_workspace.api_key, f"/rules/{rule['id']}").status_code == 404


def test_the_console_is_told_every_finding(web: Web, workspace: Home) -> None:
    text = "rule: a\ntrigger: {page: /}\ndo:\n  - assign: {team: nobody}\n  - assign: {team: none}\n"
    answer = web.server(workspace.api_key, "/rules", {"yaml": text})
    assert (answer.status_code, answer.json["code"], answer.mimetype) == (
        422,
        "rules_refused",
        "application/problem+json",
    )
    assert [(found["path"], found["reason"]) for found in answer.json["errors"]] == [
        ("do[0].assign.team", "there is no team nobody"),
        ("do[1].assign.team", "there is no team none"),
    ]


@pytest.mark.parametrize("path", ["/rules", "/rules/rul_1", "/decisions"])
def test_nobody_reads_rules_without_a_key(web: Web, path: str) -> None:
    assert web.app.test_client().get("/api/v1" + path).status_code == 401
