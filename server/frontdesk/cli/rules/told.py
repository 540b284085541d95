"""Commands that answer a script in JSON, also where they cannot do what was asked."""

from typing import Any

import click


class Told(click.Command):
    """With `--json`, a refusal is `{findings: [{file, line, path, rule, reason}]}` on standard output, and exit code 1;
    what cannot be known of it is null. How a command is to be called is told as ever, with exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError:
            raise
        except click.ClickException as error:
            if not ctx.params.get("as_json"):
                raise
            from frontdesk.cli.printing import print_json

            print_json({"findings": _findings(error)})
            ctx.exit(1)


def _findings(error: click.ClickException) -> list[dict[str, Any]]:
    from frontdesk.core.errors import Declined
    from frontdesk.engage.rules.refused import Refused, tree_of

    cause = error.__cause__
    if isinstance(cause, Refused):
        return [{"file": None, **tree_of(finding)} for finding in cause.findings]
    path = cause.field if isinstance(cause, Declined) else None
    return [{"file": None, "path": path or "", "reason": error.message, "line": None, "rule": None}]
