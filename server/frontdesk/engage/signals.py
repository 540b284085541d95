"""What engage announces, once it is durable."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RulesChanged:
    """A rule of this workspace went live, was replaced, paused or archived."""

    workspace_id: str


@dataclass(frozen=True, slots=True)
class DeliveryQueued:
    """A message waits for this visitor: push it to a socket, if there is one."""

    workspace_id: str
    visitor_id: str
    delivery_id: str


@dataclass(frozen=True, slots=True)
class DeliveryMoved:
    """A delivery was seen, clicked, dismissed or replied to."""

    workspace_id: str
    visitor_id: str
    delivery_id: str
    state: str
