"""`frontdesk rules why-nobody`."""

import sys
from pathlib import Path
from typing import Any

import click

from frontdesk.cli.opening import opened, workspace_option
from frontdesk.cli.options import data_option
from frontdesk.cli.printing import json_option, print_json, print_table
from frontdesk.cli.rules.asking import progress_option, since_option, telling, until_option

_HELP = """Say how many moments each stage of a decision let through, and where most were lost: what was recorded is
played again, and what the server itself had concluded stands beside it.

RULE is a key or an id."""


@click.command(name="why-nobody", help=_HELP, epilog="Exit code 1 when the rule reaches nobody.")
@click.argument("rule")
@since_option
@until_option
@click.option("--version", type=int, help="This version of the rule. [default: the one that is live]")
@json_option
@progress_option
@data_option
@workspace_option
def command(rule: str, data: Path | None, workspace: str | None, **asked: Any) -> None:
    from frontdesk.core.clock import system_clock
    from frontdesk.engage.seeing.asked import kept
    from frontdesk.engage.seeing.nobody import why_nobody
    from frontdesk.engage.seeing.simulating import Window

    with opened(data, workspace) as place, telling(asked["progress"]) as tell:
        now = system_clock()
        window = Window(asked["since"], asked["until"] or now, now)

        def ask(session: Any) -> dict[str, Any]:
            which = kept(session, place.workspace_id, rule, asked["version"])
            return why_nobody(session, place.workspace_id, which, window, tell)

        found = place.db.read(ask)
    if asked["as_json"]:
        print_json(found)
    else:
        _tell(found)
    if not found["acted"]:
        sys.exit(1)


def _tell(found: dict[str, Any]) -> None:
    rule = found["rule"]
    click.echo(f"{rule['key']} (version {rule['version']}), {found['since'][:10]} to {found['until'][:10]}")
    click.echo(
        f"{found['events']:,} events; heard {found['heard']:,} times, triggered {found['triggered']:,} times, "
        f"acted {found['acted']:,} times for {found['people']:,} people.\n"
    )
    rows = [
        {
            "stage": one["stage"],
            "moments": f"{one['moments']:,}",
            "lost": ", ".join(f"{count:,} {reason.replace('_', ' ')}" for reason, count in one["lost"].items()),
        }
        for one in found["stages"]
    ]
    print_table(rows, ("stage", "moments", "lost"), "")
    if found["largest"]:
        click.echo(f"\nMost is lost here: {found['largest']['text_en']}.")
    if found["conditions"]:
        click.echo("\nWhat would have had to be so:")
        print_table([{**one, "condition": one["text_en"]} for one in found["conditions"]], ("lost", "condition"), "")
    for note in found["notes"]:
        click.echo(f"\n{note['text_en']}.")
