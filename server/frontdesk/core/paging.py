"""Lists: `?limit=&cursor=` in, `{data, next_cursor}` out. A cursor is where the last row stood."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from marshmallow import Schema, fields, validate

from frontdesk.core.clock import from_ms, to_ms
from frontdesk.core.errors import Invalid

T = TypeVar("T")
USUAL, MOST = 50, 200
_CURSOR = re.compile(r"(?P<at>[0-9]{1,14})\.(?P<id>[!-~]{1,80})")  # 14 digits of milliseconds end in the year 5138


class PageQuery(Schema):
    limit = fields.Integer(load_default=USUAL, validate=validate.Range(min=1, max=MOST))
    cursor = fields.String(load_default=None, allow_none=True)


class ListSchema(Schema):
    """A page of a list: who lists something adds `data`."""

    next_cursor = fields.String(required=True, allow_none=True)


def write_cursor(at: datetime, row_id: str) -> str:
    """The place of a row in a list by time, newest first."""
    return f"{to_ms(at)}.{row_id}"


def read_cursor(cursor: str) -> tuple[datetime, str]:
    """Invalid names the field where it is not one of ours."""
    written = _CURSOR.fullmatch(cursor)
    if written is None:
        raise Invalid("This cursor is not one of ours.", field="cursor")
    return from_ms(int(written["at"])), written["id"]


def paged(rows: Sequence[T], limit: int, place: Callable[[T], tuple[datetime, str]]) -> tuple[Sequence[T], str | None]:
    """Cut `limit + 1` fetched rows to a page and the cursor of the next one, if there is one."""
    shown = rows[:limit]
    return shown, write_cursor(*place(shown[-1])) if len(rows) > limit else None


def listed(data: list[dict[str, Any]], next_cursor: str | None = None) -> dict[str, Any]:
    return {"data": data, "next_cursor": next_cursor}
