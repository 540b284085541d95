"""Caps and quiet hours of a workspace: the default ones until somebody chooses others, and rules heed them at once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from frontdesk.accounts.models import Workspace
from frontdesk.app import compose
from frontdesk.core.runtime import Runtime
from frontdesk_rules import DEFAULT_POLICY
from tests.server.conftest import Home
from tests.server.engage.rules.author import Author
from tests.server.engage.shop import Shop

OFFER = """
rule: offer
trigger: {page: /offers}
do: [{message: {class: marketing, text: {en: An offer, zh: 优惠}}}]
repeat: {every: 1s}
"""
NONE = {"caps": [], "quiet": None}
NIGHT = timedelta(hours=13)  # from the morning at which the clock stands


def test_a_new_workspace_has_the_default_gates(author: Author) -> None:
    assert author.get("/workspace/gates") == {**DEFAULT_POLICY.to_tree(), "chosen": False}


def test_nobody_is_offered_anything_at_night_unless_the_workspace_says_so(author: Author, shop: Shop) -> None:
    shop.save(OFFER)
    shop.clock.advance(NIGHT)
    shop.visitor().look("/offers")
    assert shop.decisions()[0].outcome == "deferred"
    assert author.ask("PUT", "/workspace/gates", NONE).json == {"caps": [], "quiet": None, "chosen": True}
    shop.clock.advance(timedelta(seconds=1))
    shop.visitor().look("/offers")
    assert shop.decisions()[-1].outcome == "acted"


def test_gates_are_chosen_in_the_rule_language_and_read_back(author: Author) -> None:
    chosen = {
        "caps": [{"per": "session", "limit": 1, "window": "1h"}],
        "quiet": {"allow": ["Mon-Fri 09:00-18:00", "Sat 10:00-14:00"], "zone": "Europe/Berlin", "otherwise": "hold"},
    }
    told = author.ask("PUT", "/workspace/gates", chosen).json
    assert told == {**chosen, "chosen": True}
    assert author.get("/workspace/gates") == told


def test_who_chooses_the_default_ones_goes_with_them(author: Author, shop: Shop) -> None:
    assert author.ask("PUT", "/workspace/gates", NONE).json["chosen"]
    assert not author.ask("PUT", "/workspace/gates", DEFAULT_POLICY.to_tree()).json["chosen"]
    assert shop.db.read(lambda session: session.scalars(select(Workspace.gates)).all()) == [None]


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "caps"), ({"quiet": None}, "caps"), ({"caps": []}, "quiet"), ({**NONE, "caps": None}, "caps")],
)
def test_gates_are_never_removed_by_leaving_them_out(
    runtime: Runtime, workspace: Home, body: dict[str, Any], field: str
) -> None:
    author = Author(compose(runtime).app, workspace.api_key)
    declined = author.refused("PUT", "/workspace/gates", **body)
    assert (declined["status"], declined["field"]) == (422, field)
    assert author.get("/workspace/gates") == {**DEFAULT_POLICY.to_tree(), "chosen": False}


def test_what_are_no_gates_is_refused_with_field_and_path_and_changes_nothing(author: Author) -> None:
    wrong = {"caps": [{"limit": 0, "window": "1d"}], "quiet": {"allow": "9 to 5"}}
    declined = author.refused("PUT", "/workspace/gates", **wrong)
    assert (declined["status"], declined["code"], declined["field"]) == (422, "gates_refused", "caps[0].limit")
    assert [one["path"] for one in declined["errors"]] == ["caps[0].limit", "quiet.allow"]
    assert author.get("/workspace/gates")["chosen"] is False
