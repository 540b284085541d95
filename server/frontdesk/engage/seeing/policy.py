"""Statistics of what rules bring about: pure, each by a published method that is named.

- An interval of one share: Wilson's score interval (E. B. Wilson, 1927, J. Am. Stat. Assoc. 22:209-212).
- Of the difference of two shares: the square-and-add of two such intervals (R. G. Newcombe, 1998, Statistics in
  Medicine 17:873-890, method 10).
- Of their ratio: by its logarithm (D. Katz et al., 1978, Biometrics 34:469-474); none where a share is zero.
- Of the difference of two means: B. L. Welch's (1938) with the normal quantile, for thirty people or more in each arm.
- Whether two arms are as large as they should be: the chi-square test with one degree of freedom; below 0.001 they are
  not (A. Fabijan et al., 2019, KDD: "Diagnosing Sample Ratio Mismatch").
"""

from dataclasses import dataclass
from enum import StrEnum
from math import erfc, exp, log, sqrt
from statistics import NormalDist
from typing import Final

CONFIDENCE: Final = 0.95
LEAST_FOR_MEANS: Final = 30  # below, a normal quantile promises too much
MISMATCH: Final = 0.001
METHODS: Final = {
    "confidence": "0.95",
    "share": "Wilson score interval (1927)",
    "difference": "Newcombe's hybrid score interval (1998, method 10)",
    "ratio": "Katz's log interval (1978)",
    "value_difference": "Welch (1938), normal quantile",
    "sample_ratio": "chi-square, 1 degree of freedom; a mismatch below 0.001 (Fabijan et al. 2019)",
    "population": "intention to treat: each person once, by their first decision",
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, and the ends of its interval at 95 %."""

    value: float
    low: float
    high: float

    def excludes(self, null: float) -> bool:
        return not self.low <= null <= self.high


@dataclass(frozen=True, slots=True)
class Arm:
    """People, those of them who reached the goal, and what that was worth: the sum, and the sum of squares."""

    people: int
    converted: int
    value: float = 0.0
    squares: float = 0.0

    @property
    def rate(self) -> float:
        return self.converted / self.people

    @property
    def mean(self) -> float:
        return self.value / self.people

    @property
    def variance(self) -> float:
        """Of the value of one person, from a sample: divided by n - 1."""
        return max(self.squares - self.value * self.mean, 0.0) / (self.people - 1)


def z(confidence: float = CONFIDENCE) -> float:
    """The normal quantile of a two-sided interval: 1.96 for 95 %."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(converted: int, people: int, confidence: float = CONFIDENCE) -> Estimate:
    """The share of `people` that converted; at least one of them there must be.

    >>> found = wilson(81, 263)
    >>> round(found.low, 4), round(found.high, 4)
    (0.2553, 0.3662)
    """
    share, square = converted / people, z(confidence) ** 2
    middle = share + square / (2 * people)
    width = sqrt(square * (share * (1 - share) + square / (4 * people)) / people)
    whole = 1 + square / people
    low = 0.0 if converted == 0 else (middle - width) / whole
    high = 1.0 if converted == people else (middle + width) / whole
    return Estimate(share, low, high)


def difference(one: Arm, other: Arm, confidence: float = CONFIDENCE) -> Estimate:
    """By how much the share of one is above that of the other.

    >>> found = difference(Arm(70, 56), Arm(80, 48))
    >>> round(found.low, 4), round(found.high, 4)
    (0.0524, 0.3339)
    """
    first = wilson(one.converted, one.people, confidence)
    second = wilson(other.converted, other.people, confidence)
    value = first.value - second.value
    below = sqrt((first.value - first.low) ** 2 + (second.high - second.value) ** 2)
    above = sqrt((first.high - first.value) ** 2 + (second.value - second.low) ** 2)
    return Estimate(value, max(value - below, -1.0), min(value + above, 1.0))


def ratio(one: Arm, other: Arm, confidence: float = CONFIDENCE) -> Estimate | None:
    """How many times the share of the other that of one is; None where either is zero.

    >>> found = ratio(Arm(11_034, 189), Arm(11_037, 104))
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2)
    (1.82, 1.43, 2.31)
    """
    if not one.converted or not other.converted:
        return None
    value = one.rate / other.rate
    spread = 1 / one.converted - 1 / one.people + 1 / other.converted - 1 / other.people
    width = z(confidence) * sqrt(max(spread, 0.0))
    return Estimate(value, exp(log(value) - width), exp(log(value) + width))


def value_difference(one: Arm, other: Arm, confidence: float = CONFIDENCE) -> Estimate | None:
    """By how much a person of one is worth more than one of the other; None below thirty people in either."""
    if min(one.people, other.people) < LEAST_FOR_MEANS:
        return None
    value = one.mean - other.mean
    width = z(confidence) * sqrt(one.variance / one.people + other.variance / other.people)
    return Estimate(value, value - width, value + width)


def sample_ratio(observed: int, of: int, share: float) -> float:
    """How likely it is by chance that an arm which should have a `share` (between 0 and 1) of them has this many.

    >>> f"{sample_ratio(821_588, 821_588 + 815_482, 0.5):.1e}"
    '1.8e-06'
    """
    expected = of * share
    chi_square = (observed - expected) ** 2 / expected + (observed - expected) ** 2 / (of - expected)
    return erfc(sqrt(chi_square / 2))


class Verdict(StrEnum):
    """What may be said of a rule's effect."""

    BETTER = "better"
    WORSE = "worse"
    UNDECIDED = "undecided"
    MISMATCH = "mismatch"
    NO_DATA = "no_data"


def verdict(treated: Arm, held_out: Arm, share: float) -> Verdict:
    """No winner before the interval excludes zero, and the arms are as large as they should be. `share` of people are
    held out, between 0 and 1."""
    if not treated.people or not held_out.people:
        return Verdict.NO_DATA
    if sample_ratio(held_out.people, treated.people + held_out.people, share) < MISMATCH:
        return Verdict.MISMATCH
    found = difference(treated, held_out)
    if not found.excludes(0):
        return Verdict.UNDECIDED
    return Verdict.BETTER if found.value > 0 else Verdict.WORSE
