"""What senders write that is not quite what we read, made sound: the slow way, asked only where the fast one fails.

JavaScript writes halves of an emoji that it cut in two, Python writes NaN, PHP writes `[]` for an empty object, and
some write times as numbers, dates or nothing at all. Each is mended where it stands, so that it costs nobody else.
"""

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from frontdesk.collect.door.wire import WireContext

UNREADABLE = (ValueError, RecursionError)
"""What `loosely` raises; msgspec's own errors are among them."""
_MOST_DIGITS = 4_300  # of an integer that Python reads
_MILLISECONDS = 100_000_000_000  # as seconds this is the year 5138: whoever writes more means milliseconds


def loosely(raw: bytes, errors: str = "strict") -> Any:
    """JSON, lone surrogates and NaN included."""
    return json.loads(raw.decode("utf-8", errors), parse_int=_integer)


def soundly(value: Any) -> bytes:
    """JSON without lone surrogates. NaN stays, for the border to refuse.

    >>> soundly({"half \\ud83d": "of an emoji"})
    b'{"half ": "of an emoji"}'
    """
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "ignore")


def mended(raw: bytes) -> bytes:
    """A call as WireItem reads it, if that is all that was wrong with it; raises `UNREADABLE`."""
    call = loosely(raw)
    if isinstance(call, dict):
        call = _with_objects(call, ("properties", "traits", "integrations", "context"))
        call["context"] = _mended_context(call.get("context"))
        call["timestamp"] = _moment(call.get("timestamp"))
    return soundly(call)


def fitting(kind: type[Struct], given: Any) -> dict[str, Any]:
    """Those fields of `given` that are as `kind` has them, by their names there; what does not fit counts as absent."""
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        if isinstance(given, dict) and field.encode_name in given:
            value = _PREPARED.get(field.encode_name, _same)(given[field.encode_name])
            try:
                found[field.name] = msgspec.convert(value, field.type)
            except UNREADABLE:
                continue
    return found


def fitting_context(given: Any) -> WireContext | None:
    """The shared context of a batch, without what does not fit: a wrong language must not hide a no to being seen."""
    return WireContext(**fitting(WireContext, _mended_context(given))) if isinstance(given, dict) else None


def _mended_context(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    context = _with_texts(_with_objects(given, ("page", "campaign", "traits", "consent")), ("locale", "timezone"))
    page, campaign = context.get("page"), context.get("campaign")
    if isinstance(page, dict):
        context["page"] = _with_texts(page, ("title",)) | _dwell(page.get("dwell_ms"))
    if isinstance(campaign, dict):
        context["campaign"] = _with_texts(campaign, tuple(campaign))
    return context


def _with_texts(given: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Who names a campaign 2026 writes it as a number."""
    numbers = {name: str(given[name]) for name in names if type(given.get(name)) in {int, float}}
    return {**given, **numbers}


def _dwell(given: Any) -> dict[str, int]:
    """Milliseconds, of which some clocks have fractions."""
    return {"dwell_ms": int(given)} if isinstance(given, float) and math.isfinite(given) else {}


def _with_objects(given: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """PHP has one empty array, and writes it as a list."""
    return {name: None if value == [] and name in names else value for name, value in given.items()}


def _moment(given: Any) -> Any:
    """A time in the spelling of the wire; what is none stays as it is, for the border to refuse.

    >>> _moment("2026-03-01"), _moment(1_772_323_200), _moment(" ")
    ('2026-03-01T00:00:00+00:00', '2026-03-01T00:00:00.000+00:00', None)
    """
    if isinstance(given, str):
        return _written(given.strip())
    if isinstance(given, bool) or not isinstance(given, int | float):
        return given
    try:
        seconds = given / 1000 if abs(given) >= _MILLISECONDS else given
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError, OSError):
        return given


def _written(text: str) -> str | None:
    if text.isascii() and text.replace(".", "", 1).isdigit() and len(text) >= len("999999999"):
        number: str | None = _moment(float(text))
        return number
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text or None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()


def _integer(text: str) -> int | float:
    return int(text) if len(text) <= _MOST_DIGITS else math.inf


def _same(value: Any) -> Any:
    return value


_PREPARED: dict[str, Callable[[Any], Any]] = {"sentAt": _moment}
