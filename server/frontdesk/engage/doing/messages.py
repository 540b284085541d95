"""What a rule says to a person in a page: messages, surveys, tours, hints, checklists; each a delivery of its kind."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Teammate
from frontdesk.collect.ports import PageSeen
from frontdesk.engage.doing import saved, shapes
from frontdesk.engage.doing.deliveries import NewDelivery
from frontdesk.engage.doing.voice import Voice, chosen, language_of, spoken, workspace_name
from frontdesk.engage.ports import ActionContext
from frontdesk.people import queries as people
from frontdesk_rules import Localised, Message
from frontdesk_rules.language.messages import Guide, Survey


@dataclass(frozen=True, slots=True)
class Said:
    """What is shown: `content` as rendered in `locale`, by its kind."""

    kind: str
    message_class: str
    locale: str
    content: dict[str, Any]
    sender: str | None = None


def message(session: Session, context: ActionContext, action: Message) -> None:
    """Queue the message for the person, in the person's language, with the person's fields in it."""
    if action.template:
        locale, content = _saved(session, context, "message", action.template)
    else:
        locale, content = spoken(action.text, language_of(context)), {}
    voice = Voice(session, context, locale)
    own = {"title": action.title, "text": action.text, "reply_label": action.reply_label}
    content |= {name: said for name, text in own.items() if text and (said := voice.of(text))}
    content |= {"link": action.link} if action.link else {}
    show(session, context, Said(action.kind, action.message_class, locale, content, action.sender))


def survey(session: Session, context: ActionContext, action: Survey) -> None:
    """Queue the question, or the saved form."""
    asked = action.question
    if action.template:
        locale, content = _saved(session, context, "survey", action.template)
        content |= {"title": Voice(session, context, locale).of(asked)} if asked else {}
    else:
        locale = spoken(asked or _ASKED[action.kind], language_of(context))
        content = {"questions": [_question(Voice(session, context, locale), action)]}
    show(session, context, Said("survey", action.message_class, locale, {"survey": action.kind, **content}))


def guide(session: Session, context: ActionContext, action: Guide) -> None:
    """Queue the saved tour, hint or checklist."""
    locale, content = _saved(session, context, action.name, action.template)
    show(session, context, Said(action.name, action.message_class, locale, content))


def show(session: Session, context: ActionContext, said: Said) -> None:
    """Have it queued for the browser that the person is met in; a contact that has none gets it in its first one, and
    what a clock or a server was the moment of in whichever it comes with."""
    subject = context.subject
    visitor_id = _visitor_id(session, context)
    if visitor_id is None and subject.contact_id is None:
        return  # there is no browser to show it in, and nobody to wait for
    new = NewDelivery(
        workspace_id=subject.workspace_id,
        person_id=subject.contact_id if visitor_id is None or _of_no_browser(context) else subject.person_id,
        visitor_id=visitor_id,
        decision_id=context.decision_id,
        rule_id=context.rule_id,
        key=context.key,
        kind=said.kind,
        message_class=said.message_class,
        sender=_sender(session, subject.workspace_id, said.sender),
        locale=said.locale,
        content=said.content,
        page=_page(context.page),
        session_id=subject.session.id if subject.session else None,
        conversation_id=context.conversation_id,
    )
    context.shown.append(new)


def _of_no_browser(context: ActionContext) -> bool:
    """Whether a contact may be told in any of its browsers: the moment was on no page, and in no conversation."""
    return context.subject.contact_id is not None and context.page is None and context.conversation_id is None


def _saved(session: Session, context: ActionContext, kind: str, key: str) -> tuple[str, dict[str, Any]]:
    """The locale and what is saved in it, rendered."""
    content = saved.content_of(session, context.subject.workspace_id, kind, key)
    locale = chosen(content, language_of(context))
    said: dict[str, Any] = shapes.rendered(content[locale], Voice(session, context, locale).say)
    return locale, said


_ASKED: Final = {
    "nps": Localised(
        "How likely are you to recommend us to a friend or colleague?", "你有多大可能向朋友或同事推荐我们？"
    ),
    "csat": Localised("How satisfied are you with us?", "你对我们满意吗？"),
}
_ENDS: Final = {
    "nps": (Localised("Not at all likely", "完全不可能"), Localised("Extremely likely", "非常可能")),
    "csat": (Localised("Not at all", "非常不满意"), Localised("Very much", "非常满意")),
}


def _question(voice: Voice, action: Survey) -> dict[str, Any]:
    low, high = _ENDS[action.kind]
    return {
        "key": "score",
        "kind": action.kind,
        "text": voice.of(action.question or _ASKED[action.kind]),
        "low": low.said_in(voice.locale),
        "high": high.said_in(voice.locale),
    }


def _visitor_id(session: Session, context: ActionContext) -> str | None:
    """The browser to say it in: the one that the moment came from, else the person's latest."""
    subject = context.subject
    if subject.visitor_id is not None:
        return subject.visitor_id
    latest = people.person(session, subject.workspace_id, subject.contact_id or subject.person_id).visitor
    return latest.id if latest else None


def _page(seen: PageSeen | None) -> dict[str, str | None] | None:
    return {"url": seen.url, "path": seen.path, "title": seen.title} if seen else None


def _sender(session: Session, workspace_id: str, name: str | None) -> dict[str, str | None]:
    """Who says it: the teammate of that name with their picture, else the name alone, else the workspace."""
    if name is None:
        return {"name": workspace_name(session, workspace_id), "avatar": None}
    query = select(Teammate.avatar).where(Teammate.workspace_id == workspace_id, Teammate.name == name)
    return {"name": name, "avatar": session.scalars(query.limit(1)).first()}
