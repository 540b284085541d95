"""Where a session ends: what the browser and the server must agree on."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from frontdesk.collect.ports import PageSeen
from frontdesk.collect.sessions.fold import Mark, cut
from frontdesk.collect.sources.touches import touch_of

CASES = json.loads((Path(__file__).parents[3] / "rules/cases/sessions.json").read_text("utf-8"))
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def mark(at_ms: int, query: str = "", *, page: bool = True) -> Mark:
    seen = PageSeen(f"https://shop.example/{query}", "/")
    at = BEGAN + timedelta(milliseconds=at_ms)
    return Mark(at, f"m{at_ms:012}", page, seen.url, seen.path, touch_of(seen, {}) if page else None)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_session_ends_where_the_browser_ends_it(case: dict[str, Any]) -> None:
    began, last, now = case["began_ms"], case["last_ms"], case["now_ms"]
    busy = [mark(ms, page=False) for ms in range(began + 60_000, last + 1, 60_000)]
    runs = cut([mark(began, case["came_by"]), *busy, mark(now, case["comes_by"])])
    assert len(runs) == {"same": 1, "new": 2}[case["expect"]]
