"""`frontdesk key`: an API key for a new installation, from the shell."""

import json
from collections.abc import Callable
from functools import partial

import pytest

from frontdesk.accounts.queries import sender
from frontdesk.core.db import Database
from tests.server.cli.conftest import Command
from tests.server.conftest import Home

Opens = Callable[[str], bool]


@pytest.fixture
def opens(db: Database) -> Opens:
    """Whether a key may send."""
    return lambda key: db.read(partial(sender, key=key)) is not None


def test_a_key_is_printed_alone_for_a_script_to_take(command: Command, workspace: Home, opens: Opens) -> None:
    answer = command("key", "new", "Shop")
    assert answer.exit_code == 0, answer.output
    assert answer.stdout.startswith("sk_")
    assert opens(answer.stdout.removesuffix("\n"))
    assert "not shown again" in answer.stderr


def test_a_key_is_made_listed_and_ended(command: Command, workspace: Home, opens: Opens) -> None:
    new = json.loads(command("key", "new", "Shop", "--json").stdout)
    assert set(new) == {"id", "name", "key", "created_at"}
    listed = json.loads(command("key", "list", "--json").stdout)
    assert {name: new[name] for name in ("id", "name", "created_at")} in listed
    table = command("key", "list").stdout
    assert new["id"] in table
    assert new["key"] not in table
    assert command("key", "revoke", "Shop").stdout == f"Shop ({new['id']}) has ended.\n"
    assert not opens(new["key"])
    assert opens(workspace.api_key)


def test_of_keys_with_one_name_the_id_says_which(command: Command, workspace: Home, opens: Opens) -> None:
    first, second = (json.loads(command("key", "new", "Shop", "--json").stdout) for _ in range(2))
    refused = command("key", "revoke", "Shop")
    assert refused.exit_code == 1
    assert first["id"] in refused.output
    assert second["id"] in refused.output
    assert command("key", "revoke", second["id"]).exit_code == 0
    assert (opens(first["key"]), opens(second["key"])) == (True, False)


@pytest.mark.parametrize(
    ("words", "told"),
    [(("revoke", "nobody"), "Error: There is no API key “nobody”.\n"), (("new", " "), "Error: Name the key after")],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    command: Command, workspace: Home, words: tuple[str, ...], told: str
) -> None:
    refused = command("key", *words)
    assert refused.exit_code == 1
    assert refused.output.startswith(told)


def test_where_several_workspaces_are_one_is_named(
    command: Command, workspace: Home, other_workspace: Home, opens: Opens
) -> None:
    assert "Name the workspace with --workspace." in command("key", "new", "Shop").output
    assert opens(command("key", "new", "Shop", "--workspace", workspace.id).stdout.strip())


def test_an_installation_without_a_workspace_has_no_keys(command: Command, db: Database) -> None:
    refused = command("key", "new", "Shop")
    assert refused.exit_code == 1
    assert "There is no workspace yet" in refused.output
