"""`frontdesk rules apply`: a plan first, all or nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from frontdesk.core.clock import system_clock
from frontdesk.core.db import Database
from frontdesk.engage.rules import queries, saving
from frontdesk.engage.rules.installation import Installation
from frontdesk.engage.rules.versions import Edit
from tests.server.cli.shelf import BYE, HELLO, LETTER, STRANGE, plan, printed, rules, save, set_state, told
from tests.server.conftest import Home

Command = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    return tmp_path / "rules"


@pytest.fixture
def apply(command: Command, folder: Path, workspace: Home) -> Command:
    """`apply("--dry-run", hello=HELLO)` applies the folder with these files in it."""

    def run(*words: object, **files: str) -> Result:
        for name, text in files.items():
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        return command("rules", "apply", folder, *words)

    return run


def test_the_plan_is_shown_with_what_is_new_changed_unchanged_and_paused(
    apply: Command, db: Database, workspace: Home
) -> None:
    third = BYE.replace("bye", "third")
    apply(hello=HELLO, bye=BYE, third=third)
    set_state(db, workspace, "third", "paused")
    assert printed(apply(hello=HELLO.replace("60", "90"), new=BYE.replace("bye", "new"))) == [
        "~ hello  changed (live 1 → live)",
        "    @@ -1,4 +1,4 @@",
        "     # why we greet",
        "     rule: hello",
        "    -trigger: {dwell: {path: /pricing, seconds: 60}}",
        "    +trigger: {dwell: {path: /pricing, seconds: 90}}",
        "     do: [tag: greeted]  # so that sales knows",
        "+ new  new",
        "  bye  unchanged",
        "  third  unchanged, stays paused",
        "1 new, 1 changed, 2 unchanged, 1 paused",
        "3 rules are live.",
    ]
    assert rules(db, workspace) == {
        "hello": ("live", 2, "git"),
        "bye": ("live", 1, "git"),
        "new": ("live", 1, "git"),
        "third": ("paused", 1, "git"),
    }


def test_a_dry_run_changes_nothing_and_says_by_its_exit_code_if_anything_would(
    apply: Command, db: Database, workspace: Home
) -> None:
    assert plan(apply("--dry-run", "--json", hello=HELLO), code=1) == {"hello": ("new", "live")}
    assert rules(db, workspace) == {}
    assert told(apply("--json"))["applied"] is True
    answer = told(apply("--dry-run", "--json"))
    assert answer["applied"] is False
    assert [one["change"] for one in answer["plan"]] == ["unchanged"]
    assert apply("--dry-run").output == "Nothing would change.\n"


def test_anything_wrong_in_any_file_refuses_the_whole(apply: Command, db: Database, workspace: Home) -> None:
    answer = told(apply("--json", hello=HELLO, strange=STRANGE), code=1)
    (finding,) = answer["findings"]
    assert (Path(finding["file"]).name, finding["line"], finding["path"]) == ("strange.yaml", 4, "do[0].assign.team")
    assert rules(db, workspace) == {}


def test_a_rule_that_was_paused_stays_so_with_a_new_text_until_it_is_resumed(
    apply: Command, db: Database, workspace: Home
) -> None:
    apply(hello=HELLO)
    set_state(db, workspace, "hello", "paused")
    assert plan(apply("--json", hello=HELLO.replace("60", "90"))) == {"hello": ("changed", "paused")}
    assert rules(db, workspace)["hello"][:2] == ("paused", 2)
    assert plan(apply("--json", "--resume")) == {"hello": ("moved", "live")}
    assert rules(db, workspace)["hello"][:2] == ("live", 2)


def test_what_is_applied_is_managed_by_git_until_it_is_given_free(
    apply: Command, db: Database, workspace: Home
) -> None:
    save(db, workspace, HELLO)
    assert plan(apply("--json", hello=HELLO)) == {"hello": ("adopted", "live")}
    assert rules(db, workspace)["hello"] == ("live", 1, "git")
    assert plan(apply("--json", "--unmanage")) == {"hello": ("released", "live")}
    assert rules(db, workspace)["hello"] == ("live", 1, "api")


def test_prune_archives_what_git_manages_and_no_file_has(
    apply: Command, db: Database, workspace: Home, folder: Path
) -> None:
    save(db, workspace, BYE.replace("bye", "ours"))
    apply(hello=HELLO, bye=BYE)
    (folder / "bye.yaml").unlink()
    assert plan(apply("--json", "--prune", "--yes")) == {
        "hello": ("unchanged", "live"),
        "bye": ("archived", "archived"),
    }
    assert {key: state for key, (state, _, _) in rules(db, workspace).items()} == {
        "hello": "live",
        "ours": "live",
        "bye": "archived",
    }


def test_a_letter_that_is_live_already_may_be_applied_where_no_letter_can_be_sent(
    apply: Command, db: Database, workspace: Home
) -> None:
    edit = Edit(workspace.id, system_clock(), at_home=Installation(letters=True))
    db.write(lambda session: saving.put(session, edit, saving.drafts(LETTER)))
    assert plan(apply("--unmanage", "--dry-run", "--json", letter=LETTER)) == {"letter": ("unchanged", "live")}
    assert plan(apply("--json", hello=HELLO)) == {"hello": ("new", "live"), "letter": ("adopted", "live")}
    (finding,) = told(apply("--json", letter=LETTER.replace("Hello", "Hi")), code=1)["findings"]
    assert finding["path"] == "do[0].email"


def test_off_a_terminal_nothing_is_pruned_without_a_yes(
    apply: Command, db: Database, workspace: Home, folder: Path
) -> None:
    apply(hello=HELLO)
    (folder / "hello.yaml").unlink()
    answer = apply("--prune", bye=BYE)
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert "nobody to ask here. Say --yes too" in answer.stderr
    assert rules(db, workspace) == {"hello": ("live", 1, "git")}
    assert plan(apply("--prune", "--dry-run", "--json"), code=1)["hello"] == ("archived", "archived")


def test_rules_may_be_applied_as_shadows_beside_what_is_live(apply: Command, db: Database, workspace: Home) -> None:
    apply(hello=HELLO)
    assert plan(apply("--json", "--state", "shadow", hello=HELLO.replace("60", "90"))) == {
        "hello": ("changed", "shadow")
    }
    (rule,) = db.read(lambda session: queries.rules(session, workspace.id))
    assert rule["versions"] == {"standing": 1, "shadow": 2, "draft": None}


def test_a_rule_that_stays_archived_may_name_who_is_not_here_any_more(
    apply: Command, db: Database, workspace: Home
) -> None:
    apply("--unmanage", strange=STRANGE.replace("nobody", "sales"))
    set_state(db, workspace, "strange", "archived")
    assert plan(apply("--json", hello=HELLO, strange=STRANGE)) == {
        "hello": ("new", "live"),
        "strange": ("unchanged", "archived"),
    }
