"""The law of watched segments: who is kept in one is who would be in it if asked now, whatever happened."""

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

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
    "today": "count: {event: Asked, calendar: today}\ngte: 1",
    "weekend": "all: [contact.plan: pro, time.now: {on_weekday: [Sat, Sun]}]",
    "first": "sequence: {first: Asked, then: Bought, within: 1d}",
    "spent": "sum: {event: Bought, property: price, within: 4d}\ngt: 50",
    "known": "visitor.known: true",
    "big": "company.plan: big",
    "both": "all: [in_segment: keen, not_in_segment: pros]",
    "deep": "at_least: 2\nof: [in_segment: both, in_segment: old, in_segment: hand]",
}
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
PARTED: list[Step] = [*JOINED[:3], ("is_told_apart", 0, None), ("browses", 0, "Asked"), ("passes", 0, 1)]


def test_who_is_kept_in_a_segment_is_who_would_be_in_it_if_asked(town: Town) -> None:
    hand = town.segment("hand")
    watched = {key: town.segment(key, condition) for key, condition in CONDITIONS.items()}
    asked = {key: town.segment(f"asked-{key}", condition) for key, condition in CONDITIONS.items()}
    town.rules(
        "\n---\n".join(f"rule: w-{key}\ntrigger: {{segment: {{enters: {key}}}}}\ndo: [{{tag: t}}]" for key in watched)
    )

    @settings(
        max_examples=8,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
        phases=PHASES,
    )
    @given(st.lists(steps, min_size=4, max_size=10))
    @example(JOINED)
    @example(PARTED)
    def holds(story: list[Step]) -> None:
        life = Life(town, hand)
        life.begin()
        live(life, story)
        kept = {key: town.members(segment) for key, segment in watched.items()}
        assert kept == {key: town.members(segment) for key, segment in asked.items()}

    holds()
