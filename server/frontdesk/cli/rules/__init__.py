"""`frontdesk rules …`: one file per command."""

import click

from frontdesk.cli.lazy import Lazy

COMMANDS = {
    "lint": ("frontdesk.cli.rules.lint", "Say what is wrong with rules, and what speaks against them."),
    "fmt": ("frontdesk.cli.rules.fmt", "Write rules in canonical form."),
    "test": ("frontdesk.cli.rules.test", "Run the tests of rules on a fake clock."),
    "simulate": ("frontdesk.cli.rules.simulate", "Say what a rule would have done."),
    "explain": ("frontdesk.cli.rules.explain", "Say why a rule acts for somebody or does not."),
    "why-nobody": ("frontdesk.cli.rules.why_nobody", "Say where a rule loses the people it might reach."),
    "apply": ("frontdesk.cli.rules.apply", "Make the rules in files live."),
    "pull": ("frontdesk.cli.rules.pull", "Let a folder hold the rules that are live, a file each."),
}


@click.group(name="rules", cls=Lazy, table=COMMANDS, help="Check rules, try them, see what they do, make them live.")
def command() -> None:
    pass
