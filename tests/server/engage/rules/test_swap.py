"""Rules are swapped whole, on every process that serves the database: here two servers, and a command beside them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from frontdesk.app import House, compose
from frontdesk.cli import main
from frontdesk.core.db import open_database
from frontdesk.core.runtime import Runtime
from frontdesk.core.signals import Bus
from frontdesk.engage.rules import gates, saving
from frontdesk.engage.rules.live import LiveRules
from frontdesk_rules import CompiledRule
from frontdesk_rules.language.gates import Cap
from tests.server.conftest import Home
from tests.server.engage.rule_texts import HELLO, TO_SALES
from tests.server.engage.shop import Shop

OTHER = HELLO.replace("Comparing plans", "Choosing")


@pytest.fixture
def houses(runtime: Runtime, database_url: str, workspace: Home) -> Iterator[list[House]]:
    """Two processes, as far as a database can tell."""
    other = open_database(database_url, bus := Bus())
    yield [compose(runtime), compose(replace(runtime, db=other, bus=bus))]
    other.close()


def tick(house: House) -> None:
    """What its ticker does each second."""
    (job,) = [job for job in house.jobs if job.name == "rules"]
    assert job.every.total_seconds() == 1
    job.run()


def watched(house: House, home: Home) -> list[int]:
    """After how much visible time the server wants to hear of a visitor on the pricing page."""
    page = {"type": "page", "anonymousId": "swap", "context": {"page": {"url": "https://shop.example/pricing"}}}
    said = {"writeKey": home.site_key, "batch": [page]}
    answer = house.app.test_client().post("/v1/batch", json=said).json
    found: list[int] = answer["watch"]["dwell_ms"]
    return found


def save(house: House, home: Home, text: str, state: str = "live") -> Any:
    headers = {"Authorization": f"Bearer {home.api_key}"}
    body = {"yaml": text, "state": state}
    return house.app.test_client().post("/api/v1/rules", json=body, headers=headers).json["data"][0]


def test_what_one_process_saves_is_live_there_at_once_and_in_the_other_with_its_next_tick(
    houses: list[House], workspace: Home
) -> None:
    here, there = houses
    assert watched(here, workspace) == watched(there, workspace) == []
    save(here, workspace, HELLO)
    assert watched(here, workspace) == [60_000]
    tick(there)
    assert watched(there, workspace) == [60_000]
    save(there, workspace, HELLO.replace("60", "90"))
    tick(here)
    assert watched(here, workspace) == watched(there, workspace) == [90_000]


def test_what_a_command_applies_beside_them_is_live_in_both(
    houses: list[House],
    workspace: Home,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FRONTDESK_DATABASE_URL", database_url)
    file = tmp_path / "hello.yaml"
    file.write_text(HELLO, encoding="utf-8")
    for house in houses:
        assert watched(house, workspace) == []
    answer = CliRunner().invoke(main, ["rules", "apply", str(file), "--yes", "--data", str(tmp_path)])
    assert answer.exit_code == 0, answer.output
    for house in houses:
        tick(house)
        assert watched(house, workspace) == [60_000]


def test_a_draft_is_watched_by_nobody_and_a_paused_rule_no_more(houses: list[House], workspace: Home) -> None:
    here, _ = houses
    rule = save(here, workspace, HELLO, "draft")
    assert watched(here, workspace) == []
    headers = {"Authorization": f"Bearer {workspace.api_key}"}
    for state, dwell_ms in (("shadow", [60_000]), ("live", [60_000]), ("paused", []), ("archived", [])):
        path = f"/api/v1/rules/{rule['id']}/versions/1/state"
        here.app.test_client().post(path, json={"state": state}, headers=headers)
        assert watched(here, workspace) == dwell_ms, state


def compiled(shop: Shop) -> dict[str, CompiledRule]:
    found = shop.db.read(lambda session: shop.live.get(session, shop.workspace_id))
    return {rule.live.rule.key: rule for rule in found.rules}


def test_a_set_takes_over_what_did_not_change_from_the_one_before_compiled_as_it_is(shop: Shop) -> None:
    shop.save(HELLO + "---" + TO_SALES)
    before = compiled(shop)
    shop.save(OTHER)
    after = compiled(shop)
    assert after["pricing-to-sales"] is before["pricing-to-sales"]
    assert after["pricing-hello"].live.rule is not before["pricing-hello"].live.rule
    assert (before["pricing-hello"].live.version, after["pricing-hello"].live.version) == (1, 2)


def test_other_gates_of_the_workspace_hold_for_rules_that_did_not_change(shop: Shop) -> None:
    shop.save(HELLO)
    before = compiled(shop)["pricing-hello"]
    shop.db.write(lambda session: gates.choose(session, shop.workspace_id, {"caps": [{"limit": 1, "window": "1h"}]}))
    after = compiled(shop)["pricing-hello"]
    assert (after.caps, after.quiet) == ((Cap(1, "1h"),), None)
    assert after.test is before.test


def test_what_was_loaded_in_a_transaction_that_was_undone_is_loaded_again(shop: Shop) -> None:
    ours = LiveRules(shop.db)

    def undone(job: Callable[..., Any]) -> None:
        with pytest.raises(ZeroDivisionError):
            shop.db.write(job)

    def save_and_look(session: Any) -> None:
        saving.save(session, shop.workspace_id, HELLO, shop.clock())
        assert len(ours.get(session, shop.workspace_id).rules) == 1
        raise ZeroDivisionError

    undone(save_and_look)
    shop.db.read(ours.refresh)
    assert shop.db.read(lambda session: ours.get(session, shop.workspace_id)).rules == ()
