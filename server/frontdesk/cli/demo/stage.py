"""Time in the demo's history: scenes that say when they go on, and a stage that lets the earliest go first."""

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from itertools import count

from sqlalchemy.orm import Session

Scene = Generator[datetime, Session, None]
"""Yields the moment at which it wants to go on, and is then sent the session of that moment."""


@dataclass(slots=True)
class Stage:
    """`now` is the moment that was played last. What two scenes do at one moment, they do in the order of entry."""

    now: datetime
    _waiting: list[tuple[datetime, int, Scene]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    def enter(self, scene: Scene) -> None:
        """Let a scene begin, at the moment that it asks for first."""
        self._await(next(scene, None), scene)

    def play(self, session: Session, most: int) -> bool:
        """Play up to `most` moments; whether there are more."""
        for _ in range(most):
            if not self._waiting:
                return False
            self.now, _, scene = heappop(self._waiting)
            self._await(_next(scene, session), scene)
        return bool(self._waiting)

    def _await(self, at: datetime | None, scene: Scene) -> None:
        if at is not None:
            heappush(self._waiting, (at, next(self._numbers), scene))


def _next(scene: Scene, session: Session) -> datetime | None:
    """When the scene wants to go on; None when it is over."""
    try:
        return scene.send(session)
    except StopIteration:
        return None
