"""How fast collect stores, beside an empty Flask view that stores nothing: `python -m tests.benchmarks.collect --json`.

Read ratios, not rates: the sender runs on the same cores. `single_ratio` is one durable event a request, rules on,
against the empty view; `batch_events_per_s` sends 20 events a request.
"""

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import requests

from tests.benchmarks.load import Load, post
from tests.running import Server, free_port, running

PATH = "/v1/batch"
PEOPLE = 500


def batch_of(server: Server, size: int, name: str) -> Load:
    """Send batches of `size` events of a few hundred people."""
    key = server.said["site_key"]

    def body(number: int) -> bytes:
        items = [
            {
                "type": "track",
                "event": "Bell Rung",
                "messageId": f"{name}-{number}-{step}",
                "anonymousId": f"visitor-{number % PEOPLE}",
                "properties": {"number": step},
                "context": {"page": {"url": "http://shop.example/demo/pricing", "title": "Pricing"}},
            }
            for step in range(size)
        ]
        return json.dumps({"writeKey": key, "batch": items}).encode()

    return post(server.port, PATH, body, seconds=SECONDS)


SECONDS = 8.0


@contextlib.contextmanager
def bare() -> Iterator[int]:
    """The empty view, served; its port."""
    port = free_port()
    gunicorn = [sys.executable, "-m", "gunicorn", "-k", "gevent", "-w", "1", "--log-level", "error"]
    process = subprocess.Popen([*gunicorn, "-b", f"127.0.0.1:{port}", "tests.benchmarks.bare:app"])
    try:
        for _ in range(200):
            with contextlib.suppress(requests.ConnectionError):
                requests.post(f"http://127.0.0.1:{port}{PATH}", json={}, timeout=5)
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def rss_mb(pid: int) -> float:
    """Resident memory of a process and its children, in MB."""
    listed = subprocess.run(
        ["ps", "-o", "rss=", "--pid", str(pid), "--ppid", str(pid)], capture_output=True, text=True, check=True
    )
    return round(sum(int(line) for line in listed.stdout.split()) / 1024, 1)


def measure() -> dict[str, object]:
    with bare() as port:
        like = json.dumps(
            {"batch": [{"type": "track", "event": "Bell Rung", "messageId": "m", "anonymousId": "a"}]}
        ).encode()
        empty = post(port, PATH, lambda _number: like, seconds=SECONDS)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as server:
        fresh = rss_mb(server.pid)
        batch_of(server, 1, "warm")
        single = batch_of(server, 1, "single")
        many = batch_of(server, 20, "many")
        loaded = rss_mb(server.pid)
    return {
        "database": "sqlite",
        "bare_flask_rps": round(empty.per_second),
        "single_rps": round(single.per_second),
        "single_ratio": round(single.per_second / empty.per_second, 2),
        "single_p99_ms": single.percentile(0.99),
        "batch_events_per_s": round(many.per_second * 20),
        "batch_p99_ms": many.percentile(0.99),
        "failed": empty.failed + single.failed + many.failed,
        "rss_fresh_mb": fresh,
        "rss_loaded_mb": loaded,
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true")
    figures = measure()
    if options.parse_args().json:
        sys.stdout.write(json.dumps(figures) + "\n")
        return
    for name, value in figures.items():
        sys.stdout.write(f"{name:20} {value}\n")


if __name__ == "__main__":
    main()
