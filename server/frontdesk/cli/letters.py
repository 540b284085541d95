"""`frontdesk letters`: what was refused, and sending it again."""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.logs import log_to_stderr
from frontdesk.cli.moments import Moment
from frontdesk.cli.opening import Opened, opened, store_for_the_past, workspace_option
from frontdesk.cli.options import data_option
from frontdesk.cli.printing import json_option, print_json, print_table
from frontdesk.collect.refusals import Rejected

if TYPE_CHECKING:
    from frontdesk.collect.keeping.letters import Which
    from frontdesk.collect.keeping.replaying import Replayed

code_option = click.option(
    "--code", type=click.Choice([code.value for code in Rejected]), default=None, help="Those of one code."
)
since_option = click.option("--since", type=Moment(), default=None, help="Received since: 7d, 12h, or 2026-03-01.")


@click.group(name="letters", help="Look at what was refused, and send it again.")
def command() -> None:
    pass


@command.command(name="list", help="List refused items, newest first.")
@code_option
@since_option
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--waiting", is_flag=True, help="Leave out those that were sent again.")
@json_option
@data_option
@workspace_option
def list_them(
    code: str | None,
    since: datetime | None,
    limit: int,
    waiting: bool,  # noqa: FBT001  click passes flags by name
    as_json: bool,  # noqa: FBT001  click passes flags by name
    **where: Any,
) -> None:
    from frontdesk.collect.keeping.letters import Which, dump_letter, letters

    with opened(**where) as place:
        which = Which(place.workspace_id, code, since, False if waiting else None)
        rows = place.db.read(lambda session: [dump_letter(row) for row in letters(session, which, limit, None)[0]])
    print_json(rows) if as_json else print_table(
        rows, ("received_at", "id", "code", "field", "detail", "replayed_at"), nothing="Nothing was refused."
    )


@command.command(help="Print one refused item with its body, and what its batch said for all.")
@click.argument("letter_id")
@data_option
@workspace_option
def show(letter_id: str, **where: Any) -> None:
    from frontdesk.collect.keeping.letters import dump_whole, letter

    with opened(**where) as place:
        row = place.db.read(lambda session: letter(session, place.workspace_id, letter_id))
    print_json(dump_whole(row))


@command.command(help="Send refused items again; exit code 1 if any is refused again. Those stay as they are.")
@click.option("--id", "ids", multiple=True, help="This letter; may be given several times.")
@code_option
@click.option("--all", "everything", is_flag=True, help="All that wait.")
@since_option
@json_option
@data_option
@workspace_option
def replay(
    ids: tuple[str, ...],
    code: str | None,
    everything: bool,  # noqa: FBT001  click passes flags by name
    since: datetime | None,
    as_json: bool,  # noqa: FBT001  click passes flags by name
    **where: Any,
) -> None:
    from frontdesk.collect.keeping.letters import Which
    from frontdesk.collect.keeping.replaying import Replaying
    from frontdesk.core.clock import system_clock

    log_to_stderr()
    if [bool(ids), code is not None, everything].count(True) != 1:
        raise click.UsageError("Say which: --id, --code, or --all.")
    with opened(**where) as place:
        which = Which(place.workspace_id, code, since, replayed=False)
        sending = Replaying(place.db, place.workspace_id, store_for_the_past(where["data"]), system_clock)
        told = list(sending.replay(_groups(place, which, ids)))
    counts = Counter(one.outcome for one in told)
    if as_json:
        print_json({**_counted(counts), "letters": [_dumped(one) for one in told]})
    else:
        print_table(
            [asdict(one) for one in told], ("letter_id", "outcome", "code", "field", "detail"), "Nothing waits."
        )
        click.echo(", ".join(f"{count} {outcome}" for outcome, count in _counted(counts).items()))
    if counts["refused"]:
        sys.exit(1)


def _dumped(told: "Replayed") -> dict[str, Any]:
    return asdict(told) | {"left_out": [one.on_the_wire() for one in told.left_out]}


def _counted(counts: "Counter[str]") -> dict[str, int]:
    return {outcome: counts[outcome] for outcome in ("stored", "duplicate", "dropped", "refused", "gone")}


def _groups(place: Opened, which: "Which", ids: tuple[str, ...]) -> Iterator[list[str]]:
    """Ids in the order in which they came, as many as go into one transaction."""
    from frontdesk.collect.keeping.letters import named, waiting
    from frontdesk.collect.keeping.replaying import TOGETHER

    if ids:
        known = place.db.read(partial(named, workspace_id=place.workspace_id, ids=ids))
        yield from (known[at : at + TOGETHER] for at in range(0, len(known), TOGETHER))
        return
    after: tuple[datetime, str] | None = None
    while found := place.db.read(partial(waiting, which=which, after=after, limit=TOGETHER)):
        yield [letter_id for _, letter_id in found]
        after = found[-1]
