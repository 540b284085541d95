"""What the commands that play the past share: their window, how far they are, and how they tell what they found."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.moments import Moment
from frontdesk.cli.opening import opened, workspace_option
from frontdesk.cli.options import data_option
from frontdesk.cli.printing import json_option, print_table
from frontdesk.cli.rules.options import counted

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from frontdesk.engage.seeing.simulating import Window

_STEP = 0.005  # of the whole: what is told of the way
_OPTIONS = (
    workspace_option,
    data_option,
    click.option("--progress", type=click.Choice(["bar", "json", "none"]), default="bar", hidden=True),
    json_option,
    click.option("--until", type=Moment(), default=None, help="Until when. [default: now]"),
    click.option(
        "--since", type=Moment(), default="30d", show_default=True, help="From when on: an age like 30d, or a date."
    ),
)


def of_the_past(function: Any) -> Any:
    """The options of a command that plays what was recorded; see `past`."""
    for option in _OPTIONS:
        function = option(function)
    return function


@dataclass(frozen=True, slots=True)
class Past:
    """What was recorded of a workspace in a window; `tell` hears how far one is."""

    workspace_id: str
    window: "Window"
    tell: Callable[[float], None]
    read: Callable[[Callable[["Session"], dict[str, Any]]], dict[str, Any]]


@contextmanager
def past(asked: dict[str, Any]) -> Iterator[Past]:
    """By what was said to these options."""
    from frontdesk.core.clock import system_clock
    from frontdesk.engage.seeing.simulating import Window

    with opened(asked["data"], asked["workspace"]) as place, telling(asked["progress"]) as tell:
        now = system_clock()
        yield Past(place.workspace_id, Window(asked["since"], asked["until"] or now, now), tell, place.db.read)


def print_head(found: dict[str, Any]) -> None:
    """Which rule was played, and over which days."""
    rule = found["rule"]
    click.echo(f"{rule['name']['en']} (version {rule['version']}), {found['since'][:10]} to {found['until'][:10]}")


def events(found: dict[str, Any]) -> str:
    return counted(found["events"], "event", "events")


def times(number: int) -> str:
    return counted(number, "time", "times")


def people(found: dict[str, Any]) -> str:
    return counted(found["people"], "person", "people")


def print_counts(title: str, counts: dict[str, int], words: dict[str, dict[str, str]]) -> None:
    """Most first, each by its name in English."""
    if counts:
        click.echo(f"\n{title}:")
        named = {words[code]["en"] if code in words else code.replace("_", " "): n for code, n in counts.items()}
        print_table(ranked(named, "name"), ("name", "count"), "")


def ranked(counts: dict[str, int], name: str) -> list[dict[str, Any]]:
    """Rows of a table, most first."""
    most_first = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [{name: what, "count": f"{count:,}"} for what, count in most_first]


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
