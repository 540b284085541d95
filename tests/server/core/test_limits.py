"""So many requests a minute: a minute's share at once, and then at an even pace."""

import pickle
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from frontdesk.core.limits import RateLimits, network_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_minute_s_share_may_come_at_once_and_then_one_by_one() -> None:
    limits = RateLimits()
    assert [limits.wait("anna", 60, NOW) for _ in range(60)] == [None] * 60
    assert limits.wait("anna", 60, NOW) == SECOND
    assert limits.wait("anna", 60, NOW + SECOND / 2) == SECOND / 2
    assert limits.wait("anna", 60, NOW + SECOND) is None
    assert limits.wait("anna", 60, NOW + SECOND) == SECOND


def test_what_did_not_go_on_after_all_is_given_back() -> None:
    limits = RateLimits()
    limits.give_back("anna", 1)
    assert limits.wait("anna", 1, NOW) is None
    assert limits.wait("anna", 1, NOW) == 60 * SECOND
    limits.give_back("anna", 1)
    assert [limits.wait("anna", 1, NOW) for _ in range(2)] == [None, 60 * SECOND]


def test_one_sender_takes_nothing_from_another() -> None:
    limits = RateLimits()
    assert [limits.wait(who, 1, NOW) for who in ("anna", "bert", "anna", "bert")] == [None, None, *[60 * SECOND] * 2]


def test_a_limit_of_none_refuses_nobody() -> None:
    limits = RateLimits()
    assert {limits.wait("anna", 0, NOW) for _ in range(100)} == {None}


def test_who_has_been_silent_is_forgotten_before_memory_grows() -> None:
    limits = RateLimits(most_senders=10)
    for number in range(10):
        limits.wait(number, 60, NOW)
    limits.wait("busy", 1, NOW + SECOND)
    assert limits.wait("busy", 1, NOW + SECOND) == 60 * SECOND
    assert len(limits._used_up_to) == 1


def test_of_a_name_however_long_little_is_kept() -> None:
    limits = RateLimits()
    assert limits.wait(("site", "x" * 480_000), 1, NOW) is None
    assert limits.wait(("site", "x" * 480_000), 1, NOW) == 60 * SECOND
    assert len(pickle.dumps(limits)) < 1_000


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=300), st.integers(1, 30))
def test_no_minute_lets_more_through_than_twice_the_share(gaps_ms: list[int], per_minute: int) -> None:
    limits, now, through = RateLimits(), NOW, list[datetime]()
    for gap in gaps_ms:
        now += timedelta(milliseconds=gap)
        if limits.wait("anna", per_minute, now) is None:
            through.append(now)
    for at in through:
        assert sum(at <= one < at + 60 * SECOND for one in through) <= 2 * per_minute


def test_an_address_of_ipv6_stands_for_its_network() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff") == "2001:db8::/64"
    assert network_of("::ffff:203.0.113.9") == "203.0.113.9"
    assert network_of("unknown:x") == "unknown:x"
