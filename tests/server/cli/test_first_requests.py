"""A server that has just started is asked by everyone at once, and answers everyone."""

import json
from pathlib import Path

from tests.benchmarks.load import Plan, request, send
from tests.running import Installed, started


def test_of_the_first_requests_of_a_server_none_waits_for_ever(tmp_path: Path) -> None:
    with started(Installed(tmp_path)) as server:
        page = {"type": "page", "anonymousId": "ana"}
        first = [
            request("/v1/batch", json.dumps({"writeKey": server.said["site_key"], "batch": [page]}).encode())
            for _ in range(64)
        ]
        met = send(Plan(server.port, 30, connections=64, holds=b'"accepted":1'), first)
        assert (len(met.took_ms), met.failed) == (64, [])
