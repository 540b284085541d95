"""Namespaces and rooms. The server alone puts a socket into a room; nothing that a client sends names one."""

from dataclasses import dataclass
from typing import Any

MESSENGER = "/messenger"
CONSOLE = "/console"

Room = tuple[str, str]
"""(namespace, room)."""


def visitor_room(visitor_id: str) -> str:
    return f"visitor:{visitor_id}"


def workspace_room(workspace_id: str) -> str:
    return f"workspace:{workspace_id}"


def teammate_room(teammate_id: str) -> str:
    return f"teammate:{teammate_id}"


@dataclass(frozen=True, slots=True)
class Push:
    """One event to one room. A hint: whoever misses it finds the truth over HTTP."""

    namespace: str
    room: str
    event: str
    payload: dict[str, Any]


def to_visitor(visitor_id: str, event: str, payload: dict[str, Any]) -> Push:
    return Push(MESSENGER, visitor_room(visitor_id), event, payload)


def to_workspace(workspace_id: str, event: str, payload: dict[str, Any]) -> Push:
    return Push(CONSOLE, workspace_room(workspace_id), event, payload)


def to_teammate(teammate_id: str, event: str, payload: dict[str, Any]) -> Push:
    return Push(CONSOLE, teammate_room(teammate_id), event, payload)
