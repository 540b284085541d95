"""The fold of sessions: where each ends, what its source is, and what happens to it when something came late."""

from datetime import UTC, datetime, timedelta

import pytest

from frontdesk.collect.ports import PageSeen
from frontdesk.collect.sessions.fold import Mark, Run, cut, follow, grow, in_order
from frontdesk.collect.sessions.late import fold_again, stretches
from frontdesk.collect.sessions.policy import MOST_EVENTS, MOST_PATHS
from frontdesk.collect.sources.touches import touch_of

NOON = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)  # the night after it, clocks in Europe jump
MINUTE = timedelta(minutes=1)
MS = timedelta(milliseconds=1)
HOME = "https://shop.example/"
SPRING = f"{HOME}?utm_source=letter&utm_campaign=spring"
AUTUMN = f"{HOME}?utm_source=letter&utm_campaign=autumn"


def mark(after: timedelta, url: str | None = None, referrer: str | None = None, **more: object) -> Mark:
    """A page view, or with `is_page=False` any other event, so long after noon."""
    page = PageSeen(url, "/", None, referrer) if url else None
    own = {"message_id": "m", "is_page": True, "url": url, "path": "/" if url else None, "touch": touch_of(page, {})}
    return Mark(at=NOON + after, **{**own, **more})  # type: ignore[arg-type]  # fields by name


def bell(after: timedelta, **more: object) -> Mark:
    return mark(after, is_page=False, **more)


BORDERS = (  # what one person does, and in which session each of it falls
    ((bell(0 * MS), bell(30 * MINUTE)), (1, 1)),
    ((bell(0 * MS), bell(30 * MINUTE + MS)), (1, 2)),
    (tuple(bell(30 * n * MINUTE) for n in range(49)), (1,) * 49),
    (tuple(bell(30 * n * MINUTE) for n in range(50)), (1,) * 49 + (2,)),
    ((mark(0 * MS, SPRING), mark(MINUTE, HOME), mark(2 * MINUTE, SPRING)), (1, 1, 1)),
    ((mark(0 * MS, SPRING), mark(MINUTE, AUTUMN), mark(2 * MINUTE, SPRING)), (1, 2, 3)),
    ((mark(0 * MS, HOME), mark(MINUTE, f"{HOME}?gclid=1"), mark(2 * MINUTE, f"{HOME}?gclid=2")), (1, 2, 3)),
    ((mark(0 * MS, HOME), mark(MINUTE, SPRING, is_page=False)), (1, 1)),
    ((mark(0 * MS, HOME), mark(MINUTE, HOME, "https://www.google.com/")), (1, 1)),
    ((mark(0 * MS, HOME), mark(MINUTE, SPRING, HOME)), (1, 1)),
    ((bell(0 * MS), mark(MINUTE, SPRING)), (1, 1)),
    ((mark(0 * MS, HOME), mark(0 * MS, SPRING, message_id="n"), bell(0 * MS, message_id="o")), (1, 2, 2)),
    ((bell(12 * 60 * MINUTE - MS), bell(12 * 60 * MINUTE), bell(13 * 60 * MINUTE)), (1, 1, 2)),
)


@pytest.mark.parametrize(("marks", "numbers"), BORDERS)
def test_a_session_ends_with_a_pause_a_day_or_a_new_campaign(marks: tuple[Mark, ...], numbers: tuple[int, ...]) -> None:
    assert [run.number for run, own in cut(marks) for _ in own] == list(numbers)
    steps = follow([], marks)
    assert steps is not None
    assert [step.run.number for step in steps] == list(numbers)


SOURCES = (  # what a session begins with, the sessions before it, and its channel and landing
    ((mark(0 * MS, SPRING),), 0, ("unassigned", SPRING)),
    ((bell(0 * MS), mark(MINUTE, SPRING)), 0, ("unassigned", SPRING)),
    ((mark(0 * MS, HOME), mark(MINUTE, HOME, "https://blog.example/")), 0, ("direct", HOME)),
    ((bell(0 * MS),), 0, ("direct", None)),
    ((mark(0 * MS, SPRING, HOME),), 0, ("unassigned", SPRING)),
    ((mark(0 * MS, SPRING, HOME),), 1, ("direct", SPRING)),
    ((mark(0 * MS, HOME, "https://www.baidu.com/"),), 1, ("organic_search", HOME)),
)


@pytest.mark.parametrize(("marks", "before", "source"), SOURCES)
def test_the_landing_tells_the_source(marks: tuple[Mark, ...], before: int, source: tuple[str, str | None]) -> None:
    ((run, _),) = cut(marks, before)
    assert (run.touch["channel"], run.touch.get("landing_url")) == source


def test_of_events_at_the_same_moment_the_message_id_decides_which_comes_first() -> None:
    home, letter = mark(0 * MS, HOME, message_id="b"), mark(0 * MS, SPRING, message_id="a")
    assert [run.touch["channel"] for run, _ in cut(sorted([home, letter], key=in_order))] == ["unassigned"]
    letter.message_id = "c"
    assert [run.touch["channel"] for run, _ in cut(sorted([home, letter], key=in_order))] == ["direct", "unassigned"]


TOO_LATE = (
    mark(-MS, HOME),  # before the session
    bell(0 * MS),  # at its first moment: which comes first is in no row
    mark(3 * MINUTE, AUTUMN),  # within it, and it would end it
    mark(2 * MINUTE, HOME),  # at the moment of the landing
    mark(MINUTE, HOME),  # before the landing
)


@pytest.mark.parametrize("late", TOO_LATE)
def test_what_might_cut_otherwise_is_left_to_the_long_way(late: Mark) -> None:
    runs = [run for run, _ in cut([bell(0 * MS), mark(2 * MINUTE, SPRING), bell(5 * MINUTE)])]
    assert follow(runs, [late]) is None


@pytest.mark.parametrize("late", [bell(MINUTE), mark(3 * MINUTE, HOME), mark(5 * MINUTE, SPRING), bell(5 * MINUTE)])
def test_what_lies_within_a_session_and_cuts_nothing_joins_it_at_once(late: Mark) -> None:
    runs = [run for run, _ in cut([bell(0 * MS), mark(2 * MINUTE, SPRING), bell(5 * MINUTE)])]
    assert [step.run.events for step in follow(runs, [late]) or []] == [4]


@pytest.mark.parametrize("late", TOO_LATE)
def test_of_whom_has_more_sessions_than_any_person_late_events_join_the_last_one(late: Mark) -> None:
    runs = [run for run, _ in cut([bell(0 * MS), mark(2 * MINUTE, SPRING), bell(5 * MINUTE)])]
    assert [step.run.events for step in follow(runs, [late], joined=True) or []] == [4]


def test_of_very_many_paths_those_seen_longest_are_kept_in_any_order() -> None:
    seen = [mark(n * MS, HOME, path=f"/{n % 400}", dwell_ms=1 + n * 7 % 500) for n in range(800)]
    runs = [Run(NOON, NOON, 1), Run(NOON, NOON, 1)]
    for run, marks in zip(runs, (seen, seen[::-1]), strict=True):
        for one in marks:
            grow(run, one)
    assert runs[0].dwell == runs[1].dwell
    assert len(runs[0].dwell) == MOST_PATHS


def stored(session_id: str, *marks: Mark) -> tuple[Run, list[Mark]]:
    """A session of some number whose events are stored."""
    ((run, own),) = cut(marks)
    run.id = session_id
    for number, one in enumerate(own):
        one.session_id, one.event_id = session_id, f"{session_id}-{number}"
    return run, own


def test_a_late_event_that_fills_a_pause_joins_two_sessions_under_the_first_one_s_id() -> None:
    first, second = stored("A", mark(0 * MS, SPRING)), stored("B", mark(40 * MINUTE, HOME, "https://blog.example/"))
    second[0].number = 2
    parts = stretches([first[0], second[0]], [bell(20 * MINUTE)])
    ((run, marks),) = fold_again(parts, {"A": first[1], "B": second[1]}, 0)
    assert (run.id, run.events, run.touch["landing_url"], len(marks)) == ("A", 3, SPRING, 3)


def test_a_late_campaign_cuts_a_session_and_the_front_keeps_the_id() -> None:
    run, marks = stored("A", mark(0 * MS, HOME), bell(10 * MINUTE))
    folded = fold_again(stretches([run], [mark(5 * MINUTE, SPRING)]), {"A": marks}, 3)
    assert [(run.id, run.number, run.events) for run, _ in folded] == [("A", 4, 1), ("", 5, 2)]


def test_a_late_beginning_takes_over_the_session_that_it_runs_into() -> None:
    run, marks = stored("A", mark(0 * MS, HOME))
    ((again, _),) = fold_again(stretches([run], [mark(-5 * MINUTE, SPRING)]), {"A": marks}, 0)
    assert (again.id, again.started_at, again.touch["channel"]) == ("A", NOON - 5 * MINUTE, "unassigned")


def test_sessions_after_a_pause_are_only_counted_on() -> None:
    run, marks = stored("A", mark(0 * MS, SPRING, HOME))
    assert run.touch["channel"] == "unassigned"
    folded = fold_again(stretches([run], [mark(-60 * MINUTE, HOME)]), {"A": marks}, 0)
    assert [(run.id, run.number, run.touch["channel"]) for run, _ in folded] == [("", 1, "direct"), ("A", 2, "direct")]


@pytest.mark.parametrize("events", [3, MOST_EVENTS + 1])
def test_where_the_events_are_gone_or_too_many_a_late_one_joins_the_session_that_is_there(events: int) -> None:
    run, marks = stored("A", mark(0 * MS, HOME), bell(10 * MINUTE))
    run.events = events
    parts = stretches([run], [mark(5 * MINUTE, SPRING), bell(-5 * MINUTE)])
    assert bool(parts[0].disturbed()) == (events == 3)
    ((again, _),) = fold_again(parts, {"A": marks}, 0)
    assert (again.id, again.events, again.started_at) == ("A", events + 2, NOON - 5 * MINUTE)
