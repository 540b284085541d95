"""What became of an imported file, told to whoever imported it."""

import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.opening import Opened
from frontdesk.cli.printing import print_json

if TYPE_CHECKING:
    from frontdesk.collect.imports.progress import Imported
    from frontdesk.core.errors import Invalid

_SHOWN = 20  # lines on a terminal; a report has them all


@dataclass(frozen=True, slots=True)
class _Telling:
    """How it stood with the file before this command, and how it stands now."""

    place: Opened
    before: "Imported"
    now: "Imported"
    report: Path | None
    fault: "Invalid | None"

    @property
    def imported_before(self) -> bool:
        return self.before.finished_at is not None

    @property
    def refused(self) -> int:
        return sum(self.now.refused.values())

    def counts(self) -> dict[str, Any]:
        """A file that was imported before is told as what it is now: nothing but duplicates."""
        now, again = self.now, self.imported_before
        return {
            "records": now.records,
            "taken": 0 if again else now.taken,
            "duplicates": now.duplicates + (now.taken if again else 0),
            "dropped": now.dropped,
            "refused": now.refused,
            "left_out": now.noted,
            "resumed_after": 0 if again else self.before.records,
            "imported_before": again,
            "fault": self.fault.detail if self.fault else None,
        }


def tell(
    place: Opened, before: "Imported", report: Path | None, *, as_json: bool, fault: "Invalid | None" = None
) -> None:
    """Ends with exit code 1 where a line was refused, or a `fault` kept the file from being read to its end."""
    from functools import partial

    from frontdesk.collect.imports import progress

    now = place.db.read(partial(progress.imported, run_id=before.run_id))
    telling = _Telling(place, before, now, report, fault)
    if report:
        _write_report(telling, report)
    _print_json(telling) if as_json else _print(telling)
    if fault:
        click.echo(
            f"Error: {fault.detail} What came before is imported; import the whole file, and nothing is stored twice.",
            err=True,
        )
    if fault or telling.refused:
        sys.exit(1)


def warn_of_age(oldest: datetime | None, now: datetime, data: Path | None) -> None:
    """Nobody should import years only to see them deleted within the hour, and wonder."""
    from frontdesk.cli.premises import settings_of

    days = settings_of(data).retention.events
    if oldest and oldest < now - timedelta(days=days):
        click.echo(
            f"Events are kept for {days} days, and some of these are older: a running server deletes them within the "
            "hour. Set FRONTDESK_RETENTION_EVENTS_DAYS to keep them.",
            err=True,
        )


def _write_report(telling: _Telling, report: Path) -> None:
    import orjson

    from frontdesk.collect.imports.progress import refusals

    def write(session: Any) -> None:
        with report.open("wb") as file:
            for row in refusals(session, telling.now.run_id):
                file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))

    try:
        telling.place.db.read(write)
    except OSError as error:
        click.echo(f"The report cannot be written: {error.strerror}: {report}.", err=True)


def _print_json(telling: _Telling) -> None:
    from frontdesk.collect.imports.progress import LEFT_OUT, refusals

    rows = telling.place.db.read(lambda session: list(refusals(session, telling.now.run_id)))
    told = {
        "refusals": [row for row in rows if row["code"] != LEFT_OUT],
        "notes": [row for row in rows if row["code"] == LEFT_OUT],
    }
    print_json(telling.counts() | told)


def _print(telling: _Telling) -> None:
    counts, now = telling.counts(), telling.now
    if telling.imported_before:
        click.echo("This very file was imported before: nothing was done. --again imports it once more.")
    elif not now.records and not telling.fault:
        click.echo("The file is empty.")
    skipped = "".join(f", {count:,} left out ({reason})" for reason, count in now.dropped.items())
    click.echo(f"{counts['taken']:,} taken, {counts['duplicates']:,} duplicates{skipped}, {telling.refused:,} refused.")
    if now.noted:
        click.echo(f"{now.noted:,} of the lines taken hold values that cannot be kept.")
    if now.refused:
        click.echo("  " + ", ".join(f"{count:,} {code}" for code, count in sorted(now.refused.items())))
    _print_lines(telling)


def _print_lines(telling: _Telling) -> None:
    from frontdesk.collect.imports.progress import refusals

    def first(session: Any) -> list[dict[str, Any]]:
        return list(islice(refusals(session, telling.now.run_id), _SHOWN))

    for row in telling.place.db.read(first):
        click.echo(f"  line {row['line']}: {row['field'] or row['code']}: {row['detail']}")
    rest = telling.refused + telling.now.noted - _SHOWN
    if rest > 0:
        more = f"all of them are in {telling.report}" if telling.report else "--report FILE writes all of them"
        click.echo(f"  … and {rest:,} more; {more}.")
