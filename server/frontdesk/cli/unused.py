"""Libraries that others load for no other reason than that they are installed; a server never uses them.

Socket.IO's package brings its clients along, the log's package its coloured console, smorest a YAML document. Together
they cost a start a second and 25 MB on a machine that has the development packages, as one that shares its environment
with other programs may have.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

UNUSED = ("aiohttp", "requests", "websocket", "kombu", "kafka", "zmq", "aio_pika", "valkey", "tornado", "yaml")
"""Looked for by flask-socketio and flask-smorest, which do without."""
HOLLOW = ("ua_parser.user_agent_parser",)
"""Loaded by user-agents for its own `parse`, which we never call: its 1,000 expressions cost a start 0.4 s."""
CONSOLE = ("rich", "colorama", "better_exceptions")
"""Looked for by structlog, whose lines are JSON here."""


@contextmanager
def without(*names: str) -> Iterator[None]:
    """What is imported meanwhile finds none of these packages, as if they were not installed; or finds them hollow."""
    names = tuple(name for name in names if name not in sys.modules)
    modules: dict[str, Any] = {name: ModuleType(name) if name in HOLLOW else None for name in names}
    sys.modules.update(modules)  # None there is Python's own way to say: not to be found
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]
