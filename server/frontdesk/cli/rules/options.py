"""What the commands of this group share."""

from pathlib import Path

import click

files_argument = click.argument(
    "files", nargs=-1, required=True, metavar="FILES…", type=click.Path(exists=True, path_type=Path)
)

SHAPES = """FILES are YAML files, or folders: then all `.yaml` and `.yml` in them."""


def counted(number: int, one: str, many: str) -> str:
    """
    >>> counted(1, "file is", "files are"), counted(2, "file is", "files are")
    ('1 file is', '2 files are')
    """
    return f"{number:,} {one if number == 1 else many}"
