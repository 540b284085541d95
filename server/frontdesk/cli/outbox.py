"""`frontdesk outbox`: what waits to leave the house, what was given up, and sending it again."""

from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.opening import opened, workspace_option
from frontdesk.cli.options import data_option
from frontdesk.cli.printing import json_option, print_json, print_table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_COLUMNS = ("created_at", "id", "channel", "endpoint", "state", "tries", "error")
state_option = click.option("--state", type=click.Choice(["pending", "dead"]), default=None, help="Those in one state.")


@click.group(name="outbox", help="Look at webhooks and e-mail on their way out, and send dead ones again.")
def command() -> None:
    pass


@command.command(name="list", help="List what waits and what was given up, newest first.")
@state_option
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@json_option
@data_option
@workspace_option
def list_them(*, state: str | None, limit: int, as_json: bool, **where: Any) -> None:
    from frontdesk.channels.queries import Which, dump, left

    with opened(**where) as place:
        which = Which(place.workspace_id, state)
        rows = place.db.read(lambda session: [dump(row) for row in left(session, which, limit)[0]])
    print_json(rows) if as_json else print_table(rows, _COLUMNS, nothing="Nothing waits.")


@command.command(help="Send parcels that were given up again; a running server begins within a second.")
@click.argument("ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that are dead.")
@json_option
@data_option
@workspace_option
def replay(*, ids: tuple[str, ...], everything: bool, as_json: bool, **where: Any) -> None:
    from frontdesk.channels.outbox import replay as send_again
    from frontdesk.channels.queries import Which, dump, left, parcel
    from frontdesk.core.clock import system_clock

    if bool(ids) is everything:
        raise click.UsageError("Say which: their ids, or --all.")

    def job(session: "Session") -> list[dict[str, Any]]:
        named = ids or [row.id for row in left(session, Which(place.workspace_id, "dead"), _MOST)[0]]
        rows = [parcel(session, place.workspace_id, parcel_id) for parcel_id in named]
        dead = [row for row in rows if row.state == "dead"]
        for row in dead:
            send_again(session, row, system_clock())
        return [dump(row) for row in dead]

    with opened(**where) as place:
        again = place.db.write(job)
    if as_json:
        print_json(again)
    else:
        click.echo(f"{len(again)} {'parcel waits' if len(again) == 1 else 'parcels wait'} to be sent again.")


_MOST = 10_000
