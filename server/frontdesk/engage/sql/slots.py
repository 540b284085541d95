"""What a condition compares, as SQL expressions: one for each type that a value may have, NULL where it has another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

import orjson
from sqlalchemy import BigInteger, ColumnElement, case, cast, false, func, literal, or_, true, type_coerce

from frontdesk.core.clock import to_ms
from frontdesk.engage.sql import dialects as d

Sql: TypeAlias = ColumnElement[Any]
Column: TypeAlias = Any
"""A column of a model, or an expression."""


@dataclass(frozen=True, slots=True)
class Span:
    """A number that lies between two; where it is known exactly, both are the same expression."""

    low: Sql
    high: Sql


@dataclass(frozen=True, slots=True)
class Slot:
    """A value whose type is known row by row. None: it is never of that type.

    `known`: whether there is a value. `instant` counts milliseconds; `dated` is a time as text. `has` asks a list for
    one value.
    """

    known: Sql
    text: Sql | None = None
    number: Span | None = None
    flag: Sql | None = None
    instant: Sql | None = None
    dated: Sql | None = None
    size: Span | None = None
    has: Callable[[object], Sql] | None = None


@dataclass(frozen=True, slots=True)
class Vague:
    """A value of which SQL knows only where there may be one."""

    may_be: Sql


ANYTHING: Final = Vague(true())


def of_text(column: Column) -> Slot:
    return Slot(known=column.is_not(None), text=column)


def of_instant(column: Column) -> Slot:
    return Slot(known=column.is_not(None), instant=milliseconds(column))


def of_flag(expression: Sql) -> Slot:
    return Slot(known=expression.is_not(None), flag=expression)


def of_number(low: Sql, high: Sql | None = None) -> Slot:
    return Slot(known=true(), number=Span(low, low if high is None else high))


def of_member(document: Column, key: str, *, objects: bool = False) -> Slot | Vague:
    """A member of a JSON object. Of attributes, one that is an object itself counts as missing; of properties not."""
    if not d.sayable(key):
        return ANYTHING
    value = d.at(document, key)
    number, size = d.NumberOf(*value), d.SizeOf(*value)
    return Slot(
        known=(d.Present if objects else d.Known)(*value),
        text=d.TextOf(*value),
        number=Span(number, number),
        flag=d.FlagOf(*value),
        dated=d.TextOf(*value),
        size=Span(size, size),
        has=lambda item: d.HasItem(*value, literal(listed(item))),
    )


def of_lists(*documents: Column) -> Slot:
    """All that these lists have, as one list; a list that is NULL has nothing. It is there, if empty."""
    lists = [d.at(document, None) for document in documents]
    most = sum((func.coalesce(d.SizeOf(*one), 0) for one in lists), literal(0))
    return Slot(
        known=true(),
        size=Span(case((most > 0, 1), else_=0), most),  # what is there twice counts once
        has=lambda item: or_(*(func.coalesce(d.HasItem(*one, literal(listed(item))), false()) for one in lists)),
    )


def listed(item: object) -> str:
    return orjson.dumps([item]).decode()


def milliseconds(column: Column) -> Sql:
    """A moment as the number that is stored."""
    return type_coerce(column, BigInteger)


def instant(at: datetime) -> Sql:
    return cast(to_ms(at), BigInteger)


def truth(condition: Sql) -> Sql:
    """True where it holds, else unknown."""
    return case((condition, true()))


def falsity(condition: Sql) -> Sql:
    """False where it holds, else unknown."""
    return case((condition, false()))
