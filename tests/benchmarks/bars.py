"""The bars that a measurement must reach; what is not measured has no line."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

MOST_GROWTH = 1.3
# figure → (the bar, whether more is better, what is aimed at)
BARS: dict[str, tuple[float, bool, float]] = {
    "single_ratio": (0.5, True, 1.0),
    "batch_events_per_s": (5000, True, 15_000),
    "p99_ms": (250, False, 250),
    "answer_p99_ms": (50, False, 20),
    "rss_mb": (170, False, 120),
    "start_s": (5, False, 2),
}
# what may not grow with what is stored; `single_ratio` would say the same as `single_rps` again
GROWS = ("single_rps", "batch_events_per_s", "p99_ms", "answer_p99_ms", "rss_mb", "start_s")


@dataclass(frozen=True, slots=True)
class Bar:
    what: str
    value: float
    bar: float
    passed: bool
    aim: float | None = None
    reached: bool | None = None


def bars(found: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """One line for each bar on each database: on the empty one, at its first start, with many events, the growth."""
    return [asdict(bar) for database, figures in found.items() for bar in _of(database, figures)]


def _of(database: str, figures: dict[str, Any]) -> Iterator[Bar]:
    for state, measured in (("empty", figures), ("first", figures["first"]), ("million", figures["million"])):
        for name, (bar, more, aim) in BARS.items():
            if name in measured:
                value = measured[name]
                passed, reached = (value >= bar, value >= aim) if more else (value <= bar, value <= aim)
                yield Bar(f"{database} {state} {name}", value, bar, passed, aim, reached)
    for name in GROWS:
        if name in figures["growth"]:
            value = figures["growth"][name]
            yield Bar(f"{database} growth {name}", value, MOST_GROWTH, value <= MOST_GROWTH)
