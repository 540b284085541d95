"""`frontdesk key`: the API keys with which servers call us."""

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.opening import opened, workspace_option
from frontdesk.cli.options import data_option
from frontdesk.cli.printing import json_option, print_json, print_table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@click.group(name="key", help="Make API keys, list them, end them.")
def command() -> None:
    pass


@command.command(help="Make a key for the server or script NAME, and print it: it is shown this once.")
@click.argument("name")
@json_option
@data_option
@workspace_option
def new(name: str, *, as_json: bool, **where: Any) -> None:
    from frontdesk.accounts.api_keys import make
    from frontdesk.accounts.queries import dump_api_key
    from frontdesk.core.clock import system_clock

    with opened(**where) as place:
        made = place.db.write(partial(make, workspace_id=place.workspace_id, name=name, now=system_clock()))
    if as_json:
        print_json(dump_api_key(made.row) | {"key": made.key})
        return
    click.echo(made.key)
    click.echo("Keep it as you keep a password: it is not shown again.", err=True)


@command.command(name="list", help="List the keys, newest first; the keys themselves are not kept.")
@json_option
@data_option
@workspace_option
def list_them(*, as_json: bool, **where: Any) -> None:
    from frontdesk.accounts.queries import api_keys, dump_api_key

    with opened(**where) as place:
        rows = [dump_api_key(row) for row in place.db.read(partial(api_keys, workspace_id=place.workspace_id))]
    if as_json:
        print_json(rows)
    else:
        print_table(rows, ("created_at", "id", "name"), nothing="There are no API keys.")


@command.command(name="revoke", help="End the key with this id or name; a running server knows within 5 seconds.")
@click.argument("called", metavar="ID|NAME")
@data_option
@workspace_option
def end(called: str, **where: Any) -> None:
    from frontdesk.accounts.api_keys import revoke
    from frontdesk.accounts.queries import api_key_called

    def job(session: "Session") -> str:
        row = api_key_called(session, place.workspace_id, called)
        revoke(session, row)
        return f"{row.name} ({row.id})"

    with opened(**where) as place:
        click.echo(f"{place.db.write(job)} has ended.")
