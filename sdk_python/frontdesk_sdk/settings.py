"""What a Client may be told, parsed once."""

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import SplitResult, urlsplit

from frontdesk_sdk.jsonsafe import Json, TooMuch, safe
from frontdesk_sdk.problems import Problem


class Options(TypedDict, total=False):
    """Keyword options of Client. Times are seconds.

    max_queue: events that may wait; beyond it new ones are dropped (10,000).
    flush_interval: how long an event waits for company (0.5).
    max_batch: events a request, at most 100 (100).
    timeout: of one request (10).
    give_up_after: how long one batch is retried (900: a deployment is over by then).
    exit_timeout: how long the end of the process may wait for what is queued (2).
    gzip: compress requests above 1 KB (True).
    enabled: False makes every call do nothing (True).
    on_error: called with a Problem for each event that is not delivered, often from the background thread.
    """

    max_queue: int
    flush_interval: float
    max_batch: int
    timeout: float
    give_up_after: float
    exit_timeout: float
    gzip: bool
    enabled: bool
    on_error: Callable[[Problem], None] | None


@dataclass(frozen=True, slots=True)
class Settings:
    """Options with every value in its range, and the address taken apart."""

    authorization: str
    address: SplitResult
    enabled: bool
    gzip: bool
    max_queue: int
    max_batch: int
    flush_interval: float
    timeout: float
    give_up_after: float
    exit_timeout: float


# name: default, least, most
_NUMBERS: Mapping[str, tuple[float, float, float]] = {
    "max_queue": (10_000, 1, 1_000_000),
    "max_batch": (100, 1, 100),
    "flush_interval": (0.5, 0.0, 3_600.0),
    "timeout": (10.0, 0.1, 600.0),
    "give_up_after": (900.0, 0.0, 86_400.0),
    "exit_timeout": (2.0, 0.0, 60.0),
}
_SWITCHES = {"gzip": True, "enabled": True}
_KNOWN = {*_NUMBERS, *_SWITCHES}


def parse(key: object, host: object, options: Mapping[str, object]) -> tuple[Settings, tuple[str, ...]]:
    """Settings that work, and a sentence for each thing that was wrong with what was given.

    Never raises: a number out of range takes the nearest bound, an unreadable one its default, and without a
    usable key or host the client is disabled.
    """
    given = {name: _plain(value) for name, value in options.items() if name != "on_error"}
    key, host = _plain(key), _plain(host)
    address, usable = _address(host), isinstance(key, str) and bool(key.strip())
    wrong = [*_wrong_options(given)]
    if options.get("on_error") is not None and not callable(options["on_error"]):
        wrong.append("on_error must be callable")
    if not usable:
        wrong.append("no key was given: the client is off")
    if address is None:
        wrong.append(f"host must look like https://example.com, not {host!r:.100}: the client is off")
    numbers = {name: _number(name, given.get(name)) for name in _NUMBERS}
    switches = {name: bool(given.get(name, default)) for name, default in _SWITCHES.items()}
    settings = Settings(
        authorization="Basic " + base64.b64encode(f"{key}:".strip().encode("utf-8", "replace")).decode("ascii"),
        address=address or urlsplit(""),
        enabled=switches["enabled"] and usable and address is not None,
        gzip=switches["gzip"],
        max_queue=int(numbers["max_queue"]),
        max_batch=int(numbers["max_batch"]),
        flush_interval=numbers["flush_interval"],
        timeout=numbers["timeout"],
        give_up_after=numbers["give_up_after"],
        exit_timeout=numbers["exit_timeout"],
    )
    return settings, tuple(wrong)


def _plain(value: object) -> Json:
    try:
        return safe(value)
    except TooMuch:
        return f"<{type(value).__name__}>"


def _wrong_options(given: Mapping[str, Json]) -> Iterator[str]:
    for name in sorted(given.keys() - _KNOWN):
        yield f"there is no option {name!r}"
    for name, (default, least, most) in _NUMBERS.items():
        value = given.get(name, default)
        if _number(name, value) != value:
            yield f"{name} must be a number from {least:g} to {most:g}, not {value!r:.100}"


def _number(name: str, value: Json) -> float:
    default, least, most = _NUMBERS[name]
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return default
    return min(max(value, least), most)


def _address(host: Json) -> SplitResult | None:
    try:
        address = urlsplit(str(host).strip().rstrip("/"))
        valid = address.scheme in {"http", "https"} and bool(address.hostname) and (address.port or 1) > 0
    except ValueError:
        return None
    return address if valid else None
