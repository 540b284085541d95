"""What a decision asks about the past of one person, and the ids that it counts by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing that was shown or sent to the person, for caps to count."""

    at: datetime
    message_class: str | None
    session: str | None = None
    conversation: str | None = None


class Memory(Protocol):
    """What the past says of one person, under all ids."""

    @property
    def conversation_open(self) -> bool:
        """Whether a conversation is going on."""

    @property
    def has_address(self) -> bool:
        """Whether there is an address that a letter to the person may be sent to."""

    def acted(self, rule_id: str, repeat_key: str, /) -> datetime | None:
        """When a rule last acted, or held the person out, under a repeat key."""

    def refuses(self, message_class: str, /) -> bool:
        """Whether the person must not be sent messages of this class."""

    def shown(self, since: datetime, /) -> Iterable[Shown]:
        """What was shown or sent after an instant."""

    def taken(self, group: str, at: datetime, /) -> str | None:
        """The rule that has the slot of an exclusive group among those that the clock brought at this instant."""


@dataclass(frozen=True, slots=True)
class Whom:
    """The ids a repeat is counted by. After a merge, `person` is the id first seen, so that no one changes arm."""

    person: str
    session: str | None = None
    conversation: str | None = None
