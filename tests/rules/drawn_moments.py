"""Moments of every kind as hypothesis draws them, such as the rules of `strategies` are asked at."""

from hypothesis import strategies as st

from frontdesk_rules import MISSING, Moment, Timer
from tests.rules.building import NOON, PERSON
from tests.rules.strategies import PATHS, SCALARS

ON_PAGES = st.one_of(
    PATHS.map(lambda path: Moment(kind="page", at=NOON, path=path)),
    PATHS.map(lambda path: Moment(kind="exit_intent", at=NOON, path=path)),
    st.builds(
        lambda path, now, before: Moment(kind="dwell", at=NOON, path=path, dwell_ms=now, dwell_before_ms=before),
        PATHS,
        st.sampled_from((500, 1_000, 70_000)),
        st.sampled_from((0, 1_500)),
    ),
    st.builds(
        lambda path, now, before: Moment(kind="scroll", at=NOON, path=path, scroll=now, scroll_before=before),
        PATHS,
        st.integers(1, 100),
        st.integers(0, 50),
    ),
)
EDGES = st.one_of(
    st.builds(
        lambda path, change: Moment(kind="conversation", at=NOON, path=path, name=change),
        PATHS,
        st.sampled_from(("started", "replied", "closed", "waiting")),
    ),
    st.builds(
        lambda name, total: Moment(kind="event", at=NOON, name=name, properties={"total": total}),
        st.sampled_from(("Paid", "Paid", "Order Completed")),
        st.integers(-3, 3),
    ),
    st.builds(
        lambda before, after: Moment(kind="change", at=NOON, name="contact.plan", before=before, after=after),
        SCALARS | st.just("free") | st.just(MISSING),
        SCALARS,
    ),
    st.booleans().map(lambda into: Moment(kind="segment", at=NOON, name="vip", after=into)),
    st.sampled_from(("demo", "other")).map(lambda name: Moment(kind="call", at=NOON, name=name)),
)
TIMERS = st.builds(
    lambda kind, rule: Timer(rule, PERSON.person, "evt_1", NOON, NOON, kind=kind, properties={"total": 1}).moment(NOON),
    st.sampled_from(("absence", "reaches", "schedule", "conversation")),
    st.integers(0, 3).map(lambda n: f"rul_{n}"),
)
MOMENTS = ON_PAGES | EDGES | TIMERS
