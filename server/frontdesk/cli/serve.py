"""`frontdesk serve`."""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from frontdesk.cli.options import data_option, host_option, port_option

if TYPE_CHECKING:
    from frontdesk.core.config import Settings


@click.command(name="serve", help="Run Frontdesk. The first start prints a one-time link that creates the owner.")
@host_option
@port_option
@data_option
def command(host: str, port: int, data: Path | None) -> None:
    from gevent import monkey

    monkey.patch_all()
    from frontdesk.cli.unused import CONSOLE, without

    with without(*CONSOLE):
        from frontdesk.cli.running import Listening, refuse_taken, run
    from frontdesk.cli.apart import Apart
    from frontdesk.cli.premises import read_settings

    at = Listening(host, port)
    refuse_taken(at)
    settings = read_settings(data)
    prepared = Apart(partial(_prepare, settings))
    base = settings.public_url or at.url

    def tell(token: str | None) -> None:
        click.echo(f"Frontdesk runs at {base}")
        if token:
            click.echo(f"Create the owner here (works once, for 7 days): {base}/setup?token={token}")

    try:
        run(settings, at, tell, prepared.answer)
    except SystemExit:
        if not prepared.done:
            sys.exit(1)
        raise


def _prepare(settings: "Settings") -> str | None:
    """See that all is there, migrate, and make the owner's link while nobody works here."""
    from frontdesk.cli.premises import database_said, refuse_dead_redis, refuse_unknown, refuse_useless_city_file

    refuse_unknown(settings.database_url)
    refuse_dead_redis(settings.redis_url)
    refuse_useless_city_file(settings.city_file)
    with database_said():
        return _migrated(settings.database_url)


def _migrated(database_url: str) -> str | None:
    from frontdesk.accounts.sessions import setup_link
    from frontdesk.collect.keeping import partitions
    from frontdesk.core.clock import system_clock
    from frontdesk.core.db import open_database
    from frontdesk.core.signals import Bus
    from frontdesk.migrations.upgrade import upgrade

    db = open_database(database_url, Bus())
    upgrade(db.engines.writer)
    db.write(lambda session: partitions.keep_ahead(session, system_clock()))
    token = db.write(lambda session: setup_link(session, system_clock()))
    db.close()
    return token
