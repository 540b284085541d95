"""How the tables of a database are compared with those of the code."""

import re
from typing import Any

_PARTITION = re.compile(r"event_(default|[0-9]{4}_[0-9]{2})")


def named_by_us(name: str | None, kind: str, _parents: object) -> bool:
    """Partitions of a table come and go with the calendar: they are no tables of the code."""
    return kind != "table" or not _PARTITION.fullmatch(name or "")


def meant_for(dialect: str) -> Any:
    """Alembic's `include_object`: leaves out an index whose `info` says that it is only for another database."""

    def include(item: Any, _name: object, kind: str, _reflected: object, _other: object) -> bool:
        return kind != "index" or item.info.get("only", dialect) == dialect

    return include


def options(dialect: str) -> dict[str, Any]:
    """What alembic is told on this dialect."""
    return {"compare_type": True, "include_name": named_by_us, "include_object": meant_for(dialect)}
