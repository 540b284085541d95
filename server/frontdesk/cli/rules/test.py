"""`frontdesk rules test`."""

import sys
from pathlib import Path
from typing import Any

import click

from frontdesk.cli.printing import json_option, print_json
from frontdesk.cli.rules.options import SHAPES, files_argument
from frontdesk.cli.rules.told import Told

_EPILOG = f"""{SHAPES}

--json prints {{files, passed, untested: [file], tests: [{{file, rule, name, passed, expected, actual}}]}}, or
{{findings: […]}} as `lint` has them."""


@click.command(
    cls=Told,
    name="test",
    help="Run the `tests:` of rules on a fake clock; exit code 1 if any fails.",
    epilog=_EPILOG,
)
@files_argument
@json_option
def command(files: tuple[Path, ...], *, as_json: bool) -> None:
    from frontdesk.cli.rules.files import read, refuse, some
    from frontdesk.engage.rules.texts import tested
    from frontdesk_rules import parse_rules

    named = some(files)
    # each file is read and tried in one step, so that the progress bar is of the time that passes
    results, wrong = read(named, lambda text: list(tested(parse_rules(text))["data"]))
    refuse(wrong, as_json=as_json)
    tried = {file for file, _ in results}
    untested = [str(file) for file in named if file not in tried]
    passed = all(result["passed"] for _, result in results)
    if as_json:
        tests = [{"file": str(file), **result} for file, result in results]
        print_json({"files": len(named), "passed": passed, "untested": untested, "tests": tests})
    else:
        for _, result in results:
            _tell(result)
        for name in untested:
            click.echo(f"{name}: no tests")
    if not passed:
        sys.exit(1)


def _tell(result: dict[str, Any]) -> None:
    click.echo(f"{'pass' if result['passed'] else 'FAIL'}  {result['rule']}: {result['name']}")
    if not result["passed"]:
        click.echo(f"      expected {_flow(result['expected'])}\n      actual   {_flow(result['actual'])}")


def _flow(entries: list[Any]) -> str:
    """As it may be written in a rule."""
    import json

    return json.dumps(entries, ensure_ascii=False)
