"""The law of watched segments: who is kept in one is who would be in it if asked now, whatever happened."""

from functools import partial

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.engage.facts.subjects import subjects
from frontdesk.engage.rules.live import LiveRules
from frontdesk.engage.segments.verdicts import Touch, Verdict, verdicts
from frontdesk.engage.segments.watched import LiveSegments
from frontdesk.people.models import Contact, Visitor
from tests.server.engage.segments.buyers import given_means
from tests.server.engage.segments.life import Life, Step, live
from tests.server.engage.segments.town import Town

CONDITIONS = {
    "pros": "contact.plan: pro",
    "keen": "count: {event: Asked, within: 2d}\ngte: 2",
    "quiet": "all: [contact.plan: pro, {count: {event: Asked, within: 3d, assume_complete: true}, lt: 2}]",
    "long-quiet": "count: {event: Bought, within: 2d}\neq: 0",
    "old": "contact.registered_at: {older_than: 5d}",
    "new": "contact.registered_at: {within_last: 36h}",
    "away": "time_since_last: Asked\ngt: 1d",
    "between": "time_since_last: Bought\nbetween: [1d, 2d]",
    "not-just": "time_since_first: Asked\nnot_in: [1d, 36h]",
    "lapsed": "contact.rfm.recency: {between: [12h, 2d]}",
    "once": "contact.rfm.frequency: 1",
    "good": "contact.rfm.class: {in: [champions, loyal, newcomers]}",
    "today": "count: {event: Asked, calendar: today}\ngte: 1",
    "weekend": "all: [contact.plan: pro, time.now: {on_weekday: [Sat, Sun]}]",
    "first": "sequence: {first: Asked, then: Bought, within: 1d}",
    "spent": "sum: {event: Bought, property: price, within: 4d}\ngt: 50",
    "known": "visitor.known: true",
    "big": "company.plan: big",
    "both": "all: [in_segment: keen, not_in_segment: pros]",
    "deep": "at_least: 2\nof: [in_segment: both, in_segment: old, in_segment: hand]",
}
WATCH = "rule: watch-{key}\ntrigger: {{segment: {{enters: {key}}}}}\ndo: [{{tag: came}}]\n"
who, hours, events = st.integers(0, 1), st.integers(0, 60), st.sampled_from(["Asked", "Bought"])
steps = st.one_of(
    st.tuples(st.just("plan"), who, st.sampled_from(["pro", "free"])),
    st.tuples(st.just("registered"), who, st.integers(-24, 120)),
    st.tuples(st.just("does"), who, st.tuples(events, hours)),
    st.tuples(st.just("browses"), who, events),
    st.tuples(st.just("is_named"), who, st.sampled_from(["identify", "track", "merge"])),
    st.tuples(st.just("is_told_apart"), who, st.none()),
    st.tuples(st.just("company"), who, st.sampled_from(["big", "small"])),
    st.tuples(st.just("by_hand"), who, st.sampled_from(["POST", "DELETE"])),
    st.tuples(st.just("passes"), who, hours),
)
PHASES = (Phase.explicit, Phase.generate)  # to shrink would take many lives, and all share one town
JOINED: list[Step] = [("browses", 0, "Asked"), ("does", 0, ("Asked", 3)), ("is_named", 0, "track"), ("passes", 0, 50)]
BOUGHT: list[Step] = [("does", 0, ("Bought", 3)), ("passes", 0, 10), ("does", 1, ("Bought", 1)), ("passes", 0, 29)]
PARTED: list[Step] = [*JOINED[:3], ("is_told_apart", 0, None), ("browses", 0, "Asked"), ("passes", 0, 1)]


def test_who_is_kept_in_a_segment_is_who_would_be_in_it_if_asked(town: Town) -> None:
    hand = town.segment("hand")
    town.call("PUT", "/workspace/rfm", {"event": "Bought", "amount": "price"})
    given_means(town, days=1.5)
    for key, condition in CONDITIONS.items():
        town.segment(key, condition)
    town.rules("\n---\n".join(WATCH.format(key=key) for key in CONDITIONS))

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, phases=PHASES)
    @given(st.lists(steps, min_size=4, max_size=10))
    @example(JOINED)
    @example(PARTED)
    @example(BOUGHT)
    @example([*BOUGHT, ("passes", 0, 0), ("does", 0, ("Bought", 0)), ("passes", 0, 36)])
    def holds(story: list[Step]) -> None:
        life = Life(town, hand)
        life.begin()
        live(life, story)
        found = town.runtime.db.read(partial(afresh, town=town, life=life))
        assert len(found) >= 2 * len(CONDITIONS)
        assert [(one.segment.key, one.touch.person_id, one.inside) for one in found if one.changed] == []
        waiting = {(timer.rule_id, timer.person_id): timer.fires_at for timer in town.timers()}
        wanted = {(one.segment.id, one.ids[0]): one.due for one in found if one.due}
        assert {key: waiting.get(key) for key in wanted} == wanted

    holds()


def afresh(session: Session, town: Town, life: Life) -> list[Verdict]:
    """What everybody in this life is asked now, beside the rows that say what was kept."""
    now = town.clock()
    browsers = select(Visitor.id).where(Visitor.anonymous_id.in_([life.browser(who) for who in range(2)]))
    users = select(Contact.id).where(Contact.user_id.in_([life.user(who) for who in range(2)]))
    whom = subjects(session, town.home.id, [*session.scalars(browsers), *session.scalars(users)], now)
    watched = LiveSegments(LiveRules(town.runtime.db)).get(session, town.home.id)
    return verdicts(session, [Touch(one, watched, watched.segments, now) for one in whom.values()], now)
