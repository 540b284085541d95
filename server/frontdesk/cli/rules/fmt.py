"""`frontdesk rules fmt`."""

import sys
from pathlib import Path

import click

from frontdesk.cli.rules.options import files_argument, refuse


@click.command(
    name="fmt", help="Write rules in canonical form, comments kept; with --check, only say which files are not."
)
@files_argument
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 if anything would be changed.")
def command(files: tuple[Path, ...], *, check: bool) -> None:
    from frontdesk.cli.rules.files import read
    from frontdesk_rules import fmt as formatted

    texts, wrong = read(files, lambda text: [(text, formatted(text))])
    refuse(wrong)
    changed = [(file, after) for file, (before, after) in texts if before != after]
    for file, after in changed:
        click.echo(f"{file} is {'not in canonical form' if check else 'formatted'}.")
        if not check:
            file.write_text(after, encoding="utf-8")
    if check and changed:
        sys.exit(1)
