"""What a visitor's row says of all of its sessions: how many, and the first and the last source. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from frontdesk.collect.sessions.fold import Run
from frontdesk.core.clock import iso


class Person(Protocol):
    """What of a visitor's row sessions are counted in."""

    id: str
    workspace_id: str
    sessions: int
    page_views: int
    first_touch: dict[str, Any] | None
    last_touch: dict[str, Any] | None


def note(visitor: Person, run: Run) -> None:
    """`run` began or landed after everything else. First touch never changes; the last one that says a source stays."""
    touch = {**run.touch, "at": iso(run.started_at)}
    if run.number == 1:
        visitor.first_touch = touch
    if run.number == 1 or run.touch["channel"] != "direct":
        visitor.last_touch = touch


def note_anew(visitor: Person, runs: Sequence[Run]) -> bool:
    """`runs` are the visitor's last sessions. False where the last touch must be looked for among the earlier ones."""
    for run in runs:
        if run.number == 1 or run.touch["channel"] != "direct":
            note(visitor, run)
    if runs[0].number == 1 or any(run.touch["channel"] != "direct" for run in runs):
        return True
    last = visitor.last_touch
    return last is not None and (last["channel"] == "direct" or _at(last) < runs[0].started_at)


def _at(touch: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(touch["at"])
