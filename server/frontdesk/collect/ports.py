"""What collect asks of the rooms above it, so that it need not know them. `app` fills these in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from frontdesk.people.changes import Change

if TYPE_CHECKING:  # what these describe is pure
    from sqlalchemy.orm import Session


class PageSeen(Struct, frozen=True):
    """A page as its browser sees it. `dwell_ms`: visible milliseconds on this path in this session."""

    url: str
    path: str
    title: str | None = None
    referrer: str | None = None
    dwell_ms: int = 0


class StoredEvent(Struct, frozen=True):
    """An event that this transaction stores. `live` ones are young enough for rules to act on (10 minutes).

    `dwell_before_ms` is the visible time on its path that was known before it. `changes` are what it changed of its
    person, or of the company of its person. `company` is the one that it told something new of, by id, and the fields:
    its person need not belong to it.
    """

    id: str
    type: str
    name: str | None
    properties: dict[str, Any]
    page: PageSeen | None
    occurred_at: datetime
    verified: bool
    live: bool
    dwell_before_ms: int = 0
    changes: tuple[Change, ...] = ()
    company: tuple[str, tuple[str, ...]] | None = None


class SessionSeen(Struct, frozen=True):
    """The run of activity that the events belong to. `touch` is its source: channel, source, medium, campaign…"""

    id: str
    number: int
    page_views: int
    landing_path: str | None
    touch: dict[str, Any]


class Arrival(Struct, frozen=True):
    """What one request brought of one person. `visitor` holds the columns of its row after this request.

    `contact_id` is the contact that may be spoken of to this person; `visitor["contact_id"]` may be a mere claim.
    `anew`: who it is was not known before: the person is new, or its browser was recognised just now. `new`: this very
    transaction made the person, who is nobody else's: nothing is stored of them but what this group brought.
    """

    workspace_id: str
    person_id: str
    visitor_id: str | None
    contact_id: str | None
    visitor: dict[str, Any]
    session: SessionSeen | None
    events: tuple[StoredEvent, ...]
    page: PageSeen | None
    locale: str
    token_held: bool
    anew: bool = False
    new: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """What rules ask about the page that the person is on; the probe reports each once."""

    dwell_ms: tuple[int, ...] = ()
    scroll: tuple[int, ...] = ()
    exit_intent: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the answer to one request brings back: deliveries as on the wire, what to watch, what is unread.

    `due_at`: something may wait for this person by then, sooner than it would come again by itself.
    """

    deliveries: list[dict[str, Any]] = field(default_factory=list)
    watch: Watch = Watch()
    unread: int = 0
    due_at: datetime | None = None


Decide = Callable[["Session", Sequence[Arrival], datetime], list[Verdict]]
"""`decide(session, arrivals, now)`: one verdict for each arrival of a group, in order, in the same transaction.

An arrival without events is a presence: no rule is evaluated, but what waits for the person is delivered.
Deliveries are given only where `token_held`.
"""

Talks = Callable[["Session", str], bool]
"""`talks(session, visitor_id)`: whether the visitor has a conversation, open or over."""


def nobody_talks(_session: "Session", _visitor_id: str) -> bool:
    """Where there is no inbox."""
    return False
