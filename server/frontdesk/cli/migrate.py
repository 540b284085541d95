"""`frontdesk migrate`."""

from contextlib import closing
from pathlib import Path

import click

from frontdesk.cli.options import data_option


@click.command(name="migrate", help="Bring the database to this version. `serve` and `demo` do it at their start.")
@data_option
def command(data: Path | None) -> None:
    from frontdesk.cli.premises import database_said, settings_of
    from frontdesk.collect.keeping import partitions
    from frontdesk.core.clock import system_clock
    from frontdesk.core.db import open_database
    from frontdesk.core.signals import Bus
    from frontdesk.migrations.upgrade import upgrade

    with database_said(), closing(open_database(settings_of(data).database_url, Bus())) as db:
        upgrade(db.engines.writer)
        db.write(lambda session: partitions.keep_ahead(session, system_clock()))
    click.echo("The database is at the newest version.")
