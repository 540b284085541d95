"""`frontdesk rules simulate`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.printing import print_json, print_table
from frontdesk.cli.rules.past import events, of_the_past, past, people, print_counts, print_head, ranked, times
from frontdesk.cli.rules.told import Told

if TYPE_CHECKING:
    from frontdesk.engage.seeing.asked import Asked

_STDIN = "-"
_HELP = """Say what a rule would have done: who, when and what, what held it back, whom else its people hear from, whom
it displaces, what each team would have had to do, and what changes against its live version.

RULE is a key or an id, or a file with one rule (`-`: standard input). Of a rule that has several versions, the one that
is being tried: its draft, else the one in shadow, else the live one."""
_EPILOG = """Exit code 0, whatever comes of it; 1 where it cannot be asked.

--json prints {rule, since, until, events, asked, acted, deferred, people, acts: [{at, person, variant, actions,
text_en, text_zh}], held: {reason: times}, examples, overlap, displaced, load, gained, lost, names, reasons, notes}, or
{findings: […]} as `lint` has them."""
_MOST_SHOWN = 10


@click.command(cls=Told, name="simulate", help=_HELP, epilog=_EPILOG)
@click.argument("rule")
@click.option("--version", type=int, help="This version of the rule.")
@of_the_past
def command(rule: str, version: int | None, **asked: Any) -> None:
    from frontdesk.cli.rules.files import Wrong, refuse
    from frontdesk.engage.rules.refused import RulesRefused
    from frontdesk.engage.seeing.simulating import report, simulated
    from frontdesk_rules.trying.simulate import Listeners

    with past(asked) as it:

        def ask(session: Any) -> dict[str, Any]:
            which = _asked_for(session, it.workspace_id, rule, version)
            return report(which, it.window, simulated(session, it.workspace_id, which, it.window, Listeners(it.tell)))

        try:
            found = it.read(ask)
        except RulesRefused as error:
            refuse([Wrong(Path(rule), finding) for finding in error.findings], as_json=asked["as_json"])
    if asked["as_json"]:
        print_json(found)
    else:
        _tell(found)


def _asked_for(session: Any, workspace_id: str, name: str, version: int | None) -> "Asked":
    """The rule of a file (`-` is standard input), else the one of this key or id. RulesRefused, Invalid, NotFound."""
    from frontdesk.cli.rules.files import ENDINGS
    from frontdesk.core.errors import Invalid
    from frontdesk.engage.seeing.asked import TRIED, kept, written

    if name == _STDIN:
        return written(session, workspace_id, _text(sys.stdin.buffer.read()))
    if Path(name).suffix in ENDINGS and not Path(name).is_file():
        raise Invalid(f"There is no file {name} here.", field="rule")
    if Path(name).is_file():
        return written(session, workspace_id, _text(Path(name).read_bytes()))
    return kept(session, workspace_id, name, version, TRIED)


def _text(written: bytes) -> str:
    from frontdesk.engage.rules.refused import RulesRefused
    from frontdesk_rules import Finding

    try:
        return written.decode()
    except UnicodeDecodeError as error:
        raise RulesRefused([Finding("", "this is not UTF-8 text", written[: error.start].count(b"\n") + 1)]) from error


def _tell(found: dict[str, Any]) -> None:
    print_head(found)
    click.echo(f"{events(found)}; asked {times(found['asked'])}, acted {times(found['acted'])} for {people(found)}.")
    acts = [
        {**act, "at": f"{act['at'][:19].replace('T', ' ')} UTC", "what": act["text_en"]}
        for act in found["acts"][:_MOST_SHOWN]
    ]
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
