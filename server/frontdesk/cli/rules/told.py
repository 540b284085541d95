"""Commands that answer a script in JSON, also where they cannot do what was asked."""

from typing import Any

import click


class Told(click.Command):
    """With `--json`, a refusal is `{findings: [{file, line, path, rule, reason}]}` on standard output, and exit code 1;
    what cannot be known of it is null. How a command is to be called is told so, too, with exit code 2."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        as_json = "--json" in args  # nothing else is known of what cannot be read
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            if not as_json:
                raise
            _tell([_finding(error, _named(error))])
            raise click.exceptions.Exit(error.exit_code) from error

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError:
            raise
        except click.ClickException as error:
            if not ctx.params.get("as_json"):
                raise
            _tell(_findings(error))
            ctx.exit(1)


def _tell(findings: list[dict[str, Any]]) -> None:
    from frontdesk.cli.printing import print_json

    print_json({"findings": findings})


def _named(error: click.UsageError) -> str:
    """The option or argument that it is about."""
    param = error.param if isinstance(error, click.BadParameter) else None
    return (param.name if param else getattr(error, "option_name", "").lstrip("-")) or ""


def _findings(error: click.ClickException) -> list[dict[str, Any]]:
    from frontdesk.core.errors import Declined
    from frontdesk.engage.rules.refused import Refused, tree_of

    cause = error.__cause__
    if isinstance(cause, Refused):
        return [{"file": None, **tree_of(finding)} for finding in cause.findings]
    path = cause.field if isinstance(cause, Declined) else None
    return [_finding(error, path or "")]


def _finding(error: click.ClickException, path: str) -> dict[str, Any]:
    return {"file": None, "path": path, "reason": error.format_message(), "line": None, "rule": None}
