"""What a rule does: frozen values, carried out by whoever holds the database. `reading.actions` has their rows.

`shown` says that the person sees it: consent, a conversation going on, caps and quiet hours hold only those, by their
`message_class`.
"""

from __future__ import annotations

from typing import Final, Protocol

from frontdesk_rules.words import Words

MESSAGE_CLASSES: Final = ("marketing", "onboarding", "support", "transactional")
MESSAGE_KINDS: Final = ("chat", "post", "banner", "modal")
STRATEGIES: Final = ("least_busy",)
NAME_PATTERN: Final = r"^[a-z0-9][a-z0-9_-]{0,62}$"
TAG_PATTERN: Final = r"^\S(.{0,62}\S)?$"
LONGEST_MESSAGE: Final = 2_000


class Action(Protocol):
    """One thing to do."""

    @property
    def name(self) -> str: ...

    @property
    def shown(self) -> bool: ...

    def to_tree(self) -> dict[str, object]: ...

    def words(self) -> Words: ...


class Shown(Action, Protocol):
    @property
    def message_class(self) -> str: ...


def class_of(action: Action) -> str | None:
    """The message class of what is shown or sent to the person; None for everything else."""
    return getattr(action, "message_class", None) if action.shown else None


def of_conversation(action: Action) -> bool:
    """Whether it is done to the conversation at hand, and cannot be where there is none."""
    return action.name in _OF_CONVERSATION


_OF_CONVERSATION: Final = frozenset({"assign", "close"})


def titled(name: str | None) -> str:
    words = (name or "").replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59].rstrip() + "…"  # noqa: PLR2004 - a line of a list
