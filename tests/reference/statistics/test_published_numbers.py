"""The statistics against numbers printed in papers, books and certified data sets."""

import pytest

from pilotage.statistics import groups, locations, paired, proportions, survival

# Newcombe 1998, Stat Med 17:857, table I: methods 3 (score) and 5 (Clopper-Pearson), four decimals
NEWCOMBE = [
    # events, n, Wilson, Clopper-Pearson
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]


@pytest.mark.parametrize(("events", "n", "wilson", "exact"), NEWCOMBE)
def test_intervals_of_proportions_printed_by_newcombe(events, n, wilson, exact):
    score = proportions.wilson(events, n)
    clopper_pearson = proportions.clopper_pearson(events, n)
    assert (score.low, score.high) == pytest.approx(wilson, abs=5e-5)
    assert (clopper_pearson.low, clopper_pearson.high) == pytest.approx(exact, abs=5e-5)


@pytest.mark.requirement("P-87")
def test_zero_of_15_has_the_exact_upper_bound_of_21_8_per_cent():
    """Closed form where there is no event: (1 - high)^15 = 0.025."""
    bound = proportions.clopper_pearson(0, 15).high
    assert (1 - bound) ** 15 == pytest.approx(0.025, abs=1e-12)
    assert bound == pytest.approx(0.218, abs=5e-4)


def test_12_of_14_is_57_2_to_98_2_per_cent():
    """R: binom.test(12, 14)$conf.int gives 0.5718708 0.9822055."""
    found = proportions.clopper_pearson(12, 14)
    assert (found.low, found.high) == pytest.approx((0.5718708, 0.9822055), abs=5e-8)


# NIST StRD, univariate summary statistics: certified mean and standard deviation of data built to
# break careless arithmetic
NUM_ACC = [
    ("NumAcc1", [10000001, 10000003, 10000002], 10000002, 1.0, 0),
    ("NumAcc2", [1.2] + 500 * [1.1, 1.3], 1.2, 0.1, 1e-13),
    ("NumAcc3", [1000000.2] + 500 * [1000000.1, 1000000.3], 1000000.2, 0.1, 1e-9),
    # the values themselves are stored to 2e-9 only
    ("NumAcc4", [10000000.2] + 500 * [10000000.1, 10000000.3], 10000000.2, 0.1, 1e-8),
]


@pytest.mark.requirement("P-70")
@pytest.mark.parametrize(("name", "values", "mean", "sd", "tolerance"), NUM_ACC)
def test_mean_and_sd_certified_by_nist(name, values, mean, sd, tolerance):
    found = locations.summarise(values)
    assert found.mean == pytest.approx(mean, abs=tolerance, rel=0)
    assert found.sd == pytest.approx(sd, abs=tolerance, rel=0)


# Student's t, two-sided 5 %, three decimals, as in every table since Fisher 1925
STUDENT = [(1, 12.706), (2, 4.303), (5, 2.571), (10, 2.228), (14, 2.145), (30, 2.042)]


@pytest.mark.parametrize(("df", "quantile"), STUDENT)
def test_interval_of_a_mean_uses_the_t_of_the_tables(df, quantile):
    found = locations.mean_interval(range(df + 1))
    sem = locations.summarise(range(df + 1)).sem
    assert (found.high - found.estimate) / sem == pytest.approx(quantile, abs=5e-4)


# Critical values of the smaller rank sum, two-sided P <= 0.05, no ties: University of York,
# Department of Mathematics, statistical tables, "wilcoxon"
SIGNED_RANK = [(6, 0), (7, 2), (8, 3), (9, 5), (10, 8), (11, 10), (12, 13), (13, 17), (14, 21)]
SIGNED_RANK += [(15, 25), (16, 29), (17, 34), (18, 40), (19, 46), (20, 52), (25, 89)]


@pytest.mark.requirement("P-71")
@pytest.mark.parametrize(("n", "critical"), SIGNED_RANK)
def test_signed_rank_turns_significant_at_the_tabled_sum(n, critical):
    assert signed_rank_p(n, falls=critical) <= 0.05
    assert signed_rank_p(n, falls=critical + 1) > 0.05


def signed_rank_p(n: int, *, falls: int) -> float:
    """Exact P of the differences 1 ... n in size, those that sum up to `falls` being negative."""
    differences, left = [], falls
    for size in range(n, 0, -1):
        negative = size <= left
        left -= size * negative
        differences.append(-size if negative else size)
    assert left == 0
    return paired.signed_rank(differences, n * [0]).p


# Critical values of U, two-sided P <= 0.05, no ties: Siegel 1956, Nonparametric Statistics, table K
# (after Auble 1953)
MANN_WHITNEY = [(5, 9, 7), (6, 9, 10), (7, 9, 12), (9, 9, 17), (10, 10, 23), (7, 15, 24)]
MANN_WHITNEY += [(15, 15, 64), (20, 20, 127)]


@pytest.mark.requirement("P-71")
@pytest.mark.parametrize(("n", "m", "critical"), MANN_WHITNEY)
def test_mann_whitney_turns_significant_at_the_tabled_u(n, m, critical):
    assert mann_whitney_p(n, m, u=critical) <= 0.05
    assert mann_whitney_p(n, m, u=critical + 1) > 0.05


def mann_whitney_p(n: int, m: int, *, u: int) -> float:
    """Exact P of a first group of n, each value placed above so many of the second that U is u."""
    full, rest = divmod(u, m)
    above = [m] * full + [rest] + [0] * (n - full - 1)
    first = [count + 0.5 + place / 1000 for place, count in enumerate(above)]
    found = groups.mann_whitney(first, range(1, m + 1))
    assert (found.statistic, found.ties) == (u, 0)
    return found.p


def test_hollander_and_wolfe_depression_scale():
    """Hollander and Wolfe 1973, p. 29: one-sided P 0.019, two-sided twice that.

    R, ?wilcox.test: wilcox.test(x, y, paired = TRUE, alternative = "greater"), V = 40, p 0.01953.
    """
    x = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
    y = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
    found = paired.signed_rank(x, y)
    assert (found.statistic, found.p) == pytest.approx((40, 2 * 0.01953), abs=1e-5)


def test_hollander_and_wolfe_permeability():
    """Hollander and Wolfe 1973, p. 69: one-sided P 0.1272, two-sided twice that.

    R, ?wilcox.test: wilcox.test(x, y, alternative = "g"), W = 35, p 0.1272.
    """
    x = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    y = [1.15, 0.88, 0.90, 0.74, 1.21]
    found = groups.mann_whitney(x, y)
    assert (found.statistic, found.p) == pytest.approx((35, 2 * 0.1272), abs=1e-4)


def test_freireich_6_mercaptopurine_survival_and_its_error():
    """Klein and Moeschberger 2003, Survival Analysis, section 4.2 (data of Freireich 1963)."""
    events = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    curve = survival.kaplan_meier(events + censored, [1] * len(events) + [0] * len(censored))
    printed = {
        6: (0.857, 0.0764),
        7: (0.807, 0.0869),
        10: (0.753, 0.0963),
        13: (0.690, 0.1068),
        16: (0.627, 0.1141),
        22: (0.538, 0.1282),
        23: (0.448, 0.1346),
    }
    found = dict(
        zip(curve.times, zip(curve.survival, curve.standard_error, strict=True), strict=True)
    )
    for time, (share, error) in printed.items():
        assert found[time][0] == pytest.approx(share, abs=5e-4)
        assert found[time][1] == pytest.approx(error, abs=6e-5)
    assert curve.median == 23


def test_published_numbers_bite():
    wrong = (0.2553, 0.3663)
    found = proportions.wilson(81, 263)
    assert (found.low, found.high) != pytest.approx(wrong, abs=5e-5)
    assert signed_rank_p(15, falls=24) < signed_rank_p(15, falls=25) <= 0.05
