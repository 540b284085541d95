"""`frontdesk rules pull`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.opening import Opened, opened, workspace_option
from frontdesk.cli.options import data_option
from frontdesk.cli.printing import json_option, print_json
from frontdesk.cli.rules.options import counted
from frontdesk.cli.rules.told import Told

if TYPE_CHECKING:
    from frontdesk.cli.rules.pulling import Pulled
    from frontdesk.engage.models import RuleVersion
    from frontdesk.engage.rules.queries import Fallen

_EPILOG = """One file a rule, `KEY.yaml`, in canonical form with its comments; rules that are paused are written, too. A
rule that stands in a file of the folder already, whatever its name, is written there. The file of a rule that was
archived is removed; files of rules that the server never had, and of drafts, are left alone. To apply what was pulled
changes nothing.

A file that says what the rule never said was changed here, and one in which other rules stand cannot be written or
removed for one of them: it is kept, and the exit code is 1. --force writes over the first, or removes it.

--json prints {dir, rules: [{rule, state, file, outcome}]}, or {findings: […]} as `lint` has them; state is live, paused
or archived, outcome written, unchanged, removed or kept."""


@click.command(cls=Told, name="pull", help="Let a folder hold the rules that are live, a file each.", epilog=_EPILOG)
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("rules"),
    show_default=True,
    help="The folder to write to; made if it is not there.",
)
@click.option("--force", is_flag=True, help="Write over files that were changed here, or remove them.")
@data_option
@workspace_option
@json_option
def command(folder: Path, data: Path | None, workspace: str | None, *, force: bool, as_json: bool) -> None:
    with opened(data, workspace) as place:
        told = _pulled(place, folder, force=force)
    if as_json:
        print_json({"dir": str(folder), "rules": [one.to_tree() for one in told]})
    else:
        _tell(told)
    if any(one.outcome == "kept" for one in told):
        sys.exit(1)


def _pulled(place: Opened, folder: Path, *, force: bool) -> "list[Pulled]":
    from frontdesk.cli.rules.pulling import Folder, Pulled
    from frontdesk.engage.rules import queries

    here = Folder(folder)

    def asked(session: Any) -> "tuple[list[tuple[str, RuleVersion]], dict[str, Fallen]]":
        fallen = queries.fallen(session, place.workspace_id, here.keys)
        return queries.standing(session, place.workspace_id), fallen

    def past(key: str) -> list[str]:
        return place.db.read(lambda session: queries.texts(session, place.workspace_id, key))

    rules, fallen = place.db.read(asked)
    try:
        there = [Pulled(key, row.state, *here.pull(key, row.source, past, force=force)) for key, row in rules]
        return there + list(here.clear(fallen, force=force))
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be written: {error.strerror}.") from error


def _tell(told: "list[Pulled]") -> None:
    for one in told:
        if said := _SAID.get((one.outcome, one.state == "archived")):
            click.echo(said.format(file=one.file, rule=one.rule), err=one.outcome == "kept")
    standing = counted(sum(one.state != "archived" for one in told), "rule is", "rules are")
    click.echo(f"{standing} live or paused; {sum(one.outcome == 'unchanged' for one in told)} unchanged.")


# by the outcome, and whether the rule is archived
_SAID = {
    ("written", False): "{file} is written.",
    ("removed", True): "{file} is removed: {rule} is archived.",
    ("kept", False): "{file} was changed here and is kept; --force writes over it, if {rule} stands in it alone.",
    ("kept", True): "{file} was changed here and is kept, though {rule} is archived; --force removes it, if {rule} "
    "stands in it alone.",
}
