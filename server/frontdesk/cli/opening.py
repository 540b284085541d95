"""The database in use and one workspace of it, for commands that work beside a running server."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from frontdesk.collect.store import Store
    from frontdesk.core.db import Database

workspace_option = click.option(
    "--workspace", default=None, help="The workspace's id, where an installation has several."
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A database of this version, and the workspace that is worked in."""

    db: "Database"
    workspace_id: str


@contextmanager
def opened(data: Path | None, workspace: str | None) -> Iterator[Opened]:
    """Open what is there and close it; what is missing, or declined within, is told in a sentence."""
    from functools import partial

    from frontdesk.cli import premises
    from frontdesk.core.db import open_database
    from frontdesk.core.errors import Declined
    from frontdesk.core.signals import Bus

    with premises.database_said(), closing(open_database(premises.existing_database(data), Bus())) as db:
        premises.refuse_empty(db.engines.reader)
        _refuse_older(db.engines.reader)
        try:
            yield Opened(db, db.read(partial(chosen, named=workspace)))
        except Declined as error:
            raise click.ClickException(error.detail) from error


def chosen(session: "Session", named: str | None) -> str:
    """The workspace that is `named`, or the only one; Invalid says what to do."""
    from sqlalchemy import select

    from frontdesk.accounts.models import Workspace
    from frontdesk.core.errors import Invalid

    ids = list(session.scalars(select(Workspace.id)))
    if named in ids:
        return str(named)
    if named is None and len(ids) == 1:
        return ids[0]
    if not ids:
        raise Invalid("There is no workspace yet: open the link that `frontdesk serve` printed.")
    raise Invalid(
        f"There is no workspace {named} here." if named else "Name the workspace with --workspace.", field="workspace"
    )


def store_for_the_past(data: Path | None) -> "Store":
    """Where events of the past are stored: as a server does, only that rules are not asked."""
    from frontdesk.cli.premises import settings_of
    from frontdesk.collect.imports.importing import unasked
    from frontdesk.collect.store import Store

    return Store(unasked, settings_of(data).secret)


def _refuse_older(engine: "Engine") -> None:
    from frontdesk.migrations.upgrade import is_newest

    if not is_newest(engine):
        raise click.ClickException("This database is of another version: run `frontdesk migrate` first.")
