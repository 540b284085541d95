"""What the answer to a browser brings back: what waits for it, what to watch, and when to come again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from frontdesk.collect.ports import Arrival, Verdict, Watch
from frontdesk.engage.deciding.cases import subject_of
from frontdesk.engage.deciding.showing import Showing
from frontdesk.engage.doing.deliveries import Waiter
from frontdesk.engage.ports import AskStanding
from frontdesk.engage.timers.soon import due_soon
from frontdesk_rules import RuleSet

_NOTHING = Watch()


@dataclass(frozen=True, slots=True)
class Told:
    """An arrival with the rules of its workspace. Its visitor is told something only where its token is held.

    `acted` where a rule did something to the person just now: then what the arrival says of them is over.
    """

    arrival: Arrival
    rules: RuleSet
    acted: bool = False

    @property
    def visitor_id(self) -> str | None:
        return self.arrival.visitor_id if self.arrival.token_held else None

    @property
    def waiter(self) -> Waiter:
        run = self.arrival.session
        known = subject_of(self.arrival) if run and not self.acted else None
        return Waiter(self.arrival.visitor_id or "", run.id if run else None, self.arrival.contact_id, known)

    @property
    def timed(self) -> bool:
        """Whether a timer may be on its way to this visitor."""
        return self.visitor_id is not None and bool(self.rules.armed_by or self.rules.armed_by_facts)

    @property
    def watch(self) -> Watch:
        if self.arrival.page is None or not self.rules.rules:
            return _NOTHING
        asked = self.rules.watch(self.arrival.page.path)
        return Watch(asked.dwell_ms, asked.scroll, asked.exit_intent)


def verdicts(
    session: Session, told: Sequence[Told], showing: Showing, ask: AskStanding, now: datetime
) -> list[Verdict]:
    """One for each arrival, in order; each thing is asked for all of them at once."""
    waiters = [one.waiter for one in told if one.visitor_id]
    standing = ask(session, [waiter.visitor_id for waiter in waiters])
    waiting = showing.hand_over(session, waiters, standing.talking, now)
    soon = due_soon(session, {known for one in told if one.timed for known in _ids(one.arrival)}, now)
    found = []
    for one in told:
        visitor_id = one.visitor_id or ""
        due_at = min((at for known in _ids(one.arrival) if (at := soon.get(known))), default=None) if soon else None
        found.append(Verdict(waiting.get(visitor_id, []), one.watch, standing.unread.get(visitor_id, 0), due_at))
    return found


def _ids(arrival: Arrival) -> list[str]:
    return [known for known in (arrival.visitor_id, arrival.contact_id) if known]
