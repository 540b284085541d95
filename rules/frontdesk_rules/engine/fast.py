"""Closures for the comparisons that are asked most; each answers as the operator's own `ask` does."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from frontdesk_rules.facts.known import MISSING
from frontdesk_rules.facts.moments import View
from frontdesk_rules.language.literals import is_number
from frontdesk_rules.language.operators import Verdict
from frontdesk_rules.urls import globbed, normal_path

Test: TypeAlias = Callable[[View], Verdict]


def _exists(name: str, _expected: object) -> Test:
    return lambda view: view[name] is not MISSING


def _missing(name: str, _expected: object) -> Test:
    return lambda view: view[name] is MISSING


def _equal_text(name: str, expected: object) -> Test | None:
    """Text is never equal to what is no text, so that no type needs to be looked at."""
    if not isinstance(expected, str):
        return None

    def test(view: View) -> Verdict:
        actual = view[name]
        return None if actual is MISSING else actual == expected

    return test


def _unequal_text(name: str, expected: object) -> Test | None:
    if not isinstance(expected, str):
        return None

    def test(view: View) -> Verdict:
        actual = view[name]
        return None if actual is MISSING else actual != expected

    return test


def _among_texts(name: str, expected: Any) -> Test | None:
    if not all(isinstance(value, str) for value in expected):
        return None
    texts = frozenset(expected)

    def test(view: View) -> Verdict:
        actual = view[name]
        return None if actual is MISSING else isinstance(actual, str) and actual in texts

    return test


def _not_among_texts(name: str, expected: Any) -> Test | None:
    if not all(isinstance(value, str) for value in expected):
        return None
    texts = frozenset(expected)

    def test(view: View) -> Verdict:
        actual = view[name]
        return None if actual is MISSING else not (isinstance(actual, str) and actual in texts)

    return test


def _greater(name: str, expected: Any) -> Test:
    def test(view: View) -> Verdict:
        actual = view[name]
        # A whole number is what dwell and counts are; everything else takes the longer look.
        if type(actual) is int or is_number(actual):
            return bool(actual > expected)
        return None

    return test


def _numeric(ask: Callable[[Any, Any], bool]) -> Callable[[str, Any], Test]:
    def build(name: str, expected: Any) -> Test:
        def test(view: View) -> Verdict:
            actual = view[name]
            return ask(actual, expected) if type(actual) is int or is_number(actual) else None

        return test

    return build


def _has_text(name: str, expected: object) -> Test | None:
    if not isinstance(expected, str):
        return None

    def test(view: View) -> Verdict:
        actual = view[name]
        return expected in actual if isinstance(actual, list | tuple | set | frozenset) else None

    return test


def _path_glob(name: str, expected: Any) -> Test:
    fits = globbed(expected)

    def test(view: View) -> Verdict:
        actual = view[name]
        return fits(normal_path(actual)) if isinstance(actual, str) else None

    return test


FAST: Final[dict[str, Callable[[str, Any], Test | None]]] = {
    "exists": _exists,
    "missing": _missing,
    "eq": _equal_text,
    "neq": _unequal_text,
    "in": _among_texts,
    "not_in": _not_among_texts,
    "gt": _greater,
    "gte": _numeric(operator.ge),
    "lt": _numeric(operator.lt),
    "lte": _numeric(operator.le),
    "has": _has_text,
    "path_glob": _path_glob,
}
