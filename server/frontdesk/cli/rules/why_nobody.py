"""`frontdesk rules why-nobody`."""

import sys
from typing import Any

import click

from frontdesk.cli.printing import print_json, print_table
from frontdesk.cli.rules.past import events, of_the_past, past, people, print_counts, print_head, times
from frontdesk.cli.rules.told import Told

_HELP = """Say how many moments each stage of a decision let through, and where most were lost: what was recorded is
played again, and what the server itself had concluded stands beside it.

RULE is a key or an id."""

_EPILOG = """Exit code 1 when the rule reaches nobody.

--json prints {rule, since, until, events, heard, triggered, acted, people, stages: [{stage, text_en, text_zh, moments,
lost}], largest, conditions, left_undone, stored, reasons, notes}, or {findings: […]} as `lint` has them."""


@click.command(cls=Told, name="why-nobody", help=_HELP, epilog=_EPILOG)
@click.argument("rule")
@click.option("--version", type=int, help="This version of the rule. [default: the one that is live]")
@of_the_past
def command(rule: str, version: int | None, **asked: Any) -> None:
    from frontdesk.engage.seeing.asked import kept
    from frontdesk.engage.seeing.nobody import why_nobody

    with past(asked) as it:

        def ask(session: Any) -> dict[str, Any]:
            which = kept(session, it.workspace_id, rule, version)
            return why_nobody(session, it.workspace_id, which, it.window, it.tell)

        found = it.read(ask)
    if asked["as_json"]:
        print_json(found)
    else:
        _tell(found)
    if not found["acted"]:
        sys.exit(1)


def _tell(found: dict[str, Any]) -> None:
    print_head(found)
    click.echo(
        f"{events(found)}; heard {times(found['heard'])}, triggered {times(found['triggered'])}, "
        f"acted {times(found['acted'])} for {people(found)}.\n"
    )
    rows = [
        {"stage": one["text_en"], "moments": f"{one['moments']:,}", "lost": _lost(one["lost"], found["reasons"])}
        for one in found["stages"]
    ]
    print_table(rows, ("stage", "moments", "lost"), "")
    if found["largest"]:
        click.echo(f"\nMost is lost here: {found['largest']['text_en']}.")
    if found["conditions"]:
        click.echo("\nWhat would have had to be so:")
        print_table([{**one, "condition": one["text_en"]} for one in found["conditions"]], ("lost", "condition"), "")
    print_counts("It acted, and left something out", found["left_undone"], found["reasons"])
    for note in found["notes"]:
        click.echo(f"\n{note['text_en']}.")


def _lost(lost: dict[str, int], reasons: dict[str, dict[str, str]]) -> str:
    return "; ".join(f"{count:,} {reasons[code]['en'] if code in reasons else code}" for code, count in lost.items())
