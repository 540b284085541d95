"""What this process counts of itself, for Prometheus.

Counting costs well under a microsecond, on any thread, and imports nothing: prometheus-client is loaded with the first
question. All figures are of one process, and begin anew with it, as Prometheus expects of counters.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, TypeVar, cast

import structlog
from flask import Response, request
from gevent.monkey import get_original

from frontdesk import __version__

log = structlog.get_logger(__name__)
Labels = tuple[str, ...]
# the system's lock, patched or not: the writer's native thread counts too, and it is held for two look-ups in a dict
native_lock = get_original("_thread", "allocate_lock")


class Counter:
    """Only grows. `name` is without `_total`, which Prometheus adds."""

    def __init__(self, name: str, text: str, labels: Labels) -> None:
        self.name, self.text, self.labels = name, text, labels
        self._values: dict[Labels, int] = {}
        self._lock = native_lock()

    def add(self, labels: Labels, number: int = 1) -> None:
        """`labels`: their values, in order, each from a closed set: every combination is kept for ever."""
        with self._lock:
            self._values[labels] = self._values.get(labels, 0) + number

    def value(self, labels: Labels) -> int:
        return self._values.get(labels, 0)

    def family(self) -> Any:
        from prometheus_client.core import CounterMetricFamily

        family = CounterMetricFamily(self.name, self.text, labels=self.labels)
        with self._lock:
            values = list(self._values.items())
        for labels, value in sorted(values):
            family.add_metric(labels, value)
        return family


class Histogram:
    """How often a figure was at most each of `bounds`."""

    def __init__(self, name: str, text: str, bounds: Sequence[float]) -> None:
        self.name, self.text, self.bounds = name, text, tuple(bounds)
        self._counts = [0] * (len(self.bounds) + 1)
        self._sum = 0.0
        self._lock = native_lock()

    def observe(self, figure: float) -> None:
        with self._lock:
            self._counts[bisect_left(self.bounds, figure)] += 1
            self._sum += figure

    def family(self) -> Any:
        from prometheus_client.core import HistogramMetricFamily

        with self._lock:
            counts, total = list(self._counts), self._sum
        names = [*(str(float(bound)) for bound in self.bounds), "+Inf"]
        sums = [sum(counts[: at + 1]) for at in range(len(counts))]
        family = HistogramMetricFamily(self.name, self.text)
        family.add_metric([], buckets=list(zip(names, sums, strict=True)), sum_value=total)
        return family


class Gauge:
    """A figure that is read when it is asked for."""

    def __init__(self, name: str, text: str, read: Callable[[], float]) -> None:
        self.name, self.text, self._read = name, text, read

    def family(self) -> Any:
        from prometheus_client.core import GaugeMetricFamily

        return GaugeMetricFamily(self.name, self.text, value=self._read())


F = TypeVar("F", Counter, Histogram)


class Metrics:
    """All figures of the process, by name."""

    def __init__(self) -> None:
        self._known: dict[str, Counter | Histogram | Gauge] = {}

    def counter(self, name: str, text: str, labels: Labels) -> Counter:
        return self._keep(Counter(name, text, labels))

    def histogram(self, name: str, text: str, bounds: Sequence[float]) -> Histogram:
        return self._keep(Histogram(name, text, bounds))

    def watch(self, name: str, text: str, read: Callable[[], float]) -> None:
        """Show what `read` returns; it must not wait for anything. The last who watches under a name is asked."""
        self._known[name] = Gauge(name, text, read)

    def exposed(self, accept: str) -> tuple[bytes, str]:
        """Everything in the format that `accept` asks for, and that format's content type."""
        from prometheus_client.exposition import choose_encoder

        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type

    def collect(self) -> Iterator[Any]:
        """What prometheus-client asks of a collector."""
        from prometheus_client.core import InfoMetricFamily

        yield InfoMetricFamily("frontdesk", "The version that runs.", {"version": __version__})
        for known in list(self._known.values()):
            try:
                yield known.family()
            except Exception:  # one figure that cannot be read must not hide the others
                log.exception("figure_unreadable", name=known.name)

    @cached_property
    def _registry(self) -> Any:
        from prometheus_client import CollectorRegistry, ProcessCollector

        registry = CollectorRegistry()
        registry.register(cast(Any, self))
        ProcessCollector(registry=registry)  # memory, processor time, open files
        return registry

    def _keep(self, figure: F) -> F:
        if figure.name in self._known:
            raise ValueError(f"{figure.name} is counted already")
        self._known[figure.name] = figure
        return figure


METRICS = Metrics()
"""The figures of this process."""

_requests = METRICS.counter(
    "frontdesk_http_requests", "Answers by method, route and status.", ("method", "route", "status")
)
_group_jobs = METRICS.histogram(
    "frontdesk_group_jobs", "Jobs that were committed in one transaction.", (1, 2, 5, 10, 20, 50, 100, 200)
)
_group_seconds = METRICS.histogram(
    "frontdesk_group_commit_seconds",
    "Seconds from the begin of a transaction to its end on disk.",
    (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


def answered(method: str, route: str, status: int) -> None:
    """One request was answered. `route` is the pattern, never the path: paths have no end."""
    _requests.add((method if method in _METHODS else "other", route, str(status)))


def count_answer(response: Response) -> Response:
    """For Flask's `after_request`."""
    answered(request.method, request.url_rule.rule if request.url_rule else "none", response.status_code)
    return response


def group_committed(jobs: int, seconds: float) -> None:
    """The writer has committed a group."""
    _group_jobs.observe(jobs)
    _group_seconds.observe(seconds)
