"""One request to collect, as the writer gets it, and the answer that goes back."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from frontdesk.accounts.site_rules import SiteRules
from frontdesk.collect.door.draft import NOBODY, Client
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.door.wire import WireContext
from frontdesk.collect.ports import PageSeen, Verdict
from frontdesk.collect.refusals import Drop, Dropped, LeftOut, Refusal

NEXT = timedelta(seconds=30)
SOONEST = timedelta(seconds=1)


class Sender(Struct, frozen=True):
    """Whose key and whose token. `verified` senders are backends with an API key, and of no site."""

    workspace_id: str
    verified: bool
    site_id: str | None = None
    token: str | None = None
    rules: SiteRules = SiteRules()


@dataclass(frozen=True, slots=True)
class Request:
    """A batch, sound; or, with `presence`, a sign of life without events.

    With `hidden` nobody looks at the page that sent it. A call of its own has a `kind`; `sent_at` is by the sender's
    clock. With `letters`, what is refused of it becomes a dead letter; what comes from one is one already. The `client`
    is the browser that sent it, the `context` is what the batch says for all its items.
    """

    sender: Sender
    now: datetime
    items: tuple[Parsed, ...] = ()
    refused: tuple[Refusal, ...] = ()
    dropped: tuple[Drop, ...] = ()
    presence: PageSeen | None = None
    hidden: bool = False
    client: Client = NOBODY
    kind: str | None = None
    context: WireContext | None = None
    sent_at: datetime | None = None
    letters: bool = True


@dataclass(slots=True)
class Answer:
    """What became of a request, durable by now. A `stranger` sent a sign of presence with a token that nobody holds.

    `stored` counts new events, `duplicates` those that we had: the sender need not care which. Of some that are stored
    attributes are `left_out`. The browser comes again after `next_in`.
    """

    stored: int = 0
    duplicates: int = 0
    stranger: bool = False
    refused: list[Refusal] = field(default_factory=list)
    dropped: list[Drop] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    visitor_token: str | None = None
    verdict: Verdict = field(default_factory=Verdict)
    next_in: timedelta = NEXT

    def drop(self, step: str, reason: Dropped) -> None:
        self.dropped.append(Drop(step, reason))

    def heed(self, verdict: Verdict, now: datetime) -> None:
        """Bring back what the rules say to this browser, and have it come again when something is due."""
        self.verdict = verdict
        if verdict.due_at is not None:
            # a moment later, for what is due is not there at that very instant
            self.next_in = min(max(verdict.due_at - now, timedelta()) + SOONEST, NEXT)

    def on_the_wire(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "success": True,
            "accepted": self.stored + self.duplicates,
            "rejected": [refusal.on_the_wire() for refusal in self.refused],
            "deliveries": self.verdict.deliveries,
            "watch": {
                "dwell_ms": self.verdict.watch.dwell_ms,
                "scroll": self.verdict.watch.scroll,
                "exit_intent": self.verdict.watch.exit_intent,
            },
            "next_ms": self.next_in // timedelta(milliseconds=1),
            "unread": self.verdict.unread,
        }
        if self.dropped:
            body["dropped"] = Counter(drop.reason.value for drop in self.dropped)
        if self.left_out:
            body["left_out"] = [one.on_the_wire() for one in self.left_out]
        if self.visitor_token:
            body["visitor_token"] = self.visitor_token
        return body
