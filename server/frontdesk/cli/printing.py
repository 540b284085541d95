"""What commands print: JSON for scripts, tables for people."""

from typing import Any

import click

_LEAST_WIDTH = 130
_WIDE = 240  # columns of a table that no terminal limits
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def print_json(value: Any) -> None:
    """For scripts, and still to be read."""
    import orjson

    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def print_table(rows: list[dict[str, Any]], columns: tuple[str, ...], nothing: str) -> None:
    """These columns of the rows; `nothing` where there is no row."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        click.echo(nothing)
        return
    table = Table(box=None, pad_edge=False)
    for name in columns:
        table.add_column(name.replace("_", " "), no_wrap=name != "detail")
    for row in rows:
        # what a sender wrote is text, never markup
        table.add_row(*(Text("" if row[name] is None else str(row[name])) for name in columns))
    console = Console()
    # an id that is cut is of no use: on a narrow terminal lines run over instead
    console.width = max(console.width, _LEAST_WIDTH) if console.is_terminal else _WIDE
    console.print(table)
