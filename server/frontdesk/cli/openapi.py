"""`frontdesk openapi`."""

import tempfile
from pathlib import Path
from typing import Any

import click


@click.command(name="openapi", help="Print the OpenAPI document of collect, the messenger's and the console's API.")
def command() -> None:
    import orjson

    click.echo(orjson.dumps(document(), option=orjson.OPT_INDENT_2).decode())


def document() -> dict[str, Any]:
    """The document, made from a house composed on an empty database."""
    from frontdesk.app import compose
    from frontdesk.core.clock import system_clock
    from frontdesk.core.config import load_settings
    from frontdesk.core.db import open_database
    from frontdesk.core.runtime import Runtime
    from frontdesk.core.signals import Bus

    with tempfile.TemporaryDirectory() as folder:
        bus = Bus()
        settings = load_settings(Path(folder))
        db = open_database(f"sqlite:///{folder}/none.sqlite3", bus)
        house = compose(Runtime(db, system_clock, bus, settings))
        answer = house.app.test_client().get("/api/v1/openapi.json").get_json()
        db.close()  # the house keeps its counts as it closes, and here are no tables
    return dict(answer)
