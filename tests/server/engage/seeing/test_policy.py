"""The statistics of rules, against worked examples of the papers they come from, and the laws that they must keep."""

from math import isclose

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from frontdesk.engage.seeing.policy import (
    Arm,
    Verdict,
    difference,
    ratio,
    sample_ratio,
    value_difference,
    verdict,
    wilson,
)

# R. G. Newcombe (1998), Statistics in Medicine 17:857-872, table I, method 3
SHARES = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
# R. G. Newcombe (1998), Statistics in Medicine 17:873-890, table II, method 10
DIFFERENCES = [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0),
    ((10, 10), (0, 10), 0.6075, 1.0),
]


@pytest.mark.parametrize(("converted", "people", "low", "high"), SHARES)
def test_one_share_has_wilsons_interval(converted: int, people: int, low: float, high: float) -> None:
    found = wilson(converted, people)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(("one", "other", "low", "high"), DIFFERENCES)
def test_a_difference_has_newcombes_interval(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    found = difference(Arm(one[1], one[0]), Arm(other[1], other[0]))
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_a_ratio_has_katzs_interval_as_in_the_physicians_health_study() -> None:
    """Myocardial infarction with placebo and with aspirin: A. Agresti, Categorical Data Analysis, section 3.1."""
    found = ratio(Arm(11_034, 189), Arm(11_037, 104))
    assert found is not None
    assert [round(figure, 2) for figure in (found.value, found.low, found.high)] == [1.82, 1.43, 2.31]


def test_two_arms_that_look_alike_may_still_be_no_halves() -> None:
    """R. Kohavi, D. Tang, Y. Xu (2020), Trustworthy Online Controlled Experiments, chapter 21."""
    assert f"{sample_ratio(821_588, 821_588 + 815_482, 0.5):.1e}" == "1.8e-06"


def test_means_differ_by_welchs_interval() -> None:
    """40 people with 10 each way about 100, 50 with 20 about 90: 10 ± 1.96 · √(s²/40 + s²/50)."""
    one = Arm(40, 40, 4_000, sum(v * v for v in [90] * 20 + [110] * 20))
    other = Arm(50, 50, 4_500, sum(v * v for v in [70] * 25 + [110] * 25))
    found = value_difference(one, other)
    assert found is not None
    assert isclose(found.value, 10)
    assert (round(found.low, 2), round(found.high, 2)) == (3.58, 16.42)


def test_of_few_people_nothing_is_said_about_values() -> None:
    assert value_difference(Arm(29, 5, 50, 500), Arm(400, 20, 200, 2_000)) is None


VERDICTS = [
    (Arm(900, 120), Arm(100, 4), Verdict.BETTER),
    (Arm(900, 30), Arm(100, 12), Verdict.WORSE),
    (Arm(900, 90), Arm(100, 9), Verdict.UNDECIDED),
    (Arm(900, 300), Arm(20, 0), Verdict.MISMATCH),
    (Arm(900, 300), Arm(0, 0), Verdict.NO_DATA),
]


@pytest.mark.parametrize(("treated", "held_out", "said"), VERDICTS)
def test_there_is_no_winner_before_the_interval_excludes_zero_and_the_arms_are_sound(
    treated: Arm, held_out: Arm, said: Verdict
) -> None:
    assert verdict(treated, held_out, 0.1) is said


@st.composite
def arms(draw: st.DrawFn) -> Arm:
    people = draw(st.integers(1, 100_000))
    return Arm(people, draw(st.integers(0, people)))


@given(arms())
def test_an_interval_holds_its_share_and_stays_within_0_and_1(arm: Arm) -> None:
    found = wilson(arm.converted, arm.people)
    assert 0 <= found.low <= found.value <= found.high <= 1


@given(arms(), st.integers(2, 20))
def test_more_people_make_it_narrower(arm: Arm, times: int) -> None:
    few, many = wilson(arm.converted, arm.people), wilson(arm.converted * times, arm.people * times)
    assert many.high - many.low < few.high - few.low


@given(arms(), arms())
def test_a_difference_is_within_minus_1_and_1_and_turns_round_with_its_arms(one: Arm, other: Arm) -> None:
    found, turned = difference(one, other), difference(other, one)
    assert -1 <= found.low <= found.value <= found.high <= 1
    assert (turned.value, turned.low, turned.high) == pytest.approx((-found.value, -found.high, -found.low), abs=1e-12)


@given(arms(), arms())
def test_a_ratio_turns_into_its_inverse_with_its_arms(one: Arm, other: Arm) -> None:
    found, turned = ratio(one, other), ratio(other, one)
    assume(found is not None and turned is not None)
    assert found is not None
    assert turned is not None
    assert found.low <= found.value <= found.high
    assert (turned.low, turned.high) == pytest.approx((1 / found.high, 1 / found.low), rel=1e-9)


@given(st.integers(1, 10_000), st.integers(1, 99))
def test_arms_as_large_as_they_should_be_are_never_doubted(hundreds: int, percent: int) -> None:
    assert sample_ratio(hundreds * percent, hundreds * 100, percent / 100) == pytest.approx(1, abs=1e-6)


@given(st.integers(10, 10_000), st.integers(1, 10_000))
def test_the_further_off_the_less_likely(half: int, off: int) -> None:
    off = min(off, half - 1)
    nearer, further = sample_ratio(half + off, 2 * half, 0.5), sample_ratio(half + off + 1, 2 * half, 0.5)
    assert 0 <= further <= nearer <= 1
