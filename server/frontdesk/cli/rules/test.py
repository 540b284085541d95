"""`frontdesk rules test`."""

import sys
from pathlib import Path

import click

from frontdesk.cli.rules.options import files_argument, refuse


@click.command(name="test", help="Run the `tests:` of rules on a fake clock; exit code 1 if any fails.")
@files_argument
def command(files: tuple[Path, ...]) -> None:
    from frontdesk.cli.rules.files import read
    from frontdesk_rules import parse_rules, run_tests

    rules, wrong = read(files, parse_rules)
    refuse(wrong)
    results = [(rule.key, result) for _, rule in rules for result in run_tests(rule)]
    for key, result in results:
        click.echo(f"{'pass' if result.passed else 'FAIL'}  {key}: {result.name}")
        if not result.passed:
            click.echo(f"      expected {list(result.expected)}\n      actual   {list(result.actual)}")
    if not all(result.passed for _, result in results):
        sys.exit(1)
