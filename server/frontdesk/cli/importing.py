"""`frontdesk import`: events and contacts from files, beside a running server."""

import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.opening import Opened, opened, workspace_option
from frontdesk.cli.options import data_option

if TYPE_CHECKING:
    from frontdesk.collect.imports.calls import Kind
    from frontdesk.collect.imports.files import File
    from frontdesk.collect.imports.importing import Import
    from frontdesk.collect.imports.runs import Imported

_SHOWN = 20  # refused lines on a terminal; a report has them all
_EPILOG = """FILE is CSV or JSON lines, also gzipped; `-` is standard input, which cannot be resumed. An import that was
interrupted goes on where it stopped when the same command is run again. Exit code 1 when a line was refused."""


@click.group(name="import", help="Import events or contacts from a file.")
def command() -> None:
    pass


def _options(function: Callable[..., None]) -> Callable[..., None]:
    report = click.Path(dir_okay=False, path_type=Path)
    for decorate in (
        workspace_option,
        data_option,
        click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON."),
        click.option("--report", type=report, help="Write refused lines to this file, a JSON object a line."),
        click.option("--format", "form", type=click.Choice(("csv", "jsonl")), help="Where the name does not tell."),
        click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True)),
    ):
        function = decorate(function)
    return function


@command.command(help="Import events: Segment calls, in CSV with their paths as columns.", epilog=_EPILOG)
@_options
def events(**asked: Any) -> None:
    from frontdesk.collect.imports.calls import EVENTS

    _import(EVENTS, **asked)


@command.command(help="Import contacts: a userId, and traits; verified, as a server's word is.", epilog=_EPILOG)
@_options
def contacts(**asked: Any) -> None:
    from frontdesk.collect.imports.calls import CONTACTS

    _import(CONTACTS, **asked)


def _import(
    kind: "Kind",
    file: str,
    form: str | None,
    report: Path | None,
    as_json: bool,  # noqa: FBT001  click passes flags by name
    **where: Any,
) -> None:
    from frontdesk.cli.logs import log_to_stderr
    from frontdesk.collect.imports.files import STDIN, File

    log_to_stderr()
    if file == STDIN:
        click.echo("Standard input cannot be resumed: if this is interrupted, it starts anew.", err=True)
    with opened(**where) as place, closing(File.opened(file, form)) as source:
        work = _work(place, kind, where["data"])
        run = work.begin(_identity(work, file))
        if run.finished_at is None:
            _go_on(work, run, source)
            _warn_of_age(work, where["data"])
        _tell(place, run, report, as_json=as_json)


def _work(place: Opened, kind: "Kind", data: Path | None) -> "Import":
    from frontdesk.cli.premises import settings_of
    from frontdesk.collect.imports.importing import Import, unasked
    from frontdesk.collect.senders import server_of
    from frontdesk.collect.store import Store
    from frontdesk.core.clock import system_clock

    store = Store(unasked, settings_of(data).secret)
    sender = place.db.read(partial(server_of, workspace_id=place.workspace_id))
    return Import(place.db, store, sender, kind, system_clock)


def _identity(work: "Import", file: str) -> tuple[str, str]:
    """The hash and the name of a file; what comes by standard input is new each time."""
    from frontdesk.collect.imports.files import STDIN, hash_of
    from frontdesk.core.ids import new_id

    return (new_id("stdin", work.clock()), STDIN) if file == STDIN else (hash_of(file), Path(file).name)


def _go_on(work: "Import", run: "Imported", source: "File") -> None:
    if run.records:
        click.echo(f"Going on after {run.records:,} records.", err=True)
    done = run.records
    try:
        for done in _watched(source, work.go_on(run, source.records(work.kind.columns))):  # noqa: B007  told below
            pass
    except KeyboardInterrupt:
        raise click.ClickException(
            f"Stopped after {done:,} records; run the same command again and it goes on from there."
        ) from None


def _watched(source: "File", steps: Iterable[int]) -> Iterable[int]:
    """A progress bar on a terminal, by bytes of the file: the number of its lines nobody knows."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[records]:,} records"), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("import", total=source.size, records=0)
        for done in steps:
            progress.update(task, completed=source.done, records=done)
            yield done


def _warn_of_age(work: "Import", data: Path | None) -> None:
    """Nobody should import years only to see them deleted within the hour, and wonder."""
    from datetime import timedelta

    from frontdesk.cli.premises import settings_of

    days = settings_of(data).retention.events
    if work.oldest and work.oldest < work.clock() - timedelta(days=days):
        click.echo(
            f"Events are kept for {days} days, and some of these are older: a running server deletes them within the "
            "hour. Set FRONTDESK_RETENTION_EVENTS_DAYS to keep them.",
            err=True,
        )


def _tell(place: Opened, before: "Imported", report: Path | None, *, as_json: bool) -> None:
    """What became of the file. A file that was imported before is told as what it is now: nothing but duplicates."""
    from frontdesk.collect.imports import runs

    now = place.db.read(partial(runs.imported, run_id=before.run_id))
    refused = sum(now.refused.values())
    again = before.finished_at is not None
    counts = {
        "records": now.records,
        "taken": 0 if again else now.taken,
        "duplicates": now.duplicates + (now.taken if again else 0),
        "dropped": now.dropped,
        "refused": now.refused,
        "resumed_after": 0 if again else before.records,
        "imported_before": again,
    }
    if report:
        _write_report(place, now, report)
    if as_json:
        _print_json(place, now, counts)
    else:
        _print(place, now, counts, report)
    if refused:
        sys.exit(1)


def _write_report(place: Opened, run: "Imported", report: Path) -> None:
    import orjson

    from frontdesk.collect.imports.runs import refusals

    def write(session: Any) -> None:
        with report.open("wb") as file:
            for row in refusals(session, run.run_id):
                file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))

    place.db.read(write)


def _print_json(place: Opened, run: "Imported", counts: dict[str, Any]) -> None:
    import orjson

    from frontdesk.collect.imports.runs import refusals

    rows = place.db.read(lambda session: list(refusals(session, run.run_id)))
    click.echo(orjson.dumps({**counts, "refusals": rows}, option=orjson.OPT_INDENT_2).decode())


def _print(place: Opened, run: "Imported", counts: dict[str, Any], report: Path | None) -> None:
    from frontdesk.collect.imports.runs import refusals

    if counts["imported_before"]:
        click.echo("This very file was imported before: nothing was done.")
    refused = sum(run.refused.values())
    left_out = "".join(f", {count:,} left out ({reason})" for reason, count in run.dropped.items())
    click.echo(f"{counts['taken']:,} taken, {counts['duplicates']:,} duplicates{left_out}, {refused:,} refused.")
    if not refused:
        return
    click.echo("  " + ", ".join(f"{count:,} {code}" for code, count in sorted(run.refused.items())))
    for row in place.db.read(lambda session: list(islice(refusals(session, run.run_id), _SHOWN))):
        click.echo(f"  line {row['line']}: {row['field'] or row['code']}: {row['detail']}")
    if refused > _SHOWN:
        more = f"all of them are in {report}" if report else "--report FILE writes all of them"
        click.echo(f"  … and {refused - _SHOWN:,} more; {more}.")
