"""What each operator asks of an actual value: True, False, or None where the value is of another kind."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, TypeAlias

from frontdesk_rules import urls
from frontdesk_rules.facts import patterns
from frontdesk_rules.facts.hashing import among
from frontdesk_rules.facts.times import time_in
from frontdesk_rules.facts.versions import Version, version
from frontdesk_rules.facts.zones import instant, local_time
from frontdesk_rules.language.compounds import Bounds, Share
from frontdesk_rules.language.literals import is_number

Verdict: TypeAlias = bool | None
Ask: TypeAlias = Callable[[Any, Any], Verdict]


@dataclass(frozen=True, slots=True)
class Situation:
    """When and where a condition is asked."""

    now: datetime
    zone: tzinfo


def same(actual: object, expected: object) -> bool:
    """Equality as in JSON: true is not 1, but 1 is 1.0."""
    return actual == expected and isinstance(actual, bool) is isinstance(expected, bool)


def differs(actual: object, expected: object) -> bool:
    return not same(actual, expected)


def one_of(actual: object, expected: Iterable[object]) -> bool:
    return any(same(actual, value) for value in expected)


def none_of(actual: object, expected: Iterable[object]) -> bool:
    return not one_of(actual, expected)


def _number(ask: Callable[[Any, Any], bool]) -> Ask:
    return lambda actual, expected: ask(actual, expected) if is_number(actual) else None


def _text(ask: Callable[[str, Any], bool]) -> Ask:
    return lambda actual, expected: ask(actual, expected) if isinstance(actual, str) else None


def _list(ask: Callable[[Collection[object], Any], bool]) -> Ask:
    return lambda actual, expected: (
        ask(actual, expected) if isinstance(actual, list | tuple | set | frozenset) else None
    )


def _version(ask: Callable[[Version, Version], bool]) -> Ask:
    def asked(actual: object, expected: Version) -> Verdict:
        found = version(actual) if isinstance(actual, str) else None
        return None if found is None else ask(found, expected)

    return asked


def _time(ask: Callable[[datetime, Any, Situation], Verdict]) -> Callable[[Any, Any, Situation], Verdict]:
    def asked(actual: object, expected: Any, situation: Situation) -> Verdict:
        at = time_in(actual, situation.zone)
        return None if at is None else ask(at, expected, situation)

    return asked


def _instant(expected: datetime, situation: Situation) -> datetime:
    return expected if expected.tzinfo else instant(expected, situation.zone)


def _on_weekday(at: datetime, days: tuple[int, ...], situation: Situation) -> Verdict:
    local = local_time(at, situation.zone)
    return local.weekday() in days if local else None


def _time_between(at: datetime, ends: tuple[int, int], situation: Situation) -> Verdict:
    """From the first time of day to before the second; over midnight where the second is not the later one."""
    local = local_time(at, situation.zone)
    if local is None:
        return None
    minute, (start, end) = local.hour * 60 + local.minute, ends
    return start <= minute < end if start < end else minute >= start or minute < end


def _within_last(at: datetime, ms: int, situation: Situation) -> bool:
    """Half open: exactly `ms` ago is outside, now is inside, the future is outside."""
    return situation.now - at < timedelta(milliseconds=ms) and at <= situation.now


def _older_than(at: datetime, ms: int, situation: Situation) -> bool:
    return situation.now - at >= timedelta(milliseconds=ms)


def _icontains(actual: str, expected: str) -> bool:
    return expected.casefold() in actual.casefold()


def _ieq(actual: str, expected: str) -> bool:
    return actual.casefold() == expected.casefold()


def _between(actual: float, expected: tuple[float, float]) -> bool:
    """Both ends belong to it."""
    return expected[0] <= actual <= expected[1]


def _has_any(actual: Collection[object], expected: Iterable[object]) -> bool:
    return any(one_of(value, actual) for value in expected)


def _has_all(actual: Collection[object], expected: Iterable[object]) -> bool:
    return all(one_of(value, actual) for value in expected)


def _size(actual: Collection[object], expected: Bounds) -> bool:
    return expected.hold(len(actual))


def _in_share(person: str, share: Share) -> bool:
    return among(share.salt, person, share.low, share.high)


greater, at_least = _number(operator.gt), _number(operator.ge)
less, at_most = _number(operator.lt), _number(operator.le)
between = _number(_between)
contains, not_contains = _text(operator.contains), _text(lambda a, e: e not in a)
starts_with, ends_with = _text(str.startswith), _text(str.endswith)
icontains, ieq = _text(_icontains), _text(_ieq)
glob, regex = _text(urls.text_glob), _text(patterns.found)
path_eq, path_prefix, path_glob = _text(urls.path_eq), _text(urls.path_prefix), _text(urls.path_glob)
host_eq, query_eq = _text(urls.host_eq), _text(urls.query_eq)
has, has_not = _list(lambda a, e: one_of(e, a)), _list(lambda a, e: not one_of(e, a))
has_any, has_all, size = _list(_has_any), _list(_has_all), _list(_size)
before = _time(lambda at, expected, situation: at < _instant(expected, situation))
after = _time(lambda at, expected, situation: at >= _instant(expected, situation))
within_last, older_than = _time(_within_last), _time(_older_than)
on_weekday, time_between = _time(_on_weekday), _time(_time_between)
semver_eq, semver_gt, semver_gte = _version(operator.eq), _version(operator.gt), _version(operator.ge)
semver_lt, semver_lte = _version(operator.lt), _version(operator.le)
in_share = _text(_in_share)
