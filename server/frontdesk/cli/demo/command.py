"""`frontdesk demo`: a shop, a team, live rules, two weeks of history; then serve it."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from frontdesk.cli.options import host_option, port_option

if TYPE_CHECKING:
    from frontdesk.cli.demo.folder import Kept, Seed
    from frontdesk.core.config import Settings


@click.command(name="demo", help="Run a demo: a shop, a team, live rules, two weeks of history.")
@host_option
@port_option
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var/demo"),
    show_default=True,
    help="The demo's own folder: made at the first start, found again at the next.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON with address, keys and log-ins.")
@click.option("--history/--no-history", default=True, show_default=True, help="Begin with two weeks of history.")
def command(host: str, port: int, data: Path, *, as_json: bool, history: bool) -> None:
    from gevent import monkey

    monkey.patch_all()
    from frontdesk.cli.running import Listening, refuse_taken, run

    at = Listening(host, port)
    refuse_taken(at)
    from frontdesk.cli.demo import words
    from frontdesk.cli.demo.folder import open_folder

    settings = _settings(data)
    url = settings.public_url or at.url
    kept = open_folder(settings.data, _seed(url, history=history))
    say = words.as_json if as_json else words.as_text

    def tell(_answer: str | None) -> None:
        click.echo(say(url, kept, data))

    run(settings, at, tell)


def _settings(data: Path) -> "Settings":
    """A demo keeps everything in its folder, whatever database, Redis and mail server the environment names for real
    work."""
    from frontdesk.cli.demo.folder import DATABASE
    from frontdesk.cli.premises import read_settings, refuse_useless_city_file

    settings = read_settings(data)
    refuse_useless_city_file(settings.city_file)
    url = f"sqlite:///{settings.data / DATABASE}"
    return replace(settings, database_url=url, redis_url=None, mail=None, demo=True)


def _seed(url: str, *, history: bool) -> "Seed":
    """What fills an empty database; shows how far it has come."""
    from random import Random

    from frontdesk.cli.demo import history as past
    from frontdesk.cli.demo import words
    from frontdesk.cli.demo.folder import Kept, Login
    from frontdesk.cli.demo.home import SEATS, furnish
    from frontdesk.core.clock import system_clock
    from frontdesk.core.db import Database

    def seed(db: Database) -> "Kept":
        now = system_clock()
        home = db.write(lambda session: furnish(session, now))
        if history:
            setting = past.Setting(home.workspace_id, home.teammates, url)
            chance = Random("frontdesk")  # noqa: S311  a demo is no secret, and the same each time
            lived = past.live_through(db, setting, past.Size(), now, chance)
            words.show_progress(lived)
        logins = [Login(seat.name, seat.team, seat.role, seat.email, seat.password) for seat in SEATS]
        return Kept(home.site_key, home.api_key, home.identity_secret, logins)

    return seed
