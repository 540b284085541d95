"""Who comes to the demo shop when, and what they do there: two weeks, planned by a seeded chance before they are lived.

Nothing here touches a database; the same chance and the same `now` give the same plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from random import Random

from frontdesk.cli.demo.people import Profile, named, stranger
from frontdesk.cli.demo.shop import ORIGINS, PAGES, WALKS
from frontdesk.cli.demo.talks import Talk

SPAN = timedelta(days=14)
QUIET = timedelta(minutes=15)  # nobody but those who talk is planned so late: nobody may be here when the demo opens
_CHINESE = 0.38
_COMES_AGAIN = (0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 4)
_BUYS = 0.75
_CHOOSES = 0.6

# How lively it is, by day of the week from Monday, and by hour in the visitor's own place.
_DAYS = (0.9, 1.0, 1.0, 0.95, 0.8, 0.4, 0.35)
_HOURS = (
    0.04, 0.02, 0.01, 0.01, 0.02, 0.05, 0.15, 0.35, 0.6, 0.9, 1.0, 0.95,
    0.6, 0.75, 0.95, 0.9, 0.8, 0.6, 0.45, 0.5, 0.6, 0.55, 0.3, 0.12,
)  # fmt: skip
_STAFFED = {"en": range(9, 17), "zh": range(1, 9)}  # hours in UTC at which somebody reads the language


@dataclass(frozen=True, slots=True)
class Stop:
    """A page looked at for `stay_ms`, and what is done there before leaving: register, add, choose or order."""

    page: str
    stay_ms: int
    deeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """One walk through the shop; with `talk` its last page is where the chat is opened."""

    at: datetime
    origin: str
    stops: tuple[Stop, ...]
    talk: Talk | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """One browser and all its visits, in order."""

    profile: Profile
    visits: tuple[Visit, ...]


def passers_by(number: int, now: datetime, chance: Random) -> list[Life]:
    """`number` visitors who look around; some of them sign up, some buy."""
    told = {"en": count(), "zh": count()}
    lives = []
    for n in range(number):
        profile = stranger(f"visitor-{n:03}", "zh" if chance.random() < _CHINESE else "en", chance)
        visits = [_visit(profile, now, chance) for _ in range(1 + chance.choice(_COMES_AGAIN))]
        if any(stop.page == "signup" for visit in visits for stop in visit.stops):
            profile = named(profile, next(told[profile.language]), chance)
        lives.append(Life(profile, tuple(sorted(visits, key=lambda visit: visit.at))))
    return lives


def talkers(talks: Sequence[Talk], now: datetime, chance: Random) -> list[Life]:
    """A visitor for each of `talks`."""
    return [_talker(talk, now, chance) for talk in talks]


def _talker(talk: Talk, now: datetime, chance: Random) -> Life:
    profile = stranger(talk.key, talk.language, chance)
    if talk.who:
        mailbox = talk.who.split()[0].lower() if talk.language == "en" else talk.key
        profile = replace(profile, name=talk.who, email=f"{mailbox}@example.com", company=talk.company)
    opened_at = now - talk.ago if talk.ago else _when_staffed(talk.language, now, chance)
    earlier = [_visit(profile, now, chance) for _ in range(chance.choice((0, 1, 1, 2)))]
    earlier = [visit for visit in earlier if visit.at < opened_at - timedelta(hours=2)]
    stops = [_stop("home", chance)]
    if talk.who:
        stops.append(replace(_stop("signup", chance), deeds=("register",)))
    stops.append(Stop(talk.page, talk.stay * 1000))
    begun_at = opened_at - timedelta(milliseconds=sum(stop.stay_ms for stop in stops))
    last = Visit(begun_at, talk.origin, tuple(stops), talk)
    return Life(profile, (*sorted(earlier, key=lambda visit: visit.at), last))


def _visit(profile: Profile, now: datetime, chance: Random) -> Visit:
    origins = list(ORIGINS)
    [origin] = chance.choices(origins, [getattr(ORIGINS[name], profile.language) for name in origins])
    [(_, walk)] = chance.choices(WALKS, [weight for weight, _ in WALKS])
    stops = [replace(_stop(page, chance), deeds=_deeds(page, walk, chance)) for page in walk]
    return Visit(_when_awake(profile.place.utc_offset, now, chance), origin, tuple(stops))


def _stop(page: str, chance: Random) -> Stop:
    least, usual, most = PAGES[page].stay
    return Stop(page, round(chance.triangular(least, most, usual) * 1000))


def _deeds(page: str, walk: tuple[str, ...], chance: Random) -> tuple[str, ...]:
    """What is done on `page` by somebody who walks like this."""
    if page == "product" and "checkout" in walk:
        return ("add",)
    if page == "signup":
        return ("register",)
    likely = {"pricing": (walk[-1] in {"signup", "checkout"}) * _CHOOSES, "checkout": _BUYS}.get(page, 0)
    return ({"pricing": "choose", "checkout": "order"}[page],) if chance.random() < likely else ()


def _when_awake(utc_offset: int, now: datetime, chance: Random) -> datetime:
    """A moment in the span, as likely as people are up and about in their place."""
    while True:
        at = now - QUIET - chance.random() * (SPAN - QUIET)
        there = at + timedelta(hours=utc_offset)
        if chance.random() < _DAYS[there.weekday()] * _HOURS[there.hour]:
            return _whole(at)


def _when_staffed(language: str, now: datetime, chance: Random) -> datetime:
    """A moment of the span at which somebody sits at the desk; long enough ago for the talk to be over."""
    while True:
        at = now - timedelta(days=1) - chance.random() * (SPAN - timedelta(days=2))
        if at.weekday() < 5 and at.hour in _STAFFED[language]:  # noqa: PLR2004  Saturday
            return _whole(at)


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
