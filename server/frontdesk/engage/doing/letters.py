"""Letters: e-mail to a contact, on its way through the outbox; a delivery, too, so that caps and funnels count it."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from frontdesk.channels import email, outbox
from frontdesk.channels.email import Letter
from frontdesk.channels.outbox import Claimed
from frontdesk.core.mailing import is_address
from frontdesk.engage.doing import deliveries, saved
from frontdesk.engage.doing.deliveries import LETTER, NewDelivery
from frontdesk.engage.doing.persons import person_of
from frontdesk.engage.doing.voice import Voice, chosen, language_of, spoken
from frontdesk.engage.ports import ActionContext
from frontdesk.people.queries import Person
from frontdesk_rules import Localised
from frontdesk_rules.language.messages import Email

NO_ADDRESS: Final = "no_address"


def send(session: Session, context: ActionContext, action: Email) -> None:
    """Put the letter into the outbox, once.

    Who has no address that a letter may be sent to gets none, which is left undone and noted with the decision. The
    rule has acted all the same, and its repeat counts; a rule that is to wait for an address asks for one in `when`.
    """
    workspace_id = context.subject.workspace_id
    to = address_of(person_of(session, context))
    if to is None:
        context.left_undone.append(NO_ADDRESS)
        return
    letter = _written(session, context, action, to)
    if not deliveries.queue(session, _delivery(context, action, letter), context.now):
        return
    outbox.put(session, email.parcel(workspace_id, letter, context.key), context.now)


def address_of(person: Person) -> str | None:
    """Where to write to the person. What only a browser says may be anybody's address: nobody gets letters for that,
    whatever else a workspace believes of what browsers say."""
    contact, visitor = person.contact, person.visitor
    said = [
        (contact.email, contact.verified) if contact else (None, False),
        (visitor.email, visitor.email_verified) if visitor else (None, False),
    ]
    known = (address for address, verified in said if address and verified)
    return next((address for address in known if is_address(address)), None)


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
