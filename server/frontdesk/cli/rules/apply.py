"""`frontdesk rules apply`."""

from pathlib import Path

import click

from frontdesk.cli.opening import opened, workspace_option
from frontdesk.cli.options import data_option
from frontdesk.cli.rules.options import files_argument, refuse


@click.command(name="apply", help="Make the rules in files live; a running server takes them within a second.")
@files_argument
@data_option
@workspace_option
def command(files: tuple[Path, ...], data: Path | None, workspace: str | None) -> None:
    from frontdesk.cli.rules.files import read, traced, twins, written
    from frontdesk.core.clock import system_clock
    from frontdesk.engage.rules.refused import RulesRefused
    from frontdesk.engage.rules.saving import set_live

    found, wrong = read(files, written)
    refuse(wrong or twins(found))
    new = [rule.draft for _, rule in found]
    with opened(data, workspace) as place:
        try:
            ids = place.db.write(lambda session: set_live(session, place.workspace_id, new, system_clock()))
        except RulesRefused as error:
            refuse(traced(error.findings, found))
    click.echo(f"{len(ids)} {'rule is' if len(ids) == 1 else 'rules are'} live.")
