"""`frontdesk rules lint`."""

import sys
from functools import partial
from pathlib import Path

import click

from frontdesk.cli.printing import json_option, print_json
from frontdesk.cli.rules.options import SHAPES, counted, files_argument
from frontdesk.cli.rules.told import Told

_EPILOG = f"""{SHAPES} What is wrong is a finding and would be refused; what speaks against a rule that can be read is a
remark. Teams, teammates and saved texts are looked up by `apply`.

--json prints {{files, findings: [{{file, line, path, rule, reason}}], remarks: [{{file, line, path, rule, code,
text_en, text_zh}}], costs: [{{file, rule, ns}}]}}."""


@click.command(
    cls=Told,
    name="lint",
    help="Say what is wrong with rules in files; exit code 1 if there is anything to say.",
    epilog=_EPILOG,
)
@files_argument
@click.option("--language", type=click.Choice(["en", "zh"]), help="What people read must be said in it.")
@json_option
def command(files: tuple[Path, ...], language: str | None, *, as_json: bool) -> None:
    from frontdesk.cli.rules.files import read, some, written
    from frontdesk_rules import cost_ns, lint_text

    named = some(files)
    rules, wrong = read(named, written)
    sound = list(dict.fromkeys(file for file, _ in rules))
    remarks, _ = read(sound, partial(lint_text, language=language))
    if as_json:
        print_json(
            {
                "files": len(named),
                "findings": [one.to_tree() for one in wrong],
                "remarks": [{"file": str(file), **remark.to_tree()} for file, remark in remarks],
                "costs": [
                    {"file": str(file), "rule": one.draft.rule.key, "ns": cost_ns(one.draft.rule)}
                    for file, one in rules
                ],
            }
        )
    else:
        for line in (*wrong, *(f"{file}:{one.line}: {one.path}: {one.text.en}" for file, one in remarks)):
            click.echo(line)
    if wrong or remarks:
        sys.exit(1)
    if not as_json:
        click.echo(f"{counted(len(named), 'file is', 'files are')} fine.")
