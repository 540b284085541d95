"""What a room wants done again and again; the clock edge does it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Job:
    """`run` is called each `every`; a run that is late is not made up for, two never overlap."""

    name: str
    every: timedelta
    run: Callable[[], object]
