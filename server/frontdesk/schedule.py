"""The clock edge: APScheduler in memory, as a ticker only. What must survive a restart is a row, not a job."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from apscheduler.schedulers.gevent import GeventScheduler


@dataclass(frozen=True, slots=True)
class Job:
    """`run` is called each `every`; a run that is late is not made up for, two never overlap."""

    name: str
    every: timedelta
    run: Callable[[], object]


def start(jobs: Sequence[Job]) -> Callable[[], None]:
    """Start ticking; returns the stop."""
    scheduler = GeventScheduler(timezone="UTC")
    for job in jobs:
        scheduler.add_job(
            job.run,
            "interval",
            seconds=job.every.total_seconds(),
            id=job.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    scheduler.start()
    return lambda: scheduler.shutdown(wait=False)
