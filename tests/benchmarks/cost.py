"""What a server takes: memory and processor time of the master and its worker together."""

import contextlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Weight:
    """In MB. `pss`: shared pages by share, so that the sum is what the server costs; `rss` counts them in each."""

    pss: float
    rss: float


def weight(pid: int) -> Weight:
    """Of a process and everything that it has started (/proc/<pid>/smaps_rollup)."""
    found = [_rollup(one) for one in family(pid)]
    return Weight(*(round(sum(one[name] for one in found) / 1024, 1) for name in ("Pss", "Rss")))


class Cpu:
    """Processor time of processes and everything that they start, from now on; says little of other work around."""

    def __init__(self, pids: list[int]) -> None:
        self._pids = pids
        self._before = self._now()

    def spent_s(self) -> float:
        """Seconds so far. What a process took that has ended since is not in it."""
        return sum(ran - self._before.get(pid, 0) for pid, ran in self._now().items()) / 1e9

    def _now(self) -> dict[int, int]:
        return {pid: _ran_ns(pid) for top in self._pids for pid in family(top)}


def family(pid: int) -> list[int]:
    """A process and everything that it has started."""
    children: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # a thread that has ended by now
            children += map(int, path.read_text().split())
    return [pid, *(one for child in children for one in family(child))]


def _rollup(pid: int) -> dict[str, int]:
    rows = [line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]]
    return {row[0].rstrip(":"): int(row[1]) for row in rows}


def _ran_ns(pid: int) -> int:
    """By the scheduler's own count, thread by thread: ticks are samples, and miss what runs in short bursts."""
    ran = 0
    for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):  # it has ended by now
            ran += int(path.read_text().split()[0])
    return ran
