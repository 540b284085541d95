"""The clock edge: APScheduler in memory, as a ticker only. What must survive a restart is a row, not a job."""

from collections.abc import Callable, Sequence

from apscheduler.schedulers.gevent import GeventScheduler

from frontdesk.core.jobs import Job


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
