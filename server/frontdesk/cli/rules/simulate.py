"""`frontdesk rules simulate`."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from frontdesk.cli.opening import opened, workspace_option
from frontdesk.cli.options import data_option
from frontdesk.cli.printing import json_option, print_json, print_table
from frontdesk.cli.rules.asking import asked_for, progress_option, since_option, telling, until_option

_HELP = """Say what a rule would have done: who, when and what, what held it back, whom else its people hear from, whom
it displaces, what each team would have had to do, and what changes against its live version.

RULE is a key or an id, or a file with one rule (`-`: standard input). Of a rule that has several versions, the one that
is being tried: its draft, else the one in shadow, else the live one."""
_MOST_SHOWN = 10


@click.command(name="simulate", help=_HELP, epilog="Exit code 0, whatever comes of it; 1 where it cannot be asked.")
@click.argument("rule")
@since_option
@until_option
@click.option("--version", type=int, help="This version of the rule.")
@json_option
@progress_option
@data_option
@workspace_option
def command(rule: str, data: Path | None, workspace: str | None, **asked: Any) -> None:
    from frontdesk.core.clock import system_clock
    from frontdesk.engage.seeing.simulating import Window, report, simulated
    from frontdesk_rules.trying.simulate import Listeners

    with opened(data, workspace) as place, telling(asked["progress"]) as tell:
        now: datetime = system_clock()
        window = Window(asked["since"], asked["until"] or now, now)

        def ask(session: Any) -> dict[str, Any]:
            which = asked_for(session, place.workspace_id, rule, asked["version"])
            found = simulated(session, place.workspace_id, which, window, Listeners(tell))
            return report(which, window, found)

        found = place.db.read(ask)
    if asked["as_json"]:
        print_json(found)
    else:
        _tell(found)


def _tell(found: dict[str, Any]) -> None:
    rule = found["rule"]
    click.echo(f"{rule['key']} (version {rule['version']}), {found['since'][:10]} to {found['until'][:10]}")
    click.echo(
        f"{found['events']:,} events; asked {found['asked']:,} times, acted {found['acted']:,} times "
        f"for {found['people']:,} people."
    )
    acts = [{**act, "at": act["at"][:19], "what": _what(act)} for act in found["acts"][:_MOST_SHOWN]]
    if acts:
        click.echo(f"\nThe first {len(acts)}:")
        print_table(acts, ("at", "person", "what"), "")
    _counts("Held back", found["held"])
    _counts("People who hear from another rule, too", found["overlap"])
    _counts("Slots that other rules lose to it", found["displaced"])
    load = [{"hour": hour, **one} for hour, teams in found["load"].items() for one in _rows(teams, "team")]
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


def _counts(title: str, counts: dict[str, int]) -> None:
    if counts:
        click.echo(f"\n{title}:")
        print_table(_rows(counts, "name"), ("name", "count"), "")


def _rows(counts: dict[str, int], name: str) -> list[dict[str, Any]]:
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [{name: what.replace("_", " "), "count": f"{count:,}"} for what, count in ranked]
