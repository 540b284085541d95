"""`frontdesk rules`: check rules, try them, make them live."""

import sys
from contextlib import closing
from pathlib import Path

import click

from frontdesk.cli.options import data_option

files_argument = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


@click.group(name="rules", help="Check rules, try them, make them live.")
def command() -> None:
    pass


@command.command(help="Say what is wrong with rules in files; exit code 1 if anything is.")
@files_argument
def lint(files: tuple[Path, ...]) -> None:
    from frontdesk.cli.rule_files import read
    from frontdesk_rules import parse_rules

    _, wrong = read(files, parse_rules)
    for line in wrong:
        click.echo(line)
    if wrong:
        sys.exit(1)
    click.echo(f"{len(files)} {'file is' if len(files) == 1 else 'files are'} fine.")


@command.command(help="Run the `tests:` of rules on a fake clock; exit code 1 if any fails.")
@files_argument
def test(files: tuple[Path, ...]) -> None:
    from frontdesk.cli.rule_files import read
    from frontdesk_rules import parse_rules, run_tests

    rules, wrong = read(files, parse_rules)
    _refuse(wrong)
    results = [(rule.key, result) for _, rule in rules for result in run_tests(rule)]
    for key, result in results:
        click.echo(f"{'pass' if result.passed else 'FAIL'}  {key}: {result.name}")
        if not result.passed:
            click.echo(f"      expected {list(result.expected)}\n      actual   {list(result.actual)}")
    if not all(result.passed for _, result in results):
        sys.exit(1)


@command.command(help="Make the rules in files live; a running server takes them within a second.")
@files_argument
@data_option
@click.option("--workspace", default=None, help="The workspace's id, where an installation has several.")
def apply(files: tuple[Path, ...], data: Path | None, workspace: str | None) -> None:
    from frontdesk.cli import premises, rule_files
    from frontdesk.core.clock import system_clock
    from frontdesk.core.db import open_database
    from frontdesk.core.errors import Declined
    from frontdesk.core.signals import Bus
    from frontdesk.engage.rules import RulesRefused, set_live

    found, wrong = rule_files.read(files, rule_files.written)
    _refuse(wrong or rule_files.twins(found))
    new = [rule.draft for _, rule in found]
    with premises.database_said(), closing(open_database(premises.existing_database(data), Bus())) as db:
        premises.refuse_empty(db.engines.reader)
        try:
            ids = db.write(lambda session: set_live(session, _workspace(session, workspace), new, system_clock()))
        except RulesRefused as error:
            _refuse(rule_files.traced(error.findings, found))
        except Declined as error:
            raise click.ClickException(error.detail) from error
    click.echo(f"{len(ids)} {'rule is' if len(ids) == 1 else 'rules are'} live.")


def _refuse(wrong: list[str]) -> None:
    if wrong:
        raise click.ClickException("\n".join(["nothing was done:", *wrong]))


def _workspace(session: object, named: str | None) -> str:
    from sqlalchemy import select

    from frontdesk.accounts.models import Workspace
    from frontdesk.core.errors import Invalid

    ids = list(session.scalars(select(Workspace.id)))  # type: ignore[attr-defined]  # imported late
    if named in ids:
        return str(named)
    if named is None and len(ids) == 1:
        return str(ids[0])
    raise Invalid(
        "Name the workspace with --workspace." if ids else "There is no workspace yet: run `frontdesk serve`."
    )
