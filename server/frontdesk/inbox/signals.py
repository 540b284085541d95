"""What the inbox announces. Handlers get ids and look the rest up."""

from dataclasses import dataclass
from typing import Literal

Side = Literal["visitor", "teammate"]


@dataclass(frozen=True, slots=True)
class ConversationStarted:
    conversation_id: str
    workspace_id: str
    visitor_id: str


@dataclass(frozen=True, slots=True)
class PartAdded:
    """`kind` decides who may hear of it: see `policy.SHOWN_TO_VISITORS`."""

    conversation_id: str
    workspace_id: str
    visitor_id: str
    part_id: str
    seq: int
    kind: str


@dataclass(frozen=True, slots=True)
class ConversationChanged:
    """`shown`: something that the visitor sees has changed; a note alone does not."""

    conversation_id: str
    workspace_id: str
    visitor_id: str
    shown: bool


@dataclass(frozen=True, slots=True)
class ConversationRead:
    """`by` has read up to `seq`."""

    conversation_id: str
    workspace_id: str
    visitor_id: str
    seq: int
    by: Side


@dataclass(frozen=True, slots=True)
class Typed:
    """Somebody is typing. Never stored: published straight to the bus."""

    conversation_id: str
    workspace_id: str
    visitor_id: str
    by: Side
    name: str


@dataclass(frozen=True, slots=True)
class TeammateNotified:
    """A teammate was told something: push it to their consoles."""

    workspace_id: str
    teammate_id: str
    notification_id: str
