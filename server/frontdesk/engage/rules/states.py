"""The states of a version, which may follow which, and which versions of a rule may stand side by side."""

from collections.abc import Mapping
from typing import Final

# State → what may follow. A version that was archived stays so: save its text again to bring it back.
MOVES: Final[Mapping[str, frozenset[str]]] = {
    "draft": frozenset({"shadow", "live", "archived"}),
    "shadow": frozenset({"draft", "live", "archived"}),
    "live": frozenset({"paused", "archived"}),
    "paused": frozenset({"live", "archived"}),
    "archived": frozenset(),
}
STATES: Final = tuple(MOVES)

# State → the place that it takes. A rule has one version in each place: who comes there archives who was there.
PLACES: Final[Mapping[str, str]] = {"draft": "draft", "shadow": "shadow", "live": "standing", "paused": "standing"}

# What is compiled: a paused version, too, so that a timer which fires meanwhile is told apart from one of nobody.
RUNNING: Final = ("live", "shadow", "paused")

# The version that a rule is shown by: the one that stands, else the next to stand; of archived ones, the newest.
LEADING: Final = ("standing", "shadow", "draft")


def may_follow(state: str, following: str) -> bool:
    """
    >>> may_follow("shadow", "live"), may_follow("archived", "live")
    (True, False)
    """
    return following in MOVES[state]


def nearer(state: str, other: str) -> bool:
    """Whether a version in `state` is nearer to standing than one in `other` would be.

    >>> nearer("live", "draft"), nearer("draft", "shadow")
    (True, False)
    """
    return LEADING.index(PLACES[state]) < LEADING.index(PLACES[other])
