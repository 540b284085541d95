"""`frontdesk rules lint`."""

import sys
from pathlib import Path

import click

from frontdesk.cli.rules.options import files_argument


@click.command(name="lint", help="Say what is wrong with rules in files; exit code 1 if anything is.")
@files_argument
def command(files: tuple[Path, ...]) -> None:
    from frontdesk.cli.rules.files import read
    from frontdesk_rules import lint_text

    doubts, wrong = read(files, lint_text)
    for line in (*wrong, *(f"{file}:{one.line}: {one.path}: {one.text.en}" for file, one in doubts)):
        click.echo(line)
    if wrong or doubts:
        sys.exit(1)
    click.echo(f"{len(files)} {'file is' if len(files) == 1 else 'files are'} fine.")
