"""A moment as JSON, for what is put off until another day."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from frontdesk.core.clock import from_ms, to_ms
from frontdesk_rules import MISSING, Moment

_DEFAULTS: Final = Moment(kind="page", at=from_ms(0))
_TIME: Final = "$ms"  # no value of an attribute is a map, so this one is told apart
_NAMES: Final = tuple(field.name for field in fields(Moment))


def to_json(moment: Moment) -> dict[str, Any]:
    """What is not as it is by default; times as `{"$ms": 1500}`.

    >>> to_json(Moment(kind="page", at=from_ms(1_500), path="/pricing"))
    {'kind': 'page', 'at': {'$ms': 1500}, 'path': '/pricing'}
    """
    told = {name: getattr(moment, name) for name in _NAMES}
    kept = {name: value for name, value in told.items() if name in ("kind", "at") or value != getattr(_DEFAULTS, name)}
    return {name: _dumped(value) for name, value in kept.items() if value is not MISSING}


def from_json(tree: Mapping[str, Any]) -> Moment:
    """The moment that `to_json` wrote.

    >>> from_json({"kind": "page", "at": {"$ms": 1500}, "path": "/pricing"}).path
    '/pricing'
    """
    return Moment(**{name: _loaded(value) for name, value in tree.items() if name in _NAMES})


def _dumped(value: object) -> object:
    if isinstance(value, datetime):
        return {_TIME: to_ms(value)}
    return dict(value) if isinstance(value, Mapping) else value


def _loaded(value: Any) -> Any:
    return from_ms(value[_TIME]) if isinstance(value, dict) and value.keys() == {_TIME} else value
