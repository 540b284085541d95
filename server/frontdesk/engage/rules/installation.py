"""What an installation can do beside the release: letters by a mail server, webhooks where we may connect to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from frontdesk.channels import addresses
from frontdesk.channels.addresses import AddressRefused
from frontdesk.core.config import Settings
from frontdesk_rules import Finding, Rule, spelled
from frontdesk_rules.language.deeds import Webhook
from frontdesk_rules.language.messages import Email

_NO_LETTERS: Final = "no e-mail can be sent from here: FRONTDESK_SMTP_URL is not set"


@dataclass(frozen=True, slots=True)
class Installation:
    """`letters`: there is a mail server. `private_hosts`: those of its own network that webhooks may reach."""

    letters: bool = False
    private_hosts: frozenset[str] = frozenset()

    def refusals(self, rules: Iterable[Rule]) -> list[Finding]:
        """A finding for every action that could never be carried out here."""
        return [finding for rule in rules for finding in self._of(rule)]

    def _of(self, rule: Rule) -> Iterator[Finding]:
        for path, action in rule.actions():
            if isinstance(action, Email) and not self.letters:
                yield Finding(spelled((*path, action.name)), _NO_LETTERS, rule=rule.key)
            if isinstance(action, Webhook):
                try:
                    addresses.read(action.url, self.private_hosts)
                except AddressRefused as error:
                    yield Finding(spelled((*path, action.name, "url")), str(error), rule=rule.key)


BARE: Final = Installation()
"""Without settings: no letters, no private hosts."""


def installation(settings: Settings) -> Installation:
    """The installation that has these settings."""
    return Installation(settings.mail is not None, settings.private_hosts)
