"""`frontdesk rules simulate`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.printing import print_json, print_table
from frontdesk.cli.rules.past import of_the_past, past, print_counts, print_head, ranked

if TYPE_CHECKING:
    from frontdesk.engage.seeing.asked import Asked

_STDIN = "-"
_HELP = """Say what a rule would have done: who, when and what, what held it back, whom else its people hear from, whom
it displaces, what each team would have had to do, and what changes against its live version.

RULE is a key or an id, or a file with one rule (`-`: standard input). Of a rule that has several versions, the one that
is being tried: its draft, else the one in shadow, else the live one."""
_MOST_SHOWN = 10


@click.command(name="simulate", help=_HELP, epilog="Exit code 0, whatever comes of it; 1 where it cannot be asked.")
@click.argument("rule")
@click.option("--version", type=int, help="This version of the rule.")
@of_the_past
def command(rule: str, version: int | None, **asked: Any) -> None:
    from frontdesk.engage.seeing.simulating import report, simulated
    from frontdesk_rules.trying.simulate import Listeners

    with past(asked) as it:

        def ask(session: Any) -> dict[str, Any]:
            which = _asked_for(session, it.workspace_id, rule, version)
            return report(which, it.window, simulated(session, it.workspace_id, which, it.window, Listeners(it.tell)))

        found = it.read(ask)
    if asked["as_json"]:
        print_json(found)
    else:
        _tell(found)


def _asked_for(session: Any, workspace_id: str, name: str, version: int | None) -> "Asked":
    """The rule of a file (`-` is standard input), else the one of this key or id. RulesRefused, Invalid, NotFound."""
    from frontdesk.engage.seeing.asked import TRIED, kept, written

    if name == _STDIN:
        return written(session, workspace_id, sys.stdin.read())
    if Path(name).is_file():
        return written(session, workspace_id, Path(name).read_text(encoding="utf-8"))
    return kept(session, workspace_id, name, version, TRIED)


def _tell(found: dict[str, Any]) -> None:
    print_head(found)
    click.echo(
        f"{found['events']:,} events; asked {found['asked']:,} times, acted {found['acted']:,} times "
        f"for {found['people']:,} people."
    )
    acts = [{**act, "at": act["at"][:19], "what": _what(act)} for act in found["acts"][:_MOST_SHOWN]]
    if acts:
        click.echo(f"\nThe first {len(acts)}:")
        print_table(acts, ("at", "person", "what"), "")
    print_counts("Held back", found["held"], found["reasons"])
    print_counts("People who hear from another rule, too", found["overlap"], found["names"])
    print_counts("Slots that other rules lose to it", found["displaced"], found["names"])
    load = [{"hour": hour, **one} for hour, teams in found["load"].items() for one in ranked(teams, "team")]
    if load:
        click.echo("\nConversations that it brings:")
        print_table(load, ("hour", "team", "count"), "")
    if found["gained"]["count"] or found["lost"]["count"]:
        click.echo(
            f"\nAgainst the live version: {found['gained']['count']:,} people more, {found['lost']['count']:,} fewer."
        )
    for note in found["notes"]:
        click.echo(f"\n{note['text_en']}.")


def _what(act: dict[str, Any]) -> str:
    return ", ".join(f"{name} {_brief(value)}" for action in act["actions"] for name, value in action.items())


def _brief(value: Any) -> str:
    if isinstance(value, dict):
        text = value.get("text", value)
        value = text.get("en", text) if isinstance(text, dict) else text
    return str(value)[:80]
