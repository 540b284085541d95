"""`frontdesk rules`: check rules, try them, make them live."""

import sys
from pathlib import Path

import click

from frontdesk.cli.opening import opened, workspace_option
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
    from frontdesk_rules import lint_text

    doubts, wrong = read(files, lint_text)
    for line in (*wrong, *(f"{file}:{one.line}: {one.path}: {one.text.en}" for file, one in doubts)):
        click.echo(line)
    if wrong or doubts:
        sys.exit(1)
    click.echo(f"{len(files)} {'file is' if len(files) == 1 else 'files are'} fine.")


@command.command(help="Write rules in canonical form, comments kept; with --check, only say which files are not.")
@files_argument
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 if anything would be changed.")
def fmt(files: tuple[Path, ...], *, check: bool) -> None:
    from frontdesk.cli.rule_files import read
    from frontdesk_rules import fmt as formatted

    texts, wrong = read(files, lambda text: [(text, formatted(text))])
    _refuse(wrong)
    changed = [(file, after) for file, (before, after) in texts if before != after]
    for file, after in changed:
        click.echo(f"{file} is {'not in canonical form' if check else 'formatted'}.")
        if not check:
            file.write_text(after, encoding="utf-8")
    if check and changed:
        sys.exit(1)


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
@workspace_option
def apply(files: tuple[Path, ...], data: Path | None, workspace: str | None) -> None:
    from frontdesk.cli import rule_files
    from frontdesk.core.clock import system_clock
    from frontdesk.engage.rules.saving import RulesRefused, set_live

    found, wrong = rule_files.read(files, rule_files.written)
    _refuse(wrong or rule_files.twins(found))
    new = [rule.draft for _, rule in found]
    with opened(data, workspace) as place:
        try:
            ids = place.db.write(lambda session: set_live(session, place.workspace_id, new, system_clock()))
        except RulesRefused as error:
            _refuse(rule_files.traced(error.findings, found))
    click.echo(f"{len(ids)} {'rule is' if len(ids) == 1 else 'rules are'} live.")


def _refuse(wrong: list[str]) -> None:
    if wrong:
        raise click.ClickException("\n".join(["nothing was done:", *wrong]))
