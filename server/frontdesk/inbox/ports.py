"""What the inbox asks of the rooms above it, so that it need not know them. `app` fills these in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import Flask, current_app
from sqlalchemy.orm import Session

from frontdesk.inbox.models import Conversation
from frontdesk.people.models import Visitor


@dataclass(frozen=True, slots=True)
class Opening:
    """The auto-message that is answered: it becomes the first part."""

    text: str
    sender_name: str
    delivery_id: str
    rule_id: str


@dataclass(frozen=True, slots=True)
class StartedFrom:
    """`page` is {url, path, title, dwell_ms}, where the visitor stood when the conversation began."""

    page: dict[str, Any] | None
    locale: str


@dataclass(frozen=True, slots=True)
class InboxPorts:
    """`opening` claims a delivery as replied (None: not this visitor's). The others let rules decide: `replied` is the
    visitor's word, `answered` a teammate's.

    All run in the transaction of their cause.
    """

    opening: Callable[[Session, Visitor, str, datetime], Opening | None]
    started: Callable[[Session, Conversation, StartedFrom, datetime], None]
    replied: Callable[[Session, Conversation, datetime], None]
    answered: Callable[[Session, Conversation, datetime], None]
    closed: Callable[[Session, Conversation, datetime], None]


def install(app: Flask, ports: InboxPorts) -> None:
    """Give the messenger's views of `app` their ports."""
    app.extensions["frontdesk.inbox"] = ports


def inbox_ports() -> InboxPorts:
    """The ports of the app that serves this request."""
    return cast(InboxPorts, current_app.extensions["frontdesk.inbox"])
