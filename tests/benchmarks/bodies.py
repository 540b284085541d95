"""How long hostile input holds up a server: `python -m tests.benchmarks.bodies --json`.

Each hostile body is sent alone, several times, and counts with its fastest answer: what is left is its own cost.
Templates are read in this process. Bars: 50 ms for a body, 5 ms for a template.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from frontdesk.engage.doing.templates import LiquidTemplates
from tests.benchmarks.load import Plan, request, send
from tests.chaos.kill import victim
from tests.server.edges.collect_bodies import ITEMS, WHOLE, batch, of_each_type
from tests.server.engage.evil_texts import EVIL

TRIES = 5
MOST_MS = {"body": 50.0, "template": 5.0}


def bodies() -> dict[str, float]:
    """Name → ms of its fastest answer."""
    with tempfile.TemporaryDirectory(prefix="fd-bench-") as folder, victim("sqlite", Path(folder)) as server:
        plan, key = Plan(server.port, 60, connections=1), server.said["site_key"]
        asked = {name: request("/v1/batch", body.with_key(key), body.headers) for name, body in (WHOLE | ITEMS).items()}
        every = b",".join(odd.encode() for odd in of_each_type().values())
        asked["every field of every type"] = request("/v1/batch", batch(every).replace(b"@site-key@", key.encode()))
        return {name: min(send(plan, [raw]).took_ms[0] for _ in range(TRIES)) for name, raw in asked.items()}


def templates() -> dict[str, float]:
    """Beginning of the text → ms; each is a text that was not read before."""
    LiquidTemplates().refusals("{{ contact.name }}")
    return {text[:20]: min(_read_ms(text[:-1] + str(n)) for n in range(TRIES)) for text in EVIL}


def _read_ms(text: str) -> float:
    began = perf_counter()
    LiquidTemplates().refusals(text)
    return (perf_counter() - began) * 1000


def _worst(took: Mapping[str, float], kind: str) -> dict[str, Any]:
    name = max(took, key=took.__getitem__)
    return {
        "cases": len(took),
        "worst": name,
        "worst_ms": round(took[name], 2),
        "bar_ms": MOST_MS[kind],
        "passed": took[name] <= MOST_MS[kind],
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    report = {"benchmark": "bodies", "body": _worst(bodies(), "body"), "template": _worst(templates(), "template")}
    sys.stdout.write(json.dumps(report, indent=None if asked.json else 2) + "\n")


if __name__ == "__main__":
    main()
