"""What engage asks of the rooms beside and below it. `app` fills these in."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from frontdesk.collect.ports import PageSeen, SessionSeen
from frontdesk.inbox.queries import Standing
from frontdesk_rules import Facts, Moment

if TYPE_CHECKING:  # it knows these ports
    from frontdesk.engage.doing.deliveries import NewDelivery


@dataclass(frozen=True, slots=True)
class Subject:
    """The person that rules are asked about. `visitor` holds the columns of its row, empty where there is none.

    `contact_id` is the contact that may be spoken of to this person; `visitor["contact_id"]` may be a mere claim.
    `new`: this very transaction made the person, and rules have done nothing to them yet.
    """

    workspace_id: str
    person_id: str
    visitor_id: str | None
    contact_id: str | None
    visitor: Mapping[str, Any]
    session: SessionSeen | None
    locale: str
    new: bool = False


@dataclass(frozen=True, slots=True)
class ActionContext:
    """For whom an action is done, by which rule and why.

    `key` is the idempotency key of this one action; `conversation_id` is there where a conversation was the moment.
    `rule_name` is `{"en", "zh"}`, `reasons` a list of `{"code", "text_en", "text_zh"}`, most telling first.
    `facts` answers what a template may name. What an action finds that it cannot do, and that is nobody's fault, it
    says in `left_undone`, in a word such as `no_address`; that is kept with the decision. What it wants to have shown
    it adds to `shown`: whoever called queues all of it together.
    """

    subject: Subject
    conversation_id: str | None
    rule_id: str
    rule_name: Mapping[str, str]
    decision_id: str
    reasons: list[dict[str, str]]
    key: str
    facts: Facts
    page: PageSeen | None
    now: datetime
    left_undone: list[str] = field(default_factory=list)
    shown: list["NewDelivery"] = field(default_factory=list)


Act = Callable[[Session, ActionContext, Any], Sequence[Moment] | None]
"""Carries out one action, in the transaction of its decision; safe to be called again with the same key.

It returns what it made happen to the person (an event, a change), if rules are to be asked about that in their turn.
"""

Actions = Mapping[str, Act]
"""The name of an action (`message`, `assign`, `tag`, `untag`) → who carries it out."""

AskStanding = Callable[[Session, Collection[str]], Standing]
"""How these visitors stand with their conversations. One query."""


@dataclass(frozen=True, slots=True)
class EngagePorts:
    actions: Actions
    standing: AskStanding
