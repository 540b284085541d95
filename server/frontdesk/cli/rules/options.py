"""What the commands of this group share."""

from pathlib import Path

import click

files_argument = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


def refuse(wrong: list[str]) -> None:
    """End the command where anything is wrong, before anything was done."""
    if wrong:
        raise click.ClickException("\n".join(["nothing was done:", *wrong]))
