"""Versions of a rule and their states: the table row by row, one version in a place, and what git manages."""

from functools import partial
from itertools import product

import pytest
from sqlalchemy import select

from frontdesk.accounts.queries import workspace
from frontdesk.core.errors import NotFound
from frontdesk.engage.models import RuleVersion
from frontdesk.engage.rules import saving
from frontdesk.engage.rules.states import LEADING, MOVES, PLACES, STATES, may_follow
from frontdesk.engage.rules.versions import GIT, Edit, IllegalMove, ManagedByGit
from tests.server.conftest import Home
from tests.server.engage.rule_texts import HELLO
from tests.server.engage.shop import Shop

OTHER = HELLO.replace("Comparing plans", "Choosing")
THIRD = HELLO.replace("Comparing plans", "Pondering")


def put(shop: Shop, text: str, state: str = "live", **more: object) -> saving.Saved:
    keep = bool(more.pop("keep", False))
    edit = Edit(shop.workspace_id, shop.clock(), **more)  # type: ignore[arg-type]  # fields by name
    new = saving.drafts(text)
    (saved,) = shop.db.write(lambda session: saving.put(session, edit, new, saving.Wanted(state, keep=keep)))
    return saved


def move(shop: Shop, number: int, state: str, workspace_id: str | None = None) -> None:
    (rule_id,) = shop.db.read(lambda session: set(session.scalars(select(RuleVersion.rule_id))))
    edit = Edit(workspace_id or shop.workspace_id, shop.clock())
    shop.db.write(partial(saving.set_version, edit=edit, rule_id=rule_id, number=number, state=state))


def states(shop: Shop) -> dict[int, str]:
    query = select(RuleVersion.version, RuleVersion.state).order_by(RuleVersion.version)
    return dict(shop.db.read(lambda session: [tuple(row) for row in session.execute(query)]))


def revision(shop: Shop) -> int:
    return shop.db.read(lambda session: workspace(session, shop.workspace_id).rules_revision)


WAYS = {
    "draft": ("draft",),
    "shadow": ("shadow",),
    "live": ("live",),
    "paused": ("live", "paused"),
    "archived": ("live", "archived"),
}


@pytest.mark.parametrize(("state", "following"), [pair for pair in product(STATES, STATES) if pair[0] != pair[1]])
def test_a_version_goes_where_the_table_says_and_nowhere_else(shop: Shop, state: str, following: str) -> None:
    first, *rest = WAYS[state]
    put(shop, HELLO, first)
    for step in rest:
        move(shop, 1, step)
    if following in MOVES[state]:
        move(shop, 1, following)
        assert states(shop) == {1: following}
    else:
        with pytest.raises(IllegalMove, match=f"is {state} cannot become {following}"):
            move(shop, 1, following)
        assert states(shop) == {1: state}


def test_every_state_leads_to_the_archive_and_only_archived_ones_take_no_place() -> None:
    assert all(may_follow(state, "archived") for state in STATES if state != "archived")
    assert set(PLACES) == set(STATES) - {"archived"}
    assert set(PLACES.values()) == set(LEADING)


@pytest.mark.parametrize("state", PLACES)
def test_who_comes_to_a_place_archives_who_was_there(shop: Shop, state: str) -> None:
    first, *rest = WAYS[state]
    put(shop, HELLO, first)
    for step in rest:
        move(shop, 1, step)
    put(shop, OTHER, first)
    assert states(shop) == {1: "archived", 2: first}


def test_a_draft_and_a_shadow_stand_beside_the_live_version(shop: Shop) -> None:
    put(shop, HELLO)
    put(shop, OTHER, "shadow")
    put(shop, THIRD, "draft")
    assert states(shop) == {1: "live", 2: "shadow", 3: "draft"}


def test_a_shadow_that_is_promoted_archives_the_live_version(shop: Shop) -> None:
    put(shop, HELLO)
    put(shop, OTHER, "shadow")
    move(shop, 2, "live")
    assert states(shop) == {1: "archived", 2: "live"}


def test_what_a_version_says_already_makes_no_new_one_and_goes_where_it_is_wanted(shop: Shop) -> None:
    assert put(shop, HELLO, "draft").version == 1
    assert put(shop, HELLO, "shadow").version == 1
    assert put(shop, HELLO).version == 1
    before = revision(shop)
    assert put(shop, HELLO, "draft") == saving.Saved(put(shop, HELLO).rule_id, 1, "live", changed=False)
    assert (states(shop), revision(shop)) == ({1: "live"}, before)


def test_comments_may_change_and_what_is_said_may_not(shop: Shop) -> None:
    put(shop, HELLO)
    before = revision(shop)
    put(shop, "# why we say hello\n" + HELLO.lstrip())
    text = shop.db.read(lambda session: session.scalars(select(RuleVersion.source)).all())
    assert [one.splitlines()[0] for one in text] == ["# why we say hello"]
    assert (states(shop), revision(shop)) == ({1: "live"}, before)


def test_drafts_move_no_revision_and_what_runs_does(shop: Shop) -> None:
    before = revision(shop)
    put(shop, HELLO, "draft")
    move(shop, 1, "archived")
    assert revision(shop) == before
    put(shop, OTHER, "shadow")
    assert revision(shop) == before + 1
    move(shop, 2, "live")
    move(shop, 2, "paused")
    move(shop, 2, "archived")
    assert revision(shop) == before + 4


def test_a_version_of_another_workspace_does_not_exist(shop: Shop, other_workspace: Home) -> None:
    put(shop, HELLO)
    with pytest.raises(NotFound):
        move(shop, 1, "paused", other_workspace.id)
    with pytest.raises(NotFound):
        move(shop, 2, "paused")


def test_what_git_manages_is_only_paused_and_resumed_here(shop: Shop) -> None:
    put(shop, HELLO, origin=GIT, over_git=True)
    with pytest.raises(ManagedByGit) as refused:
        put(shop, OTHER)
    assert refused.value.field == "pricing-hello"
    for state in ("archived", "draft", "shadow"):
        with pytest.raises(ManagedByGit):
            move(shop, 1, state)
    move(shop, 1, "paused")
    move(shop, 1, "live")
    assert states(shop) == {1: "live"}


def test_what_git_manages_is_free_once_it_is_released_or_archived(shop: Shop) -> None:
    put(shop, HELLO, origin=GIT, over_git=True)
    put(shop, HELLO, over_git=True)
    put(shop, OTHER)
    put(shop, THIRD, origin=GIT, over_git=True)
    rule_id = put(shop, THIRD, origin=GIT, over_git=True).rule_id
    edit = Edit(shop.workspace_id, shop.clock(), over_git=True)
    shop.db.write(partial(saving.set_version, edit=edit, rule_id=rule_id, number=3, state="archived"))
    assert put(shop, HELLO).version == 4


def test_applied_again_a_paused_rule_stays_paused_and_takes_its_new_text(shop: Shop) -> None:
    put(shop, HELLO)
    move(shop, 1, "paused")
    assert put(shop, HELLO, keep=True).state == "paused"
    assert put(shop, OTHER, keep=True).state == "paused"
    assert states(shop) == {1: "archived", 2: "paused"}
    assert put(shop, OTHER).state == "live"
