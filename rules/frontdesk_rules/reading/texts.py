"""Texts that people read: localised, and checked by whoever renders templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from frontdesk_rules.findings import Place
from frontdesk_rules.language.actions import LONGEST_MESSAGE
from frontdesk_rules.words import LANGUAGES, Localised


class Templates(Protocol):
    """The port to the template language of messages: why it refuses a text, in plain words; nothing if it is fine.

    It admits the fields of `TEMPLATE_FIELDS`, and no others.
    """

    def refusals(self, text: str, /) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class AnyText:
    """The port where no templates are rendered: every text is fine."""

    def refusals(self, _text: str, /) -> list[str]:
        return []


def read_localised(tree: object, place: Place, templates: Templates) -> Localised | None:
    """`{en: …, zh: …}`, or one of the two."""
    given = place.mapping(tree, "{en: …, zh: …} is needed here, or one of the two")
    place.only(given, LANGUAGES)
    for key, text in given.items():
        _check_text(text, place.at(key), templates)
    texts = {key: str(given[key]) for key in LANGUAGES if key in given}
    return Localised(**texts) if texts else None


def _check_text(text: object, place: Place, templates: Templates) -> None:
    if place.text(text) is None:
        return
    if len(str(text)) > LONGEST_MESSAGE:
        place.refuse(f"{LONGEST_MESSAGE} characters at most")
    for reason in templates.refusals(str(text)):
        place.refuse(reason)
