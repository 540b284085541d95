"""What a running server hands to its edges: database, clock, bus, settings."""

from dataclasses import dataclass
from typing import cast

from flask import current_app

from frontdesk.core.clock import Clock
from frontdesk.core.config import Settings
from frontdesk.core.db import Database
from frontdesk.core.signals import Bus


@dataclass(frozen=True, slots=True)
class Runtime:
    db: Database
    clock: Clock
    bus: Bus
    settings: Settings


def runtime() -> Runtime:
    """The runtime of the app that serves this request."""
    return cast(Runtime, current_app.extensions["frontdesk"])
