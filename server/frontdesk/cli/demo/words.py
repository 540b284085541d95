"""What the demo says in a terminal: how far its history has come, where it runs, and what to try."""

from collections.abc import Iterable
from pathlib import Path

import orjson
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table
from rich.text import Text

from frontdesk.cli.demo.folder import Kept

_NARROWEST = 80

_TRY = (
    "Open the console and sign in as Sam. In a second window open the shop.",
    "Stay a minute on Pricing. A card appears: answer it.",
    "In the inbox the conversation is already with Sales, and the line above it says why.",
    "Answer as Sam; look at the shop. Reload either side: nothing is lost.",
)

_ELSEWHERE = (
    "What is otherwise here than elsewhere: messages keep no quiet hours, so that something happens at night, too; "
    "letters are written and stay in the outbox."
)


def show_progress(lived: Iterable[float]) -> None:
    """A bar on standard error, from 0 to 1."""
    columns = (TextColumn("Two weeks at the bell shop"), BarColumn(40), TaskProgressColumn())
    # drawn by hand: a thread of its own would not survive the server's fork
    with Progress(*columns, console=Console(stderr=True), auto_refresh=False, transient=True) as progress:
        task = progress.add_task("history", total=1.0)
        for part in lived:
            progress.update(task, completed=part, refresh=True)


def as_json(url: str, kept: Kept, _folder: Path) -> str:
    """One line for a script."""
    logins = [{"email": each.email, "password": each.password, "role": each.role} for each in kept.teammates]
    keys = {"site_key": kept.site_key, "api_key": kept.api_key, "identity_secret": kept.identity_secret}
    return orjson.dumps({"url": url, **keys, "teammates": logins}).decode()


def as_text(url: str, kept: Kept, folder: Path) -> str:
    """A page for a person, coloured where the terminal can show it."""
    console = Console()
    console.width = max(console.width, _NARROWEST)
    with console.capture() as captured:
        console.print(Padding(_page(url, kept, folder), (1, 2)), soft_wrap=False)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def _page(url: str, kept: Kept, folder: Path) -> RenderableType:
    return Group(
        Text.assemble(("Someone is at the desk.", "bold"), "  Frontdesk runs a demo here."),
        "",
        _addresses(url),
        "",
        Text("Sign in as", "bold"),
        _logins(kept),
        "",
        Text("Try this", "bold"),
        _steps(),
        "",
        _ELSEWHERE,
        "",
        Text.assemble("Ctrl-C stops it. Everything is in ", (str(folder), "cyan"), "; delete that to begin anew."),
    )


def _addresses(url: str) -> Table:
    table = _grid()
    for name, path in (("Console", "/"), ("Demo shop", "/demo/"), ("演示商店", "/demo/zh/")):
        table.add_row(name, Text(f"{url}{path}", "cyan underline"))
    return table


def _logins(kept: Kept) -> Table:
    table = _grid()
    for login in kept.teammates:
        role = "" if login.role == "member" else f", {login.role}"
        table.add_row(login.name, f"{login.team.title()}{role}", Text(login.email, "cyan"), login.password)
    return table


def _steps() -> Table:
    table = _grid()
    for number, step in enumerate(_TRY, start=1):
        table.add_row(Text(str(number), "cyan"), Text(step))
    return table


def _grid() -> Table:
    return Table.grid(padding=(0, 2, 0, 0))
