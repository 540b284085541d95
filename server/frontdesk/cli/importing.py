"""`frontdesk import`: events and contacts from files, beside a running server."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.opening import Opened, opened, store_for_the_past, workspace_option
from frontdesk.cli.options import data_option
from frontdesk.collect.imports import FORMATS, STDIN

if TYPE_CHECKING:
    from datetime import datetime

    from frontdesk.collect.imports.calls import Kind
    from frontdesk.collect.imports.files import File
    from frontdesk.collect.imports.importing import Import
    from frontdesk.collect.imports.progress import Imported

_EPILOG = """FILE is CSV or JSON lines, also gzipped; `-` is standard input, which cannot be resumed. An import that was
interrupted goes on where it stopped when the same command is run again. Exit code 1 when a line was refused.

Times are ISO 8601, seconds or milliseconds since 1970, or as spreadsheets write them with the year first: 2026-11-02,
2026-11-02 10:00, 2026/11/02 10:00. Without a zone they are UTC. What has not happened yet is refused.

An event that comes again with its messageId is stored once, for as long as it is kept. Other content under its id is
refused; that of another time for as long as the id is remembered: 8 days (FRONTDESK_RETENTION_MESSAGE_IDS_DAYS). A line
without one gets its own from what it says: the same line of another file, or of this one when it is imported again, is
the same event, while equal lines of one file are events of their own. A contact is no event: each file says anew how it
is."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an operator asks of an import."""

    kind: str
    file: str
    form: str | None
    report: Path | None
    as_json: bool
    again: bool


@click.group(name="import", help="Import events or contacts from a file.")
def command() -> None:
    pass


def _options(function: Callable[..., None]) -> Callable[..., None]:
    report = click.Path(dir_okay=False, path_type=Path)
    for decorate in (
        workspace_option,
        data_option,
        click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON."),
        click.option("--report", type=report, help="Write what was refused or left out to this file, by line."),
        click.option("--again", is_flag=True, help="Import a file that was imported before once more."),
        click.option("--format", "form", type=click.Choice(FORMATS), help="Where the name does not tell."),
        click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True)),
    ):
        function = decorate(function)
    return function


@command.command(help="Import events: Segment calls, in CSV with their paths as columns.", epilog=_EPILOG)
@_options
def events(data: Path | None, workspace: str | None, **asked: Any) -> None:
    with _stopped(asked["file"]):
        _import(_Asked("events", **asked), data, workspace)


@command.command(help="Import contacts: a userId, and traits; verified, as a server's word is.", epilog=_EPILOG)
@_options
def contacts(data: Path | None, workspace: str | None, **asked: Any) -> None:
    with _stopped(asked["file"]):
        _import(_Asked("contacts", **asked), data, workspace)


def _import(asked: _Asked, data: Path | None, workspace: str | None) -> None:
    from frontdesk.cli.imported import tell, warn_of_age
    from frontdesk.cli.logs import log_to_stderr
    from frontdesk.collect.imports.calls import KINDS
    from frontdesk.collect.imports.files import File
    from frontdesk.core.errors import Invalid

    log_to_stderr()
    _refuse_report(asked)
    if asked.file == STDIN:
        click.echo("Standard input cannot be resumed: if this is interrupted, it starts anew.", err=True)
    with opened(data, workspace) as place, closing(File.opened(asked.file, asked.form)) as source:
        work = _work(place, KINDS[asked.kind], data)
        records = source.records(work.kind.columns)  # a file that is none is refused before anything is noted of it
        run = work.begin(_identity(work, asked.file), again=asked.again)
        fault: Invalid | None = None
        if run.finished_at is None:
            try:
                _go_on(run, _watched(source, work.go_on(run, records)))
            except Invalid as error:
                fault = error
            warn_of_age(work.oldest, work.clock(), data)
            _ask_rules(place, work.clock())
        tell(place, run, asked.report, as_json=asked.as_json, fault=fault)


def _ask_rules(place: Opened, now: "datetime") -> None:
    """Rules that wait for a time ask about those who came; a running server does it, or the next that starts."""
    from frontdesk.engage.activation.beginning import begin_for_the_imported

    place.db.write(partial(begin_for_the_imported, workspace_id=place.workspace_id, now=now))


def _refuse_report(asked: _Asked) -> None:
    """Before anything is imported: one that would overwrite the file, or cannot be written."""
    report = asked.report
    if report is None:
        return
    if report.exists() and Path(asked.file).exists() and report.samefile(asked.file):
        raise click.ClickException("The report would overwrite the file that is imported: give it another name.")
    if not report.parent.is_dir():
        raise click.ClickException(f"The report cannot be written: there is no folder {report.parent}.")
    if not os.access(report if report.exists() else report.parent, os.W_OK):
        raise click.ClickException(f"The report cannot be written: {report} may not be changed.")


@contextmanager
def _stopped(file: str) -> Iterator[None]:
    """Ctrl-C, at any time."""
    try:
        yield
    except KeyboardInterrupt:
        after = "it starts anew" if file == STDIN else "it goes on from there"
        raise click.ClickException(f"Stopped; run the same command again and {after}.") from None


def _work(place: Opened, kind: "Kind", data: Path | None) -> "Import":
    from frontdesk.collect.imports.importing import Import
    from frontdesk.collect.senders import server_of
    from frontdesk.core.clock import system_clock

    sender = place.db.read(partial(server_of, workspace_id=place.workspace_id))
    return Import(place.db, store_for_the_past(data), sender, kind, system_clock)


def _identity(work: "Import", file: str) -> tuple[str, str]:
    """The hash and the name of a file; what comes by standard input is new each time."""
    from frontdesk.collect.imports.files import hash_of
    from frontdesk.core.ids import new_id

    return (new_id("stdin", work.clock()), STDIN) if file == STDIN else (hash_of(file), Path(file).name)


def _go_on(run: "Imported", steps: Iterable[int]) -> None:
    if run.records:
        click.echo(f"Going on after {run.records:,} records.", err=True)
    done, told = run.records, iter(steps)
    try:
        while (records := next(told, None)) is not None:
            done = records
    except KeyboardInterrupt:
        click.echo(f"{done:,} records are done.", err=True)
        raise


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
