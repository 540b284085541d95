"""What a process counts, and how Prometheus reads it."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from frontdesk.core import metrics
from frontdesk.core.client_ip import is_near
from frontdesk.core.metrics import METRICS, Metrics


def read(figures: Metrics) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample by name and labels, as Prometheus would store it."""
    body, content_type = figures.exposed("text/plain")
    assert content_type.startswith("text/plain")
    families = text_string_to_metric_families(body.decode())
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_a_counter_adds_up_by_labels() -> None:
    figures = Metrics()
    drops = figures.counter("drops", "What was dropped.", ("step", "reason"))
    drops.add(("bot", "bot"))
    drops.add(("bot", "bot"), 4)
    drops.add(("ignore", 'of "a\nb"'), 2)
    samples = read(figures)
    assert samples["drops_total", (("reason", "bot"), ("step", "bot"))] == 5
    assert samples["drops_total", (("reason", 'of "a\nb"'), ("step", "ignore"))] == 2
    assert drops.value(("bot", "bot")) == 5


def test_a_histogram_counts_up_to_each_bound() -> None:
    figures = Metrics()
    sizes = figures.histogram("sizes", "Sizes.", (1, 2.5, 10))
    for size in (1, 2, 2.5, 11, 1000):
        sizes.observe(size)
    samples = read(figures)
    bounds = {bound: samples["sizes_bucket", (("le", bound),)] for bound in ("1.0", "2.5", "10.0", "+Inf")}
    assert bounds == {"1.0": 1, "2.5": 3, "10.0": 3, "+Inf": 5}
    assert (samples["sizes_sum", ()], samples["sizes_count", ()]) == (1016.5, 5)


def test_a_gauge_is_read_when_it_is_asked_for() -> None:
    figures = Metrics()
    waiting = [1, 2]
    figures.watch("waiting", "Jobs that wait.", lambda: len(waiting))
    assert read(figures)["waiting", ()] == 2
    waiting.clear()
    assert read(figures)["waiting", ()] == 0


def test_a_figure_that_cannot_be_read_hides_no_other() -> None:
    figures = Metrics()
    figures.watch("broken", "Broken.", lambda: 1 / 0)
    figures.watch("sound", "Sound.", lambda: 1)
    samples = read(figures)
    assert ("broken", ()) not in samples
    assert samples["sound", ()] == 1


def test_a_name_is_counted_by_one_only() -> None:
    figures = Metrics()
    figures.counter("drops", "What was dropped.", ())
    with pytest.raises(ValueError, match="drops"):
        figures.histogram("drops", "What was dropped.", (1,))


def test_no_count_is_lost_between_threads() -> None:
    figures = Metrics()
    drops = figures.counter("drops", "What was dropped.", ("step",))

    def drop() -> None:
        for _ in range(20_000):
            drops.add(("bot",))

    threads = [threading.Thread(target=drop) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drops.value(("bot",)) == 80_000


def test_the_process_tells_of_itself_and_of_its_groups() -> None:
    before = read(METRICS)["frontdesk_group_jobs_count", ()]
    metrics.group_committed(7, 0.004)
    samples = read(METRICS)
    assert samples["frontdesk_group_jobs_count", ()] == before + 1
    assert samples["frontdesk_group_commit_seconds_bucket", (("le", "0.005"),)] >= 1
    assert samples["process_resident_memory_bytes", ()] > 10_000_000


def test_openmetrics_is_spoken_to_those_who_ask_for_it() -> None:
    body, content_type = METRICS.exposed("application/openmetrics-text; version=1.0.0")
    assert content_type.startswith("application/openmetrics-text")
    assert body.endswith(b"# EOF\n")


def test_requests_are_counted_by_the_pattern_of_their_route() -> None:
    app = Flask("t")
    app.add_url_rule("/things/<thing>", view_func=lambda thing: thing, endpoint="thing")
    app.after_request(metrics.count_answer)
    client = app.test_client()
    for path in ("/things/1", "/things/2", "/nothing"):
        client.get(path)
    client.open("/things/3", method="BREW")
    counted = {labels: value for (name, labels), value in read(METRICS).items() if "http_requests_total" in name}
    assert counted[("method", "GET"), ("route", "/things/<thing>"), ("status", "200")] == 2
    assert counted[("method", "GET"), ("route", "none"), ("status", "404")] >= 1
    assert counted[("method", "other"), ("route", "none"), ("status", "405")] >= 1


def test_counting_loads_nothing_of_prometheus() -> None:
    server = Path(metrics.__file__).parents[2]
    code = (
        "import sys, frontdesk.core.metrics as m; m.group_committed(1, 0.1); print('prometheus_client' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(server)}
    )
    assert done.stdout.strip() == "False"


NEAR = [
    ({"REMOTE_ADDR": "127.0.0.1"}, 0, True),
    ({"REMOTE_ADDR": "::1"}, 0, True),
    ({"REMOTE_ADDR": "10.9.8.7"}, 0, True),
    ({"REMOTE_ADDR": "172.31.0.1"}, 0, True),
    ({"REMOTE_ADDR": "172.32.0.1"}, 0, False),
    ({"REMOTE_ADDR": "fd00::1"}, 0, True),
    ({"REMOTE_ADDR": "::ffff:10.0.0.1"}, 0, True),
    ({"REMOTE_ADDR": "::ffff:8.8.8.8"}, 0, False),
    ({"REMOTE_ADDR": "8.8.8.8"}, 0, False),
    ({"REMOTE_ADDR": "64:ff9b::8.8.8.8"}, 0, False),
    ({"REMOTE_ADDR": ""}, 0, False),
    ({}, 0, False),
    ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.0.0.1"}, 0, False),
    ({"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=8.8.8.8"}, 0, False),
    ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_REAL_IP": "8.8.8.8"}, 0, False),
    ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "8.8.8.8"}, 1, False),
    ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.0.0.1, 8.8.8.8"}, 1, False),
    ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "8.8.8.8, 10.0.0.1"}, 1, True),
    ({"REMOTE_ADDR": "8.8.8.8", "HTTP_X_FORWARDED_FOR": "10.0.0.1"}, 1, False),
    ({"REMOTE_ADDR": "10.0.0.1"}, 1, True),
]


@pytest.mark.parametrize(("environ", "proxies", "near"), NEAR)
def test_near_is_who_is_near_all_the_way(environ: dict[str, str], proxies: int, *, near: bool) -> None:
    assert is_near(environ, proxies) is near
