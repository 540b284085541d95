"""Who sends by which channel."""

from collections.abc import Mapping

from frontdesk.channels import email, webhooks
from frontdesk.channels.connecting import Network
from frontdesk.channels.dispatch import Channel
from frontdesk.core.clock import Clock
from frontdesk.core.config import Settings


def carriers(settings: Settings, clock: Clock) -> Mapping[str, Channel]:
    """Channel → who sends its parcels."""
    network = Network(private_hosts=settings.private_hosts)
    return {
        webhooks.CHANNEL: webhooks.Webhooks(settings, clock, network),
        email.CHANNEL: email.Email(settings.mail, clock),
    }
