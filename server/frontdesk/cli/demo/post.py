"""How the demo's requests reach collect: in groups, as on a busy server. What can wait goes with what cannot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from sqlalchemy.orm import Session

from frontdesk.collect.door.times import LIVE
from frontdesk.collect.requests import Answer, Request
from frontdesk.collect.store import Store

_TOGETHER = LIVE / 2  # a group has one `now`: what is much older than that would seem to come late

Take = Callable[[Answer], None]
"""Who asked, hears the answer."""


@dataclass(slots=True)
class Post:
    """Requests on their way, in the order in which they were sent."""

    store: Store
    _waiting: list[tuple[Request, Take]] = field(default_factory=list)

    def later(self, request: Request, take: Take) -> None:
        """Hand this over with the next group."""
        self._waiting.append((request, take))

    def now(self, session: Session, request: Request, take: Take) -> None:
        """Hand this over, after everything that waits."""
        self._waiting.append((request, take))
        self.deliver(session)

    def deliver(self, session: Session) -> None:
        """Hand over what waits."""
        waiting, self._waiting = self._waiting, []
        while waiting:
            group = _first_group(waiting)
            waiting = waiting[len(group) :]
            answers = self.store(session, [request for request, _ in group])
            for (_, take), answer in zip(group, answers, strict=True):
                take(answer)


def _first_group(waiting: Sequence[tuple[Request, Take]]) -> list[tuple[Request, Take]]:
    until = waiting[0][0].now + _TOGETHER
    return list(takewhile(lambda one: one[0].now <= until, waiting))
