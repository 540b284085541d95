"""Frontdesk from Python: ``Client(key, host)`` with identify, track, page, group and alias.

No call raises, waits or blocks; batches leave from one background thread.
"""

from frontdesk_sdk.client import Client
from frontdesk_sdk.events import CallOptions
from frontdesk_sdk.ledger import Stats
from frontdesk_sdk.problems import Dropped, Problem
from frontdesk_sdk.settings import Options
from frontdesk_sdk.version import __version__

__all__ = ["CallOptions", "Client", "Dropped", "Options", "Problem", "Stats", "__version__"]
