"""What engage itself does for a rule: say something. Other rooms bring the other actions."""

from collections.abc import Callable
from functools import partial

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Teammate
from frontdesk.accounts.queries import workspace
from frontdesk.collect.ports import PageSeen
from frontdesk.engage.doing import deliveries
from frontdesk.engage.doing.deliveries import NewDelivery
from frontdesk.engage.doing.templates import render
from frontdesk.engage.ports import ActionContext
from frontdesk.people import queries as people
from frontdesk_rules import MISSING, Localised, Message

_BABEL = {"en": "en", "zh": "zh_Hans"}


def message(session: Session, context: ActionContext, action: Message) -> None:
    """Queue the message for the person, in the person's language, with the person's fields in it."""
    visitor_id = _visitor_id(session, context)
    if visitor_id is None:
        return  # known to a server only: there is no browser to show it in
    subject = context.subject
    locale = spoken(action.text, subject.visitor.get("language") or subject.locale)
    say = partial(render, ask=_asker(session, context, locale))
    content = {"text": say(action.text.said_in(locale))}
    if action.reply_label:
        content["reply_label"] = say(action.reply_label.said_in(locale))
    new = NewDelivery(
        workspace_id=subject.workspace_id,
        person_id=subject.person_id,
        visitor_id=visitor_id,
        decision_id=context.decision_id,
        rule_id=context.rule_id,
        key=context.key,
        message_class=action.message_class,
        sender=_sender(session, subject.workspace_id, action.sender),
        locale=locale,
        content=content,
        page=_page(context.page),
        session_id=subject.session.id if subject.session else None,
        conversation_id=context.conversation_id,
    )
    deliveries.queue(session, new, context.now)


def spoken(text: Localised, language: str | None) -> str:
    """`zh` or `en`: the person's language where the text has it, else the one it has.

    >>> spoken(Localised(en="Hi"), "zh-CN")
    'en'
    """
    wanted, other = ("zh", "en") if (language or "").lower().startswith("zh") else ("en", "zh")
    return wanted if getattr(text, wanted) else other


def _visitor_id(session: Session, context: ActionContext) -> str | None:
    """The browser to say it in: the one that the moment came from, else the person's latest."""
    subject = context.subject
    if subject.visitor_id is not None:
        return subject.visitor_id
    latest = people.person(session, subject.workspace_id, subject.person_id).visitor
    return latest.id if latest else None


def _page(seen: PageSeen | None) -> dict[str, str | None] | None:
    return {"url": seen.url, "path": seen.path, "title": seen.title} if seen else None


def _sender(session: Session, workspace_id: str, name: str | None) -> dict[str, str | None]:
    """Who says it: the teammate of that name with their picture, else the name alone, else the workspace."""
    if name is None:
        return {"name": workspace(session, workspace_id).name, "avatar": None}
    query = select(Teammate.avatar).where(Teammate.workspace_id == workspace_id, Teammate.name == name)
    return {"name": name, "avatar": session.scalars(query.limit(1)).first()}


def _asker(session: Session, context: ActionContext, locale: str) -> Callable[[str], object]:
    """What a template's field is for this person; names of countries are words, not codes."""

    def ask(name: str) -> object:
        if name == "workspace.name":
            return workspace(session, context.subject.workspace_id).name
        value = context.facts.get(name)
        if name == "visitor.country" and isinstance(value, str):
            return Locale.parse(_BABEL[locale]).territories.get(value, value)
        return None if value is MISSING else value

    return ask
