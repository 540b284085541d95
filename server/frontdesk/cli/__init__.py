"""`frontdesk …`: one file per noun. Each command imports what it needs when it runs, so that `--help` is instant."""

import click

from frontdesk import __version__
from frontdesk.cli.lazy import Lazy

COMMANDS = {
    "serve": ("frontdesk.cli.serve", "Run Frontdesk."),
    "demo": ("frontdesk.cli.demo", "Run a demo: a shop, a team, live rules, two weeks of history."),
    "migrate": ("frontdesk.cli.migrate", "Bring the database to this version."),
    "key": ("frontdesk.cli.key", "Make API keys, list them, end them."),
    "rules": ("frontdesk.cli.rules", "Check rules, try them, see what they do, make them live."),
    "import": ("frontdesk.cli.importing", "Import events or contacts from a file."),
    "letters": ("frontdesk.cli.letters", "Look at what was refused, and send it again."),
    "outbox": ("frontdesk.cli.outbox", "Look at webhooks and e-mail on their way out."),
    "openapi": ("frontdesk.cli.openapi", "Print the OpenAPI document."),
}


@click.group(cls=Lazy, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="frontdesk")
def main() -> None:
    """In-app messaging and visitor engagement: a probe, rules one can read, a messenger, an inbox."""
