"""`frontdesk rules explain`."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.moments import Moment
from frontdesk.cli.opening import opened, workspace_option
from frontdesk.cli.options import data_option
from frontdesk.cli.printing import json_option, print_json
from frontdesk.cli.rules.told import Told

if TYPE_CHECKING:
    from rich.tree import Tree

_HELP = """Say why a rule acts for somebody or does not: its condition with what was expected and found and where that
was seen, the stage that says no, and what would have to be different.

PERSON is the id of a visitor or contact, RULE a key or an id. Without --at and --moment it is decided anew, with all
that is known now, as though the newest moment that fits its trigger came now. With one of them only those events count
that had been heard of when the rule was asked then: what came late is not among them. Attributes, tags, consent and
addresses are only known as of now. With --json it says the same in codes, with the ids of the events that it saw."""
_EPILOG = """Exit code 1 when the rule does not act for this person.

--json prints {rule, person, asked_at, at, moment, outcome, reason, stage, text_en, text_zh, actions, condition, stored,
notes, …}, or {findings: […]} as `lint` has them."""
_MARKS = {"true": "[green]✓[/]", "false": "[red]✗[/]", "unknown": "[yellow]?[/]"}


@click.command(cls=Told, name="explain", help=_HELP, epilog=_EPILOG)
@click.argument("person")
@click.argument("rule")
@click.option("--at", type=Moment(), default=None, help="What the rule saw then: an age like 3d, or a date and time.")
@click.option("--moment", default=None, help="What the rule saw at this event of theirs: its id.")
@click.option("--version", type=int, help="This version of the rule. [default: the one that is live]")
@json_option
@data_option
@workspace_option
def command(person: str, rule: str, data: Path | None, workspace: str | None, **asked: Any) -> None:
    from frontdesk.core.clock import system_clock
    from frontdesk.engage.seeing.asked import kept
    from frontdesk.engage.seeing.explaining import At, explain

    at: datetime | None = asked["at"]
    when = At(system_clock(), at, asked["moment"])
    with opened(data, workspace) as place:

        def ask(session: Any) -> dict[str, Any]:
            which = kept(session, place.workspace_id, rule, asked["version"])
            return explain(session, place.workspace_id, which, person, when)

        found = place.db.read(ask)
    if asked["as_json"]:
        print_json(found)
    else:
        _tell(found)
    if found["outcome"] != "acted":
        sys.exit(1)


def _tell(found: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console()
    rule, moment = found["rule"], found["moment"]
    stage = f" [dim]({found['stage_words']['en']})[/]" if found["stage"] else ""
    console.print(f"[bold]{escape(found['text_en'])}[/]{stage}", soft_wrap=True)
    assumed = " (assumed)" if moment["assumed"] else ""
    asked = f"{moment['text_en']}{assumed}, {_clock(found['at'])}"
    console.print(escape(f"{rule['name']['en']} (version {rule['version']}): {asked}"), soft_wrap=True)
    if found["condition"]:
        console.print(_tree(found["condition"]))
    for one in found["stored"]:
        shadow = " (in shadow)" if one["shadow"] else ""
        console.print(escape(f"{_clock(one['at'])}: {one['text_en']}{shadow}"), soft_wrap=True)
    for note in found["notes"]:
        console.print(escape(f"{note['text_en']}."), style="dim", soft_wrap=True)


def _tree(node: dict[str, Any]) -> "Tree":
    from rich.markup import escape
    from rich.tree import Tree

    seen = ", ".join(_clock(one["at"]) for one in node.get("sources", ()))
    tree = Tree(f"{_MARKS[node['verdict']]} {escape(node['text_en'])}" + (f" [dim]{seen}[/]" if seen else ""))
    for part in node.get("of", ()):
        tree.children.append(_tree(part))
    return tree


def _clock(at: str) -> str:
    from frontdesk.engage.deciding.words import clock_words

    return clock_words(datetime.fromisoformat(at))
