"""What the commands that look at one rule share: which rule is meant, and how far they are."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from frontdesk.cli.moments import Moment

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from frontdesk.engage.seeing.asked import Asked

STDIN = "-"
since_option = click.option(
    "--since", type=Moment(), default="30d", show_default=True, help="From when on: an age like 30d, or a date."
)
until_option = click.option("--until", type=Moment(), default=None, help="Until when. [default: now]")
progress_option = click.option("--progress", type=click.Choice(["bar", "json", "none"]), default="bar", hidden=True)
_STEP = 0.005  # of the whole: what is told of the way


def asked_for(session: "Session", workspace_id: str, name: str, version: int | None = None) -> "Asked":
    """The rule of a file (`-` is standard input), else the one of this key or id. RulesRefused, Invalid, NotFound."""
    from frontdesk.engage.seeing.asked import TRIED, kept, written

    if name == STDIN:
        return written(session, workspace_id, sys.stdin.read())
    if Path(name).is_file():
        return written(session, workspace_id, Path(name).read_text(encoding="utf-8"))
    return kept(session, workspace_id, name, version, TRIED)


@contextmanager
def telling(how: str) -> Iterator[Callable[[float], None]]:
    """Tells on standard error how far one is: a bar on a terminal, or lines `{"progress": 0.25}` for a program."""
    if how == "json":
        yield _lines(os.getppid())
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn

    console = Console(stderr=True)
    shown = console.is_terminal and how == "bar"
    with Progress(
        BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), console=console, disable=not shown, transient=True
    ) as progress:
        task = progress.add_task("", total=1.0)
        yield lambda done: progress.update(task, completed=done)


def _lines(parent: int) -> Callable[[float], None]:
    """For whoever started us; without them we are of no use."""
    told = -1.0

    def tell(done: float) -> None:
        nonlocal told
        if os.getppid() != parent:
            raise click.Abort
        if done - told >= _STEP:
            told = done
            click.echo(f'{{"progress": {done:.4f}}}', err=True)

    return tell
