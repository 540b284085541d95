"""Files to import, and how a test looks at what became of them."""

from pathlib import Path
from typing import Any

import orjson
from click.testing import Result
from sqlalchemy import select

from frontdesk.core.db import Database

CSV = """userId,event,timestamp,properties.price,properties.order_id,properties.vip,context.page.url
u1,Order Completed,2024-03-01T10:00:00Z,12.50,0042,true,https://shop.example/thanks
u2,Order Completed,2024-03-01 11:00:00,7,0043,,
"""


def rows(db: Database, model: Any, *order: Any) -> list[Any]:
    return db.read(lambda session: list(session.scalars(select(model).order_by(*order))))


def file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def lines(*calls: Any) -> bytes:
    return b"".join(orjson.dumps(call) + b"\n" for call in calls)


def track(user_id: str, at: str = "2024-03-01T10:00:00Z", **more: Any) -> dict[str, Any]:
    return {"type": "track", "userId": user_id, "event": "Tried", "timestamp": at, **more}


def report(answer: Result) -> dict[str, Any]:
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    found: dict[str, Any] = orjson.loads(answer.stdout)
    return found


def counts(answer: Result) -> tuple[int, int, dict[str, int]]:
    found = report(answer)
    return found["taken"], found["duplicates"], found["refused"]
