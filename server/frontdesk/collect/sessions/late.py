"""What came late: the stretches of activity that it falls into are folded again. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from frontdesk.collect.sessions.fold import Mark, Run, Step, cut, grow, in_order
from frontdesk.collect.sessions.policy import IDLE, MOST_EVENTS
from frontdesk.collect.sources.touches import DIRECT

Known = dict[str, list[Mark]]
"""The stored events of sessions, by session id."""


@dataclass(slots=True)
class Stretch:
    """Activity between two pauses that end any session: what happens in one never changes another's sessions."""

    runs: list[Run] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    until: datetime | None = None

    def disturbed(self) -> list[Run]:
        """The sessions whose events are needed, where there are no more of them than a person makes."""
        return self.runs if self.marks and sum(run.events for run in self.runs) <= MOST_EVENTS else []


def stretches(runs: Iterable[Run], marks: Iterable[Mark]) -> list[Stretch]:
    """The stretches of stored `runs` and new `marks`, in order."""
    found: list[Stretch] = []
    for start, end, _, one in sorted(_spans(runs, marks), key=lambda span: span[:3]):
        if not found or start - (found[-1].until or start) > IDLE:
            found.append(Stretch())
        last = found[-1]
        last.until = max(end, last.until or end)
        if isinstance(one, Run):
            last.runs.append(one)
        else:
            last.marks.append(one)
    return found


def _spans(
    runs: Iterable[Run], marks: Iterable[Mark]
) -> Iterable[tuple[datetime, datetime, tuple[int, str], Run | Mark]]:
    yield from ((run.started_at, run.last_at, (run.number, ""), run) for run in runs)
    yield from ((mark.at, mark.at, (0, mark.message_id), mark) for mark in marks)


def fold_again(parts: Sequence[Stretch], known: Known, before: int) -> list[tuple[Run, list[Mark]]]:
    """All sessions of `parts`, in order, numbered from `before` on; with the marks of those that were folded again.

    A session keeps the id of its earliest event that had one; those that are new have none yet.
    """
    folded: list[tuple[Run, list[Mark]]] = []
    for part in parts:
        folded += _folded(part, known, before + len(folded))
    return folded


def _folded(part: Stretch, known: Known, before: int) -> list[tuple[Run, list[Mark]]]:
    if not part.marks:
        return [(_renumbered(run, number), []) for number, run in enumerate(part.runs, before + 1)]
    stored = [mark for run in part.runs for mark in known.get(run.id, ())]
    if not _whole(part, len(stored)):
        return _settled(part, before)
    runs = cut(sorted([*stored, *part.marks], key=in_order), before)
    owned = {run.id: run for run in part.runs}
    for run, marks in runs:
        first = next((mark.session_id for mark in marks if mark.session_id in owned), None)
        if first:
            old = owned.pop(first)
            run.id, run.workspace_id, run.person_id = old.id, old.workspace_id, old.person_id
    return runs


def _whole(part: Stretch, stored: int) -> bool:
    """Whether all that the sessions were made of is at hand."""
    return sum(run.events for run in part.runs) == stored


def _settled(part: Stretch, before: int) -> list[tuple[Run, list[Mark]]]:
    """Without the events that the sessions were made of, the late ones join the sessions that are there."""
    runs = [(_renumbered(run, number), list[Mark]()) for number, run in enumerate(part.runs, before + 1)]
    for mark in part.marks:
        begun = [one for one in runs if one[0].started_at <= mark.at]
        run, own = begun[-1] if begun else runs[0]
        run.started_at = min(run.started_at, mark.at)
        grow(run, mark)
        own.append(mark)
    return runs


def _renumbered(run: Run, number: int) -> Run:
    """A first session that turns out not to be the first has no source in a link within the site."""
    if run.number == 1 != number and "internal" in run.touch:
        run.touch = {key: run.touch[key] for key in ("landing_url",) if key in run.touch} | DIRECT
    run.number = number
    return run


def placed_again(folded: Iterable[tuple[Run, list[Mark]]]) -> Iterator[tuple[int, Step]]:
    """The step of each new mark, by its `id()`: what was known of its path is what stored events told, and new ones
    before it."""
    for run, marks in folded:
        known: dict[str, int] = {}
        for mark in sorted(marks, key=lambda mark: mark.event_id is None):
            told = known.get(mark.path, 0) if mark.path else 0
            if mark.event_id is None:
                yield id(mark), Step(run, told)
            if mark.path:
                known[mark.path] = max(told, mark.dwell_ms)
