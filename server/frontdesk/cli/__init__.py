"""`frontdesk …`: one file per noun. Each command imports what it needs when it runs, so that `--help` is instant."""

import importlib

import click

from frontdesk import __version__

COMMANDS = {
    "serve": ("frontdesk.cli.serve", "Run Frontdesk."),
    "demo": ("frontdesk.cli.demo", "Run a demo: a shop, a team, live rules, two weeks of history."),
    "migrate": ("frontdesk.cli.migrate", "Bring the database to this version."),
    "key": ("frontdesk.cli.key", "Make API keys, list them, end them."),
    "rules": ("frontdesk.cli.rules", "Check rules, try them, make them live."),
    "import": ("frontdesk.cli.importing", "Import events or contacts from a file."),
    "letters": ("frontdesk.cli.letters", "Look at what was refused, and send it again."),
    "openapi": ("frontdesk.cli.openapi", "Print the OpenAPI document."),
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="frontdesk")
def main() -> None:
    """In-app messaging and visitor engagement: a probe, rules one can read, a messenger, an inbox."""
