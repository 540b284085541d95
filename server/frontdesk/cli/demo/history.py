"""Two weeks at the demo shop, lived through the real rooms: collect takes the visits, rules decide, people answer.

Nothing is written by hand, so that what the console shows of these days is what it would show of real ones.
"""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Teammate
from frontdesk.app import ACTIONS
from frontdesk.cli.demo.browser import DEEDS, Browser
from frontdesk.cli.demo.plan import SPAN, Life, Stop, Visit, passers_by, talkers
from frontdesk.cli.demo.post import Post
from frontdesk.cli.demo.stage import Scene, Stage
from frontdesk.cli.demo.talking import Desk, begin, talking
from frontdesk.cli.demo.talks import Talk, talks
from frontdesk.collect.store import Store
from frontdesk.core.db import Database
from frontdesk.core.ids import new_secret
from frontdesk.engage.deciding.conversations import ConversationRules, opening
from frontdesk.engage.deciding.engine import Engine
from frontdesk.engage.ports import EngagePorts
from frontdesk.engage.rules.live import LiveRules
from frontdesk.engage.timers import claims
from frontdesk.engage.timers.firing import Firing
from frontdesk.inbox import queries as inbox
from frontdesk.inbox import readings
from frontdesk.inbox.models import Conversation
from frontdesk.inbox.ports import InboxPorts
from frontdesk_rules import RuleSet

_MOMENTS_TOGETHER = 60  # in one transaction: enough to spare the disk, few enough to show progress
_MS = timedelta(milliseconds=1)
_TICK = timedelta(minutes=30)
_CARDS = ("dismissed", "dismissed", "dismissed", "clicked", None, None, None)


@dataclass(frozen=True, slots=True)
class Size:
    """How much history: `visitors` who look around, and as many of the talks."""

    visitors: int = 260
    talks: int = 40


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the history takes place: the workspace, its teammates' ids by short name, the shop's address."""

    workspace_id: str
    teammates: dict[str, str]
    base: str


@dataclass(frozen=True, slots=True)
class _Cast:
    """What every scene needs. `rules` say which thresholds a page's probe reports."""

    stage: Stage
    post: Post
    firing: Firing
    rules: RuleSet
    desk: Desk
    setting: Setting
    chance: Random


def live_through(db: Database, setting: Setting, size: Size, now: datetime, chance: Random) -> Generator[float]:
    """Play the two weeks before `now`; yields how much of them has passed, from 0 to 1. Leaves nobody online."""
    cast = _cast(db, setting, now, chance)
    for life in (*passers_by(size.visitors, now, chance), *talkers(talks()[: size.talks], now, chance)):
        cast.stage.enter(_living(cast, life))
    cast.stage.enter(_ticking(cast, now))
    while db.write(partial(cast.stage.play, most=_MOMENTS_TOGETHER)):
        yield min(1.0, max(0.0, 1 - (now - cast.stage.now) / SPAN))
    db.write(partial(_end, cast=cast))
    yield 1.0


def _cast(db: Database, setting: Setting, now: datetime, chance: Random) -> _Cast:
    live = LiveRules(db)
    engine = Engine(live, EngagePorts(actions=ACTIONS, standing=inbox.standing))
    rules = ConversationRules(engine)
    ports = InboxPorts(opening, rules.started, rules.replied, rules.answered, rules.closed)

    watched = db.read(partial(live.get, workspace_id=setting.workspace_id))
    desk = Desk(setting.workspace_id, setting.teammates, ports)
    post = Post(Store(engine.decide, new_secret("demo")))
    return _Cast(Stage(now - SPAN), post, Firing(engine), watched, desk, setting, chance)


def _ticking(cast: _Cast, until: datetime) -> Scene:
    """The clock of these weeks: what rules wait for comes when it is due, to half an hour."""
    at = cast.stage.now
    while at < until:
        session = yield at
        cast.post.deliver(session)  # what was done before it was due may be on its way
        due = claims.claim(session, at, _MOMENTS_TOGETHER)
        if due.keys:
            cast.firing.fire(session, due, at)
        at += _TICK


def _living(cast: _Cast, life: Life) -> Scene:
    """One browser, from its first visit to its last."""
    browser = Browser(life.profile, cast.setting.workspace_id, cast.setting.base, cast.post)
    for visit in life.visits:
        yield from _visiting(cast, browser, visit)


def _visiting(cast: _Cast, browser: Browser, visit: Visit) -> Scene:
    """One walk through the shop; the probe's requests go out as pages change."""
    at, origin = visit.at, visit.origin
    browser.page = {}
    session = yield at
    for number, stop in enumerate(visit.stops):
        browser.look(stop.page, origin if number == 0 else None)
        browser.tell(session, at, at_once=False)
        yield from _staying(cast, browser, stop, at)
        at += stop.stay_ms * _MS
        session = yield at
        for deed in stop.deeds:
            DEEDS[deed](browser, at, cast.chance)
        if visit.talk and number == len(visit.stops) - 1:
            _open_chat(cast, browser, visit.talk, session, at)
        browser.leave(stop.stay_ms)
    browser.tell(session, at, at_once=False)
    if visit.talk is None:
        _close_card(cast, browser, session, at)


def _staying(cast: _Cast, browser: Browser, stop: Stop, since: datetime) -> Scene:
    """Be on a page: the probe reports the thresholds that were named for it, and a card may be the answer."""
    named = cast.rules.watch(browser.page["path"]).dwell_ms
    for dwell_ms in [ms for ms in named if ms < stop.stay_ms]:
        at = since + dwell_ms * _MS
        session = yield at
        browser.dwell(dwell_ms)
        browser.tell(session, at)
        if browser.cards:
            browser.move_card(session, "seen", at)


def _open_chat(cast: _Cast, browser: Browser, talk: Talk, session: Session, at: datetime) -> None:
    cast.post.deliver(session)
    conversation_id = begin(cast.desk, session, browser, talk, at)
    cast.stage.enter(talking(cast.desk, conversation_id, talk, at, cast.chance))


def _close_card(cast: _Cast, browser: Browser, session: Session, at: datetime) -> None:
    """Some dismiss the card, some only click it, many let it stand."""
    state = cast.chance.choice(_CARDS)
    if browser.cards and state:
        browser.move_card(session, state, at)


def _end(session: Session, cast: _Cast) -> None:
    """The last requests arrive. Nobody is at the desk until they sign in; what was answered, everyone has read."""
    cast.post.deliver(session)
    workspace_id = cast.setting.workspace_id
    session.execute(update(Teammate).where(Teammate.workspace_id == workspace_id).values(seen_at=None))
    answered = select(Conversation).where(
        Conversation.workspace_id == workspace_id, Conversation.waiting_since.is_(None)
    )
    for conversation in session.scalars(answered).all():
        for teammate_id in cast.setting.teammates.values():
            readings.teammate_has_read(session, conversation, teammate_id, conversation.last_seq)
