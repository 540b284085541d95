"""`frontdesk rules pull`."""

import sys
from pathlib import Path
from typing import Any

import click

from frontdesk.cli.opening import opened, workspace_option
from frontdesk.cli.options import data_option
from frontdesk.cli.printing import json_option, print_json
from frontdesk.cli.rules.options import counted

_EPILOG = """One file a rule, `KEY.yaml`, in canonical form with its comments; rules that are paused are written, too. A
rule that stands in a file of the folder already, whatever its name, is written there. To apply what was pulled changes
nothing.

A file that says what the rule never said was changed here: it is kept, and the exit code is 1, unless --force is said.

--json prints {dir, rules: [{rule, file, outcome}]}; outcome is written, unchanged or kept."""


@click.command(name="pull", help="Write the rules that are live as files.", epilog=_EPILOG)
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("rules"),
    show_default=True,
    help="The folder to write to; made if it is not there.",
)
@click.option("--force", is_flag=True, help="Write over files that were changed here.")
@data_option
@workspace_option
@json_option
def command(folder: Path, data: Path | None, workspace: str | None, *, force: bool, as_json: bool) -> None:
    from frontdesk.cli.rules.pulling import Folder
    from frontdesk.engage.rules import queries

    with opened(data, workspace) as place:
        rules = place.db.read(lambda session: queries.standing(session, place.workspace_id))

        def past(key: str) -> list[str]:
            return place.db.read(lambda session: queries.texts(session, place.workspace_id, key))

        here = Folder(folder)
        told = [here.pull(key, row.source, past, force=force).to_tree() for key, row in rules]
    if as_json:
        print_json({"dir": str(folder), "rules": told})
    else:
        _tell(told)
    if any(one["outcome"] == "kept" for one in told):
        sys.exit(1)


def _tell(told: list[dict[str, Any]]) -> None:
    of_outcome: dict[str, list[str]] = {"written": [], "unchanged": [], "kept": []}
    for one in told:
        of_outcome[one["outcome"]].append(one["file"])
    for file in of_outcome["written"]:
        click.echo(f"{file} is written.")
    for file in of_outcome["kept"]:
        click.echo(f"{file} was changed here and is kept; --force writes over it.", err=True)
    told_in_all = counted(len(told), "rule is", "rules are")
    click.echo(f"{told_in_all} live or paused; {len(of_outcome['unchanged'])} unchanged.")
