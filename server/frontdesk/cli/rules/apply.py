"""`frontdesk rules apply`."""

import sys
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.opening import Opened, opened, workspace_option
from frontdesk.cli.options import data_option
from frontdesk.cli.printing import json_option
from frontdesk.cli.rules.options import SHAPES, files_argument
from frontdesk.cli.rules.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frontdesk.cli.rules.files import Written
    from frontdesk.engage.rules.planning import Change
    from frontdesk.engage.rules.saving import Draft, Wanted
    from frontdesk.engage.rules.versions import Edit

_EPILOG = f"""{SHAPES} The plan is shown first, and on a terminal it is asked whether to go on; off a terminal
--prune needs --yes. Everything is applied, or, if anything is wrong, nothing.

What was applied is managed by git: over the API it can be paused and resumed, and not changed. With --unmanage it is
applied and given free. A rule that somebody paused stays paused, also with a new text, unless --resume is said; one
that is archived stays archived, whatever its file says, unless --revive is said.

--json prints {{plan: [{{rule, change, version, before, after, diff}}], applied}}, or {{findings: […]}} as `lint` has
them; change is new, changed, moved, revived, adopted, released, unchanged or archived."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an operator asks of `apply`."""

    yes: bool
    dry_run: bool
    resume: bool
    revive: bool
    prune: bool
    unmanage: bool
    state: str
    as_json: bool


def _options(function: Any) -> Any:
    for decorate in (
        workspace_option,
        data_option,
        json_option,
        click.option("--yes", is_flag=True, help="Do not ask."),
        click.option("--dry-run", is_flag=True, help="Only show the plan; exit code 1 if anything would change."),
        click.option(
            "--state",
            type=click.Choice(["draft", "shadow", "live"]),
            default="live",
            show_default=True,
            help="What they become.",
        ),
        click.option("--resume", is_flag=True, help="Set rules live that somebody paused."),
        click.option("--revive", is_flag=True, help="Bring rules back that are archived."),
        click.option("--prune", is_flag=True, help="Archive what git manages and stands in none of the files."),
        click.option("--unmanage", is_flag=True, help="Let the API change these rules from now on."),
        files_argument,
    ):
        function = decorate(function)
    return function


@click.command(
    cls=Told,
    name="apply",
    help="Make the rules in files live; a running server takes them within a second.",
    epilog=_EPILOG,
)
@_options
def command(files: tuple[Path, ...], data: Path | None, workspace: str | None, **asked: Any) -> None:
    from frontdesk.cli.rules.files import expanded, read, refuse, twins, written
    from frontdesk.cli.rules.plans import tell
    from frontdesk.engage.rules.saving import Wanted

    how = _Asked(**asked)
    _refuse_pruning_unasked(how)
    found, wrong = read(expanded(files), written)
    refuse(wrong or twins(found), as_json=how.as_json)
    new = [rule.draft for _, rule in found]
    wanted = Wanted(how.state, keep=not how.resume, bury=not how.revive, prune=how.prune)
    with opened(data, workspace) as place, _told(found, as_json=how.as_json):
        work = _Work(place, _edit(place, how, data), new, wanted)
        changes, revision = work.plan()
        changing = any(change.changes for change in changes)
        if not how.as_json:
            tell(changes)
            if how.dry_run and not changing:
                click.echo("Nothing would change.")
        if how.dry_run:
            _end(changes, how, applied=False)
            sys.exit(1 if changing else 0)
        if changing and not how.yes and sys.stdin.isatty():
            click.confirm("Apply this?", abort=True, err=how.as_json)
        work.apply(revision)
    _end(changes, how, applied=True)


def _refuse_pruning_unasked(how: _Asked) -> None:
    """A folder that is empty by mistake would archive everything, and off a terminal nobody sees the plan first."""
    if how.prune and not (how.yes or how.dry_run or sys.stdin.isatty()):
        raise click.ClickException(
            "nothing was done: --prune archives rules, and there is nobody to ask here. Say --yes too, or --dry-run to "
            "see the plan."
        )


@dataclass(frozen=True, slots=True)
class _Work:
    place: Opened
    edit: "Edit"
    new: "Sequence[Draft]"
    wanted: "Wanted"

    def plan(self) -> "tuple[list[Change], int]":
        """What would change, and the revision of the rules that this is said of."""
        from frontdesk.engage.rules.planning import plan
        from frontdesk.engage.rules.versions import revision

        def job(session: Any) -> "tuple[list[Change], int]":
            at = revision(session, self.edit.workspace_id)
            return plan(session, self.edit, self.new, self.wanted), at

        return self.place.db.read(job)

    def apply(self, planned_at: int) -> None:
        from frontdesk.core.errors import Conflict
        from frontdesk.engage.rules.saving import put
        from frontdesk.engage.rules.versions import lock, revision

        def job(session: Any) -> None:
            lock(session, self.edit.workspace_id)
            if revision(session, self.edit.workspace_id) != planned_at:
                raise Conflict("Nothing was done: somebody changed the rules since the plan was made.")
            put(session, self.edit, self.new, self.wanted)

        self.place.db.write(job)


def _edit(place: Opened, how: _Asked, data: Path | None) -> "Edit":
    from frontdesk.cli.premises import settings_of
    from frontdesk.core.clock import system_clock
    from frontdesk.engage.rules.installation import installation
    from frontdesk.engage.rules.versions import API, GIT, Edit

    origin, at_home = API if how.unmanage else GIT, installation(settings_of(data))
    return Edit(place.workspace_id, system_clock(), origin=origin, over_git=True, at_home=at_home)


@contextmanager
def _told(found: "Sequence[tuple[Path, Written]]", *, as_json: bool) -> "Iterator[None]":
    """What only the database can tell is wrong, with file and line."""
    from frontdesk.cli.rules.files import refuse, traced
    from frontdesk.engage.rules.refused import RulesRefused

    try:
        yield
    except RulesRefused as error:
        refuse(traced(error.findings, found), as_json=as_json)


def _end(changes: "Sequence[Change]", how: _Asked, *, applied: bool) -> None:
    from frontdesk.cli.printing import print_json
    from frontdesk.cli.rules.options import counted

    if how.as_json:
        print_json({"plan": [change.to_tree() for change in changes], "applied": applied})
    elif applied:
        there = sum(change.after == how.state for change in changes)
        state = {"draft": "kept as drafts", "shadow": "in shadow", "live": "live"}[how.state]
        click.echo(f"{counted(there, 'rule is', 'rules are')} {state}.")
