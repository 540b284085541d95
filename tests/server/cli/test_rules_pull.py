"""`frontdesk rules pull`: a folder says what is live, and to apply it changes nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from frontdesk.core.clock import system_clock
from frontdesk.core.db import Database
from frontdesk.engage.rules import saving
from frontdesk.engage.rules.saving import Wanted
from frontdesk.engage.rules.versions import Edit
from tests.server.cli.shelf import BYE, HELLO, plan, printed, rules, save, set_state, told
from tests.server.conftest import Home

Command = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    return tmp_path / "rules"


def test_what_is_pulled_is_canonical_with_comments_and_applying_it_changes_nothing(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    save(db, workspace, HELLO.replace("{path: /pricing, seconds: 60}", "{seconds: 60, path: /pricing}"))
    save(db, workspace, BYE)
    set_state(db, workspace, "bye", "paused")
    folder = tmp_path / "pulled"
    answer = told(command("rules", "pull", "--dir", folder, "--json"))
    assert [(one["rule"], one["outcome"]) for one in answer["rules"]] == [("bye", "written"), ("hello", "written")]
    assert (folder / "hello.yaml").read_text() == HELLO
    assert plan(command("rules", "apply", folder, "--json", "--unmanage")) == {
        "bye": ("unchanged", "paused"),
        "hello": ("unchanged", "live"),
    }
    again = told(command("rules", "pull", "--dir", folder, "--json"))
    assert {one["outcome"] for one in again["rules"]} == {"unchanged"}


def test_pull_never_writes_over_what_was_changed_here_unless_it_is_told_to(
    command: Command, db: Database, workspace: Home, folder: Path
) -> None:
    save(db, workspace, HELLO)
    changed = HELLO.replace("60", "75")
    (folder / "hello.yaml").write_text(changed)
    answer = command("rules", "pull", "--dir", folder)
    assert answer.exit_code == 1
    assert "was changed here and is kept" in answer.stderr
    assert (folder / "hello.yaml").read_text() == changed
    assert told(command("rules", "pull", "--dir", folder, "--force", "--json"))["rules"][0]["outcome"] == "written"
    assert (folder / "hello.yaml").read_text() == HELLO


def test_pull_writes_over_what_an_older_version_said(
    command: Command, db: Database, workspace: Home, folder: Path
) -> None:
    save(db, workspace, HELLO)
    command("rules", "pull", "--dir", folder)
    save(db, workspace, HELLO.replace("60", "90"))
    assert told(command("rules", "pull", "--dir", folder, "--json"))["rules"][0]["outcome"] == "written"
    assert "seconds: 90" in (folder / "hello.yaml").read_text()


@pytest.mark.parametrize("words", [(), ("--force",)])
def test_pull_leaves_a_rule_in_the_file_that_it_shares_with_others(
    command: Command, db: Database, workspace: Home, folder: Path, words: tuple[str, ...]
) -> None:
    both = folder / "both.yaml"
    both.write_text(HELLO + "---\n" + BYE)
    save(db, workspace, HELLO)
    save(db, workspace, BYE.replace("gone", "away"))
    answer = told(command("rules", "pull", "--dir", folder, "--json", *words), code=1)
    assert {one["rule"]: one["outcome"] for one in answer["rules"]} == {"hello": "unchanged", "bye": "kept"}
    assert [path.name for path in folder.iterdir()] == ["both.yaml"]


@pytest.fixture
def pulled(command: Command, db: Database, workspace: Home, folder: Path) -> Path:
    """A folder into which two rules were pulled, of which one is archived since."""
    save(db, workspace, HELLO)
    save(db, workspace, BYE)
    command("rules", "pull", "--dir", folder)
    set_state(db, workspace, "bye", "archived")
    return folder


def test_pull_removes_the_file_of_a_rule_that_was_archived_and_then_to_apply_changes_nothing(
    command: Command, pulled: Path
) -> None:
    strange = pulled / "mine.yaml"
    strange.write_text(BYE.replace("bye", "mine"))
    answer = command("rules", "pull", "--dir", pulled)
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert answer.stdout.splitlines() == [
        f"{pulled / 'bye.yaml'} is removed: bye is archived.",
        "1 rule is live or paused; 1 unchanged.",
    ]
    assert sorted(path.name for path in pulled.iterdir()) == ["hello.yaml", "mine.yaml"]
    strange.unlink()
    assert plan(command("rules", "apply", pulled, "--json", "--unmanage", "--dry-run")) == {
        "hello": ("unchanged", "live")
    }


def test_pull_keeps_a_file_that_was_changed_here_though_its_rule_is_archived(command: Command, pulled: Path) -> None:
    file = pulled / "bye.yaml"
    file.write_text(BYE.replace("gone", "away"))
    answer = command("rules", "pull", "--dir", pulled)
    assert answer.exit_code == 1
    assert "was changed here and is kept, though bye is archived" in answer.stderr
    assert file.exists()
    (_, bye) = told(command("rules", "pull", "--dir", pulled, "--json", "--force"))["rules"]
    assert bye == {"rule": "bye", "state": "archived", "file": str(file), "outcome": "removed"}
    assert not file.exists()


@pytest.mark.parametrize("words", [(), ("--force",)])
def test_a_rule_that_is_archived_costs_no_other_one_its_file(
    command: Command, db: Database, workspace: Home, folder: Path, words: tuple[str, ...]
) -> None:
    both = folder / "both.yaml"
    both.write_text(HELLO + "---\n" + BYE)
    command("rules", "apply", folder, "--unmanage")
    set_state(db, workspace, "bye", "archived")
    answer = told(command("rules", "pull", "--dir", folder, "--json", *words), code=1)
    assert {one["rule"]: (one["state"], one["outcome"]) for one in answer["rules"]} == {
        "hello": ("live", "unchanged"),
        "bye": ("archived", "kept"),
    }
    assert both.read_text() == HELLO + "---\n" + BYE
    set_state(db, workspace, "hello", "archived")
    answer = told(command("rules", "pull", "--dir", folder, "--json"))
    assert {one["rule"]: one["outcome"] for one in answer["rules"]} == {"hello": "removed", "bye": "removed"}
    assert not both.exists()


def test_pull_leaves_the_file_of_a_draft_alone_unless_it_says_what_was_live_before(
    command: Command, db: Database, workspace: Home, pulled: Path
) -> None:
    edit, trying = Edit(workspace.id, system_clock()), Wanted("draft")
    tried = BYE.replace("gone", "tried")
    db.write(lambda session: saving.put(session, edit, saving.drafts(tried), trying))
    (pulled / "bye.yaml").write_text(tried)
    answer = told(command("rules", "pull", "--dir", pulled, "--json"))
    assert [one["rule"] for one in answer["rules"]] == ["hello"]
    (pulled / "bye.yaml").write_text(BYE)
    answer = told(command("rules", "pull", "--dir", pulled, "--json"))
    assert {one["rule"]: one["outcome"] for one in answer["rules"]} == {"hello": "unchanged", "bye": "removed"}


@pytest.mark.parametrize("text", [BYE, BYE.replace("gone", "away")])
def test_a_rule_that_is_archived_stays_so_until_it_is_revived_and_the_plan_says_it(
    command: Command, db: Database, workspace: Home, pulled: Path, text: str
) -> None:
    (pulled / "bye.yaml").write_text(text)
    assert printed(command("rules", "apply", pulled, "--unmanage")) == [
        "  bye  unchanged, stays archived; --revive brings it back",
        "  hello  unchanged",
        "2 unchanged, 1 still archived",
        "1 rule is live.",
    ]
    assert {key: state for key, (state, _, _) in rules(db, workspace).items()} == {"bye": "archived", "hello": "live"}
    (bye, _) = told(command("rules", "apply", pulled, "--unmanage", "--revive", "--json"))["plan"]
    assert (bye["change"], bye["version"], bye["before"], bye["after"]) == ("revived", 1, "archived", "live")
    assert ("-do: [tag: gone]" in bye["diff"]) is (text != BYE)
    assert rules(db, workspace)["bye"][:2] == ("live", 2)
