"""How a rule speaks: to a person in their language with their fields in the text, to us in every language there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from babel import Locale
from sqlalchemy import Table
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Workspace
from frontdesk.core.db import bulk
from frontdesk.engage.doing.templates import render
from frontdesk.engage.ports import ActionContext
from frontdesk_rules import MISSING, Localised
from frontdesk_rules.words import LANGUAGES

_BABEL = {"en": "en", "zh": "zh_Hans"}


def spoken(text: Localised, language: str | None) -> str:
    """`zh` or `en`: the person's language where the text has it, else the one it has.

    >>> spoken(Localised(en="Hi"), "zh-CN")
    'en'
    """
    return chosen({name: True for name in LANGUAGES if getattr(text, name)}, language)


def chosen(said: Mapping[str, object], language: str | None) -> str:
    """Which of the languages that something is said in is for somebody who reads `language`."""
    wanted, other = ("zh", "en") if (language or "").lower().startswith("zh") else ("en", "zh")
    return wanted if said.get(wanted) or not said.get(other) else other


def language_of(context: ActionContext) -> str | None:
    """What the person reads."""
    subject = context.subject
    return subject.visitor.get("language") or subject.locale


@dataclass(frozen=True, slots=True)
class Voice:
    """Says texts of one locale to the person of `context`."""

    session: Session
    context: ActionContext
    locale: str

    def say(self, text: str) -> str:
        """The text with the person's fields in it."""
        return render(text, self._ask)

    def of(self, text: Localised) -> str:
        return self.say(text.said_in(self.locale))

    def _ask(self, name: str) -> object:
        """What a template's field is for this person; names of countries are words, not codes."""
        if name == "workspace.name":
            return workspace_name(self.session, self.context.subject.workspace_id)
        value = self.context.facts.get(name)
        if name == "visitor.country" and isinstance(value, str):
            return Locale.parse(_BABEL[self.locale]).territories.get(value, value)
        return None if value is MISSING else value


def workspace_name(session: Session, workspace_id: str) -> str:
    """Who speaks, where nobody is named: asked in the cheapest way, once for a group of requests."""
    kept: dict[str, str] = session.info.setdefault(_KEPT, {})
    if workspace_id not in kept:
        ((kept[workspace_id],),) = bulk.find(session, _WORKSPACE, ("name",), {("id",): [(workspace_id,)]})
    return kept[workspace_id]


_KEPT = "workspace names"
_WORKSPACE = cast(Table, Workspace.__table__)


def in_every_language(session: Session, context: ActionContext, text: Localised) -> dict[str, str]:
    """The text as rendered, by locale: which of us reads it is known only then."""
    return {name: Voice(session, context, name).of(text) for name in LANGUAGES if getattr(text, name)}
