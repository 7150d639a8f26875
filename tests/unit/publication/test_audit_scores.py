"""GRIM, GRIMMER and DEBIT: against the published examples of their authors, and all score sets."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement
from math import isqrt

import pytest

from pilotage.publication.arithmetic import ROUNDINGS, Moments, Printed, Rounding, Spread
from pilotage.publication.audit.scores import Scale, grim, grimmer, readings

ANY = Scale()
BINARY = Scale(0, 1)


def number(text: str, decimals: Rounding = "rounded") -> Printed:
    return Printed(Fraction(text), len(text.partition(".")[2]), decimals)


# -- published examples ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "mean", "possible"),
    [
        # R package rsprite2, tests and examples, after Brown & Heathers 2017 (Soc Psychol Personal
        # Sci 8:363): GRIM_test(5.19, 28) fails, the closest possible mean is 5.18
        (28, "5.19", False),
        (28, "5.18", True),
        (28, "5.21", True),
        # The Economist, 18 June 2016, on the same test: 49 subjects, 5.93 × 49 = 290.57
        (49, "5.93", False),
        # the encyclopaedia article "GRIM test": a die thrown 20 times
        (20, "3.48", False),
        (20, "3.45", True),
        # R package scrutiny, vignette "GRIM": grim(x = "5.27", n = 43) is FALSE
        (43, "5.27", False),
        # R package rsprite2, tests: GRIM_test(5.83, 50) fails, the nearest are 5.82 and 5.84
        (50, "5.83", False),
        (50, "5.82", True),
        (50, "5.84", True),
    ],
)
def test_grim_agrees_with_published_examples(n: int, mean: str, possible: bool) -> None:
    assert bool(grim(n, number(mean), ANY)) is possible


@pytest.mark.parametrize(
    ("n", "mean", "sd", "possible"),
    [
        # R package rsprite2, tests of GRIMMER_test (after Anaya 2016 and Allard 2018)
        (28, "5.21", "1.6", True),
        (18, "3.44", "2.47", False),
        # R package scrutiny, vignette "GRIMMER"
        (12, "7.3", "2.51", False),
        # R package scrutiny, data set pigs5 and the answers of test-grimmer-map.R: the rule of odd
        # and even (Allard 2018) decides the third
        (38, "7.22", "5.30", False),
        (31, "4.74", "6.55", True),
        (35, "5.23", "2.55", False),
        (30, "2.57", "2.57", True),
        (33, "6.77", "2.18", False),
        (34, "2.68", "2.59", True),
        (35, "7.01", "6.68", False),
        (32, "7.38", "3.65", True),
        (33, "3.14", "5.32", False),
        (37, "6.89", "4.18", True),
        (31, "5.00", "2.18", True),
        (34, "0.24", "6.43", True),
    ],
)
def test_grimmer_agrees_with_published_examples(n: int, mean: str, sd: str, possible: bool) -> None:
    assert bool(grimmer(n, number(mean), number(sd), ANY)) is possible


@pytest.mark.parametrize(
    ("n", "mean", "sd", "possible"),
    [
        # Heathers & Brown 2019, osf.io/5vb3u, Table 1, as in the R package scrutiny (pigs3 and the
        # answers of test-debit-map.R)
        (1683, "0.53", "0.50", True),
        (1683, "0.44", "0.50", True),
        (1683, "0.77", "0.42", True),
        (1683, "0.19", "0.35", False),
        (1683, "0.34", "0.47", True),
        (1683, "0.93", "0.25", True),
        (1683, "0.12", "0.33", True),
        # R package scrutiny, vignette "DEBIT", and test-debit.R
        (20, "0.35", "0.18", False),
        (20, "0.05", "0.21", False),
        (20, "0.05", "0.22", True),
        (100, "0.50", "0.503", True),
        (50, "0.00", "0.50", False),
        (50, "1.00", "0.00", True),
    ],
)
def test_debit_agrees_with_published_examples(n: int, mean: str, sd: str, possible: bool) -> None:
    assert bool(grimmer(n, number(mean), number(sd), BINARY)) is possible


# -- against all score sets ------------------------------------------------------------------------


def rounded_root(square: Fraction, digits: int, way: Rounding) -> Fraction:
    """The square root of a fraction to so many decimals, by whole-number arithmetic."""
    scaled = square * 100**digits
    below = isqrt(scaled.numerator // scaled.denominator)
    if way == "cut off":
        return Fraction(below, 10**digits)
    half = Fraction(2 * below + 1, 2) ** 2
    up = scaled > half or (scaled == half and (way == "rounded" or below % 2 == 1))
    return Fraction(below + up, 10**digits)


def rounded(value: Fraction, digits: int, way: Rounding) -> Fraction:
    return rounded_root(value * value, digits, way)


def sets(n: int, top: int) -> Iterator[Moments]:
    for values in combinations_with_replacement(range(top + 1), n):
        yield Moments(n, sum(values), sum(value * value for value in values))


@pytest.mark.parametrize("way", ROUNDINGS)
@pytest.mark.parametrize("kind", ["sample SD", "population SD", "standard error"])
@pytest.mark.parametrize(("n", "top"), [(2, 6), (3, 4), (4, 3), (5, 1)])
def test_what_exists_is_what_all_score_sets_show(
    n: int, top: int, kind: Spread, way: Rounding
) -> None:
    shown = {
        (rounded(Fraction(m.total, n), 1, way), rounded_root(m.spread(kind), 1, way))
        for m in sets(n, top)
    }
    for mean in (Fraction(each, 10) for each in range(10 * top + 1)):
        assert bool(grim(n, Printed(mean, 1, way), Scale(0, top))) is any(
            mean == other for other, _ in shown
        )
        for sd in (Fraction(each, 10) for each in range(6 * top)):
            found = grimmer(n, Printed(mean, 1, way), Printed(sd, 1, way), Scale(0, top), kind)
            assert bool(found) is ((mean, sd) in shown), (mean, sd)


def test_a_scale_below_zero_is_searched_as_well() -> None:
    """-3, 0 and 3: a mean of 0, an SD of 3."""
    assert grimmer(3, number("0.0"), number("3.0"), Scale(-3, 3)) == [Moments(3, 0, 18)]
    assert not grimmer(3, number("0.0"), number("3.0"), Scale(-2, 2))


def test_of_many_scores_the_limits_of_the_scale_still_count() -> None:
    """Forty scores from 0 to 4 with a mean of 2 have an SD of at most 2.03."""
    assert grimmer(40, number("2.00"), number("2.03"), Scale(0, 4))
    assert not grimmer(40, number("2.00"), number("2.05"), Scale(0, 4))


# -- ways of rounding and kinds of SD --------------------------------------------------------------


def test_a_half_is_rounded_up_to_even_or_cut_off() -> None:
    """145 / 40 = 3.625."""
    fits = {way: number("3.62", way).fits(Fraction(145, 40)) for way in ROUNDINGS}
    assert fits == {"rounded": False, "half even": True, "cut off": True}
    assert number("3.63").fits(Fraction(145, 40))
    assert not number("3.63", "half even").fits(Fraction(145, 40))
    assert number("3.64", "half even").fits(Fraction(3635, 1000))


def test_the_reading_that_departs_least_comes_first_and_no_richer_one_beside_it() -> None:
    found = list(readings(15, number("2.33"), number("2.96"), Scale(0, 56), "sample SD"))
    ways = [(way.mean, way.sd, way.kind) for way, _ in found]
    assert ways == [
        ("rounded", "cut off", "sample SD"),
        ("rounded", "rounded", "population SD"),
    ]
    assert found[0][1] == Moments(15, 35, 205)
    assert found[1][1] == Moments(15, 35, 213)


def test_a_mean_cut_off_may_stand_beside_a_rounded_sd() -> None:
    found = list(readings(15, number("3.26"), number("2.22"), Scale(0, 105), "sample SD"))
    assert [(way.mean, way.sd, way.kind) for way, _ in found] == [
        ("cut off", "rounded", "sample SD")
    ]
