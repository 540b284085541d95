"""Sessions are a pure fold over what one person did, in the order of (when it happened, message id).

An event goes on with the session before it unless that was idle for 30 minutes, began 24 hours ago, or the event is a
page that a new campaign brought. So the same events make the same sessions in whatever order they arrive.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from frontdesk.collect.sessions.policy import IDLE, LONGEST, MOST_PATHS
from frontdesk.collect.sources.touches import DIRECT, Touch, campaign_of, identity_of


@dataclass(slots=True)
class Mark:
    """What sessions need to know of an event. `touch` is the source that it names, if it names one.

    `event_id` and `session_id` are those of an event that is stored already.
    """

    at: datetime
    message_id: str
    is_page: bool = False
    url: str | None = None
    path: str | None = None
    touch: Touch | None = None
    dwell_ms: int = 0
    event_id: str | None = None
    session_id: str | None = None

    @property
    def lands(self) -> bool:
        """Whether it tells where its person is or came from, as the first such event of a session does for it."""
        return self.path is not None or self.touch is not None


in_order = attrgetter("at", "message_id")


@dataclass(slots=True)
class Run:
    """A session: its row, and the state of the fold. `touch`, `landing_path` and `landed_at` are its landing's."""

    started_at: datetime
    last_at: datetime
    number: int
    touch: Touch = field(default_factory=lambda: dict(DIRECT))
    landing_path: str | None = None
    landed_at: datetime | None = None
    page_views: int = 0
    events: int = 0
    dwell: dict[str, int] = field(default_factory=dict)
    id: str = ""
    workspace_id: str = ""
    person_id: str = ""


class Step(NamedTuple):
    """The session of an event, and the visible time on its path that was known of that session before it."""

    run: Run
    dwell_before_ms: int


def cut(marks: Iterable[Mark], before: int = 0) -> list[tuple[Run, list[Mark]]]:
    """The sessions of `marks`, which are in order, each with its own; `before` is how many the person had earlier."""
    runs: list[tuple[Run, list[Mark]]] = []
    for mark in marks:
        last = runs[-1][0] if runs else None
        run = extend(last, mark, before)
        if run is not last:
            runs.append((run, []))
        runs[-1][1].append(mark)
    return runs


def extend(last: Run | None, mark: Mark, before: int = 0) -> Run:
    """The session of `mark`, which comes after all of `last`: that one, grown, or the next."""
    if last is None or _ends(last, mark):
        last = Run(mark.at, mark.at, (last.number if last else before) + 1)
    grow(last, mark)
    return last


def follow(runs: list[Run], marks: Sequence[Mark], before: int = 0, *, joined: bool = False) -> list[Step] | None:
    """Extend `runs`, the last one of a person if there is one, by `marks`, which are in order; None where they come
    too late, unless late ones are to be `joined` to the last session as it is.

    What lies within the last session can be taken as well, where it makes no difference before which event it came.
    """
    run = runs[-1] if runs else None
    ahead = run is None
    steps: list[Step] = []
    for mark in marks:
        known = run.dwell.get(mark.path, 0) if run and mark.path else 0
        if ahead or run is None or mark.at > run.last_at:
            ahead = True  # once one came after everything, so do those behind it
            following = extend(run, mark, before)
            if following is not run:
                runs.append(following)
                run, known = following, 0
        elif joined or _absorbs(run, mark):
            grow(run, mark)
        else:
            return None
        steps.append(Step(run, known))
    return steps


def grow(run: Run, mark: Mark) -> None:
    """Count `mark` in. The first event with a page or a source is the landing; visible time on a path only grows."""
    run.events += 1
    run.last_at = max(run.last_at, mark.at)
    if mark.is_page:
        run.page_views += 1
    if mark.lands and run.landed_at is None:
        _land(run, mark)
    if mark.path is not None and mark.dwell_ms > run.dwell.get(mark.path, 0):
        _dwell(run, mark.path, mark.dwell_ms)


def _ends(run: Run, mark: Mark) -> bool:
    return mark.at - run.last_at > IDLE or mark.at - run.started_at > LONGEST or _campaigns(run, mark)


def _campaigns(run: Run, mark: Mark) -> bool:
    """Whether a campaign other than the session's own brought the person back. Before its landing there is none."""
    if not mark.is_page or mark.touch is None or run.landed_at is None:
        return False
    campaign = campaign_of(mark.touch)
    return campaign is not None and campaign != identity_of(run.touch)


def _absorbs(run: Run, mark: Mark) -> bool:
    """Whether `mark` lies within the session and would cut it nowhere, nor be its landing instead of another event."""
    if not run.started_at < mark.at <= run.last_at:
        return False
    if not mark.lands or run.landed_at is None:
        return True
    return run.landed_at < mark.at and not _campaigns(run, mark)


def _land(run: Run, mark: Mark) -> None:
    """Where the session came from. A link within the site is no source, but for the very first session:

    then a redirect must have carried it in.
    """
    run.landed_at = mark.at
    run.landing_path = mark.path
    own = mark.touch if mark.touch and (run.number == 1 or "internal" not in mark.touch) else DIRECT
    run.touch = {**own, "landing_url": mark.url} if mark.url else dict(own)


def _dwell(run: Run, path: str, ms: int) -> None:
    """Of more paths than any person looks at, those seen longest are kept, in whatever order they came."""
    run.dwell[path] = ms
    if len(run.dwell) > MOST_PATHS:
        del run.dwell[min(run.dwell, key=lambda path: (run.dwell[path], path))]
