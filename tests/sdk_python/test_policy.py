"""Which answers are tried again, and when. Pure, so without a server."""

from datetime import UTC, datetime

import pytest

from frontdesk_sdk import policy
from frontdesk_sdk.policy import Verdict
from frontdesk_sdk.problems import Dropped
from frontdesk_sdk.settings import parse

NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (0, Verdict.RETRY),
        (200, Verdict.DONE),
        (301, Verdict.DROP),
        (400, Verdict.DROP),
        (401, Verdict.DROP),
        (404, Verdict.DROP),
        (408, Verdict.RETRY),
        (413, Verdict.SPLIT),
        (429, Verdict.RETRY),
        (500, Verdict.RETRY),
        (503, Verdict.RETRY),
    ],
)
def test_a_status_means(status, verdict):
    assert policy.verdict(status) is verdict


@pytest.mark.parametrize(
    ("status", "reason"),
    [(400, Dropped.MALFORMED), (401, Dropped.UNKNOWN_KEY), (413, Dropped.TOO_LARGE), (404, Dropped.REFUSED)],
)
def test_a_final_answer_gives_its_reason(status, reason):
    assert policy.reason(status) is reason


@pytest.mark.parametrize(
    ("tries", "retry_after", "chance", "seconds"),
    [
        (1, None, 0.0, 0.25),
        (1, None, 1.0, 0.5),
        (2, None, 1.0, 1.0),
        (5, None, 1.0, 8.0),
        (7, None, 1.0, 30.0),
        (10_000, None, 1.0, 30.0),
        (1, "7", 0.0, 7.0),
        (1, "0", 0.5, 0.0),
        (1, "86400", 0.0, 300.0),
        (1, "Thu, 01 Jan 2026 12:00:20 GMT", 0.0, 20.0),
        (1, "Thu, 01 Jan 2026 11:00:00 GMT", 0.0, 0.0),
        (1, "soon", 1.0, 0.5),
        (1, "Thu, 01 Jan 2026 12:00:20 -0000", 1.0, 0.5),
    ],
)
def test_the_pause_before_the_next_try(tries, retry_after, chance, seconds):
    assert policy.pause(tries, retry_after, chance, NOW) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("option", "given", "taken"),
    [
        ("max_batch", 5000, 100),
        ("max_batch", 0, 1),
        ("max_queue", -3, 1),
        ("max_queue", "many", 10_000),
        ("timeout", float("nan"), 10.0),
        ("timeout", None, 10.0),
        ("flush_interval", True, 0.5),
    ],
)
def test_an_option_out_of_range_is_mended_and_said(option, given, taken):
    settings, wrong = parse("sk_1", "http://127.0.0.1:1", {option: given})

    assert getattr(settings, option) == taken
    assert len(wrong) == 1
    assert option in wrong[0]


@pytest.mark.parametrize(
    "host", ["", "desk.example.com", "ftp://desk", "http://", "http://a:99999", "http://[", None, 7]
)
def test_a_host_that_is_no_address_turns_the_client_off(host):
    settings, wrong = parse("sk_1", host, {})

    assert not settings.enabled
    assert len(wrong) == 1


@pytest.mark.parametrize("key", ["", "  ", None, 7])
def test_without_a_key_the_client_is_off(key):
    settings, wrong = parse(key, "http://127.0.0.1", {})

    assert not settings.enabled
    assert wrong == ("no key was given: the client is off",)


def test_a_host_may_have_a_path_and_a_slash_at_its_end():
    settings, wrong = parse("sk_1", "https://example.com:8443/desk/", {})

    assert (settings.address.hostname, settings.address.port, settings.address.path) == ("example.com", 8443, "/desk")
    assert wrong == ()
