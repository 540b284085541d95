"""A conversation of the demo as it happens: the visitor writes, rules route, teammates answer when they can."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import update
from sqlalchemy.orm import Session

from frontdesk.accounts import queries as accounts
from frontdesk.accounts.models import Teammate
from frontdesk.cli.demo.browser import Browser
from frontdesk.cli.demo.home import SEATS, Seat
from frontdesk.cli.demo.stage import Scene
from frontdesk.cli.demo.talks import Line, Talk
from frontdesk.inbox import conversations, parts, queries, readings
from frontdesk.inbox.conversations import Assigned, Start
from frontdesk.inbox.models import Conversation
from frontdesk.inbox.parts import Author, Entry
from frontdesk.inbox.policy import page_seen
from frontdesk.inbox.ports import InboxPorts, StartedFrom

# Least, usual and most seconds until a step follows the one before it.
_DELAYS = {
    "visitor": (20, 70, 400),
    "reply": (25, 110, 900),
    "note": (20, 45, 120),
    "tag": (3, 6, 15),
    "hand": (10, 25, 60),
    "close": (60, 300, 2400),
}
_LEFT_OVER = timedelta(minutes=2)  # an open talk is over that long before the demo is made


@dataclass(frozen=True, slots=True)
class Desk:
    """The inbox of the demo, and the ids of its teammates by short name."""

    workspace_id: str
    teammates: Mapping[str, str]
    ports: InboxPorts

    def staff(self, session: Session, talk: Talk, at: datetime) -> list[Seat]:
        """Who sits at the desk now; they are online from here on, and the others are not."""
        seated = [seat for seat in SEATS if seat.short in talk.desk or (talk.ago is None and seat.works_at(at))]
        ids = [self.teammates[seat.short] for seat in seated]
        everyone = update(Teammate).where(Teammate.workspace_id == self.workspace_id)
        session.execute(everyone.values(seen_at=None))
        session.execute(everyone.where(Teammate.id.in_(ids)).values(seen_at=at))
        return seated


def begin(desk: Desk, session: Session, browser: Browser, talk: Talk, at: datetime) -> str:
    """The visitor opens the chat, or answers the card; the id of the conversation."""
    desk.staff(session, talk, at)
    page = page_seen(browser.page["url"], browser.page["title"], talk.stay * 1000)
    card = browser.cards[-1] if talk.card else None
    asked = Start(talk.key, talk.lines[0].text, StartedFrom(page, browser.profile.place.locale), card)
    return conversations.start(session, browser.visitor(session), asked, desk.ports, at).id


def talking(desk: Desk, conversation_id: str, talk: Talk, begun_at: datetime, chance: Random) -> Scene:
    """All that follows the first words."""
    step = _Step(desk, talk)
    for number, (line, at) in enumerate(zip(talk.lines[1:], _moments(talk, begun_at, chance), strict=True)):
        session = yield at
        conversation = queries.for_rules(session, conversation_id)
        step.take(session, conversation, line, at)
        if line.kind == "reply" and number < len(talk.lines) - 2:
            readings.visitor_has_read(session, conversation, conversation.last_seq)


def _moments(talk: Talk, begun_at: datetime, chance: Random) -> list[datetime]:
    """When each further line is said; an open talk leaves its visitor time to go before the demo is made."""
    delays = [_delay(line, chance) for line in talk.lines[1:]]
    room = (talk.ago - _LEFT_OVER) / sum(delays, timedelta()) if talk.ago and delays else 1.0
    moments, at = [], begun_at
    for delay in delays:
        at += delay * min(1.0, room)
        moments.append(at.replace(microsecond=at.microsecond // 1000 * 1000))
    return moments


def _delay(line: Line, chance: Random) -> timedelta:
    least, usual, most = _DELAYS[line.kind]
    return timedelta(seconds=round(chance.triangular(least, most, usual), 1))


@dataclass(frozen=True, slots=True)
class _Step:
    """Carries out the lines of one talk."""

    desk: Desk
    talk: Talk

    def take(self, session: Session, conversation: Conversation, line: Line, at: datetime) -> None:
        _KINDS[line.kind](self, session, conversation, line.text, at)

    def visitor(self, session: Session, conversation: Conversation, text: str, at: datetime) -> None:
        said = Author("visitor", conversation.visitor_id, None)
        parts.say(session, conversation, Entry("message", said, text), at)
        self.desk.ports.replied(session, conversation, at)

    def reply(self, session: Session, conversation: Conversation, text: str, at: datetime) -> None:
        said = Entry("message", self._author(session, conversation, at), text)
        conversations.answer(session, conversation, said, self.desk.ports, at)

    def note(self, session: Session, conversation: Conversation, text: str, at: datetime) -> None:
        parts.note(session, conversation, Entry("note", self._author(session, conversation, at), text), at)

    def tag(self, session: Session, conversation: Conversation, text: str, at: datetime) -> None:
        conversations.tag(session, conversation, text, self._author(session, conversation, at), at)

    def close(self, session: Session, conversation: Conversation, _text: str, at: datetime) -> None:
        conversations.close(session, conversation, self._author(session, conversation, at), at)

    def hand(self, session: Session, conversation: Conversation, text: str, at: datetime) -> None:
        """Hand it to the first of a team who sits at the desk."""
        by = self._author(session, conversation, at)
        to = next(seat for seat in self.desk.staff(session, self.talk, at) if seat.team == text)
        team = next(team for team, _ in accounts.teams(session, self.desk.workspace_id) if team.key == text)
        teammate = {"id": self.desk.teammates[to.short], "name": to.name}
        conversations.assign(session, conversation, Assigned(teammate, {"id": team.id, "name": team.name}, by), at)

    def _author(self, session: Session, conversation: Conversation, at: datetime) -> Author:
        """Who has the conversation, else the first at the desk who speaks the visitor's language."""
        if conversation.assignee_id:
            row = accounts.teammate(session, self.desk.workspace_id, conversation.assignee_id)
            return Author("teammate", row.id, row.name)
        seated = self.desk.staff(session, self.talk, at) or list(SEATS)
        speaks = [seat for seat in seated if (seat.language or "en") == self.talk.language] or seated
        return Author("teammate", self.desk.teammates[speaks[0].short], speaks[0].name)


_KINDS: Mapping[str, Callable[[_Step, Session, Conversation, str, datetime], None]] = {
    "visitor": _Step.visitor,
    "reply": _Step.reply,
    "note": _Step.note,
    "tag": _Step.tag,
    "hand": _Step.hand,
    "close": _Step.close,
}
