"""Eight classes of buyers: recency, frequency and money, each at least as good as the mean of all buyers, or not. Pure.

The split by the mean and the eight names are those in use in Chinese retail: the important (重要) spend more than the
mean, the ordinary (一般) less; of value (价值) are those who come lately and often, to be developed (发展) lately and
seldom, to be kept (保持) often but not lately, to be won back (挽留) neither.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import fsum, isclose
from typing import Final

from frontdesk_rules import Moment, Words

WINDOW: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Purchase:
    at: datetime
    amount: float


@dataclass(frozen=True, slots=True)
class Standing:
    """Of the last 365 days: how long ago the newest purchase was (None: there is none), how many, how much in all."""

    recency_ms: int | None
    frequency: int
    monetary: float


@dataclass(frozen=True, slots=True)
class Means:
    """The means over all who bought in the last 365 days, of whom there are so many."""

    buyers: int
    recency_ms: float
    frequency: float
    monetary: float


@dataclass(frozen=True, slots=True)
class Class:
    """`lately`, `often`, `much`: at least as good as the mean."""

    key: str
    lately: bool
    often: bool
    much: bool
    name: Words


_ROWS: Final = (
    ("champions", True, True, True, "Champions", "重要价值客户"),
    ("promising", True, False, True, "Promising big spenders", "重要发展客户"),
    ("at_risk", False, True, True, "Valuable, at risk", "重要保持客户"),
    ("slipping", False, False, True, "Big spenders, slipping away", "重要挽留客户"),
    ("loyal", True, True, False, "Loyal, small baskets", "一般价值客户"),
    ("newcomers", True, False, False, "Newcomers", "一般发展客户"),
    ("cooling", False, True, False, "Regulars, cooling", "一般保持客户"),
    ("lost", False, False, False, "Lost", "一般挽留客户"),
)
CLASSES: Final[Mapping[tuple[bool, bool, bool], Class]] = {
    (lately, often, much): Class(key, lately, often, much, Words(en, zh)) for key, lately, often, much, en, zh in _ROWS
}


def amount_of(name: str, properties: Mapping[str, object], at: datetime) -> float:
    """What a purchase came to: a property by its name, as rules read it; nothing where that is no number."""
    value = Moment(kind="event", at=at, properties=properties).fact(f"event.{name}")
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


def standing(purchases: Iterable[Purchase], at: datetime) -> Standing:
    """Where a person stands at a moment, whose window is (a year ago, then]."""
    counted = [one for one in purchases if at - WINDOW < one.at <= at]
    newest = max((one.at for one in counted), default=None)
    recency = None if newest is None else (at - newest) // timedelta(milliseconds=1)
    return Standing(recency, len(counted), fsum(one.amount for one in counted))


def means(standings: Collection[Standing]) -> Means | None:
    """None where nobody bought anything."""
    buyers = [one for one in standings if one.recency_ms is not None]
    count = len(buyers)
    if not count:
        return None
    return Means(
        buyers=count,
        recency_ms=sum(one.recency_ms or 0 for one in buyers) / count,
        frequency=sum(one.frequency for one in buyers) / count,
        monetary=fsum(one.monetary for one in buyers) / count,
    )


def class_of(own: Standing, mean: Means) -> Class | None:
    """Of which class a buyer is; None for who bought nothing. Just the mean is good enough."""
    if own.recency_ms is None:
        return None
    lately = _at_least(mean.recency_ms, own.recency_ms)
    return CLASSES[lately, _at_least(own.frequency, mean.frequency), _at_least(own.monetary, mean.monetary)]


def changes_at(purchases: Iterable[Purchase], mean: Means | None, at: datetime) -> datetime | None:
    """The first instant after `at` from which a person may stand elsewhere by time alone: a purchase is a year ago, or
    the newest one longer ago than the mean. That it is longer and longer ago is not meant."""
    counted = [one.at for one in purchases if at - WINDOW < one.at <= at]
    if not counted:
        return None
    instants = [min(counted) + WINDOW]
    if mean is not None:
        instants.append(max(counted) + timedelta(milliseconds=_too_long_ago(mean.recency_ms)))
    return min((one for one in instants if one > at), default=None)


def _too_long_ago(mean_ms: float) -> int:
    """The fewest whole milliseconds that are not as good as this mean."""
    ms = int(mean_ms) + 1
    while _at_least(mean_ms, ms):
        ms += 1
    return ms


def _at_least(value: float, other: float) -> bool:
    """A sum of fractions that were written in decimals may miss their mean by a hair."""
    return value >= other or isclose(value, other, rel_tol=1e-9)
