"""Letters: e-mail to a contact, on its way through the outbox; a delivery, too, so that caps and funnels count it."""

from datetime import datetime

from sqlalchemy.orm import Session

from frontdesk.channels import email, outbox
from frontdesk.channels.email import Letter
from frontdesk.channels.outbox import Claimed
from frontdesk.engage.doing import deliveries, saved
from frontdesk.engage.doing.deliveries import LETTER, NewDelivery
from frontdesk.engage.doing.persons import person_of
from frontdesk.engage.doing.voice import Voice, chosen, language_of, spoken
from frontdesk.engage.facts.addresses import address_of
from frontdesk.engage.ports import ActionContext
from frontdesk_rules import Held, Localised
from frontdesk_rules.language.messages import Email


def send(session: Session, context: ActionContext, action: Email) -> None:
    """Put the letter into the outbox, once.

    Whoever has no address is held before it comes to this; an address that another action has just taken away leaves
    the letter undone.
    """
    workspace_id = context.subject.workspace_id
    to = address_of(person_of(session, context))
    if to is None:
        context.left_undone.append(str(Held.NO_ADDRESS))
        return
    letter = _written(session, context, action, to)
    if not deliveries.queue(session, [_delivery(context, action, letter)], context.now):
        return
    outbox.put(session, email.parcel(workspace_id, letter, context.key), context.now)


def settled(session: Session, one: Claimed, now: datetime, *, sent: bool) -> None:
    """The dispatch's word: the letter has left, or was given up."""
    deliveries.settle_letter(session, one.parcel.workspace_id, one.parcel.key, now, sent=sent)


def _written(session: Session, context: ActionContext, action: Email, to: str) -> Letter:
    language = language_of(context)
    if action.template:
        content = saved.content_of(session, context.subject.workspace_id, LETTER, action.template)
        locale = chosen(content, language)
        subject, text = content[locale]["subject"], content[locale]["text"]
    else:
        locale = spoken(action.text or Localised(), language)
        subject, text = (said.said_in(locale) if said else "" for said in (action.subject, action.text))
    voice = Voice(session, context, locale)
    return Letter(to, voice.say(subject), voice.say(text), locale)


def _delivery(context: ActionContext, action: Email, letter: Letter) -> NewDelivery:
    subject = context.subject
    return NewDelivery(
        workspace_id=subject.workspace_id,
        person_id=subject.person_id,
        visitor_id=None,
        decision_id=context.decision_id,
        rule_id=context.rule_id,
        key=context.key,
        kind=LETTER,
        message_class=action.message_class,
        sender={"name": None, "avatar": None},
        locale=letter.locale,
        content={"subject": letter.subject, "text": letter.text},
        page=None,
        session_id=None,
        conversation_id=context.conversation_id,
    )
