"""The yardstick: an empty Flask view that parses the same JSON, on the same server (gunicorn, one gevent worker)."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator

import requests
from flask import Flask, Response, request

from tests.running import free_port, until

app = Flask("bare")


@app.post("/v1/batch")
def take() -> Response:
    request.get_json()
    return Response('{"success": true}', mimetype="application/json")


@contextlib.contextmanager
def bare() -> Iterator[tuple[int, int]]:
    """The empty view, served; its port and process."""
    port = free_port()
    gunicorn = [sys.executable, "-m", "gunicorn", "-k", "gevent", "-w", "1", "--log-level", "error"]
    process = subprocess.Popen([*gunicorn, "-b", f"127.0.0.1:{port}", "tests.benchmarks.bare:app"])
    try:
        assert until(lambda: _answers(port))
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    with contextlib.suppress(requests.ConnectionError):
        return requests.post(f"http://127.0.0.1:{port}/v1/batch", json={}, timeout=5).ok
    return False
