"""`frontdesk rules apply` and `pull`: a plan first, all or nothing, and back into files without a change."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from frontdesk.core.clock import system_clock
from frontdesk.core.db import Database
from frontdesk.engage.rules import queries, saving
from frontdesk.engage.rules.installation import Installation
from frontdesk.engage.rules.saving import Wanted
from frontdesk.engage.rules.versions import Edit
from tests.server.conftest import Home

Command = Callable[..., Result]

HELLO = """# why we greet
rule: hello
trigger: {dwell: {path: /pricing, seconds: 60}}
do: [tag: greeted]  # so that sales knows
"""
BYE = "rule: bye\ntrigger: {event: Left}\ndo: [tag: gone]\n"
LETTER = "rule: letter\ntrigger: {event: Paid}\ndo: [{email: {subject: {en: Hello}, text: {en: Hi}}}]\n"
STRANGE = "rule: strange\ntrigger: {conversation: started}\ndo:\n  - assign: {team: nobody}\n"


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


def told(answer: Result, code: int = 0) -> Any:
    assert answer.exit_code == code, answer.output
    return json.loads(answer.stdout)


def plan(answer: Result, code: int = 0) -> dict[str, tuple[str, str]]:
    return {one["rule"]: (one["change"], one["after"]) for one in told(answer, code)["plan"]}


def rules(db: Database, home: Home) -> dict[str, tuple[str, int, str]]:
    found = db.read(lambda session: queries.rules(session, home.id))
    return {rule["key"]: (rule["state"], rule["version"], rule["origin"]) for rule in found}


def set_state(db: Database, home: Home, key: str, state: str) -> None:
    found = {rule["key"]: rule["id"] for rule in db.read(lambda session: queries.rules(session, home.id))}
    db.write(lambda session: saving.set_state(session, home.id, found[key], state, system_clock()))


def save(db: Database, home: Home, text: str) -> None:
    edit = Edit(home.id, system_clock())
    db.write(lambda session: saving.put(session, edit, saving.drafts(text)))


def test_the_plan_is_shown_with_what_is_new_changed_unchanged_and_paused(
    apply: Command, db: Database, workspace: Home
) -> None:
    third = BYE.replace("bye", "third")
    apply(hello=HELLO, bye=BYE, third=third)
    set_state(db, workspace, "third", "paused")
    answer = apply(hello=HELLO.replace("60", "90"), new=BYE.replace("bye", "new"))
    assert answer.exit_code == 0, answer.output
    assert answer.output.splitlines() == [
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


def archived_since(command: Command, db: Database, home: Home, folder: Path) -> None:
    """Two rules are pulled, and then one of them is archived."""
    save(db, home, HELLO)
    save(db, home, BYE)
    command("rules", "pull", "--dir", folder)
    set_state(db, home, "bye", "archived")


def test_pull_removes_the_file_of_a_rule_that_was_archived_and_then_to_apply_changes_nothing(
    command: Command, db: Database, workspace: Home, folder: Path
) -> None:
    archived_since(command, db, workspace, folder)
    strange = folder / "mine.yaml"
    strange.write_text(BYE.replace("bye", "mine"))
    answer = command("rules", "pull", "--dir", folder)
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert answer.stdout.splitlines() == [
        f"{folder / 'bye.yaml'} is removed: bye is archived.",
        "1 rule is live or paused; 1 unchanged.",
    ]
    assert sorted(path.name for path in folder.iterdir()) == ["hello.yaml", "mine.yaml"]
    strange.unlink()
    assert plan(command("rules", "apply", folder, "--json", "--unmanage", "--dry-run")) == {
        "hello": ("unchanged", "live")
    }


def test_pull_keeps_a_file_that_was_changed_here_though_its_rule_is_archived(
    command: Command, db: Database, workspace: Home, folder: Path
) -> None:
    archived_since(command, db, workspace, folder)
    file = folder / "bye.yaml"
    file.write_text(BYE.replace("gone", "away"))
    answer = command("rules", "pull", "--dir", folder)
    assert answer.exit_code == 1
    assert "was changed here and is kept, though bye is archived" in answer.stderr
    assert file.exists()
    (_, bye) = told(command("rules", "pull", "--dir", folder, "--json", "--force"))["rules"]
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
    command: Command, db: Database, workspace: Home, folder: Path
) -> None:
    archived_since(command, db, workspace, folder)
    edit, trying = Edit(workspace.id, system_clock()), Wanted("draft")
    tried = BYE.replace("gone", "tried")
    db.write(lambda session: saving.put(session, edit, saving.drafts(tried), trying))
    (folder / "bye.yaml").write_text(tried)
    answer = told(command("rules", "pull", "--dir", folder, "--json"))
    assert [one["rule"] for one in answer["rules"]] == ["hello"]
    (folder / "bye.yaml").write_text(BYE)
    answer = told(command("rules", "pull", "--dir", folder, "--json"))
    assert {one["rule"]: one["outcome"] for one in answer["rules"]} == {"hello": "unchanged", "bye": "removed"}


@pytest.mark.parametrize("text", [BYE, BYE.replace("gone", "away")])
def test_a_rule_that_is_archived_stays_so_until_it_is_revived_and_the_plan_says_it(
    command: Command, db: Database, workspace: Home, folder: Path, text: str
) -> None:
    archived_since(command, db, workspace, folder)
    (folder / "bye.yaml").write_text(text)
    answer = command("rules", "apply", folder, "--unmanage")
    assert answer.exit_code == 0, answer.output
    assert answer.output.splitlines() == [
        "  bye  unchanged, stays archived; --revive brings it back",
        "  hello  unchanged",
        "2 unchanged, 1 still archived",
        "1 rule is live.",
    ]
    assert {key: state for key, (state, _, _) in rules(db, workspace).items()} == {"bye": "archived", "hello": "live"}
    (bye, _) = told(command("rules", "apply", folder, "--unmanage", "--revive", "--json"))["plan"]
    assert (bye["change"], bye["version"], bye["before"], bye["after"]) == ("revived", 1, "archived", "live")
    assert ("-do: [tag: gone]" in bye["diff"]) is (text != BYE)
    assert rules(db, workspace)["bye"][:2] == ("live", 2)


def test_a_rule_that_stays_archived_may_name_who_is_not_here_any_more(
    apply: Command, db: Database, workspace: Home
) -> None:
    apply("--unmanage", strange=STRANGE.replace("nobody", "sales"))
    set_state(db, workspace, "strange", "archived")
    assert plan(apply("--json", hello=HELLO, strange=STRANGE)) == {
        "hello": ("new", "live"),
        "strange": ("unchanged", "archived"),
    }
