"""How fast collect stores, beside an empty Flask view that stores nothing: `python -m tests.benchmarks.collect --json`.

Read ratios, not rates: the sender runs on the same cores, and other work may too. So everything is measured in short
turns, one after the other, round by round, and each figure is the median of its rounds. Processor time (`…_cpu_us`,
PostgreSQL's counted in) is what other work disturbs least. Memory is PSS: what master and worker share counts once.

Both servers are asked for single events over so many connections that neither gets faster by more of them: events that
wait together are stored together, so that fewer leave it idle (`single_ratio_few`: over 32, as batches are sent).

    --database sqlite|postgresql   one of both     --only collect|answer   one of both     --quick   2 rounds, 50,000
"""

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.bare import bare
from tests.benchmarks.bars import bars
from tests.benchmarks.cost import Cpu, weight
from tests.benchmarks.load import Load, Plan, send
from tests.benchmarks.stands import DATABASES, Fresh, Stand, ground, stand
from tests.benchmarks.traffic import A_BATCH

Figures = dict[str, float]
FASTEST = {"bare": 5000, "single": 6000, "few": 6000, "batch": 1500, "backend": 1500}
SATURATING, FEW = 128, 32  # connections
_ALL_TAKEN = b'"rejected":[]'


@dataclass(frozen=True, slots=True)
class Size:
    """How long to measure, and how much is stored already."""

    rounds: int = 5
    turn_s: float = 2.0
    answer_s: float = 10.0
    events: int = 1_000_000


QUICK = Size(rounds=2, turn_s=1.0, answer_s=4.0, events=50_000)
ANSWERS_A_SECOND = 100


def measure(database: str, folder: Path, size: Size, only: str | None) -> dict[str, Any]:
    """Every figure on one database: empty, with many events stored, and how many times worse that is."""
    with ground(database, folder) as place:
        empty, fresh = place.install()
        million = place.filled(empty, size.events)
        with stand("empty", empty) as one, stand("million", million) as other, bare() as yardstick:
            stands = (one, other)
            taken = {one.name: _of_start(one), other.name: _of_start(other)}
            if only != "answer":
                _add(taken, _collect(stands, yardstick, size))
            if only != "collect":
                for each in stands:
                    taken[each.name] |= _answer(each, size)
    return _report(taken["empty"], taken["million"], fresh) | {"events": size.events}


def _of_start(one: Stand) -> Figures:
    return {"start_s": one.start_s, "rss_mb": one.weight.pss, "rss_raw_mb": one.weight.rss}


@dataclass(frozen=True, slots=True)
class Turn:
    """One load, and what it took of the processors, by answer."""

    load: Load
    cpu_us: float


Prepare = Callable[[int], list[bytes]]


def _turn(plan: Plan, processes: list[int], requests: list[bytes]) -> Turn:
    cpu = Cpu(processes)
    load = send(plan, requests)
    return Turn(load, cpu.spent_s() / len(load.took_ms) * 1e6)


def _collect(stands: tuple[Stand, ...], yardstick: tuple[int, int], size: Size) -> dict[str, Figures]:
    """In turns: the empty view, then each server with single events, with batches of a browser, and of a backend."""
    turns: dict[tuple[str, str], list[Turn]] = defaultdict(list)
    port, pid = yardstick
    for _ in range(size.rounds):
        for one in stands:
            bare = Plan(port, size.turn_s, SATURATING)
            turns[one.name, "bare"].append(_turn(bare, [pid], one.traffic.singles(int(FASTEST["bare"] * size.turn_s))))
            kinds: dict[str, Prepare] = {
                "single": one.traffic.singles,
                "few": one.traffic.singles,
                "batch": one.traffic.batches,
                "backend": one.traffic.backends,
            }
            for kind, prepare in kinds.items():
                connections = SATURATING if kind == "single" else FEW
                plan = Plan(one.server.port, size.turn_s, connections, holds=_ALL_TAKEN)
                turns[one.name, kind].append(_turn(plan, one.processes, prepare(int(FASTEST[kind] * size.turn_s))))
    return {
        one.name: _of_turns({kind: turns[one.name, kind] for kind in FASTEST})
        | {"rss_loaded_mb": weight(one.server.pid).pss}
        for one in stands
    }


def _of_turns(turns: dict[str, list[Turn]]) -> Figures:
    rates = {kind: median(turn.load.per_second for turn in several) for kind, several in turns.items()}
    cpu = {kind: median(turn.cpu_us for turn in several) for kind, several in turns.items()}

    def ratio(kind: str) -> float:
        pairs = zip(turns["bare"], turns[kind], strict=True)
        return median(one.load.per_second / bare.load.per_second for bare, one in pairs)

    return {
        "bare_flask_rps": rates["bare"],
        "single_rps": rates["single"],
        "single_ratio": ratio("single"),
        "single_ratio_few": ratio("few"),
        "single_p99_ms": median(turn.load.percentile(0.99) for turn in turns["single"]),
        "batch_events_per_s": rates["batch"] * A_BATCH,
        "backend_events_per_s": rates["backend"] * A_BATCH,
        "p99_ms": median(turn.load.percentile(0.99) for turn in turns["batch"]),
        "single_cpu_ratio": cpu["bare"] / cpu["single"],
        "bare_flask_cpu_us": cpu["bare"],
        "single_cpu_us": cpu["single"],
        "batch_cpu_us_per_event": cpu["batch"] / A_BATCH,
        "backend_cpu_us_per_event": cpu["backend"] / A_BATCH,
        "failed": sum(len(turn.load.failed) for several in turns.values() for turn in several),
    }


def _answer(one: Stand, size: Size) -> Figures:
    """Newcomers open a page at a steady rate; each must find the auto-message in the answer."""
    many = int(ANSWERS_A_SECOND * size.answer_s)
    plan = Plan(one.server.port, size.answer_s * 2, rate=ANSWERS_A_SECOND, holds=b"Hello there")
    load = send(plan, one.traffic.newcomers(many))
    return {
        "answer_p50_ms": load.percentile(0.5),
        "answer_p99_ms": load.percentile(0.99),
        "answer_failed": len(load.failed),
    }


def _add(taken: dict[str, Figures], more: dict[str, Figures]) -> None:
    for name, figures in more.items():
        taken[name] |= figures


HIGH_IS_GOOD = ("single_rps", "single_ratio", "batch_events_per_s", "backend_events_per_s")
LOW_IS_GOOD = (
    "single_cpu_us",
    "batch_cpu_us_per_event",
    "backend_cpu_us_per_event",
    "single_p99_ms",
    "p99_ms",
    "rss_mb",
    "rss_raw_mb",
    "rss_loaded_mb",
    "start_s",
    "answer_p99_ms",
)


def _report(empty: Figures, million: Figures, fresh: Fresh) -> dict[str, Any]:
    growth = {name: empty[name] / million[name] for name in HIGH_IS_GOOD if name in empty}
    growth |= {name: million[name] / empty[name] for name in LOW_IS_GOOD if name in empty}
    first = {"start_s": fresh.start_s, "rss_mb": fresh.weight.pss, "rss_raw_mb": fresh.weight.rss}
    return {**_round(empty), "first": _round(first), "million": _round(million), "growth": _round(growth)}


def _round(figures: Figures) -> Figures:
    return {name: round(value) if value >= 1000 else round(value, 2) for name, value in figures.items()}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true")
    options.add_argument("--quick", action="store_true")
    options.add_argument("--database", choices=DATABASES)
    options.add_argument("--only", choices=("collect", "answer"))
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="fd-bench-") as folder:
        found: dict[str, Any] = {
            database: measure(database, Path(folder), QUICK if asked.quick else Size(), asked.only)
            for database in ([asked.database] if asked.database else DATABASES)
        }
    report = {"benchmark": "collect", **found, "bars": bars(found)}
    sys.stdout.write(json.dumps(report, indent=None if asked.json else 2) + "\n")


if __name__ == "__main__":
    main()
