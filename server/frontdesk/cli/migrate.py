"""`frontdesk migrate`."""

from pathlib import Path

import click

from frontdesk.cli.options import data_option
from frontdesk.cli.premises import database_said, settings_of
from frontdesk.core.db.engines import open_engines
from frontdesk.migrations.upgrade import upgrade


@click.command(name="migrate", help="Bring the database to this version. `serve` and `demo` do it at their start.")
@data_option
def command(data: Path | None) -> None:
    engines = open_engines(settings_of(data).database_url)
    with database_said():
        upgrade(engines.writer)
    engines.dispose()
    click.echo("The database is at the newest version.")
