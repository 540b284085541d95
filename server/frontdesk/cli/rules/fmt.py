"""`frontdesk rules fmt`."""

import sys
from pathlib import Path

import click

from frontdesk.cli.printing import json_option, print_json
from frontdesk.cli.rules.options import SHAPES, files_argument
from frontdesk.cli.rules.told import Told

_EPILOG = f"""{SHAPES} If one of them cannot be read, none is written.

--json prints {{files, changed: [file], written}}, or {{findings: […]}} as `lint` has them."""


@click.command(
    cls=Told,
    name="fmt",
    help="Write rules in canonical form, comments kept; with --check, only say which files are not.",
    epilog=_EPILOG,
)
@files_argument
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 if anything would be changed.")
@json_option
def command(files: tuple[Path, ...], *, check: bool, as_json: bool) -> None:
    from frontdesk.cli.rules.files import read, refuse, some
    from frontdesk_rules import fmt as formatted

    named = some(files)
    texts, wrong = read(named, lambda text: [(text, formatted(text))])
    refuse(wrong, as_json=as_json)
    changed = [(file, after) for file, (before, after) in texts if before != after]
    for file, after in changed:
        if not as_json:
            click.echo(f"{file} is {'not in canonical form' if check else 'formatted'}.")
        if not check:
            file.write_text(after, encoding="utf-8")
    if as_json:
        print_json({"files": len(named), "changed": [str(file) for file, _ in changed], "written": not check})
    if check and changed:
        sys.exit(1)
