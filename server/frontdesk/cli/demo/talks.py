"""The conversations of the demo, read from the two files beside this one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from frontdesk_rules.durations import milliseconds

LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a talk. `kind`: visitor, reply, note, tag, hand or close."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation to be. `ago`: still open and begun that long ago, with those of `desk` at work then."""

    key: str
    language: str
    page: str
    stay: int
    origin: str
    card: bool
    ago: timedelta | None
    desk: tuple[str, ...]
    who: str | None
    company: str | None
    lines: list[Line] = field(default_factory=list)


@lru_cache(maxsize=1)
def talks() -> tuple[Talk, ...]:
    """All of them, the two languages in turn."""
    told = [_read(language) for language in LANGUAGES]
    return tuple(talk for talk in chain.from_iterable(zip_longest(*told)) if talk)


def _read(language: str) -> list[Talk]:
    text = Path(__file__).with_name(f"talks.{language}.yaml").read_text(encoding="utf-8")
    found: list[Talk] = []
    for entry in YAML(typ="safe", pure=True).load(text):
        if "page" in entry:
            found.append(_head(entry, language, len(found)))
        else:
            found[-1].lines.extend(_lines(entry))
    return found


def _head(entry: dict[str, Any], language: str, number: int) -> Talk:
    ago = entry.get("ago")
    return Talk(
        key=f"talk-{language}-{number:02}",
        language=language,
        page=entry["page"],
        stay=entry["stay"],
        origin=entry["from"],
        card=entry.get("card", False),
        ago=timedelta(milliseconds=milliseconds(ago)) if ago else None,
        desk=tuple(entry.get("desk", ())),
        who=entry.get("who"),
        company=entry.get("company"),
    )


def _lines(entry: dict[str, Any]) -> Iterator[Line]:
    return (Line(kind, str(text)) for kind, text in entry.items())
