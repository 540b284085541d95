"""What a rule does that the person does not see. What that makes happen is returned, for other rules to be asked."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from frontdesk.channels import outbox, webhooks
from frontdesk.collect import emitted
from frontdesk.collect.emitted import Emitted
from frontdesk.core.clock import iso
from frontdesk.engage.deciding.moments import changed
from frontdesk.engage.doing.persons import person_of, rule_of, teammates_of
from frontdesk.engage.doing.voice import in_every_language
from frontdesk.engage.ports import ActionContext
from frontdesk.inbox import conversations, notifications
from frontdesk.inbox import queries as inbox
from frontdesk.inbox.notifications import Notice
from frontdesk.people import attributes, tags
from frontdesk_rules import MISSING, Moment, Tag, Untag
from frontdesk_rules.language.deeds import Close, Emit, Notify, Set, Webhook


def tag(session: Session, context: ActionContext, action: Tag) -> list[Moment]:
    """Put the tag on the person, and on the conversation at hand."""
    changes = tags.tag(session, person_of(session, context), action.tag)
    if context.conversation_id:
        conversation = inbox.for_rules(session, context.conversation_id)
        conversations.tag(session, conversation, action.tag, rule_of(context), context.now)
    return list(changed(changes, context.key, context.now))


def untag(session: Session, context: ActionContext, action: Untag) -> list[Moment]:
    """Take the tag off the person."""
    return list(changed(tags.untag(session, person_of(session, context), action.tag), context.key, context.now))


def give(session: Session, context: ActionContext, action: Set) -> list[Moment]:
    """Give attributes of the person and of their company their values."""
    person = person_of(session, context)
    changes = (
        *attributes.describe(session, person, _of_family(action, "contact")),
        *attributes.describe_company(session, person, _of_family(action, "company")),
    )
    return list(changed(changes, context.key, context.now))


def _of_family(action: Set, family: str) -> Mapping[str, Any]:
    parts = [(name.partition("."), value) for name, value in action.values]
    return {leaf: value for (head, _, leaf), value in parts if head == family}


def emit(session: Session, context: ActionContext, action: Emit) -> list[Moment]:
    """Store the event, once, with its cause; rules hear of it."""
    subject = context.subject
    new = Emitted(
        workspace_id=subject.workspace_id,
        person_id=subject.person_id,
        session_id=subject.session.id if subject.session else None,
        name=action.event,
        properties=dict(action.properties),
        page=context.page,
        key=context.key,
        cause=context.decision_id,
    )
    event_id = emitted.store(session, new, context.now)
    if event_id is None:
        return []
    path = context.page.path if context.page else None
    event = Moment(
        kind="event", at=context.now, id=event_id, name=action.event, path=path, properties=dict(action.properties)
    )
    return [event]


def close(session: Session, context: ActionContext, _action: Close) -> list[Moment]:
    """Close the conversation at hand; what is closed already stays so, and nothing happens."""
    if context.conversation_id is None:
        return []
    conversation = inbox.for_rules(session, context.conversation_id)
    before = conversation.state
    conversations.close(session, conversation, rule_of(context), context.now)
    if conversation.state == before:
        return []
    page = conversation.page or {}
    moment = Moment(
        kind="conversation",
        at=context.now,
        id=f"{conversation.id}:{conversation.last_seq}",
        name="closed",
        path=page.get("path"),
        dwell_ms=page.get("dwell_ms"),
    )
    return [moment]


def notify(session: Session, context: ActionContext, action: Notify) -> None:
    """Tell the teammates who are meant, each once."""
    subject = context.subject
    notice = Notice(
        workspace_id=subject.workspace_id,
        key=context.key,
        text=in_every_language(session, context, action.text),
        person_id=subject.contact_id or subject.person_id,
        conversation_id=context.conversation_id,
        rule_id=context.rule_id,
    )
    notifications.tell(session, notice, teammates_of(session, context, action.to), context.now)


def webhook(session: Session, context: ActionContext, action: Webhook) -> None:
    """Put it into the outbox, once; the body is that which `channels.webhooks` documents."""
    subject = context.subject
    body = {
        "id": context.key,
        "type": "rule.acted",
        "at": iso(context.now),
        "workspace": subject.workspace_id,
        "rule": {"id": context.rule_id, "name": dict(context.rule_name)},
        "decision": context.decision_id,
        "person": {
            "id": subject.contact_id or subject.person_id,
            "user_id": _told(context.facts.get("contact.user_id")),
        },
        "conversation": context.conversation_id,
        "fields": {name: _told(context.facts.get(name)) for name in action.include},
    }
    outbox.put(session, webhooks.parcel(subject.workspace_id, action.url, context.key, body), context.now)


def _told(value: object) -> object:
    """As JSON has it: a moment as ISO 8601, what is not known as null."""
    if value is MISSING:
        return None
    if isinstance(value, tuple | list):
        return [_told(each) for each in value]
    return iso(value) if hasattr(value, "astimezone") else value  # type: ignore[arg-type]  # a moment
