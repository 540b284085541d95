"""`frontdesk serve`."""

from pathlib import Path

import click

from frontdesk.cli.options import data_option, host_option, port_option


@click.command(name="serve", help="Run Frontdesk. The first start prints a one-time link that creates the owner.")
@host_option
@port_option
@data_option
def command(host: str, port: int, data: Path | None) -> None:
    from gevent import monkey

    monkey.patch_all()
    from frontdesk.cli.premises import database_said, refuse_dead_redis, refuse_useless_city_file, settings_of
    from frontdesk.cli.running import Listening, refuse_taken, run

    at = Listening(host, port)
    refuse_taken(at)
    settings = settings_of(data)
    refuse_dead_redis(settings.redis_url)
    refuse_useless_city_file(settings.city_file)
    with database_said():
        token = _prepare(settings.database_url)
    base = settings.public_url or at.url

    def tell() -> None:
        click.echo(f"Frontdesk runs at {base}")
        if token:
            click.echo(f"Create the owner here (works once, for 7 days): {base}/setup?token={token}")

    run(settings, at, tell)


def _prepare(database_url: str) -> str | None:
    """Migrate, and make the owner's link while nobody works here; nothing stays open for the fork."""
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
